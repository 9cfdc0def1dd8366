"""A conversation left alone: when it is over, where it waits, what its member hears next, and that nothing is done."""

from datetime import timedelta
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.dialogs import frame, texts
from actors.dialogs.accounts import ChoosingAccount
from actors.dialogs.authority import AskingMember, ChoosingMember
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.doubts import Doubting
from actors.dialogs.expiry import LIFETIMES, Lifetimes, left_alone
from actors.dialogs.hearing import Rules
from actors.dialogs.offer import AskingAmount, AskingRecipient
from actors.dialogs.outside import Outside
from actors.dialogs.states import Consenting, MoneyScreen, Position, Settling, Signing, Waiting, visit_of
from credex.commands import Login, OfferCredex, moves_money
from credex.model import OfferId
from credex.outcomes import AccountFound, LoggedIn, NotAMember, OfferMade, Unavailable
from tests.actors.dialogs import strategies
from tests.actors.dialogs.people import NOON, PHONE, RUDO, account, member
from tests.actors.dialogs.talk import Talk
from tests.actors.dialogs.test_any_state import TURN, check, many

MONEY, OTHER = timedelta(minutes=5), timedelta(minutes=15)
INSTANT = timedelta(microseconds=1)


def at_home() -> Talk:
    return Talk().logged_in_as(member())


def signing() -> Talk:
    return at_home().user_says("1").user_says("5").user_says("rudo").core_answers(AccountFound(RUDO))


def expired(talk: Talk) -> Talk:
    """The timer has rung: nothing was said."""
    assert talk.position is not None
    talk.position = left_alone(talk.position)
    return talk


def no_money(talk: Talk) -> bool:
    return not any(isinstance(command, OfferCredex) for command in talk.asked)


@given(strategies.positions())
@many
def test_screens_that_move_money_stand_for_five_minutes_and_others_for_fifteen(position: Position) -> None:
    state = position.state
    end = LIFETIMES.end(position)
    if isinstance(state, Waiting | Settling | Outside):
        assert end is None
        return
    asked = state.kept if isinstance(state, Doubting) else state
    money = isinstance(asked, MoneyScreen)
    assert end == position.touched + (MONEY if money else OTHER)


def test_every_screen_that_signs_and_every_question_before_it_stands_for_the_short_time() -> None:
    asks = {AskingAmount, AskingRecipient, ChoosingMember, AskingMember}
    assert set(get_args(Signing)) | {Consenting} | asks <= set(get_args(MoneyScreen))


@given(strategies.positions())
@many
def test_a_conversation_left_alone_waits_in_a_safe_place_for_ever(position: Position) -> None:
    after = left_alone(position)
    assert after.expired
    assert isinstance(after.state, AtDashboard if visit_of(position.state) else Outside)
    assert after.screen == ""
    assert LIFETIMES.end(after) is None
    assert LIFETIMES.over(after, NOON)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(after), type=Position) == after


@given(st.data(), strategies.positions(strategies.signing), st.sampled_from([-INSTANT, timedelta(0), INSTANT, MONEY]))
@many
def test_nothing_is_signed_from_its_last_instant_on_whether_or_not_the_timer_came(
    data: st.DataObject, position: Position, ago: timedelta
) -> None:
    position = msgspec.structs.replace(position, touched=NOON - MONEY - ago)
    said = data.draw(strategies.said(position))
    for place in (position, left_alone(position)):
        moved = frame.hear(place, said, PHONE, TURN)
        check(moved)
        if place.expired or ago >= timedelta(0):
            assert moved.ask is None or not moves_money(moved.ask)


@given(st.data(), strategies.positions().map(left_alone))
@many
def test_the_next_word_after_it_expired_is_answered_and_moves_no_money(data: st.DataObject, position: Position) -> None:
    said = data.draw(strategies.said(position))
    moved = frame.hear(position, said, PHONE, TURN)
    check(moved)
    assert not moved.position.expired
    assert moved.ask is None or not moves_money(moved.ask)


@pytest.mark.parametrize("rung", [True, False], ids=["the timer rang", "the timer is late"])
@pytest.mark.parametrize("way", ["tap", "yes"])
def test_a_tap_and_a_typed_yes_show_a_fresh_dashboard_and_say_why(way: str, *, rung: bool) -> None:
    talk = signing()
    screen = talk.screen
    talk.later(minutes=5)
    if rung:
        expired(talk)
    talk = talk.user_says("yes") if way == "yes" else talk.user_taps("Sign and Send", on=screen)
    talk.bot_asks_core(Login(PHONE))
    assert talk.messages == ()
    talk.core_answers(LoggedIn(member())).bot_answers(texts.SESSION_EXPIRED, "Secured balances")
    assert len(talk.messages) == 1
    assert no_money(talk)
    talk.user_says("what").bot_answers("did not understand")
    assert texts.SESSION_EXPIRED not in talk.text


@pytest.mark.parametrize("word", ["menu", "hi", "help"])
def test_a_clear_word_is_simply_followed(word: str) -> None:
    talk = expired(signing().later(minutes=6)).user_says(word)
    said = talk.text
    if word != "help":
        said += talk.core_answers(LoggedIn(member())).text
    assert "expired" not in said
    assert ("Secured balances" in said) is (word != "help")


def test_a_yes_that_was_sent_in_time_and_came_after_the_end_signs_nothing() -> None:
    talk = signing().later(minutes=5, seconds=1).user_says("yes", ago=30).core_answers(LoggedIn(member()))
    talk.bot_answers(texts.SESSION_EXPIRED)
    assert no_money(talk)


def test_a_yes_that_took_longer_than_the_screen_may_stand_signs_nothing() -> None:
    talk = signing().user_says("yes", ago=301).core_answers(LoggedIn(member())).bot_answers("reached me late")
    assert no_money(talk)


def test_a_list_still_stands_when_a_money_screen_would_not() -> None:
    talk = at_home().later(minutes=14).user_says("1").bot_answers("How much")
    talk.later(minutes=5).user_says("5").core_answers(LoggedIn(member())).bot_answers("expired")


def test_expired_on_the_way_to_membership_starts_anew_and_says_so() -> None:
    talk = Talk().user_says("hi").core_answers(NotAMember()).user_says("1").user_says("Tariro").later(minutes=20)
    expired(talk).user_says("Moyo").bot_asks_core(Login(PHONE)).core_answers(NotAMember())
    talk.bot_answers("expired").bot_offers("Become a Member")


def test_when_the_ledger_is_away_the_expiry_is_told_all_the_same() -> None:
    talk = expired(signing()).user_says("yes").core_answers(Unavailable("no route"))
    talk.bot_answers(texts.SESSION_EXPIRED, "Nothing was changed")


def test_the_account_acted_for_is_kept() -> None:
    talk = expired(signing())
    assert talk.position is not None
    assert isinstance(talk.state, AtDashboard)
    talk.user_says("5")
    assert talk.asked[-1] == Login(PHONE)
    assert talk.position.state.account_id == account().id  # type: ignore[union-attr]  # it is logging in


def test_a_payment_under_way_is_waited_for_however_long() -> None:
    talk = signing().user_says("yes").later(hours=9)
    assert talk.position is not None
    assert LIFETIMES.end(talk.position) is None
    talk.core_answers(OfferMade(OfferId("new"), account())).bot_answers("You offered 5.00 USD")


def test_other_lifetimes_may_be_set() -> None:
    rules = Rules(lifetimes=Lifetimes(money=timedelta(seconds=10), other=timedelta(seconds=20)))
    position = signing().position
    assert position is not None
    assert rules.lifetimes.end(position) == NOON + timedelta(seconds=10)
    choosing = ChoosingAccount(visit=visit_of(position.state), arriving=False)  # type: ignore[arg-type]  # somebody is in
    assert rules.lifetimes.of(choosing) == timedelta(seconds=20)


def test_an_offer_in_one_line_that_came_late_to_a_conversation_that_is_over_is_not_taken_up() -> None:
    talk = at_home().later(minutes=20).user_says("5=>rudo", ago=16 * 60)
    talk.core_answers(LoggedIn(member())).bot_answers(texts.LATE)
    assert isinstance(talk.state, AtDashboard)
