"""Reading a day as it is typed."""

from datetime import date

import pytest

from actors.dialogs.days import read_day

TODAY = date(2026, 12, 30)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", date(2026, 12, 30)),
        (" Tomorrow ", date(2026, 12, 31)),
        ("2027-3-5", date(2027, 3, 5)),
        ("5/3/2027", date(2027, 3, 5)),
        ("05-03-2027", date(2027, 3, 5)),
        ("5 Mar 2027", date(2027, 3, 5)),
        ("5th march, 2027", date(2027, 3, 5)),
        ("31 dec", date(2026, 12, 31)),
        ("1 jan.", date(2027, 1, 1)),
        ("30 December", date(2026, 12, 30)),
    ],
)
def test_a_day_is_read(typed: str, day: date) -> None:
    assert read_day(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["", "5", "30 feb 2027", "2027-13-01", "5 foo", "5 ma", "0 jan"])
def test_what_names_no_day_of_the_calendar_is_none(typed: str) -> None:
    assert read_day(typed, TODAY) is None


def test_a_leap_day_without_a_year_is_only_read_where_there_is_one() -> None:
    assert read_day("29 feb", date(2027, 3, 1)) == date(2028, 2, 29)
    assert read_day("29 feb", date(2026, 3, 1)) is None
