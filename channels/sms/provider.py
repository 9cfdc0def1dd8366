"""What a provider of text messages is to us: a way out (``Provider``) and the reading of what it posts (``Webhooks``).

A line names the provider and our end of it: ``twilio:+263771000001``, ``kannel:33333``. It is ``Peer.line``, so the
answer to a message goes out by the provider it came in by. Ids of messages and receipts begin with the provider's
name too (``twilio:SM…``), so that no two providers' ids can be taken for one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from channels.message import DeliveryReport, InboundMessage, Receipt

CHANNEL = "sms"


def line_of(provider: str, ours: str) -> str:
    """``Peer.line`` of our number, short code or sender name at this provider."""
    return f"{provider}:{ours}"


class Provider(Protocol):
    """One provider's way out. Implementations are handed their HTTP client and never retry by themselves."""

    @property
    def name(self) -> str:
        """``twilio``, ``africastalking``, ``kannel``."""
        ...

    async def send(self, ours: str, to: str, text: str, *, reference: str) -> Receipt:
        """Send ``text`` to ``to`` (E.164 digits) from our ``ours``, once.

        ``reference`` is our own id of this message (printable ASCII, at most 200 characters), to come back in delivery
        reports where the provider can. Raises ``channels.channel.NotSent`` and ``NotDeliverable`` with its kinds.
        Over in ``SLOWEST_SEND`` seconds; cancellation closes the connection, and then it may or may not have left.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One HTTP request of a provider, whole. ``target`` is path and query as they came; ``headers`` in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a request held. ``ignored`` counts what was left alone, by reason."""

    messages: tuple[InboundMessage, ...] = ()
    reports: tuple[DeliveryReport, ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """Not a provider's request: the HTTP status to answer with, and why, for counters. Never says what was expected."""

    status: int
    why: str


class Webhooks(Protocol):
    """How one provider's requests are read. Pure; neither method raises, whatever the bytes."""

    @property
    def name(self) -> str:
        """As ``Provider.name``."""
        ...

    @property
    def path(self) -> str:
        """Of inbound messages, from the root (``/sms/twilio``); delivery reports come to it with ``/status`` added."""
        ...

    @property
    def answer(self) -> tuple[str, bytes]:
        """Content type and body of a 200: one by which the provider sends nothing to the member."""
        ...

    def messages(self, posted: Posted, *, now: datetime) -> Received | Refused:
        """Read a request to ``path``. No message is later than ``now`` (aware UTC)."""
        ...

    def reports(self, posted: Posted, *, now: datetime) -> Received | Refused:
        """Read a request to ``path`` with ``/status`` added."""
        ...
