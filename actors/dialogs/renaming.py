"""Giving an account another name. ``actors.dialogs.changes`` has the rest."""

import msgspec

from actors.dialogs import texts
from actors.dialogs.changes import ConfirmingChange
from actors.dialogs.names import clean_account_name, read_account_name
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, goto, stay
from actors.dialogs.visit import Visit
from actors.dialogs.wording import shown
from channels.message import OutboundMessage
from credex.commands import RenameAccount
from runtime.turn import Turn

_TYPED_LIMIT = 60


class AskingNewName(msgspec.Struct, frozen=True, tag=True):
    """What the account acted for is to be called."""

    visit: Visit

    def prompt(self) -> OutboundMessage:
        """The question, with the name it has."""
        return OutboundMessage(text=texts.ASK_NEW_NAME.format(account=self.visit.party))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """A name, or the rule and the question again."""
        match event:
            case Heard(text):
                return self._read(text)
            case Chose() | Unsupported() | Answered():
                return stay(self)

    def _read(self, text: str) -> Step:
        name, account = read_account_name(text), self.visit.account
        if name is None:
            return stay(self, account_name_rule(text))
        if name == account.name:
            return stay(self, texts.SAME_NAME)
        return goto(ConfirmingChange(self.visit, RenameAccount(self.visit.phone, account.id, name)))


def rename(visit: Visit) -> Step:
    """Open the dialog from the menu."""
    return goto(AskingNewName(visit))


def account_name_rule(typed: str) -> str:
    """What an account's name may be, with what would become of what was typed."""
    kept = clean_account_name(typed)
    if kept in (typed, ""):
        return texts.ACCOUNT_NAME_RULE_PLAIN
    return texts.ACCOUNT_NAME_RULE.format(typed=shown(typed, _TYPED_LIMIT), kept=shown(kept, _TYPED_LIMIT))
