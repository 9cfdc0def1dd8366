"""Notices in a conversation: told in the right form and once, disturbing nothing, and opening a list."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.dialogs import texts
from actors.dialogs.dashboard import VIEW_OFFERS, AtDashboard
from actors.dialogs.doubts import Doubting
from actors.dialogs.entry import LoggingIn
from actors.dialogs.notices import BUTTON, ONCE_FOR, SERVICE_WINDOW, Lately, by_text
from actors.dialogs.offer import AskingAmount, AskingRecipient
from actors.dialogs.offers import PickingOffer, ReviewingOffer, SubmittingAnswer
from actors.dialogs.signing import SigningOffer, SubmittingOffer
from actors.dialogs.state import State
from actors.dialogs.states import visit_of
from channels.message import Content, IdentityChanged, InboundMessage, Notice, Peer, Tap, Text
from channels.sms.segments import measure
from credex.commands import Login
from credex.outcomes import AccountFound, LoggedIn, NotAMember, OfferMade
from tests.actors.dialogs.people import NOON, PHONE, RUDO, account, member, offers, shop
from tests.actors.dialogs.talk import Talk

WHATSAPP = Peer("whatsapp", "line-1", PHONE)
NOTICE = Notice("Tariro", "Rudo offers you 5.00 USD.", "mark-1")
TAP = Tap(BUTTON, texts.NOTICE_VIEW)


def noticed(talk: Talk) -> Talk:
    return talk.user_sends(NOTICE)


def at_dashboard() -> Talk:
    return Talk().logged_in_as(member())


def asking_amount() -> Talk:
    return at_dashboard().user_taps("Offer Secured Credex")


def asking_recipient() -> Talk:
    return asking_amount().user_says("5")


def signing() -> Talk:
    return asking_recipient().user_says("rudo").core_answers(AccountFound(RUDO))


def submitting() -> Talk:
    return signing().user_taps("Sign and Send")


def reviewing() -> Talk:
    return Talk().logged_in_as(member(account(incoming=offers(2)))).user_taps("Accept Offers").user_says("1")


PLACES: dict[str, tuple[Callable[[], Talk], type[State]]] = {
    "dashboard": (at_dashboard, AtDashboard),
    "amount": (asking_amount, AskingAmount),
    "recipient": (asking_recipient, AskingRecipient),
    "signing": (signing, SigningOffer),
    "submitting": (submitting, SubmittingOffer),
    "reviewing": (reviewing, ReviewingOffer),
}
places = pytest.mark.parametrize(("begin", "state"), PLACES.values(), ids=PLACES)


@places
def test_a_notice_moves_nothing_and_touches_nothing_but_makes_what_is_seen_outdated(
    begin: Callable[[], Talk], state: type[State]
) -> None:
    talk = begin()
    before = talk.position
    assert before is not None
    noticed(talk.later(minutes=2))
    assert talk.position is not None
    assert isinstance(talk.state, state)
    assert (talk.position.screen, talk.position.touched, talk.position.asked) == (
        before.screen,
        before.touched,
        before.asked,
    )
    visit = visit_of(talk.state)
    assert visit is not None
    assert visit.seen is None


def test_a_doubt_about_a_word_keeps_what_it_is_about_and_that_is_outdated_too() -> None:
    talk = noticed(asking_amount().user_says("menu"))
    assert isinstance(talk.state, Doubting)
    assert isinstance(talk.state.kept, AskingAmount)
    assert talk.state.kept.visit.seen is None
    welcome = Talk().user_says("hi").core_answers(NotAMember()).user_taps("Become a Member").user_says("hello")
    before = welcome.state
    assert isinstance(before, Doubting)
    assert noticed(welcome).state == before


@pytest.mark.parametrize("begin", [signing, reviewing])
def test_a_question_that_one_word_signs_is_shown_again_on_the_same_screen(begin: Callable[[], Talk]) -> None:
    talk = begin()
    asked = talk.screen
    noticed(talk).bot_answers(texts.STILL_ASKED)
    assert talk.screen.screen == asked.screen
    assert talk.screen.choices == asked.choices
    talk.user_taps(asked.choices[0].title, on=asked)
    assert len(talk.asked) == (3 if begin is signing else 2)


@pytest.mark.parametrize("word", ["yes", "1"])
@pytest.mark.parametrize("begin", [signing, reviewing])
def test_what_is_typed_after_a_notice_answers_the_question_and_not_the_notice(
    begin: Callable[[], Talk], word: str
) -> None:
    talk = noticed(begin()).later(seconds=5).user_says(word)
    assert isinstance(talk.state, SubmittingOffer | SubmittingAnswer)


def test_a_question_nobody_has_answered_for_long_is_not_shown_again() -> None:
    assert noticed(signing().later(minutes=20)).messages == ()


@pytest.mark.parametrize("begin", [at_dashboard, asking_amount, submitting])
def test_no_other_place_says_anything_by_itself(begin: Callable[[], Talk]) -> None:
    assert noticed(begin()).messages == ()


def test_a_notice_is_not_a_sign_of_life() -> None:
    talk = noticed(asking_amount().later(minutes=10)).later(minutes=6)
    talk.user_says("5").core_answers(LoggedIn(member())).bot_answers("That screen has expired")


def test_an_offer_signed_before_a_notice_is_made_and_the_dashboard_after_it_is_read_anew() -> None:
    talk = noticed(submitting()).core_answers(OfferMade(offers(1)[0].id, account()))
    talk.bot_answers("You offered 5.00 USD").bot_asks_core(Login(PHONE))


def test_what_is_read_while_a_notice_comes_in_is_shown_and_soon_read_again() -> None:
    talk = noticed(Talk().user_says("hi")).core_answers(LoggedIn(member()))
    assert isinstance(talk.state, AtDashboard)
    assert talk.state.visit.seen is None
    talk.user_says("menu")
    assert talk.asked == [Login(PHONE), Login(PHONE)]


def test_where_nobody_is_known_a_notice_leaves_no_trace() -> None:
    talk = noticed(Talk())
    assert talk.messages == ()
    talk.user_says("hi").bot_answers("Welcome to credex")


@pytest.mark.parametrize("way", [TAP, Text("view"), Text("VIEW."), Text("Accept / View"), Text("accept/view")], ids=str)
@pytest.mark.parametrize("begin", [at_dashboard, signing, reviewing])
def test_the_way_from_a_notice_reads_anew_and_lists_the_offers(begin: Callable[[], Talk], way: Content) -> None:
    talk = begin().user_sends(way).bot_asks_core(Login(PHONE))
    talk.core_answers(LoggedIn(member(account(incoming=offers(2))))).bot_answers("do you want to accept?")
    assert isinstance(talk.state, PickingOffer)


@pytest.mark.parametrize("way", [TAP, Text("view")], ids=str)
def test_it_is_open_for_ever_and_from_outside(way: Content) -> None:
    known = member(account(incoming=offers(1)))
    talk = at_dashboard().later(days=3).user_sends(way).core_answers(LoggedIn(known))
    assert isinstance(talk.state, PickingOffer)
    assert "expired" not in talk.text
    talk = Talk().user_sends(way).core_answers(LoggedIn(known))
    assert isinstance(talk.state, PickingOffer)
    assert "expired" not in talk.text


@pytest.mark.parametrize("begin", [Talk, at_dashboard])
def test_the_offers_of_whichever_account_has_some_are_listed(begin: Callable[[], Talk]) -> None:
    waiting = account("shop_2", "Shop 2", incoming=offers(1))
    talk = begin().user_sends(TAP).core_answers(LoggedIn(member(account(), shop(1), waiting)))
    talk.bot_answers("Which offer to Shop 2 (@shop_2) do you want to accept?")


def test_with_nothing_waiting_the_dashboard_says_so() -> None:
    talk = at_dashboard().user_sends(TAP).core_answers(LoggedIn(member())).bot_answers(texts.NOTHING_WAITS)
    assert isinstance(talk.state, AtDashboard)


def test_somebody_who_is_no_member_is_invited() -> None:
    Talk().user_sends(TAP).core_answers(NotAMember()).bot_offers("Become a Member")


def test_a_tap_while_a_payment_is_under_way_changes_nothing() -> None:
    talk = submitting().user_sends(TAP).bot_answers("still sending")
    assert isinstance(talk.state, SubmittingOffer)


def test_two_quick_taps_are_one_reading() -> None:
    talk = at_dashboard().user_sends(TAP).user_sends(TAP).bot_answers(texts.ONE_MOMENT)
    assert talk.asked == [Login(PHONE), Login(PHONE)]
    assert talk.state == LoggingIn(phone=PHONE, account_id=account().id, door=VIEW_OFFERS)


def test_where_any_word_may_be_the_answer_view_is_asked_about() -> None:
    talk = asking_recipient().user_says("view").bot_answers('You wrote "view"')
    talk.user_taps("Go to the menu")
    assert isinstance(talk.state, AtDashboard)


def test_a_tap_that_comes_very_late_is_told_so() -> None:
    talk = at_dashboard().user_sends(TAP, ago=3600).core_answers(LoggedIn(member(account(incoming=offers(1)))))
    talk.bot_answers("reached me late")
    assert isinstance(talk.state, AtDashboard)


@pytest.mark.parametrize("choice", ["notice.confirm", "notice.", "notice", "view", "notice.view.confirm"])
def test_only_the_very_button_of_a_notice_is_without_a_screen(choice: str) -> None:
    talk = signing().user_sends(Tap(choice)).bot_answers(texts.EXPIRED)
    assert isinstance(talk.state, SigningOffer)


def wrote(content: Content | None = None, *, at: int = 0) -> InboundMessage:
    sent = NOON + timedelta(seconds=at)
    return InboundMessage(id="in-1", peer=WHATSAPP, at=sent, content=content or Text("hi"))


def test_within_the_service_window_there_is_a_button_and_outside_a_template() -> None:
    lately = Lately().after(wrote(), NOON)
    last = NOON + SERVICE_WINDOW - timedelta(seconds=1)
    told = lately.telling(NOTICE, WHATSAPP, last)
    assert told.template is None
    assert [choice.title for choice in told.choices] == ["Accept / View"]
    assert f"{told.screen}.{told.choices[0].key}" == BUTTON
    told = lately.telling(NOTICE, WHATSAPP, last + timedelta(seconds=1))
    assert (told.template, told.choices) == ("incoming_notification", ())
    assert told.parameters == ("Tariro", "Rudo offers you 5.00 USD.")


def test_the_window_is_of_one_line_and_one_person() -> None:
    lately = Lately().after(wrote(), NOON)
    assert lately.telling(NOTICE, Peer("whatsapp", "line-2", PHONE), NOON).template
    changed = lately.after(wrote(IdentityChanged("number")), NOON)
    assert changed.telling(NOTICE, WHATSAPP, NOON).template


def test_a_message_from_the_future_opens_the_window_no_longer_than_one_of_now() -> None:
    lately = Lately().after(wrote(at=86_400), NOON)
    assert lately == Lately().after(wrote(), NOON)
    assert lately.after(wrote(at=-60), NOON) == lately


def test_a_text_message_has_no_button_no_number_to_type_and_no_template() -> None:
    told = Lately().telling(NOTICE, Peer("sms", "12345", PHONE), NOON)
    assert told.text == f"Hello Tariro. Rudo offers you 5.00 USD.\n{texts.NOTICE_TYPED}"
    assert (told.choices, told.template) == ((), None)


def test_a_notice_too_long_for_a_text_message_loses_whole_words_at_its_end() -> None:
    long = Notice("Tariro", "Rudo offers you 5.00 USD. " * 30)
    to_phone, to_whatsapp = Peer("sms", "12345", PHONE), Peer("whatsapp", "line", PHONE)
    whole = Lately().telling(long, to_whatsapp, NOON)
    assert whole.text == f"Hello Tariro. {long.text}"
    for told in (Lately().telling(long, to_phone, NOON), by_text(whole)):
        assert told is not None
        assert measure(told.text).segments == 2
        cut = told.text.removesuffix(f" ...\n{texts.NOTICE_TYPED}")
        assert set(cut.split()) <= set(whole.text.split())


@given(st.lists(st.floats(0, 900), max_size=12))
def test_the_same_is_told_once_in_a_window_that_begins_with_the_first(pauses: list[float]) -> None:
    lately, at, first = Lately(), NOON, None
    for pause in pauses:
        at += timedelta(seconds=pause)
        repeated = first is not None and at - first < ONCE_FOR
        assert lately.knows(NOTICE, at) is repeated
        if not repeated:
            lately, first = lately.knowing(NOTICE, at), at
    assert len(lately.told) <= 1


def test_what_is_told_apart_by_its_id_is_not_remembered() -> None:
    keyed = Notice("Tariro", "Rudo offers you 5.00 USD.")
    assert Lately().knowing(keyed, NOON) == Lately()
    assert not Lately().knows(keyed, NOON)


def test_so_many_notices_are_remembered_and_no_more() -> None:
    lately = Lately()
    for number in range(200):
        lately = lately.knowing(Notice("Tariro", "x", f"mark-{number}"), NOON)
    assert list(lately.told) == [f"mark-{number}" for number in range(136, 200)]
    assert lately.knowing(NOTICE, NOON + ONCE_FOR).told == {"mark-1": NOON + ONCE_FOR}
