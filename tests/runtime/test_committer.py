"""The committer: what is batched, who is told what and when, and what failing, cancelling and stopping mean."""

import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from runtime.address import Address
from runtime.committer import Committer
from runtime.envelope import Envelope
from runtime.errors import StoreUnavailable
from runtime.memory_store import MemoryStore
from runtime.store import Accept, Backlog, Claim, Load, Operation

ANNA = Address("member:263770000001")
NOW = datetime(2031, 5, 4, tzinfo=UTC)


class FakeStore(MemoryStore):
    """A memory store that can be held up, can fail before or after writing, and notes what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[Operation[Any]]] = []
        self.threads: set[int] = set()
        self.calls: list[str] = []
        self.fails_before: BaseException | None = None
        self.fails_after: BaseException | None = None
        self.entered = threading.Semaphore(0)
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.alone = threading.Lock()

    def open(self) -> None:
        self.calls.append("open")
        self._fail("fails_before")
        super().open()

    def close(self) -> None:
        self.calls.append("close")
        super().close()

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        assert self.alone.acquire(blocking=False), "two threads in the store"
        try:
            self.batches.append(list(operations))
            self.threads.add(threading.get_ident())
            self.entered.release()
            assert self.goes_on.wait(5)
            self._fail("fails_before")
            results = super().run(operations)
            self._fail("fails_after")
            return results
        finally:
            self.alone.release()

    def _fail(self, name: str) -> None:
        failure = getattr(self, name)
        setattr(self, name, None)
        if failure is not None:
            raise failure


def mail(*ids: str, address: Address = ANNA) -> Accept:
    return Accept(tuple(Envelope(id=id_, address=address, accepted_at=NOW, body=b"hi") for id_ in ids))


@asynccontextmanager
async def running(committer: Committer) -> AsyncIterator[trio.Nursery]:
    """The committer runs in a nursery, which is cancelled at the end."""
    async with trio.open_nursery() as nursery:
        await nursery.start(lambda task_status: committer.run(task_status=task_status))
        yield nursery
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def held_up(store: FakeStore, committer: Committer, nursery: trio.Nursery) -> AsyncIterator[None]:
    """Inside, a flush of one operation is under way and does not come back."""
    store.goes_on.clear()
    nursery.start_soon(committer.submit, Claim(0, "first"))
    await trio.to_thread.run_sync(store.entered.acquire)
    try:
        yield
    finally:
        store.goes_on.set()


async def submitted(committer: Committer, operation: Operation[Any], results: list[Any]) -> None:
    """Submit, and note the result or the refusal."""
    try:
        results.append(await committer.submit(operation))
    except StoreUnavailable as error:
        results.append(error)


def id_of(envelopes: Sequence[Envelope]) -> list[str]:
    return [envelope.id for envelope in envelopes]


async def test_each_submitter_gets_the_result_of_its_own_operation() -> None:
    committer = Committer(FakeStore())
    async with running(committer):
        epoch = await committer.submit(Claim(5, "a"))
        new = await committer.submit(mail("m1", "m2"))
        assert epoch == 1
        assert id_of(new) == ["m1", "m2"]


async def test_what_queues_while_a_flush_runs_goes_out_as_one_batch_in_the_order_of_submission() -> None:
    store = FakeStore()
    committer = Committer(store)
    async with running(committer) as nursery:
        async with held_up(store, committer, nursery):
            for number in range(1, 6):
                nursery.start_soon(committer.submit, Claim(number, "x"))
                await wait_all_tasks_blocked()
        await committer.drain()
    assert store.batches[1:] == [[Claim(number, "x") for number in range(1, 6)]]


async def test_a_batch_is_never_larger_than_its_bound() -> None:
    store = FakeStore()
    committer = Committer(store, batch=3)
    async with running(committer) as nursery:
        async with held_up(store, committer, nursery):
            for number in range(7):
                nursery.start_soon(committer.submit, Claim(number, "x"))
            await wait_all_tasks_blocked()
        await committer.drain()
    assert [len(batch) for batch in store.batches] == [1, 3, 3, 1]
    assert committer.statistics().largest_batch == 3


async def test_a_hundred_submitters_at_once_share_few_flushes() -> None:
    store = FakeStore()
    committer = Committer(store)
    async with running(committer), trio.open_nursery() as submitters:
        for number in range(100):
            submitters.start_soon(committer.submit, Claim(number, "x"))
    assert sum(len(batch) for batch in store.batches) == 100
    assert len(store.batches) <= 3


async def test_new_envelopes_are_told_in_sequence_before_any_submitter_of_the_flush_wakes() -> None:
    store, told = FakeStore(), list[Any]()
    committer = Committer(store, on_accepted=lambda envelopes: told.append(list(envelopes)))
    async with running(committer) as nursery:
        async with held_up(store, committer, nursery):
            for operation in (mail("m1", "m2"), Backlog(0), mail("m2"), mail("m2", "m3")):
                nursery.start_soon(submitted, committer, operation, told)
                await wait_all_tasks_blocked()
        await committer.drain()
        await wait_all_tasks_blocked()
    first, *others = told
    assert [(one.id, one.sequence) for one in first] == [("m1", 1), ("m2", 2), ("m3", 3)]
    assert len(others) == 4


async def test_nobody_is_told_of_envelopes_known_before() -> None:
    told: list[Any] = []
    committer = Committer(FakeStore(), on_accepted=told.append)
    async with running(committer):
        await committer.submit(mail("m1"))
        assert await committer.submit(mail("m1")) == ()
        assert await committer.submit(Accept(())) == ()
    assert len(told) == 1


async def test_a_failed_flush_fails_each_of_its_submitters_and_the_loop_goes_on() -> None:
    store, results = FakeStore(), list[Any]()
    committer = Committer(store)
    async with running(committer) as nursery:
        async with held_up(store, committer, nursery):
            pass
        await committer.drain()
        cause = store.fails_before = StoreUnavailable("the disk is full")
        async with trio.open_nursery() as submitters:
            for number in (1, 2):
                submitters.start_soon(submitted, committer, Claim(number, "x"), results)
        assert await committer.submit(Claim(1, "x")) == 1
    one, other = results
    assert one is not other
    assert str(one) == str(other) == "the disk is full"
    assert one.__cause__ is other.__cause__ is cause
    assert committer.statistics().failures == 1


async def test_envelopes_that_a_failed_flush_wrote_after_all_are_told_once_and_before_later_ones() -> None:
    store, told = FakeStore(), list[str]()
    committer = Committer(store, on_accepted=lambda envelopes: told.extend(id_of(envelopes)))
    async with running(committer):
        await committer.submit(mail("m0"))
        store.fails_after = StoreUnavailable("no answer")
        with pytest.raises(StoreUnavailable):
            await committer.submit(mail("m1", "m2"))
        assert told == ["m0"]
        new = await committer.submit(mail("m1", "m2", "m3"))
        assert id_of(new) == ["m3"]
        assert told == ["m0", "m1", "m2", "m3"]
        await committer.submit(mail("m4"))
        assert told[4:] == ["m4"]


async def test_envelopes_that_a_failed_flush_did_not_write_are_told_when_they_come_again() -> None:
    store, told = FakeStore(), list[str]()
    committer = Committer(store, on_accepted=lambda envelopes: told.extend(id_of(envelopes)))
    async with running(committer):
        for _ in range(2):
            store.fails_before = StoreUnavailable("no answer")
            with pytest.raises(StoreUnavailable):
                await committer.submit(mail("m1"))
        await committer.submit(Backlog(0))
        assert told == []
        await committer.submit(mail("m1"))
        assert told == ["m1"]


async def test_many_envelopes_in_doubt_are_looked_for_in_batches_and_no_more_are_taken_than_can_be() -> None:
    told: list[Envelope] = []
    store = FakeStore()
    committer = Committer(store, on_accepted=told.extend, batch=10, limit=25)
    many = [mail(f"m{number}", address=Address(f"member:{number}")).envelopes[0] for number in range(25)]
    async with running(committer):
        store.fails_after = StoreUnavailable("no answer")
        with pytest.raises(StoreUnavailable, match="no answer"):
            await committer.submit(Accept(tuple(many)))
        with pytest.raises(StoreUnavailable, match="busy"):
            await committer.submit(mail("one too many"))
        store.batches.clear()
        await committer.submit(Claim(0, "a"))
    assert [len(batch) for batch in store.batches] == [10, 10, 5, 1]
    assert sorted(id_of(told)) == sorted(f"m{number}" for number in range(25))


async def test_envelopes_in_doubt_are_looked_for_again_after_the_next_run_begins() -> None:
    store, told = FakeStore(), list[str]()
    committer = Committer(store, on_accepted=lambda envelopes: told.extend(id_of(envelopes)))
    bug = store.fails_after = ValueError("a bug")
    async with trio.open_nursery() as nursery:
        await nursery.start(_running_until, bug, committer)
        await submitted(committer, mail("m1"), [])
    async with running(committer):
        await committer.submit(Backlog(0))
    assert told == ["m1"]


async def test_a_bug_goes_up_as_it_is_after_everybody_waiting_was_told_the_store_is_unavailable() -> None:
    store, results = FakeStore(), list[Any]()
    committer = Committer(store, batch=1)
    bug = ValueError("a bug")
    async with trio.open_nursery() as nursery:
        await nursery.start(_running_until, bug, committer)
        store.goes_on.clear()
        for number in range(3):
            nursery.start_soon(submitted, committer, Claim(number, "x"), results)
        await trio.to_thread.run_sync(store.entered.acquire)
        store.fails_before = bug
        store.goes_on.set()
    assert [str(result) for result in results] == ["stopped"] * 3
    assert store.calls == ["open", "close"]
    with pytest.raises(StoreUnavailable, match="stopped"):
        await committer.submit(Claim(1, "x"))


async def _running_until(bug: Exception, committer: Committer, *, task_status: "trio.TaskStatus[None]") -> None:
    with pytest.raises(type(bug)) as caught:
        await committer.run(task_status=task_status)
    assert caught.value is bug


async def test_a_listener_that_breaks_is_a_bug_too() -> None:
    def broken(_: Sequence[Envelope]) -> None:
        raise ValueError("a bug")

    committer, results = Committer(FakeStore(), on_accepted=broken), list[Any]()
    with pytest.RaisesGroup(ValueError):
        async with running(committer):
            await submitted(committer, mail("m1"), results)
    assert isinstance(results[0], StoreUnavailable)


async def test_an_operation_cancelled_while_it_queues_is_never_run() -> None:
    store = FakeStore()
    committer = Committer(store)
    async with running(committer) as nursery:
        async with held_up(store, committer, nursery):
            with trio.CancelScope() as scope:
                nursery.start_soon(committer.submit, Claim(2, "kept"))
                await wait_all_tasks_blocked()
                scope.cancel()
                await committer.submit(Claim(1, "taken back"))
            assert scope.cancelled_caught
            assert committer.statistics().queued == 1
        await committer.drain()
    assert store.batches == [[Claim(0, "first")], [Claim(2, "kept")]]


async def test_an_operation_cancelled_in_its_flush_is_written_and_its_envelopes_are_told() -> None:
    store, told = FakeStore(), list[str]()
    committer = Committer(store, on_accepted=lambda envelopes: told.extend(id_of(envelopes)))
    async with running(committer) as nursery:
        store.goes_on.clear()
        async with trio.open_nursery() as submitters:
            submitters.start_soon(committer.submit, mail("m1"))
            await trio.to_thread.run_sync(store.entered.acquire)
            submitters.cancel_scope.cancel()
        assert told == []
        store.goes_on.set()
        await committer.drain()
        assert told == ["m1"]
        assert id_of((await committer.submit(Load(address=ANNA, limit=1))).envelopes) == ["m1"]
        nursery.cancel_scope.cancel()


async def test_a_full_queue_refuses_at_once() -> None:
    store = FakeStore()
    committer = Committer(store, limit=2)
    async with running(committer) as nursery:
        async with held_up(store, committer, nursery):
            for number in (1, 2):
                nursery.start_soon(committer.submit, Claim(number, "x"))
            await wait_all_tasks_blocked()
            with pytest.raises(StoreUnavailable, match="busy"):
                await committer.submit(Claim(3, "x"))
            assert repr(committer) == "<Committer 2/2 queued, 0 flushes>"
        await committer.drain()
        assert await committer.submit(Claim(3, "x")) == 1


async def test_without_a_run_every_operation_is_refused() -> None:
    committer = Committer(FakeStore())
    with pytest.raises(StoreUnavailable, match="stopped"):
        await committer.submit(Claim(1, "x"))
    async with running(committer):
        await committer.submit(Claim(1, "x"))
    with pytest.raises(StoreUnavailable, match="stopped"):
        await committer.submit(Claim(1, "x"))
    await committer.drain()


async def test_draining_waits_for_the_flush_under_way_and_for_all_that_queues() -> None:
    store = FakeStore()
    committer = Committer(store, batch=1)
    drained = trio.Event()

    async def drain() -> None:
        await committer.drain()
        drained.set()

    async with running(committer) as nursery:
        await committer.drain()
        async with held_up(store, committer, nursery):
            nursery.start_soon(committer.submit, Claim(1, "x"))
            nursery.start_soon(drain)
            await wait_all_tasks_blocked()
            assert not drained.is_set()
        await drained.wait()
        assert len(store.batches) == 2


async def test_closing_flushes_what_queues_refuses_the_rest_and_ends_the_run() -> None:
    store, results = FakeStore(), list[Any]()
    committer = Committer(store, batch=1)
    async with trio.open_nursery() as nursery:
        await nursery.start(lambda task_status: committer.run(task_status=task_status))
        async with held_up(store, committer, nursery):
            for number in (1, 2):
                nursery.start_soon(submitted, committer, Claim(number, "x"), results)
            await wait_all_tasks_blocked()
            nursery.start_soon(committer.close)
            await wait_all_tasks_blocked()
            with pytest.raises(StoreUnavailable, match="stopped"):
                await committer.submit(Claim(3, "x"))
        await committer.close()
        await committer.close()
        assert store.calls == ["open", "close"]
    assert results == [1, 1]


async def test_a_cancelled_run_finishes_its_flush_and_refuses_what_queues() -> None:
    store, flying, queued = FakeStore(), list[Any](), list[Any]()
    committer, scope = Committer(store), trio.CancelScope()

    async def run(*, task_status: "trio.TaskStatus[None]") -> None:
        with scope:
            await committer.run(task_status=task_status)

    async with trio.open_nursery() as nursery:
        await nursery.start(run)
        store.goes_on.clear()
        nursery.start_soon(submitted, committer, Claim(1, "x"), flying)
        await trio.to_thread.run_sync(store.entered.acquire)
        nursery.start_soon(submitted, committer, Claim(2, "x"), queued)
        await wait_all_tasks_blocked()
        scope.cancel()
        await wait_all_tasks_blocked()
        assert (flying, queued, store.calls) == ([], [], ["open"])
        store.goes_on.set()
    assert scope.cancelled_caught
    assert flying == [1]
    assert [str(error) for error in queued] == ["stopped"]
    assert store.calls == ["open", "close"]


async def test_a_store_that_does_not_come_back_is_left_behind(autojump_clock: MockClock) -> None:
    store = FakeStore()
    committer = Committer(store, patience_seconds=30)
    clock_at_start = trio.current_time()
    store.goes_on.clear()
    async with trio.open_nursery() as nursery:
        await nursery.start(partial(_run_despite_the_clock, committer, autojump_clock))
        with pytest.raises(StoreUnavailable, match="no answer within 30 s"):
            await committer.submit(Claim(1, "x"))
        assert trio.current_time() - clock_at_start == 30
        autojump_clock.autojump_threshold = float("inf")
        results: list[Any] = []
        nursery.start_soon(submitted, committer, Claim(1, "x"), results)
        await wait_all_tasks_blocked()
        assert committer._thread.statistics().tasks_waiting == 1
        store.goes_on.set()
        await committer.close()
    assert results == [2]


async def _run_despite_the_clock(
    committer: Committer, clock: MockClock, *, task_status: "trio.TaskStatus[None]"
) -> None:
    """Open while the virtual clock stands: it would run ahead of the thread."""
    clock.autojump_threshold = float("inf")
    async with trio.open_nursery() as nursery:
        await nursery.start(lambda task_status: committer.run(task_status=task_status))
        clock.autojump_threshold = 0
        task_status.started()


async def test_the_store_is_called_in_another_thread_by_one_at_a_time() -> None:
    store = FakeStore()
    committer = Committer(store, batch=1)
    async with running(committer), trio.open_nursery() as submitters:
        for number in range(20):
            submitters.start_soon(committer.submit, Claim(number, "x"))
    assert threading.get_ident() not in store.threads


async def test_inline_the_store_is_called_in_this_thread_and_still_in_batches(autojump_clock: MockClock) -> None:
    store = FakeStore()
    committer = Committer(store, inline=True)
    before = trio.current_time()
    async with running(committer), trio.open_nursery() as submitters:
        for number in range(50):
            submitters.start_soon(committer.submit, Claim(number, "x"))
    assert store.threads == {threading.get_ident()}
    assert len(store.batches) == 1
    assert trio.current_time() == before
    assert autojump_clock.autojump_threshold == 0


async def test_a_store_that_cannot_be_opened_ends_the_run_with_its_reason() -> None:
    store = FakeStore()
    committer = Committer(store)
    store.fails_before = StoreUnavailable("its directory is missing")
    with pytest.raises(StoreUnavailable, match="its directory is missing"):
        await committer.run()
    await committer.close()
    async with running(committer):
        assert await committer.submit(Claim(1, "x")) == 1


async def test_statistics_count_flushes_and_operations() -> None:
    store = FakeStore()
    committer = Committer(store)
    async with running(committer):
        await committer.submit(Claim(1, "x"))
        await committer.submit(Claim(1, "x"))
        await committer.drain()
    figures = committer.statistics()
    assert (figures.queued, figures.flushes, figures.operations, figures.largest_batch) == (0, 2, 2, 1)
    assert 0 < figures.last_seconds <= figures.longest_seconds
