"""Answering offers: accept or decline those that came in, cancel those that went out and are still open.

A row leads to the offer's details, a yes there sends one command on that one offer. Afterwards comes the list of those
that are left, or the dashboard. A repeated answer moves nothing twice: credex-core knows the offer by its id.
"""

from collections.abc import Sequence
from typing import Self

import msgspec

from actors.dialogs import texts
from actors.dialogs.acts import Act, AnswerOffer
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.entry import home_with
from actors.dialogs.paging import BACK, NEXT, PREVIOUS, distinct, page_of
from actors.dialogs.refusals import ledger, why
from actors.dialogs.settling import Settlement
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.visit import Visit
from actors.dialogs.wording import day, shown
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

_HINT_LIMIT = 72
_COUNTERPARTY_IN_HINT = 45


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
        """One row an offer."""
        page = page_of(self.offers, self.page)
        titles = distinct(str(offer.amount) for offer in page.items)
        rows = tuple(self._row(offer, title) for offer, title in zip(page.items, titles, strict=True))
        question = self.act.wording.pick.format(account=self.visit.party) if rows else texts.NO_OFFERS
        return OutboundMessage(
            text="\n".join(filter(None, (question, page.label))),
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
            return goto(self._at(number + 1))
        if key == PREVIOUS:
            return goto(self._at(number - 1))
        if key == BACK:
            return goto(AtDashboard(self.visit))
        offer = next((offer for offer in self.offers if offer.id == key), None)
        if offer is None:
            return stay(self, texts.REFUSED_GONE)
        return goto(ReviewingOffer(self.visit, self.act.command(self.visit.phone, offer.id), offer))

    def _at(self, page: int) -> Self:
        return msgspec.structs.replace(self, page=page)

    def _row(self, offer: Offer, title: str) -> Choice:
        hint = texts.OFFER_TO if self.act.outgoing else texts.OFFER_FROM
        counterparty = shown(offer.counterparty, _COUNTERPARTY_IN_HINT)
        return Choice(
            key=offer.id,
            title=title,
            description=shown(hint.format(counterparty=counterparty, terms=_terms(offer)), _HINT_LIMIT),
            section=texts.SECTION_OFFERS,
        )


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
        names = {"counterparty": shown(self.offer.counterparty), "account": self.visit.party}
        return text.format(amount=self.offer.amount, **names, **more)


class ReviewingOffer(_AboutOffer, frozen=True, tag=True):
    """The question whether to do it."""

    def prompt(self) -> OutboundMessage:
        """The offer, to be read before it is answered."""
        details = texts.REVIEW_OUTGOING if self.act.outgoing else texts.REVIEW_INCOMING
        details = details.format(
            amount=self.offer.amount,
            terms=_terms(self.offer),
            counterparty=shown(self.offer.counterparty),
            account=self.visit.party,
        )
        wording = self.act.wording
        return OutboundMessage(
            text=f"{details}\n{wording.sure}",
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
                text = f"{self._told(self.act.wording.not_done)} {why(outcome)}"
                return goto(AtDashboard(self.visit.outdated()), text)
            case Unavailable():
                return goto(AtDashboard(self.visit), self._told(texts.ANSWER_UNSENT, ledger=ledger(outcome)))
            case Refused() | Unclear() | NotAMember() | Success():
                return goto(SettlingAnswer(self.visit, self.command, self.offer))

    def _done(self, account: Account | None) -> Step:
        visit = self.visit.with_account(account).without_offer(self.offer.id)
        if self.act.outgoing and visit.member.remaining_usd is not None:
            visit = visit.outdated()  # the day's allowance has grown, by how much only credex-core knows
        return _remaining(visit, self.act, self._told(self.act.wording.done))


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
                return _remaining(visit.without_offer(self.offer.id), self.act, self._told(wording.settled))
            case Finding.GONE:
                text = f"{self._told(wording.not_done)} {texts.REFUSED_GONE}"
                return _remaining(visit.without_offer(self.offer.id), self.act, text)
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


def view_offers(visit: Visit) -> Step:
    """Open the list of offers that wait, for the account acted for or else for the first that has some."""
    for account in (visit.account, *visit.member.accounts):
        if account.incoming:
            return goto(PickingOffer(visit=visit.acting_for(account.id), act=Act.ACCEPT))
    return goto(AtDashboard(visit), texts.NOTHING_WAITS)


def _terms(offer: Offer) -> str:
    if offer.secured:
        return texts.TERMS_SECURED
    return texts.TERMS_DUE.format(day=day(offer.due)) if offer.due else texts.TERMS_UNSECURED


def _remaining(visit: Visit, act: Act, text: str) -> Step:
    if act.offers(visit.account):
        return goto(PickingOffer(visit=visit, act=act), text)
    return home_with(visit, text)
