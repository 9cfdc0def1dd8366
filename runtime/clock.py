"""Time as an argument. ``SystemClock`` is the wall; ``VirtualClock`` follows Trio's clock, which tests can turn."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

import trio


class Clock(Protocol):
    """Tells the time of day, as an aware UTC ``datetime``."""

    def now(self) -> datetime:
        """The present moment."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that reads the wall clock


class VirtualClock:
    """``start`` plus the seconds Trio's clock has run since; under an autojump clock a day passes in no time."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._zero: float | None = None

    def now(self) -> datetime:
        """The present moment. Only inside ``trio.run``."""
        elapsed = trio.current_time()
        if self._zero is None:
            self._zero = elapsed
        return self._start + timedelta(seconds=elapsed - self._zero)
