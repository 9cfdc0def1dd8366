"""The books as operators read them, in lines of text: payments by state, the audit trail, and settling what is parked.

Works on the store itself, beside a running server or without one. Settling needs no epoch (``runtime.store.Resolve``):
a parked payment is the operators' alone, and nothing that the server owns is touched.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import assert_never

import msgspec

from actors import audit
from actors.audit import Facts, Step
from actors.dialogs.wording import count
from actors.logs import masked
from actors.payments import PaymentRecord, PaymentState, Ruled, after, reference
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
from credex.model import Phone
from runtime.address import Address
from runtime.store import AuditEntry, Payment, PaymentsIn, Resolve, Store, Trail, Verdict

NOT_ENDED = (PaymentState.PARKED, PaymentState.UNKNOWN, PaymentState.SENT, PaymentState.INTENT)
"""What an operator may have to look at, the most urgent first."""

_MOST_PARKED = 1000
_TAIL = 8


class NotParked(Exception):
    """No parked payment has this reference. Its text says so to the operator."""


def payment_lines(store: Store, states: Sequence[PaymentState], limit: int) -> Iterator[str]:
    """One line a payment, by state, oldest first, at most ``limit`` of each."""
    for state, payments in zip(states, store.run([PaymentsIn(state, limit) for state in states]), strict=True):
        for payment in payments:
            record = _record(payment)
            when = _time(record.at) if record.at else "-"
            what = described(record.command)
            yield "  ".join(
                filter(None, (reference(payment.id), state, when, masked(payment.address), what, record.ended))
            )


def trail_lines(store: Store, member: Phone | None, limit: int) -> Iterator[str]:
    """One line an entry, newest first. Numbers are masked unless it is one member's own trail."""
    address = None if member is None else Address(f"member:{member}")
    [entries] = store.run([Trail(address, limit)])
    for entry in entries:
        who = entry.address if member is not None else masked(entry.address)
        if entry.step in audit.OF_A_MEMBER:
            yield "  ".join((_time(entry.at), f"{entry.step:<9}", who, audit.kind_of(entry)))
            continue
        facts = audit.facts_of(entry)
        parts = (_time(entry.at), f"{entry.step:<9}", reference(facts.payment), who, described(facts.command))
        yield "  ".join((*parts, *_details(facts, whole=member is not None)))


def settle(store: Store, wanted: str, *, done: bool, by: str, now: datetime) -> Payment:
    """Settle the parked payment of this reference as an operator found it. Raises ``NotParked``."""
    [parked] = store.run([PaymentsIn(PaymentState.PARKED, _MOST_PARKED)])
    payment: Payment | None = next((one for one in parked if reference(one.id) == wanted), None)
    if payment is None:
        raise NotParked(f"No parked payment has the reference {wanted}.")
    ended = "done" if done else "not done"
    record = msgspec.structs.replace(_record(payment), ended=ended)
    state = after(PaymentState.PARKED, Ruled(done))
    settled = msgspec.structs.replace(payment, state=state, body=msgspec.msgpack.encode(record))
    entry = _ruling(payment, record, by=by, now=now)
    [verdict] = store.run([Resolve(payment=settled, expects=PaymentState.PARKED, audit=(entry,))])
    if verdict is not Verdict.DONE:
        raise NotParked(f"Somebody else has just settled {wanted}.")
    return settled


def described(command: MoneyCommand) -> str:  # noqa: PLR0911 - one sentence a command
    """What was to be done, without a phone number."""
    match command:
        case OfferCredex():
            kind = "secured" if command.due is None else f"due {command.due}"
            return f"offer {command.amount}, {kind}, from {command.issuer} to {command.receiver}"
        case AcceptOffer():
            return f"accept offer {command.offer}"
        case DeclineOffer():
            return f"decline offer {command.offer}"
        case CancelOffer():
            return f"cancel offer {command.offer}"
        case AcceptOffers():
            return f"accept {count(len(command.offers), 'offer', 'offers')}: {', '.join(command.offers)}"
        case UpgradeTier():
            return f"upgrade, paid from {command.account}"
        case SetUpRecurring():
            every = f"every {count(command.every_days, 'day', 'days')} from {command.start}"
            return f"pay {command.amount} {every}, from {command.source} to {command.target}"
        case unexpected:
            assert_never(unexpected)


def _record(payment: Payment) -> PaymentRecord:
    return msgspec.msgpack.decode(payment.body, type=PaymentRecord)


def _ruling(payment: Payment, record: PaymentRecord, *, by: str, now: datetime) -> AuditEntry:
    facts = msgspec.structs.replace(audit.about(payment.id, record), said=f"operator {by}", ended=record.ended)
    return audit.entry(Step.OPERATOR, facts, address=payment.address, at=now)


def _details(facts: Facts, *, whole: bool) -> Iterator[str]:
    if facts.screen:
        # A provider's message id may have the number in it, at its beginning.
        tap = facts.tap if whole else f"...{facts.tap[-_TAIL:]}"
        yield f"screen {facts.screen} ({facts.shown[:_TAIL]}), tap {tap}"
    if facts.said:
        yield facts.said
    if facts.ended:
        yield f"= {facts.ended}"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}Z"
