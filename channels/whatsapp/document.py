"""Bytes from Meta as one JSON object, or the reason why they are none.

One parser from end to end, so that what is checked is what is used. It is the standard library's: WhatsApp text may
hold half a surrogate pair as an escape, which stricter parsers refuse together with every message of the batch. The
standard one in turn recurses, so nesting is bounded before it runs, and takes NaN, which is refused here.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

MAX_DEPTH = 64
"""Levels of nesting surely accepted (Meta's deepest known has about a dozen); twice as many are surely refused."""

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_NO_BRACKET = bytes(byte for byte in range(256) if byte not in b"[]{}")
_EMPTY: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Malformed:
    """The bytes are not what they should be. ``reason`` is one of a few fixed phrases, safe to log and count."""

    reason: str


def decode_object(body: bytes) -> Mapping[str, object] | Malformed:
    """The JSON object in ``body``. Never raises; linear in the size of the body."""
    if not _is_shallow(body):
        return Malformed("nested too deep")
    try:
        document: object = _DECODER.decode(body.decode())
    except UnicodeDecodeError:
        return Malformed("not UTF-8")
    except ValueError:
        return Malformed("not JSON")
    return document if isinstance(document, dict) else Malformed("not an object")


def encode(document: object) -> bytes:
    """Decoded JSON as bytes again, whatever its strings hold."""
    try:
        return msgspec.json.encode(document)
    except UnicodeEncodeError:  # half a surrogate pair: only an escape can say it
        return json.dumps(document, separators=(",", ":")).encode()


def mapping(value: object) -> Mapping[str, object]:
    """``value`` if it is an object, else an empty one: for parts that may be missing or of the wrong type."""
    return value if isinstance(value, dict) else _EMPTY


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _is_shallow(body: bytes) -> bool:
    """Each pass takes away the innermost level (two at most); what is left at the end was nested too deep."""
    if body.count(b"[") + body.count(b"{") <= MAX_DEPTH:
        return True
    brackets = _STRING.sub(b"", body).translate(None, _NO_BRACKET)
    for _ in range(MAX_DEPTH):
        outer = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if len(outer) == len(brackets):
            break
        brackets = outer
    return not brackets
