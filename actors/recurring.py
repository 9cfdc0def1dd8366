"""Which recurring payments a member's chat remembers, since credex-core lists none. Pure."""

import msgspec

from actors.dialogs.change_wording import ENDED
from actors.dialogs.states import with_recurring
from actors.dialogs.visit import Kept
from actors.effects import Ask
from actors.features import Features
from actors.remembered import MemberSnapshot, Place
from credex.outcomes import Outcome, RecurringCancelled, RecurringRead, RecurringSetUp

MOST = 40
"""The oldest are forgotten first: a snapshot has to stay small."""


def remembered(kept: tuple[Kept, ...], ask: Ask, outcome: Outcome) -> tuple[Kept, ...]:
    """What is remembered after this outcome: one that was set up is, one that has ended is not."""
    if isinstance(outcome, RecurringSetUp):
        recurring = outcome.recurring
        receiver = ask.before.counterparty if ask.before else ""
        return (*kept, Kept(recurring.id, recurring.source, receiver))[-MOST:]
    if isinstance(outcome, RecurringCancelled):
        return tuple(one for one in kept if one.id != outcome.recurring)
    if isinstance(outcome, RecurringRead) and outcome.recurring.status == ENDED:
        return tuple(one for one in kept if one.id != outcome.recurring.id)
    return kept


def remembering(snapshot: MemberSnapshot, ask: Ask, outcome: Outcome) -> MemberSnapshot:
    """What is remembered of the member after this outcome."""
    kept = remembered(snapshot.recurring, ask, outcome)
    return snapshot if kept == snapshot.recurring else msgspec.structs.replace(snapshot, recurring=kept)


def informed(snapshot: MemberSnapshot, features: Features) -> MemberSnapshot:
    """The same, where every conversation knows what is on and what is remembered as of this turn."""
    recurring = snapshot.recurring if features.recurring_payments else None
    places = {
        channel: Place(place.peer, msgspec.structs.replace(place.position, state=state))
        for channel, place in snapshot.places.items()
        if (state := with_recurring(place.position.state, recurring)) is not place.position.state
    }
    return msgspec.structs.replace(snapshot, places=snapshot.places | places) if places else snapshot
