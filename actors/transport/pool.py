"""The connections of one origin: who may use which, and who waits.

Idle connections are a stack: the one used last is the likeliest to be alive, and those at the bottom of a burst expire
and go. Each time one is wanted the expired at the bottom are closed and only the top is asked whether its peer
has left, so the cost of a request does not grow with the pool.

``open`` counts slots: idle, in use, or being opened. With no slot free a caller parks, first come first served. Whoever
gives a connection back hands it to the first in line, or hands over the bare slot if the connection cannot be used
again; so while anyone waits nothing is idle, and no newcomer overtakes.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import httpx
import trio

from actors.transport.limits import Patience


class Pooled(Protocol):
    """What the pool asks of a connection; see ``Connection``."""

    def renew(self, now: float) -> bool:
        """Make ready for another exchange, or say that there can be none."""
        ...

    def expired(self, now: float) -> bool:
        """Too old, or idle for too long."""
        ...

    def usable(self, now: float) -> bool:
        """Fresh, and the peer is still there."""
        ...

    def close(self) -> None:
        """Let go at once."""
        ...


C = TypeVar("C", bound=Pooled)


@dataclass(frozen=True, slots=True)
class Statistics:
    """Connections now (``open`` holds ``idle`` and those being opened), callers waiting, and counts since the start."""

    open: int = 0
    idle: int = 0
    waiting: int = 0
    created: int = 0
    reused: int = 0

    def __add__(self, other: "Statistics") -> "Statistics":
        return Statistics(
            self.open + other.open,
            self.idle + other.idle,
            self.waiting + other.waiting,
            self.created + other.created,
            self.reused + other.reused,
        )


class Pool(Generic[C]):
    """At most ``limit`` connections made by ``connect``. ``now`` tells seconds on the clock of the connections."""

    def __init__(self, connect: Callable[[Patience], Awaitable[C]], now: Callable[[], float], *, limit: int) -> None:
        self._connect = connect
        self._now = now
        self._limit = limit
        self._idle: deque[C] = deque()
        self._line = trio.lowlevel.ParkingLot()
        self._handed: dict[trio.lowlevel.Task, C | None] = {}
        self._open = 0
        self._created = 0
        self._reused = 0
        self._closed = False

    async def take(self, patience: Patience) -> C:
        """A connection for the caller alone, to be given back in any case.

        Raises ``httpx.PoolTimeout`` and what ``connect`` raises. Cancelled, it holds nothing.
        """
        if self._closed:
            raise httpx.ConnectError("the transport is closed")
        connection = self._top()
        if connection is None and self._open < self._limit:
            self._open += 1
        elif connection is None:
            connection = await self._wait(patience)
        if connection is None:
            return await self._create(patience)
        self._reused += 1
        return connection

    def give_back(self, connection: C) -> None:
        """Keep it for the next, or close it if it cannot be used again."""
        if self._closed or not connection.renew(self._now()):
            connection.close()
            self._vacate()
        elif self._line:
            self._hand(connection)
        else:
            self._idle.append(connection)

    def close(self) -> None:
        """Close what is idle; what is in use goes when given back. Callers in line still get their turn."""
        self._closed = True
        while self._idle:
            self._drop(self._idle.pop())

    def statistics(self) -> Statistics:
        """How things stand."""
        return Statistics(self._open, len(self._idle), len(self._line), self._created, self._reused)

    def _top(self) -> C | None:
        now = self._now()
        while self._idle and self._idle[0].expired(now):
            self._drop(self._idle.popleft())
        while self._idle:
            connection = self._idle.pop()
            if connection.usable(now):
                return connection
            self._drop(connection)
        return None

    async def _wait(self, patience: Patience) -> C | None:
        """A connection, or ``None`` and with it the slot to open one."""
        with trio.CancelScope(deadline=min(trio.current_time() + patience.pool, patience.until)):
            await self._line.park()
            connection = self._handed.pop(trio.lowlevel.current_task())
            if connection is not None and not connection.usable(self._now()):
                connection.close()
                return None
            return connection
        raise httpx.PoolTimeout(f"all {self._limit} connections are in use")

    async def _create(self, patience: Patience) -> C:
        connection = None
        try:
            connection = await self._connect(patience)
        finally:
            if connection is None:
                self._vacate()
        self._created += 1
        return connection

    def _vacate(self) -> None:
        if self._line:
            self._hand(None)
        else:
            self._open -= 1

    def _hand(self, connection: C | None) -> None:
        # Once unparked a task cannot be cancelled before it runs, so what is handed is never lost.
        (task,) = self._line.unpark()
        self._handed[task] = connection

    def _drop(self, connection: C) -> None:
        connection.close()
        self._open -= 1
