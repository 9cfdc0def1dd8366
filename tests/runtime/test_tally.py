"""The count of tasks under way."""

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from runtime.tally import Tally


async def test_nothing_under_way_is_not_waited_for() -> None:
    with trio.fail_after(0):
        await Tally().zero()


async def test_a_task_counts_from_its_promise_to_its_end(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    tally = Tally()
    tally.spawn(nursery, trio.sleep, 5)
    tally.spawn(nursery, trio.sleep, 9)
    assert tally.count == 2
    await trio.sleep(7)
    assert tally.count == 1
    await tally.zero()
    assert trio.current_time() == 9


async def test_a_task_begun_by_the_last_one_is_waited_for_too(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    tally = Tally()

    async def begets() -> None:
        await trio.sleep(1)
        tally.spawn(nursery, trio.sleep, 10)

    tally.spawn(nursery, begets)
    await tally.zero()
    assert trio.current_time() == 11


async def test_a_task_promised_before_the_waiting_hear_of_zero_is_waited_for_too(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    tally = Tally()
    ends: list[float] = []

    async def wait() -> None:
        await tally.zero()
        ends.append(trio.current_time())

    tally.count += 1
    nursery.start_soon(wait)
    await wait_all_tasks_blocked()
    await tally._counted(_nothing, ())
    tally.spawn(nursery, trio.sleep, 4)
    await trio.sleep(20)
    assert ends == [4]


async def _nothing() -> None:
    """Over at once, without letting anybody else run."""


async def test_everybody_who_waits_is_woken(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    tally = Tally()
    tally.spawn(nursery, trio.sleep, 1)
    with trio.fail_after(2):
        async with trio.open_nursery() as waiting:
            for _ in range(3):
                waiting.start_soon(tally.zero)


async def test_giving_up_waiting_leaves_it_to_be_waited_for_again(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    tally = Tally()
    tally.spawn(nursery, trio.sleep, 5)
    with trio.move_on_after(1):
        await tally.zero()
    await tally.zero()
    assert trio.current_time() == 5


async def test_a_task_that_breaks_or_is_cancelled_counts_no_more(autojump_clock: MockClock) -> None:
    tally = Tally()

    async def breaks() -> None:
        await trio.sleep(1)
        raise ValueError("as told")

    with pytest.RaisesGroup(pytest.RaisesExc(ValueError, match="as told")):
        async with trio.open_nursery() as nursery:
            tally.spawn(nursery, breaks)
            tally.spawn(nursery, trio.sleep_forever)
    assert tally.count == 0
    with trio.fail_after(0):
        await tally.zero()
