"""The handle to an actor, where the whole system does not show it."""

import pytest
import trio
from trio.testing import MockClock

from runtime.memory_store import MemoryStore
from runtime.ref import Applied
from tests.runtime.doubles import MEMBER, kernel


async def test_a_call_with_an_id_taken_before_returns_at_once(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore()) as subject:
        ref = subject.system.ref(MEMBER)
        await ref.call("m", b"hello", limit_seconds=1)
        await ref.call("m", b"hello", limit_seconds=0.001)
        assert await subject.heard() == ["hello"]


async def test_callers_of_one_message_are_told_together_when_it_is_applied() -> None:
    applied = Applied()
    with trio.fail_after(1):
        async with trio.open_nursery() as nursery:
            for _ in range(2):
                nursery.start_soon(applied.expect("m").wait)
            applied.note("m")


async def test_nobody_is_told_of_another_message_or_of_one_they_no_longer_wait_for() -> None:
    applied = Applied()
    event = applied.expect("m")
    applied.note("another")
    applied.forget("m")
    applied.note("m")
    assert not event.is_set()


@pytest.mark.parametrize("forgotten", ["never expected", "m"])
def test_forgetting_twice_is_harmless(forgotten: str) -> None:
    applied = Applied()
    applied.forget(forgotten)
    applied.forget(forgotten)


async def test_a_handle_shows_no_number(autojump_clock: MockClock) -> None:
    async with kernel(MemoryStore()) as subject:
        assert repr(subject.system.ref(MEMBER)) == "<ActorRef member>"
