"""What a provider's refusal says by HTTP alone, where its own code says nothing; and how long it asks to wait. Pure."""

import math
from http import HTTPStatus

_PASSING = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)


def passes(status: int) -> bool:
    """Credentials not accepted, throttling, the provider's own trouble, a proxy's redirect or a strange answer."""
    return status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR or status < HTTPStatus.BAD_REQUEST


def pause(status: int, *, repair: float, throttle: float) -> float | None:
    """Seconds to wait after a status by which somebody has something to repair, or we are too many."""
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return repair
    return throttle if status == HTTPStatus.TOO_MANY_REQUESTS else None


def longer(ours: float | None, theirs: float | None) -> float | None:
    """The longer of two pauses, of which either may be missing."""
    return max((seconds for seconds in (ours, theirs) if seconds is not None), default=None)


def wished(retry_after: str | None) -> float | None:
    """``Retry-After`` in seconds. Only as a number: the providers we know write no dates."""
    try:
        seconds = float(retry_after or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < math.inf else None
