"""What Meta's refusals mean for the sender: try again, and when, or never.

Meta asks to go by ``code``; the same refusal comes with different HTTP statuses. Codes that say nothing about this
message but about us (token, account, payment) are worth waiting for: somebody will repair them, and what was said is
still owed. What is not in the table is final, unless the HTTP status or ``is_transient`` says otherwise.

A code may also come later, in a ``failed`` status, after the message was taken: ``trouble`` says what helps then.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from channels.channel import NotDeliverable, NotSent, Unreachable, Unwanted
from channels.message import Trouble
from channels.refusal import longer, passes, pause
from channels.whatsapp.document import mapping

_REPAIR_SECONDS = 60.0
"""Until an operator has done something, asking more often only burns attempts."""
_THROTTLE_SECONDS = 30.0
_HOLD_SECONDS = 3600.0
_CODE_DIGITS = 9


@dataclass(frozen=True, slots=True)
class _Later:
    """Worth another try, after ``seconds`` if the code says how long."""

    cause: str
    seconds: float | None = None


_LATER: Mapping[int, _Later] = {
    0: _Later("access token not accepted", _REPAIR_SECONDS),
    1: _Later("unknown error at Meta"),
    2: _Later("Meta is down"),
    3: _Later("not permitted to this app", _REPAIR_SECONDS),
    4: _Later("too many calls of this app", _THROTTLE_SECONDS),
    10: _Later("permission missing", _REPAIR_SECONDS),
    190: _Later("access token expired", _REPAIR_SECONDS),
    368: _Later("account blocked for a policy", _HOLD_SECONDS),
    613: _Later("too many calls", _THROTTLE_SECONDS),
    80007: _Later("too many calls of this business account", _THROTTLE_SECONDS),
    130429: _Later("too many messages from this number", 2.0),
    131000: _Later("something went wrong at Meta"),
    131005: _Later("access denied", _REPAIR_SECONDS),
    131016: _Later("service unavailable"),
    131031: _Later("account locked", _HOLD_SECONDS),
    131037: _Later("display name not approved", _HOLD_SECONDS),
    131042: _Later("payment problem of the account", _HOLD_SECONDS),
    131044: _Later("payment problem of the account", _HOLD_SECONDS),
    131045: _Later("number not registered", _HOLD_SECONDS),
    131048: _Later("held back as possible spam", _HOLD_SECONDS),
    131053: _Later("media could not be fetched"),
    131056: _Later("too many messages to this person", 6.0),
    131057: _Later("account in maintenance", 60.0),
    133004: _Later("server temporarily unavailable"),
    133016: _Later("too many registrations", _HOLD_SECONDS),
    135000: _Later("unspecified error"),
    **{code: _Later("permission missing", _REPAIR_SECONDS) for code in range(200, 300)},
}

_NEVER: Mapping[int, str] = {
    33: "no such phone number id",
    100: "invalid parameter",
    130472: "person is in an experiment of Meta's",
    130497: "country not allowed",
    131008: "parameter missing",
    131009: "parameter invalid",
    131021: "sent to ourselves",
    131026: "cannot be delivered to this person",
    131030: "recipient is not on the test list",
    131047: "outside the service window",
    131049: "withheld as marketing",
    131050: "person stopped marketing",
    131051: "message type unknown",
    131062: "needs a phone number",
    131063: "marketing not allowed here",
    131064: "held to a limit for wrong templates",
    132000: "template parameters do not match",
    132001: "template missing or not approved",
    132005: "filled template too long",
    132007: "template against policy",
    132008: "template parameters do not match",
    132012: "template parameters do not match",
    132015: "template paused",
    132016: "template disabled",
    132018: "template parameters do not match",
    137000: "person changed their device",
}

_ELSEWHERE = frozenset({130472, 131026})
"""Of those, what another channel may do: the person is not on WhatsApp, or Meta keeps it from them."""
_UNASKED = frozenset({131050})
_ODD = frozenset({1, 131000, 135000})
"""Of those worth another try, what Meta cannot explain either."""


def trouble(code: int | None) -> Trouble:
    """What helps where a message failed after it was taken; ``code`` is that of its status, if it had one."""
    if code is None or code in _ODD:
        return Trouble.ODD
    if code in _ELSEWHERE:
        return Trouble.UNREACHABLE
    if code in _UNASKED:
        return Trouble.UNWANTED
    return Trouble.PASSING if code in _LATER else Trouble.FINAL


def failure(status: int, answer: Mapping[str, object], *, retry_after: float | None = None) -> NotSent | NotDeliverable:
    """The error to raise for an answer that is not a success.

    ``answer`` is the decoded body, empty if there was none; ``retry_after`` is the header's wish in seconds.
    """
    error = mapping(answer.get("error"))
    code = _code(error.get("code"))
    later = _LATER.get(code) if code is not None else None
    if later is not None:
        return NotSent(later.cause, code=code, after_seconds=longer(later.seconds, retry_after))
    if error.get("is_transient") is True or _is_passing(status, code):
        return NotSent(
            f"HTTP {status}",
            code=code,
            after_seconds=longer(pause(status, repair=_REPAIR_SECONDS, throttle=_THROTTLE_SECONDS), retry_after),
        )
    if code is None:
        return NotDeliverable(f"HTTP {status}")
    kind = Unreachable if code in _ELSEWHERE else Unwanted if code in _UNASKED else NotDeliverable
    return kind(_NEVER.get(code, f"HTTP {status}"), code=code)


def _code(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _CODE_DIGITS:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_passing(status: int, code: int | None) -> bool:
    return code not in _NEVER and passes(status)
