"""Open offers as rows of a list. Pure."""

from collections.abc import Collection, Sequence

from actors.dialogs import texts
from actors.dialogs.paging import amount_titles
from actors.dialogs.wording import day, shown
from channels.message import Choice
from credex.model import Offer, OfferId

_COUNTERPARTY_IN_HINT = 45
"""Meta: 72 characters in a row's description. The longest terms take 17 of them, "from" and a comma 7."""


def offer_rows(offers: Sequence[Offer], *, outgoing: Collection[OfferId] = ()) -> tuple[Choice, ...]:
    """A row an offer: how much, to or from whom, on which terms. ``outgoing`` are those the account made."""
    titles = amount_titles(offer.amount for offer in offers)
    return tuple(_row(*each, outgoing) for each in zip(offers, titles, strict=True))


def terms(offer: Offer) -> str:
    """``secured``, ``due 20 Mar 2026``."""
    if offer.secured:
        return texts.TERMS_SECURED
    return texts.TERMS_DUE.format(day=day(offer.due)) if offer.due else texts.TERMS_UNSECURED


def _row(offer: Offer, title: str, outgoing: Collection[OfferId]) -> Choice:
    hint = texts.OFFER_TO if offer.id in outgoing else texts.OFFER_FROM
    counterparty = shown(offer.counterparty, _COUNTERPARTY_IN_HINT)
    return Choice(
        key=offer.id,
        title=title,
        description=hint.format(counterparty=counterparty, terms=terms(offer)),
        section=texts.SECTION_OFFERS,
    )
