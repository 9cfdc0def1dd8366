"""What may not have happened to money, whatever was killed. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

import msgspec

from actors import audit
from actors.audit import Step
from actors.payments import FINAL, Finding, PaymentRecord, PaymentState
from credex.commands import AcceptOffer, AcceptOffers, CancelOffer, DeclineOffer, MoneyCommand, OfferCredex, UpgradeTier
from credex.model import OfferId
from credex.simulator.records import ACCEPTED_STATES, CredexState
from tests.crash import evidence
from tests.crash.evidence import Key
from tests.crash.facts import Facts, Given


def violations(facts: Facts) -> Iterator[str]:
    """Every broken promise about money, one line each, an offer's with what is known of it below."""
    yield from _offers(facts)
    yield from _upgrades(facts)
    yield from _answers_to_offers(facts)
    yield from _consents(facts)


def _offers(facts: Facts) -> Iterator[str]:
    """Each credex of the ledger is one payment that is known to be done, or is still being looked into."""
    in_ledger = Counter(evidence.of_credex(one) for one in facts.ledger if not _is_charge(one, facts))
    unread = declined_unread(facts)
    done, perhaps = _made(facts, OfferCredex)
    for key, count in in_ledger.items():
        if count - unread[key] > 1:
            yield evidence.told(f"duplicate: {count} offers", key, facts)
        if count - unread[key] > done[key] + perhaps[key]:
            yield evidence.told("phantom: the ledger has an offer that no payment made", key, facts)
    for key, count in done.items():
        if count > in_ledger[key]:
            yield evidence.told("untrue: said to be made, and not in the ledger", key, facts)


def declined_unread(facts: Facts) -> Counter[Key]:
    """Offers that were declined before their payment was settled as not done.

    An offer whose answer was lost, and which was declined before anybody read of it, has left nothing to read. Each
    accounts for one payment, and only if it was over when that was settled: one that came later was settled too soon.
    """
    settled = _settled_as_not_done(facts)
    unread = Counter[Key]()
    for one in facts.ledger:
        key, declined = evidence.of_credex(one), one.times.get("declined")
        if declined is not None:
            later = sorted(at for at in settled[key] if at >= declined)
            if later:
                settled[key].remove(later[0])
                unread[key] += 1
    return unread


def _settled_as_not_done(facts: Facts) -> defaultdict[Key, list[datetime]]:
    """When payments for such an offer were."""
    at = {entry.id: entry.at for entry in facts.trail if entry.step == Step.SETTLED}
    settled = defaultdict[Key, list[datetime]](list)
    for payment in facts.payments:
        record = msgspec.msgpack.decode(payment.body, type=PaymentRecord)
        when = at.get(f"{payment.id}:{Step.SETTLED}")
        if isinstance(record.command, OfferCredex) and record.ended == Finding.NOT_DONE and when is not None:
            settled[evidence.of_command(record.command)].append(when)
    return settled


def _is_charge(one: Given, facts: Facts) -> bool:
    """credex-core made it by itself, for an upgrade."""
    return one.receiver == facts.operator


def _upgrades(facts: Facts) -> Iterator[str]:
    """An account is charged once for each payment that says it was upgraded."""
    charged: Counter[Key] = Counter((one.issuer,) for one in facts.ledger if _is_charge(one, facts))
    done, perhaps = _made(facts, UpgradeTier)
    for key in charged.keys() | done.keys():
        if charged[key] > done[key] + perhaps[key]:
            yield f"phantom: {key[0]} was charged {charged[key]} times for an upgrade, {done[key]} payments say so"
        if charged[key] < done[key]:
            yield f"untrue: {key[0]} was charged {charged[key]} times for an upgrade, {done[key]} payments say so"


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
            if _is_charge(one, facts):
                continue
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


def _made(facts: Facts, kind: type[MoneyCommand], *, by_reading: bool = True) -> tuple[Counter[Key], Counter[Key]]:
    """What payments of a kind have made, and what those still open may have made."""
    done, perhaps = Counter[Key](), Counter[Key]()
    for payment in facts.payments:
        record = msgspec.msgpack.decode(payment.body, type=PaymentRecord)
        if not isinstance(record.command, kind):
            continue
        if payment.state == PaymentState.DONE or (by_reading and record.ended == Finding.DONE):
            done[_what(record.command)] += 1
        elif payment.state not in FINAL:
            perhaps[_what(record.command)] += 1
    return done, perhaps


def _what(command: MoneyCommand) -> Key:
    if isinstance(command, OfferCredex):
        return evidence.of_command(command)
    if isinstance(command, UpgradeTier):
        return (command.account,)
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
