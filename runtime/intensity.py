"""Restart intensity: how many failures in how many seconds are still an accident.

Failures of all children and actors count together, because a program that fails everywhere is broken. But one actor
that fails on every message is that actor's trouble, and would otherwise stop everybody's server: of one *source* only
``each`` failures count within the period.
"""

from collections import Counter, deque


class Intensity:
    """Counts failures. More than ``limit`` within ``period`` seconds, ``each`` of one source, is beyond repair here."""

    def __init__(self, *, limit: int, period: float, each: int | None = None) -> None:
        self._limit = limit
        self._period = period
        self._each = limit if each is None else each
        self._counted: deque[tuple[float, str]] = deque()
        self._sources: Counter[str] = Counter()
        self.total = 0
        """Failures since the start, whether or not they counted."""

    def count(self, now: float, source: str = "") -> bool:
        """Note a failure at ``now`` (seconds of any steady clock). True while it is within the limit.

        What comes from no particular source (``""``) counts always.
        """
        self.total += 1
        self._forget(now)
        if source and self._sources[source] >= self._each:
            return True
        self._counted.append((now, source))
        self._sources[source] += 1
        return len(self._counted) <= self._limit

    def _forget(self, now: float) -> None:
        while self._counted and now - self._counted[0][0] > self._period:
            _, source = self._counted.popleft()
            self._sources[source] -= 1
            if not self._sources[source]:
                del self._sources[source]

    def __repr__(self) -> str:
        return f"<Intensity {len(self._counted)}/{self._limit} in {self._period:g} s>"
