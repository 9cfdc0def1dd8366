"""Who gets which connection, in virtual time and without sockets."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import httpx
import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from actors.transport.limits import Patience
from actors.transport.pool import Pool, Statistics

PATIENT = Patience(inf, inf, inf, inf, inf)
ONE_SECOND = Patience(1, inf, inf, inf, inf)


@dataclass(eq=False)
class Line:
    """A connection that breaks when told to."""

    name: int
    clean: bool = True
    left: bool = False
    good_until: float = inf
    closed: bool = False

    def renew(self, _now: float) -> bool:
        return self.clean

    def expired(self, now: float) -> bool:
        return now >= self.good_until

    def usable(self, now: float) -> bool:
        assert not self.closed
        return now < self.good_until and not self.left

    def close(self) -> None:
        self.closed = True


class Exchange:
    """Makes lines, numbered from 1; ``fails`` of them do not come about."""

    def __init__(self, fails: int = 0) -> None:
        self.made: list[Line] = []
        self.fails = fails

    async def connect(self, _: Patience) -> Line:
        await trio.lowlevel.checkpoint()
        if self.fails:
            self.fails -= 1
            raise httpx.ConnectError("refused")
        self.made.append(Line(len(self.made) + 1))
        return self.made[-1]


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


@pytest.fixture
def pool_of(exchange: Exchange) -> Callable[[int], Pool[Line]]:
    return lambda limit: Pool(exchange.connect, trio.current_time, limit=limit)


MakesPools = Callable[[int], Pool[Line]]


async def test_the_connection_used_last_is_used_next(pool_of: MakesPools) -> None:
    pool = pool_of(3)
    first, second, third = [await pool.take(PATIENT) for _ in range(3)]
    for line in (third, first, second):
        pool.give_back(line)
    assert [await pool.take(PATIENT) for _ in range(3)] == [second, first, third]


async def test_a_connection_whose_peer_left_is_closed_and_the_next_one_taken(pool_of: MakesPools) -> None:
    pool = pool_of(3)
    first, second = [await pool.take(PATIENT) for _ in range(2)]
    pool.give_back(first)
    pool.give_back(second)
    second.left = True
    assert await pool.take(PATIENT) is first
    assert second.closed
    assert pool.statistics() == Statistics(open=1, idle=0, waiting=0, created=2, reused=1)


async def test_the_expired_at_the_bottom_go_when_the_top_is_wanted(
    pool_of: MakesPools,
    autojump_clock: MockClock,
) -> None:
    pool = pool_of(5)
    lines = [await pool.take(PATIENT) for _ in range(5)]
    for line in lines:
        line.good_until = trio.current_time() + (10 if line.name < 4 else 100)
        pool.give_back(line)
    await trio.sleep(10)
    assert await pool.take(PATIENT) is lines[4]
    assert [line.closed for line in lines] == [True, True, True, False, False]
    assert pool.statistics().open == 2


async def test_what_did_not_end_cleanly_is_closed(pool_of: MakesPools) -> None:
    pool = pool_of(1)
    line = await pool.take(PATIENT)
    line.clean = False
    pool.give_back(line)
    assert line.closed
    assert pool.statistics() == Statistics(open=0, idle=0, waiting=0, created=1, reused=0)


async def test_those_in_line_are_served_in_order_and_nobody_overtakes(
    pool_of: MakesPools,
    autojump_clock: MockClock,
) -> None:
    pool = pool_of(1)
    served: list[int] = []

    async def call(number: int) -> None:
        line = await pool.take(PATIENT)
        served.append(number)
        await trio.sleep(1)
        line.clean = number % 3 != 0
        pool.give_back(line)

    async with trio.open_nursery() as nursery:
        for number in range(12):
            nursery.start_soon(call, number)
            await wait_all_tasks_blocked()
    assert served == list(range(12))
    assert pool.statistics() == Statistics(open=1, idle=1, waiting=0, created=5, reused=7)


async def test_a_newcomer_waits_behind_those_in_line(pool_of: MakesPools) -> None:
    pool = pool_of(1)
    line = await pool.take(PATIENT)
    order: list[str] = []

    async def call(name: str) -> None:
        pool.give_back(await pool.take(PATIENT))
        order.append(name)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(call, "early")
        await wait_all_tasks_blocked()
        pool.give_back(line)
        nursery.start_soon(call, "late")
    assert order == ["early", "late"]


async def test_waiting_has_an_end_and_leaves_no_trace(
    pool_of: MakesPools,
    autojump_clock: MockClock,
) -> None:
    pool = pool_of(1)
    line = await pool.take(PATIENT)
    begun = trio.current_time()
    with pytest.raises(httpx.PoolTimeout):
        await pool.take(ONE_SECOND)
    assert trio.current_time() - begun == 1
    with trio.move_on_after(2):
        await pool.take(PATIENT)
    assert pool.statistics().waiting == 0
    pool.give_back(line)
    assert await pool.take(PATIENT) is line


async def test_the_end_of_the_whole_call_ends_waiting_too(
    pool_of: MakesPools,
    autojump_clock: MockClock,
) -> None:
    pool = pool_of(1)
    await pool.take(PATIENT)
    begun = trio.current_time()
    with pytest.raises(httpx.PoolTimeout):
        await pool.take(Patience(10, inf, inf, inf, begun + 3))
    assert trio.current_time() - begun == 3


async def test_a_connection_handed_over_at_the_moment_of_cancellation_is_not_lost(pool_of: MakesPools) -> None:
    pool = pool_of(1)
    line = await pool.take(PATIENT)
    scope = trio.CancelScope()

    async def call() -> None:
        with scope:
            pool.give_back(await pool.take(PATIENT))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(call)
        await wait_all_tasks_blocked()
        pool.give_back(line)
        scope.cancel()
    assert pool.statistics() == Statistics(open=1, idle=1, waiting=0, created=1, reused=1)


async def test_a_connection_that_breaks_between_hand_and_hand_is_replaced(
    pool_of: MakesPools, exchange: Exchange
) -> None:
    pool = pool_of(1)
    line = await pool.take(PATIENT)

    async def call() -> None:
        taken = await pool.take(PATIENT)
        assert taken is exchange.made[1]
        pool.give_back(taken)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(call)
        await wait_all_tasks_blocked()
        pool.give_back(line)
        line.left = True
    assert line.closed
    assert pool.statistics() == Statistics(open=1, idle=1, waiting=0, created=2, reused=0)


async def test_a_failure_to_connect_passes_the_slot_on(pool_of: MakesPools, exchange: Exchange) -> None:
    pool = pool_of(1)
    line = await pool.take(PATIENT)
    line.clean = False
    exchange.fails = 1
    outcomes: list[str] = []

    async def call() -> None:
        try:
            await pool.take(PATIENT)
        except httpx.ConnectError:
            outcomes.append("failed")
        else:
            outcomes.append("connected")

    async with trio.open_nursery() as nursery:
        for _ in range(2):
            nursery.start_soon(call)
            await wait_all_tasks_blocked()
        pool.give_back(line)
    assert outcomes == ["failed", "connected"]
    assert pool.statistics() == Statistics(open=1, idle=0, waiting=0, created=2, reused=0)


async def test_cancelled_while_connecting_it_holds_nothing(pool_of: MakesPools) -> None:
    pool = pool_of(1)
    with trio.CancelScope() as scope:
        scope.cancel()
        await pool.take(PATIENT)
    assert pool.statistics() == Statistics()


async def test_closed_it_refuses_newcomers_and_serves_those_in_line(pool_of: MakesPools) -> None:
    pool = pool_of(2)
    busy, idle = [await pool.take(PATIENT) for _ in range(2)]
    pool.give_back(idle)
    pool.close()
    assert idle.closed
    assert not busy.closed
    pool.give_back(busy)
    assert busy.closed
    with pytest.raises(httpx.ConnectError, match="closed"):
        await pool.take(PATIENT)
    assert pool.statistics().open == 0
