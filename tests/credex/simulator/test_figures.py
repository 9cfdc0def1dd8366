"""Numbers as credex-core prints them, and the rules that count days and dollars."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from credex.money import Denomination
from credex.simulator import figures, rules

USD = Denomination.USD


@pytest.mark.parametrize(
    ("amount", "denomination", "text"),
    [
        ("1234.5", "USD", "1,234.50 USD"),
        ("-5", "USD", "-5.00 USD"),
        ("-0.001", "USD", "-0.00 USD"),
        ("-0", "USD", "-0.00 USD"),
        ("0.005", "USD", "0.01 USD"),
        ("-0.005", "USD", "-0.01 USD"),
        ("1", "CXX", "1.000 CXX"),
        ("1", "XAU", "1.0000 XAU"),
        ("1234567.891", "ZWG", "1,234,567.89 ZWG"),
        ("999.995", "CAD", "1,000.00 CAD"),
        ("1e30", "USD", "1,000,000,000,000,000,000,000,000,000,000.00 USD"),
    ],
)
def test_amounts_are_grouped_and_rounded_away_from_zero(amount: str, denomination: str, text: str) -> None:
    assert figures.formatted(Decimal(amount), Denomination(denomination)) == text


@pytest.mark.parametrize(("amount", "text"), [("5.00", "5"), ("-3.250", "-3.25"), ("100", "100"), ("0.1", "0.1")])
def test_bare_numbers_lose_their_trailing_zeros(amount: str, text: str) -> None:
    assert figures.bare(Decimal(amount)) == text


def test_whole_numbers_stay_whole_in_json() -> None:
    assert repr(figures.number(Decimal("10.00"))) == "10"
    assert repr(figures.number(Decimal("2.50"))) == "2.5"


def test_conversion_goes_through_cxx() -> None:
    rates = {USD: Decimal(2), Denomination.ZWG: Decimal("0.1")}
    assert figures.convert(Decimal(10), Denomination.ZWG, USD, rates) == Decimal("0.5")


def test_the_date_slip_has_38_days_in_a_common_year() -> None:
    days = [date(2025, 1, 1) + timedelta(days=offset) for offset in range(365)]
    slipping = [day for day in days if rules.slips(day)]
    assert len(slipping) == 38
    outside_december = [(day.month, day.day) for day in slipping if day.month < 12]
    assert outside_december == [(1, 29), (1, 30), (1, 31), (3, 31), (5, 31), (8, 31), (10, 31)]
