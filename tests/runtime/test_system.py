"""The actor system as a whole, on the memory store, in virtual time."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from runtime.address import Address
from runtime.envelope import Envelope
from runtime.errors import Closed, Fenced, StoreUnavailable
from runtime.memory_store import MemoryStore
from runtime.store import Backlog, Claim, Count, History, Letters, Load, Operation
from runtime.system import Limits
from tests.runtime.doubles import MEMBER, START, Kernel, kernel

OTHER = Address("member:263770000001")


async def test_messages_are_applied_in_the_order_they_were_accepted(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore()) as subject:
        await subject.say(*map(str, range(200)))
        assert await subject.heard() == [str(number) for number in range(200)]


async def test_a_mailbox_that_overflows_loses_nothing_and_keeps_the_order(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), Limits(mailbox=4)) as subject:
        async with trio.open_nursery() as nursery:
            for burst in range(10):
                nursery.start_soon(partial(subject.say, *(f"{burst}.{n}" for n in range(17))))
        heard = await subject.heard()
        assert len(heard) == 170
        [history] = subject.store.run([History(MEMBER)])
        assert [seen.version for seen in history] == sorted(seen.version for seen in history)
        assert subject.system.statistics().deepest_mailbox == 0


async def test_a_message_known_by_its_id_is_applied_once(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore()) as subject:
        envelope = Envelope(id="same", address=MEMBER, accepted_at=START, body=b"once")
        counts = [await subject.system.intake.accept([envelope]) for _ in range(3)]
        assert counts == [1, 0, 0]
        assert await subject.heard() == ["once"]
        assert subject.system.intake.duplicates == 2


async def test_nothing_is_performed_before_its_commit(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore()) as subject:
        seen: list[bytes | None] = []

        async def look(_: str) -> None:
            await trio.lowlevel.checkpoint()
            seen.append(subject.snapshot())

        subject.performer.act = look
        await subject.say("owe out hello")
        assert await subject.heard() == ["owe out hello"]
        assert seen == [b'["owe out hello"]']


async def test_effects_of_a_lane_are_in_order_and_lanes_do_not_wait_for_each_other(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore()) as subject:

        async def slowly(text: str) -> None:
            await trio.sleep(10 if text == "slow" else 1)

        subject.performer.act = slowly
        await subject.say("owe a slow", "owe a then", "owe b quick")
        await subject.heard()
        assert subject.performer.performed == ["quick", "slow", "then"]


async def test_an_answer_comes_back_and_the_mailbox_goes_on_meanwhile(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore()) as subject:

        async def slowly(_: str) -> None:
            await trio.sleep(30)

        subject.performer.act = slowly
        await subject.say("owe core bring news")
        await trio.sleep(1)
        await subject.say("are you there?")
        assert await subject.heard() == ["owe core bring news", "are you there?", "answer news"]
        [count] = subject.store.run([Count()])
        assert count.owed == 0


async def test_an_effect_that_takes_long_is_a_turn_of_its_own_and_stays_owed(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), Limits(overdue_seconds={"core": [4]})) as subject:

        async def slowly(_: str) -> None:
            await trio.sleep(30)

        subject.performer.act = slowly
        await subject.say("owe core bring news")
        await trio.sleep(5)
        [[loaded], [count]] = subject.store.run([Load(address=MEMBER, limit=1)]), subject.store.run([Count()])
        assert loaded.snapshot.body == b'["owe core bring news","bring news is overdue"]'
        assert count.owed == 1
        assert (await subject.heard())[2:] == ["answer news"]
        [count] = subject.store.run([Count()])
        assert (count.owed, count.dead) == (0, 0)


async def test_a_turn_that_cannot_take_such_news_is_a_dead_letter_and_the_answer_still_comes(
    autojump_clock: MockClock,
) -> None:
    async with kernel(MemoryStore(), Limits(overdue_seconds={"core": [4]})) as subject:

        async def slowly(_: str) -> None:
            await trio.sleep(30)

        subject.performer.act = slowly
        subject.behaviour.crashes_left = 0
        await subject.say("owe core bring crash")
        await trio.sleep(1)
        subject.behaviour.crashes_left = 3
        assert await subject.heard() == ["owe core bring crash", "sorry", "answer crash"]
        [letters] = subject.store.run([Letters(10)])
        assert [letter.id.partition("#")[2] for letter in letters] == ["0~overdue1"]


async def test_an_effect_that_breaks_is_given_up_answered_and_kept_as_a_dead_letter(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore()) as subject:

        async def broken(_: str) -> None:
            raise ValueError("as told")

        subject.performer.act = broken
        await subject.say("owe core bring news")
        assert await subject.heard() == ["owe core bring news", "answer None"]
        [letters] = subject.store.run([Letters(10)])
        assert [(letter.cause, letter.body) for letter in letters] == [("ValueError", b"bring news")]


async def test_a_message_that_crashes_every_time_becomes_a_dead_letter_and_others_go_on(
    autojump_clock: MockClock,
) -> None:
    async with kernel(MemoryStore()) as subject:
        await subject.say("before", "crash", "after")
        assert await subject.heard() == ["before", "sorry", "after"]
        [letters] = subject.store.run([Letters(10)])
        assert [(letter.cause, letter.body) for letter in letters] == [("ValueError", b"crash")]


async def test_a_message_that_crashes_twice_is_applied_at_the_third_try(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore()) as subject:
        subject.behaviour.crashes_left = 2
        await subject.say("crash", "after")
        assert await subject.heard() == ["crash", "after"]
        assert len(subject.failures) == 2


async def test_one_members_crash_delays_nobody_else(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore()) as subject:
        await subject.say("crash")
        began = trio.current_time()
        await subject.system.ref(OTHER).call("x", b"hello", limit_seconds=1)
        assert trio.current_time() == began


async def test_what_was_accepted_before_a_crash_is_applied_after_the_restart(autojump_clock: MockClock) -> None:
    store = MemoryStore()
    subject = Kernel(store, Limits())
    async with trio.open_nursery() as nursery:
        await nursery.start(subject.committer.run)
        await subject.say("one", "two")
        nursery.cancel_scope.cancel()
    async with kernel(store) as again:
        assert await again.heard() == ["one", "two"]


async def test_what_was_owed_before_a_crash_is_performed_after_the_restart(autojump_clock: MockClock) -> None:
    store = MemoryStore()
    with trio.move_on_after(5):
        async with kernel(store) as subject:
            subject.performer.act = _for_ever
            await subject.say("owe out hello")
            await trio.sleep_forever()
    async with kernel(store) as again:
        await again.heard()
        assert again.performer.performed == ["hello"]
        assert store.run([Backlog(partition) for partition in range(64)]) == [()] * 64


async def _for_ever(_: str) -> None:
    await trio.sleep_forever()


class Moody(MemoryStore):
    """A store that fails ``failures`` times, before or after writing."""

    def __init__(self, *, after: bool) -> None:
        super().__init__()
        self.failures = 0
        self._after = after

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        if self.failures:
            self.failures -= 1
            if self._after:
                super().run(operations)
            raise StoreUnavailable("moody")
        return super().run(operations)


@pytest.mark.parametrize("after", [False, True], ids=["before the write", "after the write"])
async def test_a_store_that_fails_for_a_while_loses_and_repeats_nothing(after: bool, autojump_clock: MockClock) -> None:  # noqa: FBT001
    store = Moody(after=after)
    async with kernel(store) as subject:
        for number in range(20):
            store.failures = number % 4
            with trio.move_on_after(60):
                while True:
                    try:
                        await subject.system.intake.accept(
                            [Envelope(id=f"m{number}", address=MEMBER, accepted_at=START, body=str(number).encode())]
                        )
                        break
                    except StoreUnavailable:
                        await trio.sleep(1)
            store.failures = number % 3
        await subject.system.settled()
        store.failures = 0
        assert await subject.heard() == [str(number) for number in range(20)]


async def test_a_process_that_lost_its_partitions_stops_and_writes_nothing_more(autojump_clock: MockClock) -> None:
    store = MemoryStore()

    async def lose_everything() -> None:
        async with kernel(store) as subject:
            await subject.say("ours")
            await subject.system.settled()
            store.run([Claim(partition, "another") for partition in range(64)])
            await subject.say("no longer ours")
            await trio.sleep(60)

    with pytest.RaisesGroup(Fenced, flatten_subgroups=True):
        await lose_everything()
    store.open()
    [loaded] = store.run([Load(address=MEMBER, limit=10)])
    assert loaded.snapshot.body == b'["ours"]'
    assert [envelope.body for envelope in loaded.envelopes] == [b"no longer ours"]


async def test_idle_actors_are_passivated_and_wake_up_where_they_were(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), Limits(idle_seconds=60, sweep_seconds=10)) as subject:
        await subject.say("before")
        await subject.heard()
        assert subject.system.statistics().live == 1
        await trio.sleep(100)
        assert subject.system.statistics().live == 0
        await subject.say("after")
        assert await subject.heard() == ["before", "after"]


async def test_beyond_the_cap_the_actor_spoken_to_longest_ago_goes_first(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), Limits(most_live=2)) as subject:
        for name in ("1", "2", "3"):
            await subject.say("hello", address=Address(f"member:{name}"))
            await subject.system.settled()
            await trio.sleep(1)
        assert subject.system.statistics().live == 2
        assert subject.system.statistics().passivations == 1


async def test_an_actor_with_an_effect_under_way_is_not_passivated(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), Limits(idle_seconds=1, sweep_seconds=1)) as subject:

        async def slowly(_: str) -> None:
            await trio.sleep(100)

        subject.performer.act = slowly
        await subject.say("owe core bring news")
        await trio.sleep(50)
        assert subject.system.statistics().live == 1
        assert await subject.heard() == ["owe core bring news", "answer news"]


async def test_draining_finishes_what_was_accepted_and_refuses_more(autojump_clock: MockClock) -> None:
    store = MemoryStore()
    async with kernel(store) as subject:
        await subject.say(*map(str, range(50)))
    store.open()
    assert len((subject.snapshot() or b"").split(b",")) == 50
    with pytest.raises(Closed):
        await subject.say("too late")


async def test_a_call_waits_for_the_turn_and_gives_up_at_its_limit(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore()) as subject:
        ref = subject.system.ref(MEMBER)
        await ref.call("first", b"hello", limit_seconds=1)
        assert subject.snapshot() == b'["hello"]'
        with pytest.raises(trio.TooSlowError):
            await ref.call("second", b"crash", limit_seconds=0.01)
        assert await subject.heard() == ["hello", "sorry"]


async def test_a_cast_says_whether_the_message_is_new(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore()) as subject:
        ref = subject.system.ref(MEMBER)
        assert await ref.cast("m", b"hello")
        assert not await ref.cast("m", b"hello")
        assert await subject.heard() == ["hello"]


async def test_a_caller_that_hangs_up_takes_nothing_back(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore()) as subject:
        with trio.CancelScope() as scope:
            scope.cancel()
            await subject.say("hello")
        assert await subject.heard() == ["hello"]


async def test_ids_are_forgotten_after_eight_days(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), Limits(sweep_seconds=3600)) as subject:
        await subject.say("hello")
        await subject.heard()
        await trio.sleep(7.8 * 86400)
        assert len(subject.store.run([History(MEMBER)])[0]) == 1
        await trio.sleep(0.4 * 86400)
        assert subject.store.run([History(MEMBER)]) == [()]


async def test_a_member_who_writes_faster_than_they_can_be_answered_waits_in_the_store(
    autojump_clock: MockClock,
) -> None:
    async with kernel(MemoryStore(), Limits(mailbox=8, most_owed=4)) as subject:
        depths: list[int] = []

        async def slowly(_: str) -> None:
            await trio.sleep(1)
            depths.append(subject.system._registry.activate(MEMBER).work.queued)  # type: ignore[union-attr]  # it works

        subject.performer.act = slowly
        texts = [f"owe out {number}" for number in range(50)]
        await subject.say(*texts)
        await trio.sleep(10.5)
        [count] = subject.store.run([Count()])
        assert (count.owed, count.waiting) == (4, 50 - 14)
        assert await subject.heard() == texts
        assert subject.performer.performed == [str(number) for number in range(50)]
        assert max(depths) <= 4


async def test_answers_are_taken_however_much_is_owed(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore(), Limits(most_owed=2)) as subject:

        async def slowly(text: str) -> None:
            await trio.sleep(1 if text.startswith("bring") else 100)

        subject.performer.act = slowly
        await subject.say("owe out a", "owe core bring b", "not yet")
        await trio.sleep(50)
        assert subject.snapshot() == b'["owe out a","owe core bring b","not yet","answer b"]'
        assert len(await subject.heard()) == 4


async def test_mail_may_come_at_any_moment_while_the_actors_end(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore()) as subject, trio.open_nursery() as nursery:
        for number in range(20):
            scope, ended = trio.CancelScope(), trio.Event()
            await nursery.start(_live, subject.system.run, scope, ended)
            scope.cancel()
            while not ended.is_set():
                subject.system.accepted([Envelope(id=str(number), address=MEMBER, accepted_at=START, body=b"late")])
                await trio.lowlevel.checkpoint()


async def _live(run: Any, scope: trio.CancelScope, ended: trio.Event, *, task_status: Any) -> None:  # noqa: ANN401 - a child's run
    with scope:
        await run(task_status=task_status)
    ended.set()
