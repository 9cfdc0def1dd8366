"""The plain exchange, written and read without a state machine; pure.

Nearly every call of ours is alike: a small request with a known body, and an answer with a length that arrives in one
read. h11 follows every turn that HTTP/1.1 can take, and costs more than the rest of the transport together. So the
plain case is recognised here, by one regular expression each way, and whatever is not evidently plain is left to h11:
``None`` never means wrong, only "not for me". The tests hold this module to h11's word on random input.
"""

import re
from dataclasses import dataclass

import httpx

from actors.transport.limits import Limits

Headers = list[tuple[bytes, bytes]]

_NAME = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_VISIBLE = rb"[\x21-\x7e\x80-\xff]"
_VALUE = rb"(?:" + _VISIBLE + rb"(?:[\t\x20-\x7e\x80-\xff]*" + _VISIBLE + rb")?)?"
_REQUEST_HEAD = re.compile(rb"[A-Z]+ [\x21-\x7e]+ HTTP/1\.1\r\n(?:" + _NAME + rb": " + _VALUE + rb"\r\n)+\r\n")
_ANSWER_HEAD = re.compile(
    rb"HTTP/1\.1 ([2-5][0-9][0-9]) ([\x20-\x7e]*)\r\n((?:" + _NAME + rb":[ \t]*+" + _VALUE + rb"\r\n)+)\r\n"
)
_FIELD = re.compile(rb"(" + _NAME + rb"):[ \t]*+(" + _VALUE + rb")\r\n")
_LENGTH = re.compile(rb"[0-9]{1,12}")

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_BODILESS = frozenset({b"204", b"304"})
_OF_THE_CONNECTION = frozenset({b"connection", b"content-length", b"expect", b"transfer-encoding", b"upgrade"})


@dataclass(frozen=True, slots=True)
class PlainAnswer:
    """A whole answer, after which the connection rests."""

    status: int
    reason: bytes
    headers: Headers
    body: bytes


def write(request: httpx.Request, content: bytes) -> bytes | None:
    """The whole request, to be sent at once."""
    headers = request.headers.raw
    if request.method not in _METHODS or not _is_framed(headers, len(content)):
        return None
    lines = b"".join([b"%s: %s\r\n" % field for field in headers])
    head = b"%s %s HTTP/1.1\r\n%s\r\n" % (request.method.encode("ascii"), request.url.raw_path, lines)
    # A line break smuggled into a value makes a line more than there are headers.
    if head.count(b"\n") != len(headers) + 2 or not _REQUEST_HEAD.fullmatch(head):
        return None
    return head + content


def read(received: bytes, limits: Limits) -> PlainAnswer | None:
    """The answer, if ``received`` is one and nothing else. Not for answers to ``HEAD``."""
    head = _ANSWER_HEAD.match(received)
    if head is None or head.end() > limits.head_bytes:
        return None
    status, reason, block = head.groups()
    headers: Headers = _FIELD.findall(block)
    body = received[head.end() :]
    if status in _BODILESS or len(body) > limits.body_bytes or _length(headers) != len(body):
        return None
    return PlainAnswer(int(status), reason, headers, body)


def _is_framed(headers: Headers, length: int) -> bool:
    if [name.lower() for name, _ in headers].count(b"host") != 1:
        return False
    declared = _length(headers)
    return declared == length or (declared is None and length == 0)


def _length(headers: Headers) -> int | None:
    """The declared length. ``None`` without one; -1, which no body has, where the headers say anything further."""
    declared = None
    for name, value in headers:
        key = name.lower()
        if key not in _OF_THE_CONNECTION or (key == b"connection" and value.lower() == b"keep-alive"):
            continue
        if key != b"content-length" or declared is not None or not _LENGTH.fullmatch(value):
            return -1
        declared = int(value)
    return declared
