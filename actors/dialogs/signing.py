"""Signing an offer: a look at the whole, one command that is sent at most once, and finding out what became of it.

The confirmation holds the very ``OfferCredex`` that will be sent, and shows it: what is read and what is signed cannot
differ. While it is under way nothing else can be started; an outcome that is not known is never called a failure.
"""

import msgspec

from actors.dialogs import texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.entry import home_with
from actors.dialogs.refusals import ledger, why
from actors.dialogs.settling import Settlement
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.visit import Visit
from actors.dialogs.wording import party
from actors.payments import Before, Finding
from channels.message import Choice, OutboundMessage
from credex.commands import OfferCredex
from credex.model import AccountName
from credex.outcomes import (
    NotAMember,
    OfferMade,
    Outcome,
    Refused,
    Success,
    Unavailable,
    Unclear,
)
from runtime.turn import Turn


class _Signed(msgspec.Struct, frozen=True):
    """``command`` is what is, was or may be sent; ``receiver`` is its receiver by name."""

    visit: Visit
    command: OfferCredex
    receiver: AccountName

    def _told(self, text: str, **more: str) -> str:
        names = {"issuer": self.visit.party, "receiver": party(self.receiver.name, self.receiver.handle)}
        return text.format(amount=self.command.amount, **names, **more)


class SigningOffer(_Signed, frozen=True, tag=True):
    """The question whether to sign and send."""

    def prompt(self) -> OutboundMessage:
        """The whole offer, to be read before it is signed."""
        return OutboundMessage(
            text=self._told(texts.CONFIRM_OFFER),
            choices=(
                Choice(key="confirm", title=texts.SIGN, says=("yes", "y", "ok", "okay", "sign", "send", "confirm")),
                Choice(key="cancel", title=texts.DO_NOT_SIGN, says=("no", "n")),
            ),
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Only its own confirm choice sends it."""
        match event:
            case Chose("confirm"):
                return ask(SubmittingOffer(self.visit, self.command, self.receiver), self.command)
            case Chose():
                return goto(AtDashboard(self.visit), texts.OFFER_DROPPED)
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)


class SubmittingOffer(_Signed, frozen=True, tag=True):
    """The offer is on its way."""

    @property
    def before(self) -> Before:
        """What its effect is told by."""
        pending = tuple(offer.id for offer in self.visit.account.outgoing)
        tier = self.visit.member.tier
        return Before(account=self.command.issuer, pending=pending, counterparty=self.receiver.name, tier=tier)

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=texts.SENDING_OFFER)

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome)
            case Heard() | Chose() | Unsupported():
                return wait(self, self._told(texts.STILL_SENDING))

    def _answered(self, outcome: Outcome) -> Step:
        match outcome:
            case OfferMade(account=account):
                visit = self.visit.spent(self.command.amount).with_account(account)
                return home_with(visit, self._told(texts.OFFER_MADE))
            case Refused():
                return goto(
                    AtDashboard(self.visit.outdated()),
                    f"{self._told(texts.OFFER_NOT_MADE)} {why(outcome)}",
                )
            case Unavailable():
                return goto(AtDashboard(self.visit), self._told(texts.OFFER_UNSENT, ledger=ledger(outcome)))
            case Unclear() | NotAMember() | Success():
                return goto(SettlingOffer(self.visit, self.command, self.receiver))


class SettlingOffer(_Signed, frozen=True, tag=True):
    """Nobody knows whether the offer was made; the ledger is being read."""

    def prompt(self) -> OutboundMessage:
        """The truth, and that nothing need be done."""
        return OutboundMessage(text=self._told(texts.CHECKING_OFFER))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Say how it stands, whatever is said."""
        match event:
            case Heard() | Chose() | Unsupported() | Answered():
                return wait(self, self._told(texts.STILL_CHECKING_OFFER))

    def settled(self, ended: Settlement, turn: Turn) -> Step:
        """Tell what was found. Not made: the same offer may be signed anew, on a screen of its own."""
        visit = self.visit.looked_at(ended.member, turn.now)
        match ended.finding:
            case Finding.DONE:
                return home_with(visit, self._told(texts.OFFER_SETTLED))
            case Finding.NOT_DONE | Finding.GONE:
                return goto(SigningOffer(visit, self.command, self.receiver), self._told(texts.OFFER_NOT_FOUND))
            case Finding.UNSURE | Finding.OPEN:
                parked = texts.OFFER_PARKED.format(reference=ended.reference, told=self._told(texts.OFFER_UNKNOWN))
                return goto(AtDashboard(visit), parked)
