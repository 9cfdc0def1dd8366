"""What Kannel's answers to sendsms mean. Sources: its user guide, "SMS Push reply codes", and ``gw/smsbox.c``.

``202`` with ``0: Accepted for delivery`` or ``3: Queued for later delivery`` is taken; so is ``202`` with ``Sent.``,
as a gateway set to ``immediate-sendsms-reply`` says. Other 4xx are refusals. Two of them say nothing about this message
but about us, and are worth waiting for: a name or password not accepted, and an address where no sendsms is. Two are
about the number alone, so that another channel may help: no route to it, or on the gateway's lists of those denied.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus

from channels.channel import NotDeliverable, NotSent, Unreachable

_REPAIR_SECONDS = 60.0
"""Until an operator has done something, asking more often only burns attempts."""
_THROTTLE_SECONDS = 30.0
_TAKEN = (0, 3)
_CODE = re.compile(rb"\s*([0-9]{1,9})\s*:")
_SENT = re.compile(rb"\s*Sent\.", re.IGNORECASE)
_NO_ACCESS = re.compile(rb"authori[sz]ation failed", re.IGNORECASE)
_NO_ROUTE = re.compile(rb"not routable|denied by white- and/or black-lists", re.IGNORECASE)
_LATER_STATUSES: Mapping[int, float | None] = {
    HTTPStatus.UNAUTHORIZED: _REPAIR_SECONDS,
    HTTPStatus.NOT_FOUND: _REPAIR_SECONDS,
    HTTPStatus.METHOD_NOT_ALLOWED: _REPAIR_SECONDS,
    HTTPStatus.REQUEST_TIMEOUT: None,
    HTTPStatus.TOO_EARLY: None,
    HTTPStatus.TOO_MANY_REQUESTS: _THROTTLE_SECONDS,
}


def failure(status: int, body: bytes, *, retry_after: float | None = None) -> NotSent | NotDeliverable | None:
    """The error to raise for an answer; ``None`` if the message is taken. Of the body only its code is repeated."""
    found = _CODE.match(body)
    code = int(found[1]) if found else None
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        if code in _TAKEN or (status == HTTPStatus.ACCEPTED and _SENT.match(body)):
            return None
        return NotSent("neither taken nor refused", code=code)
    named = status if code is None else code
    if _is_refusal(status, body):
        kind = Unreachable if _NO_ROUTE.search(body) else NotDeliverable
        return kind(f"HTTP {status}", code=named)
    pause = _REPAIR_SECONDS if status == HTTPStatus.FORBIDDEN else _LATER_STATUSES.get(status)
    longest = max((seconds for seconds in (pause, retry_after) if seconds is not None), default=None)
    return NotSent(f"HTTP {status}", code=named, after_seconds=longest)


def _is_refusal(status: int, body: bytes) -> bool:
    if not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR or status in _LATER_STATUSES:
        return False
    return not (status == HTTPStatus.FORBIDDEN and _NO_ACCESS.search(body))
