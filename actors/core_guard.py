"""credex-core behind a circuit breaker: while it is down, members hear so at once instead of after a time limit.

When it is back, one call finds out, and then ``returned`` hears of it, so that calls begin again slowly.
"""

from collections.abc import Callable

import trio

from credex.commands import Command
from credex.core import CredexCore
from credex.outcomes import Outcome, Unavailable, Unclear
from runtime.breaker import Breaker, BreakerState


class GuardedCore:
    """A ``CredexCore`` that stops asking one that does not answer. Several may share a breaker."""

    def __init__(self, core: CredexCore, breaker: Breaker, returned: Callable[[], None] = lambda: None) -> None:
        self._core = core
        self._breaker = breaker
        self._returned = returned

    async def execute(self, command: Command) -> Outcome:
        """As the core's, or ``Unavailable`` at once while the breaker is open. A refusal is an answer, no failure."""
        admission = self._breaker.admit(trio.current_time())
        if admission is None:
            return Unavailable("the breaker is open")
        told = False
        try:
            outcome = await self._core.execute(command)
            told = True
        finally:
            if not told:
                self._breaker.abandoned(admission)
        if isinstance(outcome, Unavailable | Unclear) and not outcome.alive:
            self._breaker.failed(trio.current_time(), admission)
        elif self._breaker.state(trio.current_time()) is BreakerState.CLOSED:
            self._breaker.succeeded()
        else:
            self._breaker.succeeded()
            self._returned()
        return outcome
