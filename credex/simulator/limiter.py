"""The rate limit: so many requests a minute for each remote address, before anybody is authenticated.

A fixed window in memory. All members of a chat server share its address, and ``/health`` counts too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from credex.simulator.exchange import Answer

WINDOW_SECONDS = 60


@dataclass(slots=True)
class _Window:
    ends: float
    taken: int = 0


class Limiter:
    """``limit`` requests a window; ``None`` counts nothing and adds no headers."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._windows: dict[str, _Window] = {}

    def take(self, remote: str, *, now: datetime) -> Answer | None:
        """Count one request; the 429 when it is one too many."""
        if self._limit is None:
            return None
        window = self._window(remote, now)
        window.taken += 1
        if window.taken <= self._limit:
            return None
        wait = max(1, ceil(window.ends - now.timestamp()))
        return Answer(429, "Too many requests, please try again later.", {"retry-after": str(wait)})

    def headers(self, remote: str, *, now: datetime) -> Mapping[str, str]:
        """What every answer tells about the window."""
        if self._limit is None:
            return {}
        window = self._window(remote, now)
        return {
            "x-ratelimit-limit": str(self._limit),
            "x-ratelimit-remaining": str(max(0, self._limit - window.taken)),
            "x-ratelimit-reset": str(ceil(window.ends)),
        }

    def _window(self, remote: str, now: datetime) -> _Window:
        second = now.timestamp()
        window = self._windows.get(remote)
        if window is None or second >= window.ends:
            window = self._windows[remote] = _Window(second + WINDOW_SECONDS)
        return window
