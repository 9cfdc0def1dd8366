"""One step of an actor as data: ``Turn`` goes in, ``Decision`` comes out, ``Behaviour`` is the pure step between."""

from datetime import datetime
from typing import Protocol

import msgspec

from runtime.address import Address
from runtime.envelope import Mail
from runtime.store import AuditEntry, DeadLetter, Owed, Payment


class Turn(msgspec.Struct, frozen=True):
    """The impure facts of one turn. ``id`` is ``<address>/<version>``, unique for ever.

    ``seed`` derives from it and from the system's secret: nobody outside can guess what is made of it.
    """

    id: str
    now: datetime
    seed: int


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a turn decided: the next snapshot and what is owed to the world.

    ``timers`` of the actor's own are set by name for a moment, instead of what they were set for, or cleared with
    ``None``; the timer a turn is about is cleared anyway. ``dead`` is what it gave up, for operators. ``note`` goes to
    the turn's log line.
    """

    snapshot: bytes
    owes: tuple[Owed, ...] = ()
    payments: tuple[Payment, ...] = ()
    audit: tuple[AuditEntry, ...] = ()
    timers: tuple[tuple[str, datetime | None], ...] = ()
    dead: DeadLetter | None = None
    note: dict[str, str] = {}


class Behaviour(Protocol):
    """What actors of this system do. Pure: no I/O, no clock, no randomness but the turn's."""

    def receive(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        """Decide. ``snapshot`` is ``None`` for an actor that has never taken a turn. May raise: the turn is retried."""
        ...

    def give_up(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        """The mail failed too often and is a dead letter: tell the member and go to a safe place. Must not raise."""
        ...
