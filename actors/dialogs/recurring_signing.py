"""Signing a recurring payment, under the rules of an offer (``actors.dialogs.signing``): consent, one try, no guess.

credex-core has no list of them, so one whose answer was lost cannot be found out by reading: it is an operator's.
"""

import msgspec

from actors.dialogs import texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.entry import home_with
from actors.dialogs.refusals import ledger, why
from actors.dialogs.settling import Settlement
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.visit import Visit
from actors.dialogs.wording import day, party
from actors.dialogs.words import full, joined
from actors.payments import Before, Finding
from channels.message import Choice, OutboundMessage
from credex.commands import SetUpRecurring
from credex.model import AccountName, Recurring
from credex.outcomes import NotAMember, Outcome, RecurringSetUp, Refused, Success, Unavailable, Unclear
from credex.refusals import BY_READING
from runtime.turn import Turn

WEEK = 7
WAITS = "PENDING"
"""credex-core's word for one that the receiver has yet to agree to."""


class _Repeating(msgspec.Struct, frozen=True):
    """``command`` is what is, was or may be sent; ``receiver`` is its receiver by name."""

    visit: Visit
    command: SetUpRecurring
    receiver: AccountName

    def _told(self, text: str, **more: str) -> str:
        return text.format(
            amount=self.command.amount,
            every=every(self.command.every_days).lower(),
            start=day(self.command.start),
            source=self.visit.party,
            receiver=party(self.receiver.name, self.receiver.handle),
            **more,
        )


class SigningRecurring(_Repeating, frozen=True, tag=True):
    """The question whether to sign and send."""

    def prompt(self) -> OutboundMessage:
        """The whole, to be read before it is signed."""
        return OutboundMessage(
            text=self._told(texts.SIGN_RECURRING),
            choices=(
                Choice(key="confirm", title=texts.SIGN, says=("yes", "y", "ok", "okay", "sign", "send", "confirm")),
                Choice(key="cancel", title=texts.DO_NOT_SIGN, says=("no", "n", "back")),
            ),
        )

    def on(self, event: Event, turn: Turn) -> Step:
        """Only its own confirm choice sends it, where recurring payments are on, and no day that is past by now."""
        today = turn.now.date()
        match event:
            case Chose("confirm") if self.visit.recurring is None:
                return goto(AtDashboard(self.visit), texts.RECURRING_OFF)
            case Chose("confirm") if self.command.start < today:
                command = msgspec.structs.replace(self.command, start=today)
                return goto(SigningRecurring(self.visit, command, self.receiver), texts.START_SLIPPED)
            case Chose("confirm"):
                return ask(SubmittingRecurring(self.visit, self.command, self.receiver), self.command)
            case Chose():
                return goto(AtDashboard(self.visit), texts.RECURRING_DROPPED)
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)


class SubmittingRecurring(_Repeating, frozen=True, tag=True):
    """It is on its way."""

    @property
    def before(self) -> Before:
        """Whom it is for; there is nothing that its effect could be told by."""
        receiver = party(self.receiver.name, self.receiver.handle)
        return Before(account=self.command.source, counterparty=full(receiver))

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=texts.SENDING_RECURRING)

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome)
            case Heard() | Chose() | Unsupported():
                return wait(self, self._told(texts.STILL_SETTING_UP))

    def _answered(self, outcome: Outcome) -> Step:
        match outcome:
            case RecurringSetUp(recurring):
                return home_with(self.visit, self._set_up(recurring))
            case Refused(refusal) if refusal not in BY_READING:
                text = joined(" ", (self._told(texts.RECURRING_NOT_SET_UP), why(outcome)))
                return goto(AtDashboard(self.visit.outdated()), text)
            case Unavailable():
                return goto(AtDashboard(self.visit), self._told(texts.RECURRING_UNSENT, ledger=ledger(outcome)))
            case Refused() | Unclear() | NotAMember() | Success():
                return goto(SettlingRecurring(self.visit, self.command, self.receiver))

    def _set_up(self, recurring: Recurring) -> str:
        agreed = self._told(texts.RECURRING_AGREED_FIRST) if recurring.status == WAITS else ""
        return joined(" ", (self._told(texts.RECURRING_SET_UP), agreed))


class SettlingRecurring(_Repeating, frozen=True, tag=True):
    """Nobody knows whether it was set up."""

    def prompt(self) -> OutboundMessage:
        """The truth, and that nothing need be done."""
        return OutboundMessage(text=self._told(texts.CHECKING_RECURRING))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Say how it stands, whatever is said."""
        match event:
            case Heard() | Chose() | Unsupported() | Answered():
                return wait(self, self._told(texts.STILL_CHECKING_RECURRING))

    def settled(self, ended: Settlement, turn: Turn) -> Step:
        """Tell what was found. Not set up: the same may be signed anew, on a screen of its own."""
        visit = self.visit.looked_at(ended.member, turn.now)
        match ended.finding:
            case Finding.DONE:
                return home_with(visit, self._told(texts.RECURRING_SET_UP))
            case Finding.NOT_DONE | Finding.GONE:
                again = SigningRecurring(visit, self.command, self.receiver)
                return goto(again, self._told(texts.RECURRING_NOT_SET_UP))
            case Finding.UNSURE | Finding.OPEN:
                return goto(AtDashboard(visit), self._told(texts.RECURRING_PARKED, reference=ended.reference))


def every(days: int) -> str:
    """``Every Week``, ``Every 10 Days``."""
    if days == 1:
        return texts.EVERY_DAY
    if days == WEEK:
        return texts.EVERY_WEEK
    if days % WEEK == 0:
        return texts.EVERY_WEEKS.format(count=days // WEEK)
    return texts.EVERY_DAYS.format(count=days)
