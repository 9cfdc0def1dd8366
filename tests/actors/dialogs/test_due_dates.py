"""The day an unsecured credex is due: what is read, and which days are taken."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.dialogs.due_dates import DueFault, NotDue, core_day, judge, read_due, window

TODAY = date(2026, 11, 26)
"""A Thursday: the window is Thursday 3 Dec to Wednesday 30 Dec."""
todays = st.dates(min_value=date(2020, 1, 1), max_value=date(2100, 1, 1))


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("24 Dec", date(2026, 12, 24)),
        ("24 dec 2026", date(2026, 12, 24)),
        ("24th of December, 2026", date(2026, 12, 24)),
        ("24-Dec-2026", date(2026, 12, 24)),
        ("24dec", date(2026, 12, 24)),
        ("Dec 24", date(2026, 12, 24)),
        ("December 24, 2026", date(2026, 12, 24)),
        ("24/12/2026", date(2026, 12, 24)),
        ("24/12/26", date(2026, 12, 24)),
        ("24.12.2026", date(2026, 12, 24)),
        ("24/12", date(2026, 12, 24)),
        ("4/12/2026", date(2026, 12, 4)),
        ("in 3 weeks", date(2026, 12, 17)),
        ("3 weeks", date(2026, 12, 17)),
        ("3 Weeks.", date(2026, 12, 17)),
        ("a week", date(2026, 12, 3)),
        ("two weeks", date(2026, 12, 10)),
        ("+21", date(2026, 12, 17)),
        ("21 days", date(2026, 12, 17)),
        ("in 21 days", date(2026, 12, 17)),
        ("Thursday", date(2026, 12, 3)),
        ("friday", date(2026, 12, 4)),
        ("next Fri", date(2026, 12, 4)),
        ("wed", date(2026, 12, 9)),
        ("\uff12\uff14 Dec", date(2026, 12, 24)),
        ("  24   DEC ", date(2026, 12, 24)),
    ],
)
def test_a_day_is_read_however_it_is_typed(typed: str, due: date) -> None:
    assert read_due(typed, TODAY) == due


@pytest.mark.parametrize(
    ("typed", "fault", "day"),
    [
        ("2025-02-30", DueFault.NO_SUCH_DAY, None),
        ("31/11/2026", DueFault.NO_SUCH_DAY, None),
        ("12/24/2026", DueFault.NO_SUCH_DAY, None),
        ("30 Feb", DueFault.NO_SUCH_DAY, None),
        ("2026-13-01", DueFault.NO_SUCH_DAY, None),
        ("0000-01-01", DueFault.NO_SUCH_DAY, None),
        ("2025-12-24", DueFault.PAST, date(2025, 12, 24)),
        ("25 Nov 2026", DueFault.PAST, date(2026, 11, 25)),
        ("20 Nov", DueFault.PAST, date(2026, 11, 20)),
        ("today", DueFault.TOO_SOON, date(2026, 11, 26)),
        ("tomorrow", DueFault.TOO_SOON, date(2026, 11, 27)),
        ("+6", DueFault.TOO_SOON, date(2026, 12, 2)),
        ("+35", DueFault.TOO_LATE, date(2026, 12, 31)),
        ("5 weeks", DueFault.TOO_LATE, date(2026, 12, 31)),
        ("31 Dec", DueFault.TOO_LATE, date(2026, 12, 31)),
        ("999 weeks", DueFault.TOO_LATE, date(2046, 1, 18)),
        ("", DueFault.NOT_A_DATE, None),
        ("soon", DueFault.NOT_A_DATE, None),
        ("24", DueFault.NOT_A_DATE, None),
        ("-7", DueFault.NOT_A_DATE, None),
        ("1234567 days", DueFault.NOT_A_DATE, None),
        ("24/12.2026", DueFault.NOT_A_DATE, None),
        ("24 Dec and some", DueFault.NOT_A_DATE, None),
        ("\u0662\u0664 Dec", DueFault.NOT_A_DATE, None),
    ],
)
def test_any_other_day_is_refused_for_its_own_reason(typed: str, fault: DueFault, day: date | None) -> None:
    assert read_due(typed, TODAY) == NotDue(fault, day)


def test_a_day_of_the_new_year_needs_no_year_at_the_end_of_the_old() -> None:
    assert read_due("5 Jan", date(2026, 12, 20)) == date(2027, 1, 5)
    assert read_due("5/1", date(2026, 12, 20)) == date(2027, 1, 5)
    assert read_due("29 Feb", date(2027, 12, 31)) == NotDue(DueFault.TOO_LATE, date(2028, 2, 29))
    assert read_due("29 Feb", date(2028, 2, 1)) == date(2028, 2, 29)


def test_scenario_68_the_window_is_day_7_to_day_34() -> None:
    days = [TODAY + timedelta(days=ahead) for ahead in (6, 7, 34, 35)]
    assert [isinstance(judge(day, TODAY), date) for day in days] == [False, True, True, False]
    assert window(TODAY) == (date(2026, 12, 3), date(2026, 12, 30))


def test_the_day_is_credex_cores_which_is_utc() -> None:
    harare = timezone(timedelta(hours=2))
    assert core_day(datetime(2026, 11, 27, 1, 59, tzinfo=harare)) == date(2026, 11, 26)
    assert core_day(datetime(2026, 11, 27, 2, 0, tzinfo=harare)) == date(2026, 11, 27)
    assert core_day(datetime(2026, 11, 26, 23, 59, tzinfo=UTC)) == date(2026, 11, 26)


@given(st.text(max_size=40), todays)
def test_whatever_is_typed_a_day_that_is_taken_is_in_the_window(text: str, today: date) -> None:
    due = read_due(text, today)
    if isinstance(due, date):
        earliest, latest = window(today)
        assert earliest <= due <= latest


@given(st.from_regex(r"[0-9]{1,4}[-/. ][0-9a-zA-Z]{1,9}[-/. ]?[0-9]{0,4}", fullmatch=True), todays)
def test_what_looks_like_a_date_never_breaks(text: str, today: date) -> None:
    due = read_due(text, today)
    assert isinstance(due, date | NotDue)
    if isinstance(due, NotDue):
        assert (due.day is None) is (due.fault in {DueFault.NOT_A_DATE, DueFault.NO_SUCH_DAY})


@given(todays, st.integers(0, 60))
def test_every_way_to_write_a_day_means_the_same_day(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    expected = judge(day, today)
    assert read_due(day.isoformat(), today) == expected
    assert read_due(f"{day:%d/%m/%Y}", today) == expected
    assert read_due(f"{day.day} {day:%B} {day.year}", today) == expected
    assert read_due(f"+{ahead}", today) == expected
    assert read_due(f"{ahead} days", today) == expected
    if isinstance(expected, date):
        assert read_due(f"{day.day} {day:%b}", today) == expected


@given(todays, st.sampled_from(["monday", "tue", "Wednesday", "thurs", "fri", "SAT", "sunday"]))
def test_a_weekday_is_the_first_that_is_not_too_soon(today: date, name: str) -> None:
    due = read_due(name, today)
    assert isinstance(due, date)
    assert timedelta(days=7) <= due - today < timedelta(days=14)
    assert f"{due:%A}".casefold().startswith(name.casefold()[:3])
