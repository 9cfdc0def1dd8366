"""Recurring payments of the account acted for: a menu, the list of those set up here, and the way to end one.

credex-core reads one when told its id and lists none, so the list is of those this chat remembers. Each is read anew,
a page at a time, before it is shown; one that has ended or is not known any more is left out.
"""

import msgspec

from actors.dialogs import texts
from actors.dialogs.change_wording import ENDED
from actors.dialogs.changes import ConfirmingChange
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.paging import BACK, NEXT, PREVIOUS, amount_titles, page_of
from actors.dialogs.recurring_signing import WAITS, every
from actors.dialogs.refusals import ledger
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.visit import Kept, Visit
from actors.dialogs.wording import day, shown
from actors.dialogs.words import full, joined
from channels.message import Choice, OutboundMessage
from credex.commands import CancelRecurring, ReadRecurring
from credex.model import Recurring
from credex.outcomes import Outcome, RecurringRead, Refused
from runtime.turn import Turn

_HINT_LIMIT = 72
_RECEIVER_IN_HINT = 30


class Listed(msgspec.Struct, frozen=True):
    """A recurring payment as it was read, with its receiver as remembered."""

    kept: Kept
    now: Recurring


class AtRecurring(msgspec.Struct, frozen=True, tag=True):
    """The menu."""

    visit: Visit

    def prompt(self) -> OutboundMessage:
        """What can be done, and what cannot be known."""
        section = texts.SECTION_RECURRING
        return OutboundMessage(
            text=texts.AT_RECURRING.format(account=self.visit.party),
            choices=(
                Choice(key="set_up", title=texts.SET_UP, description=texts.SET_UP_HINT, section=section),
                Choice(key="look", title=texts.LOOK_AT, description=texts.LOOK_AT_HINT, section=section),
                Choice(key=BACK, title=texts.ROW_BACK, section=texts.SECTION_MORE, says=("back", "dashboard")),
            ),
            menu=texts.RECURRING_MENU,
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Set one up by the door for what moves money, or look at those there are."""
        match event:
            case Chose("set_up"):
                return Step(state=AtDashboard(self.visit), opens="set_up_recurring")
            case Chose("look"):
                return _read(self.visit, 0)
            case Chose():
                return goto(AtDashboard(self.visit))
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)


class ReadingRecurring(msgspec.Struct, frozen=True, tag=True):
    """Those of one page are read, one after the other, ``left[0]`` now. ``found`` are those that go on."""

    visit: Visit
    page: int
    left: tuple[Kept, ...]
    found: tuple[Listed, ...] = ()

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=texts.READING_RECURRING)

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome)
            case Heard() | Chose() | Unsupported():
                return wait(self, texts.READING_RECURRING)

    def _answered(self, outcome: Outcome) -> Step:
        found, left = self.found, self.left[1:]
        if isinstance(outcome, RecurringRead):
            going_on = outcome.recurring.status != ENDED
            found = (*found, Listed(self.left[0], outcome.recurring)) if going_on else found
        elif not isinstance(outcome, Refused):
            return goto(AtRecurring(self.visit), texts.RECURRING_UNREAD.format(ledger=ledger(outcome)))
        if left:
            return _next(ReadingRecurring(self.visit, self.page, left, found))
        return goto(PickingRecurring(self.visit, self.page, found))


class PickingRecurring(msgspec.Struct, frozen=True, tag=True):
    """The list, to choose one that is to end."""

    visit: Visit
    page: int
    found: tuple[Listed, ...]

    def prompt(self) -> OutboundMessage:
        """One row a payment."""
        page = page_of(_known(self.visit), self.page)
        titles = amount_titles(one.now.amount for one in self.found)
        rows = tuple(_row(one, title) for one, title in zip(self.found, titles, strict=True))
        question = texts.PICK_RECURRING if rows else texts.NO_RECURRING
        return OutboundMessage(
            text=joined("\n", (question.format(account=self.visit.party), page.label)),
            choices=(*rows, *page.moves(back=True)),
            menu=texts.RECURRING_MENU,
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Turn the page, go back, or ask whether the one chosen is to end."""
        match event:
            case Chose(key):
                return self._chosen(key)
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)

    def _chosen(self, key: str) -> Step:
        number = page_of(_known(self.visit), self.page).number
        if key == NEXT:
            return _read(self.visit, number + 1)
        if key == PREVIOUS:
            return _read(self.visit, number - 1)
        one = next((one for one in self.found if one.kept.id == key), None)
        if one is None:
            return goto(AtDashboard(self.visit))
        command = CancelRecurring(self.visit.phone, one.kept.id)
        terms = texts.RECURRING_PAYMENT.format(
            amount=one.now.amount,
            every=every(one.now.every_days).lower(),
            start=day(one.now.next_run),
            receiver=shown(one.kept.receiver, 2 * _HINT_LIMIT),
        )
        return goto(ConfirmingChange(self.visit, command, terms=full(terms)))


def at_recurring(visit: Visit) -> Step:
    """Open the menu."""
    return goto(AtRecurring(visit))


def _read(visit: Visit, page: int) -> Step:
    items = page_of(_known(visit), page).items
    if not items:
        return goto(AtRecurring(visit), texts.NO_RECURRING.format(account=visit.party))
    return _next(ReadingRecurring(visit, page, items))


def _next(state: ReadingRecurring) -> Step:
    kept = state.left[0]
    return ask(state, ReadRecurring(state.visit.phone, kept.account, kept.id))


def _known(visit: Visit) -> tuple[Kept, ...]:
    """Those that the account acted for pays, the newest first."""
    return tuple(one for one in reversed(visit.recurring or ()) if one.account == visit.account.id)


def _row(one: Listed, title: str) -> Choice:
    hint = texts.NOT_AGREED_HINT if one.now.status == WAITS else texts.NEXT_PAYMENT_HINT
    told = hint.format(
        every=every(one.now.every_days).lower(),
        start=day(one.now.next_run),
        receiver=shown(one.kept.receiver, _RECEIVER_IN_HINT),
    )
    return Choice(key=one.kept.id, title=title, description=shown(told, _HINT_LIMIT), section=texts.SECTION_RECURRING)
