"""Logging in, which is also how a dashboard is read afresh.

credex-core knows a member by the phone alone, so there is nothing to type. While it is asked nothing is shown but
what was already said; a failure is told once, and the next message tries again.
"""

import msgspec

from actors.dialogs import texts
from actors.dialogs.accounts import ChoosingAccount
from actors.dialogs.arrivals import arrive
from actors.dialogs.dashboard import VIEW_OFFERS, AtDashboard
from actors.dialogs.onboarding import Welcome
from actors.dialogs.outside import Outside
from actors.dialogs.quick import QuickOffer
from actors.dialogs.refusals import ledger
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, wait
from actors.dialogs.visit import Kept, Visit
from actors.dialogs.wording import said
from channels.message import OutboundMessage
from credex.commands import Login
from credex.model import AccountId, Phone
from credex.outcomes import (
    LoggedIn,
    NotAMember,
    Onboarded,
    Outcome,
    Refused,
    Success,
    Unavailable,
    Unclear,
)
from runtime.turn import Turn


class LoggingIn(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """credex-core is asked who this is. ``notes`` go in front of what comes; ``door`` is where the member was going.

    ``outdated`` once something happened that an answer under way need not know. ``recurring`` as in ``Visit``.
    """

    phone: Phone
    account_id: AccountId | None = None
    notes: tuple[str, ...] = ()
    door: str | QuickOffer | None = None
    outdated: bool = False
    recurring: tuple[Kept, ...] | None = None

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=texts.OPENING)

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
                kept = self.recurring
                step = arrive(self.phone, member, turn.now, *self.notes, account_id=self.account_id, recurring=kept)
                return self._through_the_door(self._dated(step))
            case NotAMember():
                return goto(Welcome(self.phone), *self.notes)
            case Refused(reason=reason):
                return goto(Outside(), *self.notes, texts.LOGIN_REFUSED.format(reason=said(reason)))
            case Unavailable() | Unclear() | Success():
                return goto(Outside(), *self.notes, texts.OUTAGE.format(ledger=ledger(outcome)))

    def _dated(self, step: Step) -> Step:
        state = step.state
        if not self.outdated or not isinstance(state, AtDashboard | ChoosingAccount):
            return step
        visit = state.visit.outdated()
        return msgspec.structs.replace(step, state=msgspec.structs.replace(state, visit=visit))

    def _through_the_door(self, step: Step) -> Step:
        if self.door == VIEW_OFFERS and isinstance(step.state, ChoosingAccount):
            return msgspec.structs.replace(step, state=AtDashboard(step.state.visit), opens=self.door)
        if isinstance(step.state, AtDashboard):
            return msgspec.structs.replace(step, opens=self.door)
        if isinstance(step.state, ChoosingAccount):
            return msgspec.structs.replace(step, state=msgspec.structs.replace(step.state, door=self.door))
        return step


def begin(phone: Phone, *says: str, notes: tuple[str, ...] = (), door: str | QuickOffer | None = None) -> Step:
    """Log in from nothing and go on through ``door``; ``says`` is said at once, ``notes`` in front of what comes."""
    return ask(LoggingIn(phone=phone, notes=notes, door=door), Login(phone), *says)


def refresh(visit: Visit, *says: str, notes: tuple[str, ...] = (), door: str | QuickOffer | None = None) -> Step:
    """Read everything anew and show the dashboard of the same account, or go on through ``door``."""
    state = LoggingIn(phone=visit.phone, account_id=visit.account_id, notes=notes, door=door, recurring=visit.recurring)
    return ask(state, Login(visit.phone), *says)


def home(visit: Visit, turn: Turn, *says: str) -> Step:
    """The dashboard, read anew unless it was read a moment ago."""
    return goto(AtDashboard(visit), *says) if visit.fresh(turn.now) else refresh(visit, notes=says)


def home_with(visit: Visit, *says: str) -> Step:
    """The dashboard with a result; the result is told at once even if the figures have to be read anew."""
    return goto(AtDashboard(visit), *says) if visit.seen else refresh(visit, *says)
