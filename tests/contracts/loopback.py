"""Servers for transports to meet: real sockets on the loopback, told byte by byte what to say.

A script is called once a connection, with a ``Visitor``, the server's side of it. When the script returns, the
connection is closed. ``Loopback`` remembers what came.
"""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import trio

Stream = trio.SocketStream | trio.SSLStream[trio.SocketStream]


@dataclass
class Loopback:
    """One listening server. ``requests`` holds the raw bytes of every whole request, in the order of arrival."""

    port: int = 0
    scheme: str = "http"
    host: str = "127.0.0.1"
    connections: int = 0
    open: int = 0
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


class Visitor:
    """The server's side of a connection; ``number`` counts connections from 1."""

    def __init__(self, server: Loopback, stream: Stream, number: int) -> None:
        self.server = server
        self._held = b""
        self.stream = stream
        self.number = number

    async def request(self) -> bytes:
        """A whole request, or ``b""`` if the client hung up instead."""
        head = await self._until(b"\r\n\r\n")
        if not head:
            return b""
        body = b""
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                body = await self._exactly(int(line.split(b":")[1]))
            if line.startswith(b"transfer-encoding:"):
                body = await self._until(b"0\r\n\r\n")
        self.server.requests.append(head + body)
        return head + body

    async def say(self, said: bytes) -> None:
        await self.stream.send_all(said)

    async def silence(self) -> None:
        """Say nothing until the client hangs up."""
        while await self.stream.receive_some():
            pass

    async def _until(self, mark: bytes) -> bytes:
        while mark not in self._held:
            received = await self.stream.receive_some()
            if not received:
                return b""
            self._held += received
        return self._taken(self._held.index(mark) + len(mark))

    async def _exactly(self, count: int) -> bytes:
        while len(self._held) < count:
            received = await self.stream.receive_some()
            if not received:
                return b""
            self._held += received
        return self._taken(count)

    def _taken(self, count: int) -> bytes:
        taken, self._held = self._held[:count], self._held[count:]
        return taken


Script = Callable[[Visitor], Awaitable[None]]


@asynccontextmanager
async def serving(script: Script, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Loopback]:
    """A server that plays the script to each visitor, for as long as the block lasts."""
    server = Loopback(scheme="https" if tls else "http")
    listeners = await trio.open_tcp_listeners(0, host=server.host)
    server.port = listeners[0].socket.getsockname()[1]
    async with trio.open_nursery() as nursery:
        nursery.start_soon(  # noqa: ASYNC113 - the listeners are open already
            trio.serve_listeners, partial(_meet, server, script, tls), listeners
        )
        yield server
        nursery.cancel_scope.cancel()


async def _meet(server: Loopback, script: Script, tls: ssl.SSLContext | None, raw: trio.SocketStream) -> None:
    server.connections += 1
    number = server.connections
    stream: Stream = raw
    if tls is not None:
        stream = trio.SSLStream(raw, tls, server_side=True, https_compatible=True)
    server.open += 1
    try:
        await script(Visitor(server, stream, number))
    except trio.BrokenResourceError:
        pass  # the client left in the middle, as many of these tests make it do
    finally:
        server.open -= 1
        raw.socket.close()


async def becomes(condition: Callable[[], bool]) -> None:
    """Wait until the sockets have brought it about."""
    with trio.fail_after(2):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in the kernel
            await trio.sleep(0.001)


def saying(*answers: bytes) -> Script:
    """Answer the requests with these in turn, over whichever connection they come; the last one again and again."""

    async def script(visitor: Visitor) -> None:
        while await visitor.request():
            await visitor.say(answers[min(len(visitor.server.requests), len(answers)) - 1])

    return script


def once(answer: bytes) -> Script:
    """Answer one request of each connection and hang up."""

    async def script(visitor: Visitor) -> None:
        await visitor.request()
        await visitor.say(answer)

    return script


def ok(body: bytes = b"", *headers: bytes) -> bytes:
    """A 200 with a length."""
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def chunked(*chunks: bytes) -> bytes:
    """A 200 in chunks."""
    framed = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + framed + b"0\r\n\r\n"
