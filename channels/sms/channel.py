"""Text messages as a channel: the provider is the one that our end of the conversation names."""

from collections.abc import Mapping

from channels.channel import NotDeliverable
from channels.message import OutboundMessage, Peer, Receipt
from channels.plain import numbered
from channels.sms.plain_alphabet import in_gsm7
from channels.sms.provider import CHANNEL, Provider

LONGEST = 1530
"""UTF-16 units: ten segments."""


class SmsChannel:
    """Text messages by any of ``providers``, by their names; implements ``channels.channel.Channel``."""

    name = CHANNEL

    def __init__(self, providers: Mapping[str, Provider]) -> None:
        self._providers = providers

    def __repr__(self) -> str:
        return f"<SmsChannel {', '.join(self._providers) or 'nobody'}>"

    async def send(self, peer: Peer, message: OutboundMessage, *, reference: str) -> Receipt:
        """Say it once. Raises as ``Provider.send``, and ``NotDeliverable`` for a line of no provider that is here."""
        name, _, ours = peer.line.partition(":")
        provider = self._providers.get(name)
        if provider is None or not ours:
            raise NotDeliverable("no provider of this line is set up")
        text = in_gsm7(numbered(message, limit=LONGEST))
        return await provider.send(ours, peer.name, text, reference=reference)
