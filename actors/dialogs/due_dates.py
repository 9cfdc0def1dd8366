"""The day an unsecured credex is due: what members type for it, and which days credex-core takes. Pure.

credex-core takes day 7 to day 34 from its own day, which is the date in UTC: from 22:00 to midnight UTC it is already
tomorrow in Harare. Numbers are read day first. A day without a year is the one that can be meant; a weekday is the
first such day that is not too soon.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

SOONEST, FURTHEST = timedelta(days=7), timedelta(days=34)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_WORD = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY, _YEAR = r"(?P<day>\d{1,2})", r"(?P<year>\d{4}|\d{2})"
_DATES = tuple(
    re.compile(shape, re.ASCII)
    for shape in (
        r"(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})",
        rf"{_DAY}(?:st|nd|rd|th)?[ -]?(?:of )?{_MONTH_WORD}(?:,?[ -]?{_YEAR})?",
        rf"{_MONTH_WORD} ?{_DAY}(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?",
        rf"{_DAY} ?(?P<mark>[/.-]) ?(?P<number>\d{{1,2}})(?: ?(?P=mark) ?{_YEAR})?",
    )
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(
    r"(?:on |next )?(mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs?|rsday)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?)",
)
_AHEAD = re.compile(
    r"(?:in )?\+?(?P<many>\d{1,3}|an?|one|two|three|four|five) ?(?P<what>d|days?|w|wks?|weeks?)", re.ASCII
)
_PLUS = re.compile(r"\+ ?(?P<many>\d{1,3})", re.ASCII)
_NUMERALS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_NEAR = {"today": 0, "tomorrow": 1}


class DueFault(StrEnum):
    """Why text names no day that can be taken."""

    NOT_A_DATE = "not_a_date"
    NO_SUCH_DAY = "no_such_day"
    PAST = "past"
    TOO_SOON = "too_soon"
    TOO_LATE = "too_late"


class NotDue(msgspec.Struct, frozen=True):
    """No day to be taken, because of ``fault``; ``day`` is the one that was named, if it exists."""

    fault: DueFault
    day: date | None = None


class Window(NamedTuple):
    """The first and the last day that can be taken."""

    earliest: date
    latest: date


def core_day(now: datetime) -> date:
    """credex-core's day."""
    return now.astimezone(UTC).date()


def window(today: date) -> Window:
    """What can be taken on credex-core's day ``today``."""
    return Window(today + SOONEST, today + FURTHEST)


def judge(due: date, today: date) -> date | NotDue:
    """The day itself, if it can be taken."""
    earliest, latest = window(today)
    if due < today:
        return NotDue(DueFault.PAST, due)
    if due < earliest:
        return NotDue(DueFault.TOO_SOON, due)
    return due if due <= latest else NotDue(DueFault.TOO_LATE, due)


def read_due(text: str, today: date) -> date | NotDue:
    """Read ``2026-12-24``, ``24 Dec``, ``24 Dec 2026``, ``24/12/2026``, ``in 3 weeks``, ``+21``, ``Friday``.

    Never raises, whatever the text, for any ``today`` that is a thousand days from the end of the calendar.
    """
    typed = " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(" .,!?")
    days = _days_ahead(typed, today)
    if days is not None:
        return judge(today + timedelta(days=days), today)
    for shape in _DATES:
        found = shape.fullmatch(typed)
        if found is not None:
            return _dated(found.groupdict(), today)
    return NotDue(DueFault.NOT_A_DATE)


def _days_ahead(typed: str, today: date) -> int | None:
    if typed in _NEAR:
        return _NEAR[typed]
    weekday = _WEEKDAY.fullmatch(typed)
    if weekday is not None:
        soonest = today + SOONEST
        return SOONEST.days + (_WEEKDAYS.index(weekday[1][:3]) - soonest.weekday()) % len(_WEEKDAYS)
    ahead = _AHEAD.fullmatch(typed) or _PLUS.fullmatch(typed)
    if ahead is None:
        return None
    many = _NUMERALS.get(ahead["many"]) or int(ahead["many"])
    return many * (len(_WEEKDAYS) if ahead.groupdict().get("what", "d").startswith("w") else 1)


def _dated(parts: dict[str, str | None], today: date) -> date | NotDue:
    day, word = int(parts["day"] or 0), parts.get("month")
    month = _MONTHS.index(word[:3]) + 1 if word else int(parts.get("number") or 0)
    year = parts.get("year")
    if year:
        named = _existing(int(year) if len(year) > len("26") else 2000 + int(year), month, day)
        return judge(named, today) if named else NotDue(DueFault.NO_SUCH_DAY)
    this, following = (_existing(today.year + more, month, day) for more in (0, 1))
    meant = following if following and isinstance(judge(following, today), date) else this or following
    return judge(meant, today) if meant else NotDue(DueFault.NO_SUCH_DAY)


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
