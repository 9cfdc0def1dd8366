"""httpx's requests and answers in HTTP/1.1's words; pure.

An illegal request is found here, before a connection is taken: ``httpx.LocalProtocolError`` proves that nothing was
sent. Its message never repeats the header it complains of, since that may be somebody's token.
"""

import re
from math import inf
from typing import NamedTuple

import h11
import httpx

from actors.http1.head import Headers
from actors.transport import plain
from actors.transport.limits import Limits

_PORTS = {"http": 80, "https": 443}
_PROMISE = re.compile(rb"\btimeout=([0-9]{1,6})\b")
_MARGIN_SECONDS = 1.0
_END = h11.EndOfMessage()


class Origin(NamedTuple):
    """Whom to connect to; connections of one origin are interchangeable."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: httpx.URL) -> "Origin":
        """Raises ``httpx.UnsupportedProtocol`` for anything but http and https."""
        scheme = url.scheme
        if scheme not in _PORTS:
            raise httpx.UnsupportedProtocol(f"only http and https are spoken here, not {scheme!r}")
        return cls(scheme, url.raw_host.decode("ascii"), url.port or _PORTS[scheme])


class Opening(NamedTuple):
    """A request found legal. ``sent`` is the first send; ``rest`` what is streamed after it.

    ``http`` has written the request and will read the answer; ``None`` for a plain request, where it is not needed
    unless the answer is not plain.
    """

    request: httpx.Request
    sent: bytes
    http: h11.Connection | None
    rest: httpx.AsyncByteStream | None

    @classmethod
    def of(cls, request: httpx.Request, limits: Limits) -> "Opening":
        """Head and body make one send if the body is known: small packets in a row would wait for one another.

        Raises ``httpx.LocalProtocolError``, and ``TypeError`` for a body that only blocking code can iterate.
        """
        body = request.stream
        if isinstance(body, httpx.ByteStream):
            content = b"".join(body)
            sent = plain.write(request, content)
            return cls(request, sent, None, None) if sent else cls(request, *_by_h11(request, content, limits), None)
        if not isinstance(body, httpx.AsyncByteStream):
            raise TypeError("a request on Trio needs a body that can be iterated asynchronously")
        return cls(request, *_by_h11(request, None, limits), body)

    def reader(self, limits: Limits) -> h11.Connection:
        """h11, at the point where it has written this request."""
        if self.http is not None:
            return self.http
        return _by_h11(self.request, self.request.content, limits)[1]


def piece(http: h11.Connection, chunk: bytes | None) -> bytes:
    """A chunk of a streamed body, or its end for ``None``, framed as the head announced.

    A body that belies its head is ``httpx.WriteError``: the head has left already.
    """
    try:
        return http.send(_END if chunk is None else h11.Data(chunk))
    except h11.LocalProtocolError as error:
        raise httpx.WriteError(f"the request's body is not as its head said: {error}") from error


def _by_h11(request: httpx.Request, content: bytes | None, limits: Limits) -> tuple[bytes, h11.Connection]:
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=limits.head_bytes)
    try:
        head = h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw)
        sent = http.send(head)
        if content:
            sent += http.send(h11.Data(content))
        if content is not None:
            sent += http.send(_END)
    except h11.LocalProtocolError:
        cause = "the request is not legal HTTP/1.1, nothing of it was sent; look at its headers"
        raise httpx.LocalProtocolError(cause) from None
    return sent, http


def answer(status: int, reason: bytes, headers: Headers, body: bytes) -> httpx.Response:
    """The whole answer, read. Raises ``httpx.DecodingError`` for a body that is not encoded as its head says.

    httpx would read it later through a pile of asynchronous generators, and leave them to the garbage collector,
    which Trio warns of, when the decoding fails. Even ``read`` takes longer than all of this for a body that needs no
    decoding, so such a one is put where ``read`` would.
    """
    made = httpx.Response(
        status,
        headers=headers,
        stream=httpx.ByteStream(body),
        extensions={"http_version": b"HTTP/1.1", "reason_phrase": reason},
    )
    if "content-encoding" in made.headers:
        made.read()
    else:
        made._content = body  # noqa: SLF001 - httpx offers no public way for a body that is there already
        made.is_stream_consumed = made.is_closed = True
    return made


def promised_idle(headers: Headers) -> float:
    """For how many seconds the peer will keep the connection for us when idle, less a margin for the way.

    Read from ``Keep-Alive: timeout=5``, as Node and others send it. A request that meets the peer's own closing on the
    wire is lost with its fate unknown, which for money means asking a human; so we stop using the connection first.
    """
    for name, value in headers:
        if name.lower() == b"keep-alive":
            promise = _PROMISE.search(value)
            return float(promise[1]) - _MARGIN_SECONDS if promise else inf
    return inf
