"""Plain webhooks, answered without an HTTP server's machinery; everything else goes on to one.

Nearly all that comes in is alike: a ``POST`` to the webhook's path, its head whole in one read and plain, its length
known. Such a request is read here by one regular expression and answered by one send. At the first bytes that are
anything else (another path, a body in chunks, a head in two pieces) the connection is handed over, with these bytes
put back, to the server that speaks all of HTTP, for the rest of its life. So nothing is refused here that the server
would take, and nothing is read in another way: the tests hold this module to h11's word.

A connection on which nothing new was asked for ``IDLE_SECONDS``, or twice that, is closed; one that is idle ends at
once when the server stops, and a request under way then still gets its answer.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from email.utils import format_datetime
from http import HTTPStatus
from math import inf
from typing import NamedTuple, Protocol

import trio

from actors.http1 import head
from actors.http1.stream import TcpStream
from runtime.clock import Clock

IDLE_SECONDS = 75.0
"""Much longer than any request takes by the application's own limits, so this bounds an answer nobody reads as well."""


class PlainApplication(Protocol):
    """What answers plain requests to ``path``.

    Bodies have at most ``largest`` bytes, and arrive within ``slowest`` seconds.
    """

    @property
    def path(self) -> str: ...  # noqa: D102 - the class says what

    @property
    def largest(self) -> int: ...  # noqa: D102 - the class says what

    @property
    def slowest(self) -> float: ...  # noqa: D102 - the class says what

    async def answer(self, headers: Mapping[bytes, bytes], body: bytes) -> tuple[int, bytes]:
        """Status and text. Bounded in time; names of headers are in lower case."""
        ...


class Contain(Protocol):
    """Awaits a call and absorbs its failure, as ``Supervisor.contain`` does."""

    async def __call__(self, name: str, call: Callable[[], Awaitable[None]]) -> Exception | None:
        """The failure, if it failed."""
        ...


class PlainRequest(NamedTuple):
    """A head that was read, and where in the bytes received its body lies."""

    headers: Mapping[bytes, bytes]
    begins: int
    ends: int


class PlainDoor:
    """Answers the plain requests of one application."""

    def __init__(self, application: PlainApplication, *, clock: Clock, contain: Contain) -> None:
        self._application = application
        self._contain = contain
        self._dates = _Dates(clock)
        path = re.escape(application.path.encode())
        self._head = re.compile(rb"POST " + path + rb" HTTP/1\.1\r\n(" + head.FIELDS + rb")\r\n")
        self._idle: set[trio.CancelScope] = set()
        self._closing = False

    async def converse(self, stream: TcpStream, onward: Callable[[TcpStream], Awaitable[None]]) -> None:
        """Answer until either side ends it, or let ``onward`` go on. The stream is its owner's to close."""
        try:
            with trio.CancelScope() as scope:
                received = await self._answer_all(stream, scope)
                if received is not None:
                    scope.deadline = inf
                    stream.unread(received)
                    await onward(stream)
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            pass  # the peer left

    def close(self) -> None:
        """End what is idle now, and the rest with the answer under way."""
        self._closing = True
        for scope in self._idle:
            scope.cancel()

    def read(self, received: bytes) -> PlainRequest | None:
        """The head of a plain request, or ``None`` for whatever else these bytes are."""
        found = self._head.match(received)
        if found is None:
            return None
        headers = head.fields(found[1])
        length = head.length(headers)
        if length is None or not 0 <= length <= self._application.largest or head.hosts(headers) != 1:
            return None
        return PlainRequest({name.lower(): value for name, value in headers}, found.end(), found.end() + length)

    async def _answer_all(self, stream: TcpStream, scope: trio.CancelScope) -> bytes | None:
        """Answer plain requests. What was received of one that is not; ``None`` when the conversation is over."""
        received: bytes | None = b""
        while received is not None:
            received = received or await self._next(stream, scope)
            if not received:
                break
            request = self.read(received)
            if request is None:
                return received
            received = await self._answer(stream, request, received)
        return None

    async def _next(self, stream: TcpStream, scope: trio.CancelScope) -> bytes:
        if self._closing:
            return b""
        now = trio.current_time()
        if not IDLE_SECONDS < scope.deadline - now < inf:  # to move a deadline is dear, so it is moved seldom
            scope.deadline = now + 2 * IDLE_SECONDS
        self._idle.add(scope)
        try:
            return await stream.receive_some()
        finally:
            self._idle.discard(scope)

    async def _answer(self, stream: TcpStream, request: PlainRequest, received: bytes) -> bytes | None:
        """Answer one request. What was received after it; ``None`` when the connection is to end."""
        if len(received) < request.ends:
            with trio.move_on_after(self._application.slowest) as limit:
                received = await _received_until(stream, request.ends, received)
            if limit.cancelled_caught:
                await self._say(stream, 408, b"too slow", last=True)
                return None
            if len(received) < request.ends:
                return None
        status, text = await self._asked(request.headers, received[request.begins : request.ends])
        last = self._closing
        await self._say(stream, status, text, last=last)
        return None if last else received[request.ends :]

    async def _asked(self, headers: Mapping[bytes, bytes], body: bytes) -> tuple[int, bytes]:
        answer = 500, b""

        async def ask() -> None:
            nonlocal answer
            answer = await self._application.answer(headers, body)

        await self._contain(self._application.path, ask)
        return answer

    async def _say(self, stream: TcpStream, status: int, text: bytes, *, last: bool) -> None:
        await stream.send_all(
            b"HTTP/1.1 %d %s\r\ndate: %s\r\n%s%scontent-length: %d\r\n\r\n%s"
            % (status, _REASONS[status], self._dates.now(), _HEADERS, _LAST if last else b"", len(text), text)
        )


_HEADERS = b"content-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n"
_LAST = b"connection: close\r\n"
_REASONS = {status.value: status.phrase.encode() for status in HTTPStatus}


class _Dates:
    """The date as HTTP writes it, put into words once a second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._second = -1
        self._words = b""

    def now(self) -> bytes:
        second = int(trio.current_time())
        if second != self._second:
            self._second, self._words = second, format_datetime(self._clock.now(), usegmt=True).encode()
        return self._words


async def _received_until(stream: TcpStream, ends: int, received: bytes) -> bytes:
    """At least so many bytes, or fewer if the peer ended."""
    parts, missing = [received], ends - len(received)
    while missing > 0 and (part := await stream.receive_some()):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
