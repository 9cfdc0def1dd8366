"""What a member is told of a payment that was found out by reading, wherever the conversation is by then."""

import msgspec

from actors.dialogs import texts
from actors.payments import Finding
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
from credex.model import Member, OfferId


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What was found.

    ``reference`` names the payment to people; ``member`` is a fresh reading, if there is one, and ``ledger`` has the
    ids of what was accepted last on its account by then.
    """

    command: MoneyCommand
    finding: Finding
    reference: str
    member: Member | None
    ledger: tuple[OfferId, ...] = ()


def news(ended: Settlement) -> str:
    """For a conversation that has moved on."""
    match ended.finding:
        case Finding.DONE:
            return _DONE[type(ended.command)]
        case Finding.NOT_DONE:
            return _NOT_DONE[type(ended.command)]
        case Finding.GONE:
            return texts.LATE_OFFER_GONE
        case Finding.UNSURE | Finding.OPEN:
            return texts.LATE_PARKED.format(reference=ended.reference)


_DONE: dict[type[MoneyCommand], str] = {
    OfferCredex: texts.LATE_OFFER_MADE,
    AcceptOffer: texts.LATE_ACCEPTED,
    AcceptOffers: texts.LATE_SEVERAL_ACCEPTED,
    DeclineOffer: texts.LATE_NO_LONGER_OPEN,
    CancelOffer: texts.LATE_NO_LONGER_OPEN,
    UpgradeTier: texts.LATE_UPGRADED,
    SetUpRecurring: texts.LATE_RECURRING_SET_UP,
}
_NOT_DONE: dict[type[MoneyCommand], str] = {
    OfferCredex: texts.LATE_OFFER_NOT_MADE,
    AcceptOffer: texts.LATE_NOT_ANSWERED,
    AcceptOffers: texts.LATE_NOT_ANSWERED,
    DeclineOffer: texts.LATE_NOT_ANSWERED,
    CancelOffer: texts.LATE_NOT_ANSWERED,
    UpgradeTier: texts.LATE_NOT_UPGRADED,
    SetUpRecurring: texts.LATE_RECURRING_NOT_SET_UP,
}
