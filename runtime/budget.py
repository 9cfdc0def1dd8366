"""A rate budget: how many calls may leave in a while, who goes first, and until when everybody is held back.

The far side counts the calls of an address, so all callers of this process share one budget. Three things hold a call
back, and whichever lasts longest counts:

* the rate, if one is known: no more than ``calls`` in any ``period``, wherever the far side's own window begins;
* a wish for quiet (``hold_back``): what was told to one caller holds for all;
* the ramp after it, or after an outage (``resume``): in each second twice as many as in the one before, so that those
  who waited do not all come at once.

Who waits goes by priority, the lowest number first, and in order of arrival within one. Every fourth place goes to
whoever has waited longest, whatever their priority: the many urgent ones do not shut out the rest. Nobody waits in
vain: a call whose turn cannot come by its own time limit is refused at once. So those who wait are as few as can be
served within the longest limit, and looking through them is cheap.

Pure in time: callers pass ``now``, in seconds of any steady clock.
"""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

_EVERY_FOURTH = 4
_RAMP_SECONDS = 7
"""In the last of them 64 calls may leave; then there is no telling a ramp from none."""


@dataclass(slots=True, eq=False)
class Ticket:
    """One call's place in the queue. Its holder waits ``until`` then at the longest."""

    priority: int
    until: float
    admitted: bool = False


@dataclass(frozen=True, slots=True)
class BudgetStatistics:
    """``waiting`` is by priority; ``blocked_seconds`` are left of a wish for quiet; totals count from the start."""

    recent: int
    waiting: Mapping[int, int]
    blocked_seconds: float
    held_back: int
    refused: int
    wishes: int


class Budget:
    """Shared by all who call one address. Without ``calls`` there is no rate to keep to, only wishes for quiet.

    ``longest_quiet`` bounds a wish, in seconds: one header of a confused proxy does not stop us for days.
    """

    def __init__(self, *, calls: int | None = None, period: float = 61.0, longest_quiet: float = 300.0) -> None:
        self._calls = calls
        self._period = period
        self._longest_quiet = longest_quiet
        self._left: deque[float] = deque(maxlen=calls or 0)
        self._waiting: list[Ticket] = []
        self._quiet_until = -inf
        self._ramp_from = -inf
        self._ramped = 0
        self._places = self._held_back = self._refused = self._wishes = 0

    def ask(self, priority: int, until: float, now: float) -> Ticket | None:
        """Leave to call, or a place in the queue (``Ticket.admitted``); ``None`` if its turn cannot come in time."""
        ticket = Ticket(priority, until)
        ahead = sum(other.priority <= priority for other in self._waiting)
        earliest = self._earliest(ahead, now)
        if earliest > until:
            self._refused += 1
            return None
        if not self._waiting and earliest <= now:
            self._let_go(ticket, now)
        else:
            self._held_back += 1
            self._waiting.append(ticket)
        return ticket

    def admit(self, now: float) -> list[Ticket]:
        """Those whose turn has come; they are out of the queue, and their calls are counted."""
        admitted: list[Ticket] = []
        while self._waiting and self._earliest(0, now) <= now:
            ticket = self._next()
            self._waiting.remove(ticket)
            self._let_go(ticket, now)
            admitted.append(ticket)
        return admitted

    def withdraw(self, ticket: Ticket) -> None:
        """Its holder waits no more. Idempotent."""
        if ticket in self._waiting:
            self._waiting.remove(ticket)

    def next_at(self, now: float) -> float:
        """When the next turn comes, if nothing happens before."""
        return self._earliest(0, now)

    def hold_back(self, seconds: float, now: float) -> None:
        """The far side wants quiet for so long. It counts for everybody, and a longer one stands."""
        self._wishes += 1
        until = now + min(max(seconds, 0.0), self._longest_quiet)
        if until > self._quiet_until:
            self._quiet_until = until
            self.resume(until)

    def resume(self, now: float) -> None:
        """The far side is back from now on: begin slowly."""
        self._ramp_from, self._ramped = now, 0

    def statistics(self, now: float) -> BudgetStatistics:
        """The figures of this moment."""
        return BudgetStatistics(
            recent=sum(at > now - self._period for at in self._left),
            waiting=Counter(ticket.priority for ticket in self._waiting),
            blocked_seconds=max(0.0, self._quiet_until - now),
            held_back=self._held_back,
            refused=self._refused,
            wishes=self._wishes,
        )

    def __repr__(self) -> str:
        return f"<Budget {self._calls or 'any number of'} calls, {len(self._waiting)} waiting>"

    def _next(self) -> Ticket:
        self._places += 1
        if self._places % _EVERY_FOURTH == 0:
            return self._waiting[0]
        return min(self._waiting, key=lambda ticket: ticket.priority)  # of equals the first, which came first

    def _let_go(self, ticket: Ticket, now: float) -> None:
        ticket.admitted = True
        self._left.append(now)
        self._ramped += 1

    def _earliest(self, ahead: int, now: float) -> float:
        """When the call after ``ahead`` others may leave, as far as is known now."""
        return max(now, self._quiet_until, self._by_ramp(ahead), self._by_rate(ahead, now))

    def _by_ramp(self, ahead: int) -> float:
        """2^n calls in second n: the call of that number is in the second its number has binary digits, less one."""
        return self._ramp_from + min((self._ramped + ahead + 1).bit_length() - 1, _RAMP_SECONDS)

    def _by_rate(self, ahead: int, now: float) -> float:
        if self._calls is None:
            return now
        # A call may leave when the one that is ``calls`` before it has left the period.
        rounds, place = divmod(ahead, self._calls)
        before = len(self._left) - self._calls + place
        first = self._left[before] + self._period if before >= 0 else now
        return max(first, now) + rounds * self._period
