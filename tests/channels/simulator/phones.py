"""A channel whose application is a list: what the phones' tests share."""

from datetime import UTC, datetime

from channels.channel import NotDeliverable
from channels.message import Choice, InboundMessage, OutboundMessage, Peer
from channels.simulator.channel import NotAccepted, SimulatorChannel
from channels.simulator.conversations import Conversations

TAPIWA = "263771234567"
RUDO = "263772345678"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

MENU = OutboundMessage(
    text="What next?",
    choices=(Choice(key="offer", title="Offer Secured Credex"), Choice(key="ledger", title="Account Ledger")),
    screen="s1",
)
LONG_MENU = OutboundMessage(
    text="What next?",
    choices=tuple(Choice(key=f"k{number}", title=f"Choice {number}", section="All") for number in range(5)),
    menu="Show all",
    screen="s2",
)


class Application:
    """Accepts what phones send, unless it is ``full``; a message longer than 100 letters is one WhatsApp refuses."""

    def __init__(self) -> None:
        self.accepted: list[InboundMessage] = []
        self.full = False

    async def deliver(self, message: InboundMessage) -> None:
        if self.full:
            raise NotAccepted
        self.accepted.append(message)

    def validate(self, _: Peer, message: OutboundMessage) -> None:
        if len(message.text) > 100:
            raise NotDeliverable("too long")


def conversations(*, length: int = 200, phones: int = 50) -> Conversations:
    return Conversations(now=lambda: NOON, stamp="run1", length=length, phones=phones)


def channel(application: Application, known: Conversations | None = None) -> SimulatorChannel:
    return SimulatorChannel(known or conversations(), deliver=application.deliver, validate=application.validate)


def peer(phone: str) -> Peer:
    return Peer("simulator", "simulator", phone)
