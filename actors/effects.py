"""What a member actor owes the world, as it is stored: say something, ask credex-core, or look into a payment."""

from datetime import datetime

import msgspec

from actors.payments import Before
from actors.settlement import Doubt
from channels.message import OutboundMessage, Peer
from credex.commands import Command


class Say(msgspec.Struct, frozen=True, tag=True):
    """Send this message to this person."""

    peer: Peer
    message: OutboundMessage


class Ask(msgspec.Struct, frozen=True, tag=True):
    """Have credex-core carry out this command, wanted in the turn named by the conversation with this person.

    ``at`` is when it was wanted: consent to move money does not last for ever. ``before`` comes with such consent.
    """

    peer: Peer
    command: Command
    turn: str
    at: datetime
    before: Before | None = None


class LookInto(msgspec.Struct, frozen=True, tag=True):
    """Read what became of a payment, not before ``at``."""

    peer: Peer
    doubt: Doubt
    at: datetime


Effect = Say | Ask | LookInto


_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Effect] = msgspec.msgpack.Decoder(Effect)


def encode(effect: Effect) -> bytes:
    """The stored form."""
    return _encoder.encode(effect)


def decode(body: bytes) -> Effect:
    """Read the stored form. Raises ``msgspec.ValidationError`` for bytes no version of this program wrote."""
    return _decoder.decode(body)
