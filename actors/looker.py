"""The looker: reads what became of a payment. It only reads, so it may be cut short and begun again at any time."""

from datetime import timedelta

import trio

from actors.effects import LookInto
from actors.settlement import LEDGER_ROWS, Looked
from credex.commands import Login, ReadLedger
from credex.core import CredexCore
from credex.outcomes import LedgerRead, LoggedIn
from runtime.clock import Clock

_LONGEST_PAUSE = timedelta(minutes=1)
"""A clock that was set back does not make a look wait for it."""


class Looker:
    """Looks into payments, each at its time. ``hurry`` ends all waiting, for a process that is to stop."""

    def __init__(self, *, core: CredexCore, clock: Clock) -> None:
        self._core = core
        self._clock = clock
        self._hurried = trio.Event()

    def hurry(self) -> None:
        """Wait no more: looks not begun yet are not begun, and stay owed."""
        self._hurried.set()

    async def look(self, look: LookInto) -> Looked:
        """Wait until the look is due, then log in afresh and read the ledger."""
        wait = min(look.at - self._clock.now(), _LONGEST_PAUSE)
        with trio.move_on_after(max(0.0, wait.total_seconds())):
            await self._hurried.wait()
        at = self._clock.now()
        record = look.doubt.record
        if self._hurried.is_set():
            return Looked(at=at, tried=False)
        if record.before is None:
            return Looked(at=at)
        phone = record.command.phone
        login = await self._core.execute(Login(phone))
        if not isinstance(login, LoggedIn):
            return Looked(at=at)
        ledger = await self._core.execute(ReadLedger(phone, record.before.account, LEDGER_ROWS))
        return Looked(at=at, member=login.member, ledger=ledger if isinstance(ledger, LedgerRead) else None)
