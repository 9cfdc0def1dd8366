"""One member who crashes with every message and one who floods: the others are answered as if neither were there.

The kernel runs on a virtual clock on which work takes time: a turn, a write to disk and each operation in it move the
clock, so whoever keeps the process busy delays whoever comes after. An answer takes the Graph API's time.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from statistics import quantiles
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from actors.application import INTENSITY
from runtime.address import Address
from runtime.child import Child
from runtime.envelope import Envelope, Mail
from runtime.lanes import Done, Performed
from runtime.memory_store import MemoryStore
from runtime.store import Count, Operation, Owed
from runtime.system import Limits
from runtime.turn import Decision, Turn
from tests.runtime.doubles import Kernel

TURN, OPERATION, SYNC, GRAPH = 0.0002, 0.00003, 0.001, 0.05
"""Seconds: what each takes. A sync is a good disk's; a turn and an operation are four times what is measured."""

SECONDS = 20
OTHERS = [Address(f"member:26378000{number:04}") for number in range(20)]
CRASHER, FLOODER = Address("member:263790000001"), Address("member:263790000002")
FLOOD, CRASHES = 500, 20
"""Messages a second."""


class Disk(MemoryStore):
    """A store whose writes take time."""

    def __init__(self, clock: MockClock) -> None:
        super().__init__()
        self._clock = clock

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        self._clock.jump(SYNC + OPERATION * len(operations))
        return super().run(operations)


class World:
    """The kernel, everybody who writes to it, and how long each waited for their answers."""

    def __init__(self, clock: MockClock) -> None:
        self._clock = clock
        self.kernel = Kernel(Disk(clock), Limits(), INTENSITY())
        self.kernel.system._receiver._behaviour = self
        self.kernel.system._lanes._performer = self
        self.said: dict[str, float] = {}
        self.waited: dict[Address, list[float]] = defaultdict(list)
        self.queued = self.owed = 0

    def receive(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        """An answer to every message."""
        del snapshot
        self._clock.jump(TURN)
        assert isinstance(mail, Envelope)
        if address == CRASHER:
            raise ValueError("as ever")
        return Decision(snapshot=b"x", owes=(Owed(id=f"{turn.id}#0", lane="say", body=mail.body),))

    def give_up(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        """As if an apology."""
        del address, snapshot, mail, turn
        return Decision(snapshot=b"x")

    async def perform(self, address: Address, owed: Owed) -> Performed:
        await trio.sleep(GRAPH)
        if address in OTHERS:
            self.waited[address].append(trio.current_time() - self.said[owed.body.decode()])
        return Done()

    async def say(self, address: Address, number: int) -> None:
        name = f"{address}.{number}"
        self.said[name] = trio.current_time()
        now = self.kernel.clock.now()
        await self.kernel.system.intake.accept(
            [Envelope(id=name, address=address, accepted_at=now, body=name.encode())]
        )

    async def keep_saying(self, nursery: trio.Nursery, address: Address, every: float, first: float) -> None:
        """A message each ``every`` seconds, whether or not the one before is stored: webhooks do not wait."""
        began = trio.current_time() + first
        for number in range(int(SECONDS / every)):
            await trio.sleep_until(began + number * every)
            nursery.start_soon(self.say, address, number)

    async def watch(self) -> None:
        """What memory holds, all along."""
        while True:
            await trio.sleep(0.01)
            self.queued = max(self.queued, self.kernel.committer.statistics().queued)
            for actor in self.kernel.system._registry._live.values():
                assert len(actor.mailbox) <= actor.mailbox.capacity
                self.owed = max(self.owed, len(actor.work.known) if actor.work else 0)

    async def live(self, *, disturbed: bool) -> None:
        """Everybody writes for a while; then what was accepted is answered."""
        subject, stop = self.kernel, trio.Event()
        children = [
            Child("committer", subject.committer.run, drain=subject.committer.close),
            Child("actors", subject.system.run),
        ]
        async with trio.open_nursery() as nursery:
            await nursery.start(partial(subject.supervisor.run, children, stop=stop, budget=10))
            nursery.start_soon(self.watch)
            async with trio.open_nursery() as writing:
                for place, address in enumerate(OTHERS):
                    writing.start_soon(self.keep_saying, writing, address, 0.5, 0.5 * place / len(OTHERS))
                if disturbed:
                    writing.start_soon(self.keep_saying, writing, CRASHER, 1 / CRASHES, 0.01)
                    writing.start_soon(self.keep_saying, writing, FLOODER, 1 / FLOOD, 0.0)
            await trio.sleep(1)
            nursery.cancel_scope.cancel()


def lived(*, disturbed: bool) -> World:
    clock = MockClock(autojump_threshold=0)
    world = World(clock)
    trio.run(partial(world.live, disturbed=disturbed), clock=clock)
    return world


@pytest.fixture(scope="module")
def worlds() -> tuple[World, World]:
    """The same world, alone and disturbed."""
    return lived(disturbed=False), lived(disturbed=True)


def test_everybody_else_is_answered_within_a_fifth_of_the_time_they_would_be(worlds: tuple[World, World]) -> None:
    alone, disturbed = ([wait for waits in world.waited.values() for wait in waits] for world in worlds)
    assert len(alone) == len(disturbed) == len(OTHERS) * SECONDS * 2, "each is answered"
    for percent in (50, 99):
        before, after = (quantiles(waits, n=100)[percent - 1] for waits in (alone, disturbed))
        assert after <= before * 1.2, f"p{percent}: {before * 1000:.2f} ms alone, {after * 1000:.2f} ms disturbed"


def test_nobody_in_particular_waits_for_the_two(worlds: tuple[World, World]) -> None:
    for address in OTHERS:
        alone, disturbed = (max(world.waited[address]) for world in worlds)
        assert disturbed <= alone * 1.2


def test_memory_stays_within_its_bounds_and_nothing_that_was_accepted_is_lost(worlds: tuple[World, World]) -> None:
    _, disturbed = worlds
    assert disturbed.owed <= Limits().most_owed
    assert disturbed.queued < 200
    disturbed.kernel.store.open()
    [count] = disturbed.kernel.store.run([Count()])
    assert count.waiting + len(disturbed.kernel.turns) + count.dead >= FLOOD * SECONDS, "the rest waits in the store"


def test_the_one_who_crashes_is_apologised_to_each_time_and_does_not_stop_the_server(
    worlds: tuple[World, World],
) -> None:
    _, disturbed = worlds
    crashed = [turn for turn in disturbed.kernel.turns if turn.address == CRASHER]
    assert len(crashed) > 60
    assert len(disturbed.kernel.failures) >= 3 * len(crashed)
