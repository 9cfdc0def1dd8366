"""What Africa's Talking's refusals mean: when sending a message, and in a delivery report later.

The answer to a send names what became of each recipient by ``statusCode``; the same words come back as ``status``, as
the whole ``Message`` when nobody was tried, and as ``failureReason`` in a delivery report. Codes that say nothing about
this message but about our account are worth waiting for: somebody will repair them. A sender name that is not ours is
not waited for: it is the same for everybody, and another channel can tell it sooner. What is not in the table is worth
another try where it looks like a server's own trouble, and final where it looks like a refusal.

Sources: docs.africastalking.com, SMS sending and SMS notifications. Their ``DoNotDisturbRejection`` (Nigeria) is about
the hour at which a sender name may be used, so it passes. Their ``Expired`` is what a carrier's filter has discarded;
others use the word for a phone that was off too long, so it gets one more try. ``NotNetworkSubcriber`` is spelt so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from channels.channel import NotDeliverable, NotSent, Unreachable, Unwanted
from channels.message import Trouble

TAKEN = frozenset({100, 101, 102})
"""Processed, Sent, Queued."""

_REPAIR_SECONDS = 60.0
"""Until an operator has done something, asking more often only burns attempts."""
_THROTTLE_SECONDS = 30.0
_HOLD_SECONDS = 3600.0
_REFUSED_FROM = 400
_TROUBLE_FROM = 500


@dataclass(frozen=True, slots=True)
class _Refusal:
    """One word of theirs: its code, where it has one, and what helps."""

    word: str
    trouble: Trouble
    code: int | None = None
    seconds: float | None = None


_REFUSALS = (
    _Refusal("RiskHold", Trouble.PASSING, 401, _HOLD_SECONDS),
    _Refusal("InvalidSenderId", Trouble.FINAL, 402),
    _Refusal("InvalidPhoneNumber", Trouble.UNREACHABLE, 403),
    _Refusal("UnsupportedNumberType", Trouble.UNREACHABLE, 404),
    _Refusal("InsufficientBalance", Trouble.PASSING, 405, _HOLD_SECONDS),
    _Refusal("UserInBlacklist", Trouble.UNWANTED, 406),
    _Refusal("CouldNotRoute", Trouble.UNREACHABLE, 407),
    _Refusal("DoNotDisturbRejection", Trouble.PASSING, 409, _HOLD_SECONDS),
    _Refusal("InternalServerError", Trouble.PASSING, 500),
    _Refusal("GatewayError", Trouble.PASSING, 501),
    _Refusal("RejectedByGateway", Trouble.ODD, 502, _REPAIR_SECONDS),
    _Refusal("InsufficientCredit", Trouble.FINAL),
    _Refusal("InvalidLinkId", Trouble.FINAL),
    _Refusal("UserIsInactive", Trouble.UNREACHABLE),
    _Refusal("UserAccountSuspended", Trouble.UNREACHABLE),
    _Refusal("NotNetworkSubscriber", Trouble.UNREACHABLE),
    _Refusal("NotNetworkSubcriber", Trouble.UNREACHABLE),
    _Refusal("UserNotSubscribedToProduct", Trouble.FINAL),
    _Refusal("UserDoesNotExist", Trouble.UNREACHABLE),
    _Refusal("DeliveryFailure", Trouble.ODD),
    _Refusal("AbsentSubscriber", Trouble.PASSING),
    _Refusal("UserMemoryCapacityExceeded", Trouble.PASSING),
    _Refusal("Expired", Trouble.ODD),
)
_BY_CODE = {refusal.code: refusal for refusal in _REFUSALS if refusal.code is not None}
_BY_WORD = {refusal.word.casefold(): refusal for refusal in _REFUSALS}

_FINAL: Mapping[Trouble, Callable[[str, int | None], NotDeliverable]] = {
    Trouble.FINAL: lambda cause, code: NotDeliverable(cause, code=code),
    Trouble.UNREACHABLE: lambda cause, code: Unreachable(cause, code=code),
    Trouble.UNWANTED: lambda cause, code: Unwanted(cause, code=code),
}

_LATER_STATUSES: Mapping[int, float | None] = {
    HTTPStatus.UNAUTHORIZED: _REPAIR_SECONDS,
    HTTPStatus.PAYMENT_REQUIRED: _HOLD_SECONDS,
    HTTPStatus.FORBIDDEN: _REPAIR_SECONDS,
    HTTPStatus.REQUEST_TIMEOUT: None,
    HTTPStatus.TOO_EARLY: None,
    HTTPStatus.TOO_MANY_REQUESTS: _THROTTLE_SECONDS,
}
"""HTTP statuses that are about us, or pass by themselves."""


def refused(code: int | None, word: str) -> NotSent | NotDeliverable:
    """The error to raise for a recipient who was not taken: by code, else by word."""
    refusal = _BY_CODE.get(code) if code is not None else None
    refusal = refusal or _BY_WORD.get(word.casefold())
    if refusal is not None:
        final = _FINAL.get(refusal.trouble)
        if final is not None:
            return final(refusal.word, refusal.code)
        return NotSent(refusal.word, code=refusal.code, after_seconds=refusal.seconds)
    if code is not None and _REFUSED_FROM <= code < _TROUBLE_FROM:
        return NotDeliverable("refused", code=code)
    return NotSent("neither taken nor refused", code=code)


def failure(status: int, *, retry_after: float | None = None) -> NotSent | NotDeliverable:
    """The error to raise for an HTTP status where the answer says no more."""
    later = status in _LATER_STATUSES or not _REFUSED_FROM <= status < _TROUBLE_FROM
    if not later:
        return NotDeliverable(f"HTTP {status}", code=status)
    pauses = (_LATER_STATUSES.get(status), retry_after)
    longest = max((seconds for seconds in pauses if seconds is not None), default=None)
    return NotSent(f"HTTP {status}", code=status, after_seconds=longest)


def trouble_of(word: str) -> Trouble | None:
    """What helps, by a ``failureReason`` or a ``status`` that is one; ``None`` if it is none we know."""
    refusal = _BY_WORD.get(word.casefold())
    return refusal.trouble if refusal is not None else None
