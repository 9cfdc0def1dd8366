"""Becoming a member."""

import pytest

from actors.dialogs.onboarding import AskingFirstName, ConfirmingMembership, Joining, Welcome
from credex.commands import Login, Onboard
from credex.money import Denomination
from credex.outcomes import LoggedIn, NotAMember, Onboarded, Refusal, Refused, Unavailable, Unclear
from tests.actors.dialogs.people import PHONE, member
from tests.actors.dialogs.talk import Talk

TARIRO_MOYO = Onboard(phone=PHONE, first_name="Tariro", last_name="Moyo", default_denomination=Denomination.USD)


def invited() -> Talk:
    return Talk().user_says("hi").core_answers(NotAMember())


def confirming() -> Talk:
    return invited().user_taps("Become a Member").user_says("Tariro").user_says("Moyo")


@pytest.mark.parametrize("word", ["join", "1", "yes", "become a member"])
def test_the_invitation_is_accepted_by_word_as_by_tap(word: str) -> None:
    invited().user_says(word).bot_answers("first name")


def test_an_unclear_word_is_asked_again_in_place() -> None:
    invited().user_says("what is this?").bot_answers("choose one").bot_offers("Become a Member")


@pytest.mark.parametrize("word", ["no", "No, thanks.", "not now"])
def test_who_does_not_want_to_join_is_told_that_this_is_fine(word: str) -> None:
    invited().user_says(word).bot_answers("That is fine.").bot_offers("Become a Member")


def test_back_leads_from_the_confirmation_to_the_names() -> None:
    confirming().user_says("back").bot_answers("first name")


def test_names_are_asked_shown_and_sent_once_confirmed() -> None:
    talk = confirming().bot_answers("Tariro Moyo").bot_offers("Yes, Join", "Change Names", "Cancel")
    assert len(talk.asked) == 1
    talk.user_taps("Yes, Join").bot_asks_core(TARIRO_MOYO)
    assert talk.messages == ()
    talk.core_takes_a_moment().bot_answers("Opening your new account...")
    talk.core_answers(Onboarded(member())).bot_answers("Welcome, Tariro", "@tariro")


@pytest.mark.parametrize("name", ["Bo", "12345", "N" * 51, "---", "<b>"])
def test_a_name_against_the_rule_is_asked_again_with_the_rule(name: str) -> None:
    talk = invited().user_taps("Become a Member").user_says(name).bot_answers("3 to 50 letters", "first name")
    assert isinstance(talk.state, AskingFirstName)


def test_a_last_name_against_the_rule_keeps_the_first_name() -> None:
    talk = invited().user_taps("Become a Member").user_says("Tariro").user_says("Li")
    talk.bot_answers("3 to 50 letters", "Thank you, Tariro").user_says("Ncube").bot_answers("Tariro Ncube")


def test_the_name_shown_is_the_name_that_will_be_stored() -> None:
    talk = invited().user_taps("Become a Member").user_says("  Zoë  Ruva2 ").bot_answers("Thank you, Zoe Ruva.")
    talk.user_says("O'Brien-Moyo").bot_answers("Zoe Ruva OBrien-Moyo").user_says("yes")
    command = talk.asked[-1]
    assert isinstance(command, Onboard)
    assert (command.first_name, command.last_name) == ("Zoe Ruva", "OBrien-Moyo")


@pytest.mark.parametrize("word", ["Hey", "Home", "menu", "Jambo"])
def test_a_name_that_is_a_greeting_is_asked_about_and_can_be_kept(word: str) -> None:
    talk = invited().user_taps("Become a Member").user_says(word).bot_answers(f'"{word}"', "Did you mean the menu?")
    talk.bot_offers(f'Use "{word}"', "Go to the menu").user_taps(f'Use "{word}"').bot_answers(f"Thank you, {word}.")


def test_a_greeting_instead_of_a_name_can_lead_back() -> None:
    talk = invited().user_taps("Become a Member").user_says("hello").user_says("yes")
    assert isinstance(talk.state, Welcome)


def test_the_question_about_a_greeting_takes_the_real_name_too() -> None:
    invited().user_taps("Become a Member").user_says("hello").user_says("Tariro").bot_answers("Thank you, Tariro.")


def test_names_can_be_changed_or_left() -> None:
    confirming().user_taps("Change Names").bot_answers("first name")
    talk = confirming().user_taps("Cancel").bot_answers("Nothing was sent")
    assert isinstance(talk.state, Welcome)


def test_a_refusal_tells_its_reason_and_keeps_the_names_for_another_try() -> None:
    talk = confirming().user_says("1").core_answers(Refused(Refusal.INVALID, "lastname too odd"))
    talk.bot_answers("The ledger says: lastname too odd", "Tariro Moyo")
    talk.user_says("yes").bot_asks_core(TARIRO_MOYO)
    assert talk.asked.count(TARIRO_MOYO) == 2


def test_an_outage_keeps_the_names() -> None:
    talk = (
        confirming()
        .user_says("ok")
        .core_answers(Unavailable("connect"))
        .bot_answers("cannot be reached", "Your names are kept")
    )
    assert talk.state == ConfirmingMembership(TARIRO_MOYO)


def test_a_number_that_is_taken_is_logged_in_instead() -> None:
    talk = confirming().user_says("ok").core_answers(Refused(Refusal.DUPLICATE, "phone exists"))
    talk.bot_answers("already a member").bot_asks_core(Login(PHONE))
    talk.core_answers(LoggedIn(member())).bot_answers("@tariro")


def test_an_unclear_outcome_is_found_out_by_logging_in() -> None:
    talk = confirming().user_says("ok").core_answers(Unclear("timeout")).bot_answers("do not know yet")
    talk.bot_asks_core(Login(PHONE)).core_answers(NotAMember()).bot_answers("was not opened", "Tariro Moyo")
    assert talk.state == ConfirmingMembership(TARIRO_MOYO)


def test_an_outcome_that_stays_unclear_is_told_and_the_names_are_kept() -> None:
    talk = confirming().user_says("ok").core_answers(Unclear("timeout")).user_says("and?").bot_answers("One moment")
    talk.core_answers(Unavailable("connect")).bot_answers("could not find out yet", "Tariro Moyo")


def test_impatience_while_joining_sends_nothing_twice() -> None:
    talk = confirming().user_says("ok").user_says("ok").bot_answers("still opening")
    assert isinstance(talk.state, Joining)
    assert talk.asked.count(TARIRO_MOYO) == 1
