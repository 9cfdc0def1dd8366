"""Signing an offer: a look at the whole, one command that is sent at most once, and finding out what became of it.

The confirmation holds the very ``OfferCredex`` that will be sent, and shows it: what is read and what is signed cannot
differ. Of an unsecured one the day it is due is asked first, and again if that day cannot be taken any more. While it
is under way nothing else can be started; an outcome that is not known is never called a failure.
"""

from datetime import date, timedelta

import msgspec

from actors.dialogs import texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.due_dates import NotDue, core_day, judge, read_due, window
from actors.dialogs.entry import home_with
from actors.dialogs.paging import BACK
from actors.dialogs.refusals import ledger, why
from actors.dialogs.settling import Settlement
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.visit import Visit
from actors.dialogs.wording import count, day, due_day, full_day, near_day, party
from actors.dialogs.words import joined
from actors.payments import Before, Finding
from channels.message import Choice, OutboundMessage
from credex.commands import OfferCredex
from credex.model import AccountName
from credex.money import Money
from credex.outcomes import (
    NotAMember,
    OfferMade,
    Outcome,
    Refusal,
    Refused,
    Success,
    Unavailable,
    Unclear,
)
from runtime.turn import Turn

_WEEKS_TO_CHOOSE = (1, 2, 3, 4)


class AskingDueDate(msgspec.Struct, frozen=True, tag=True):
    """When an unsecured offer is due. ``today`` is credex-core's day at the time the question was put."""

    visit: Visit
    amount: Money
    receiver: AccountName
    today: date

    def prompt(self) -> OutboundMessage:
        """The question, with a few days to choose from."""
        earliest, latest = map(near_day, window(self.today))
        example = self.today + timedelta(weeks=_WEEKS_TO_CHOOSE[1])
        back = Choice(key=BACK, title=texts.ROW_BACK, section=texts.SECTION_MORE, says=("back", "dashboard"))
        return OutboundMessage(
            text=texts.ASK_DUE.format(
                amount=self.amount,
                receiver=party(self.receiver.name, self.receiver.handle),
                earliest=earliest,
                latest=latest,
                words=f"{example.day} {day(example).split()[1]}",
                numbers=f"{example.day}/{example.month}/{example.year}",
            ),
            choices=(*map(self._row, _WEEKS_TO_CHOOSE), back),
            menu=texts.DUE_MENU,
        )

    def on(self, event: Event, turn: Turn) -> Step:
        """A day that credex-core takes, or why this one is none."""
        today = core_day(turn.now)
        again = msgspec.structs.replace(self, today=today)
        match event:
            case Chose(key) if key == BACK:
                return goto(AtDashboard(self.visit), texts.OFFER_DROPPED)
            case Heard(text) | Chose(text):
                due = read_due(text, today)
                return stay(again, due_rule(due)) if isinstance(due, NotDue) else goto(self._due(due))
            case Unsupported() | Answered():
                return stay(again)

    def _due(self, due: date) -> "SigningOffer":
        command = OfferCredex(
            phone=self.visit.phone,
            issuer=self.visit.account.id,
            receiver=self.receiver.id,
            amount=self.amount,
            due=due,
        )
        return SigningOffer(self.visit, command, self.receiver)

    def _row(self, weeks: int) -> Choice:
        due = self.today + timedelta(weeks=weeks)
        return Choice(
            key=due.isoformat(),
            title=texts.DUE_IN.format(weeks=count(weeks, texts.ONE_WEEK, texts.MANY_WEEKS)),
            description=full_day(due),
            section=texts.SECTION_DUE,
            says=(full_day(due),),
        )


def due_rule(wrong: NotDue) -> str:
    """Why the day cannot be taken; which can is said by the question."""
    return texts.DUE_RULES[wrong.fault].format(day=full_day(wrong.day) if wrong.day else "")


class _Signed(msgspec.Struct, frozen=True):
    """``command`` is what is, was or may be sent; ``receiver`` is its receiver by name."""

    visit: Visit
    command: OfferCredex
    receiver: AccountName

    def _told(self, text: str, **more: str) -> str:
        due = self.command.due
        words = {
            "issuer": self.visit.party,
            "receiver": party(self.receiver.name, self.receiver.handle),
            "terms": texts.TERMS_PROMISED.format(day=due_day(due)) if due else texts.TERMS_SECURED,
        }
        return text.format(amount=self.command.amount, **words, **more)

    def _refused(self, refused: Refused) -> str:
        return joined(" ", (self._told(texts.OFFER_NOT_MADE), why(refused)))

    def _due_again(self, turn: Turn, *says: str) -> Step:
        """Ask anew when it is due, with everything else kept."""
        today = core_day(turn.now)
        return goto(AskingDueDate(self.visit, self.command.amount, self.receiver, today), *says)


class SigningOffer(_Signed, frozen=True, tag=True):
    """The question whether to sign and send."""

    def prompt(self) -> OutboundMessage:
        """The whole offer, to be read before it is signed."""
        return OutboundMessage(
            text=self._told(texts.CONFIRM_PROMISE if self.command.due else texts.CONFIRM_OFFER),
            choices=(
                Choice(key="confirm", title=texts.SIGN, says=("yes", "y", "ok", "okay", "sign", "send", "confirm")),
                Choice(key="cancel", title=texts.DO_NOT_SIGN, says=("no", "n", "back")),
            ),
        )

    def on(self, event: Event, turn: Turn) -> Step:
        """Only its own confirm choice sends it."""
        match event:
            case Chose("confirm"):
                return self._signed(turn)
            case Chose():
                return goto(AtDashboard(self.visit), texts.OFFER_DROPPED)
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)

    def _signed(self, turn: Turn) -> Step:
        due, today = self.command.due, core_day(turn.now)
        wrong = judge(due, today) if due else None
        if isinstance(wrong, NotDue):
            return self._due_again(turn, texts.DUE_SLIPPED, due_rule(wrong))
        return ask(SubmittingOffer(self.visit, self.command, self.receiver), self.command)


class SubmittingOffer(_Signed, frozen=True, tag=True):
    """The offer is on its way."""

    @property
    def before(self) -> Before:
        """What its effect is told by."""
        pending = tuple(offer.id for offer in self.visit.account.outgoing)
        tier = self.visit.member.tier
        return Before(account=self.command.issuer, pending=pending, counterparty=self.receiver.name, tier=tier)

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=texts.SENDING_OFFER)

    def on(self, event: Event, turn: Turn) -> Step:
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome, turn)
            case Heard() | Chose() | Unsupported():
                return wait(self, self._told(texts.STILL_SENDING))

    def _answered(self, outcome: Outcome, turn: Turn) -> Step:
        match outcome:
            case OfferMade(account=account):
                visit = self.visit.spent(self.command.amount).with_account(account)
                return home_with(visit, self._told(texts.OFFER_MADE))
            case Refused(Refusal.DUE_DATE) if self.command.due:
                return self._due_again(turn, self._refused(outcome))
            case Refused():
                return goto(AtDashboard(self.visit.outdated()), self._refused(outcome))
            case Unavailable():
                return goto(AtDashboard(self.visit), self._told(texts.OFFER_UNSENT, ledger=ledger(outcome)))
            case Unclear() | NotAMember() | Success():
                return goto(SettlingOffer(self.visit, self.command, self.receiver))


class SettlingOffer(_Signed, frozen=True, tag=True):
    """Nobody knows whether the offer was made; the ledger is being read."""

    def prompt(self) -> OutboundMessage:
        """The truth, and that nothing need be done."""
        return OutboundMessage(text=self._told(texts.CHECKING_OFFER))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Say how it stands, whatever is said."""
        match event:
            case Heard() | Chose() | Unsupported() | Answered():
                return wait(self, self._told(texts.STILL_CHECKING_OFFER))

    def settled(self, ended: Settlement, turn: Turn) -> Step:
        """Tell what was found. Not made: the same offer may be signed anew, on a screen of its own."""
        visit = self.visit.looked_at(ended.member, turn.now)
        match ended.finding:
            case Finding.DONE:
                return home_with(visit, self._told(texts.OFFER_SETTLED))
            case Finding.NOT_DONE | Finding.GONE:
                return goto(SigningOffer(visit, self.command, self.receiver), self._told(texts.OFFER_NOT_FOUND))
            case Finding.UNSURE | Finding.OPEN:
                parked = texts.OFFER_PARKED.format(reference=ended.reference, told=self._told(texts.OFFER_UNKNOWN))
                return goto(AtDashboard(visit), parked)
