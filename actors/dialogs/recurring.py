"""Setting up a recurring payment: amount, receiver, rhythm, first day. Then ``actors.dialogs.recurring_signing``.

It is always secured. Whether the balance covers a payment is seen on its day, so the amount is not checked against it.
"""

import re
from datetime import date, timedelta

import msgspec

from actors.dialogs import texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.days import read_day
from actors.dialogs.lookups import not_found
from actors.dialogs.names import read_handle
from actors.dialogs.offer import amount_rule
from actors.dialogs.recurring_signing import WEEK, SigningRecurring, every
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.visit import Visit
from actors.dialogs.wording import party
from channels.message import Choice, OutboundMessage
from credex.commands import FindAccount, SetUpRecurring
from credex.model import AccountName
from credex.money import Ambiguous, Money, Unreadable, parse_money
from credex.outcomes import AccountFound, Outcome
from runtime.turn import Turn

_RHYTHMS = (7, 14, 28, 1)
_LONGEST_DAYS = 365
_DAYS = re.compile(r"(?:every )?(\d{1,3})(?: ?(days?|weeks?))?", re.ASCII)
_STARTS = {"today": 0, "tomorrow": 1, "week": 7}


class AskingRecurringAmount(msgspec.Struct, frozen=True, tag=True):
    """How much is to be paid each time."""

    visit: Visit

    def prompt(self) -> OutboundMessage:
        """The question, with the account that pays."""
        denomination = self.visit.account.default_denomination
        text = texts.ASK_RECURRING_AMOUNT.format(account=self.visit.party, denomination=denomination)
        return OutboundMessage(text=text)

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """An amount, or what is wrong with it."""
        match event:
            case Heard(text):
                return self._read(text)
            case Chose() | Unsupported() | Answered():
                return stay(self)

    def _read(self, text: str) -> Step:
        match parse_money(text, default=self.visit.account.default_denomination):
            case Unreadable() as unreadable:
                return stay(self, amount_rule(unreadable))
            case Ambiguous(readings):
                amounts = texts.OR.join(map(str, readings))
                return stay(self, texts.WHICH_AMOUNT.format(amounts=amounts))
            case Money() as amount:
                return goto(AskingRecurringReceiver(self.visit, amount))


class AskingRecurringReceiver(msgspec.Struct, frozen=True, tag=True):
    """To whom; the amount is kept whatever is typed."""

    visit: Visit
    amount: Money

    def prompt(self) -> OutboundMessage:
        """The question."""
        return OutboundMessage(text=texts.ASK_RECURRING_HANDLE.format(amount=self.amount))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """A handle to look up, or the rule."""
        match event:
            case Heard(text):
                handle = read_handle(text)
                if handle is None:
                    return stay(self, texts.HANDLE_RULE)
                looking_up = LookingUpReceiver(self.visit, self.amount, handle)
                return ask(looking_up, FindAccount(self.visit.phone, handle))
            case Chose() | Unsupported() | Answered():
                return stay(self)


class LookingUpReceiver(msgspec.Struct, frozen=True, tag=True):
    """credex-core is asked whose handle this is."""

    visit: Visit
    amount: Money
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
        again = AskingRecurringReceiver(self.visit, self.amount)
        if not isinstance(outcome, AccountFound):
            return goto(again, not_found(outcome, self.handle, unknown=texts.NO_SUCH_HANDLE))
        if outcome.account.id == self.visit.account.id:
            return goto(again, texts.SAME_ACCOUNT.format(handle=self.handle))
        return goto(PickingRhythm(self.visit, self.amount, outcome.account))


class PickingRhythm(msgspec.Struct, frozen=True, tag=True):
    """How often."""

    visit: Visit
    amount: Money
    receiver: AccountName

    def prompt(self) -> OutboundMessage:
        """One row a usual rhythm, and one for any other."""
        rows = [Choice(key=str(days), title=every(days), section=texts.SECTION_RHYTHMS) for days in _RHYTHMS]
        hint = texts.OTHER_RHYTHM_HINT
        other = Choice(key="other", title=texts.OTHER_RHYTHM, description=hint, section=texts.SECTION_RHYTHMS)
        receiver = party(self.receiver.name, self.receiver.handle)
        return OutboundMessage(
            text=texts.ASK_RHYTHM.format(amount=self.amount, receiver=receiver),
            choices=(*rows, other),
            menu=texts.RHYTHMS_MENU,
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Take the rhythm, also one that is typed in full, or ask for a number of days."""
        match event:
            case Chose("other"):
                return goto(AskingDays(self.visit, self.amount, self.receiver))
            case Chose(key):
                return goto(AskingStart(self.visit, self.amount, self.receiver, int(key)))
            case Heard(text):
                days = _read_days(text)
                if days is None:
                    return stay(self, texts.PICK_ONE)
                return goto(AskingStart(self.visit, self.amount, self.receiver, days))
            case Unsupported() | Answered():
                return stay(self)


class AskingDays(msgspec.Struct, frozen=True, tag=True):
    """Every how many days."""

    visit: Visit
    amount: Money
    receiver: AccountName

    def prompt(self) -> OutboundMessage:
        """The question."""
        return OutboundMessage(text=texts.ASK_DAYS)

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """A number of days, or the question again."""
        match event:
            case Heard(text):
                days = _read_days(text)
                return stay(self) if days is None else goto(AskingStart(self.visit, self.amount, self.receiver, days))
            case Chose() | Unsupported() | Answered():
                return stay(self)


class AskingStart(msgspec.Struct, frozen=True, tag=True):
    """When it is to begin. Days are credex-core's, which are UTC."""

    visit: Visit
    amount: Money
    receiver: AccountName
    every_days: int

    def prompt(self) -> OutboundMessage:
        """The question, with the days most people mean."""
        titles = (texts.TODAY, texts.TOMORROW, texts.IN_A_WEEK)
        return OutboundMessage(
            text=texts.ASK_START,
            choices=tuple(Choice(key=key, title=title) for key, title in zip(_STARTS, titles, strict=True)),
        )

    def on(self, event: Event, turn: Turn) -> Step:
        """A day from today to a year from now, or the rule."""
        today = turn.now.date()
        match event:
            case Chose(key):
                return self._from(today + timedelta(days=_STARTS[key]))
            case Heard(text):
                start = read_day(text, today)
                if start is None or not today <= start <= today + timedelta(days=_LONGEST_DAYS):
                    return stay(self, texts.START_RULE)
                return self._from(start)
            case Unsupported() | Answered():
                return stay(self)

    def _from(self, start: date) -> Step:
        command = SetUpRecurring(
            phone=self.visit.phone,
            source=self.visit.account.id,
            target=self.receiver.id,
            amount=self.amount,
            every_days=self.every_days,
            start=start,
        )
        return goto(SigningRecurring(self.visit, command, self.receiver))


def set_up_recurring(visit: Visit) -> Step:
    """Open the dialog, where recurring payments are on."""
    if visit.recurring is None:
        return goto(AtDashboard(visit), texts.RECURRING_OFF)
    return goto(AskingRecurringAmount(visit))


def _read_days(text: str) -> int | None:
    found = _DAYS.fullmatch(" ".join(text.casefold().split()))
    days = int(found[1]) if found else 0
    if found and (found[2] or "").startswith("week"):
        days *= WEEK
    return days if 1 <= days <= _LONGEST_DAYS else None
