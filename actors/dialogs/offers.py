"""Answering offers: accept or decline those that came in, cancel those that went out and are still open.

A row leads to the offer's details, a yes there sends one command on that one offer. Afterwards comes the list of those
that are left, or the dashboard. A repeated answer moves nothing twice: credex-core knows the offer by its id.
"""

from collections.abc import Sequence
from typing import Self

import msgspec

from actors.dialogs import dashboard, texts
from actors.dialogs.acts import Act, AnswerOffer
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.entry import home_with
from actors.dialogs.greetings import plain_word
from actors.dialogs.offer_rows import offer_rows, terms
from actors.dialogs.paging import BACK, NEXT, PREVIOUS, Page, page_of
from actors.dialogs.refusals import ledger, why
from actors.dialogs.settling import Settlement
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.visit import Visit
from actors.dialogs.wording import count, counterparty, due_day
from actors.dialogs.words import joined
from actors.payments import Before, Finding
from channels.message import Choice, OutboundMessage
from credex.model import Account, Offer
from credex.outcomes import (
    NotAMember,
    OfferAccepted,
    OfferCancelled,
    OfferDeclined,
    Outcome,
    Refused,
    Success,
    Unavailable,
    Unclear,
)
from credex.refusals import BY_READING
from runtime.turn import Turn

MOST = 50
"""So many offers are accepted by one signature. credex-core has no limit of its own, and can accept so many well within
the time an answer is waited for."""

_ALL_WORDS = frozenset({"all", "accept all"})


class PickingOffer(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Which one? Newest first, as credex-core lists them."""

    visit: Visit
    act: Act
    page: int = 0

    @property
    def offers(self) -> Sequence[Offer]:
        """Those this act can be done to."""
        return self.act.offers(self.visit.account)

    def prompt(self) -> OutboundMessage:
        """One row an offer, and on the first page one for all of them."""
        page = self._page()
        rows = offer_rows(page.items, outgoing={offer.id for offer in self.visit.account.outgoing})
        question = self.act.wording.pick.format(account=self.visit.party) if rows else texts.NO_OFFERS
        return OutboundMessage(
            text=joined("\n", (question, page.label)),
            choices=(*rows, *self._all_of_them(page), *page.moves(back=True)),
            menu=texts.OFFERS_MENU,
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Turn the page, go back, or look at the offer chosen."""
        match event:
            case Chose(key):
                return self._chosen(key)
            case Heard(text) if self._several and plain_word(text) in _ALL_WORDS:
                return self._chosen(dashboard.ACCEPT_ALL)
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)

    def _chosen(self, key: str) -> Step:
        number = self._page().number
        if key == NEXT:
            return goto(self._at(number + 1))
        if key == PREVIOUS:
            return goto(self._at(number - 1))
        if key == BACK:
            return goto(AtDashboard(self.visit))
        if key == dashboard.ACCEPT_ALL:
            return Step(state=AtDashboard(self.visit), opens=dashboard.ACCEPT_ALL)
        offer = next((offer for offer in self.offers if offer.id == key), None)
        if offer is None:
            return stay(self, texts.REFUSED_GONE)
        return goto(ReviewingOffer(self.visit, self.act.command(self.visit.phone, offer.id), offer))

    @property
    def _several(self) -> bool:
        return self.act is Act.ACCEPT and len(self.offers) > 1

    def _page(self) -> Page[Offer]:
        return page_of(self.offers, self.page, first=int(self._several))

    def _at(self, page: int) -> Self:
        return msgspec.structs.replace(self, page=page)

    def _all_of_them(self, page: Page[Offer]) -> tuple[Choice, ...]:
        if not self._several or page.number > 0:
            return ()
        waiting = len(self.offers)
        hint = texts.ACCEPT_ALL_HINT if waiting <= MOST else texts.ACCEPT_OLDEST_HINT
        hint = hint.format(offers=count(min(waiting, MOST), texts.ONE_OFFER, texts.MANY_OFFERS))
        title, section = texts.ACCEPT_ALL, texts.SECTION_MORE
        return (Choice(key=dashboard.ACCEPT_ALL, title=title, description=hint, section=section, says=("all",)),)


class _AboutOffer(msgspec.Struct, frozen=True):
    """``command`` is what is, was or may be done to ``offer``."""

    visit: Visit
    command: AnswerOffer
    offer: Offer

    @property
    def act(self) -> Act:
        """What is done to the offer."""
        return Act.of(self.command)

    def _told(self, text: str, **more: str) -> str:
        names = {"counterparty": counterparty(self.offer.counterparty), "account": self.visit.party}
        return text.format(amount=self.offer.amount, **names, **more)


class ReviewingOffer(_AboutOffer, frozen=True, tag=True):
    """The question whether to do it. ``browsed`` if the offer was found among all of them."""

    browsed: bool = False

    def prompt(self) -> OutboundMessage:
        """The offer, to be read before it is answered."""
        details = offer_details(self.offer, self.visit, outgoing=self.act.outgoing)
        wording = self.act.wording
        return OutboundMessage(
            text=joined("\n", (details, wording.sure)),
            choices=(
                Choice(key="confirm", title=wording.yes, says=("yes", "y", "ok", "okay", "confirm", *wording.says)),
                Choice(key="cancel", title=texts.GO_BACK, says=("no", "n", "back")),
            ),
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Only its own confirm choice sends it."""
        match event:
            case Chose("confirm"):
                return ask(SubmittingAnswer(self.visit, self.command, self.offer), self.command)
            case Chose() if self.browsed:
                return Step(state=AtDashboard(self.visit), opens=dashboard.OFFERS)
            case Chose():
                return goto(PickingOffer(visit=self.visit, act=self.act))
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)


class SubmittingAnswer(_AboutOffer, frozen=True, tag=True):
    """The answer is on its way."""

    @property
    def before(self) -> Before:
        """What its effect is told by."""
        return Before(account=self.visit.account.id, counterparty=self.offer.counterparty)

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=self.act.wording.doing)

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome)
            case Heard() | Chose() | Unsupported():
                return wait(self, self._told(texts.STILL_ANSWERING))

    def _answered(self, outcome: Outcome) -> Step:
        match outcome:
            case OfferAccepted(account=account) | OfferDeclined(account=account) | OfferCancelled(account=account):
                return self._done(account)
            case Refused(refusal) if refusal not in BY_READING:
                text = joined(" ", (self._told(self.act.wording.not_done), why(outcome)))
                return goto(AtDashboard(self.visit.outdated()), text)
            case Unavailable():
                return goto(AtDashboard(self.visit), self._told(texts.ANSWER_UNSENT, ledger=ledger(outcome)))
            case Refused() | Unclear() | NotAMember() | Success():
                return goto(SettlingAnswer(self.visit, self.command, self.offer))

    def _done(self, account: Account | None) -> Step:
        visit = self.visit.with_account(account).without_offer(self.offer.id)
        if self.act.outgoing and visit.member.remaining_usd is not None:
            visit = visit.outdated()  # the day's allowance has grown, by how much only credex-core knows
        return list_or_home(visit, self.act, self._told(self.act.wording.done))


class SettlingAnswer(_AboutOffer, frozen=True, tag=True):
    """Nobody knows what became of the offer; the ledger is being read."""

    def prompt(self) -> OutboundMessage:
        """The truth, and that nothing need be done."""
        return OutboundMessage(text=self._told(self.act.wording.unclear))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Say how it stands, whatever is said."""
        match event:
            case Heard() | Chose() | Unsupported() | Answered():
                return wait(self, self._told(texts.STILL_CHECKING_ANSWER))

    def settled(self, ended: Settlement, turn: Turn) -> Step:
        """Tell what was found. Not done: it may be confirmed anew, on a screen of its own."""
        visit, wording = self.visit.looked_at(ended.member, turn.now), self.act.wording
        match ended.finding:
            case Finding.DONE:
                return list_or_home(visit.without_offer(self.offer.id), self.act, self._told(wording.settled))
            case Finding.GONE:
                text = joined(" ", (self._told(wording.not_done), texts.REFUSED_GONE))
                return list_or_home(visit.without_offer(self.offer.id), self.act, text)
            case Finding.NOT_DONE:
                return goto(ReviewingOffer(visit, self.command, self.offer), self._told(wording.not_done))
            case Finding.UNSURE | Finding.OPEN:
                told = self._told(texts.ANSWER_UNKNOWN)
                return goto(AtDashboard(visit), texts.ANSWER_PARKED.format(reference=ended.reference, told=told))


def pick_offer(visit: Visit, act: Act) -> Step:
    """Open the list from the dashboard."""
    if not act.offers(visit.account):
        return goto(AtDashboard(visit), texts.NO_OFFERS)
    return goto(PickingOffer(visit=visit, act=act))


def offer_details(offer: Offer, visit: Visit, *, outgoing: bool) -> str:
    """An offer in full."""
    return (texts.REVIEW_OUTGOING if outgoing else texts.REVIEW_INCOMING).format(
        amount=offer.amount,
        terms=texts.TERMS_PROMISED.format(day=due_day(offer.due)) if offer.due else terms(offer),
        counterparty=counterparty(offer.counterparty),
        account=visit.party,
    )


def view_offers(visit: Visit) -> Step:
    """Open the list of offers that wait, for the account acted for or else for the first that has some."""
    for account in (visit.account, *visit.member.accounts):
        if account.incoming:
            return goto(PickingOffer(visit=visit.acting_for(account.id), act=Act.ACCEPT))
    return goto(AtDashboard(visit), texts.NOTHING_WAITS)


def list_or_home(visit: Visit, act: Act, text: str) -> Step:
    """With a result: on to the offers that are left, or home if none is."""
    if act.offers(visit.account):
        return goto(PickingOffer(visit=visit, act=act), text)
    return home_with(visit, text)
