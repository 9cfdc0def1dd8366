"""The supervisor, its intensity and its children, in virtual time."""

from collections.abc import Awaitable, Callable
from functools import partial

import pytest
import trio
from trio.testing import MockClock

from runtime.child import Child
from runtime.errors import Escalated, Fenced, StoreUnavailable
from runtime.intensity import Intensity
from runtime.supervisor import Supervisor


def supervisor(limit: int = 100) -> Supervisor:
    return Supervisor(intensity=Intensity(limit=limit, period=60), on_failure=lambda _name, _failure: None)


def nothing() -> None:
    pass


def failing(times: int, error: type[Exception], then: list[str]) -> Callable[[], Awaitable[None]]:
    left = times

    async def call() -> None:
        nonlocal left
        await trio.lowlevel.checkpoint()
        if left:
            left -= 1
            raise error
        then.append("done")

    return call


def test_intensity_forgets_failures_older_than_its_period() -> None:
    intensity = Intensity(limit=2, period=10)
    assert [intensity.count(now) for now in (0, 1, 2)] == [True, True, False]
    assert intensity.count(11.5)
    assert intensity.total == 4


def test_one_source_counts_for_so_much_and_no_more() -> None:
    intensity = Intensity(limit=3, period=10, each=2)
    assert [intensity.count(now, "one") for now in range(5)] == [True] * 5
    assert intensity.total == 5
    assert repr(intensity) == "<Intensity 2/3 in 10 s>"
    assert [intensity.count(5, who) for who in ("another", "a third")] == [True, False]
    assert intensity.count(16, "one"), "what is long ago counts no more"
    assert repr(intensity) == "<Intensity 1/3 in 10 s>"


def test_what_is_nobodys_counts_always() -> None:
    intensity = Intensity(limit=3, period=10, each=1)
    assert [intensity.count(now) for now in range(4)] == [True, True, True, False]


async def test_an_attempt_succeeds_after_failures(autojump_clock: MockClock) -> None:
    done: list[str] = []
    failure = await supervisor().attempt("x", failing(2, ValueError, done), before_retry=nothing)
    assert failure is None
    assert done == ["done"]


async def test_an_attempt_gives_up_after_three_tries_and_says_why(autojump_clock: MockClock) -> None:
    done: list[str] = []
    failure = await supervisor().attempt("x", failing(3, ValueError, done), before_retry=nothing)
    assert isinstance(failure, ValueError)
    assert done == []


async def test_an_unavailable_store_is_waited_for_however_long(autojump_clock: MockClock) -> None:
    done: list[str] = []
    call = failing(500, StoreUnavailable, done)
    assert await supervisor(limit=1).attempt("x", call, before_retry=nothing) is None
    assert done == ["done"]


async def test_being_fenced_is_never_retried() -> None:
    with pytest.raises(Fenced):
        await supervisor().attempt("x", failing(1, Fenced, []), before_retry=nothing)


async def test_too_many_failures_escalate(autojump_clock: MockClock) -> None:
    with pytest.raises(Escalated):
        await supervisor(limit=2).attempt("x", failing(3, ValueError, []), before_retry=nothing)


async def test_one_actor_that_fails_for_ever_does_not_escalate_and_many_do(autojump_clock: MockClock) -> None:
    keeper = Supervisor(intensity=Intensity(limit=10, period=60, each=4), on_failure=lambda _name, _failure: None)

    async def fail(*members: int) -> None:
        for number in members:
            failed = await keeper.attempt("x", failing(3, ValueError, []), before_retry=nothing, whose=f"{number}")
            assert isinstance(failed, ValueError)

    await fail(*[1] * 20)
    with pytest.raises(Escalated):
        await fail(2, 3, 4, 5)


async def test_cancelling_an_attempt_passes_through() -> None:
    with trio.move_on_after(0) as scope:
        await supervisor().attempt("x", trio.sleep_forever, before_retry=nothing)
    assert scope.cancelled_caught


async def _child(name: str, events: list[str], *, task_status: "trio.TaskStatus[None]") -> None:
    events.append(f"{name} up")
    task_status.started()
    try:
        await trio.sleep_forever()
    finally:
        events.append(f"{name} down")


async def test_children_start_in_order_and_stop_in_reverse_order_drained_first(nursery: trio.Nursery) -> None:
    events: list[str] = []
    stop = trio.Event()

    async def drain(name: str) -> None:
        await trio.lowlevel.checkpoint()
        events.append(f"{name} drained")

    children = [
        Child(name, partial(_child, name, events), drain=partial(drain, name)) for name in ("store", "actors", "web")
    ]
    await nursery.start(partial(supervisor().run, children, stop=stop, budget=5))
    assert events == ["store up", "actors up", "web up"]
    stop.set()
    await trio.testing.wait_all_tasks_blocked()
    assert events[3:] == [
        "web drained",
        "web down",
        "actors drained",
        "actors down",
        "store drained",
        "store down",
    ]


async def test_a_drain_that_hangs_ends_with_the_budget(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    events: list[str] = []
    stop = trio.Event()
    children = [Child("actors", partial(_child, "actors", events), drain=trio.sleep_forever)]
    await nursery.start(partial(supervisor().run, children, stop=stop, budget=7))
    stop.set()
    await trio.sleep(6.9)
    assert events == ["actors up"]
    await trio.sleep(0.2)
    assert events == ["actors up", "actors down"]


async def test_a_child_that_crashes_is_restarted(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    starts = 0
    stop = trio.Event()

    async def run(*, task_status: "trio.TaskStatus[None]") -> None:
        nonlocal starts
        starts += 1
        task_status.started()
        if starts < 3:
            raise ValueError("a bug")
        await trio.sleep_forever()

    subject = supervisor()
    await nursery.start(partial(subject.run, [Child("flaky", run)], stop=stop, budget=1))
    await trio.sleep(10)
    stop.set()
    assert starts == 3
    assert subject.failures == 2


async def test_a_child_that_cannot_start_ends_the_start() -> None:
    async def run(*, task_status: "trio.TaskStatus[None]") -> None:
        del task_status
        await trio.lowlevel.checkpoint()
        raise OSError("address in use")

    with pytest.RaisesGroup(OSError, flatten_subgroups=True):
        await supervisor().run([Child("web", run)], stop=trio.Event(), budget=1)


async def test_a_contained_call_is_made_once_and_its_failure_absorbed_and_counted() -> None:
    done: list[str] = []
    keeper = supervisor(limit=1)
    assert isinstance(await keeper.contain("x", failing(1, ValueError, done)), ValueError)
    assert await keeper.contain("x", failing(0, ValueError, done)) is None
    assert (keeper.failures, done) == (1, ["done"])
    with pytest.raises(Escalated):
        await keeper.contain("x", failing(1, ValueError, done))
    with pytest.raises(Fenced):
        await keeper.contain("x", failing(1, Fenced, done))
