"""A circuit breaker: after several failures in a row, stop asking for a while, then let one probe through.

Pure in time: callers pass ``now``, in seconds of any steady clock.
"""

from enum import Enum, StrEnum, auto


class BreakerState(StrEnum):
    """``closed`` lets everything through, ``open`` nothing, ``half_open`` one probe at a time."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Admission(Enum):
    """Leave to make a call."""

    CALL = auto()
    PROBE = auto()


class Breaker:
    """Opens after ``failures`` in a row and stays open ``seconds``; one success closes it, one failed probe reopens."""

    def __init__(self, *, failures: int = 5, seconds: float = 10.0) -> None:
        self._limit = failures
        self._seconds = seconds
        self._failed = 0
        self._opened_at: float | None = None
        self._probing = False

    def admit(self, now: float) -> Admission | None:
        """Leave to make a call, or ``None``. While half open one caller at a time gets it, as the probe."""
        match self.state(now):
            case BreakerState.CLOSED:
                return Admission.CALL
            case BreakerState.OPEN:
                return None
            case BreakerState.HALF_OPEN:
                if self._probing:
                    return None
                self._probing = True
                return Admission.PROBE

    def succeeded(self) -> None:
        """A call was answered."""
        self._failed, self._opened_at, self._probing = 0, None, False

    def failed(self, now: float, admission: Admission = Admission.CALL) -> None:
        """A call was not answered. One from before it opened tells nothing while a probe is out."""
        self._failed += 1
        if admission is Admission.PROBE or (self._failed >= self._limit and not self._probing):
            self._opened_at, self._probing = now, False

    def abandoned(self, admission: Admission) -> None:
        """An admitted call was cancelled and tells nothing. If it was the probe, let another be it."""
        if admission is Admission.PROBE:
            self._probing = False

    def state(self, now: float) -> BreakerState:
        """What it does at this moment."""
        if self._opened_at is None:
            return BreakerState.CLOSED
        return BreakerState.OPEN if now - self._opened_at < self._seconds else BreakerState.HALF_OPEN

    def __repr__(self) -> str:
        return f"<Breaker {self._failed}/{self._limit} failed>"
