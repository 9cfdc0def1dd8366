"""Requests for notices, and phones that only know text."""

from collections.abc import Awaitable, Callable
from itertools import count

import msgspec
import trio

from actors.notices import Way
from channels.channel import ChannelError
from channels.message import InboundMessage, OutboundMessage, Peer, Receipt
from channels.simulator.channel import SimulatorChannel
from channels.simulator.conversations import Conversations
from channels.sms.wording import worded
from runtime.clock import Clock
from tests.support.graph import LINE, GraphStandIn, Shown

KEY = "notify-key-for-tests"
HEADERS = {"apiKey": KEY, "Content-Type": "application/json"}
SMS_LINE = "12345"
WAYS = {"whatsapp": Way("whatsapp", LINE), "sms": Way("sms", SMS_LINE)}


def request(phone: str, message: str, *, name: str = "Rudo", channel: str = "whatsapp") -> bytes:
    """The body of a request."""
    return msgspec.json.encode({"phoneNumber": phone, "memberName": name, "message": message, "channel": channel})


_numbers = count(1)


class TextPhones(SimulatorChannel):
    """The simulator's phones that only know text; what they show is told among what Graph got, of the kind ``sms``.

    ``moods`` are what the next sends end in. While there is a ``hold``, sends wait for it, and so never leave.
    """

    def __init__(self, deliver: Callable[[InboundMessage], Awaitable[None]], clock: Clock, graph: GraphStandIn) -> None:
        super().__init__(
            Conversations(now=clock.now, stamp=f"texts{next(_numbers)}"),
            deliver=deliver,
            validate=lambda _peer, _message: None,
            plain=worded,
            name="sms",
            line=SMS_LINE,
        )
        self._graph = graph
        self.moods: list[ChannelError] = []
        self.hold: trio.Event | None = None

    async def send(self, peer: Peer, message: OutboundMessage, *, reference: str) -> Receipt:
        if self.hold is not None:
            await self.hold.wait()
        if self.moods:
            raise self.moods.pop(0)
        receipt = await super().send(peer, message, reference=reference)
        shown = self.conversations.of("sms", peer.name)[-1]
        self._graph.sent[peer.name].append(Shown(receipt.id, "sms", shown.text))
        return receipt
