"""The member actor: what one member's mail does to their conversations. Pure; the runtime commits and performs it.

One actor serves a person on every channel, so their money is serialised; each channel has its own place in a
conversation. A command carries the turn that wanted it, so its outcome finds the very state that waits for it, and an
outcome that comes too late only ends its payment record. A payment in doubt owes looks into it until it is settled.
"""

from datetime import datetime

import msgspec

from actors import audit, bookkeeping, deliveries, effects
from actors.acting import chosen, following
from actors.audit import Step
from actors.bookkeeping import Booked, Paying, Tap
from actors.carrier_words import carrier_word
from actors.dialogs import frame, settling
from actors.dialogs.expiry import LIFETIMES, Lifetimes, left_alone
from actors.dialogs.late import held_back
from actors.dialogs.settling import Settlement
from actors.dialogs.states import visit_of
from actors.dialogs.words import full
from actors.effects import Ask, LookInto, Say, SayAgain
from actors.features import EVERYTHING_SURE, Features
from actors.house import House
from actors.noticing import noticed
from actors.payments import Finding, PaymentState, reference
from actors.preferences import preferred
from actors.recurring import informed, remembering
from actors.remembered import (
    MemberSnapshot,
    Place,
    Taken,
    all_known,
    keep_untold,
    position_of,
    with_paying,
    without,
    without_places,
)
from actors.settlement import Looked
from channels.message import IdentityChanged, InboundMessage, Notice, Peer, Preference, Undelivered
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
    """What members' actors do.

    ``text_line`` is our line for text messages, where they may bring what another channel cannot.
    """

    def __init__(
        self, lifetimes: Lifetimes = LIFETIMES, features: Features = EVERYTHING_SURE, text_line: str | None = None
    ) -> None:
        self._house = House(lifetimes, features)
        self._text_line = text_line

    def receive(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        """One message, one outcome, or a conversation that may be over."""
        before = informed(_read(snapshot), self._house.features)
        rang = mail.name if isinstance(mail, Due) else ""
        return self._decision(before, self._take(before, address, mail, turn), rang, turn.now)

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
        return self._decision(before, _given_up(before, address, mail, turn, self._house), "", turn.now)

    def _take(self, before: MemberSnapshot, address: Address, mail: Mail, turn: Turn) -> Taken:
        match mail:
            case Envelope():
                return self._received(before, _messages.decode(mail.body), address, turn)
            case Due(name=name) if name.startswith(deliveries.AGAIN):
                return deliveries.rang(before, mail, turn)
            case Due():
                return _rang(before, mail, turn, self._house)
            case Answer(final=False):
                return _overdue(before, mail, turn, self._house)
            case Answer():
                return self._answered(before, mail, phone_of(address), turn)

    def _received(self, before: MemberSnapshot, message: InboundMessage, address: Address, turn: Turn) -> Taken:
        content, phone = message.content, phone_of(address)
        if isinstance(content, IdentityChanged):
            return _identity_changed(before, message, content, address, turn)
        if isinstance(content, Notice):
            return noticed(before, message, content, phone, turn, self._house)
        if isinstance(content, Preference):
            return preferred(before, message, content, turn)
        if isinstance(content, Undelivered):
            return deliveries.undelivered(before, message, content, phone, turn, self._text_line)
        return carrier_word(before, message, turn) or _heard(before, message, phone, turn, self._house)

    def _answered(self, before: MemberSnapshot, answer: Answer, phone: Phone | None, turn: Turn) -> Taken:
        match effects.decode(answer.asked):
            case Say() | SayAgain():
                return deliveries.unsaid(before, answer, phone, turn, self._text_line)
            case Ask() as ask:
                return _asked(before, answer, ask, turn, self._house)
            case LookInto() as look:
                return _looked(before, answer, look, turn, self._house)

    def _decision(self, before: MemberSnapshot, taken: Taken, rang: str, now: datetime) -> Decision:
        after, timers = self._with_timers(before, taken.after, rang, now)
        return Decision(
            snapshot=_encoder.encode(after),
            owes=taken.owes,
            payments=taken.payments,
            audit=taken.audit,
            timers=(*taken.timers, *timers),
            dead=taken.dead,
            note=taken.note,
        )

    def _with_timers(
        self, before: MemberSnapshot, after: MemberSnapshot, rang: str, now: datetime
    ) -> tuple[MemberSnapshot, tuple[tuple[str, datetime], ...]]:
        """Set a timer where none rings by the end of a conversation; ``rang`` is the one that is cleared by itself.

        One that rings too early is set anew when it does: so an active conversation sets one in minutes, not in every
        turn.
        """
        if before.places is after.places and not rang:
            return after, ()
        timers, places = [], {}
        for channel, place in after.places.items():
            name, known = f"{_EXPIRY}{channel}", before.places.get(channel)
            if place is known and name != rang:
                continue
            rings = None if known is None or name == rang else known.rings
            end = self._house.lifetimes.end(place.position)
            if end is not None and (rings is None or rings <= now or end < rings):
                timers.append((name, end))
                rings = end
            if rings != place.rings:
                places[channel] = msgspec.structs.replace(place, rings=rings)
        return msgspec.structs.replace(after, places=after.places | places) if places else after, tuple(timers)


def _heard(before: MemberSnapshot, message: InboundMessage, phone: Phone | None, turn: Turn, house: House) -> Taken:
    position = following(position_of(before, message.peer), before.acting)
    moved = frame.hear(position, message, phone, turn, rules=house.rules(before, message.peer.channel, turn))
    before = msgspec.structs.replace(before, lately=before.lately.after(message, turn.now))
    tap = Tap(message.id, position.screen, full(position.state.prompt().text)) if moved.ask and position else None
    return _decision(before, message.peer, moved, turn, event=type(message.content).__name__, tap=tap)


def _given_up(before: MemberSnapshot, address: Address, mail: Mail, turn: Turn, house: House) -> Taken:
    match mail:
        case Envelope():
            return _message_given_up(before, _messages.decode(mail.body), address, turn, house)
        case Due():
            return Taken(after=before, note={"trigger": "due"})
        case Answer(final=False):
            return Taken(after=before, note={"trigger": "slow"})
        case Answer():
            return _outcome_given_up(before, mail, turn, house)


def _message_given_up(
    before: MemberSnapshot, message: InboundMessage, address: Address, turn: Turn, house: House
) -> Taken:
    content = message.content
    if isinstance(content, IdentityChanged):  # money is held whatever else is broken
        return _identity_changed(before, message, content, address, turn)
    if isinstance(content, Preference):  # and so is what they want
        return preferred(before, message, content, turn)
    if isinstance(content, Notice | Undelivered):  # nobody has asked for it, so nobody is told
        return Taken(after=before, note={"trigger": f"{type(content).__name__} given up"})
    return _recovered(before, message.peer, turn, house)


def _identity_changed(
    before: MemberSnapshot, message: InboundMessage, changed: IdentityChanged, address: Address, turn: Turn
) -> Taken:
    """Whoever writes next may be somebody else, on every channel of this number: hold money, forget every screen."""
    known = before.places | {message.peer.channel: Place(message.peer, frame.start(turn))}
    places = {channel: Place(place.peer, frame.start(turn)) for channel, place in known.items()}
    paying = before.paying and msgspec.structs.replace(before.paying, known=False)
    after = msgspec.structs.replace(before, places=places, paying=paying, frozen=turn.now, acting=None, again={})
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


def _overdue(before: MemberSnapshot, answer: Answer, turn: Turn, house: House) -> Taken:
    """credex-core takes long: its outcome is still to come, and the member hears so meanwhile."""
    ask = effects.decode(answer.asked)
    place = before.places.get(ask.peer.channel)
    if place is None or not isinstance(ask, Ask):
        return Taken(after=before, note={"trigger": "slow"})
    rules = house.rules(before, place.peer.channel, turn)
    moved = frame.slow(place.position, turn, asked=ask.turn, passed=answer.passed, rules=rules)
    return _decision(before, place.peer, moved, turn, event="slow")


def _asked(before: MemberSnapshot, answer: Answer, ask: Ask, turn: Turn, house: House) -> Taken:
    if isinstance(ask.command, MoneyCommand):
        after, booked, owes = _book(before, answer, ask, ask.command, turn)
        return _with_step(_told(after, answer, ask, turn, house, first=len(owes)), booked, owes)
    return _told(remembering(before, ask, _outcome(answer, ask)), answer, ask, turn, house)


def _outcome_given_up(before: MemberSnapshot, answer: Answer, turn: Turn, house: House) -> Taken:
    match effects.decode(answer.asked):
        case Say() | SayAgain():
            return Taken(after=before, note={"trigger": "message given up"})
        case Ask(command=command) as ask if isinstance(command, MoneyCommand):
            after, booked, owes = _book(before, answer, ask, command, turn)
            return _with_step(_recovered(after, ask.peer, turn, house, first=len(owes)), booked, owes)
        case Ask() as ask:
            return _recovered(before, ask.peer, turn, house)
        case LookInto() as look:
            booked = bookkeeping.settled(look, Finding.UNSURE, turn)
            after = _out_of_doubt(before, look, Finding.UNSURE, turn)
            return _with_step(_recovered(after, look.peer, turn, house), booked)


def _recovered(before: MemberSnapshot, peer: Peer, turn: Turn, house: House, *, first: int = 0) -> Taken:
    moved = frame.recover(position_of(before, peer), turn, rules=house.rules(before, peer.channel, turn))
    return _decision(before, peer, moved, turn, event="given up", first=first)


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
        before = keep_untold(before, held_back(outcome, ask.command))
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
        paid = booked.state is PaymentState.DONE
        return without(before, answer.effect, command, turn.now, paid=paid), booked, ()
    look = bookkeeping.first_look(ask.peer, booked, outcome, turn)
    paying = before.paying or Paying(payment=answer.effect, since=turn.now)
    if paying.payment == answer.effect:
        before = with_paying(before, msgspec.structs.replace(paying, since=turn.now, in_doubt=True))
    return before, booked, (effects.owed(turn, 0, "look", look),)


def _looked(before: MemberSnapshot, answer: Answer, look: LookInto, turn: Turn, house: House) -> Taken:
    finding = bookkeeping.found(look, answer.body, turn)
    if finding is Finding.OPEN:
        owed = effects.owed(turn, 0, "look", bookkeeping.look_again(look, turn))
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
    taken = _decision(_out_of_doubt(before, look, finding, turn), peer, moved, turn, event=f"looked: {finding}")
    return _with_step(taken, bookkeeping.settled(look, finding, turn))


def _out_of_doubt(before: MemberSnapshot, look: LookInto, finding: Finding, turn: Turn) -> MemberSnapshot:
    doubt = look.doubt
    return without(before, doubt.payment, doubt.record.command, turn.now, paid=finding.may_be_done)


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
    owes = [effects.saying(turn, number, Say(peer, message)) for number, message in enumerate(moved.messages, first)]
    booked: Booked | None = None
    if moved.ask is not None:
        ask = Ask(peer, moved.ask, turn.id, turn.now, all_known(before, moved.before))
        asked = effects.owed(turn, first + len(owes), "ask", ask)
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


def _read(snapshot: bytes | None) -> MemberSnapshot:
    return _decoder.decode(snapshot) if snapshot else MemberSnapshot({})
