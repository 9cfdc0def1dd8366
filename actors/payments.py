"""The life of a payment: one record an operation that can move money. Pure.

``INTENT → SENT → DONE | REFUSED | UNKNOWN``. The tap that consents commits INTENT with the very command; SENT is
committed before the first byte leaves; what credex-core said ends it. A record found SENT by a process that did not
send it itself is never sent again: what became of it is unknown, and the member is told so.
"""

from enum import StrEnum

import msgspec

from credex.commands import MoneyCommand
from credex.outcomes import (
    AccountFound,
    LoggedIn,
    NotAMember,
    OfferAccepted,
    OfferCancelled,
    OfferDeclined,
    OfferMade,
    Onboarded,
    Outcome,
    Refused,
    Unavailable,
    Unclear,
)


class PaymentState(StrEnum):
    """How far it got."""

    INTENT = "intent"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    """credex-core said no, or it was never sent: nothing moved."""
    UNKNOWN = "unknown"


class PaymentRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a payment: the command as consented to, the turn that did, and how it ended.

    ``attempt`` marks the one attempt to send it, so that nobody takes another's for its own.
    """

    command: MoneyCommand
    consented_in: str
    ended: str = ""
    attempt: str = ""


def state_after(outcome: Outcome) -> PaymentState:
    """Where a payment that was sent ends by what credex-core said."""
    match outcome:
        case OfferMade() | OfferAccepted() | OfferDeclined() | OfferCancelled():
            return PaymentState.DONE
        case Refused() | Unavailable():
            return PaymentState.REFUSED
        case Unclear():
            return PaymentState.UNKNOWN
        case LoggedIn() | NotAMember() | Onboarded() | AccountFound():
            # An answer to another question proves nothing about this one.
            return PaymentState.UNKNOWN
