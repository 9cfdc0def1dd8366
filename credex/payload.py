"""JSON from outside into typed values, or ``MalformedPayload``: the one way in which reading can fail."""

from typing import TypeVar

import msgspec

T = TypeVar("T")


class MalformedPayload(Exception):
    """What came is not what was agreed. Names the part, never its content: content may hold phones and tokens."""

    def __init__(self, part: str) -> None:
        super().__init__(f"malformed {part}")


def decode(raw: bytes | msgspec.Raw, shape: type[T], *, part: str) -> T:
    """``raw`` as a ``shape``; keys that ``shape`` does not name are passed over. Raises ``MalformedPayload``."""
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # the last: brackets a thousand deep
        raise MalformedPayload(part) from None
