"""What an exchange with credex-core is for, and the port that says when it may leave.

credex-core counts calls by address, so whoever keeps count is shared by everybody who calls it, and is handed in.
"""

from enum import IntEnum
from typing import Protocol


class Purpose(IntEnum):
    """What a call is for, the most urgent first."""

    MONEY = 0
    """A member's payment or joining, with the login it needs: consented to, and sent once."""
    SETTLING = 1
    """Finding out what became of a payment: members wait for the truth, and it is repeated anyway."""
    READING = 2
    """A member in the middle of something: a handle, a ledger."""
    LOGIN = 3
    """Somebody arrives, or wants fresh figures."""


class Pace(Protocol):
    """Keeps to credex-core's rate limit."""

    async def leave(self, purpose: Purpose, until: float) -> bool:
        """Wait for leave to make one exchange, by ``until`` on Trio's clock; false as soon as it cannot come in time.

        Cancelling gives the place in the queue up.
        """
        ...

    def turned_away(self, seconds: float | None) -> None:
        """credex-core has had too many calls, and wants quiet for so long if it said how long."""
        ...


class Unpaced:
    """No limit is known, and none is kept to."""

    async def leave(self, purpose: Purpose, until: float) -> bool:
        """At once."""
        del purpose, until
        return True

    def turned_away(self, seconds: float | None) -> None:
        """Nobody is told."""
