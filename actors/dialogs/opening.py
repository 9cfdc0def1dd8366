"""Opening one more account: name, handle, currency, kind. ``actors.dialogs.changes`` has the rest.

Members of the first tiers have one account; they are told so before they are asked anything.
"""

import msgspec

from actors.dialogs import texts
from actors.dialogs.changes import ConfirmingChange
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.lookups import not_found
from actors.dialogs.names import read_account_name, read_handle
from actors.dialogs.paging import BACK
from actors.dialogs.renaming import account_name_rule
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.visit import Visit
from actors.dialogs.wording import party
from channels.message import Choice, OutboundMessage
from credex.commands import FindAccount, OpenAccount
from credex.model import AccountKind
from credex.money import Denomination
from credex.outcomes import AccountFound, Outcome, Refusal, Refused
from runtime.turn import Turn

_SEVERAL_FROM_TIER = 3
"""credex-core: tiers 1 and 2 have one account."""

_KINDS = (AccountKind.OPERATIONS, AccountKind.TRUST)


class AskingAccountName(msgspec.Struct, frozen=True, tag=True):
    """What the new account is to be called."""

    visit: Visit

    def prompt(self) -> OutboundMessage:
        """The question."""
        return OutboundMessage(text=texts.ASK_ACCOUNT_NAME)

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """A name, or the rule and the question again."""
        match event:
            case Heard(text):
                name = read_account_name(text)
                if name is None:
                    return stay(self, account_name_rule(text))
                return goto(AskingAccountHandle(self.visit, name))
            case Chose() | Unsupported() | Answered():
                return stay(self)


class AskingAccountHandle(msgspec.Struct, frozen=True, tag=True):
    """Its handle is asked."""

    visit: Visit
    name: str

    def prompt(self) -> OutboundMessage:
        """The question, with the name as it will be stored."""
        return OutboundMessage(text=texts.ASK_ACCOUNT_HANDLE.format(name=self.name))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """A handle to check, or the rule."""
        match event:
            case Heard(text):
                handle = read_handle(text)
                if handle is None:
                    return stay(self, texts.HANDLE_RULE)
                checking = CheckingHandle(self.visit, self.name, handle)
                return ask(checking, FindAccount(self.visit.phone, handle))
            case Chose() | Unsupported() | Answered():
                return stay(self)


class CheckingHandle(msgspec.Struct, frozen=True, tag=True):
    """credex-core is asked whether somebody has this handle."""

    visit: Visit
    name: str
    handle: str

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=texts.CHECKING_HANDLE.format(handle=self.handle))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome)
            case Heard() | Chose() | Unsupported():
                return wait(self, texts.CHECKING_HANDLE.format(handle=self.handle))

    def _answered(self, outcome: Outcome) -> Step:
        again = AskingAccountHandle(self.visit, self.name)
        if isinstance(outcome, AccountFound):
            return goto(again, texts.HANDLE_TAKEN.format(handle=self.handle))
        if isinstance(outcome, Refused) and outcome.refusal is Refusal.NOT_FOUND:
            return goto(PickingDenomination(self.visit, self.name, self.handle))
        return goto(again, not_found(outcome, self.handle, unknown=texts.NO_SUCH_HANDLE))


class PickingDenomination(msgspec.Struct, frozen=True, tag=True):
    """In which currency it is kept."""

    visit: Visit
    name: str
    handle: str

    def prompt(self) -> OutboundMessage:
        """One row a denomination."""
        rows = (
            Choice(key=one, title=one, description=texts.DENOMINATION_HINT[one], section=texts.SECTION_DENOMINATIONS)
            for one in texts.DENOMINATION_HINT
        )
        return OutboundMessage(
            text=texts.ASK_DENOMINATION.format(opened=party(self.name, self.handle)),
            choices=(*rows, _back()),
            menu=texts.DENOMINATIONS_MENU,
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Take the denomination, or go back."""
        match event:
            case Chose(key) if key in set(Denomination):
                return goto(PickingKind(self.visit, self.name, self.handle, Denomination(key)))
            case Chose():
                return goto(AtDashboard(self.visit), texts.NOTHING_CHANGED)
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)


class PickingKind(msgspec.Struct, frozen=True, tag=True):
    """What it is for."""

    visit: Visit
    name: str
    handle: str
    denomination: Denomination

    def prompt(self) -> OutboundMessage:
        """One row a kind."""
        rows = (
            Choice(key=one, title=texts.KINDS[one], description=texts.KIND_HINT[one], section=texts.SECTION_KINDS)
            for one in _KINDS
        )
        return OutboundMessage(
            text=texts.ASK_KIND.format(opened=party(self.name, self.handle)),
            choices=(*rows, _back()),
            menu=texts.KINDS_MENU,
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Take the kind, or go back."""
        match event:
            case Chose(key) if key in _KINDS:
                return goto(ConfirmingChange(self.visit, self._command(AccountKind(key))))
            case Chose():
                return goto(AtDashboard(self.visit), texts.NOTHING_CHANGED)
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)

    def _command(self, kind: AccountKind) -> OpenAccount:
        return OpenAccount(
            phone=self.visit.phone,
            kind=kind,
            name=self.name,
            handle=self.handle,
            default_denomination=self.denomination,
        )


def open_account(visit: Visit) -> Step:
    """Open the dialog from the menu, if the member's tier allows more than one account."""
    if visit.member.tier < _SEVERAL_FROM_TIER:
        return goto(AtDashboard(visit), texts.ONE_ACCOUNT_ONLY)
    return goto(AskingAccountName(visit))


def _back() -> Choice:
    return Choice(key=BACK, title=texts.ROW_BACK, section=texts.SECTION_MORE, says=("back", "dashboard"))
