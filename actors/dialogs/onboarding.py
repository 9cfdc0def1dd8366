"""Becoming a member: two names, a look at what will be stored, one question to credex-core.

What was typed is kept until it is stored: a refusal or an outage leads back to the confirmation. A repeat is harmless,
since credex-core knows a phone only once; where it is unclear whether the account was opened, logging in tells.
"""

import msgspec

from actors.dialogs import texts
from actors.dialogs.arrivals import arrive
from actors.dialogs.greetings import plain_word
from actors.dialogs.names import clean_name, read_name
from actors.dialogs.refusals import ledger, why
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.wording import shown
from channels.message import Choice, OutboundMessage
from credex.commands import Login, Onboard
from credex.model import Phone
from credex.money import Denomination
from credex.outcomes import (
    LoggedIn,
    NotAMember,
    Onboarded,
    Outcome,
    Refusal,
    Refused,
    Success,
    Unavailable,
    Unclear,
)
from runtime.turn import Turn

_TYPED_LIMIT = 60
_NOT_NOW = frozenset({"no", "n", "no thanks", "no, thanks", "no thank you", "not now", "later"})


class Welcome(msgspec.Struct, frozen=True, tag=True):
    """credex-core does not know this phone: an invitation to join."""

    phone: Phone

    def prompt(self) -> OutboundMessage:
        """The invitation."""
        says = ("join", "yes", "y", "ok", "okay", "member", "become")
        return OutboundMessage(
            text=texts.WELCOME,
            choices=(Choice(key="become_member", title=texts.JOIN, says=says),),
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Only the button leads on."""
        match event:
            case Chose():
                return goto(AskingFirstName(self.phone))
            case Heard(text) if plain_word(text) in _NOT_NOW:
                return stay(self, texts.WELCOME_ANY_TIME)
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)


class AskingFirstName(msgspec.Struct, frozen=True, tag=True):
    """The first name is asked."""

    phone: Phone

    def prompt(self) -> OutboundMessage:
        """The question."""
        return OutboundMessage(text=texts.ASK_FIRST_NAME)

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """A name, or the rule and the question again."""
        match event:
            case Heard(text):
                name = read_name(text)
                return stay(self, _name_rule(text)) if name is None else goto(AskingLastName(self.phone, name))
            case Chose() | Unsupported() | Answered():
                return stay(self)


class AskingLastName(msgspec.Struct, frozen=True, tag=True):
    """The last name is asked."""

    phone: Phone
    first_name: str

    def prompt(self) -> OutboundMessage:
        """The question, with the first name as it will be stored."""
        return OutboundMessage(text=texts.ASK_LAST_NAME.format(first_name=self.first_name))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """A name, or the rule and the question again."""
        match event:
            case Heard(text):
                name = read_name(text)
                return stay(self, _name_rule(text)) if name is None else goto(self._confirming(name))
            case Chose() | Unsupported() | Answered():
                return stay(self)

    def _confirming(self, last_name: str) -> "ConfirmingMembership":
        command = Onboard(
            phone=self.phone,
            first_name=self.first_name,
            last_name=last_name,
            default_denomination=Denomination.USD,
        )
        return ConfirmingMembership(command)


class ConfirmingMembership(msgspec.Struct, frozen=True, tag=True):
    """Is this right? ``command`` is what will be sent."""

    command: Onboard

    def prompt(self) -> OutboundMessage:
        """The names as they will be stored."""
        command = self.command
        return OutboundMessage(
            text=texts.CONFIRM_NAMES.format(
                first_name=command.first_name,
                last_name=command.last_name,
                denomination=command.default_denomination,
            ),
            choices=(
                Choice(key="confirm", title=texts.JOIN_CONFIRM, says=("yes", "y", "ok", "okay", "join", "confirm")),
                Choice(key="edit", title=texts.JOIN_EDIT, says=("change", "edit", "no", "n", "back")),
                Choice(key="cancel", title=texts.JOIN_LEAVE),
            ),
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Send it, type it again, or leave."""
        match event:
            case Chose("confirm"):
                return ask(Joining(self.command), self.command)
            case Chose("edit"):
                return goto(AskingFirstName(self.command.phone))
            case Chose():
                return goto(Welcome(self.command.phone), texts.LEFT)
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)


class Joining(msgspec.Struct, frozen=True, tag=True):
    """credex-core is opening the account."""

    command: Onboard

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=texts.JOINING)

    def on(self, event: Event, turn: Turn) -> Step:
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome, turn)
            case Heard() | Chose() | Unsupported():
                return wait(self, texts.STILL_JOINING)

    def _answered(self, outcome: Outcome, turn: Turn) -> Step:
        command = self.command
        match outcome:
            case Onboarded(member) | LoggedIn(member):
                return arrive(command.phone, member, turn.now, texts.JOINED.format(first_name=command.first_name))
            case Refused(Refusal.DUPLICATE):
                return ask(FindingOut(command), Login(command.phone), texts.JOIN_TAKEN)
            case Refused():
                return goto(ConfirmingMembership(command), texts.JOIN_REFUSED.format(reason=why(outcome)))
            case Unavailable():
                return goto(ConfirmingMembership(command), texts.JOIN_UNAVAILABLE.format(ledger=ledger(outcome)))
            case Unclear() | NotAMember() | Success():
                return ask(FindingOut(command), Login(command.phone), texts.JOIN_UNCLEAR)


class FindingOut(msgspec.Struct, frozen=True, tag=True):
    """Was the account opened after all, or before? Logging in tells."""

    command: Onboard

    def prompt(self) -> OutboundMessage:
        """That it is being looked up."""
        return OutboundMessage(text=texts.FINDING_OUT)

    def on(self, event: Event, turn: Turn) -> Step:
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome, turn)
            case Heard() | Chose() | Unsupported():
                return wait(self, texts.ONE_MOMENT)

    def _answered(self, outcome: Outcome, turn: Turn) -> Step:
        match outcome:
            case LoggedIn(member) | Onboarded(member):
                return arrive(self.command.phone, member, turn.now)
            case NotAMember():
                return goto(ConfirmingMembership(self.command), texts.JOIN_NOT_DONE)
            case Refused() | Unavailable() | Unclear() | Success():
                return goto(ConfirmingMembership(self.command), texts.JOIN_STILL_UNCLEAR)


def _name_rule(typed: str) -> str:
    kept = clean_name(typed)
    if kept == typed:
        return texts.NAME_RULE_PLAIN
    return texts.NAME_RULE.format(typed=shown(typed, _TYPED_LIMIT), kept=shown(kept, _TYPED_LIMIT))
