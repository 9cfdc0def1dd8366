"""The intake where the whole system does not show it: what is stored with the messages, and a store that hangs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import trio
from trio.testing import MockClock

from runtime.committer import Committer
from runtime.envelope import Envelope
from runtime.errors import Closed, StoreUnavailable
from runtime.intake import Intake
from runtime.memory_store import MemoryStore
from runtime.store import Count, DeadLetter, Deliveries, Delivery, Letters
from tests.runtime.doubles import MEMBER, START

HELLO = Envelope(id="m", address=MEMBER, accepted_at=START, body=b"hello")
SENT = Delivery(id="wamid.1", rank=0, status="sent", at=START)
LETTER = DeadLetter(id="l", address=MEMBER, at=START, cause="poison", body=b"?")


class Hanging(Committer):
    """A committer whose store never answers."""

    async def submit(self, operation: object) -> object:  # type: ignore[override]  # whatever it is, it hangs
        del operation
        await trio.sleep_forever()


@asynccontextmanager
async def intake(store: MemoryStore) -> AsyncIterator[Intake]:
    async with trio.open_nursery() as nursery:
        committer = Committer(store, inline=True)
        await nursery.start(committer.run)
        yield Intake(committer)
        nursery.cancel_scope.cancel()


async def test_messages_reports_and_letters_of_one_delivery_are_all_stored() -> None:
    store = MemoryStore()
    async with intake(store) as subject:
        assert await subject.accept([HELLO], reports=[SENT], letters=[LETTER]) == 1
        [deliveries, letters] = store.run([Deliveries(("wamid.1",)), Letters(5)])
        assert (deliveries, letters) == ((SENT,), (LETTER,))
        assert (subject.accepted, subject.duplicates) == (1, 0)


async def test_a_delivery_without_messages_counts_none() -> None:
    store = MemoryStore()
    async with intake(store) as subject:
        assert await subject.accept([], reports=[SENT]) == 0
        assert (subject.accepted, subject.duplicates) == (0, 0)
        [count] = store.run([Count()])
        assert (count.waiting, count.deliveries) == (0, 1)


async def test_the_same_message_twice_in_one_delivery_is_one() -> None:
    async with intake(MemoryStore()) as subject:
        assert await subject.accept([HELLO, HELLO]) == 1
        assert (subject.accepted, subject.duplicates) == (1, 1)


async def test_a_store_that_hangs_is_unavailable_after_the_limit_even_for_a_caller_that_hung_up(
    autojump_clock: MockClock,
) -> None:
    subject = Intake(Hanging(MemoryStore()), limit_seconds=5)
    with trio.CancelScope() as scope:
        scope.cancel()
        with pytest.raises(StoreUnavailable, match="5 s"):
            await subject.accept([HELLO])
    assert trio.current_time() == 5
    assert subject.accepted == 0


async def test_a_closed_intake_takes_nothing_at_all() -> None:
    store = MemoryStore()
    async with intake(store) as subject:
        subject.close()
        with pytest.raises(Closed):
            await subject.accept([HELLO], reports=[SENT], letters=[LETTER])
        [count] = store.run([Count()])
        assert (count.waiting, count.deliveries, count.dead) == (0, 0, 0)


async def test_of_all_that_come_with_one_name_the_first_stands() -> None:
    store = MemoryStore()
    async with intake(store) as subject:
        told = []

        async def name(mark: str) -> None:
            told.append(await subject.first("key", mark, at=START))

        async with trio.open_nursery() as nursery:
            for mark in ("a", "b", "c"):
                nursery.start_soon(name, mark)
        assert len(set(told)) == 1
        assert await subject.first("key", "d", at=START + timedelta(days=7)) == told[0]
        assert await subject.first("another", "d", at=START) == "d"


async def test_a_name_is_not_taken_when_the_store_hangs_or_the_door_is_closed(autojump_clock: MockClock) -> None:
    subject = Intake(Hanging(MemoryStore()), limit_seconds=5)
    with pytest.raises(StoreUnavailable, match="not stored within 5 s"):
        await subject.first("key", "a", at=START)
    subject.close()
    with pytest.raises(Closed):
        await subject.first("key", "a", at=START)
