"""The member actor: what one member's mail does to their conversations. Pure; the runtime commits and performs it.

One actor serves a person on every channel, so their money is serialised; each channel has its own place in a
conversation. A command carries the turn that wanted it, so its outcome finds the very state that waits for it, and an
outcome that comes too late only ends its payment record.
"""

from datetime import datetime

import msgspec

from actors import effects
from actors.dialogs import frame
from actors.dialogs.states import Position
from actors.effects import Ask, Effect, Say
from actors.payments import PaymentRecord, PaymentState, state_after
from channels.message import InboundMessage, Peer
from credex.commands import MoneyCommand, moves_money
from credex.model import Phone
from credex.outcomes import Outcome, Unavailable, Unclear
from runtime.address import Address
from runtime.envelope import Answer, Envelope, Mail
from runtime.store import Owed, Payment
from runtime.turn import Decision, Turn


class Place(msgspec.Struct, frozen=True):
    """Where the conversation on one channel is."""

    peer: Peer
    position: Position


class MemberSnapshot(msgspec.Struct, frozen=True):
    """Everything remembered of a member, by channel. No token, no message text."""

    places: dict[str, Place]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(MemberSnapshot)
_messages = msgspec.msgpack.Decoder(InboundMessage)


def address_of(peer: Peer) -> Address:
    """The actor of this person: by phone number where we know it, else by the provider's id for them."""
    return Address(f"member:{peer.name}")


def phone_of(address: Address) -> Phone | None:
    """The phone number in an address, if it holds one."""
    name = address.partition(":")[2]
    return Phone(name) if name.isascii() and name.isdigit() else None


def envelope_of(message: InboundMessage, *, accepted_at: datetime) -> Envelope:
    """Put a message into the envelope its actor will get."""
    body = _encoder.encode(message)
    return Envelope(id=message.id, address=address_of(message.peer), accepted_at=accepted_at, body=body)


class MemberBehaviour:
    """What members' actors do."""

    def receive(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        """One message or one outcome."""
        before = _read(snapshot)
        match mail:
            case Envelope():
                message = _messages.decode(mail.body)
                moved = frame.hear(_position(before, message.peer), message, phone_of(address), turn)
                return _decision(before, message.peer, moved, turn, event=type(message.content).__name__)
            case Answer():
                return _answered(before, mail, turn)

    def give_up(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        """The mail broke the conversation: apologise on the channel it came by and start from a safe place.

        If the snapshot itself cannot be read (written by another version), the member starts afresh.
        """
        del address
        try:
            before = _read(snapshot)
        except msgspec.MsgspecError:
            before = MemberSnapshot({})
        match mail:
            case Envelope():
                return _recovered(before, _messages.decode(mail.body).peer, turn)
            case Answer():
                return _outcome_given_up(before, mail, turn)


def _outcome_given_up(before: MemberSnapshot, answer: Answer, turn: Turn) -> Decision:
    match effects.decode(answer.asked):
        case Say():
            return _unsaid(before)
        case Ask() as ask:
            return _ended(_recovered(before, ask.peer, turn), answer, ask)


def _recovered(before: MemberSnapshot, peer: Peer, turn: Turn) -> Decision:
    moved = frame.recover(_position(before, peer), turn)
    return _decision(before, peer, moved, turn, event="given up")


def _answered(before: MemberSnapshot, answer: Answer, turn: Turn) -> Decision:
    match effects.decode(answer.asked):
        case Say():
            return _unsaid(before)
        case Ask() as ask:
            return _ended(_told(before, answer, ask, turn), answer, ask)


def _unsaid(before: MemberSnapshot) -> Decision:
    """A message that could not even be tried: a dead letter tells operators, and the member cannot be told."""
    return Decision(snapshot=_encoder.encode(before), note={"trigger": "message given up"})


def _told(before: MemberSnapshot, answer: Answer, ask: Ask, turn: Turn) -> Decision:
    outcome = _outcome(answer, ask)
    event = type(outcome).__name__
    place = before.places.get(ask.peer.channel)
    if place is None:
        return Decision(snapshot=_encoder.encode(before), note={"trigger": event})
    moved = frame.answer(place.position, outcome, turn, asked=ask.turn)
    return _decision(before, place.peer, moved, turn, event=event)


def _ended(decision: Decision, answer: Answer, ask: Ask) -> Decision:
    """The same decision, and the payment's record closed if money was asked to move."""
    if not isinstance(ask.command, MoneyCommand):
        return decision
    outcome = _outcome(answer, ask)
    ended = _payment(answer.effect, ask.command, ask.turn, state_after(outcome), type(outcome).__name__)
    return msgspec.structs.replace(decision, payments=(*decision.payments, ended))


def _outcome(answer: Answer, ask: Ask) -> Outcome:
    """What credex-core said. If performing broke down, money may have moved and anything else has not."""
    if isinstance(answer.body, Outcome):
        return answer.body
    cause = answer.cause or f"unexpected {type(answer.body).__name__}"
    return Unclear(cause) if moves_money(ask.command) else Unavailable(cause)


def _decision(before: MemberSnapshot, peer: Peer, moved: frame.Moved, turn: Turn, *, event: str) -> Decision:
    lane = f"say:{peer.channel}"
    owes = [_owed(turn, number, lane, Say(peer, message)) for number, message in enumerate(moved.messages)]
    payments: tuple[Payment, ...] = ()
    if moved.ask is not None:
        asked = _owed(turn, len(owes), "ask", Ask(peer, moved.ask, turn.id, turn.now))
        owes.append(asked)
        if isinstance(moved.ask, MoneyCommand):
            payments = (_payment(asked.id, moved.ask, turn.id, PaymentState.INTENT),)
    was = _position(before, peer)
    after = MemberSnapshot(before.places | {peer.channel: Place(peer, moved.position)})
    note = {
        "channel": peer.channel,
        "trigger": event,
        "from": type(was.state).__name__ if was else "-",
        "to": type(moved.position.state).__name__,
        "asks": type(moved.ask).__name__ if moved.ask else "-",
    }
    return Decision(snapshot=_encoder.encode(after), owes=tuple(owes), payments=payments, note=note)


def _owed(turn: Turn, number: int, lane: str, effect: Effect) -> Owed:
    return Owed(id=f"{turn.id}#{number}", lane=lane, body=effects.encode(effect))


def _payment(payment_id: str, command: MoneyCommand, turn: str, state: PaymentState, ended: str = "") -> Payment:
    record = PaymentRecord(command=command, consented_in=turn, ended=ended)
    address = Address(f"member:{command.phone}")
    return Payment(id=payment_id, address=address, state=state, body=_encoder.encode(record))


def _position(snapshot: MemberSnapshot, peer: Peer) -> Position | None:
    place = snapshot.places.get(peer.channel)
    return place.position if place else None


def _read(snapshot: bytes | None) -> MemberSnapshot:
    return _decoder.decode(snapshot) if snapshot else MemberSnapshot({})
