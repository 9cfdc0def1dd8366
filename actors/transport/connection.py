"""One connection: an exchange at a time, over a Trio stream.

An answer is read whole before it is returned. That bounds it (``Limits.body_bytes``), frees the connection at a known
moment whatever the caller does with the answer, and lets one cancel scope with a moving deadline serve all phases.

What went wrong says what may have happened. ``WriteError``, ``WriteTimeout``, ``ReadError``, ``ReadTimeout``,
``RemoteProtocolError``: bytes may have left, and the peer may have acted on them. After any of these, and after
cancellation, the exchange has not come to rest: ``renew`` says no and the connection is closed. Nothing is ever sent
twice.
"""

from math import inf

import h11
import httpx
import trio

from actors.http1.head import Headers
from actors.http1.stream import TcpStream
from actors.transport import plain, wire
from actors.transport.limits import Limits, Patience

Stream = TcpStream | trio.SSLStream[TcpStream]

_READ_BYTES = 16 * 1024
_INTERIM_ANSWERS = 16
_NEAR_SECONDS = 0.05


class Connection:
    """An open connection. ``now`` and the moments of ``renew`` and ``usable`` are of one clock, in seconds."""

    __slots__ = ("_born", "_good_until", "_limits", "_promised", "_rests", "_sending", "_stream")

    def __init__(self, stream: Stream, limits: Limits, *, now: float) -> None:
        self._stream = stream
        self._limits = limits
        self._born = now
        self._good_until = now
        self._promised = inf
        self._sending = False
        self._rests = True

    async def exchange(self, opening: wire.Opening, patience: Patience) -> httpx.Response:
        """Send a request, return its whole answer. Raises as the module says; a streamed body's errors pass through."""
        self._rests = False
        self._sending = True
        with trio.CancelScope(deadline=min(trio.current_time() + patience.write, patience.until)) as scope:
            await self._write(opening.sent, patience, scope)
            if opening.rest is not None:
                await self._stream_rest(opening.reader(self._limits), opening.rest, patience, scope)
            self._sending = False
            return await self._receive(opening, patience, scope)
        if self._sending:
            raise httpx.WriteTimeout("the peer did not take the request in time; part of it may have left")
        raise httpx.ReadTimeout("the answer did not come in time")

    def renew(self, now: float) -> bool:
        """Make ready for another exchange; ``False`` if there can be none and all that is left is to close."""
        if not self._rests or self._has_more():
            return False
        idle_seconds = min(self._limits.idle_seconds, self._promised)
        self._good_until = min(now + idle_seconds, self._born + self._limits.age_seconds)
        return now < self._good_until

    def expired(self, now: float) -> bool:
        """Too old, or idle for too long."""
        return now >= self._good_until

    def usable(self, now: float) -> bool:
        """Fresh and silent: an idle peer has nothing to say but that it is leaving. Costs one ``poll``."""
        return now < self._good_until and not self._tcp().is_readable()

    def close(self) -> None:
        """Let go at once. Does not wait, so it serves under cancellation too; TLS ends without a goodbye."""
        self._tcp().close()

    def _tcp(self) -> TcpStream:
        stream = self._stream
        return stream.transport_stream if isinstance(stream, trio.SSLStream) else stream

    def _has_more(self) -> bool:
        """The peer sent more than its answer. Read as the next answer, that would be somebody else's.

        What is still in the socket ``usable`` sees; this is what TLS has taken out of it already.
        """
        stream = self._stream
        if not isinstance(stream, trio.SSLStream):
            return False
        return bool(stream.pending() or stream._incoming.pending)  # noqa: SLF001 - Trio does not tell otherwise

    async def _write(self, sent: bytes, patience: Patience, scope: trio.CancelScope) -> None:
        _move(scope, min(trio.current_time() + patience.write, patience.until))
        try:
            await self._stream.send_all(sent)
        except (trio.BrokenResourceError, trio.ClosedResourceError) as error:
            raise httpx.WriteError(f"the connection broke while sending: {_cause(error)}") from error

    async def _stream_rest(
        self, http: h11.Connection, body: httpx.AsyncByteStream, patience: Patience, scope: trio.CancelScope
    ) -> None:
        scope.deadline = patience.until
        async for chunk in body:
            await self._write(wire.piece(http, chunk), patience, scope)
            scope.deadline = patience.until
        await self._write(wire.piece(http, None), patience, scope)

    async def _receive(self, opening: wire.Opening, patience: Patience, scope: trio.CancelScope) -> httpx.Response:
        received = await self._read(patience, scope)
        if opening.http is None:
            answer = plain.read(received, self._limits)
            if answer is not None:
                self._come_to_rest(answer.headers)
                return wire.answer(answer.status, answer.reason, answer.headers, answer.body)
        http = opening.reader(self._limits)
        _feed(http, received)
        return await self._receive_by_h11(http, patience, scope)

    async def _receive_by_h11(
        self, http: h11.Connection, patience: Patience, scope: trio.CancelScope
    ) -> httpx.Response:
        head = await self._head(http, patience, scope)
        parts: list[bytes] = []
        room = self._limits.body_bytes
        while isinstance(event := await self._event(http, patience, scope), h11.Data):
            room -= len(event.data)
            if room < 0:
                raise httpx.ReadError(f"the answer is longer than {self._limits.body_bytes} bytes")
            parts.append(event.data)
        if not isinstance(event, h11.EndOfMessage):
            raise httpx.RemoteProtocolError("the answer did not end as HTTP/1.1 says")
        headers = head.headers.raw_items()
        if http.our_state is h11.DONE and http.their_state is h11.DONE and not http.trailing_data[0]:
            self._come_to_rest(headers)
        return wire.answer(head.status_code, head.reason, headers, b"".join(parts))

    async def _head(self, http: h11.Connection, patience: Patience, scope: trio.CancelScope) -> h11.Response:
        for _ in range(_INTERIM_ANSWERS):
            event = await self._event(http, patience, scope)
            if isinstance(event, h11.Response):
                return event
        raise httpx.RemoteProtocolError("the peer went on to something else, or gave interim answers without end")

    async def _event(
        self, http: h11.Connection, patience: Patience, scope: trio.CancelScope
    ) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        while True:
            try:
                event = http.next_event()
            except h11.RemoteProtocolError as error:
                raise httpx.RemoteProtocolError(str(error)[:200]) from error
            if event is not h11.NEED_DATA:
                return event
            _feed(http, await self._read(patience, scope))

    async def _read(self, patience: Patience, scope: trio.CancelScope) -> bytes:
        _move(scope, min(trio.current_time() + patience.read, patience.until))
        try:
            return bytes(await self._stream.receive_some(_READ_BYTES))
        except (trio.BrokenResourceError, trio.ClosedResourceError) as error:
            raise httpx.ReadError(f"the connection broke before the answer was whole: {_cause(error)}") from error

    def _come_to_rest(self, headers: Headers) -> None:
        self._promised = wire.promised_idle(headers)
        self._rests = True


def _move(scope: trio.CancelScope, deadline: float) -> None:
    """Set the deadline, unless it is as good as there: to move one costs more than to send a request."""
    if abs(deadline - scope.deadline) > _NEAR_SECONDS:
        scope.deadline = deadline


def _feed(http: h11.Connection, received: bytes) -> None:
    if not received and http.their_state is h11.SEND_RESPONSE:
        raise httpx.RemoteProtocolError("the peer closed the connection without an answer")
    http.receive_data(received)


def _cause(error: Exception) -> object:
    return error.__cause__ or error
