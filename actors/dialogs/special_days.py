"""The days in Zimbabwe on which a chat opens with a wish."""

from datetime import date, timedelta

from actors.dialogs.phrases import SpecialDay

_FIXED = {
    (4, 18): SpecialDay.INDEPENDENCE,
    (12, 22): SpecialDay.UNITY,
    (12, 25): SpecialDay.CHRISTMAS,
    (12, 31): SpecialDay.NEW_YEARS_EVE,
    (1, 1): SpecialDay.NEW_YEAR,
}
_AUGUST = 8


def special_day(today: date) -> SpecialDay | None:
    """The special day it is, if any. One that falls on a Sunday is wished then, whichever day is off work for it."""
    if today == heroes_day(today.year):
        return SpecialDay.HEROES
    if today == heroes_day(today.year) + timedelta(days=1):
        return SpecialDay.DEFENCE_FORCES
    return _FIXED.get((today.month, today.day))


def heroes_day(year: int) -> date:
    """The second Monday of August. Defence Forces Day is the Tuesday after it, always of the same week."""
    first = date(year, _AUGUST, 1)
    return first + timedelta(days=-first.weekday() % 7 + 7)
