"""Effects owed, performed: one lane of an actor is strictly in order, lanes and actors do not wait for each other.

An effect leaves only after its commit, and is owed until a write says otherwise: either ``Settle`` (the actor need not
hear of it) or the turn that takes its ``Answer``. A process that dies in between performs it again after the restart,
so performing must be safe to repeat, or must find out by itself that it was begun before (money does, by its record).

An effect that takes longer than its lane's limit is *overdue*: its actor is told so, once for each limit of the lane,
by an ``Answer`` that is not final, and may tell the member. One task watches over all of them: effects of a lane pass
the same limit in the order in which they were begun.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from types import MappingProxyType
from typing import Protocol

import trio

from runtime.actor import Actor, Work
from runtime.address import Address
from runtime.committer import Committer
from runtime.envelope import Answer, Envelope
from runtime.errors import Fenced
from runtime.ownership import Ownership
from runtime.store import DeadLetter, Delivery, Owed, Settle, Verdict
from runtime.supervisor import Supervisor


@dataclass(frozen=True, slots=True)
class Done:
    """Performed, and the actor need not hear of it. ``dead`` if it was given up for good."""

    delivery: Delivery | None = None
    dead: DeadLetter | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """Performed, and this is what it brought back for the actor."""

    body: object


Performed = Done | Brought


class Performer(Protocol):
    """Touches the world. One call at a time in a lane."""

    async def perform(self, address: Address, owed: Owed) -> Performed:
        """Perform once, bounded in time. May raise: it is tried again, then given up and answered with ``None``."""
        ...


@dataclass(slots=True)
class _UnderWay:
    """An effect that is being performed, and when it passes its lane's first limit, or the second, and so on."""

    actor: Actor
    effect: Owed
    due: float
    limit: int
    over: bool = False


_NEVER: Mapping[str, Sequence[float]] = MappingProxyType({})


class Lanes:
    """Performs effects. ``overdue_seconds`` are a lane's limits; those without may take as long as they like."""

    def __init__(
        self,
        *,
        performer: Performer,
        committer: Committer,
        ownership: Ownership,
        supervisor: Supervisor,
        overdue_seconds: Mapping[str, Sequence[float]] = _NEVER,
    ) -> None:
        self._performer = performer
        self._committer = committer
        self._ownership = ownership
        self._supervisor = supervisor
        self._spawn: Callable[..., None] | None = None
        self._wake: Callable[[Actor], None] | None = None
        self._overdue_seconds = overdue_seconds
        self._watched: dict[tuple[str, int], deque[_UnderWay]] = {
            (lane, limit): deque() for lane, limits in overdue_seconds.items() for limit, _ in enumerate(limits, 1)
        }
        self._begun = trio.Event()
        self._sleeps_until = inf
        self.under_way = 0
        """Lanes at work right now."""
        self.held: frozenset[str] = frozenset()
        """Lanes in which nothing more is begun: what they owe stays owed, for the next start."""

    def attach(self, spawn: Callable[..., None], wake: Callable[[Actor], None]) -> None:
        """Tie to the nursery and registry that own the tasks.

        ``spawn`` starts a task in the kernel's nursery; ``wake`` runs an actor that has mail.
        """
        self._spawn, self._wake = spawn, wake

    def owe(self, actor: Actor, owed: Iterable[Owed]) -> None:
        """Take up effects, each at most once however often it is named."""
        for effect in owed:
            work = actor.work = actor.work or Work()
            if effect.id in work.known:
                continue
            work.known.add(effect.id)
            lane = work.lanes.setdefault(effect.lane, [])
            lane.append(effect)
            if len(lane) == 1 and self._spawn is not None:
                self._spawn(self._run, actor, work, effect.lane)

    def answered(self, actor: Actor, effect: str) -> None:
        """The actor has committed what an effect brought: it is owed no more."""
        if actor.work is not None:
            self._forget(actor, actor.work, effect)

    async def watch(self) -> None:
        """Tell actors of effects that are overdue, until cancelled."""
        while True:
            self._tell_overdue(trio.current_time())
            self._sleeps_until = min((watched[0].due for watched in self._watched.values() if watched), default=inf)
            self._begun = trio.Event()
            with trio.move_on_at(self._sleeps_until):
                await self._begun.wait()

    def _tell_overdue(self, now: float) -> None:
        for watched in self._watched.values():
            while watched and (watched[0].over or watched[0].due <= now):
                one = watched.popleft()
                if not one.over:
                    answer = Answer(one.effect.id, one.effect.body, None, final=False, passed=one.limit)
                    self._bring(one.actor, answer)

    def _watch_over(self, actor: Actor, effect: Owed) -> tuple[_UnderWay, ...]:
        limits, now = self._overdue_seconds.get(effect.lane, ()), trio.current_time()
        watches = tuple(_UnderWay(actor, effect, now + seconds, limit) for limit, seconds in enumerate(limits, 1))
        for one in watches:
            self._watched[effect.lane, one.limit].append(one)
        if any(one.due < self._sleeps_until for one in watches):
            self._begun.set()
        return watches

    async def _run(self, actor: Actor, work: Work, lane: str) -> None:
        self.under_way += 1
        try:
            while work.lanes.get(lane):
                if lane in self.held:
                    return
                effect = work.lanes[lane][0]
                await self._perform(actor, work, effect)
                work.lanes[lane].pop(0)
                if not actor.running and isinstance(actor.mailbox.peek(), Envelope) and self._wake is not None:
                    self._wake(actor)  # it has stopped because too much was owed
            del work.lanes[lane]
            self._drop_if_idle(actor, work)
        finally:
            self.under_way -= 1

    async def _perform(self, actor: Actor, work: Work, effect: Owed) -> None:
        performed: Performed | None = None

        async def perform() -> None:
            nonlocal performed
            performed = await self._performer.perform(actor.address, effect)

        watches = self._watch_over(actor, effect)
        try:
            failure = await self._supervisor.attempt(
                f"effect {effect.id}", perform, before_retry=_nothing, whose=actor.address
            )
        finally:
            for one in watches:
                one.over = True
        match performed:
            case Done(delivery, dead):
                await self._settle(actor.address, effect, delivery, dead)
                self._forget(actor, work, effect.id)
            case Brought(body):
                self._bring(actor, Answer(effect.id, effect.body, body))
            case None:
                self._bring(actor, Answer(effect.id, effect.body, None, type(failure).__name__))

    async def _settle(self, address: Address, effect: Owed, delivery: Delivery | None, dead: DeadLetter | None) -> None:
        partition, epoch = self._ownership.of(address)
        operation = Settle(
            partition=partition, epoch=epoch, address=address, effect=effect.id, delivery=delivery, dead=dead
        )

        async def settle() -> None:
            if await self._committer.submit(operation) is Verdict.FENCED:
                raise Fenced(f"partition {partition} has another owner")

        await self._supervisor.attempt(f"settling {effect.id}", settle, before_retry=_nothing, whose=address)

    def _bring(self, actor: Actor, answer: Answer) -> None:
        actor.mailbox.put_nowait(answer)
        if self._wake is not None:
            self._wake(actor)

    def _forget(self, actor: Actor, work: Work, effect: str) -> None:
        work.known.discard(effect)
        self._drop_if_idle(actor, work)

    def _drop_if_idle(self, actor: Actor, work: Work) -> None:
        if not work.known and not work.lanes and actor.work is work:
            actor.work = None


def _nothing() -> None:
    """Nothing was believed that a retry would have to forget."""
