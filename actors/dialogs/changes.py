"""Changing an account: a look at the whole, one command, and finding out what became of it.

Opening and renaming accounts, letting others act for them, saying who hears of their offers, ending a recurring
payment: some of these hand power over money to others, so the screen that asks is a consent screen like that of a
payment. None is repeated by itself. Where the answer was lost, and where credex-core says that it exists already, a
fresh reading tells what is so, and what cannot be told is not claimed.
"""

import msgspec

from actors.dialogs import texts
from actors.dialogs.change_wording import Wording, question, seen, wording_of
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.entry import home_with
from actors.dialogs.refusals import ledger, why
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.visit import Visit
from actors.dialogs.wording import named, party
from actors.dialogs.words import joined
from channels.message import Choice, OutboundMessage
from credex.commands import CancelRecurring, ChangeCommand, OpenAccount, RenameAccount
from credex.model import MemberName
from credex.outcomes import (
    AccountOpened,
    AccountRenamed,
    LoggedIn,
    NotAMember,
    OffersRouted,
    Outcome,
    RecurringCancelled,
    Refusal,
    Refused,
    Success,
    Unavailable,
    Unclear,
)
from runtime.turn import Turn


class _Change(msgspec.Struct, frozen=True):
    """``command`` is what is, was or may be sent.

    ``person`` is the member it is about, with a name if one could be found; ``terms`` the payment it is about.
    """

    visit: Visit
    command: ChangeCommand
    person: MemberName | None = None
    terms: str = ""

    @property
    def wording(self) -> Wording:
        """The sentences of this change."""
        return wording_of(self.command)

    def _told(self, text: str) -> str:
        command = self.command
        words = {"account": self.visit.party, "payment": self.terms, "person": named(self.person)}
        if isinstance(command, RenameAccount):
            words["name"] = command.name
        if isinstance(command, OpenAccount):
            words["opened"] = party(command.name, command.handle)
            words["details"] = texts.OPENED_DETAILS.format(
                denomination=command.default_denomination, kind=texts.KINDS[command.kind]
            )
        return text.format(**words)

    def _refused(self, refused: Refused) -> str:
        reason = self.wording.refused.get(refused.refusal)
        return joined(" ", (self._told(self.wording.not_done), self._told(reason) if reason else why(refused)))


class ConfirmingChange(_Change, frozen=True, tag=True):
    """The question whether to do it."""

    def prompt(self) -> OutboundMessage:
        """The whole change, to be read before it is consented to."""
        return OutboundMessage(
            text=self._told(self.wording.sure),
            choices=(
                Choice(key="confirm", title=self.wording.yes, says=("yes", "y", "ok", "okay", "confirm")),
                Choice(key="cancel", title=texts.GO_BACK, says=("no", "n", "back")),
            ),
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Only its own confirm choice sends it."""
        match event:
            case Chose("confirm"):
                return ask(SubmittingChange(self.visit, self.command, self.person, self.terms), self.command)
            case Chose():
                return goto(AtDashboard(self.visit), texts.NOTHING_CHANGED)
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)


class SubmittingChange(_Change, frozen=True, tag=True):
    """The change is on its way."""

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=self.wording.doing)

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome)
            case Heard() | Chose() | Unsupported():
                return wait(self, texts.STILL_CHANGING)

    def _answered(self, outcome: Outcome) -> Step:
        if isinstance(outcome, self.wording.made):
            return home_with(self._after(outcome), self._told(self.wording.done))
        match outcome:
            case Refused(Refusal.DUPLICATE):  # perhaps by this very command: sent in doubt before, or twice
                return self._find_out(outcome)
            case Refused():
                return goto(AtDashboard(self.visit.outdated()), self._refused(outcome))
            case Unavailable():
                again = ConfirmingChange(self.visit, self.command, self.person, self.terms)
                return goto(again, texts.CHANGE_UNSENT.format(ledger=ledger(outcome)))
            case Unclear() | NotAMember() | Success():
                return self._find_out(None, self._told(self.wording.unclear))

    def _find_out(self, refused: Refused | None, *says: str) -> Step:
        finding = FindingOutChange(self.visit, self.command, self.person, self.terms, refused)
        return ask(finding, question(self.command, self.visit), *says)

    def _after(self, outcome: Outcome) -> Visit:
        """What is known afterwards; where the answer does not tell, the dashboard is read anew."""
        if isinstance(outcome, AccountOpened | AccountRenamed):
            return self.visit.with_account(outcome.account)
        if isinstance(outcome, RecurringCancelled):
            return self.visit.without_recurring(outcome.recurring)
        if isinstance(outcome, OffersRouted):
            return self.visit.with_account(msgspec.structs.replace(self.visit.account, offers_to=self.person))
        return self.visit.outdated()


class FindingOutChange(_Change, frozen=True, tag=True):
    """Was it done? What can be read is being read. ``refused`` is how credex-core put it, if it did."""

    refused: Refused | None = None

    def prompt(self) -> OutboundMessage:
        """That it is being looked up."""
        return OutboundMessage(text=texts.LOOKING_IT_UP)

    def on(self, event: Event, turn: Turn) -> Step:
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome, turn)
            case Heard() | Chose() | Unsupported():
                return wait(self, texts.STILL_CHANGING)

    def _answered(self, outcome: Outcome, turn: Turn) -> Step:
        visit = self.visit.looked_at(outcome.member, turn.now) if isinstance(outcome, LoggedIn) else self.visit
        again = ConfirmingChange(visit, self.command, self.person, self.terms)
        done = seen(self.command, outcome)
        if done:
            return home_with(self._without_ended(visit), self._told(self.wording.done))
        if done is False and self.refused is not None:
            return home_with(visit, self._refused(self.refused))
        return goto(again, self._told(self.wording.unknown if done is None else self.wording.not_seen))

    def _without_ended(self, visit: Visit) -> Visit:
        command = self.command
        return visit.without_recurring(command.recurring) if isinstance(command, CancelRecurring) else visit
