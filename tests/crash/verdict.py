"""What may not have happened, whatever was killed. Pure: from what members did, what is stored, what the ledger says.

A payment may still be open when a run ends: reading the ledger takes its time before "not made" is certain. That is no
fault as long as it is younger than ``OVERDUE``.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import msgspec

from actors import audit, effects
from actors.audit import Step
from actors.effects import LookInto
from actors.payments import FINAL, Finding, PaymentRecord, PaymentState
from actors.settlement import SERVER_LIMIT
from credex.commands import AcceptOffer, AcceptOffers, CancelOffer, DeclineOffer, MoneyCommand, OfferCredex
from credex.model import OfferId
from credex.simulator.records import ACCEPTED_STATES, CredexState
from runtime.store import AuditEntry, DeadLetter, Owed, Payment, Seen
from tests.crash.provider import Sent

OVERDUE = SERVER_LIMIT + timedelta(seconds=150)
"""The last look falls up to so long after the limit: pauses between looks grow, and a killed server takes none."""


class Given(msgspec.Struct, frozen=True):
    """A credex of the ledger, as its issuer gave it."""

    id: str
    issuer: str
    receiver: str
    amount: str
    denomination: str
    state: CredexState


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known at the end. ``references`` name the effects that sent what members got."""

    now: datetime
    sent: Sequence[Sent]
    history: Mapping[str, Sequence[Seen]]
    payments: Sequence[Payment]
    trail: Sequence[AuditEntry]
    owed: Sequence[Owed]
    dead: Sequence[DeadLetter]
    ledger: Sequence[Given]
    references: Sequence[str]


def violations(facts: Facts) -> list[str]:
    """Every broken promise, one line each; none is the only good answer."""
    return [
        *_lost(facts),
        *_twice(facts),
        *_out_of_order(facts),
        *_unanswered(facts),
        *_offers(facts),
        *_answers_to_offers(facts),
        *_consents(facts),
        *_left_open(facts),
    ]


def _lost(facts: Facts) -> Iterator[str]:
    applied = {seen.id: seen.version for history in facts.history.values() for seen in history}
    for sent in facts.sent:
        if sent.answered is None:
            yield f"never answered with 200: {sent.id}"
        elif sent.id not in applied:
            yield f"lost: {sent.id} was answered with 200 and is not stored"
        elif applied[sent.id] is None:
            yield f"lost: {sent.id} was answered with 200 and never applied"


def _twice(facts: Facts) -> Iterator[str]:
    ids = Counter(seen.id for history in facts.history.values() for seen in history)
    yield from (f"accepted twice: {id_}" for id_, count in ids.items() if count > 1)
    for phone, history in facts.history.items():
        versions = Counter(seen.version for seen in history if seen.version is not None)
        yield from (f"two messages in one turn: {phone}/{at}" for at, count in versions.items() if count > 1)


def _out_of_order(facts: Facts) -> Iterator[str]:
    sequences = {seen.id: seen.sequence for history in facts.history.values() for seen in history}
    for phone, history in facts.history.items():
        for first, second in pairwise(sorted(history, key=lambda seen: seen.sequence)):
            if first.version is not None and second.version is not None and second.version < first.version:
                yield f"out of order: {second.id} of {phone} was applied before {first.id}"
    for phone in facts.history:
        mine = [sent for sent in facts.sent if sent.phone == phone and sent.id in sequences]
        for earlier, later in pairwise(mine):
            if _before(earlier, later) and sequences[later.id] < sequences[earlier.id]:
                yield f"out of order: {later.id} was accepted before {earlier.id}, though sent after its 200"


def _before(first: Sent, second: Sent) -> bool:
    """Whether it was sent before, beyond doubt: in one delivery, or after the other's answer."""
    if first.delivery == second.delivery:
        return True
    return first.answered is not None and second.tried is not None and first.answered < second.tried


def _unanswered(facts: Facts) -> Iterator[str]:
    """Each message was answered in its turn, or, if credex-core had to be asked, in one before the next message's."""
    spoken: dict[str, set[int]] = {f"member:{phone}": set() for phone in facts.history}
    for reference in facts.references:
        address, _, turn = reference.rpartition("/")
        spoken[address].add(int(turn.partition("#")[0]))
    for phone, history in facts.history.items():
        turns = [(seen.version, seen.id) for seen in history if seen.version is not None]
        said = spoken[f"member:{phone}"]
        last = max((version for version, _ in turns), default=0)
        for (version, id_), (following, _) in pairwise([*sorted(turns), (max(said, default=last), "")]):
            if said.isdisjoint(range(version, following + 1)):
                yield f"silent: {phone} got no answer to {id_}"


def _offers(facts: Facts) -> Iterator[str]:
    """Each credex of the ledger is one payment that is known to be done, or is still being looked into."""
    in_ledger: Counter[tuple[object, ...]] = Counter(
        (one.issuer, one.receiver, Decimal(one.amount), one.denomination, "offer") for one in facts.ledger
    )
    done, perhaps = _made(facts, OfferCredex)
    for what, count in in_ledger.items():
        if count > 1:
            yield f"duplicate: {count} offers {_shown(what)}"
        if count > done[what] + perhaps[what]:
            yield f"phantom: the ledger has an offer that no payment made, {_shown(what)}"
    for what, count in done.items():
        if count > in_ledger[what]:
            yield f"untrue: said to be made, and not in the ledger, {_shown(what)}"


_CLOSED = frozenset({CredexState.DECLINED, CredexState.CANCELLED, CredexState.EXPIRED})


def _answers_to_offers(facts: Facts) -> Iterator[str]:
    """Reading cannot tell a declined offer from a cancelled one: its member was told that it is no longer open.

    Several accepted by one signature are accepted each for itself, and the record does not say which were.
    """
    together = list(_accepted_together(facts))
    several = Counter((offer,) for offers, _ in together for offer in offers)
    accepted = {one.id for one in facts.ledger if one.state in ACCEPTED_STATES}
    for offers, some_are_said in together:
        if some_are_said and accepted.isdisjoint(offers):
            yield f"untrue: none of {', '.join(offers)} is accepted, though several are said to be"
    kinds: dict[type[MoneyCommand], tuple[frozenset[CredexState], frozenset[CredexState]]] = {
        AcceptOffer: (ACCEPTED_STATES, ACCEPTED_STATES),
        DeclineOffer: (frozenset({CredexState.DECLINED}), _CLOSED),
        CancelOffer: (frozenset({CredexState.CANCELLED}), _CLOSED),
    }
    for kind, (states, read) in kinds.items():
        done, perhaps = _made(facts, kind)
        if kind is AcceptOffer:
            perhaps += several
        said, _ = _made(facts, kind, by_reading=False)
        for one in facts.ledger:
            what = (one.id,)
            if one.state in states and done[what] + perhaps[what] == 0:
                yield f"phantom: {one.id} is {one.state}, and nobody's payment did that"
            if one.state not in (states if said[what] else read) and done[what]:
                yield f"untrue: {one.id} is {one.state}, though {kind.__name__} is said to be done"


def _accepted_together(facts: Facts) -> Iterator[tuple[tuple[OfferId, ...], bool]]:
    """Which offers may have been accepted by one signature, and whether some are said to be."""
    for payment in facts.payments:
        record = msgspec.msgpack.decode(payment.body, type=PaymentRecord)
        if isinstance(record.command, AcceptOffers):
            done = payment.state == PaymentState.DONE or record.ended == Finding.DONE
            if done or payment.state not in FINAL:
                yield record.command.offers, done


def _made(
    facts: Facts, kind: type[MoneyCommand], *, by_reading: bool = True
) -> tuple[Counter[tuple[object, ...]], Counter[tuple[object, ...]]]:
    """What payments of a kind have made, and what those still open may have made."""
    done: Counter[tuple[object, ...]] = Counter()
    perhaps: Counter[tuple[object, ...]] = Counter()
    for payment in facts.payments:
        record = msgspec.msgpack.decode(payment.body, type=PaymentRecord)
        if not isinstance(record.command, kind):
            continue
        if payment.state == PaymentState.DONE or (by_reading and record.ended == Finding.DONE):
            done[_what(record.command)] += 1
        elif payment.state not in FINAL:
            perhaps[_what(record.command)] += 1
    return done, perhaps


def _what(command: MoneyCommand) -> tuple[object, ...]:
    if isinstance(command, OfferCredex):
        amount = command.amount
        return (command.issuer, command.receiver, amount.amount, amount.denomination, "offer")
    return (command.offer,) if isinstance(command, AcceptOffer | DeclineOffer | CancelOffer) else ()


def _consents(facts: Facts) -> Iterator[str]:
    """Each payment stands on a message of its member that signs, and no message signs for two."""
    signed = {sent.id: sent.phone for sent in facts.sent if sent.saying.confirms}
    taps = Counter[str]()
    consented = set[str]()
    for entry in facts.trail:
        if entry.step != Step.CONSENTED:
            continue
        told = audit.facts_of(entry)
        consented.add(told.payment)
        taps[told.tap] += 1
        if signed.get(told.tap) != entry.address.partition(":")[2]:
            yield f"no consent: {told.payment} stands on {told.tap}, which its member never signed with"
    yield from (f"signed once, paid twice: {tap}" for tap, count in taps.items() if count > 1)
    yield from (f"no trail: {payment.id}" for payment in facts.payments if payment.id not in consented)


def _left_open(facts: Facts) -> Iterator[str]:
    ends = FINAL | {PaymentState.PARKED}
    for payment in facts.payments:
        record = msgspec.msgpack.decode(payment.body, type=PaymentRecord)
        if payment.state not in ends and (record.at is None or facts.now - record.at > OVERDUE):
            yield f"left open: {payment.id} is {payment.state} since {record.at}"
    for effect in facts.owed:
        if not isinstance(effects.decode(effect.body), LookInto):
            yield f"left undone: {effect.id} is still owed"
    yield from (f"given up: {letter.id}, {letter.cause}" for letter in facts.dead)


def _shown(what: tuple[object, ...]) -> str:
    issuer, receiver, amount, denomination, _ = what
    return f"{amount} {denomination} from {issuer} to {receiver}"
