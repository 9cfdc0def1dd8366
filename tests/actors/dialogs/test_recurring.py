"""Recurring payments: set up under the rules of an offer, listed as far as they are remembered, ended."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from actors.dialogs.changes import ConfirmingChange
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.recurring import AskingDays, AskingRecurringReceiver, AskingStart, PickingRhythm
from actors.dialogs.recurring_list import AtRecurring, Listed, PickingRecurring, ReadingRecurring
from actors.dialogs.recurring_signing import SettlingRecurring, SigningRecurring
from actors.dialogs.states import AnyState, with_recurring
from actors.dialogs.visit import Kept, Visit
from actors.payments import Finding
from credex.commands import CancelRecurring, FindAccount, ReadRecurring, SetUpRecurring
from credex.model import AccountId, Member, Recurring, RecurringId
from credex.money import Money
from credex.outcomes import (
    AccountFound,
    LoggedIn,
    Outcome,
    RecurringCancelled,
    RecurringRead,
    RecurringSetUp,
    Refusal,
    Refused,
    Unavailable,
    Unclear,
)
from tests.actors.dialogs.people import NOON, PHONE, RUDO, USD, ZWG, account, member, shop, usd
from tests.actors.dialogs.talk import Talk

COMMAND = SetUpRecurring(
    phone=PHONE, source=account().id, target=RUDO.id, amount=usd("5"), every_days=14, start=date(2026, 3, 5)
)


def payment(number: int, status: str = "ACTIVE") -> Recurring:
    return Recurring(
        id=RecurringId(f"rec-{number}"),
        amount=usd(str(number)),
        every_days=7,
        next_run=date(2026, 3, 11),
        status=status,
        source=account().id,
        target=RUDO.id,
    )


def kept(number: int, pays: AccountId | None = None) -> Kept:
    return Kept(RecurringId(f"rec-{number}"), pays or account().id, "Rudo Ncube Personal (@rudo)")


def knowing(talk: Talk, recurring: tuple[Kept, ...] | None) -> Talk:
    """As the member actor does before every turn."""
    assert talk.position is not None
    state: AnyState = with_recurring(talk.position.state, recurring)
    talk.position = msgspec.structs.replace(talk.position, state=state)
    return talk


def at_menu(*known: Kept, who: Member | None = None) -> Talk:
    talk = knowing(Talk().logged_in_as(who or member()), known)
    return talk.user_taps("Manage Account").user_taps("Recurring Payments")


def picking_rhythm() -> Talk:
    talk = at_menu().user_taps("Set Up a Payment").bot_answers("from Tariro Moyo Personal (@tariro)").user_says("5")
    return talk.user_says("@Rudo").bot_asks_core(FindAccount(PHONE, "rudo")).core_answers(AccountFound(RUDO))


def signing() -> Talk:
    return picking_rhythm().user_taps("Every 2 Weeks").user_taps("Tomorrow")


def looking(many: int) -> Talk:
    return at_menu(*(kept(number) for number in range(1, many + 1))).user_taps("Your Payments")


def test_where_they_are_off_nothing_leads_to_them() -> None:
    talk = Talk().logged_in_as(member()).user_taps("Manage Account")
    assert "Recurring Payments" not in talk.titles
    signed = knowing(signing(), None).user_says("yes").bot_answers("not open at the moment")
    assert COMMAND not in signed.asked


def test_the_menu_survives_a_fresh_reading() -> None:
    talk = knowing(Talk().logged_in_as(member()), ()).later(seconds=10).user_taps("Manage Account")
    talk.core_answers(LoggedIn(member()))
    assert "Recurring Payments" in talk.titles


def test_all_facts_are_on_the_screen_that_is_signed_and_the_very_command_is_sent_once() -> None:
    talk = signing()
    talk.bot_answers("5.00 USD, secured, every 2 weeks", "First on: 5 Mar 2026", "From: Tariro Moyo Personal (@tariro)")
    talk.bot_answers("To: Rudo Ncube Personal (@rudo)").user_taps("Sign and Send").bot_asks_core(COMMAND)
    talk.user_says("yes").bot_answers("still setting up")
    talk.core_answers(RecurringSetUp(payment(5, "PENDING"))).bot_answers("every 2 weeks", "has agreed")
    assert talk.asked.count(COMMAND) == 1
    assert isinstance(talk.state, AtDashboard)


def test_no_forwarded_message_and_no_crossed_number_signs() -> None:
    talk = signing().user_says("yes", forwarded=True).user_says("1", ago=5).bot_answers("before you could see")
    assert isinstance(talk.state, SigningRecurring)
    assert COMMAND not in talk.asked
    talk.user_says("no").bot_answers("No recurring payment was set up")


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("every 10 days", 10),
        ("45", 45),
        ("3 weeks", 21),
        ("Every Week", 7),
        ("every 2 weeks", 14),
        ("1", 7),
        ("every day", 1),
    ],
)
def test_a_rhythm_can_be_typed(typed: str, days: int) -> None:
    talk = picking_rhythm().user_says(typed)
    assert isinstance(talk.state, AskingStart)
    assert talk.state.every_days == days


@pytest.mark.parametrize("typed", ["0", "366", "often", "-3", "1.5"])
def test_what_is_no_number_of_days_is_asked_again(typed: str) -> None:
    talk = picking_rhythm().user_taps("Another Rhythm").user_says(typed).bot_answers("from 1 to 365")
    assert isinstance(talk.state, AskingDays)
    talk.user_says("2")
    assert isinstance(talk.state, AskingStart)
    assert talk.state.every_days == 2


@pytest.mark.parametrize(
    ("typed", "start"),
    [("today", "4 Mar 2026"), ("In a Week", "11 Mar 2026"), ("1 jun", "1 Jun 2026"), ("2027-03-04", "4 Mar 2027")],
)
def test_the_first_day_can_be_typed(typed: str, start: str) -> None:
    picking_rhythm().user_says("1").user_says(typed).bot_answers(f"First on: {start}")


@pytest.mark.parametrize("typed", ["2026-03-03", "6 Mar 2027", "3/3/2026", "soon"])
def test_a_first_day_that_is_none_or_past_or_far_is_asked_again(typed: str) -> None:
    talk = picking_rhythm().user_says("1").user_says(typed).bot_answers("from today to a year from now")
    assert isinstance(talk.state, AskingStart)


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Refused(Refusal.NOT_FOUND, ""), "No account has the handle @rudo"),
        (Refused(Refusal.INVALID, ""), "3 to 30 characters"),
        (Refused(Refusal.OTHER, "odd {name}"), "odd {name}"),
        (Unavailable("down"), "cannot be reached"),
        (AccountFound(msgspec.structs.replace(RUDO, id=account().id)), "is the account you offer from"),
    ],
)
def test_a_receiver_who_is_not_found_is_asked_for_again(outcome: Outcome, told: str) -> None:
    talk = at_menu().user_taps("Set Up a Payment").user_says("five").bot_answers("does not look like an amount")
    talk.user_says("5 ZWG").user_says("rudo").core_answers(outcome).bot_answers(told)
    assert isinstance(talk.state, AskingRecurringReceiver)
    assert talk.state.amount == Money(Decimal(5), ZWG)


def test_a_lost_answer_is_checked_and_parked_and_never_sent_again() -> None:
    talk = signing().user_says("yes").core_answers(Unclear("timeout")).bot_answers("do not know yet whether")
    assert isinstance(talk.state, SettlingRecurring)
    talk.user_says("well?").bot_answers("still checking")
    talk.core_settles(Finding.UNSURE, member()).bot_answers("could not find out", "the reference is ref-1")
    assert isinstance(talk.state, AtDashboard)
    assert talk.asked.count(COMMAND) == 1


def test_one_that_was_not_set_up_can_be_signed_anew() -> None:
    talk = signing().user_says("yes").core_answers(Refused(Refusal.GONE, "")).core_settles(Finding.NOT_DONE, None)
    talk.bot_answers("was not set up", "First on: 5 Mar 2026")
    assert isinstance(talk.state, SigningRecurring)


def test_one_that_was_found_is_told() -> None:
    talk = signing().user_says("yes").core_answers(Unclear("timeout"))
    talk.core_settles(Finding.DONE, member()).bot_answers("every 2 weeks")


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Refused(Refusal.NOT_ALLOWED, "no"), "You are not allowed"),
        (Unavailable("down"), "was not sent"),
    ],
)
def test_one_that_was_refused_or_not_sent_is_told_so(outcome: Outcome, told: str) -> None:
    signing().user_says("yes").core_answers(outcome).bot_answers(told)


def test_those_remembered_are_read_one_by_one_and_ended_ones_left_out() -> None:
    talk = looking(3)
    for number, status in ((3, "PENDING"), (2, "CANCELLED"), (1, "ACTIVE")):
        assert isinstance(talk.state, ReadingRecurring)
        talk.bot_asks_core(ReadRecurring(PHONE, account().id, RecurringId(f"rec-{number}")))
        talk.core_answers(RecurringRead(payment(number, status)))
    talk.bot_answers("set up here").bot_offers("3.00 USD", "1.00 USD", "Back to Dashboard")
    assert talk.screen.choices[0].description.startswith("not agreed yet, every week")
    assert talk.screen.choices[1].description.startswith("every week, next 11 Mar 2026, to Rudo Ncube")


def test_one_that_credex_core_does_not_know_is_left_out() -> None:
    talk = looking(1).core_answers(Refused(Refusal.NOT_FOUND, "")).bot_answers("I know of no recurring payment")
    talk.bot_offers("Back to Dashboard")


def test_a_list_that_cannot_be_read_is_not_shown() -> None:
    talk = looking(1).core_answers(Unavailable("down")).bot_answers("could not read your recurring payments")
    assert isinstance(talk.state, AtRecurring)


def test_those_of_other_accounts_are_not_listed() -> None:
    talk = at_menu(kept(1, shop(1).id)).user_taps("Your Payments").bot_answers("I know of no recurring payment")
    assert isinstance(talk.state, AtRecurring)


def test_many_are_read_a_page_at_a_time() -> None:
    talk = looking(12)
    for number in range(12, 5, -1):
        talk.core_answers(RecurringRead(payment(number)))
    talk.bot_answers("Page 1 of 2").user_taps("Next")
    for number in range(5, 0, -1):
        talk.core_answers(RecurringRead(payment(number)))
    talk.bot_answers("Page 2 of 2").user_taps("Previous")
    assert isinstance(talk.state, ReadingRecurring)


def ending() -> Talk:
    return looking(1).core_answers(RecurringRead(payment(1))).user_taps("1.00 USD")


def test_one_is_ended_by_a_yes_to_all_its_facts() -> None:
    talk = ending().bot_answers("1.00 USD, secured, every week", "To: Rudo Ncube", "From: Tariro Moyo Personal")
    assert isinstance(talk.state, ConfirmingChange)
    talk.user_taps("Yes, End It").bot_asks_core(CancelRecurring(PHONE, RecurringId("rec-1")))
    talk.core_answers(RecurringCancelled(RecurringId("rec-1"))).bot_answers("has ended", "1.00 USD")
    talk.user_taps("Manage Account").user_taps("Recurring Payments").user_taps("Your Payments")
    talk.bot_answers("I know of no recurring payment")


@pytest.mark.parametrize(
    ("status", "told"), [("CANCELLED", "has ended:"), ("ACTIVE", "goes on so far"), ("PENDING", "goes on so far")]
)
def test_whether_a_lost_end_was_one_is_read(status: str, told: str) -> None:
    talk = ending().user_says("yes").core_answers(Unclear("timeout"))
    talk.bot_asks_core(ReadRecurring(PHONE, account().id, RecurringId("rec-1")))
    talk.core_answers(RecurringRead(payment(1, status))).bot_answers(told)


@pytest.mark.parametrize(("refusal", "told"), [(Refusal.GONE, "ended before"), (Refusal.NOT_FOUND, "does not know it")])
def test_an_end_that_is_refused_is_told(refusal: Refusal, told: str) -> None:
    ending().user_says("yes").core_answers(Refused(refusal, "")).bot_answers(told)


def test_going_back_from_the_menus_leads_to_the_dashboard() -> None:
    assert isinstance(at_menu().user_says("back").state, AtDashboard)
    talk = looking(1).core_answers(RecurringRead(payment(1))).user_says("what?").bot_answers("choose one")
    assert isinstance(talk.state, PickingRecurring)
    assert isinstance(talk.user_says("back").state, AtDashboard)
    assert isinstance(picking_rhythm().user_says("hmm").state, PickingRhythm)


def test_an_amount_too_long_for_its_row_is_written_shorter_and_never_cut() -> None:
    large = msgspec.structs.replace(payment(5), amount=Money(Decimal("123456789012345.67"), USD))
    visit = Visit(phone=PHONE, member=member(), account_id=account().id, seen=NOON, recurring=(kept(5),))
    prompt = PickingRecurring(visit, 0, (Listed(kept(5), large),)).prompt()
    assert prompt.choices[0].title == "123456789012345.67 USD"
