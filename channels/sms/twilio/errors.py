"""What Twilio's codes mean for the sender, whether they come at once or later. Pure.

A code comes with a send that is refused, or later as ``ErrorCode`` of a message that was taken and did not arrive; it
means the same either way, so there is one table. At once, what passes or is odd is ``NotSent``; later, it is told by
the same ``Trouble``. Codes that say nothing about this message but about us (credentials, account) pass: somebody will
repair them, and what was said is still owed. What is not in the table is final when the HTTP status says so; of what
comes later nothing is known.

Sources: Twilio's "Error and Warning Dictionary", whose words the causes sum up; which codes are worth another try is
what public gateways (RapidPro's courier) hold by, and its guides on 30003, 30008 and 30036: a handset that is off comes
back, an unknown error is worth one try, a message that outlived its validity waited too long in a queue.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from channels.channel import NotDeliverable, NotSent, Unreachable, Unwanted
from channels.message import Trouble
from channels.refusal import longer, passes, pause

_REPAIR_SECONDS = 60.0
"""Until an operator has done something, asking more often only burns attempts."""
_THROTTLE_SECONDS = 5.0
_QUEUE_SECONDS = 60.0
_HOLD_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class _Means:
    """``seconds`` is the pause a refused send asks for, where the code says how long."""

    trouble: Trouble
    cause: str
    seconds: float | None = None


_PASSES, _ODD, _FINAL = Trouble.PASSING, Trouble.ODD, Trouble.FINAL
_NOBODY, _UNWANTED = Trouble.UNREACHABLE, Trouble.UNWANTED

_MEANS: Mapping[int, _Means] = {
    14107: _Means(_PASSES, "too many messages", _THROTTLE_SECONDS),
    20001: _Means(_FINAL, "parameter unknown"),
    20003: _Means(_PASSES, "credentials not accepted", _REPAIR_SECONDS),
    20004: _Means(_PASSES, "not permitted to this account", _REPAIR_SECONDS),
    20005: _Means(_PASSES, "account not active", _HOLD_SECONDS),
    20404: _Means(_PASSES, "no such account", _REPAIR_SECONDS),
    20429: _Means(_PASSES, "too many calls", _THROTTLE_SECONDS),
    20500: _Means(_PASSES, "trouble at Twilio"),
    20503: _Means(_PASSES, "Twilio is unavailable"),
    21211: _Means(_NOBODY, "no such number"),
    21212: _Means(_FINAL, "sender not valid"),
    21217: _Means(_NOBODY, "no such number"),
    21265: _Means(_NOBODY, "a short code cannot be written to"),
    21266: _Means(_FINAL, "sent to ourselves"),
    21408: _Means(_FINAL, "country not enabled"),
    21602: _Means(_FINAL, "no text"),
    21603: _Means(_FINAL, "no sender"),
    21604: _Means(_FINAL, "no recipient"),
    21606: _Means(_FINAL, "sender is not ours or cannot text there"),
    21609: _Means(_FINAL, "address for reports not valid"),
    21610: _Means(_UNWANTED, "person opted out"),
    21611: _Means(_PASSES, "queue of the sender is full", _QUEUE_SECONDS),
    21612: _Means(_NOBODY, "no way to this number"),
    21614: _Means(_NOBODY, "not a mobile number"),
    21617: _Means(_FINAL, "text too long"),
    21703: _Means(_PASSES, "messaging service has no sender", _REPAIR_SECONDS),
    30001: _Means(_PASSES, "queue overflowed", _QUEUE_SECONDS),
    30002: _Means(_PASSES, "account suspended", _HOLD_SECONDS),
    30003: _Means(_PASSES, "handset off or out of reach"),
    30004: _Means(_FINAL, "blocked by the carrier or the person"),
    30005: _Means(_NOBODY, "handset unknown"),
    30006: _Means(_NOBODY, "landline, or a carrier out of reach"),
    30007: _Means(_FINAL, "filtered by the carrier"),
    30008: _Means(_ODD, "unknown error"),
    30009: _Means(_ODD, "a segment was lost"),
    30010: _Means(_FINAL, "dearer than the price allowed"),
    30012: _Means(_FINAL, "validity period too short"),
    30017: _Means(_PASSES, "carrier's network congested"),
    30019: _Means(_FINAL, "larger than the carrier takes"),
    30022: _Means(_PASSES, "too many messages for the carrier", _QUEUE_SECONDS),
    30023: _Means(_PASSES, "daily number of messages reached", _HOLD_SECONDS),
    30024: _Means(_FINAL, "sender not known to the carrier"),
    30032: _Means(_FINAL, "sender not verified"),
    30034: _Means(_FINAL, "sender not registered"),
    30036: _Means(_PASSES, "outlived its validity in a queue"),
    30410: _Means(_ODD, "carrier did not answer in time"),
    30500: _Means(_ODD, "trouble at Twilio"),
    63018: _Means(_PASSES, "too many messages for the channel", _QUEUE_SECONDS),
}


def failure(status: int, code: int | None, *, retry_after: float | None = None) -> NotSent | NotDeliverable:
    """The error to raise for an answer that is not a success.

    ``code`` is the one in its body, if there was one; ``retry_after`` is the header's wish in seconds.
    """
    means = _MEANS.get(code) if code is not None else None
    if means is None:
        if passes(status):
            return NotSent(
                f"HTTP {status}",
                code=code,
                after_seconds=longer(pause(status, repair=_REPAIR_SECONDS, throttle=_THROTTLE_SECONDS), retry_after),
            )
        return NotDeliverable(f"HTTP {status}", code=code)
    match means.trouble:
        case Trouble.PASSING | Trouble.ODD:
            return NotSent(means.cause, code=code, after_seconds=longer(means.seconds, retry_after))
        case Trouble.FINAL:
            return NotDeliverable(means.cause, code=code)
        case Trouble.UNREACHABLE:
            return Unreachable(means.cause, code=code)
        case Trouble.UNWANTED:
            return Unwanted(means.cause, code=code)


def trouble_of(code: int | None) -> Trouble | None:
    """What would help a message that was taken and failed with this code; ``None`` if that is not known."""
    means = _MEANS.get(code) if code is not None else None
    return None if means is None else means.trouble
