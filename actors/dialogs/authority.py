"""Who may act for an account, and who hears of its offers: one member is asked for, looked up and confirmed.

Later versions of credex-core cannot tell whose handle it is. A member can be added by the handle alone, which is said
on the screen that asks; whoever is to be removed or to hear of offers must be known by more than that, as the one who
hears of them now is.
"""

from enum import StrEnum

import msgspec

from actors.dialogs import texts
from actors.dialogs.changes import ConfirmingChange
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.lookups import not_found
from actors.dialogs.names import read_handle
from actors.dialogs.paging import BACK, distinct
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.visit import Visit
from actors.dialogs.wording import hearer
from channels.message import Choice, OutboundMessage
from credex.commands import AuthorizeMember, FindMember, RevokeMember, SendOffersTo
from credex.model import MemberId, MemberName
from credex.outcomes import MemberFound, Outcome, Unavailable
from runtime.turn import Turn

_ADDING_FROM_TIER = 4
"""credex-core: the owner has to be of this tier or above."""

_MYSELF, _HEARER, _ANOTHER = "myself", "hearer", "another"


class Purpose(StrEnum):
    """What a member is asked for."""

    ADD = "add"
    REMOVE = "remove"
    HEAR = "hear"


_ASK = {
    Purpose.ADD: texts.ASK_MEMBER_TO_ADD,
    Purpose.REMOVE: texts.ASK_MEMBER_TO_REMOVE,
    Purpose.HEAR: texts.ASK_MEMBER_TO_HEAR,
}


class ChoosingMember(msgspec.Struct, frozen=True, tag=True):
    """Who is to be removed, or to hear of offers: somebody known already, or another member."""

    visit: Visit
    purpose: Purpose

    def prompt(self) -> OutboundMessage:
        """Who hears of the offers now, and the question."""
        question = texts.WHO_HEARS if self.purpose is Purpose.HEAR else texts.WHO_TO_REMOVE
        account = self.visit.account
        return OutboundMessage(
            text=question.format(account=self.visit.party, hearer=hearer(account)),
            choices=(*self._known(), *_OTHERS),
            menu=texts.MEMBERS_MENU,
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Take the member chosen, ask for another, or go back."""
        match event:
            case Chose("myself"):
                return goto(_confirming(self.visit, self.purpose, _oneself(self.visit)))
            case Chose("another"):
                return goto(AskingMember(self.visit, self.purpose))
            case Chose("hearer") if (hears := self.visit.account.offers_to) is not None:
                return goto(_confirming(self.visit, self.purpose, hears))
            case Chose():
                return goto(AtDashboard(self.visit))
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)

    def _known(self) -> tuple[Choice, ...]:
        hears, member = self.visit.account.offers_to, self.visit.member
        if hears is None or hears.id == member.id:
            return ()
        if self.purpose is Purpose.HEAR:
            return (_row(_MYSELF, texts.MYSELF, texts.MYSELF_HINT),)
        [_, title] = distinct((texts.ANOTHER_MEMBER, hears.name))
        return (_row(_HEARER, title, texts.HEARS_NOW_HINT),)


class AskingMember(msgspec.Struct, frozen=True, tag=True):
    """The member's handle is asked."""

    visit: Visit
    purpose: Purpose

    def prompt(self) -> OutboundMessage:
        """The question, with the account."""
        return OutboundMessage(text=_ASK[self.purpose].format(account=self.visit.party))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """A handle to look up, or the rule."""
        match event:
            case Heard(text):
                return self._read(text)
            case Chose() | Unsupported() | Answered():
                return stay(self)

    def _read(self, text: str) -> Step:
        handle = read_handle(text.strip().removeprefix("+"))  # it may be a phone number
        if handle is None:
            return stay(self, texts.HANDLE_RULE)
        return ask(LookingUpMember(self.visit, self.purpose, handle), FindMember(self.visit.phone, handle))


class LookingUpMember(msgspec.Struct, frozen=True, tag=True):
    """credex-core is asked whose handle this is."""

    visit: Visit
    purpose: Purpose
    handle: str

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=texts.LOOKING_UP.format(handle=self.handle))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome)
            case Heard() | Chose() | Unsupported():
                return wait(self, texts.STILL_LOOKING.format(handle=self.handle))

    def _answered(self, outcome: Outcome) -> Step:
        again = AskingMember(self.visit, self.purpose)
        if isinstance(outcome, MemberFound):
            return self._found(outcome.member)
        if isinstance(outcome, Unavailable) and outcome.alive:
            return self._unchecked()
        return goto(again, not_found(outcome, self.handle, unknown=texts.NO_SUCH_MEMBER))

    def _found(self, member: MemberName) -> Step:
        if member.id == self.visit.member.id and self.purpose is not Purpose.HEAR:
            again = AskingMember(self.visit, self.purpose)
            return goto(again, texts.THAT_IS_YOU.format(handle=self.handle))
        return goto(_confirming(self.visit, self.purpose, member))

    def _unchecked(self) -> Step:
        """credex-core answers, but not this question."""
        if self.purpose is Purpose.ADD:
            return goto(_confirming(self.visit, self.purpose, MemberName(MemberId(""), "", self.handle)))
        return goto(ChoosingMember(self.visit, self.purpose), texts.CANNOT_LOOK_UP.format(handle=self.handle))


def add_member(visit: Visit) -> Step:
    """Open the dialog from the menu, if the member's tier allows it."""
    if visit.member.tier < _ADDING_FROM_TIER:
        return goto(AtDashboard(visit), texts.ADDING_NEEDS_TIER)
    return goto(AskingMember(visit, Purpose.ADD))


def choose_member(visit: Visit, purpose: Purpose) -> Step:
    """Open the dialog from the menu, for a purpose that a known member may serve."""
    return goto(ChoosingMember(visit, purpose))


def _confirming(visit: Visit, purpose: Purpose, person: MemberName) -> ConfirmingChange:
    phone, account = visit.phone, visit.account.id
    match purpose:
        case Purpose.ADD:
            return ConfirmingChange(visit, AuthorizeMember(phone, account, person.handle), person)
        case Purpose.REMOVE:
            return ConfirmingChange(visit, RevokeMember(phone, account, person.id), person)
        case Purpose.HEAR:
            return ConfirmingChange(visit, SendOffersTo(phone, account, person.id), person)


def _oneself(visit: Visit) -> MemberName:
    member = visit.member
    return MemberName(member.id, f"{member.first_name} {member.last_name}", member.handle)


def _row(key: str, title: str, hint: str) -> Choice:
    return Choice(key=key, title=title, description=hint, section=texts.SECTION_MEMBERS)


_OTHERS = (
    _row(_ANOTHER, texts.ANOTHER_MEMBER, texts.ANOTHER_MEMBER_HINT),
    Choice(key=BACK, title=texts.ROW_BACK, section=texts.SECTION_MORE, says=("back", "dashboard")),
)
