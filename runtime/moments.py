"""Moments as stores keep them: microseconds since 1970 (UTC), so that they compare as numbers; and their days."""

from datetime import UTC, datetime, timedelta

_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DAY = timedelta(days=1)


def micros(moment: datetime) -> int:
    """Microseconds since 1970, as moments are stored."""
    return (moment - _1970) // _MICROSECOND


def moment(micros: int) -> datetime:
    """And back."""
    return _1970 + timedelta(microseconds=micros)


def day_of(moment: datetime) -> int:
    """The day it lies in, counted from 1970."""
    return (moment - _1970) // _DAY
