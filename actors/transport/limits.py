"""How much and how long: the limits of a transport, and the patience of one request.

httpx hands timeouts over in ``request.extensions["timeout"]``, each in seconds or ``None`` for no limit. ``pool`` and
``connect`` bound a whole phase; ``write`` and ``read`` bound each wait for progress, so a peer that drips could stretch
a call without end. So a request may name one more there, ``whole``, from its start to its answer, and
``Limits.whole_seconds`` bounds every call. Because the transport knows how far a call had come, running out of it is
told apart as well: before a byte was sent, while sending, or while the answer was due. To bound a call here, where its
phases are watched anyway, costs a caller much less than a cancel scope of its own.
"""

from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import httpx


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a transport allows itself and its peers.

    ``connections`` is per origin; callers beyond it wait in line. A connection is not used again after ``idle_seconds``
    without use or ``age_seconds`` of life. ``head_bytes`` bounds the head of an answer, give or take one read;
    ``body_bytes`` its body as sent, before any content encoding is undone.
    """

    connections: int = 100
    idle_seconds: float = 30.0
    age_seconds: float = 300.0
    head_bytes: int = 64 * 1024
    body_bytes: int = 8 * 1024 * 1024
    whole_seconds: float = inf


class Patience(NamedTuple):
    """How long one request may take: seconds by phase, and the moment on Trio's clock when all of it is over."""

    pool: float
    connect: float
    write: float
    read: float
    until: float

    @classmethod
    def of(cls, request: httpx.Request, *, begun: float, whole: float = inf) -> "Patience":
        """As the request says, ``whole`` seconds at most; a phase it does not name is not limited."""
        asked = request.extensions.get("timeout", {})
        return cls(
            _seconds(asked.get("pool")),
            _seconds(asked.get("connect")),
            _seconds(asked.get("write")),
            _seconds(asked.get("read")),
            begun + min(whole, _seconds(asked.get("whole"))),
        )


def _seconds(limit: float | None) -> float:
    return inf if limit is None else limit
