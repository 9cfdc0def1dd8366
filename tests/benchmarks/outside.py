"""Everything outside the program measured: credex-core and the Graph API, as cheap as can be.

Requests are taken apart by two searches, answers are bytes made beforehand. Not servers for anything but this: they
believe their clients, and know neither chunks nor pipelining.
"""

import asyncio  # noqa: TID251 - load and mocks cost least as callbacks, and are not what is measured
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_TO = b'"to":"'


def whole(received: bytes) -> tuple[bytes, bytes] | None:
    """Head and body of an HTTP message, once all of it is there."""
    end = received.find(HEAD_END)
    if end < 0:
        return None
    head, start = received[:end].lower(), end + len(HEAD_END)
    at = head.find(_LENGTH)
    length = int(head[at + len(_LENGTH) :].split(b"\r", 1)[0]) if at >= 0 else 0
    return (head, received[start:]) if len(received) >= start + length else None


def answer(body: bytes) -> bytes:
    """A 200 with this JSON."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@dataclass(slots=True)
class Outside:
    """What came, and how to answer it. ``on_send`` hears the phone of each message that reaches the Graph API."""

    core_answer: bytes
    core_seconds: float = 0.0
    graph_seconds: float = 0.0
    core_calls: int = 0
    graph_sends: int = 0
    graph_bytes: int = 0
    on_send: Callable[[str], None] = lambda _: None
    core_port: int = 0
    graph_port: int = 0
    _servers: list[asyncio.Server] = field(default_factory=list)
    _ids: "itertools.count[int]" = field(default_factory=itertools.count)

    async def open(self) -> None:
        """Listen on two free ports of this machine."""
        self.core_port = await self._listen(self._core)
        self.graph_port = await self._listen(self._graph)

    def close(self) -> None:
        """Listen no more."""
        for server in self._servers:
            server.close()

    @property
    def core_url(self) -> str:
        """Where credex-core is. By name, as in production: to read an address out of a URL takes longer."""
        return f"http://localhost:{self.core_port}"

    @property
    def graph_url(self) -> str:
        """Where the Graph API is."""
        return f"http://localhost:{self.graph_port}/v25.0"

    async def _listen(self, respond: "Respond") -> int:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Visit(respond), "127.0.0.1", 0, backlog=1024)
        self._servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    def _core(self, _body: bytes, say: Callable[[bytes], None]) -> None:
        self.core_calls += 1
        _after(self.core_seconds, say, self.core_answer)

    def _graph(self, body: bytes, say: Callable[[bytes], None]) -> None:
        self.graph_sends += 1
        self.graph_bytes += len(body)
        phone = body.partition(_TO)[2].partition(b'"')[0].decode()
        message = b'{"messaging_product":"whatsapp","contacts":[{"input":"%s","wa_id":"%s"}],"messages":[{"id":"%s"}]}'
        wamid = b"wamid.HBgMOut%044d" % next(self._ids)
        _after(self.graph_seconds, say, answer(message % (phone.encode(), phone.encode(), wamid)))
        self.on_send(phone)


def _after(seconds: float, say: Callable[[bytes], None], what: bytes) -> None:
    if seconds:
        asyncio.get_running_loop().call_later(seconds, say, what)
    else:
        say(what)


Respond = Callable[[bytes, Callable[[bytes], None]], None]


class _Visit(asyncio.Protocol):
    """One connection of a client."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond
        self._received = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._received += data
        request = whole(self._received)
        if request is not None:
            self._received = b""
            self._respond(request[1], self._say)

    def _say(self, said: bytes) -> None:
        if self._transport is not None:
            self._transport.write(said)
