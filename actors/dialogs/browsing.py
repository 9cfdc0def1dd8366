"""All open offers of the account, incoming first, and each in full with what can be done to it.

Looking moves nothing: a choice here leads to the same question (``ReviewingOffer``) as the lists of one act do.
"""

from collections.abc import Sequence

import msgspec

from actors.dialogs import texts
from actors.dialogs.acts import Act
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.offer_rows import offer_rows
from actors.dialogs.offers import ReviewingOffer, offer_details
from actors.dialogs.paging import BACK, NEXT, PREVIOUS, page_of
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, goto, stay
from actors.dialogs.visit import Visit
from actors.dialogs.words import joined
from channels.message import Choice, OutboundMessage
from credex.model import Offer
from runtime.turn import Turn


class BrowsingOffers(msgspec.Struct, frozen=True, tag=True):
    """The list."""

    visit: Visit
    page: int = 0

    @property
    def offers(self) -> Sequence[Offer]:
        """Those that came in, then those that went out."""
        return (*self.visit.account.incoming, *self.visit.account.outgoing)

    def prompt(self) -> OutboundMessage:
        """One row an offer."""
        page = page_of(self.offers, self.page)
        rows = offer_rows(page.items, outgoing={offer.id for offer in self.visit.account.outgoing})
        question = (texts.BROWSE_OFFERS if rows else texts.NO_OPEN_OFFERS).format(account=self.visit.party)
        return OutboundMessage(
            text=joined("\n", (question, page.label)),
            choices=(*rows, *page.moves(back=True)),
            menu=texts.OFFERS_MENU,
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Turn the page, go back, or look at the offer chosen."""
        match event:
            case Chose(key):
                return self._chosen(key)
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)

    def _chosen(self, key: str) -> Step:
        number = page_of(self.offers, self.page).number
        if key == NEXT:
            return goto(BrowsingOffers(self.visit, number + 1))
        if key == PREVIOUS:
            return goto(BrowsingOffers(self.visit, number - 1))
        offer = next((offer for offer in self.offers if offer.id == key), None)
        return goto(
            AtDashboard(self.visit) if key == BACK or offer is None else ViewingOffer(self.visit, offer, number)
        )


class ViewingOffer(msgspec.Struct, frozen=True, tag=True):
    """One of them in full, picked from this page of the list."""

    visit: Visit
    offer: Offer
    page: int = 0

    def prompt(self) -> OutboundMessage:
        """What it is, and what can be done to it."""
        titles = {Act.ACCEPT: texts.DO_ACCEPT, Act.DECLINE: texts.DO_DECLINE, Act.CANCEL: texts.DO_CANCEL}
        return OutboundMessage(
            text=offer_details(self.offer, self.visit, outgoing=self._outgoing),
            choices=(
                *(Choice(key=act, title=titles[act]) for act in self._acts),
                Choice(key=BACK, title=texts.BACK_TO_OFFERS, says=("back", "offers", "no", "n")),
            ),
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """On to the question whether to do it, or back to the list."""
        match event:
            case Chose(key) if key in self._acts:
                command = Act(key).command(self.visit.phone, self.offer.id)
                return goto(ReviewingOffer(self.visit, command, self.offer, browsed=True))
            case Chose():
                return goto(BrowsingOffers(self.visit, self.page))
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)

    @property
    def _outgoing(self) -> bool:
        return any(offer.id == self.offer.id for offer in self.visit.account.outgoing)

    @property
    def _acts(self) -> tuple[Act, ...]:
        return (Act.CANCEL,) if self._outgoing else (Act.ACCEPT, Act.DECLINE)


def browse_offers(visit: Visit) -> Step:
    """Open the list."""
    browsing = BrowsingOffers(visit)
    if not browsing.offers:
        return goto(AtDashboard(visit), texts.NO_OPEN_OFFERS.format(account=visit.party))
    return goto(browsing)
