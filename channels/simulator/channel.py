"""The channel that stays in this process: what a phone does, and what the bot says to it.

It is as strict as the real thing: ``validate`` is WhatsApp's own renderer, so a message that Meta would refuse is
refused here. It is as durable as the real thing: what a phone sends is handed to ``deliver``, the same acceptance a
webhook ends in, and only when that returns does the phone show its second tick. ``again`` delivers a message a second
time under its old id, as providers do, to show that it counts once.

With ``plain`` the same class is a phone without buttons: ``plain`` words the whole message as text, as an SMS would,
and every text that goes either way is counted as carriers bill it.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable

import trio

from channels.message import Content, DeliveryStatus, InboundMessage, Media, OutboundMessage, Peer, Receipt, Tap, Text
from channels.plain import heard
from channels.simulator.conversation import Bubble, Kind, Saying, Side, screen
from channels.simulator.conversations import Conversations
from channels.simulator.counted import Counted, counted

REMEMBERED = 256
"""How many inbound messages can be delivered again."""


class NotAccepted(Exception):
    """The application could not make a message durable. Nothing happened; sending again later may help."""


class SimulatorChannel:
    """A ``Channel`` whose other end is a simulated phone.

    ``validate`` raises ``NotDeliverable`` for what the imitated provider would refuse. ``deliver`` returns when the
    message is durable and raises ``NotAccepted`` when it is not.
    """

    def __init__(
        self,
        conversations: Conversations,
        *,
        deliver: Callable[[InboundMessage], Awaitable[None]],
        validate: Callable[[Peer, OutboundMessage], object],
        plain: Callable[[OutboundMessage], str] | None = None,
        name: str = "simulator",
        line: str = "simulator",
    ) -> None:
        self.conversations = conversations
        self._deliver = deliver
        self._validate = validate
        self._plain = plain
        self._name = name
        self._line = line
        self._sent: OrderedDict[int, InboundMessage] = OrderedDict()

    def __repr__(self) -> str:
        return f"<SimulatorChannel {self._name}>"

    @property
    def name(self) -> str:
        """As in ``Peer.channel``."""
        return self._name

    @property
    def has_buttons(self) -> bool:
        """Whether its phones can tap, or only type."""
        return self._plain is None

    async def send(self, peer: Peer, message: OutboundMessage, *, reference: str) -> Receipt:  # noqa: ARG002 - the protocol's
        """Show it on the phone at once. Raises whatever ``validate`` raises; never waits for a reader."""
        await trio.lowlevel.checkpoint()
        self._validate(peer, message)
        saying = screen(message) if self._plain is None else self._text(Side.BOT, self._plain(message))
        bubble = self.conversations.post(self._name, peer.name, saying)
        return Receipt(self._id(bubble))

    def count(self, typed: str) -> Counted | None:
        """How long what is typed would be as a message of this channel; ``None`` where nobody counts."""
        return None if self._plain is None else counted(heard(typed))

    async def say(self, phone: str, text: str) -> Bubble:
        """The member types. ``phone`` is E.164 digits. Raises ``NotAccepted``."""
        return await self._inbound(phone, Text(heard(text)), self._text(Side.MEMBER, heard(text)))

    async def tap(self, phone: str, choice: str, label: str) -> Bubble:
        """The member taps ``<screen>.<key>``, on this or any older screen. Raises ``NotAccepted``."""
        return await self._inbound(phone, Tap(choice, label), Saying(side=Side.MEMBER, text=label))

    async def send_media(self, phone: str, kind: str) -> Bubble:
        """The member sends an image, a voice note, a sticker. Raises ``NotAccepted``."""
        return await self._inbound(phone, Media(kind), Saying(side=Side.MEMBER, text=kind, kind=Kind.MEDIA))

    async def again(self, number: int) -> bool:
        """Deliver the message of this bubble once more under its old id. ``False`` when it is not remembered.

        Raises ``NotAccepted``.
        """
        message = self._sent.get(number)
        if message is None:
            return False
        await self._deliver(message)
        self.conversations.rise(number, DeliveryStatus.DELIVERED)
        return True

    def _text(self, side: Side, text: str) -> Saying:
        return Saying(side=side, text=text, counted=None if self._plain is None else counted(text))

    async def _inbound(self, phone: str, content: Content, saying: Saying) -> Bubble:
        bubble = self.conversations.post(self._name, phone, saying)
        message = InboundMessage(
            id=self._id(bubble), peer=Peer(self._name, self._line, phone), at=bubble.at, content=content
        )
        self._sent[bubble.number] = message
        while len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)
        try:
            await self._deliver(message)
        except NotAccepted:
            self.conversations.rise(bubble.number, DeliveryStatus.FAILED)
            raise
        self.conversations.rise(bubble.number, DeliveryStatus.DELIVERED)
        return bubble

    def _id(self, bubble: Bubble) -> str:
        return f"{self._name}.{self.conversations.stamp}.{bubble.number}"
