"""Accepting all offers that wait, with one signature: exactly those the question was about.

The question names the offers by their ids, so one that comes in while it is read is not among them. One call carries at
most ``MOST`` offers. If more wait, the oldest are meant, since offers that nobody answers expire; the question says so,
and the list that follows has the others, to be accepted in the same way.

credex-core accepts each for itself: some may be accepted and others not, and the member is told of each that is not.
If its answer is lost, what became of each is read from the ledger and from the offers that are still open.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial

import msgspec

from actors.dialogs import texts
from actors.dialogs.acts import Act
from actors.dialogs.dashboard import ACCEPT_OFFER, AtDashboard
from actors.dialogs.entry import refresh
from actors.dialogs.offers import MOST, PickingOffer, list_or_home, pick_offer
from actors.dialogs.refusals import ledger, why
from actors.dialogs.settling import Settlement
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.visit import Visit
from actors.dialogs.wording import count, counterparty, day
from actors.dialogs.words import Words, brief, joined
from actors.payments import Before, Finding
from channels.message import Choice, OutboundMessage
from channels.plain import units
from credex.commands import AcceptOffers
from credex.model import Offer, OfferId
from credex.money import Denomination, Money
from credex.outcomes import (
    NotAMember,
    OffersAccepted,
    Outcome,
    Refused,
    Success,
    Unavailable,
    Unclear,
)
from credex.refusals import BY_READING
from runtime.turn import Turn

_DATES = 5
"""More due dates than these are told as the first and the last."""

_LISTED = 600
"""A list of offers is not longer, in UTF-16 units, so that what is said before it and after it fits on the screen."""

_LISTED_BRIEFLY = 110
"""The same of a text message, where it fits with what is said before it into two segments."""


class _Several(msgspec.Struct, frozen=True):
    """``command`` is what is, was or may be sent, about offers that wait in ``visit``."""

    visit: Visit
    command: AcceptOffers

    @property
    def offers(self) -> tuple[Offer, ...]:
        """Those it is about."""
        return self._those(self.command.offers)

    def _those(self, ids: Sequence[OfferId]) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.visit.account.incoming if offer.id in ids)

    def _told(self, text: str, **more: str) -> str:
        many = len(self.command.offers)
        return text.format(count=many, offers=_offers(many), account=self.visit.party, **more)


class SigningSeveral(_Several, frozen=True, tag=True):
    """The question whether to accept them."""

    def prompt(self) -> OutboundMessage:
        """How many, how much of what, on which terms."""
        offers, waiting = self.offers, len(self.visit.account.incoming)
        lines = [self._told(texts.CONFIRM_ALL)]
        if waiting > len(offers):
            lines.append(self._told(texts.THE_OLDEST, waiting=_waiting(waiting)))
        lines += [*_totals(offers), _terms(offers), self._told(texts.SURE_ALL)]
        return OutboundMessage(
            text=joined("\n", lines),
            choices=(
                Choice(key="confirm", title=texts.YES_ALL, says=("yes", "y", "ok", "okay", "confirm")),
                Choice(key="cancel", title=texts.GO_BACK, says=("no", "n", "back")),
            ),
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Only its own confirm choice sends it."""
        match event:
            case Chose("confirm"):
                return ask(SubmittingSeveral(self.visit, self.command), self.command)
            case Chose():
                return goto(PickingOffer(visit=self.visit, act=Act.ACCEPT))
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)


class SubmittingSeveral(_Several, frozen=True, tag=True):
    """They are being accepted."""

    @property
    def before(self) -> Before:
        """What its effect is told by."""
        return Before(account=self.command.account)

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=self._told(texts.ACCEPTING_ALL))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome)
            case Heard() | Chose() | Unsupported():
                return wait(self, self._told(texts.STILL_ACCEPTING_ALL))

    def _answered(self, outcome: Outcome) -> Step:
        match outcome:
            case OffersAccepted():
                return self._done(outcome)
            case Refused(refusal) if refusal not in BY_READING:
                text = joined(" ", (self._told(texts.ALL_NOT_ACCEPTED), why(outcome)))
                return goto(AtDashboard(self.visit.outdated()), text)
            case Unavailable():
                return goto(AtDashboard(self.visit), self._told(texts.ALL_UNSENT, ledger=ledger(outcome)))
            case Refused() | Unclear() | NotAMember() | Success():
                return goto(SettlingSeveral(self.visit, self.command))

    def _done(self, outcome: OffersAccepted) -> Step:
        counts = {
            texts.N_ACCEPTED: len(outcome.accepted),
            texts.N_ALREADY: len(outcome.already),
            texts.N_FAILED: len(outcome.failed),
        }
        text = self._told(texts.ALL_TOLD, told=_counted(counts))
        visit = self.visit.with_account(outcome.account).without_offers({*outcome.accepted, *outcome.already})
        return _rest(visit, joined("\n", (text, _listed(texts.NOT_AMONG_THEM, self._those(outcome.failed)))))


class SettlingSeveral(_Several, frozen=True, tag=True):
    """Nobody knows which of them were accepted; the ledger is being read."""

    def prompt(self) -> OutboundMessage:
        """The truth, and that nothing need be done."""
        return OutboundMessage(text=self._told(texts.ALL_UNCLEAR))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Say how it stands, whatever is said."""
        match event:
            case Heard() | Chose() | Unsupported() | Answered():
                return wait(self, self._told(texts.STILL_CHECKING_ALL))

    def settled(self, ended: Settlement, turn: Turn) -> Step:
        """Tell what was found of each. None accepted: those still open may be signed for anew."""
        visit = self.visit.looked_at(ended.member, turn.now)
        match ended.finding:
            case Finding.DONE:
                return self._partly(visit, ended)
            case Finding.GONE:
                return _rest(visit.without_offers(self.command.offers), self._told(texts.ALL_GONE))
            case Finding.NOT_DONE:
                return _again(visit, self.command)
            case Finding.UNSURE | Finding.OPEN:
                told = self._told(texts.ALL_UNKNOWN)
                return goto(AtDashboard(visit), texts.ANSWER_PARKED.format(reference=ended.reference, told=told))

    def _partly(self, visit: Visit, ended: Settlement) -> Step:
        wanted = self.command.offers
        accepted = [offer for offer in wanted if offer in ended.ledger]
        pending = {offer.id for offer in visit.account.incoming}
        still_open = [offer for offer in wanted if offer in pending and offer not in accepted]
        gone = [offer for offer in wanted if offer not in pending and offer not in accepted]
        counts = {
            texts.N_ACCEPTED: len(accepted),
            texts.N_STILL_OPEN: len(still_open),
            texts.N_GONE: len(gone),
        }
        told = self._told(texts.ALL_TOLD, told=_counted(counts))
        listed = _listed(texts.GONE_AMONG_THEM, self._those(gone))
        return _rest(visit.without_offers(accepted), joined("\n", (texts.ALL_SETTLED.format(told=told), listed)))


def accept_all(visit: Visit) -> Step:
    """Open the question; where there are not several, the list."""
    waiting = visit.account.incoming
    if len(waiting) < 2:  # noqa: PLR2004 - several
        return pick_offer(visit, Act.ACCEPT)
    return goto(SigningSeveral(visit, _command(visit, tuple(offer.id for offer in waiting[-MOST:]))))


def _command(visit: Visit, offers: tuple[OfferId, ...]) -> AcceptOffers:
    return AcceptOffers(visit.phone, visit.account.id, offers)


def _again(visit: Visit, command: AcceptOffers) -> Step:
    """On a question of its own, about those that are still open."""
    left = tuple(offer.id for offer in visit.account.incoming if offer.id in command.offers)
    if len(left) < 2:  # noqa: PLR2004 - several
        return list_or_home(visit, Act.ACCEPT, texts.ALL_NOT_DONE)
    return goto(SigningSeveral(visit, _command(visit, left)), texts.ALL_NOT_DONE)


def _rest(visit: Visit, text: str) -> Step:
    """On to the offers that are left, read anew if the copy at hand is old."""
    if visit.seen is None and visit.account.incoming:
        return refresh(visit, text, door=ACCEPT_OFFER)
    return list_or_home(visit, Act.ACCEPT, text)


def _totals(offers: Sequence[Offer]) -> Iterator[str]:
    """What it comes to, a line a denomination: debts in different ones do not add up."""
    for denomination in Denomination:
        amounts = [offer.amount.amount for offer in offers if offer.amount.denomination is denomination]
        if amounts:
            total = Money(sum(amounts, Decimal(0)), denomination)
            yield texts.TOTAL.format(amount=total, offers=_offers(len(amounts)))


def _terms(offers: Sequence[Offer]) -> str:
    """On which terms, a line each."""
    shorter = partial(_terms_told, offers, most=1, many=str)
    return Words("\n".join(_terms_told(offers, most=_DATES, many=_offers)), lambda: "\n".join(map(brief, shorter())))


def _terms_told(offers: Sequence[Offer], *, most: int, many: Callable[[int], str]) -> Iterator[str]:
    """More than ``most`` due dates are told as the first and the last. ``many`` puts a number of offers into words."""
    secured = sum(offer.secured for offer in offers)
    dates = Counter(offer.due for offer in offers if not offer.secured and offer.due)
    undated = len(offers) - secured - dates.total()
    if secured:
        yield texts.OF_THEM_SECURED.format(offers=many(secured))
    if len(dates) > most:
        within = {"first": day(min(dates)), "last": day(max(dates))}
        yield texts.OF_THEM_DUE_WITHIN.format(**within, offers=many(dates.total()))
    else:
        for due, number in sorted(dates.items()):
            yield texts.OF_THEM_DUE.format(day=day(due), offers=many(number))
    if undated:
        yield texts.OF_THEM_UNDATED.format(offers=many(undated))


def _offers(many: int) -> str:
    return count(many, texts.ONE_OFFER, texts.MANY_OFFERS)


def _counted(counts: dict[str, int]) -> str:
    """``2 accepted, 1 already accepted``: only what there is."""
    return ", ".join(text.format(count=many) for text, many in counts.items() if many)


def _waiting(many: int) -> str:
    return Words(count(many, texts.ONE_TO_ANSWER, texts.MANY_TO_ANSWER), lambda: str(many))


def _listed(heading: str, offers: Sequence[Offer]) -> str:
    """The heading and a line each, as many as fit and the number of the rest; nothing for none. No line is cut."""
    lines = [
        texts.LISTED_OFFER.format(amount=offer.amount, counterparty=counterparty(offer.counterparty))
        for offer in offers
    ]
    return Words(_list(heading, lines, _LISTED), lambda: _list(brief(heading), [*map(brief, lines)], _LISTED_BRIEFLY))


def _list(heading: str, offers: Sequence[str], limit: int) -> str:
    lines: list[str] = []
    length = 0
    for line in offers:
        length += units(line) + 1
        if length > limit:
            lines.append(texts.MORE_OFFERS.format(count=len(offers) - len(lines)))
            break
        lines.append(line)
    return "\n".join((heading, *lines)) if lines else ""
