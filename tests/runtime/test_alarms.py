"""Timers of actors: they survive everything, ring when they are due, and count once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from runtime.address import Address, partition_of
from runtime.alarms import Alarms
from runtime.committer import Committer
from runtime.errors import Fenced, StoreUnavailable
from runtime.memory_store import MemoryStore
from runtime.ownership import Ownership
from runtime.store import Claim, Commit, Letters, Operation, Store, Timer, Timers
from runtime.system import Limits
from tests.runtime.doubles import MEMBER, START, Kernel, kernel

OTHER = Address("member:263770000777")
QUIET = Limits(sweep_seconds=1e9)
CLOSE = 1.5
"""A timer is late by so much at most, in seconds."""


class Counting(MemoryStore):
    """Counts questions about timers, and can refuse to answer them."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.away = False

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        asked = any(isinstance(operation, Timers) for operation in operations)
        self.asked += asked
        if asked and self.away:
            raise StoreUnavailable("away")
        return super().run(operations)


def set_timers(store: Store) -> list[Timer]:
    store.open()
    return [timer for partition in range(64) for timer in store.run([Timers(partition, 1000)])[0]]


async def test_a_timer_wakes_an_actor_that_has_been_dormant_for_long(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), Limits(idle_seconds=10, sweep_seconds=5)) as one:
        await one.say("set tea 300")
        await trio.sleep(299)
        assert one.system.statistics().live == 0
        assert await one.heard() == ["set tea 300"]
        await trio.sleep(1 + CLOSE)
        assert await one.heard() == ["set tea 300", "tea is due"]
        await trio.sleep(1000)
        assert await one.heard() == ["set tea 300", "tea is due"]


async def test_the_line_of_its_turn_names_the_timer(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), QUIET) as one:
        await one.say("set tea 5")
        await trio.sleep(10)
        last = one.turns[-1]
        assert (last.mail, last.cause) == ("due", "tea at 2026-09-20T10:00:05+00:00")


async def test_a_timer_that_is_moved_rings_at_its_new_moment_only(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), QUIET) as one:
        await one.say("set tea 10")
        await trio.sleep(5)
        await one.say("set tea 10")
        await trio.sleep(8)
        assert "tea is due" not in await one.heard()
        await trio.sleep(2 + CLOSE)
        assert (await one.heard()).count("tea is due") == 1


async def test_a_timer_set_for_an_earlier_moment_than_all_others_rings_then(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), QUIET) as one:
        await one.say("set late 1000")
        await trio.sleep(3)
        await one.say("set soon 10", address=OTHER)
        await trio.sleep(10 + CLOSE)
        assert await one.heard(OTHER) == ["set soon 10", "soon is due"]
        assert await one.heard() == ["set late 1000"]


async def test_a_timer_that_is_cleared_never_rings(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), QUIET) as one:
        await one.say("set tea 10", "clear tea")
        await trio.sleep(1000)
        assert await one.heard() == ["set tea 10", "clear tea"]


async def test_a_timer_for_a_moment_that_is_past_rings_at_once(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), QUIET) as one:
        await one.say("set tea -10")
        await trio.sleep(CLOSE)
        assert await one.heard() == ["set tea -10", "tea is due"]


@pytest.mark.parametrize("away", [60, 100_000])
async def test_timers_ring_for_the_process_that_comes_after(autojump_clock: MockClock, away: float) -> None:
    store = MemoryStore()
    async with kernel(store, QUIET) as one:
        await one.say("set tea 300")
        await one.heard()
    await trio.sleep(away)
    async with kernel(store, QUIET, one.clock) as two:
        await trio.sleep(max(300 - away - CLOSE, 0))
        assert ("tea is due" in await two.heard()) is False
        await trio.sleep(2 * CLOSE)
        assert await two.heard() == ["set tea 300", "tea is due"]


async def test_a_crash_inside_loses_no_timer(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), QUIET) as one:
        await one.say("set tea 30")
        await one.heard()

        async def crash() -> None:
            raise ValueError("as planned")

        assert one.system._nursery is not None
        one.system._nursery.start_soon(crash)
        await trio.sleep(30 + CLOSE)
        assert await one.heard() == ["set tea 30", "tea is due"]


async def test_what_was_accepted_before_a_timer_rang_is_heard_before_it(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), QUIET) as one:
        await one.say("set tea 10")
        await trio.sleep(9.9)
        hold = trio.Event()

        async def wait(_: str) -> None:
            await hold.wait()

        one.performer.act = wait
        await one.say("first", "second")
        await trio.sleep(10)
        hold.set()
        assert await one.heard() == ["set tea 10", "first", "second", "tea is due"]


async def test_a_timer_moved_while_it_waits_in_the_mailbox_does_nothing(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), QUIET) as one:
        await one.say("set tea 10")
        await one.heard()
        [timer] = set_timers(one.store)
        await one.say("set tea 500")
        one.system._registry.ring(timer)
        assert await one.heard() == ["set tea 10", "set tea 500"]
        await trio.sleep(500 + CLOSE)
        assert await one.heard() == ["set tea 10", "set tea 500", "tea is due"]


async def test_a_timer_that_rings_twice_counts_once(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), QUIET) as one:
        await one.say("set tea 10")
        await one.heard()
        [timer] = set_timers(one.store)
        for _ in range(3):
            one.system._registry.ring(timer)
        assert await one.heard() == ["set tea 10", "tea is due"]


async def test_a_timer_whose_turn_fails_each_time_becomes_a_dead_letter_and_rings_no_more(
    autojump_clock: MockClock,
) -> None:
    store = MemoryStore()
    async with kernel(store, QUIET) as one:
        await one.say("set crash 10")
        one.behaviour.crashes_left = 0
        await one.heard()
        one.behaviour.crashes_left = 1000
        await trio.sleep(100)
        await one.say("and then?")
        assert (await one.heard())[-2:] == ["sorry", "and then?"]
    store.open()
    [[letter]] = store.run([Letters(9)])
    assert (letter.address, letter.cause, letter.body) == (MEMBER, "ValueError", b"")
    assert letter.id == f"{MEMBER} crash at 2026-09-20T10:00:10+00:00"
    assert set_timers(store) == []


async def test_a_process_that_was_superseded_takes_no_turn_about_a_timer(autojump_clock: MockClock) -> None:
    store = MemoryStore()

    async def supersede() -> None:
        async with kernel(store, QUIET) as one:
            await one.say("set tea 10")
            await one.heard()
            store.run([Claim(partition_of(MEMBER), "another")])
            await trio.sleep(30)

    with pytest.RaisesGroup(Fenced, flatten_subgroups=True, allow_unwrapped=True):
        await supersede()
    assert len(set_timers(store)) == 1


async def test_nothing_rings_while_the_process_stops(autojump_clock: MockClock) -> None:
    store = MemoryStore()
    async with kernel(store, QUIET) as one:
        await one.say("set tea 5", "owe say last words")
        hold = trio.Event()

        async def wait(_: str) -> None:
            await hold.wait()

        one.performer.act = wait
        await trio.lowlevel.checkpoint()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(one.system.drain)
            await trio.sleep(20)
            hold.set()
        assert "tea is due" not in await one.heard()
    assert len(set_timers(store)) == 1


async def test_the_store_is_asked_when_something_is_due_and_never_else(autojump_clock: MockClock) -> None:
    store = Counting()
    async with kernel(store, QUIET) as one:
        await trio.sleep(CLOSE)
        begun = store.asked
        await trio.sleep(80_000)
        assert store.asked == begun == 1
        for _ in range(100):
            await one.say("set tea 300")
            await trio.sleep(1)
        assert store.asked == begun
        await trio.sleep(1000)
        assert store.asked <= begun + 2
        assert (await one.heard()).count("tea is due") == 1


async def test_a_store_that_was_away_is_asked_again(autojump_clock: MockClock) -> None:
    store = Counting()
    async with kernel(store, QUIET) as one:
        await one.say("set tea 10")
        await trio.sleep(5)
        store.away = True
        await trio.sleep(60)
        assert "tea is due" not in await one.heard()
        store.away = False
        await trio.sleep(CLOSE)
        assert "tea is due" in await one.heard()


async def test_many_that_are_overdue_come_in_portions_and_none_is_left_out(autojump_clock: MockClock) -> None:
    store = MemoryStore()
    people = [Address(f"member:{number}") for number in range(500)]
    async with kernel(store, QUIET) as one:
        one.system._alarms.held = True
        await _set_all(one, people)
    async with kernel(store, QUIET, one.clock) as two:
        rung: list[int] = []
        alarms = two.system._alarms
        alarms._at_once = 20
        ring = alarms._ring

        def noted(timer: Timer) -> None:
            ring(timer)
            rung.append(len(alarms._rung))

        alarms._ring = noted
        await trio.sleep(200)
        for address in people:
            assert (await two.heard(address))[-1] == "tea is due"
    assert max(rung) <= 20
    assert set_timers(store) == []


async def _set_all(one: Kernel, people: list[Address]) -> None:
    for address in people:
        await one.say("set tea 0.5", address=address)
    for address in people:
        await one.heard(address)


class SetClock:
    """A wall clock that is set by hand."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment


async def test_a_wall_clock_set_forward_is_noticed_within_a_minute(autojump_clock: MockClock) -> None:
    store, clock, rung = MemoryStore(), SetClock(), list[Timer]()
    committer, ownership = Committer(store, inline=True), Ownership()
    timer = Timer(MEMBER, "tea", START + timedelta(hours=5))
    async with trio.open_nursery() as nursery:
        await nursery.start(lambda task_status: committer.run(task_status=task_status))
        await ownership.claim(committer, "test")
        partition, epoch = ownership.of(MEMBER)
        timers = ((timer.name, timer.at),)
        await committer.submit(
            Commit(partition=partition, epoch=epoch, address=MEMBER, version=1, snapshot=b"", timers=timers)
        )
        alarms = Alarms(committer=committer, ownership=ownership, clock=clock, ring=rung.append)
        nursery.start_soon(alarms.run)
        await trio.sleep(120)
        assert rung == []
        clock.moment += timedelta(hours=6)
        await trio.sleep(62)
        assert rung == [timer]
        assert repr(alarms) == "<Alarms 1/256 rung>"
        await trio.sleep(1000)
        assert rung == [timer], "its turn is not over"
        nursery.cancel_scope.cancel()
