"""The member actor: what one member's mail does to their conversations. Pure; the runtime commits and performs it.

One actor serves a person on every channel, so their money is serialised; each channel has its own place in a
conversation. A command carries the turn that wanted it, so its outcome finds the very state that waits for it, and an
outcome that comes too late only ends its payment record. A payment in doubt owes looks into it until it is settled.
"""

from datetime import datetime

import msgspec

from actors import bookkeeping, effects
from actors.bookkeeping import Booked, Paying, Tap
from actors.dialogs import frame
from actors.dialogs.notices import Lately
from actors.dialogs.settling import Settlement
from actors.dialogs.states import Position, with_recurring
from actors.dialogs.visit import Kept
from actors.effects import Ask, Effect, LookInto, Say
from actors.features import EVERYTHING_SURE, Features
from actors.payments import Finding, PaymentState, reference
from actors.recurring import remembered
from actors.settlement import Looked
from channels.message import IdentityChanged, InboundMessage, Notice, Peer
from credex.commands import MoneyCommand, leaves_doubt
from credex.model import Phone
from credex.outcomes import Outcome, Unavailable, Unclear
from runtime.address import Address
from runtime.envelope import Answer, Envelope, Mail
from runtime.store import Owed
from runtime.turn import Decision, Turn


class Place(msgspec.Struct, frozen=True):
    """Where the conversation on one channel is."""

    peer: Peer
    position: Position


class MemberSnapshot(msgspec.Struct, frozen=True):
    """What is remembered of a member, by channel, a payment under way, recurring ones. No token, no message text."""

    places: dict[str, Place]
    paying: Paying | None = None
    lately: Lately = Lately()
    recurring: tuple[Kept, ...] = ()


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

    def __init__(self, features: Features = EVERYTHING_SURE) -> None:
        self._features = features

    def receive(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        """One message or one outcome."""
        before = _informed(_read(snapshot), self._features)
        match mail:
            case Envelope():
                message = _messages.decode(mail.body)
                if isinstance(message.content, Notice):
                    return _noticed(before, message, message.content, phone_of(address), turn)
                return _heard(before, message, phone_of(address), turn)
            case Answer(final=False):
                return _overdue(before, mail, turn)
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
                message = _messages.decode(mail.body)
                if isinstance(message.content, Notice):  # nobody has asked for it, so nobody is told
                    return Decision(snapshot=_encoder.encode(before), note={"trigger": "notice given up"})
                return _recovered(before, message.peer, turn)
            case Answer(final=False):
                return Decision(snapshot=_encoder.encode(before), note={"trigger": "slow"})
            case Answer():
                return _outcome_given_up(before, mail, turn)


def _heard(before: MemberSnapshot, message: InboundMessage, phone: Phone | None, turn: Turn) -> Decision:
    position = _position(before, message.peer)
    moved = frame.hear(position, message, phone, turn, busy=bookkeeping.busy(before.paying, turn.now))
    if isinstance(message.content, IdentityChanged) and before.paying is not None:
        before = _with_paying(before, msgspec.structs.replace(before.paying, known=False))
    before = msgspec.structs.replace(before, lately=before.lately.after(message, turn.now))
    tap = Tap(message.id, position.screen, position.state.prompt().text) if moved.ask and position else None
    return _decision(before, message.peer, moved, turn, event=type(message.content).__name__, tap=tap)


def _noticed(
    before: MemberSnapshot, message: InboundMessage, notice: Notice, phone: Phone | None, turn: Turn
) -> Decision:
    """Tell it, and have every conversation know that its figures are old. No conversation moves by it."""
    channel = message.peer.channel
    note = {"channel": channel, "trigger": "Notice"}
    if before.lately.knows(notice, message.at):
        return Decision(snapshot=_encoder.encode(before), note=note | {"trigger": "Notice told before"})
    messages = [before.lately.telling(notice, message.peer, turn.now)]
    places = {}
    for name, place in before.places.items():
        moved = frame.hear(place.position, message, phone, turn)
        places[name] = msgspec.structs.replace(place, position=moved.position)
        messages += moved.messages if name == channel else ()
    after = msgspec.structs.replace(before, places=places, lately=before.lately.knowing(notice, message.at))
    says = enumerate(messages)
    owes = tuple(_owed(turn, number, f"say:{channel}", Say(message.peer, each)) for number, each in says)
    return Decision(snapshot=_encoder.encode(after), owes=owes, note=note | {"template": messages[0].template or "-"})


def _overdue(before: MemberSnapshot, answer: Answer, turn: Turn) -> Decision:
    """credex-core takes long: its outcome is still to come, and the member hears so meanwhile."""
    ask = effects.decode(answer.asked)
    place = before.places.get(ask.peer.channel)
    if place is None or not isinstance(ask, Ask):
        return Decision(snapshot=_encoder.encode(before), note={"trigger": "slow"})
    moved = frame.slow(place.position, turn, asked=ask.turn, passed=answer.passed)
    return _decision(before, place.peer, moved, turn, event="slow")


def _answered(before: MemberSnapshot, answer: Answer, turn: Turn) -> Decision:
    match effects.decode(answer.asked):
        case Say():
            return _unsaid(before)
        case Ask(command=command) as ask if isinstance(command, MoneyCommand):
            after, booked, owes = _book(before, answer, ask, command, turn)
            return _with_step(_told(after, answer, ask, turn, first=len(owes)), booked, owes)
        case Ask() as ask:
            return _told(_remembering(before, ask, _outcome(answer, ask)), answer, ask, turn)
        case LookInto() as look:
            return _looked(before, answer, look, turn)


def _outcome_given_up(before: MemberSnapshot, answer: Answer, turn: Turn) -> Decision:
    match effects.decode(answer.asked):
        case Say():
            return _unsaid(before)
        case Ask(command=command) as ask if isinstance(command, MoneyCommand):
            after, booked, owes = _book(before, answer, ask, command, turn)
            return _with_step(_recovered(after, ask.peer, turn, first=len(owes)), booked, owes)
        case Ask() as ask:
            return _recovered(before, ask.peer, turn)
        case LookInto() as look:
            booked = bookkeeping.settled(look, Finding.UNSURE, turn)
            return _with_step(_recovered(_without(before, look.doubt.payment), look.peer, turn), booked)


def _recovered(before: MemberSnapshot, peer: Peer, turn: Turn, *, first: int = 0) -> Decision:
    moved = frame.recover(_position(before, peer), turn)
    return _decision(before, peer, moved, turn, event="given up", first=first)


def _informed(snapshot: MemberSnapshot, features: Features) -> MemberSnapshot:
    """Every conversation knows what is on and what is remembered as of this turn."""
    recurring = snapshot.recurring if features.recurring_payments else None
    places = {
        channel: Place(place.peer, msgspec.structs.replace(place.position, state=state))
        for channel, place in snapshot.places.items()
        if (state := with_recurring(place.position.state, recurring)) is not place.position.state
    }
    return msgspec.structs.replace(snapshot, places=snapshot.places | places) if places else snapshot


def _remembering(snapshot: MemberSnapshot, ask: Ask, outcome: Outcome) -> MemberSnapshot:
    kept = remembered(snapshot.recurring, ask, outcome)
    return snapshot if kept == snapshot.recurring else msgspec.structs.replace(snapshot, recurring=kept)


def _unsaid(before: MemberSnapshot) -> Decision:
    """A message that could not even be tried: a dead letter tells operators, and the member cannot be told."""
    return Decision(snapshot=_encoder.encode(before), note={"trigger": "message given up"})


def _told(before: MemberSnapshot, answer: Answer, ask: Ask, turn: Turn, *, first: int = 0) -> Decision:
    outcome = _outcome(answer, ask)
    event = type(outcome).__name__
    place = before.places.get(ask.peer.channel)
    if place is None:
        return Decision(snapshot=_encoder.encode(before), note={"trigger": event})
    busy = bookkeeping.busy(before.paying, turn.now)
    moved = frame.answer(place.position, outcome, turn, asked=ask.turn, busy=busy)
    return _decision(before, place.peer, moved, turn, event=event, first=first)


def _book(
    before: MemberSnapshot, answer: Answer, ask: Ask, command: MoneyCommand, turn: Turn
) -> tuple[MemberSnapshot, Booked, tuple[Owed, ...]]:
    """A payment's answer: the snapshot after it, its records, and the look it owes if it leaves a doubt."""
    outcome = _outcome(answer, ask)
    before = _remembering(before, ask, outcome)
    booked = bookkeeping.answered(answer.effect, ask, command, outcome, turn)
    if booked.state is not PaymentState.UNKNOWN:
        return _without(before, answer.effect), booked, ()
    look = bookkeeping.first_look(ask.peer, booked, outcome, turn)
    paying = before.paying or Paying(payment=answer.effect, since=turn.now)
    if paying.payment == answer.effect:
        before = _with_paying(before, msgspec.structs.replace(paying, since=turn.now, in_doubt=True))
    return before, booked, (_owed(turn, 0, "look", look),)


def _looked(before: MemberSnapshot, answer: Answer, look: LookInto, turn: Turn) -> Decision:
    finding = bookkeeping.found(look, answer.body, turn)
    if finding is Finding.OPEN:
        owed = _owed(turn, 0, "look", bookkeeping.look_again(look, turn))
        return Decision(snapshot=_encoder.encode(before), owes=(owed,), note={"trigger": f"looked: {finding}"})
    payment = look.doubt.payment
    ended = Settlement(
        command=look.doubt.record.command,
        finding=finding,
        reference=reference(payment),
        member=answer.body.member if isinstance(answer.body, Looked) else None,
    )
    known = before.paying is not None and before.paying.payment == payment and before.paying.known
    place = before.places.get(look.peer.channel)
    moved = frame.settled(place.position if place else None, ended, turn, known=known)
    peer = place.peer if place else look.peer
    decision = _decision(_without(before, payment), peer, moved, turn, event=f"looked: {finding}")
    return _with_step(decision, bookkeeping.settled(look, finding, turn))


def _with_step(decision: Decision, booked: Booked, owes: tuple[Owed, ...] = ()) -> Decision:
    return msgspec.structs.replace(
        decision,
        owes=(*owes, *decision.owes),
        payments=(*decision.payments, booked.payment),
        audit=(*decision.audit, booked.entry),
    )


def _outcome(answer: Answer, ask: Ask) -> Outcome:
    """What credex-core said. If performing broke down, what leaves a doubt may have been done."""
    if isinstance(answer.body, Outcome):
        return answer.body
    cause = answer.cause or f"unexpected {type(answer.body).__name__}"
    return Unclear(cause) if leaves_doubt(ask.command) else Unavailable(cause)


def _decision(
    before: MemberSnapshot,
    peer: Peer,
    moved: frame.Moved,
    turn: Turn,
    *,
    event: str,
    tap: Tap | None = None,
    first: int = 0,
) -> Decision:
    """What the turn decided. What it owes is numbered from ``first``."""
    lane = f"say:{peer.channel}"
    owes = [_owed(turn, number, lane, Say(peer, message)) for number, message in enumerate(moved.messages, first)]
    booked: Booked | None = None
    if moved.ask is not None:
        ask = Ask(peer, moved.ask, turn.id, turn.now, moved.before)
        asked = _owed(turn, first + len(owes), "ask", ask)
        owes.append(asked)
        if isinstance(moved.ask, MoneyCommand):
            booked = bookkeeping.consented(asked.id, ask, moved.ask, tap)
            before = _with_paying(before, Paying(payment=asked.id, since=turn.now))
    was = _position(before, peer)
    places = before.places | {peer.channel: Place(peer, moved.position)}
    after = msgspec.structs.replace(before, places=places)
    note = {
        "channel": peer.channel,
        "trigger": event,
        "from": type(was.state).__name__ if was else "-",
        "to": type(moved.position.state).__name__,
        "asks": type(moved.ask).__name__ if moved.ask else "-",
    }
    decision = Decision(snapshot=_encoder.encode(after), owes=tuple(owes), note=note)
    return decision if booked is None else _with_step(decision, booked)


def _owed(turn: Turn, number: int, lane: str, effect: Effect) -> Owed:
    return Owed(id=f"{turn.id}#{number}", lane=lane, body=effects.encode(effect))


def _position(snapshot: MemberSnapshot, peer: Peer) -> Position | None:
    place = snapshot.places.get(peer.channel)
    return place.position if place else None


def _with_paying(snapshot: MemberSnapshot, paying: Paying | None) -> MemberSnapshot:
    return msgspec.structs.replace(snapshot, paying=paying)


def _without(snapshot: MemberSnapshot, payment: str) -> MemberSnapshot:
    """The payment keeps nobody waiting any more."""
    theirs = snapshot.paying is not None and snapshot.paying.payment == payment
    return _with_paying(snapshot, None) if theirs else snapshot


def _read(snapshot: bytes | None) -> MemberSnapshot:
    return _decoder.decode(snapshot) if snapshot else MemberSnapshot({})
