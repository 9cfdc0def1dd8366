"""What a provider's webhook holds, as the intake takes it: mail, reports, and what nobody understands. Pure.

For the webhooks, and for operators who have a body from quarantine read again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from actors.member import envelope_of
from channels.message import DeliveryReport, InboundMessage
from channels.sms.provider import Received
from channels.whatsapp import wire
from channels.whatsapp.document import Malformed
from runtime.address import Address
from runtime.envelope import Envelope
from runtime.store import DeadLetter, Delivery

QUARANTINE = Address("channel:whatsapp")
"""Where letters are kept that belong to no member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """``failed`` are the reports that say so; ``counted`` is what was left alone or made no sense, by reason."""

    envelopes: tuple[Envelope, ...] = ()
    reports: tuple[Delivery, ...] = ()
    failed: tuple[DeliveryReport, ...] = ()
    letters: tuple[DeadLetter, ...] = ()
    counted: Mapping[str, int] = field(default_factory=dict)


def held(body: bytes, *, lines: Collection[str], now: datetime) -> Held:
    """Read a body whose signature is good. Never raises; ``lines`` are the phone number ids that are ours."""
    match wire.parse(body, lines=lines, received_at=now):
        case Malformed(reason):
            return Held(letters=(_letter(body, reason, now),), counted={"malformed": 1})
        case wire.Notification() as notification:
            return Held(
                envelopes=_envelopes(notification.messages, now),
                reports=_deliveries(notification.reports),
                failed=tuple([report for report in notification.reports if report.trouble is not None]),
                letters=_poison(notification.poison, now),
                counted=notification.ignored,
            )


def held_texts(received: Received, provider: str, *, now: datetime) -> Held:
    """What a provider of text messages posted."""
    return Held(
        envelopes=_envelopes(received.messages, now),
        reports=_deliveries(received.reports),
        counted={f"{provider} {reason}": count for reason, count in received.ignored.items()},
    )


def _poison(items: tuple[bytes, ...], now: datetime) -> tuple[DeadLetter, ...]:
    """One letter for all that made no sense in one body, a line each: there may be thousands."""
    return (_letter(b"\n".join(items), "poison items", now),) if items else ()


def _letter(body: bytes, cause: str, now: datetime) -> DeadLetter:
    name = f"whatsapp:{sha256(body).hexdigest()[:32]}"
    return DeadLetter(id=name, address=QUARANTINE, at=now, cause=cause, body=body)


def _envelopes(messages: Sequence[InboundMessage], now: datetime) -> tuple[Envelope, ...]:
    return tuple([envelope_of(message, accepted_at=now) for message in messages])


def _deliveries(reports: Sequence[DeliveryReport]) -> tuple[Delivery, ...]:
    return tuple([delivery_of(report) for report in reports])


def delivery_of(report: DeliveryReport) -> Delivery:
    """What is stored of a report, on any channel."""
    return Delivery(
        id=report.id,
        rank=report.status.rank,
        status=report.status,
        at=report.at,
        ours=report.ours,
        error=report.error,
    )
