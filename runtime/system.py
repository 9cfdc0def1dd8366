"""The actor system: the kernel's parts put together, with one life: claim, recover, run, drain.

Starting is recovering: the partitions are claimed (every older epoch is fenced off), then each actor with envelopes
waiting, effects owed or a timer that has run out is woken. The same happens after a crash inside: everything in memory
is dropped first.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import trio

from runtime.actor import Actor
from runtime.address import Address
from runtime.alarms import Alarms
from runtime.clock import Clock
from runtime.committer import Committer
from runtime.envelope import Envelope
from runtime.errors import StoreUnavailable
from runtime.intake import Intake
from runtime.lanes import Lanes, Performer
from runtime.ownership import Ownership
from runtime.receiver import Receiver, TurnTaken
from runtime.ref import ActorRef, Applied
from runtime.registry import Registry, RegistryStatistics
from runtime.store import Backlog, Forget, Timer
from runtime.supervisor import Supervisor
from runtime.tally import Tally
from runtime.turn import Behaviour

REMEMBERED = timedelta(days=8)
"""How long message ids are known (WhatsApp redelivers for 7 days)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes and times of the kernel. ``mailbox`` in envelopes, ``most_owed`` in an actor's effects not performed yet.

    ``most_live`` in actors.
    """

    mailbox: int = 64
    most_owed: int = 64
    most_live: int = 100_000
    idle_seconds: float = 900
    sweep_seconds: float = 30
    forget_seconds: float = 3600
    held_in_drain: frozenset[str] = frozenset()
    """Lanes whose effects are not begun any more once draining: those too slow to be waited for."""
    overdue_seconds: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """By lane: how long an effect may take before its actor is told that it takes long, each time once."""


class ActorSystem:
    """Every actor of this process. Run by a supervisor, after the committer.

    ``secret`` (at most 64 bytes) is what nobody outside can know: with it no turn's seed can be guessed from its id.
    """

    def __init__(  # noqa: PLR0913 - where the kernel is put together, called once
        self,
        *,
        committer: Committer,
        behaviour: Behaviour,
        performer: Performer,
        supervisor: Supervisor,
        clock: Clock,
        owner: str,
        on_turn: Callable[[TurnTaken], None] = lambda _: None,
        limits: Limits = Limits(),
        secret: bytes = b"",
    ) -> None:
        self._committer = committer
        self._clock = clock
        self._owner = owner
        self._limits = limits
        self._on_turn = on_turn
        self._applied = Applied()
        self._nursery: trio.Nursery | None = None
        self._ownership = Ownership()
        self._registry, self._tasks = self._new_registry(), Tally()
        self._lanes = Lanes(
            performer=performer,
            committer=committer,
            ownership=self._ownership,
            supervisor=supervisor,
            overdue_seconds=limits.overdue_seconds,
        )
        self._alarms = Alarms(committer=committer, ownership=self._ownership, clock=clock, ring=self._ring)
        self._receiver = Receiver(
            behaviour=behaviour,
            committer=committer,
            ownership=self._ownership,
            lanes=self._lanes,
            alarms=self._alarms,
            supervisor=supervisor,
            clock=clock,
            on_turn=self._took_turn,
            most_owed=limits.most_owed,
            secret=secret,
        )
        self.intake = Intake(committer)

    @property
    def ownership(self) -> Ownership:
        """What this process may write to."""
        return self._ownership

    def ref(self, address: Address) -> ActorRef:
        """A handle to the actor of this address."""
        return ActorRef(address, intake=self.intake, applied=self._applied, clock=self._clock)

    def accepted(self, envelopes: Sequence[Envelope]) -> None:
        """The committer stored these, in sequence: deliver them. While not running, the store keeps them."""
        if self._nursery is not None:
            for envelope in envelopes:
                self._registry.deliver(envelope)

    async def run(self, *, task_status: "trio.TaskStatus[None]") -> None:
        """Claim, recover, run until cancelled."""
        self._registry, self._tasks = self._new_registry(), Tally()
        if not self._ownership.partitions:
            # Once a process: one that was superseded must not take back what is another's by crashing inside.
            await self._ownership.claim(self._committer, self._owner)
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            try:
                self._lanes.attach(partial(self._tasks.spawn, nursery), self._wake)
                nursery.start_soon(self._lanes.watch)
                await self._recover()
                nursery.start_soon(self._alarms.run)
                task_status.started()
                await self._sweep()
            finally:
                # Not when the nursery has ended: it takes no more tasks a moment before that.
                self._nursery = None

    async def drain(self) -> None:
        """Take nothing more in and wait until every actor is idle. Bounded by the caller's cancel scope."""
        self.intake.close()
        self._lanes.held = self._limits.held_in_drain
        self._alarms.held = True
        await self._tasks.zero()
        await self._committer.drain()

    async def settled(self) -> None:
        """Wait until no actor has a task, mail or an effect under way; for tests and simulators."""
        await self._tasks.zero()

    def statistics(self) -> RegistryStatistics:
        """The registry's figures."""
        return self._registry.statistics()

    @property
    def effects_under_way(self) -> int:
        """Lanes performing right now."""
        return self._lanes.under_way

    def _new_registry(self) -> Registry:
        return Registry(
            run=self._start,
            capacity=self._limits.mailbox,
            idle_seconds=self._limits.idle_seconds,
            most_live=self._limits.most_live,
        )

    def _start(self, actor: Actor) -> None:
        if self._nursery is not None:
            self._tasks.spawn(self._nursery, self._receiver.run, actor)

    def _ring(self, timer: Timer) -> None:
        if self._nursery is not None:
            self._registry.ring(timer)

    def _wake(self, actor: Actor) -> None:
        self._registry.wake(actor)

    def _took_turn(self, turn: TurnTaken) -> None:
        self._applied.note(turn.cause)
        self._on_turn(turn)

    async def _recover(self) -> None:
        for address in await self._backlog():
            self._registry.wake(self._registry.activate(address))

    async def _sweep(self) -> None:
        """Passivate idle actors, find strays, forget old ids. A store that is away is asked again next time."""
        forgotten = trio.current_time()
        while True:
            await trio.sleep(self._limits.sweep_seconds)
            self._registry.passivate_idle()
            with suppress(StoreUnavailable):
                await self._find_strays()
                if trio.current_time() - forgotten >= self._limits.forget_seconds:
                    forgotten = trio.current_time()
                    await self._forget()

    async def _forget(self) -> None:
        """Drop what is older than ``REMEMBERED``, a page at a time until nothing is left."""
        dropped = 1
        while dropped:
            dropped = await self._committer.submit(Forget(self._clock.now() - REMEMBERED))

    async def _find_strays(self) -> None:
        """Wake whoever has mail that nobody here was told of: another process accepted it, on its way out."""
        for address in await self._backlog():
            actor = self._registry.activate(address)
            if not actor.busy:
                actor.doubt()
                self._registry.wake(actor)

    async def _backlog(self) -> list[Address]:
        """Who has envelopes waiting or effects owed, over all partitions, asked for in one go."""
        found: list[Address] = []
        failures: list[StoreUnavailable] = []

        async def ask(partition: int) -> None:
            try:
                addresses = await self._committer.submit(Backlog(partition))
                found.extend(addresses)
            except StoreUnavailable as failure:
                failures.append(failure)

        async with trio.open_nursery() as nursery:
            for partition in self._ownership.partitions:
                nursery.start_soon(ask, partition)
        if failures:
            raise failures[0]
        return found
