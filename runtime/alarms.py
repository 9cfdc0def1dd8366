"""The alarm clock: wakes actors whose timers have run out, however long they have been dormant.

Timers lie in the store, and only there: what is kept here is one moment a partition, before which none of its timers
runs out. Turns that set a timer tell theirs (``note``); when the earliest comes, the store is asked for the timers that
run out first. So a timer that is moved again and again costs nothing here, an idle night costs nothing at all, and a
process that starts or takes over learns everything by asking once.

Each timer that has run out becomes a ``Due`` in its actor's mailbox. It stays set until the turn that takes it commits,
which clears it: a crash before that rings it again, and a timer cleared or moved meanwhile is refused by the store.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import trio

from runtime.clock import Clock
from runtime.committer import Committer
from runtime.errors import StoreUnavailable
from runtime.ownership import Ownership
from runtime.store import Timer, Timers

_PAUSE = 1.0
"""Seconds between two questions at least: so much later than its moment a timer may ring."""

_LONGEST_SLEEP = 60.0
"""The wall clock may be set forward meanwhile: look at it this often. That asks no store."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Alarms:
    """Every timer of this process's partitions. ``ring`` hands one that has run out to its actor.

    ``at_once`` bounds the timers that have rung and whose turn is not over: after a long night they come in portions.
    """

    def __init__(
        self,
        *,
        committer: Committer,
        ownership: Ownership,
        clock: Clock,
        ring: Callable[[Timer], None],
        at_once: int = 256,
    ) -> None:
        self._committer = committer
        self._ownership = ownership
        self._clock = clock
        self._ring = ring
        self._at_once = at_once
        self._next: dict[int, datetime] = {}
        self._rung: set[Timer] = set()
        self._changed = trio.Event()
        self.held = False
        """Whether nothing is to ring any more: what runs out stays set, for the next start."""

    def __repr__(self) -> str:
        """How many have rung and are not heard yet."""
        return f"<Alarms {len(self._rung)}/{self._at_once} rung>"

    def note(self, partition: int, at: datetime) -> None:
        """A timer is about to be set for this moment."""
        known = self._next.get(partition)
        if known is None or at < known:
            self._next[partition] = at
            self._changed.set()

    def over(self, timer: Timer) -> None:
        """The turn of a timer that has rung is over, whatever came of it."""
        self._rung.discard(timer)
        self._changed.set()

    async def run(self) -> None:
        """Ring until cancelled. Begins by asking about every partition."""
        self._rung.clear()
        self._next = self._first_questions()
        while True:
            now = await self._until_due()
            await self._ring_those_due(now)
            await trio.sleep(_PAUSE)

    def _first_questions(self) -> dict[int, datetime]:
        return dict.fromkeys(self._ownership.partitions, _LONG_AGO)

    async def _until_due(self) -> datetime:
        while True:
            await trio.lowlevel.checkpoint()
            now, first = self._clock.now(), min(self._next.values(), default=None)
            may_ring = not self.held and len(self._rung) <= self._at_once // 2
            if first is not None and first <= now and may_ring:
                return now
            self._changed = trio.Event()
            sleep = (first - now).total_seconds() if first is not None and may_ring else _LONGEST_SLEEP
            with trio.move_on_after(min(sleep, _LONGEST_SLEEP) if first is not None else float("inf")):
                await self._changed.wait()

    async def _ring_those_due(self, now: datetime) -> None:
        partitions = [partition for partition, first in self._next.items() if first <= now]
        for partition in partitions:
            del self._next[partition]  # what is noted from here on may not be in what is read
        limit = len(self._rung) + self._at_once
        for partition, timers in (await self._first(partitions, limit)).items():
            due = [timer for timer in timers if timer.at <= now]
            for timer in due:
                if timer not in self._rung and len(self._rung) < self._at_once:
                    self._rung.add(timer)
                    self._ring(timer)
            if len(due) == limit or not self._rung.issuperset(due):
                self.note(partition, _LONG_AGO)
            elif len(timers) > len(due):
                self.note(partition, timers[len(due)].at)

    async def _first(self, partitions: list[int], limit: int) -> Mapping[int, tuple[Timer, ...]]:
        """The first timers of these partitions, in one flush; those the store cannot tell are to be asked again."""
        found: dict[int, tuple[Timer, ...]] = {}

        async def ask(partition: int) -> None:
            try:
                found[partition] = await self._committer.submit(Timers(partition, limit))
            except StoreUnavailable:
                self.note(partition, _LONG_AGO)

        async with trio.open_nursery() as nursery:
            for partition in partitions:
                nursery.start_soon(ask, partition)
        return found
