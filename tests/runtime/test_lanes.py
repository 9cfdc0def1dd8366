"""Lanes alone: one actor's effects, performed by a script, settled in a real committer and store."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from types import MappingProxyType
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from runtime.actor import Actor
from runtime.address import Address, partition_of
from runtime.committer import Committer
from runtime.envelope import Answer
from runtime.errors import Fenced, StoreUnavailable
from runtime.intensity import Intensity
from runtime.lanes import Brought, Done, Lanes, Performed
from runtime.memory_store import MemoryStore
from runtime.ownership import Ownership
from runtime.store import Claim, Commit, DeadLetter, Deliveries, Delivery, Letters, Load, Operation, Owed, Settle
from runtime.supervisor import Supervisor
from runtime.tally import Tally
from tests.runtime.doubles import MEMBER, START

Act = Performed | Exception


class Moody(MemoryStore):
    """A store that cannot settle ``failures`` times."""

    failures = 0

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        if self.failures and any(isinstance(operation, Settle) for operation in operations):
            self.failures -= 1
            raise StoreUnavailable("moody")
        return super().run(operations)


class Bench:
    """One actor and its lanes. ``script`` is what performing an effect ends in, time after time, then ``Done()``."""

    def __init__(self, nursery: trio.Nursery, overdue_seconds: Mapping[str, Sequence[float]]) -> None:
        self.store = Moody()
        self.committer = Committer(self.store, inline=True)
        self.ownership = Ownership()
        self.actor = Actor(MEMBER, capacity=4)
        self.tasks = Tally()
        self.script: dict[str, list[Act]] = {}
        self.performed: list[str] = []
        self.failures: list[str] = []
        self.woken: list[Actor] = []
        supervisor = Supervisor(
            intensity=Intensity(limit=100, period=60), on_failure=lambda name, _: self.failures.append(name)
        )
        self.lanes = Lanes(
            performer=self,
            committer=self.committer,
            ownership=self.ownership,
            supervisor=supervisor,
            overdue_seconds=overdue_seconds,
        )
        self.lanes.attach(partial(self.tasks.spawn, nursery), self.woken.append)

    async def perform(self, address: Address, owed: Owed) -> Performed:
        assert address == MEMBER
        await trio.sleep(1)
        self.performed.append(owed.id)
        acts = self.script.get(owed.id, [])
        act = acts.pop(0) if acts else Done()
        if isinstance(act, Exception):
            raise act
        return act

    async def owe(self, *effects: Owed) -> None:
        """Commit a turn that owes these, as a receive loop does, and take them up."""
        partition, epoch = self.ownership.of(MEMBER)
        self.actor.version += 1
        await self.committer.submit(
            Commit(
                partition=partition,
                epoch=epoch,
                address=MEMBER,
                version=self.actor.version,
                snapshot=b"{}",
                owes=effects,
            )
        )
        self.lanes.owe(self.actor, effects)

    def still_owed(self) -> list[str]:
        [loaded] = self.store.run([Load(address=MEMBER, limit=1)])
        return [owed.id for owed in loaded.owed]


@asynccontextmanager
async def bench(*, overdue_seconds: Mapping[str, Sequence[float]] = MappingProxyType({})) -> AsyncIterator[Bench]:
    async with trio.open_nursery() as nursery:
        subject = Bench(nursery, overdue_seconds)
        nursery.start_soon(subject.lanes.watch)
        await nursery.start(subject.committer.run)
        await subject.ownership.claim(subject.committer, "test")
        yield subject
        nursery.cancel_scope.cancel()


def effect(name: str, lane: str = "say") -> Owed:
    return Owed(id=name, lane=lane, body=name.encode())


async def test_what_is_done_is_owed_no_more_and_its_delivery_is_kept(autojump_clock: MockClock) -> None:
    async with bench() as subject:
        sent = Delivery(id="wamid.1", rank=-1, status="accepted", at=START, ours="a")
        subject.script = {"a": [Done(delivery=sent)]}
        await subject.owe(effect("a"))
        assert subject.still_owed() == ["a"]
        await subject.tasks.zero()
        assert subject.still_owed() == []
        assert subject.store.run([Deliveries(("wamid.1",))]) == [(sent,)]
        assert subject.woken == []


async def test_what_was_given_up_for_good_is_owed_no_more_and_its_dead_letter_is_kept(
    autojump_clock: MockClock,
) -> None:
    async with bench() as subject:
        letter = DeadLetter(id="a", address=MEMBER, at=START, cause="channel is off", body=b"a")
        subject.script = {"a": [Done(dead=letter)]}
        await subject.owe(effect("a"))
        await subject.tasks.zero()
        assert subject.still_owed() == []
        assert subject.store.run([Letters(5)]) == [(letter,)]


async def test_an_effect_named_again_while_it_is_under_way_is_performed_once(autojump_clock: MockClock) -> None:
    async with bench() as subject:
        await subject.owe(effect("a"), effect("b"))
        subject.lanes.owe(subject.actor, [effect("a"), effect("b")])
        await subject.tasks.zero()
        assert subject.performed == ["a", "b"]


async def test_an_effect_whose_answer_waits_to_be_committed_is_not_performed_again(
    autojump_clock: MockClock,
) -> None:
    async with bench() as subject:
        subject.script = {"a": [Brought("news")]}
        await subject.owe(effect("a", "ask"))
        await subject.tasks.zero()
        assert subject.actor.mailbox.answers() == [Answer("a", b"a", "news")]
        assert subject.woken == [subject.actor]
        assert subject.actor.busy
        subject.lanes.owe(subject.actor, [effect("a", "ask")])
        await subject.tasks.zero()
        assert subject.performed == ["a"]
        assert subject.still_owed() == ["a"]


async def test_once_its_answer_is_committed_an_effect_is_forgotten_and_the_actor_free(
    autojump_clock: MockClock,
) -> None:
    async with bench() as subject:
        subject.script = {"a": [Brought("news")]}
        await subject.owe(effect("a", "ask"))
        await subject.tasks.zero()
        subject.actor.mailbox.take_nowait()
        subject.lanes.answered(subject.actor, "a")
        assert not subject.actor.busy
        subject.lanes.answered(subject.actor, "a")


async def test_a_lane_goes_on_after_an_effect_that_was_given_up(autojump_clock: MockClock) -> None:
    async with bench() as subject:
        subject.script = {"a": [KeyError()] * 3}
        await subject.owe(effect("a"), effect("b"))
        await subject.tasks.zero()
        assert subject.performed == ["a", "a", "a", "b"]
        assert subject.actor.mailbox.answers() == [Answer("a", b"a", None, "KeyError")]
        assert subject.still_owed() == ["a"]


async def test_an_effect_that_breaks_twice_is_done_at_the_third_try(autojump_clock: MockClock) -> None:
    async with bench() as subject:
        subject.script = {"a": [KeyError(), KeyError()]}
        await subject.owe(effect("a"))
        await subject.tasks.zero()
        assert subject.failures == ["effect a"] * 2
        assert subject.still_owed() == []
        assert subject.actor.mailbox.answers() == []


async def test_a_store_that_is_away_is_waited_for_without_performing_again(autojump_clock: MockClock) -> None:
    async with bench() as subject:
        subject.store.failures = 20
        await subject.owe(effect("a"))
        await subject.tasks.zero()
        assert subject.performed == ["a"]
        assert subject.failures == ["settling a"] * 20
        assert subject.still_owed() == []


async def test_settling_under_another_owner_ends_the_process(autojump_clock: MockClock) -> None:
    async def lose() -> None:
        async with bench() as subject:
            await subject.owe(effect("a"))
            subject.store.run([Claim(partition_of(MEMBER), "another")])
            await subject.tasks.zero()

    with pytest.RaisesGroup(Fenced, flatten_subgroups=True):
        await lose()


async def test_lanes_under_way_are_counted_and_a_free_actor_holds_no_work(autojump_clock: MockClock) -> None:
    async with bench() as subject:
        await subject.owe(effect("a", "say"), effect("b", "ask"), effect("c", "say"))
        await trio.sleep(0.5)
        assert subject.lanes.under_way == 2
        await trio.sleep(1)
        assert subject.lanes.under_way == 1
        await subject.tasks.zero()
        assert subject.lanes.under_way == 0
        assert subject.actor.work is None


async def test_effects_owed_before_the_system_runs_wait_for_it(autojump_clock: MockClock) -> None:
    async with bench() as subject:
        early = Lanes(
            performer=subject,
            committer=subject.committer,
            ownership=subject.ownership,
            supervisor=Supervisor(intensity=Intensity(limit=1, period=1), on_failure=lambda _name, _failure: None),
        )
        early.owe(subject.actor, [effect("a")])
        await trio.sleep(10)
        assert subject.performed == []


async def test_an_effect_that_takes_long_is_told_of_once_and_answered_all_the_same(autojump_clock: MockClock) -> None:
    async with bench(overdue_seconds={"ask": [0.5]}) as subject:
        subject.script = {"a": [ValueError("a stumble"), Brought("news")]}
        await subject.owe(effect("a", "ask"), effect("b", "say"))
        await trio.sleep(0.4)
        assert subject.actor.mailbox.answers() == []
        await subject.tasks.zero()
        late, final = subject.actor.mailbox.answers()
        assert late == Answer("a", b"a", None, final=False, passed=1)
        assert final == Answer("a", b"a", "news")
        assert subject.still_owed() == ["a"]


async def test_each_limit_of_a_lane_is_told_of_once_and_in_its_own_time(autojump_clock: MockClock) -> None:
    async with bench(overdue_seconds={"ask": [0.3, 0.5, 5]}) as subject:
        subject.script = {name: [Brought(name)] for name in "ab"}
        await subject.owe(effect("a", "ask"), effect("b", "ask"))
        await trio.sleep(0.4)
        assert [answer.passed for answer in subject.actor.mailbox.answers()] == [1]
        await subject.tasks.zero()
        told = [(answer.effect, answer.passed) for answer in subject.actor.mailbox.answers()]
        assert told == [("a", 1), ("a", 2), ("a", 0), ("b", 1), ("b", 2), ("b", 0)]


async def test_effects_that_are_in_time_are_told_of_never(autojump_clock: MockClock) -> None:
    async with bench(overdue_seconds={"ask": [1.5]}) as subject:
        subject.script = {name: [Brought(name)] for name in "abc"}
        await subject.owe(*(effect(name, "ask") for name in "abc"))
        await trio.sleep(10)
        assert [answer.final for answer in subject.actor.mailbox.answers()] == [True] * 3
        await subject.owe(effect("d", "ask"))
        await trio.sleep(10)
        assert len(subject.actor.mailbox.answers()) == 3


async def test_what_was_cut_short_is_not_told_of(autojump_clock: MockClock) -> None:
    async with bench(overdue_seconds={"ask": [5, 6]}) as subject:
        async with trio.open_nursery() as nursery:
            subject.lanes.attach(nursery.start_soon, subject.woken.append)
            await subject.owe(effect("a", "ask"))
            await trio.sleep(0.5)
            nursery.cancel_scope.cancel()
        await trio.sleep(10)
        assert subject.actor.mailbox.answers() == []
