"""Outcomes that come when nobody waits for them any more, and what is told of them."""

from actors.dialogs import texts
from actors.dialogs.settling import Settlement, news
from actors.dialogs.words import full
from actors.payments import Finding, PaymentState, Said, after
from credex.commands import ChangeCommand, MoneyCommand
from credex.outcomes import (
    AccountOpened,
    AccountRenamed,
    MemberAuthorized,
    MemberRevoked,
    OfferAccepted,
    OfferCancelled,
    OfferDeclined,
    OfferMade,
    OffersAccepted,
    OffersRouted,
    Outcome,
    RecurringCancelled,
    RecurringSetUp,
    TierUpgraded,
)

LATE: dict[type[Outcome], str] = {
    OfferMade: texts.LATE_OFFER_MADE,
    OfferAccepted: texts.LATE_ACCEPTED,
    OffersAccepted: texts.LATE_SEVERAL_ACCEPTED,
    OfferDeclined: texts.LATE_DECLINED,
    OfferCancelled: texts.LATE_CANCELLED,
    TierUpgraded: texts.LATE_UPGRADED,
    RecurringSetUp: texts.LATE_RECURRING_SET_UP,
    RecurringCancelled: texts.LATE_RECURRING_CANCELLED,
    AccountOpened: texts.LATE_ACCOUNT_OPENED,
    AccountRenamed: texts.LATE_RENAMED,
    MemberAuthorized: texts.LATE_AUTHORIZED,
    MemberRevoked: texts.LATE_REVOKED,
    OffersRouted: texts.LATE_ROUTED,
}
"""What is told of an outcome that nobody waits for any more. Others changed nothing, or are told by settlement."""


def held_back(outcome: Outcome, command: MoneyCommand | ChangeCommand) -> str | None:
    """What whoever logs in next is told of a payment or change whose outcome came when nobody was there, if certain."""
    if isinstance(command, ChangeCommand):
        return _kept(LATE.get(type(outcome)))
    match after(PaymentState.SENT, Said(outcome)):
        case PaymentState.DONE:
            return _kept(LATE.get(type(outcome)))
        case PaymentState.REFUSED:
            return full(news(Settlement(command=command, finding=Finding.NOT_DONE, reference="", member=None)))
        case (
            PaymentState.INTENT | PaymentState.SENT | PaymentState.UNKNOWN | PaymentState.SETTLED | PaymentState.PARKED
        ):
            return None


def _kept(words: str | None) -> str | None:
    return None if words is None else full(words)
