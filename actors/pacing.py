"""The budget of credex-core as its callers meet it: they wait their turn, or hear at once that it is busy.

A shell around the pure ``runtime.budget``. No task of its own: whoever waits wakes when the next turn comes, and lets
go whoever has it.
"""

import trio

from credex.pace import Purpose
from runtime.budget import Budget, BudgetStatistics, Ticket

UNSAID_SECONDS = 5.0
"""How long to be quiet when credex-core did not say for how long. It always does; a proxy before it may not."""


class SharedPace:
    """A ``credex.pace.Pace`` over one budget."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._turns: dict[Ticket, trio.Event] = {}

    def __repr__(self) -> str:
        return f"<SharedPace {self._budget!r}>"

    async def leave(self, purpose: Purpose, until: float) -> bool:
        """See ``Pace.leave``."""
        ticket = self._budget.ask(purpose, until, trio.current_time())
        if ticket is None or ticket.admitted:
            return ticket is not None
        turn = self._turns[ticket] = trio.Event()
        try:
            while not ticket.admitted and trio.current_time() < until:
                with trio.move_on_at(min(until, self._budget.next_at(trio.current_time()))):
                    await turn.wait()
                self._let_go()
        finally:
            self._budget.withdraw(ticket)
            del self._turns[ticket]
        return ticket.admitted

    def turned_away(self, seconds: float | None) -> None:
        """See ``Pace.turned_away``. It holds everybody back."""
        self._budget.hold_back(UNSAID_SECONDS if seconds is None else seconds, trio.current_time())

    def back(self) -> None:
        """credex-core answers again after an outage: begin slowly."""
        self._budget.resume(trio.current_time())

    def statistics(self) -> BudgetStatistics:
        """The budget's figures."""
        return self._budget.statistics(trio.current_time())

    def _let_go(self) -> None:
        for ticket in self._budget.admit(trio.current_time()):
            self._turns[ticket].set()
