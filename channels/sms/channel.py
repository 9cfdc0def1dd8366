"""Text messages as a channel: the provider is the one that our end of the conversation names."""

from collections.abc import Mapping

from channels.channel import NotDeliverable
from channels.message import OutboundMessage, Peer, Receipt
from channels.sms.provider import CHANNEL, Provider
from channels.sms.wording import worded


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
        return await provider.send(ours, peer.name, worded(message), reference=reference)
