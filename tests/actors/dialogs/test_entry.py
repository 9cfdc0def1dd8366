"""Saying hello and being known."""

import pytest

from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.outside import Outside
from channels.message import Media, Tap
from credex.commands import Login
from credex.outcomes import LoggedIn, NotAMember, Refusal, Refused, Unavailable, Unclear
from tests.actors.dialogs.people import PHONE, account, member, shop
from tests.actors.dialogs.talk import Talk


@pytest.mark.parametrize("word", ["hi", "Hello ", "HIE", "hi!", "hi there", "ndeipi", "Mhoroi", "menu", "buenos dias"])
def test_a_greeting_is_greeted_at_once_and_one_login_shows_the_dashboard(word: str) -> None:
    talk = Talk().user_says(word).bot_answers("Welcome to credex").bot_asks_core(Login(PHONE))
    assert len(talk.messages) == 1
    assert not talk.screen.choices
    talk.core_answers(LoggedIn(member())).bot_answers("Tariro Moyo Personal (@tariro)")
    assert len(talk.messages) == 1
    assert talk.asked == [Login(PHONE)]


@pytest.mark.parametrize("content", ["how do I pay?", "", "5 USD", Media("voice")])
def test_any_first_message_begins_a_conversation(content: str | Media) -> None:
    talk = Talk()
    talk = talk.user_says(content) if isinstance(content, str) else talk.user_sends(content)
    talk.bot_answers("Welcome to credex").bot_asks_core(Login(PHONE))


def test_help_is_given_without_logging_in() -> None:
    talk = Talk().user_says("Help").bot_answers("This is credex")
    assert talk.asked == []
    talk.user_says("hi").bot_asks_core(Login(PHONE))


def test_a_tap_without_a_session_says_that_the_screen_has_expired_and_shows_a_fresh_dashboard() -> None:
    talk = Talk().user_sends(Tap("0ld5cr33.confirm", "Sign and Send"))
    assert talk.messages == ()
    assert talk.asked == [Login(PHONE)]
    talk.core_answers(LoggedIn(member())).bot_answers("That screen has expired", "@tariro")
    assert len(talk.messages) == 1
    assert talk.asked == [Login(PHONE)]


def test_someone_unknown_is_invited_to_join() -> None:
    Talk().user_says("hi").core_answers(NotAMember()).bot_offers("Become a Member")


@pytest.mark.parametrize("outcome", [Unavailable("connect"), Unclear("timeout")])
def test_an_outage_is_told_once_and_the_next_message_tries_again(outcome: Unavailable | Unclear) -> None:
    talk = Talk().user_says("hi").core_answers(outcome).bot_answers("cannot be reached")
    assert len(talk.asked) == 1
    assert isinstance(talk.state, Outside)
    talk.user_says("hi").core_answers(LoggedIn(member())).bot_answers("@tariro")


def test_a_refused_login_is_told_with_its_reason() -> None:
    refused = Refused(Refusal.OTHER, "Phone\nis blocked")
    Talk().user_says("hi").core_answers(refused).bot_answers("The ledger says: Phone is blocked")


def test_a_member_without_any_account_is_told_so() -> None:
    nobody = member().__class__(
        id=member().id,
        first_name="Tariro",
        last_name="Moyo",
        handle="tariro",
        tier=1,
        remaining_usd=None,
        default_denomination=member().default_denomination,
        accounts=(),
    )
    Talk().logged_in_as(nobody).bot_answers("no account of yours")


def test_several_accounts_are_a_choice_right_after_login() -> None:
    talk = Talk().logged_in_as(member(account(), shop(1), shop(2), tier=5, left=None))
    talk.bot_answers("which account").bot_offers("Tariro Moyo Personal", "Shop 1", "Shop 2")
    talk.user_taps("Shop 2").bot_answers("You now act for Shop 2 (@shop_2)")


def test_impatience_while_logging_in_starts_nothing_new() -> None:
    talk = Talk().user_says("hi").user_says("hello??").bot_answers("One moment")
    assert talk.asked == [Login(PHONE)]
    talk.core_answers(LoggedIn(member())).bot_answers("@tariro")


def test_whoever_hides_their_number_is_asked_to_share_it() -> None:
    talk = Talk(phone=None).user_says("hi").bot_answers("share your number")
    talk.user_sends(Tap("x.confirm")).bot_answers("share your number")
    assert talk.asked == []


def test_greetings_are_seeded_and_follow_the_time_of_day_in_harare() -> None:
    morning = {Talk().later(hours=-4, minutes=offset).user_says("hi").text for offset in range(3)}
    assert len(morning) == 1
    assert not any("evening" in text for text in morning)


def test_a_greeting_in_a_running_visit_shows_the_dashboard_in_one_message() -> None:
    talk = Talk().logged_in_as(member()).user_says("hello")
    assert len(talk.messages) == 1
    assert isinstance(talk.state, AtDashboard)
    assert len(talk.asked) == 1


def test_the_menu_is_read_afresh_when_the_last_reading_is_over_a_minute_old() -> None:
    talk = Talk().logged_in_as(member()).later(minutes=2).user_says("menu")
    assert talk.asked == [Login(PHONE), Login(PHONE)]
    talk.core_answers(LoggedIn(member(account(name="Newer")))).bot_answers("Newer")
    assert len(talk.messages) == 1
