"""What the member's tier allows, and how to pay for tier 3: consent, one command sent at most once, its end.

credex-core (``hustler10k``) charges 1.00 USD, secured, for 28 days. It takes it from the account named, so that is the
member's own personal account, whichever account they act for. A repeat would charge again.
"""

from datetime import datetime
from decimal import Decimal

import msgspec

from actors.dialogs import texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.entry import home_with, refresh
from actors.dialogs.refusals import ledger, why
from actors.dialogs.settling import Settlement
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.visit import Visit
from actors.dialogs.wording import own_party
from actors.dialogs.words import joined
from actors.payments import Before, Finding
from actors.settlement import CHARGE
from channels.message import Choice, OutboundMessage
from credex.commands import UpgradeTier
from credex.model import Account, AccountKind, Member
from credex.money import Denomination, Money
from credex.outcomes import NotAMember, Outcome, Refusal, Refused, Success, TierUpgraded, Unavailable, Unclear
from runtime.turn import Turn

_PAID_TIER = 3
_DAILY = {1: Money(Decimal(10), Denomination.USD), 2: Money(Decimal(100), Denomination.USD)}
"""What a tier lets its members offer in a day (credex-core)."""


class LookingAtTier(msgspec.Struct, frozen=True, tag=True):
    """What the member's tier allows, and what the paid one adds."""

    visit: Visit

    def prompt(self) -> OutboundMessage:
        """The tier, what is left of today's allowance, and the offer to upgrade where there is one."""
        payer = payer_of(self.visit.member)
        paragraphs = [_rights(self.visit.member), _allowance(self.visit.member)]
        choices = [Choice(key="back", title=texts.ROW_BACK, says=("back", "no", "n"))]
        if self.visit.member.tier < _PAID_TIER and payer is None:
            paragraphs.append(texts.TIER_NOT_PAYABLE)
        elif self.visit.member.tier < _PAID_TIER and payer is not None:
            account = own_party(payer.name, payer.handle)
            paragraphs.append(texts.TIER_OFFERED.format(price=CHARGE, account=account))
            choices.insert(0, Choice(key="upgrade", title=texts.UPGRADE_NOW, says=("yes", "y", "upgrade")))
        return OutboundMessage(text=joined("\n\n", paragraphs), choices=tuple(choices))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Go on to the consent, or back."""
        match event:
            case Chose("upgrade"):
                return self._consent()
            case Chose():
                return goto(AtDashboard(self.visit))
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)

    def _consent(self) -> Step:
        payer = payer_of(self.visit.member)
        return goto(SigningUpgrade(self.visit, UpgradeTier(self.visit.phone, payer.id))) if payer else stay(self)


class _Upgrade(msgspec.Struct, frozen=True):
    """``command`` is what is, was or may be sent."""

    visit: Visit
    command: UpgradeTier

    @property
    def _payer(self) -> Account:
        return self.visit.member.account(self.command.account) or self.visit.account

    def _told(self, text: str, **more: str) -> str:
        account = own_party(self._payer.name, self._payer.handle)
        return text.format(price=CHARGE, account=account, **more)


class SigningUpgrade(_Upgrade, frozen=True, tag=True):
    """The question whether to pay for it."""

    def prompt(self) -> OutboundMessage:
        """What is paid, from where, and what it buys."""
        return OutboundMessage(
            text=self._told(texts.CONFIRM_UPGRADE),
            choices=(
                Choice(
                    key="confirm", title=texts.SIGN_UPGRADE, says=("yes", "y", "ok", "okay", "sign", "pay", "confirm")
                ),
                Choice(key="cancel", title=texts.DO_NOT_SIGN, says=("no", "n", "back")),
            ),
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Only its own confirm choice sends it."""
        match event:
            case Chose("confirm"):
                return ask(SubmittingUpgrade(self.visit, self.command), self.command)
            case Chose():
                return goto(AtDashboard(self.visit), texts.UPGRADE_DROPPED)
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)


class SubmittingUpgrade(_Upgrade, frozen=True, tag=True):
    """The upgrade is on its way."""

    @property
    def before(self) -> Before:
        """What its effect is told by."""
        pending = tuple(offer.id for offer in self._payer.outgoing)
        return Before(account=self.command.account, pending=pending, tier=self.visit.member.tier)

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=texts.UPGRADING)

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome)
            case Heard() | Chose() | Unsupported():
                return wait(self, self._told(texts.STILL_UPGRADING))

    def _answered(self, outcome: Outcome) -> Step:
        match outcome:
            case TierUpgraded(tier):
                return home_with(self.visit.outdated(), self._told(texts.UPGRADED, tier=str(tier)))
            case Refused(refusal):
                reason = self._told(texts.UPGRADE_NO_COVER) if refusal is Refusal.NO_COVER else why(outcome)
                return goto(AtDashboard(self.visit.outdated()), joined(" ", (texts.NOT_UPGRADED, reason)))
            case Unavailable():
                return goto(AtDashboard(self.visit), self._told(texts.UPGRADE_UNSENT, ledger=ledger(outcome)))
            case Unclear() | NotAMember() | Success():
                return goto(SettlingUpgrade(self.visit, self.command))


class SettlingUpgrade(_Upgrade, frozen=True, tag=True):
    """Nobody knows whether the upgrade was paid; the ledger is being read."""

    def prompt(self) -> OutboundMessage:
        """The truth, and that nothing need be done."""
        return OutboundMessage(text=self._told(texts.UPGRADE_UNCLEAR))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Say how it stands, whatever is said."""
        match event:
            case Heard() | Chose() | Unsupported() | Answered():
                return wait(self, self._told(texts.STILL_CHECKING_UPGRADE))

    def settled(self, ended: Settlement, turn: Turn) -> Step:
        """Tell what was found. Not paid: it may be signed anew, on a screen of its own."""
        visit = self.visit.looked_at(ended.member, turn.now)
        match ended.finding:
            case Finding.DONE:
                return home_with(visit, texts.UPGRADE_SETTLED)
            case Finding.NOT_DONE | Finding.GONE:
                return goto(SigningUpgrade(visit, self.command), texts.UPGRADE_NOT_FOUND)
            case Finding.UNSURE | Finding.OPEN:
                told = self._told(texts.UPGRADE_UNKNOWN)
                return goto(AtDashboard(visit), texts.UPGRADE_PARKED.format(reference=ended.reference, told=told))


def show_tier(visit: Visit) -> Step:
    """Open the screen from the dashboard, or by its words."""
    return goto(LookingAtTier(visit))


def once(step: Step, upgraded: datetime | None) -> Step:
    """The same, unless the figures signed on are older than ``upgraded``: then they are read again instead."""
    if upgraded is None or not isinstance(step.state, SubmittingUpgrade):
        return step
    visit = step.state.visit
    if visit.seen is not None and visit.seen > upgraded:
        return step
    return refresh(visit, texts.UPGRADED_SINCE)


def payer_of(member: Member) -> Account | None:
    """The member's own personal account, the only one an upgrade is paid from."""
    own = [account for account in member.accounts if account.kind is AccountKind.PERSONAL and account.owned]
    return next((account for account in own if account.handle == member.handle), own[0] if own else None)


def _rights(member: Member) -> str:
    name = texts.TIER_NAMES.get(member.tier)
    told = texts.TIER_NAMED.format(tier=member.tier, name=name) if name else texts.TIER.format(tier=member.tier)
    return joined("\n", (told, texts.TIER_RIGHTS[min(max(member.tier, 1), max(texts.TIER_RIGHTS))]))


def _allowance(member: Member) -> str:
    if member.remaining_usd is None:
        return texts.TIER_UNLIMITED
    left = texts.TIER_LEFT.format(left=Money(member.remaining_usd, Denomination.USD))
    daily = _DAILY.get(member.tier)
    return joined("\n", (texts.TIER_DAILY.format(daily=daily), left)) if daily else left
