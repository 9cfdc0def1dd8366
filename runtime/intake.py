"""The intake: the durable door. When ``accept`` returns, the messages are stored; until then nobody was told so."""

from collections.abc import Sequence
from datetime import datetime

import trio

from runtime.committer import Committer
from runtime.envelope import Envelope
from runtime.errors import Closed, StoreUnavailable
from runtime.store import Accept, DeadLetter, Deliveries, Delivery, Quarantine, Report


class Intake:
    """Takes messages in, each once by its id, in order."""

    def __init__(self, committer: Committer, *, limit_seconds: float = 5.0) -> None:
        self._committer = committer
        self._limit = limit_seconds
        self._open = True
        self.accepted = 0
        """New envelopes since the start."""
        self.duplicates = 0
        """Envelopes that were known already."""

    async def accept(
        self,
        envelopes: Sequence[Envelope],
        *,
        reports: Sequence[Delivery] = (),
        letters: Sequence[DeadLetter] = (),
    ) -> int:
        """Store everything; returns how many envelopes were new.

        Shielded: a caller that is cancelled (a client that hung up) does not take back what may be written already.
        Raises ``StoreUnavailable`` when it cannot be stored within the limit (then it may be stored all the same, and
        the provider's repeat is recognised), ``Closed`` during shutdown.
        """
        if not self._open:
            raise Closed
        with trio.move_on_after(self._limit, shield=True) as limit:
            new: tuple[Envelope, ...] = ()
            if envelopes:
                new = await self._committer.submit(Accept(tuple(envelopes)))
            if reports:
                await self._committer.submit(Report(tuple(reports)))
            for letter in letters:
                await self._committer.submit(Quarantine(letter))
        if limit.cancelled_caught:
            raise StoreUnavailable(f"not stored within {self._limit:g} s")
        self.accepted += len(new)
        self.duplicates += len(envelopes) - len(new)
        return len(new)

    async def first(self, name: str, mark: str, *, at: datetime) -> str:
        """The mark that came first with this name, for as long as ids are known: of any two callers one is told so.

        It lies among the deliveries, whose ``ours`` stands once it is known. Raises as ``accept``.
        """
        if not self._open:
            raise Closed
        claim = Delivery(id=name, rank=0, status="named", at=at, ours=mark)
        with trio.move_on_after(self._limit, shield=True):
            await self._committer.submit(Report((claim,)))
            [known] = await self._committer.submit(Deliveries((name,)))
            return known.ours or mark
        raise StoreUnavailable(f"not stored within {self._limit:g} s")

    async def deliveries(self, ids: tuple[str, ...]) -> tuple[Delivery, ...]:
        """Those of these ids that are known. Raises as ``accept``."""
        if not self._open:
            raise Closed
        with trio.move_on_after(self._limit):
            return await self._committer.submit(Deliveries(ids))
        raise StoreUnavailable(f"not read within {self._limit:g} s")

    def close(self) -> None:
        """Take nothing more in."""
        self._open = False
