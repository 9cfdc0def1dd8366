"""Which recurring payments a member's chat remembers, since credex-core lists none. Pure."""

from actors.dialogs.change_wording import ENDED
from actors.dialogs.visit import Kept
from actors.effects import Ask
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
