"""Era C's envelope: ``{message, data: {action: {id, type, timestamp, actor, details}, dashboard}}``.

Controllers return a ``Success`` or a ``Failure``; ``wrapped`` is the only place that knows the envelope's shape.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from credex.simulator.exchange import Answer

BLANK_DASHBOARD: Mapping[str, object] = {"member": None, "account": None}
"""What two failures carry where all others carry ``{}``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Success:
    """It was done. ``actor`` is the caller unless given."""

    type: str
    subject: str | None
    message: str
    details: Mapping[str, object]
    dashboard: Mapping[str, object] = field(default_factory=dict)
    status: int = 200
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """It was not done. The field ``blamed`` is at fault, ``subject`` is what it was about."""

    status: int
    type: str
    code: str
    reason: str
    blamed: str | None = None
    suggestion: str | None = None
    subject: str | None = None
    dashboard: Mapping[str, object] = field(default_factory=dict)
    actor: str | None = None


Outcome = Success | Failure


def wrapped(outcome: Outcome, *, caller: str, now: datetime) -> Answer:
    """The outcome in its envelope."""
    match outcome:
        case Success():
            return _envelope(outcome, outcome.details, message=outcome.message, at=now, caller=caller)
        case Failure():
            return _envelope(outcome, _blame(outcome), message=outcome.reason, at=now, caller=caller)


def iso(moment: datetime) -> str:
    """``2025-02-10T09:15:30.000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _blame(failure: Failure) -> dict[str, str]:
    optional = {"field": failure.blamed, "suggestion": failure.suggestion}
    told = {name: text for name, text in optional.items() if text is not None}
    return {"code": failure.code, "reason": failure.reason, **told}


def _envelope(outcome: Outcome, details: Mapping[str, object], *, message: str, at: datetime, caller: str) -> Answer:
    action = {
        "id": outcome.subject,
        "type": outcome.type,
        "timestamp": iso(at),
        "actor": outcome.actor or caller,
        "details": details,
    }
    return Answer(outcome.status, {"message": message, "data": {"action": action, "dashboard": outcome.dashboard}})
