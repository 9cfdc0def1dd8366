"""The plain exchange, written and read without a state machine; pure.

Nearly every call of ours is alike: a small request with a known body, and an answer with a length that arrives in one
read. That case is recognised here, by one regular expression each way, and whatever is not evidently plain is left to
h11: ``None`` never means wrong, only "not for me". The tests hold this module to h11's word on random input.
"""

import re
from typing import NamedTuple

import httpx

from actors.http1 import head
from actors.transport.limits import Limits

_REQUEST_HEAD = re.compile(rb"[A-Z]+ [\x21-\x7e]+ HTTP/1\.1\r\n" + head.FIELDS + rb"\r\n")
_ANSWER_HEAD = re.compile(rb"HTTP/1\.1 ([2-5][0-9][0-9]) ([\x20-\x7e]*)\r\n(" + head.FIELDS + rb")\r\n")

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_BODILESS = frozenset({b"204", b"304"})


class PlainAnswer(NamedTuple):
    """A whole answer, after which the connection rests."""

    status: int
    reason: bytes
    headers: head.Headers
    body: bytes


def write(request: httpx.Request, content: bytes) -> bytes | None:
    """The whole request, to be sent at once."""
    headers = request.headers.raw
    if request.method not in _METHODS or not _is_framed(headers, len(content)):
        return None
    lines = b"".join([b"%s: %s\r\n" % field for field in headers])
    opening = b"%s %s HTTP/1.1\r\n%s\r\n" % (request.method.encode("ascii"), request.url.raw_path, lines)
    # A line break smuggled into a value makes a line more than there are headers.
    if opening.count(b"\n") != len(headers) + 2 or not _REQUEST_HEAD.fullmatch(opening):
        return None
    return opening + content


def read(received: bytes, limits: Limits) -> PlainAnswer | None:
    """The answer, if ``received`` is one and nothing else. Not for answers to ``HEAD``."""
    found = _ANSWER_HEAD.match(received)
    if found is None or found.end() > limits.head_bytes:
        return None
    status, reason, block = found.groups()
    headers = head.fields(block)
    body = received[found.end() :]
    if status in _BODILESS or len(body) > limits.body_bytes or head.length(headers) != len(body):
        return None
    return PlainAnswer(int(status), reason, headers, body)


def _is_framed(headers: head.Headers, length: int) -> bool:
    if head.hosts(headers) != 1:
        return False
    declared = head.length(headers)
    return declared == length or (declared is None and length == 0)
