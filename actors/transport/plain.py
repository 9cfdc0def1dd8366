"""The plain exchange, written and read without a state machine; pure.

Nearly every call of ours is alike: a small request with a known body, and an answer with a length that arrives in one
read. That case is recognised here, by one regular expression each way, and whatever is not evidently plain is left to
h11: ``None`` never means wrong, only "not for me". The tests hold this module to h11's word on random input.
"""

import re
from functools import lru_cache
from typing import NamedTuple

import httpx

from actors.http1 import head
from actors.transport.limits import Limits

_OPENING = re.compile(rb"[A-Z]+ [\x21-\x7e]+ HTTP/1\.1\r\n" + head.FIELDS)
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
    fields, length, ending = tuple(request.headers.raw), len(content), b"\r\n"
    allowed: tuple[int | None, ...] = (length,) if content else (0, None)
    if fields and fields[-1] == (b"Content-Length", b"%d" % length):
        fields, allowed, ending = fields[:-1], (None,), b"Content-Length: %d\r\n\r\n" % length
    opening = _opening(request.method, request.url.raw_path, fields, allowed)
    return None if opening is None else opening + ending + content


@lru_cache(maxsize=64)
def _opening(
    method: str, path: bytes, fields: tuple[tuple[bytes, bytes], ...], allowed: tuple[int | None, ...]
) -> bytes | None:
    """The request line and the headers, if these declare a length allowed. Kept, since a server's calls are alike."""
    headers = list(fields)
    if method not in _METHODS or head.hosts(headers) != 1 or head.length(headers) not in allowed:
        return None
    lines = b"".join([b"%s: %s\r\n" % field for field in headers])
    opening = b"%s %s HTTP/1.1\r\n%s" % (method.encode("ascii"), path, lines)
    # A line break smuggled into a value makes a line more than there are headers.
    return opening if opening.count(b"\n") == len(headers) + 1 and _OPENING.fullmatch(opening) else None


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
