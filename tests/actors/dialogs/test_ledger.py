"""The ledger of the account, and an entry of it in full."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.ledger import ReadingEntry, ReadingLedger, ShowingEntry, ShowingLedger
from credex.commands import Login, ReadCredex, ReadLedger
from credex.model import Credex, CredexState, LedgerEntry, OfferId
from credex.money import Money
from credex.outcomes import (
    CredexRead,
    LedgerRead,
    LoggedIn,
    NotAMember,
    Outcome,
    Refusal,
    Refused,
    Unavailable,
    Unclear,
)
from tests.actors.dialogs.people import NOON, PHONE, USD, account, member, offers, shop, usd
from tests.actors.dialogs.talk import Talk

ACCOUNT = account().id
DEBT = Credex(
    id=OfferId("ledger-1"),
    amount=usd("-5"),
    counterparty="Rudo Ncube Personal",
    secured=False,
    state=CredexState.OWED,
    outstanding=usd("-3.50"),
    redeemed=usd("-1.50"),
    defaulted=usd("0"),
    written_off=usd("0"),
    due=date(2026, 4, 1),
    accepted_at=NOON,
)


def entry(number: int, amount: str = "5") -> LedgerEntry:
    at = NOON - timedelta(days=number)
    return LedgerEntry(id=OfferId(f"ledger-{number}"), amount=usd(amount), counterparty=f"Rudo {number}", at=at)


def entries(*numbers: int) -> tuple[LedgerEntry, ...]:
    return tuple(entry(number, str(number)) for number in numbers)


def read(rows: Sequence[LedgerEntry], *, more: bool = False) -> LedgerRead:
    return LedgerRead(tuple(rows), more)


def opened(outcome: Outcome) -> Talk:
    return Talk().logged_in_as(member()).user_taps("Account Ledger").core_answers(outcome)


def first_page() -> Talk:
    return opened(read(entries(*range(1, 8)), more=True))


def in_full(credex: Credex) -> Talk:
    return opened(read([entry(1, "-5")])).user_says("1").core_answers(CredexRead(credex))


def test_the_newest_entries_with_direction_amount_other_side_and_time_in_harare() -> None:
    rows = (entry(1, "-5"), msgspec.structs.replace(entry(2, "1234.5"), at=None))
    talk = opened(read(rows)).bot_asks_core(ReadLedger(PHONE, ACCOUNT, 7, 0))
    talk.bot_answers("Ledger of Tariro Moyo Personal (@tariro)", "newest first")
    talk.bot_offers("Given 5.00 USD", "Received 1,234.50 USD", "Back to Dashboard")
    assert [choice.description for choice in talk.screen.choices[:2]] == [
        "to Rudo 1, 3 Mar 2026, 12:00",
        "from Rudo 2, date unknown",
    ]
    assert "Page" not in talk.text


def test_a_day_in_harare_begins_before_it_does_in_greenwich() -> None:
    late = msgspec.structs.replace(entry(1), at=NOON.replace(hour=22, minute=30))
    assert "5 Mar 2026, 00:30" in opened(read([late])).screen.choices[0].description


@pytest.mark.parametrize("words", ["ledger", "Account Ledger", "view_ledger", "3"])
def test_it_is_opened_by_typing(words: str) -> None:
    talk = Talk().logged_in_as(member()).user_says(words).bot_asks_core(ReadLedger(PHONE, ACCOUNT, 7, 0))
    assert talk.messages == ()


def test_an_empty_ledger_says_so_and_leads_back() -> None:
    talk = opened(read([])).bot_answers("The ledger of Tariro Moyo Personal (@tariro) is empty")
    talk.bot_offers("Back to Dashboard").user_says("back")
    assert isinstance(talk.state, AtDashboard)


def test_pages_are_turned_by_row_and_by_word_where_there_is_one_to_turn_to() -> None:
    talk = first_page().bot_answers("Page 1")
    assert talk.titles[-2:] == ["Next", "Back to Dashboard"]
    talk.user_taps("Next").bot_asks_core(ReadLedger(PHONE, ACCOUNT, 15, 6))
    talk.core_answers(read(entries(*range(7, 18)))).bot_answers("Page 2")
    assert talk.titles == [
        *(f"Received {number}.00 USD" for number in range(8, 15)),
        "Next",
        "Previous",
        "Back to Dashboard",
    ]
    talk.user_says("more").bot_asks_core(ReadLedger(PHONE, ACCOUNT, 15, 13))
    talk.core_answers(read(entries(*range(14, 18)))).bot_answers("Page 3")
    assert talk.titles[3:] == ["Previous", "Back to Dashboard"]
    talk.user_says("prev").bot_asks_core(ReadLedger(PHONE, ACCOUNT, 15, 7))
    talk.core_answers(read(entries(*range(8, 18)))).bot_answers("Page 2").user_says("Previous")
    talk.bot_asks_core(ReadLedger(PHONE, ACCOUNT, 7, 0)).core_answers(read(entries(*range(1, 8)), more=True))
    talk.bot_answers("Page 1")


def test_a_ledger_that_grew_too_much_meanwhile_begins_anew_and_says_so() -> None:
    talk = first_page().user_taps("Next").core_answers(read(entries(*range(100, 115)), more=True))
    talk.bot_answers("begin again with the newest page").bot_asks_core(ReadLedger(PHONE, ACCOUNT, 7, 0))
    talk.core_answers(read(entries(*range(90, 97)), more=True)).bot_answers("Page 1")
    assert talk.titles[0] == "Received 90.00 USD"


def test_where_beginning_anew_fails_too_the_page_shown_stays() -> None:
    talk = first_page()
    before = talk.state
    talk.user_taps("Next").core_answers(read(entries(100))).core_answers(Unavailable("refused"))
    assert talk.bot_answers("cannot be reached", "Page 1").state == before


def test_given_and_received_of_one_amount_are_told_apart_and_a_bare_amount_picks_the_only_one() -> None:
    talk = opened(read((entry(1, "-5"), entry(2, "5"), entry(3, "7")))).user_says("5.00 USD").bot_answers("choose one")
    talk.user_says("received 5.00 usd").bot_asks_core(ReadCredex(PHONE, ACCOUNT, OfferId("ledger-2")))
    talk = opened(read((entry(1, "-5"), entry(3, "7")))).user_says("7.00 USD")
    talk.bot_asks_core(ReadCredex(PHONE, ACCOUNT, OfferId("ledger-3")))


def test_an_entry_is_read_in_full_and_leads_back_to_its_page_without_asking() -> None:
    talk = opened(read([entry(1, "-5"), *entries(*range(2, 8))], more=True)).user_taps("Given 5.00 USD")
    talk.bot_asks_core(ReadCredex(PHONE, ACCOUNT, OfferId("ledger-1"))).core_answers(CredexRead(DEBT))
    assert talk.text == (
        "Given 5.00 USD\nFrom: Tariro Moyo Personal (@tariro)\nTo: Rudo Ncube Personal\nUnsecured, due 1 Apr 2026\n"
        "Accepted\nStill open: 3.50 USD\nCleared so far: 1.50 USD\nAccepted: 4 Mar 2026, 12:00 in Harare"
    )
    talk.bot_offers("Back to Ledger", "Back to Dashboard")
    asked = list(talk.asked)
    for words in ("back", "Back to Ledger", "1"):
        assert isinstance(talk.user_says(words).bot_answers("Page 1").state, ShowingLedger)
        talk.user_says("1").core_answers(CredexRead(DEBT))
    assert talk.asked[: len(asked)] == asked
    assert not any(isinstance(command, ReadLedger) for command in talk.asked[len(asked) :])
    assert isinstance(talk.user_taps("Back to Dashboard").state, AtDashboard)


@pytest.mark.parametrize(
    ("changes", "told", "untold"),
    [
        ({"secured": True, "due": None, "amount": usd("5")}, ["Received 5.00 USD", "Secured\n"], ["Not paid"]),
        ({"state": CredexState.CLEARED, "outstanding": usd("0")}, ["nothing of it is owed"], ["outstanding"]),
        ({"defaulted": usd("-3.50")}, ["Not paid when it was due: 3.50 USD"], ["Written off"]),
        ({"written_off": usd("-2")}, ["Written off: 2.00 USD"], ["Not paid"]),
        ({"due": None}, ["Unsecured, due date unknown"], []),
        ({"accepted_at": None}, ["Accepted: date unknown"], []),
        (
            {"state": CredexState.DECLINED, "accepted_at": None, "declined_at": NOON, "outstanding": usd("0")},
            ["Declined\n", "Declined: 4 Mar 2026, 12:00 in Harare"],
            ["Accepted", "outstanding"],
        ),
        ({"state": CredexState.DECLINED, "accepted_at": None}, ["Declined: date unknown"], ["Accepted"]),
        (
            {"state": CredexState.CANCELLED, "accepted_at": None, "cancelled_at": None},
            ["Cancelled\n", "Cancelled: date unknown"],
            ["outstanding"],
        ),
        ({"state": CredexState.OFFERED, "accepted_at": None}, ["Offered, and not answered yet"], ["outstanding"]),
        ({"state": CredexState.REQUESTED, "accepted_at": None}, ["Requested, and not answered yet"], ["Accepted"]),
    ],
)
def test_an_entry_tells_what_there_is_and_nothing_else(
    changes: dict[str, object], told: list[str], untold: list[str]
) -> None:
    talk = in_full(msgspec.structs.replace(DEBT, **changes)).bot_answers(*told)
    assert not [words for words in untold if words in talk.text]


TROUBLE = [
    (Refused(Refusal.NOT_ALLOWED, "No access"), "You are not allowed"),
    (Unavailable("refused"), "cannot be reached"),
    (Unavailable("429", alive=True), "very busy"),
    (Unclear("timeout"), "cannot be reached"),
    (NotAMember(), "Please try again in a few minutes"),
    (LoggedIn(member()), "Please try again in a few minutes"),
]


@pytest.mark.parametrize(("outcome", "told"), TROUBLE)
def test_a_ledger_that_cannot_be_read_leaves_the_dashboard(outcome: Outcome, told: str) -> None:
    talk = opened(outcome).bot_answers("I could not read the ledger", told, "Secured balances")
    assert isinstance(talk.state, AtDashboard)


@pytest.mark.parametrize(("outcome", "told"), TROUBLE)
def test_a_page_that_cannot_be_read_leaves_the_page_shown(outcome: Outcome, told: str) -> None:
    talk = first_page()
    before = talk.state
    talk.user_taps("Next").core_answers(outcome).bot_answers("I could not read the ledger", told, "Page 1")
    assert talk.state == before
    assert talk.user_taps("Next").asked[-1] == ReadLedger(PHONE, ACCOUNT, 15, 6)


@pytest.mark.parametrize(("outcome", "told"), [*TROUBLE, (Refused(Refusal.NOT_FOUND, ""), "does not know")])
def test_an_entry_that_cannot_be_read_leaves_its_page(outcome: Outcome, told: str) -> None:
    talk = first_page()
    before = talk.state
    talk.user_says("3").core_answers(outcome).bot_answers("I could not read that entry", told, "Page 1")
    assert talk.state == before


def test_while_it_is_read_whatever_is_said_is_told_so_and_asks_nothing() -> None:
    talk = Talk().logged_in_as(member()).user_says("ledger").user_says("hello?").bot_answers("still reading the ledger")
    assert isinstance(talk.state, ReadingLedger)
    talk.core_is_slow().bot_answers("slow at the moment")
    talk.core_answers(read([entry(1)])).user_says("1").user_says("well?").bot_answers("still reading that entry")
    assert isinstance(talk.state, ReadingEntry)
    assert talk.asked[0] == Login(PHONE)
    assert len(talk.asked) == 3
    assert isinstance(talk.core_answers(CredexRead(DEBT)).state, ShowingEntry)


def test_what_is_known_of_the_member_is_not_touched_by_reading_a_ledger() -> None:
    several = member(account(incoming=offers(2)), shop(1))
    talk = Talk().logged_in_as(several).user_says("1").user_taps("Account Ledger")
    talk.core_answers(read([entry(1)])).user_says("1").core_answers(CredexRead(DEBT)).user_says("dashboard")
    assert isinstance(talk.state, AtDashboard)
    assert talk.state.visit.member == several


def test_of_a_ledger_only_the_page_shown_is_kept() -> None:
    many = entries(*range(1, 16))
    talk = first_page().user_taps("Next").core_answers(read(entries(7, *range(8, 22)), more=True))
    assert isinstance(talk.state, ShowingLedger)
    assert len(talk.state.page.entries) == 7
    bare = AtDashboard(talk.state.visit)
    held = len(msgspec.msgpack.encode(talk.state)) - len(msgspec.msgpack.encode(bare))
    assert held < len(msgspec.msgpack.encode(many[:7])) + 100


def test_words_that_name_no_row_and_pictures_keep_the_page() -> None:
    talk = first_page().user_says("blah").bot_answers("choose one", "Page 1").user_says("8")
    talk.core_answers(read(entries(7, 8))).user_says("blah").bot_answers("choose one", "Page 2")
    in_full(DEBT).user_says("blah").bot_answers("choose one", "Given 5.00 USD")


def test_an_amount_in_another_denomination_keeps_its_places() -> None:
    gold = msgspec.structs.replace(entry(1), amount=Money(Decimal("-0.1234"), USD.XAU))
    assert opened(read([gold])).titles[0] == "Given 0.1234 XAU"
