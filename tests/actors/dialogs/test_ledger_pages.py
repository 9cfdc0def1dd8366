"""Pages of a ledger that grows while it is read."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from actors.dialogs.ledger_pages import ROWS, SPARE, LedgerPage, Turning, newer, newest, older
from credex.model import LedgerEntry, OfferId
from credex.money import Money
from credex.outcomes import LedgerRead
from tests.actors.dialogs.people import NOON, USD


class Ledger:
    """A ledger as credex-core has it: the newest entry first, named by the order in which they came."""

    def __init__(self, many: int) -> None:
        self.names = [str(number) for number in range(many, 0, -1)]

    def grow(self, many: int) -> None:
        begin = len(self.names) + 1
        self.names = [str(number) for number in range(begin + many - 1, begin - 1, -1)] + self.names

    def read(self, turning: Turning) -> LedgerPage | None:
        start, many = turning.rows
        assert start >= 0
        rows = tuple(map(_entry, self.names[start : start + many]))
        return turning.page(LedgerRead(rows, more=len(self.names) > start + many))

    def page(self, turning: Turning) -> LedgerPage:
        page = self.read(turning)
        assert page is not None
        return page


def _entry(name: str) -> LedgerEntry:
    return LedgerEntry(id=OfferId(name), amount=Money(Decimal(1), USD), counterparty="Rudo", at=NOON)


def names(page: LedgerPage) -> list[int]:
    return [int(entry.id) for entry in page.entries]


def test_seven_rows_a_page_and_as_many_pages_as_there_are() -> None:
    ledger = Ledger(17)
    first = ledger.page(newest())
    second = ledger.page(older(first))
    third = ledger.page(older(second))
    assert [names(page) for page in (first, second, third)] == [
        [*range(17, 10, -1)],
        [*range(10, 3, -1)],
        [3, 2, 1],
    ]
    assert [(page.number, page.start, page.more) for page in (first, second, third)] == [
        (1, 0, True),
        (2, 7, True),
        (3, 14, False),
    ]
    assert ledger.page(newer(third)) == second
    assert ledger.page(newer(second)) == first


@pytest.mark.parametrize("many", [0, 1, 6, 7])
def test_up_to_seven_entries_are_one_page(many: int) -> None:
    page = Ledger(many).page(newest())
    assert len(page.entries) == many
    assert not page.more


def test_fourteen_entries_are_two_full_pages_and_no_third() -> None:
    ledger = Ledger(14)
    assert not ledger.page(older(ledger.page(newest()))).more


@pytest.mark.parametrize("came", range(SPARE + 1))
def test_entries_that_come_meanwhile_neither_repeat_nor_hide_any_further_down(came: int) -> None:
    ledger = Ledger(40)
    page, seen = ledger.page(newest()), []
    while page.more:
        seen += names(page)
        ledger.grow(came)
        page = ledger.page(older(page))
    assert [*seen, *names(page)] == [*range(40, 0, -1)]


@pytest.mark.parametrize("came", range(SPARE + 1))
def test_entries_that_come_meanwhile_neither_repeat_nor_hide_any_further_up(came: int) -> None:
    ledger = Ledger(40)
    page = ledger.page(newest())
    while page.more:
        page = ledger.page(older(page))
    seen = names(page)[::-1]
    while page.number > 2:
        ledger.grow(came)
        page = ledger.page(newer(page))
        seen += names(page)[::-1]
    assert seen == [*range(1, len(seen) + 1)]
    assert seen[-1] == 33


def test_the_first_page_is_the_newest_whatever_has_come() -> None:
    ledger = Ledger(20)
    second = ledger.page(older(ledger.page(newest())))
    ledger.grow(3)
    first = ledger.page(newer(second))
    assert (first.number, names(first)) == (1, [*range(23, 16, -1)])
    assert names(ledger.page(older(first))) == [*range(16, 9, -1)]


@pytest.mark.parametrize("turn", [older, newer])
def test_more_than_can_be_spared_leaves_the_page_unfound(turn: Callable[[LedgerPage], Turning]) -> None:
    ledger = Ledger(40)
    third = ledger.page(older(ledger.page(older(ledger.page(newest())))))
    ledger.grow(2 * ROWS + SPARE)
    assert ledger.read(turn(third)) is None
    assert ledger.page(newest(third)).number == 1


def test_nothing_beyond_the_entry_held_is_no_page() -> None:
    ledger = Ledger(20)
    first = ledger.page(newest())
    ledger.names = ledger.names[:7]
    assert ledger.read(older(first)) is None


def test_a_page_near_the_top_is_read_from_the_very_first_row() -> None:
    page = LedgerPage(entries=(_entry("20"),), start=3, number=3, more=True)
    assert newer(page).rows.start == 0


def test_rows_that_were_not_asked_for_are_left_for_the_next_page() -> None:
    page = newest().page(LedgerRead(tuple(_entry(str(number)) for number in range(9)), more=False))
    assert page is not None
    assert len(page.entries) == ROWS
    assert page.more


def test_rows_that_cannot_be_read_shift_nothing() -> None:
    ledger = Ledger(20)
    first = ledger.page(newest())
    turning = older(first)
    start, many = turning.rows
    rows = tuple(map(_entry, ledger.names[start : start + many]))
    page = turning.page(LedgerRead((*rows[:3], *rows[4:]), more=False))
    assert page is not None
    assert names(page) == [13, 12, 10, 9, 8, 7, 6]
