"""Restart intensity: how many failures in how many seconds are still an accident."""

from collections import deque


class Intensity:
    """Counts failures over all children. More than ``limit`` within ``period`` seconds is beyond repair here."""

    def __init__(self, *, limit: int, period: float) -> None:
        self._limit = limit
        self._period = period
        self._times: deque[float] = deque()
        self.total = 0
        """Failures since the start."""

    def count(self, now: float) -> bool:
        """Note a failure at ``now`` (seconds of any steady clock). True while it is within the limit."""
        self.total += 1
        self._times.append(now)
        while now - self._times[0] > self._period:
            self._times.popleft()
        return len(self._times) <= self._limit

    def __repr__(self) -> str:
        return f"<Intensity {len(self._times)}/{self._limit} in {self._period:g} s>"
