"""A request and an answer as credex-core's HTTP layer sees them, and the answers that wear no envelope.

Three kinds of body come without ``data``: ``{message}`` from the key and token checks, ``{status, statusCode,
message}`` from the last-resort handler, and one line of plain text from the rate limiter.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NoReturn

BODY_LIMIT = 100 * 1024
"""Bytes of JSON that core reads."""

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What arrived; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    remote: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: JSON, or a line of text."""

    status: int
    body: Body | str
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> tuple[int, dict[str, str], bytes]:
        """Status, lower-case headers and bytes."""
        if isinstance(self.body, str):
            return self.status, {"content-type": "text/html; charset=utf-8", **self.headers}, self.body.encode()
        text = json.dumps(self.body, ensure_ascii=False, separators=(",", ":"))
        return self.status, {"content-type": "application/json; charset=utf-8", **self.headers}, text.encode()


@dataclass(frozen=True, slots=True)
class BrokenJson:
    """The body is no JSON object or array."""

    reason: str


def message_only(status: int, message: str) -> Answer:
    """The bare body of the key and token checks."""
    return Answer(status, {"message": message})


def generic(status: int, message: str) -> Answer:
    """The body of the last-resort handler."""
    return Answer(status, {"status": "error", "statusCode": status, "message": message})


def read_json(body: bytes) -> Body | BrokenJson:
    """The body as core's parser leaves it: an empty one is an empty object, and so, in effect, is an array."""
    if not body.strip():
        return {}
    try:
        parsed: object = json.loads(body, parse_float=_exact, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        return BrokenJson(str(error))
    if isinstance(parsed, list):
        return {}
    if not isinstance(parsed, dict):
        return BrokenJson("Unexpected token at the start of JSON")
    return parsed


def _exact(text: str) -> Decimal:
    return Decimal(text) if math.isfinite(float(text)) else Decimal("Infinity")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"Unexpected token {constant[0]} in JSON")
