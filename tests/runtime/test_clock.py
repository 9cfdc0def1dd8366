"""Clocks: aware, in UTC, and a virtual one that follows Trio's."""

import time
from datetime import UTC, datetime, timedelta

import trio
from trio.testing import MockClock

from runtime.clock import SystemClock, VirtualClock

START = datetime(2026, 9, 20, 10, tzinfo=UTC)


def test_the_machines_time_is_aware_and_in_utc() -> None:
    before = time.time_ns() / 1e9
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(0)
    assert before - 1 < now.timestamp() < time.time_ns() / 1e9 + 1


async def test_virtual_time_begins_where_it_is_told_and_runs_with_trios(autojump_clock: MockClock) -> None:
    await trio.sleep(1000)
    clock = VirtualClock(START)
    assert clock.now() == START
    await trio.sleep(43_200.5)
    assert clock.now() == START + timedelta(hours=12, milliseconds=500)


async def test_virtual_time_stands_still_while_nobody_sleeps(autojump_clock: MockClock) -> None:
    clock = VirtualClock(START)
    assert {clock.now() for _ in range(100)} == {START}
