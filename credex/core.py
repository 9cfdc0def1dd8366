"""The port to credex-core: one call, a command in and an outcome out.

Everything that talks to credex-core does it through ``CredexCore``: the HTTP client, the simulator, a test's double.
Trouble is an outcome like any other, so callers have nothing to catch.
"""

from typing import Protocol

from credex.commands import Command
from credex.outcomes import Outcome


class CredexCore(Protocol):
    """Whoever carries out commands."""

    async def execute(self, command: Command) -> Outcome:
        """Carry out one command and say what came of it.

        Bounded in time by the implementation; being slow is an outcome (``Unavailable``, or ``Unclear`` for a
        ``MoneyCommand`` that may have been carried out). A ``MoneyCommand`` is carried out at most once. Raises
        nothing that a caller should handle.

        Cancelling gives the command up where it stands. A ``MoneyCommand`` given up may or may not have been carried
        out: whoever cancels must treat it as ``Unclear``.
        """
        ...
