"""What is known of an offer that is in the ledger and should not be, or the other way round. Pure."""

from collections.abc import Iterator
from decimal import Decimal
from typing import assert_never

import msgspec

from actors import audit
from actors.audit import OF_A_MEMBER
from actors.books import described
from actors.payments import PaymentRecord, reference
from credex.commands import (
    AcceptOffer,
    AcceptOffers,
    CancelOffer,
    DeclineOffer,
    MoneyCommand,
    OfferCredex,
    SetUpRecurring,
    UpgradeTier,
)
from credex.model import OfferId
from runtime.store import Payment
from tests.crash.facts import Facts, Given

Key = tuple[object, ...]
"""What a payment makes or is about. Of an offer: issuer, receiver, amount, denomination."""


def of_credex(one: Given) -> Key:
    """The key of an offer in the ledger."""
    return (one.issuer, one.receiver, Decimal(one.amount), one.denomination)


def of_command(command: OfferCredex) -> Key:
    """The key of the offer that a payment makes."""
    return (command.issuer, command.receiver, command.amount.amount, command.amount.denomination)


def shown(key: Key) -> str:
    """In words."""
    issuer, receiver, amount, denomination = key
    return f"{amount} {denomination} from {issuer} to {receiver}"


def told(what: str, key: Key, facts: Facts) -> str:
    """A violation about an offer, and below it everything that is known of such offers, one line each."""
    return "\n    ".join((f"{what}, {shown(key)}", *_known(key, facts)))


def _known(key: Key, facts: Facts) -> Iterator[str]:
    for one in facts.ledger:
        if of_credex(one) == key:
            since = ", ".join(f"{step} {at:%H:%M:%S.%f}" for step, at in one.times.items())
            yield f"ledger: {one.id} is {one.state}: {since}"
            yield from (
                f"about it: {_payment(payment, record)}"
                for payment, record in _records(facts)
                if one.id in _answered(record.command)
            )
    for payment, record in _records(facts):
        if isinstance(record.command, OfferCredex) and of_command(record.command) == key:
            yield f"payment: {_payment(payment, record)}"
            yield from _trail(payment, facts)


def _trail(payment: Payment, facts: Facts) -> Iterator[str]:
    for entry in sorted(facts.trail, key=lambda entry: entry.at):
        if entry.step not in OF_A_MEMBER:
            told = audit.facts_of(entry)
            if told.payment == payment.id:
                yield " ".join(filter(None, (f"trail: {entry.at:%H:%M:%S.%f} {entry.step}", told.said, told.ended)))


def _records(facts: Facts) -> Iterator[tuple[Payment, PaymentRecord]]:
    for payment in facts.payments:
        yield payment, msgspec.msgpack.decode(payment.body, type=PaymentRecord)


def _payment(payment: Payment, record: PaymentRecord) -> str:
    at = f"{record.at:%H:%M:%S.%f}" if record.at else "-"
    ended = f"{payment.state} {record.ended}".rstrip()
    return f"{reference(payment.id)} {ended}, signed at {at}: {described(record.command)}"


def _answered(command: MoneyCommand) -> tuple[OfferId, ...]:
    match command:
        case AcceptOffer() | DeclineOffer() | CancelOffer():
            return (command.offer,)
        case AcceptOffers():
            return command.offers
        case OfferCredex() | SetUpRecurring() | UpgradeTier():
            return ()
        case unexpected:
            assert_never(unexpected)
