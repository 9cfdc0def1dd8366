"""The member actor: what one member's mail does to their conversations. Pure; the runtime commits and performs it.

One actor serves a person on every channel, so their money is serialised; each channel has its own place in a
conversation. A command carries the turn that wanted it, so its outcome finds the very state that waits for it, and an
outcome that comes too late only ends its payment record. A payment in doubt owes looks into it until it is settled.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from actors import audit, bookkeeping, effects
from actors.acting import chosen, following
from actors.audit import Step
from actors.bookkeeping import Booked, Paying, Tap
from actors.dialogs import frame, settling
from actors.dialogs.expiry import LIFETIMES, Lifetimes, left_alone
from actors.dialogs.settling import Settlement
from actors.dialogs.states import visit_of
from actors.dialogs.words import full
from actors.effects import Ask, Effect, LookInto, Say
from actors.features import EVERYTHING_SURE, Features
from actors.house import House
from actors.payments import Finding, PaymentState, reference
from actors.recurring import informed, remembering
from actors.remembered import (
    MemberSnapshot,
    Place,
    Taken,
    keep_untold,
    position_of,
    with_paying,
    without,
    without_places,
)
from actors.settlement import Looked
from channels.message import IdentityChanged, InboundMessage, Notice, Peer
from credex.commands import ChangeCommand, MoneyCommand, leaves_doubt
from credex.model import Phone
from credex.outcomes import LoggedIn, Onboarded, Outcome, Unavailable, Unclear
from runtime.address import Address
from runtime.envelope import Answer, Due, Envelope, Mail
from runtime.store import Owed
from runtime.turn import Decision, Turn

_EXPIRY = "expiry:"
"""Begins the name of the timer that ends a conversation; the channel follows."""

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

    def __init__(self, lifetimes: Lifetimes = LIFETIMES, features: Features = EVERYTHING_SURE) -> None:
        self._house = House(lifetimes, features)

    def receive(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        """One message, one outcome, or a conversation that may be over."""
        before = informed(_read(snapshot), self._house.features)
        rang = mail.name if isinstance(mail, Due) else ""
        return self._decision(before, self._take(before, address, mail, turn), rang)

    def give_up(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        """The mail broke the conversation: apologise on the channel it came by and start from a safe place.

        If the snapshot itself cannot be read (written by another version), the member starts afresh, but for what can
        be read of it (``without_places``). A timer that broke
        it is not set again, for it has run out already: the member's next word is measured by the same rule.
        """
        try:
            before = _read(snapshot)
        except msgspec.MsgspecError:
            before = without_places(snapshot)
        return self._decision(before, _given_up(before, address, mail, turn, self._house), "")

    def _take(self, before: MemberSnapshot, address: Address, mail: Mail, turn: Turn) -> Taken:
        match mail:
            case Envelope():
                message = _messages.decode(mail.body)
                if isinstance(message.content, IdentityChanged):
                    return _identity_changed(before, message, message.content, address, turn)
                if isinstance(message.content, Notice):
                    return _noticed(before, message, message.content, phone_of(address), turn, self._house)
                return _heard(before, message, phone_of(address), turn, self._house)
            case Due():
                return _rang(before, mail, turn, self._house)
            case Answer(final=False):
                return _overdue(before, mail, turn, self._house)
            case Answer():
                return _answered(before, mail, turn, self._house)

    def _decision(self, before: MemberSnapshot, taken: Taken, rang: str) -> Decision:
        return Decision(
            snapshot=_encoder.encode(taken.after),
            owes=taken.owes,
            payments=taken.payments,
            audit=taken.audit,
            timers=tuple(self._timers(before, taken.after, rang)),
            note=taken.note,
        )

    def _timers(
        self, before: MemberSnapshot, after: MemberSnapshot, rang: str
    ) -> Iterator[tuple[str, datetime | None]]:
        """For each conversation whose end has moved; ``rang`` is the timer that is cleared by itself."""
        if before.places is after.places and not rang:
            return
        for channel, place in after.places.items():
            name, known = f"{_EXPIRY}{channel}", before.places.get(channel)
            was = None if known is None or name == rang else self._house.lifetimes.end(known.position)
            end = self._house.lifetimes.end(place.position)
            if end != was:
                yield name, end


def _heard(before: MemberSnapshot, message: InboundMessage, phone: Phone | None, turn: Turn, house: House) -> Taken:
    position = following(position_of(before, message.peer), before.acting)
    moved = frame.hear(position, message, phone, turn, rules=house.rules(before, message.peer.channel, turn))
    before = msgspec.structs.replace(before, lately=before.lately.after(message, turn.now))
    tap = Tap(message.id, position.screen, full(position.state.prompt().text)) if moved.ask and position else None
    return _decision(before, message.peer, moved, turn, event=type(message.content).__name__, tap=tap)


def _given_up(before: MemberSnapshot, address: Address, mail: Mail, turn: Turn, house: House) -> Taken:
    match mail:
        case Envelope():
            message = _messages.decode(mail.body)
            if isinstance(message.content, IdentityChanged):  # money is held whatever else is broken
                return _identity_changed(before, message, message.content, address, turn)
            if isinstance(message.content, Notice):  # nobody has asked for it, so nobody is told
                return Taken(after=before, note={"trigger": "notice given up"})
            return _recovered(before, message.peer, turn, house)
        case Due():
            return Taken(after=before, note={"trigger": "due"})
        case Answer(final=False):
            return Taken(after=before, note={"trigger": "slow"})
        case Answer():
            return _outcome_given_up(before, mail, turn, house)


def _identity_changed(
    before: MemberSnapshot, message: InboundMessage, changed: IdentityChanged, address: Address, turn: Turn
) -> Taken:
    """Whoever writes next may be somebody else, on every channel of this number: hold money, forget every screen."""
    known = before.places | {message.peer.channel: Place(message.peer, frame.start(turn))}
    places = {channel: Place(place.peer, frame.start(turn)) for channel, place in known.items()}
    paying = before.paying and msgspec.structs.replace(before.paying, known=False)
    after = msgspec.structs.replace(before, places=places, paying=paying, frozen=turn.now, acting=None)
    after = msgspec.structs.replace(after, lately=before.lately.after(message, turn.now))
    entry = audit.entry_of_member(Step.FROZEN, turn.id, changed.kind, address=address, at=turn.now)
    return Taken(after=after, audit=(entry,), note={"channel": message.peer.channel, "trigger": "IdentityChanged"})


def _rang(before: MemberSnapshot, due: Due, turn: Turn, house: House) -> Taken:
    """Perhaps nobody has said a word for long: then the conversation goes where nothing can be done by accident."""
    channel = due.name.removeprefix(_EXPIRY)
    place = before.places.get(channel)
    end = house.lifetimes.end(place.position) if place else None
    if place is None or end is None or turn.now < end:
        return Taken(after=before, note={"trigger": "due"})
    position = left_alone(place.position)
    after = msgspec.structs.replace(before, places=before.places | {channel: Place(place.peer, position)})
    was, now = type(place.position.state).__name__, type(position.state).__name__
    return Taken(after=after, note={"channel": channel, "trigger": "expired", "from": was, "to": now})


def _noticed(
    before: MemberSnapshot,
    message: InboundMessage,
    notice: Notice,
    phone: Phone | None,
    turn: Turn,
    house: House,
) -> Taken:
    """Tell it, and have every conversation know that its figures are old. No conversation moves by it."""
    channel = message.peer.channel
    note = {"channel": channel, "trigger": "Notice"}
    if before.lately.knows(notice, message.at):
        return Taken(after=before, note=note | {"trigger": "Notice told before"})
    messages = [before.lately.telling(notice, message.peer, turn.now)]
    places = {}
    for name, place in before.places.items():
        moved = frame.hear(place.position, message, phone, turn, rules=house.rules(before, name, turn))
        places[name] = msgspec.structs.replace(place, position=moved.position)
        messages += moved.messages if name == channel else ()
    after = msgspec.structs.replace(before, places=places, lately=before.lately.knowing(notice, message.at))
    says = enumerate(messages)
    owes = tuple(_owed(turn, number, f"say:{channel}", Say(message.peer, each)) for number, each in says)
    return Taken(after=after, owes=owes, note=note | {"template": messages[0].template or "-"})


def _overdue(before: MemberSnapshot, answer: Answer, turn: Turn, house: House) -> Taken:
    """credex-core takes long: its outcome is still to come, and the member hears so meanwhile."""
    ask = effects.decode(answer.asked)
    place = before.places.get(ask.peer.channel)
    if place is None or not isinstance(ask, Ask):
        return Taken(after=before, note={"trigger": "slow"})
    rules = house.rules(before, place.peer.channel, turn)
    moved = frame.slow(place.position, turn, asked=ask.turn, passed=answer.passed, rules=rules)
    return _decision(before, place.peer, moved, turn, event="slow")


def _answered(before: MemberSnapshot, answer: Answer, turn: Turn, house: House) -> Taken:
    match effects.decode(answer.asked):
        case Say():
            return _unsaid(before)
        case Ask(command=command) as ask if isinstance(command, MoneyCommand):
            after, booked, owes = _book(before, answer, ask, command, turn)
            return _with_step(_told(after, answer, ask, turn, house, first=len(owes)), booked, owes)
        case Ask() as ask:
            return _told(remembering(before, ask, _outcome(answer, ask)), answer, ask, turn, house)
        case LookInto() as look:
            return _looked(before, answer, look, turn, house)


def _outcome_given_up(before: MemberSnapshot, answer: Answer, turn: Turn, house: House) -> Taken:
    match effects.decode(answer.asked):
        case Say():
            return _unsaid(before)
        case Ask(command=command) as ask if isinstance(command, MoneyCommand):
            after, booked, owes = _book(before, answer, ask, command, turn)
            return _with_step(_recovered(after, ask.peer, turn, house, first=len(owes)), booked, owes)
        case Ask() as ask:
            return _recovered(before, ask.peer, turn, house)
        case LookInto() as look:
            booked = bookkeeping.settled(look, Finding.UNSURE, turn)
            return _with_step(_recovered(without(before, look.doubt.payment), look.peer, turn, house), booked)


def _recovered(before: MemberSnapshot, peer: Peer, turn: Turn, house: House, *, first: int = 0) -> Taken:
    moved = frame.recover(position_of(before, peer), turn, rules=house.rules(before, peer.channel, turn))
    return _decision(before, peer, moved, turn, event="given up", first=first)


def _unsaid(before: MemberSnapshot) -> Taken:
    """A message that could not even be tried: a dead letter tells operators, and the member cannot be told."""
    return Taken(after=before, note={"trigger": "message given up"})


def _told(before: MemberSnapshot, answer: Answer, ask: Ask, turn: Turn, house: House, *, first: int = 0) -> Taken:
    outcome = _outcome(answer, ask)
    event = type(outcome).__name__
    place = before.places.get(ask.peer.channel)
    if place is None:
        return Taken(after=before, note={"trigger": event})
    position = following(place.position, before.acting) or place.position
    let_in = isinstance(outcome, LoggedIn | Onboarded) and position.asked == ask.turn
    was = before
    if let_in:
        # Somebody has logged in: money is held no more, and they hear what was kept for them.
        before = msgspec.structs.replace(before, frozen=None, untold=())
    elif visit_of(position.state) is None and isinstance(ask.command, MoneyCommand | ChangeCommand):
        before = keep_untold(before, frame.held_back(outcome, ask.command))
    said = was.untold if let_in else ()
    rules, payment = house.rules(before, place.peer.channel, turn), reference(answer.effect)
    moved = frame.answer(position, outcome, turn, asked=ask.turn, first=said, rules=rules, reference=payment)
    taken = _decision(before, place.peer, moved, turn, event=event, first=first)
    if not let_in or was.frozen is None:
        return taken
    address = Address(turn.id.rpartition("/")[0])
    reopened = audit.entry_of_member(Step.REOPENED, turn.id, "", address=address, at=turn.now)
    return msgspec.structs.replace(taken, audit=(*taken.audit, reopened))


def _book(
    before: MemberSnapshot, answer: Answer, ask: Ask, command: MoneyCommand, turn: Turn
) -> tuple[MemberSnapshot, Booked, tuple[Owed, ...]]:
    """A payment's answer: the snapshot after it, its records, and the look it owes if it leaves a doubt."""
    outcome = _outcome(answer, ask)
    before = remembering(before, ask, outcome)
    booked = bookkeeping.answered(answer.effect, ask, command, outcome, turn)
    if booked.state is not PaymentState.UNKNOWN:
        return without(before, answer.effect), booked, ()
    look = bookkeeping.first_look(ask.peer, booked, outcome, turn)
    paying = before.paying or Paying(payment=answer.effect, since=turn.now)
    if paying.payment == answer.effect:
        before = with_paying(before, msgspec.structs.replace(paying, since=turn.now, in_doubt=True))
    return before, booked, (_owed(turn, 0, "look", look),)


def _looked(before: MemberSnapshot, answer: Answer, look: LookInto, turn: Turn, house: House) -> Taken:
    finding = bookkeeping.found(look, answer.body, turn)
    if finding is Finding.OPEN:
        owed = _owed(turn, 0, "look", bookkeeping.look_again(look, turn))
        return Taken(after=before, owes=(owed,), note={"trigger": f"looked: {finding}"})
    payment = look.doubt.payment
    looked = answer.body if isinstance(answer.body, Looked) else Looked(at=turn.now)
    ended = Settlement(
        command=look.doubt.record.command,
        finding=finding,
        reference=reference(payment),
        member=looked.member,
        ledger=tuple(entry.id for entry in looked.ledger.entries) if looked.ledger else (),
    )
    known = before.paying is not None and before.paying.payment == payment and before.paying.known
    place = before.places.get(look.peer.channel)
    if not known and place is not None and visit_of(place.position.state) is None:
        before = keep_untold(before, settling.news(ended))
    peer = place.peer if place else look.peer
    rules = house.rules(before, peer.channel, turn)
    moved = frame.settled(place.position if place else None, ended, turn, known=known, rules=rules)
    taken = _decision(without(before, payment), peer, moved, turn, event=f"looked: {finding}")
    return _with_step(taken, bookkeeping.settled(look, finding, turn))


def _with_step(taken: Taken, booked: Booked, owes: tuple[Owed, ...] = ()) -> Taken:
    return msgspec.structs.replace(
        taken,
        owes=(*owes, *taken.owes),
        payments=(*taken.payments, booked.payment),
        audit=(*taken.audit, booked.entry),
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
) -> Taken:
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
            before = with_paying(before, Paying(payment=asked.id, since=turn.now))
    was = position_of(before, peer)
    places = before.places | {peer.channel: Place(peer, moved.position)}
    after = msgspec.structs.replace(before, places=places, acting=chosen(was, moved.position, before.acting))
    note = {
        "channel": peer.channel,
        "trigger": event,
        "from": type(was.state).__name__ if was else "-",
        "to": type(moved.position.state).__name__,
        "asks": type(moved.ask).__name__ if moved.ask else "-",
    }
    taken = Taken(after=after, owes=tuple(owes), note=note)
    return taken if booked is None else _with_step(taken, booked)


def _owed(turn: Turn, number: int, lane: str, effect: Effect) -> Owed:
    return Owed(id=f"{turn.id}#{number}", lane=lane, body=effects.encode(effect))


def _read(snapshot: bytes | None) -> MemberSnapshot:
    return _decoder.decode(snapshot) if snapshot else MemberSnapshot({})
