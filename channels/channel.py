"""The ``Channel`` protocol: one way to say something to a person, and the two ways in which that fails."""

from typing import Protocol

from channels.message import OutboundMessage, Peer, Receipt

SLOWEST_SEND = 60.0
"""Seconds in which every channel ends a send, one way or another."""


class ChannelError(Exception):
    """A message was not taken by the provider. ``code`` is the provider's, for logs and operators."""

    def __init__(self, cause: str, *, code: int | None = None) -> None:
        super().__init__(cause)
        self.code = code


class NotSent(ChannelError):
    """Not taken, and sending again later may help: throttled, unreachable, the provider's own fault.

    ``after_seconds`` is the provider's wish; ``None`` leaves the pause to the sender.
    """

    def __init__(self, cause: str, *, code: int | None = None, after_seconds: float | None = None) -> None:
        super().__init__(cause, code=code)
        self.after_seconds = after_seconds


class NotDeliverable(ChannelError):
    """Refused for good: sending the same again cannot help."""


class Unreachable(NotDeliverable):
    """Refused for good since this person is not on this channel: another channel may reach them."""


class Unwanted(NotDeliverable):
    """Refused for good since this person wants no messages of ours here: an opt-out that is to be kept."""


class Channel(Protocol):
    """A messaging channel. Implementations are handed their HTTP client and never retry by themselves."""

    @property
    def name(self) -> str:
        """As in ``Peer.channel``: ``whatsapp``, ``sms``, ``simulator``."""
        ...

    async def send(self, peer: Peer, message: OutboundMessage, *, reference: str) -> Receipt:
        """Say it once.

        ``reference`` is our own id of this message, at most 200 characters, given back in delivery reports where the
        provider can. Raises ``NotSent`` or ``NotDeliverable``. Over in ``SLOWEST_SEND`` seconds; cancellation closes
        the connection, and then the message may or may not have left.
        """
        ...
