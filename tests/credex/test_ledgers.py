"""credex-core's ledgers as entries."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credex.answers import Answer, conclude, read_answer
from credex.model import LedgerEntry
from credex.money import Denomination, Money
from credex.outcomes import LedgerRead, Outcome, Unavailable
from tests.credex.spoken import LEDGER, OFFER, entry, envelope, ledger, moment

MORNING = datetime(2025, 2, 10, 9, 15, 30, 500_000, tzinfo=UTC)
GIVEN = LedgerEntry(
    id=OFFER, amount=Money(Decimal("-5.00"), Denomination.USD), counterparty="Kudzai Ncube Personal", at=MORNING
)


def outcome(body: bytes) -> Outcome:
    return conclude(LEDGER, read_answer(LEDGER, Answer(200, body)))


def entries(body: bytes) -> tuple[LedgerEntry, ...]:
    read = outcome(body)
    assert isinstance(read, LedgerRead)
    return read.entries


def test_a_ledger_brings_its_rows_in_order_and_whether_there_are_more() -> None:
    other = entry(credexID="another", formattedAmount="1,234.50 ZWG")
    assert outcome(ledger()) == LedgerRead((), more=False)
    read = outcome(ledger(entry(), other, more=True))
    assert isinstance(read, LedgerRead)
    assert (read.entries[0], read.more) == (GIVEN, True)
    assert str(read.entries[1].amount) == "1,234.50 ZWG"


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [
        ("2025-02-10T09:15:30.500Z", MORNING),
        ("2025-02-10T11:15:30.500+02:00", MORNING),
        ({"year": 2025, "month": 2, "day": 10}, datetime(2025, 2, 10, tzinfo=UTC)),
        (moment(timeZoneOffsetSeconds=7200), MORNING.replace(tzinfo=timezone(timedelta(hours=2)))),
        ("2025-02-10T09:15:30.500", None),
        ("yesterday", None),
        (moment(month=13), None),
        (moment(timeZoneOffsetSeconds=10**9), None),
        (moment(year=10**12), None),
        ({}, None),
        (None, None),
        (1739178930, None),
    ],
)
def test_the_time_of_a_row_is_read_whatever_its_form_or_is_not_known(timestamp: object, at: datetime | None) -> None:
    assert [one.at for one in entries(ledger(entry(timestamp=timestamp)))] == [at]


def test_a_row_may_have_no_time_and_no_name() -> None:
    bare = {"credexID": OFFER, "formattedAmount": "-5.00 USD"}
    assert entries(ledger(bare)) == (LedgerEntry(id=OFFER, amount=GIVEN.amount, counterparty="", at=None),)


def test_a_row_in_a_denomination_nobody_knows_here_is_left_out() -> None:
    assert entries(ledger(entry(formattedAmount="-5.00 EUR"), entry())) == (GIVEN,)


@pytest.mark.parametrize(
    "body",
    [
        envelope("LEDGER_RETRIEVED"),
        envelope("LEDGER_RETRIEVED", details={"ledger": []}),
        ledger(entry(formattedAmount="five")),
        ledger(entry(credexID="a b")),
        ledger("row"),
        ledger(more="no"),
    ],
)
def test_half_a_ledger_is_none(body: bytes) -> None:
    assert isinstance(outcome(body), Unavailable)


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner))
)
def test_any_time_at_all_is_read_without_raising(timestamp: object) -> None:
    assert len(entries(ledger(entry(timestamp=timestamp)))) == 1
