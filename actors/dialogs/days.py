"""Any day as people type it. Numbers are read day first, as where an offer is due (``actors.dialogs.due_dates``)."""

import re
from datetime import date, timedelta

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})(?: (\d{4}))?", re.ASCII)
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def read_day(text: str, today: date) -> date | None:
    """``today``, ``tomorrow``, ``2026-03-05``, ``5/3/2026``, ``5 Mar 2026``, ``5 March`` (the next one)."""
    typed = " ".join(text.casefold().replace(",", " ").replace(".", " ").split())
    if typed in _NEAR:
        return today + _NEAR[typed]
    if iso := _ISO.fullmatch(typed):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if day_first := _DAY_FIRST.fullmatch(typed):
        return _day(int(day_first[3]), int(day_first[2]), int(day_first[1]))
    words = _WORDS.fullmatch(typed)
    month = _month(words[2]) if words else None
    if words is None or month is None:
        return None
    if words[3]:
        return _day(int(words[3]), month, int(words[1]))
    this_year = _day(today.year, month, int(words[1]))
    return this_year if this_year and this_year >= today else _day(today.year + 1, month, int(words[1]))


_NEAR = {"today": timedelta(0), "tomorrow": timedelta(days=1)}


def _month(word: str) -> int | None:
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(word)), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
