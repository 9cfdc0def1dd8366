"""What became of a payment whose answer was lost: told by reading, never by sending again. Pure.

The member's offers and ledger are compared with what was there before (``Before``). One new offer or entry that is what
was asked for: it went through. None: it may still come, because a request may go on inside credex-core after its
caller hung up, so "none" counts only after ``SERVER_LIMIT``. An offer declined by then has left both lists and reads as
none; nothing stands of it either way. Two of a kind, or a ledger that stays out of reach: nobody can tell from here.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, assert_never

import msgspec

from actors.payments import Before, Finding, PaymentRecord
from credex.commands import (
    AcceptOffer,
    AcceptOffers,
    CancelOffer,
    DeclineOffer,
    OfferCredex,
    SetUpRecurring,
    UpgradeTier,
)
from credex.model import Account, LedgerEntry, Member, Offer, OfferId
from credex.money import Denomination, Money
from credex.outcomes import LedgerRead

SERVER_LIMIT = timedelta(minutes=2)
"""How long credex-core may still be at work on a request nobody waits for any more.

Its database driver waits up to 60 s for a connection and repeats a transaction for up to 30 s (the driver's defaults);
beyond their sum it has given up. The rest is for its dashboards, which may be 30 s old.
"""

CACHED = timedelta(seconds=40)
"""After an answer credex-core is not at work any more, but its dashboards may be 30 s old."""

PATIENCE = timedelta(minutes=30)
"""How long a ledger that cannot be read is waited for, before an operator is asked."""

ENOUGH_LOOKS = 8
"""At least so many vain looks: the time a server was switched off is no patience."""

LEDGER_ROWS = 100
"""More than anybody accepts in the minutes a payment is looked into, several at once included."""

CHARGE = Money(Decimal(1), Denomination.USD)
"""What an upgrade costs (``hustler10k``)."""

_UPGRADED = 3
_SKEW = timedelta(minutes=1)
"""How far credex-core's clock may be behind ours."""

_PAUSES = (1, 2, 4, 8, 15, 30, 30, 30, 60, 120)
"""Seconds before each look, the last one repeated. Eight of them make ``SERVER_LIMIT``."""

_SPREAD = 8
"""A pause may be an eighth longer, by the turn's seed: after an outage not everybody looks at once."""


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """A payment to be found out.

    ``since`` is when its answer was given up, or came (``answered``) as a refusal that leaves it open; ``looks`` is how
    often the ledger was looked into so far.
    """

    payment: str
    record: PaymentRecord
    since: datetime
    answered: bool
    looks: int = 0


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """One look, begun ``at``. Without member or ledger it was in vain; ``tried`` is false if it was not even begun."""

    at: datetime
    member: Member | None = None
    ledger: LedgerRead | None = None
    tried: bool = True


class _Reading(NamedTuple):
    """What one look at a readable ledger says now, and what it will have said if nothing has changed in the end."""

    now: Finding
    at_last: Finding = Finding.NOT_DONE


def judge(doubt: Doubt, looked: Looked) -> Finding:
    """What is known after this look."""
    reading = _read(doubt.record, looked)
    waited = looked.at - doubt.since
    if reading is None:
        in_vain = looked.tried and waited >= PATIENCE and doubt.looks >= ENOUGH_LOOKS
        return Finding.UNSURE if in_vain else Finding.OPEN
    if reading.now is not Finding.OPEN:
        return reading.now
    return reading.at_last if waited >= (CACHED if doubt.answered else SERVER_LIMIT) else Finding.OPEN


def pause(doubt: Doubt, seed: int) -> timedelta:
    """How long to wait before the next look."""
    seconds = _PAUSES[min(doubt.looks, len(_PAUSES) - 1)]
    return timedelta(seconds=seconds + seconds * (seed % 1000) / 1000 / _SPREAD)


def _read(record: PaymentRecord, looked: Looked) -> _Reading | None:
    """``None`` if this look cannot tell."""
    before, ledger = record.before, looked.ledger
    if before is None or record.at is None:
        return _Reading(Finding.UNSURE)
    account = looked.member.account(before.account) if looked.member else None
    if looked.member is None or account is None or ledger is None:
        return None
    new = _New(before, record.at, account, ledger)
    return _compare(record, before, _Books(looked.member.tier, account, ledger, new))


class _Books(NamedTuple):
    """What one look found."""

    tier: int
    account: Account
    ledger: LedgerRead
    new: "_New"


def _compare(record: PaymentRecord, before: Before, books: _Books) -> _Reading | None:  # noqa: PLR0911 - one a command
    account, ledger, new = books.account, books.ledger, books.new
    command = record.command
    match command:
        case OfferCredex():
            return _offered(command, before, new) if new.whole else None
        case AcceptOffer():
            return _answered(command.offer, account.incoming, ledger, accepted=Finding.DONE, gone=Finding.GONE)
        case AcceptOffers():
            return _several(command.offers, account.incoming, ledger)
        case SetUpRecurring():
            return _Reading(Finding.UNSURE)  # credex-core has no list of them
        case DeclineOffer():
            return _answered(command.offer, account.incoming, ledger, accepted=Finding.GONE, gone=Finding.DONE)
        case CancelOffer():
            return _answered(command.offer, account.outgoing, ledger, accepted=Finding.GONE, gone=Finding.DONE)
        case UpgradeTier():
            return _upgraded(before, books.tier, new) if new.whole else None
        case unexpected:
            assert_never(unexpected)


class _New:
    """What an account has given since: offers still open, and entries of the ledger.

    ``whole`` is false if the ledger does not go back to the ``consent``. An entry may be old, and tells nothing for
    certain, if its time cannot be read, or is before the consent by no more than credex-core's clock may be behind.
    """

    def __init__(self, before: Before, consent: datetime, account: Account, ledger: LedgerRead) -> None:
        known, entries, since = frozenset(before.pending), ledger.entries, consent - _SKEW
        self.offers = [offer for offer in account.outgoing if offer.id not in known]
        unseen = [entry for entry in entries if entry.id not in known]
        self.entries = [entry for entry in unseen if entry.at is not None and entry.at >= consent]
        self.undated = [entry for entry in unseen if entry.at is None or since <= entry.at < consent]
        oldest = entries[-1].at if entries else None
        self.whole = not ledger.more or oldest is None or oldest < since


def _offered(command: OfferCredex, before: Before, new: _New) -> _Reading:
    """By amount, terms and receiver. One to another name may be the receiver's new one: then nobody can tell."""
    certain = _ids(
        [offer for offer in new.offers if _is_offer(offer, command, before)],
        [entry for entry in new.entries if _is_entry(entry, command.amount, before)],
    )
    perhaps = _ids([], [entry for entry in new.undated if _is_entry(entry, command.amount, before)]) - certain
    if len(certain) == 1 and not perhaps:
        return _Reading(Finding.DONE)
    if certain or perhaps:
        return _Reading(Finding.UNSURE)
    alike = any(_has_terms(offer, command) for offer in new.offers) or any(
        _is_given(entry, command.amount) for entry in (*new.entries, *new.undated)
    )
    return _Reading(Finding.OPEN, at_last=Finding.UNSURE if alike else Finding.NOT_DONE)


def _answered(
    offer: OfferId, pending: Iterable[Offer], ledger: LedgerRead, *, accepted: Finding, gone: Finding
) -> _Reading:
    if any(entry.id == offer for entry in ledger.entries):
        return _Reading(accepted)
    return _Reading(Finding.OPEN if any(one.id == offer for one in pending) else gone)


def _several(offers: Iterable[OfferId], pending: Iterable[Offer], ledger: LedgerRead) -> _Reading:
    """Each is accepted for itself. With some accepted and some still open it was carried out as far as it went."""
    still_open = {one.id for one in pending} & set(offers)
    accepted = {entry.id for entry in ledger.entries} & set(offers)
    if still_open:
        return _Reading(Finding.OPEN, at_last=Finding.DONE if accepted else Finding.NOT_DONE)
    return _Reading(Finding.DONE if accepted else Finding.GONE)


def _upgraded(before: Before, tier: int, new: _New) -> _Reading:
    """Charge, acceptance and tier are three writes: a charge without its tier is for an operator."""
    if before.tier is None or before.tier >= _UPGRADED:
        return _Reading(Finding.UNSURE)
    if tier >= _UPGRADED:
        return _Reading(Finding.DONE)
    charged = any(offer.amount == CHARGE for offer in new.offers) or any(
        abs(entry.amount) == CHARGE and entry.amount.amount < 0 for entry in (*new.entries, *new.undated)
    )
    return _Reading(Finding.OPEN, at_last=Finding.UNSURE if charged else Finding.NOT_DONE)


def _ids(offers: Iterable[Offer], entries: Iterable[LedgerEntry]) -> set[OfferId]:
    """One credex may be met twice, if it was accepted between the two readings."""
    return {offer.id for offer in offers} | {entry.id for entry in entries}


def _is_offer(offer: Offer, command: OfferCredex, before: Before) -> bool:
    return _has_terms(offer, command) and _name(offer.counterparty) == _name(before.counterparty)


def _has_terms(offer: Offer, command: OfferCredex) -> bool:
    # credex-core prints some due dates as "Invalid date": an unsecured offer without a date may have any.
    due = offer.secured if command.due is None else not offer.secured and offer.due in {None, command.due}
    return offer.amount == command.amount and due


def _is_entry(entry: LedgerEntry, amount: Money, before: Before) -> bool:
    return _is_given(entry, amount) and _name(entry.counterparty) == _name(before.counterparty)


def _is_given(entry: LedgerEntry, amount: Money) -> bool:
    return entry.amount.amount < 0 and abs(entry.amount) == amount


def _name(name: str) -> str:
    return " ".join(name.split()).casefold()
