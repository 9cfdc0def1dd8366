"""Offering a credex: amount, asked about where it reads two ways, and receiver. ``signing`` has the rest.

One flow for all: a secured offer, an unsecured one, and one typed in a line (``actors.dialogs.quick``), which answers
the same questions ahead of their turn. Only an unsecured offer goes on to the question when it is due.
"""

import msgspec

from actors.dialogs import texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.due_dates import core_day
from actors.dialogs.limits import objection, promise_objection
from actors.dialogs.names import read_handle
from actors.dialogs.quick import QuickOffer, read_quick
from actors.dialogs.refusals import ledger, why
from actors.dialogs.signing import AskingDueDate, SigningOffer
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.visit import Visit
from actors.dialogs.wording import count
from actors.dialogs.words import joined
from channels.message import Choice, OutboundMessage
from channels.plain import units
from credex.commands import FindAccount, OfferCredex
from credex.model import AccountName
from credex.money import Ambiguous, AmountFault, Money, Unreadable, parse_money
from credex.outcomes import (
    AccountFound,
    NotAMember,
    Outcome,
    Refusal,
    Refused,
    Success,
    Unavailable,
    Unclear,
)
from runtime.turn import Turn

_BUTTON_TITLE = 20


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What stands behind an offer. ``due`` is the day of an unsecured one if it was typed ahead, as it was typed."""

    secured: bool = True
    due: str = ""


SECURED, UNSECURED = Terms(), Terms(secured=False)


class AskingAmount(msgspec.Struct, frozen=True, tag=True):
    """How much is to be offered. ``handle`` is the receiver's if it was typed ahead."""

    visit: Visit
    terms: Terms = SECURED
    handle: str = ""

    def prompt(self) -> OutboundMessage:
        """The question, with the account it is asked for."""
        denomination = self.visit.account.default_denomination
        lines = (
            "" if self.terms.secured else texts.OFFERING_UNSECURED,
            texts.OFFERING_TO.format(handle=self.handle) if self.handle else "",
            texts.ASK_AMOUNT.format(account=self.visit.party, denomination=denomination),
        )
        return OutboundMessage(text=joined("\n", lines))

    def on(self, event: Event, turn: Turn) -> Step:
        """An amount the account can offer, or what is wrong with it. A handle typed here is kept."""
        match event:
            case Heard(text):
                return self._read(text, turn)
            case Chose() | Unsupported() | Answered():
                return stay(self)

    def _read(self, text: str, turn: Turn) -> Step:
        match parse_money(text, default=self.visit.account.default_denomination):
            case Unreadable() as unreadable:
                quick = read_quick(text)
                if quick is not None and not quick.amount:
                    return goto(AskingAmount(self.visit, self.terms, quick.handle))
                return stay(self, amount_rule(unreadable))
            case Ambiguous(readings):
                return goto(ChoosingReading(self.visit, readings, self.terms, self.handle))
            case Money() as amount:
                return self.take(amount, turn)

    def take(self, amount: Money, turn: Turn) -> Step:
        """Go on with an amount that is certain, if the account can offer it."""
        wrong = objection(self.visit, amount, secured=self.terms.secured)
        if wrong:
            return stay(self, wrong)
        asking = AskingRecipient(self.visit, amount, self.terms)
        return asking.on(Heard(self.handle), turn) if self.handle else goto(asking)


class ChoosingReading(msgspec.Struct, frozen=True, tag=True):
    """What was typed may be any of these amounts. Picking one is as good as having typed it; the rest is kept."""

    visit: Visit
    readings: tuple[Money, ...]
    terms: Terms = SECURED
    handle: str = ""

    def prompt(self) -> OutboundMessage:
        """The readings, written out in full."""
        amounts = tuple(map(str, self.readings))
        fits = max(map(units, amounts)) <= _BUTTON_TITLE
        section, hint = ("", "") if fits else (texts.SECTION_READINGS, texts.READING_HINT)
        certain = ("yes", "y") if len(amounts) == 1 else ()
        return OutboundMessage(
            text=texts.WHICH_AMOUNT.format(amounts=texts.OR.join(amounts)),
            choices=(
                *(
                    Choice(key=str(number), title=amount, description=hint, section=section, says=certain)
                    for number, amount in enumerate(amounts)
                ),
                Choice(key="again", title=texts.ANOTHER_AMOUNT, section=section, says=("no", "n", "neither", "back")),
            ),
            menu=texts.READINGS_MENU,
        )

    def on(self, event: Event, turn: Turn) -> Step:
        """Take one of them, ask again, or take what is typed now as the amount."""
        asking = AskingAmount(self.visit, self.terms, self.handle)
        match event:
            case Chose("again"):
                return goto(asking)
            case Chose(key):
                return asking.take(self.readings[int(key)], turn)
            case Heard(text):
                return asking.on(event, turn) if any(map(str.isdigit, text)) else stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)


class AskingRecipient(msgspec.Struct, frozen=True, tag=True):
    """To whom; the amount is kept whatever is typed."""

    visit: Visit
    amount: Money
    terms: Terms = SECURED

    def prompt(self) -> OutboundMessage:
        """The question."""
        return OutboundMessage(text=texts.ASK_HANDLE.format(amount=self.amount))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """A handle to look up, or the rule."""
        match event:
            case Heard(text):
                return self._read(text)
            case Chose() | Unsupported() | Answered():
                return stay(self)

    def _read(self, text: str) -> Step:
        handle = read_handle(text)
        if handle is None:
            return stay(self, texts.HANDLE_RULE)
        if handle == self.visit.account.handle:
            return stay(self, texts.SAME_ACCOUNT.format(handle=handle))
        looking_up = LookingUpRecipient(self.visit, self.amount, handle, self.terms)
        return ask(looking_up, FindAccount(self.visit.phone, handle))


class LookingUpRecipient(msgspec.Struct, frozen=True, tag=True):
    """credex-core is asked whose handle this is."""

    visit: Visit
    amount: Money
    handle: str
    terms: Terms = SECURED

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=texts.LOOKING_UP.format(handle=self.handle))

    def on(self, event: Event, turn: Turn) -> Step:
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome, turn)
            case Heard() | Chose() | Unsupported():
                return wait(self, texts.STILL_LOOKING.format(handle=self.handle))

    def _answered(self, outcome: Outcome, turn: Turn) -> Step:
        again = AskingRecipient(self.visit, self.amount, self.terms)
        match outcome:
            case AccountFound(account):
                return self._found(account, turn)
            case Refused(Refusal.NOT_FOUND):
                return goto(again, texts.NO_SUCH_HANDLE.format(handle=self.handle))
            case Refused(Refusal.INVALID):
                return goto(again, texts.HANDLE_RULE)
            case Refused():
                return goto(again, texts.LOOK_UP_REFUSED.format(handle=self.handle, reason=why(outcome)))
            case Unavailable() | Unclear() | NotAMember() | Success():
                return goto(again, texts.LOOK_UP_FAILED.format(ledger=ledger(outcome)))

    def _found(self, receiver: AccountName, turn: Turn) -> Step:
        if receiver.id == self.visit.account.id:
            again = AskingRecipient(self.visit, self.amount, self.terms)
            return goto(again, texts.SAME_ACCOUNT.format(handle=self.handle))
        if not self.terms.secured:
            asking = AskingDueDate(self.visit, self.amount, receiver, core_day(turn.now))
            return asking.on(Heard(self.terms.due), turn) if self.terms.due else goto(asking)
        command = OfferCredex(
            phone=self.visit.phone,
            issuer=self.visit.account.id,
            receiver=receiver.id,
            amount=self.amount,
        )
        return goto(SigningOffer(self.visit, command, receiver))


def offer_secured(visit: Visit) -> Step:
    """Open the dialog from the dashboard."""
    return goto(AskingAmount(visit))


def offer_unsecured(visit: Visit) -> Step:
    """Open the dialog from the dashboard, for members whose tier allows it."""
    wrong = promise_objection(visit)
    return goto(AtDashboard(visit), wrong) if wrong else goto(AskingAmount(visit, UNSECURED))


def offer_quickly(visit: Visit, quick: QuickOffer, turn: Turn) -> Step:
    """Take up an offer typed in one line: what it tells answers the questions, the rest is asked."""
    wrong = None if quick.secured else promise_objection(visit)
    if wrong is None and not quick.amount and quick.handle == visit.account.handle:
        wrong = texts.OWN_HANDLE.format(handle=quick.handle)
    if wrong is not None:
        return goto(AtDashboard(visit), wrong)
    asking = AskingAmount(visit, Terms(secured=quick.secured, due=quick.due), quick.handle)
    return asking.on(Heard(quick.amount), turn) if quick.amount else goto(asking)


def amount_rule(unreadable: Unreadable) -> str:
    """What an amount looks like, for the mistake that was made."""
    denomination = unreadable.denomination
    match unreadable.fault:
        case AmountFault.UNKNOWN_DENOMINATION:
            return texts.UNKNOWN_DENOMINATION.format(denominations=", ".join(texts.DENOMINATION_HINT))
        case AmountFault.TOO_MANY_DECIMALS if denomination:
            decimals = count(denomination.places, texts.ONE_DECIMAL, texts.MANY_DECIMALS)
            return texts.TOO_MANY_DECIMALS.format(denomination=denomination, decimals=decimals)
        case (
            AmountFault.NOT_AN_AMOUNT
            | AmountFault.NO_NUMBER
            | AmountFault.SEVERAL_NUMBERS
            | AmountFault.EXPONENT
            | AmountFault.UNDERSCORE
            | AmountFault.OTHER_DIGITS
            | AmountFault.SEPARATORS
            | AmountFault.TWO_DENOMINATIONS
            | AmountFault.NOT_POSITIVE
            | AmountFault.TOO_MANY_DECIMALS
            | AmountFault.TOO_LARGE
        ):
            return texts.AMOUNT_RULES[unreadable.fault]
