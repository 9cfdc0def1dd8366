"""What a member actor owes the world, as it is stored: say something, ask credex-core, or look into a payment."""

from datetime import datetime

import msgspec

from actors.payments import Before
from actors.settlement import Doubt
from channels.message import OutboundMessage, Peer, Trouble
from credex.commands import Command
from runtime.store import Owed
from runtime.turn import Turn


class Say(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Send this message to this person.

    ``tries`` is how often it was sent before. ``instead`` says that it could not be said on another channel: from here
    it goes to no further one.
    """

    peer: Peer
    message: OutboundMessage
    tries: int = 0
    instead: bool = False


class SayAgain(msgspec.Struct, frozen=True, tag=True):
    """Send what was said with the delivery ``of`` once more, or instead on the channel of ``peer``, if it is kept.

    ``tries`` is how often it was sent before; ``screen`` is the one the conversation is at: another is not shown again.
    """

    peer: Peer
    of: str
    tries: int
    screen: str = ""


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


Effect = Say | SayAgain | Ask | LookInto


class Unsaid(msgspec.Struct, frozen=True):
    """What saying brings where the channel refuses for good and its actor may know what helps. Never stored."""

    say: Say
    trouble: Trouble
    code: int | None


_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Effect] = msgspec.msgpack.Decoder(Effect)


def encode(effect: Effect) -> bytes:
    """The stored form."""
    return _encoder.encode(effect)


def decode(body: bytes) -> Effect:
    """Read the stored form. Raises ``msgspec.ValidationError`` for bytes no version of this program wrote."""
    return _decoder.decode(body)


def owed(turn: Turn, number: int, lane: str, effect: Effect) -> Owed:
    """What a turn owes, as its ``number`` from 0."""
    return Owed(id=f"{turn.id}#{number}", lane=lane, body=encode(effect))


def saying(turn: Turn, number: int, effect: Say | SayAgain) -> Owed:
    """What a turn owes to a person: of one channel, in order."""
    return owed(turn, number, f"say:{effect.peer.channel}", effect)
