"""Load: keep-alive connections to the program measured, and two ways to use them.

``flood`` asks again as soon as an answer is there: what can it take? ``Path`` follows each message from its webhook to
the last send it causes, either with so many under way at any time or at a rate that waits for nobody. At a rate, times
count from the moment a message was due, so a server that falls behind cannot hide it.
"""

import asyncio  # noqa: TID251 - load and mocks cost least as callbacks, and are not what is measured
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import cast

from tests.benchmarks.outside import whole
from tests.benchmarks.people import Post

_OK = b"http/1.1 200"
_CONNECTIONS = 64
_SENDS = 2
"""Greeting and dashboard: what a message causes."""
_PATIENCE = 30.0


Answered = Callable[[bool], None]


class Refused(Exception):
    """The program under measurement did not do what is being measured."""


class Line(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self, idle: Callable[["Line"], None]) -> None:
        self._idle = idle
        self._received = b""
        self._answered: Answered | None = None
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def ask(self, request: bytes, answered: Answered) -> None:
        """Send; hear whether it was answered with 200."""
        self._answered = answered
        if self._transport is not None:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        got = whole(self._received)
        if got is None or self._answered is None:
            return
        self._received, answered, self._answered = b"", self._answered, None
        self._idle(self)
        answered(got[0].startswith(_OK))

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport, answered, self._answered = None, self._answered, None
        if answered is not None:
            answered(False)  # noqa: FBT003 - the one thing it says

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Lines:
    """Some connections; a request takes the idle one used last, or waits for one."""

    def __init__(self) -> None:
        self._every: list[Line] = []
        self._idle: list[Line] = []
        self._waiting: deque[tuple[bytes, Answered]] = deque()

    async def open(self, port: int, count: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(count):
            _, line = await loop.create_connection(lambda: Line(self._free), "127.0.0.1", port)
            self._every.append(line)
        self._idle = list(self._every)

    @property
    def idle(self) -> bool:
        """Whether a request would go out at once."""
        return bool(self._idle)

    def ask(self, request: bytes, answered: Answered) -> None:
        """Send when there is a connection for it; hear whether it was answered with 200."""
        if self._idle:
            self._idle.pop().ask(request, answered)
        else:
            self._waiting.append((request, answered))

    def close(self) -> None:
        for line in self._every:
            line.close()

    def _free(self, line: Line) -> None:
        if self._waiting:
            line.ask(*self._waiting.popleft())
        else:
            self._idle.append(line)


@asynccontextmanager
async def lines_to(port: int, count: int = _CONNECTIONS) -> AsyncIterator[Lines]:
    """Connections to a server of this machine."""
    lines = Lines()
    await lines.open(port, count)
    try:
        yield lines
    finally:
        lines.close()


async def flood(lines: Lines, requests: Iterator[bytes], *, seconds: float) -> int:
    """Keep every connection busy until the time is over or there is nothing more to ask; the count of 200s.

    Raises ``Refused`` for any other answer.
    """
    over = time.perf_counter() + seconds
    done = asyncio.Event()
    asked = answered = stored = 0

    def go_on() -> None:
        nonlocal asked
        request = next(requests, None) if time.perf_counter() < over else None
        if request is not None:
            asked += 1
            lines.ask(request, came)
        elif answered == asked:
            done.set()

    def came(ok: bool) -> None:  # noqa: FBT001 - as ``Answered``
        nonlocal answered, stored
        answered += 1
        stored += ok
        go_on()

    for _ in range(_CONNECTIONS):
        go_on()
    await asyncio.wait_for(done.wait(), seconds + _PATIENCE)
    if stored < answered:
        raise Refused(f"{answered - stored} of {answered} webhooks were refused")
    return stored


@dataclass(slots=True)
class Trip:
    """One message's way; moments of ``perf_counter``, since uvloop's clock counts whole milliseconds."""

    due: float
    stored: float | None = None
    first: float | None = None
    last: float | None = None
    sends: int = 0


class Path:
    """Messages under way through the whole of a program. ``sent`` is to hear of every send, with its phone."""

    def __init__(self, lines: Lines) -> None:
        self.trips: dict[str, Trip] = {}
        self.under_way = 0
        self.arrived = 0
        self.refused = 0
        self._lines = lines
        self._posts: Iterator[Post] = iter(())
        self._most = 0
        self._empty = asyncio.Event()

    def sent(self, phone: str) -> None:
        """A send reached the Graph API."""
        trip = self.trips.get(phone)
        if trip is None:
            return
        trip.sends += 1
        now = time.perf_counter()
        trip.first = trip.first or now
        if trip.sends == _SENDS:
            trip.last = now
            self.under_way -= 1
            self.arrived += 1
            self._fill()

    def keep(self, posts: Sequence[Post], *, under_way: int) -> None:
        """From now on have so many messages under way, until there are no more or ``stop``."""
        self._posts, self._most = iter(posts), under_way
        self._fill()

    async def offer(self, posts: Sequence[Post], *, rate: int) -> None:
        """Send so many a second, whatever becomes of them."""
        start = time.perf_counter()
        for number, post in enumerate(posts):
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self._go(post, min(due, time.perf_counter()))

    async def run_dry(self, *, seconds: float) -> None:
        """Until so many seconds are over, or there is nothing more to send and all of it has arrived."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._dry(), seconds)

    async def drain(self) -> None:
        """Send nothing more, and wait until nothing is under way."""
        self._posts = iter(())
        await asyncio.wait_for(self._dry(), _PATIENCE)

    def check(self, *, sends: int, calls: int) -> None:
        """Raises ``Refused`` unless each message caused what both programs have to do for it."""
        if (sends, calls) != (_SENDS * self.arrived, self.arrived):
            raise Refused(f"{self.arrived} messages caused {sends} sends and {calls} calls")

    async def _dry(self) -> None:
        while self.under_way:
            self._empty.clear()
            await self._empty.wait()

    def _fill(self) -> None:
        while self.under_way < self._most and self._lines.idle:
            post = next(self._posts, None)
            if post is None:
                break
            self._go(post, time.perf_counter())
        if self.under_way == 0:
            self._empty.set()

    def _go(self, post: Post, due: float) -> None:
        self.trips[post.phone] = Trip(due)
        self.under_way += 1
        self._lines.ask(post.request, partial(self._answered, post.phone))

    def _answered(self, phone: str, ok: bool) -> None:  # noqa: FBT001 - as ``Answered``
        if ok:
            self.trips[phone].stored = time.perf_counter()
        else:
            del self.trips[phone]
            self.refused += 1
            self.under_way -= 1
        self._fill()
