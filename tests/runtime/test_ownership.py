"""Ownership: claiming everything, and fencing off whoever owned it before."""

import pytest
import trio

from runtime.address import PARTITIONS, partition_of
from runtime.committer import Committer
from runtime.errors import StoreUnavailable
from runtime.memory_store import MemoryStore
from runtime.ownership import Ownership
from runtime.store import Commit, Verdict
from tests.runtime.doubles import MEMBER


async def test_every_partition_is_claimed_and_every_address_can_be_written_to() -> None:
    async with trio.open_nursery() as nursery:
        committer = Committer(MemoryStore(), inline=True)
        await nursery.start(committer.run)
        ownership = Ownership()
        assert ownership.partitions == ()
        await ownership.claim(committer, "one")
        assert ownership.partitions == tuple(range(PARTITIONS))
        partition, epoch = ownership.of(MEMBER)
        assert partition == partition_of(MEMBER)
        assert await committer.submit(_write(partition, epoch, version=1)) is Verdict.DONE
        nursery.cancel_scope.cancel()


async def test_a_later_owner_fences_the_earlier_one_off() -> None:
    async with trio.open_nursery() as nursery:
        committer = Committer(MemoryStore(), inline=True)
        await nursery.start(committer.run)
        earlier, later = Ownership(), Ownership()
        await earlier.claim(committer, "one")
        await later.claim(committer, "two")
        assert earlier.of(MEMBER)[0] == later.of(MEMBER)[0]
        assert earlier.of(MEMBER)[1] < later.of(MEMBER)[1]
        assert await committer.submit(_write(*earlier.of(MEMBER), version=1)) is Verdict.FENCED
        assert await committer.submit(_write(*later.of(MEMBER), version=1)) is Verdict.DONE
        nursery.cancel_scope.cancel()


async def test_everything_is_claimed_in_one_flush_so_that_nobody_owns_half() -> None:
    async with trio.open_nursery() as nursery:
        committer = Committer(MemoryStore(), inline=True)
        await nursery.start(committer.run)
        await Ownership().claim(committer, "one")
        assert (committer.statistics().flushes, committer.statistics().largest_batch) == (1, PARTITIONS)
        nursery.cancel_scope.cancel()


async def test_a_store_that_fails_leaves_nothing_claimed() -> None:
    committer, ownership = Committer(MemoryStore()), Ownership()
    with pytest.raises(StoreUnavailable, match="stopped"):
        await ownership.claim(committer, "one")
    assert ownership.partitions == ()


async def test_claiming_again_after_a_crash_inside_goes_on_with_newer_epochs() -> None:
    async with trio.open_nursery() as nursery:
        committer = Committer(MemoryStore(), inline=True)
        await nursery.start(committer.run)
        ownership = Ownership()
        await ownership.claim(committer, "one")
        before = ownership.of(MEMBER)
        await ownership.claim(committer, "one")
        assert await committer.submit(_write(*before, version=1)) is Verdict.FENCED
        assert await committer.submit(_write(*ownership.of(MEMBER), version=1)) is Verdict.DONE
        nursery.cancel_scope.cancel()


def _write(partition: int, epoch: int, *, version: int) -> Commit:
    return Commit(partition=partition, epoch=epoch, address=MEMBER, version=version, snapshot=b"{}")
