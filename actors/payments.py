"""The life of a payment: one record an operation that can move money. Pure.

    INTENT --Sending--> SENT --Said--> DONE
                             |-------> REFUSED
                             `-------> UNKNOWN --Found--> SETTLED
                                                 `------> PARKED --Ruled--> SETTLED

The tap that consents commits INTENT with the very command; SENT is committed before the first byte leaves; what
credex-core said ends it, or leaves it UNKNOWN. Nothing UNKNOWN is sent again: it is settled by reading
(``actors.settlement``). A record found SENT by a process that did not send it itself is UNKNOWN. What reading cannot
settle is PARKED, and only an operator moves it on. An event that means nothing where a payment stands moves nothing.
"""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, assert_never

import msgspec

from credex.commands import MoneyCommand
from credex.model import AccountId, OfferId
from credex.outcomes import (
    NotAMember,
    OfferAccepted,
    OfferCancelled,
    OfferDeclined,
    OfferMade,
    OffersAccepted,
    Outcome,
    RecurringSetUp,
    Refused,
    Success,
    TierUpgraded,
    Unavailable,
    Unclear,
)
from credex.refusals import BY_READING


class PaymentState(StrEnum):
    """How far it got."""

    INTENT = "intent"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    """credex-core said no, or it was never sent: nothing moved."""
    UNKNOWN = "unknown"
    """It may have been carried out; being found out."""
    SETTLED = "settled"
    """What became of it was read from the ledger, or an operator said so; ``PaymentRecord.ended`` tells which."""
    PARKED = "parked"
    """It could not be found out: an operator's to decide."""


FINAL = frozenset({PaymentState.DONE, PaymentState.REFUSED, PaymentState.SETTLED})
"""Nothing leads from here anywhere."""


class Finding(StrEnum):
    """What reading the ledger tells of a payment."""

    DONE = "done"
    NOT_DONE = "not done"
    """It was not carried out, and will not be any more; or the offer it made was declined before anybody looked."""
    GONE = "gone"
    """The offer it was about is gone in another way than was wanted."""
    OPEN = "open"
    """Nothing is certain yet: look again."""
    UNSURE = "unsure"
    """Reading will not tell."""

    @property
    def may_be_done(self) -> bool:
        """Whether it was carried out, or may have been."""
        return self not in {Finding.NOT_DONE, Finding.GONE}


class Sending(NamedTuple):
    """It is about to be sent."""


class Said(NamedTuple):
    """credex-core answered, or did not."""

    outcome: Outcome


class Found(NamedTuple):
    """The ledger was read."""

    finding: Finding


class Ruled(NamedTuple):
    """An operator decided."""

    done: bool


PaymentEvent = Sending | Said | Found | Ruled


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """What is known before a command is sent, so that its effect can be told from what was there already.

    ``pending`` are the offers that ``account`` has open; ``counterparty`` is the other side's name on the ledger.
    """

    account: AccountId
    pending: tuple[OfferId, ...] = ()
    counterparty: str = ""
    tier: int | None = None


class PaymentRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a payment: the command as consented to, the turn and time of it, and how it ended.

    ``attempt`` marks the one attempt to send it, so that nobody takes another's for its own.
    """

    command: MoneyCommand
    consented_in: str
    at: datetime | None = None
    before: Before | None = None
    ended: str = ""
    attempt: str = ""


def after(state: PaymentState, event: PaymentEvent) -> PaymentState:
    """Where an event leads."""
    match event:
        case Sending():
            return PaymentState.SENT if state is PaymentState.INTENT else state
        case Said(outcome):
            under_way = state in {PaymentState.INTENT, PaymentState.SENT}
            return _after_answer(outcome) if under_way else state
        case Found(finding):
            return _after_reading(finding) if state is PaymentState.UNKNOWN else state
        case Ruled():
            return PaymentState.SETTLED if state is PaymentState.PARKED else state
        case unexpected:
            assert_never(unexpected)


def reference(payment_id: str) -> str:
    """A short name of a payment that gives no phone number away, for members and operators to quote."""
    return hashlib.sha256(payment_id.encode()).hexdigest()[:10]


def _after_answer(outcome: Outcome) -> PaymentState:
    match outcome:
        case (
            OfferMade()
            | OfferAccepted()
            | OffersAccepted()
            | OfferDeclined()
            | OfferCancelled()
            | TierUpgraded()
            | RecurringSetUp()
        ):
            return PaymentState.DONE
        case Refused(refusal) if refusal in BY_READING:
            return PaymentState.UNKNOWN
        case Refused() | Unavailable():
            return PaymentState.REFUSED
        case Unclear():
            return PaymentState.UNKNOWN
        case NotAMember() | Success():
            # An answer to another question proves nothing about this one.
            return PaymentState.UNKNOWN


def _after_reading(finding: Finding) -> PaymentState:
    match finding:
        case Finding.DONE | Finding.NOT_DONE | Finding.GONE:
            return PaymentState.SETTLED
        case Finding.UNSURE:
            return PaymentState.PARKED
        case Finding.OPEN:
            return PaymentState.UNKNOWN
