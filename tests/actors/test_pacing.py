"""Callers of credex-core who wait for their turn, in virtual time."""

import trio
from trio.testing import MockClock

from actors.pacing import UNSAID_SECONDS, SharedPace
from credex.pace import Purpose
from runtime.budget import Budget


async def test_callers_leave_in_turn_and_those_who_cannot_are_told_at_once(autojump_clock: MockClock) -> None:
    pace = SharedPace(Budget(calls=2, period=60))
    began = trio.current_time()
    left: list[tuple[Purpose, float]] = []

    async def call(purpose: Purpose) -> None:
        assert await pace.leave(purpose, began + 100)
        left.append((purpose, trio.current_time() - began))

    async with trio.open_nursery() as nursery:
        for purpose in (Purpose.READING, Purpose.LOGIN, Purpose.LOGIN, Purpose.SETTLING):
            nursery.start_soon(call, purpose)
            await trio.sleep(1)
        nursery.start_soon(call, Purpose.MONEY)
        await trio.sleep(1)
        assert pace.statistics().waiting == {Purpose.LOGIN: 1, Purpose.SETTLING: 1, Purpose.MONEY: 1}
        nursery.cancel_scope.deadline = began + 70
    assert left == [(Purpose.READING, 0), (Purpose.LOGIN, 1), (Purpose.MONEY, 60), (Purpose.SETTLING, 61)]
    assert pace.statistics().waiting == {}, "the one that was cancelled has left the queue"
    now = trio.current_time()
    assert not await pace.leave(Purpose.MONEY, now + 1)
    assert trio.current_time() == now


async def test_who_is_overtaken_hears_at_their_own_limit_at_the_latest(autojump_clock: MockClock) -> None:
    pace = SharedPace(Budget(calls=1, period=10))
    began = trio.current_time()
    assert await pace.leave(Purpose.LOGIN, began)
    heard: list[bool] = []

    async def log_in() -> None:
        heard.append(await pace.leave(Purpose.LOGIN, began + 15))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(log_in)
        await trio.sleep(1)
        assert await pace.leave(Purpose.MONEY, began + 15)
    assert heard == [False]
    assert trio.current_time() == began + 15


async def test_a_429_to_one_holds_the_others_back_and_they_do_not_come_back_at_once(autojump_clock: MockClock) -> None:
    pace = SharedPace(Budget())
    began = trio.current_time()
    pace.turned_away(None)
    moments: list[float] = []

    async def call() -> None:
        assert await pace.leave(Purpose.LOGIN, began + 60)
        moments.append(trio.current_time() - began)

    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(call)
    assert moments == [UNSAID_SECONDS + second for second in (0, 1, 1, 2, 2)]
