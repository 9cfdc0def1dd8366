"""Above every dialog: expiry, late messages, media, leaving, breaking down."""

import msgspec
import pytest

from actors.dialogs import frame
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.hearing import RULES
from actors.dialogs.onboarding import AskingLastName
from actors.dialogs.outside import Outside
from actors.dialogs.phrases import PATIENCE
from channels.message import IdentityChanged, Media, Tap
from channels.plain import units
from credex.commands import Login, OfferCredex
from credex.model import OfferId, Phone
from credex.outcomes import (
    AccountFound,
    LoggedIn,
    NotAMember,
    OfferAccepted,
    OfferCancelled,
    OfferDeclined,
    OfferMade,
    Outcome,
    Unclear,
)
from runtime.turn import Turn
from tests.actors.dialogs.people import NOON, PHONE, RUDO, account, member, shop
from tests.actors.dialogs.talk import Talk


def at_home() -> Talk:
    return Talk().logged_in_as(member())


def signing() -> Talk:
    return at_home().user_says("1").user_says("5").user_says("rudo").core_answers(AccountFound(RUDO))


def no_money(talk: Talk) -> bool:
    return not any(isinstance(command, OfferCredex) for command in talk.asked)


def test_an_old_conversation_is_over_and_its_button_shows_a_fresh_dashboard() -> None:
    talk = signing().later(minutes=16).user_taps("Sign and Send")
    assert no_money(talk)
    assert talk.messages == ()
    talk.bot_asks_core(Login(PHONE)).core_answers(LoggedIn(member())).bot_answers("has expired", "Secured balances")
    assert isinstance(talk.state, AtDashboard)


def test_words_after_an_old_conversation_sign_nothing() -> None:
    talk = signing().later(minutes=16).user_says("yes").core_answers(LoggedIn(member())).bot_answers("has expired")
    assert no_money(talk)


def test_a_greeting_after_an_old_conversation_is_just_a_greeting() -> None:
    talk = signing().later(minutes=16).user_says("hi").bot_answers("Welcome to credex")
    assert "expired" not in talk.core_answers(LoggedIn(member())).text


def test_an_old_conversation_goes_on_with_the_same_account() -> None:
    two = member(account(), shop(1))
    talk = Talk().logged_in_as(two).user_taps("Shop 1").later(minutes=20).user_taps("Offer Secured Credex")
    talk.core_answers(LoggedIn(two)).bot_answers("has expired", "(@shop_1)")


def test_a_conversation_within_its_time_goes_on() -> None:
    talk = signing().later(minutes=4, seconds=59).user_taps("Sign and Send")
    assert not no_money(talk)


def test_a_message_that_arrives_late_is_not_acted_on() -> None:
    for talk in (signing().user_taps("Sign and Send", ago=3600), signing().user_says("yes", ago=86400)):
        assert no_money(talk)
        talk.core_answers(LoggedIn(member())).bot_answers("reached me late", "Secured balances")


def test_a_late_answer_while_joining_is_asked_again() -> None:
    talk = (
        Talk().user_says("hi").core_answers(NotAMember()).user_says("1").user_says("Tariro").user_says("Moyo", ago=7200)
    )
    talk.bot_answers("reached me late", "last name")
    assert isinstance(talk.state, AskingLastName)


def test_a_late_first_message_is_told_with_the_dashboard() -> None:
    talk = Talk().user_says("send 5 to rudo", ago=3600).core_answers(LoggedIn(member()))
    talk.bot_answers("reached me late", "Secured balances")


@pytest.mark.parametrize("kind", ["image", "voice", "sticker", "location"])
def test_media_is_answered_once_with_the_screen_again_in_one_message(kind: str) -> None:
    talk = at_home().user_sends(Media(kind)).bot_answers("I can read text and buttons", "Secured balances")
    assert len(talk.messages) == 1
    signing().user_sends(Media(kind)).bot_answers("I can read text and buttons", "5.00 USD, secured")


def test_an_empty_message_is_asked_again() -> None:
    signing().user_says("").bot_answers("empty", "5.00 USD, secured")


@pytest.mark.parametrize("choice", ["", "confirm", "zzzzzzzz.confirm", ".confirm"])
def test_a_tap_on_anything_but_the_present_screen_has_expired(choice: str) -> None:
    talk = signing().user_sends(Tap(choice)).bot_answers("expired", "5.00 USD, secured")
    assert no_money(talk)


def test_a_key_that_is_not_on_the_screen_has_expired() -> None:
    talk = signing()
    talk.user_sends(Tap(f"{talk.screen.screen}.accept_offer")).bot_answers("expired")


def test_a_tap_where_nothing_can_be_tapped_has_expired() -> None:
    at_home().user_says("1").user_sends(Tap(".confirm")).bot_answers("expired", "How much")


def test_every_screen_has_a_nonce_of_its_own() -> None:
    talk = at_home()
    nonces = {talk.screen.screen} | {talk.user_says("what").screen.screen for _ in range(5)}
    assert len(nonces) == 6
    assert all(len(nonce) == 8 and nonce.isalnum() and nonce == nonce.lower() for nonce in nonces)


def test_cancel_leaves_wherever_one_is() -> None:
    at_home().user_says("1").user_says("cancel").bot_answers("Nothing was sent", "Secured balances")
    signing().user_says("Cancel!").bot_answers("Secured balances")
    talk = Talk().user_says("hi").core_answers(NotAMember())
    talk.user_says("cancel").bot_answers("nothing to cancel").user_says("1").user_says("cancel")
    talk.bot_answers("Nothing was sent").bot_offers("Become a Member")


def test_help_explains_and_keeps_the_place() -> None:
    at_home().user_says("1").user_says("HELP").bot_answers("This is credex", "How much")


def test_a_greeting_on_the_invitation_shows_the_invitation() -> None:
    Talk().user_says("hi").core_answers(NotAMember()).user_says("hi").bot_offers("Become a Member")


def test_when_the_phone_changed_hands_nothing_is_said_and_money_needs_a_fresh_login() -> None:
    talk = signing()
    screen = talk.screen
    talk.user_sends(IdentityChanged("number"))
    assert talk.messages == ()
    talk.user_taps("Sign and Send", on=screen).bot_asks_core(Login(PHONE))
    assert no_money(talk)


def test_an_outcome_that_comes_after_the_phone_changed_hands_is_not_told() -> None:
    talk = signing().user_says("yes").user_sends(IdentityChanged("number"))
    assert talk.position is not None
    moved = frame.answer(talk.position, OfferMade(OfferId("new"), account()), Turn("t", NOON, 1))
    assert moved.messages == ()
    assert isinstance(moved.position.state, Outside)


def test_another_number_on_the_same_line_starts_from_nothing() -> None:
    talk = signing()
    talk.phone = Phone("263770000099")
    talk.user_says("yes").bot_answers("Welcome to credex").bot_asks_core(Login(Phone("263770000099")))


def test_a_breakdown_is_apologised_for_and_leads_to_the_dashboard() -> None:
    signing().breaks_down().bot_answers("Sorry", "Secured balances")
    Talk().breaks_down().bot_answers("Sorry", "Send hi")
    Talk().user_says("hi").breaks_down().bot_answers("Sorry").user_says("hi").bot_asks_core(Login(PHONE))


def test_a_breakdown_while_money_is_under_way_does_not_claim_that_nothing_happened() -> None:
    signing().user_says("yes").breaks_down().bot_answers("may or may not have gone through", "Secured balances")


@pytest.mark.parametrize(
    ("outcome", "news"),
    [
        (OfferMade(OfferId("new"), None), "Your earlier offer went through"),
        (OfferAccepted(OfferId("new"), None), "now accepted"),
        (OfferDeclined(OfferId("new"), None), "now declined"),
        (OfferCancelled(OfferId("new"), None), "now cancelled"),
    ],
)
def test_an_overdue_outcome_is_told_and_moves_the_conversation_nowhere(outcome: Outcome, news: str) -> None:
    talk = signing()
    assert talk.position is not None
    moved = frame.answer(talk.position, outcome, Turn("t", NOON, 1), asked="member:1/1")
    assert news in moved.messages[0].text
    assert moved.position.state == talk.state
    waiting = signing().user_says("yes")
    assert waiting.position is not None
    moved = frame.answer(waiting.position, outcome, Turn("t", NOON, 1), asked="member:1/1")
    assert [message.text for message in moved.messages] == [m.text for m in moved.messages if news in m.text]
    assert moved.position.state == waiting.state
    assert moved.position.asked == waiting.position.asked


def test_an_overdue_doubt_is_not_told_again() -> None:
    talk = signing()
    assert talk.position is not None
    moved = frame.answer(talk.position, Unclear("timeout"), Turn("t", NOON, 1), asked="member:1/1")
    assert moved.messages == ()
    assert moved.position == talk.position


def test_a_call_that_takes_a_moment_is_told_in_the_words_of_its_place_and_only_once() -> None:
    talk = signing().user_says("yes")
    assert talk.messages == ()
    talk.core_takes_a_moment().bot_answers("Sending your offer...")
    assert any(talk.text.startswith(f"{phrase}. ") for phrases in PATIENCE.values() for phrase in phrases)
    for _ in range(2):
        talk.user_says("and?").bot_answers("still sending")
        talk.core_takes_a_moment()
        assert talk.messages == ()
    talk.core_is_slow().bot_answers("do not send it again")
    assert talk.core_is_slow().messages == talk.core_takes_a_moment().messages == ()


def test_each_call_has_its_own_two_lines() -> None:
    talk = Talk().user_says("hi").core_takes_a_moment().bot_answers("Opening your account...")
    talk.core_is_slow().bot_answers("is slow at the moment").core_answers(LoggedIn(member()))
    talk.later(minutes=1).user_says("menu").core_takes_a_moment().bot_answers("Opening your account...")
    talk.core_is_slow().bot_answers("is slow at the moment")


def test_a_call_of_an_earlier_turn_has_no_line() -> None:
    talk = Talk().user_says("hi").core_answers(LoggedIn(member())).later(minutes=1).user_says("menu")
    assert talk.core_is_slow(asked="member:1/1", passed=1).messages == ()


def test_a_waiting_place_remembers_the_turn_it_waits_for() -> None:
    talk = signing().user_says("yes")
    assert talk.position is not None
    asked = talk.position.asked
    assert asked
    talk.user_says("and?")
    assert talk.position.asked == asked
    talk.core_answers(OfferMade(OfferId("new"), account()))
    assert talk.position.asked == ""


def test_what_does_not_fit_on_the_screen_is_said_before_it() -> None:
    long = msgspec.structs.replace(account(), name="W" * 300, handle="h" * 30)
    talk = Talk().logged_in_as(member(long)).user_says("help")
    assert all(units(message.text) <= 1024 for message in talk.messages)
    assert talk.position is not None
    moved = frame._messages(("x" * 1000,), talk.screen, talk.position, RULES)
    assert [bool(message.choices) for message in moved] == [False, True]
    assert moved[0].text == "x" * 1000
