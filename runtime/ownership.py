"""Which partitions are ours, and with which epoch we write to them."""

import trio

from runtime.address import PARTITIONS, Address, partition_of
from runtime.committer import Committer
from runtime.errors import StoreUnavailable
from runtime.store import Claim


class Ownership:
    """The epochs this process claimed. One process owns every partition; the store would refuse a second one."""

    def __init__(self) -> None:
        self._epochs: dict[int, int] = {}

    async def claim(self, committer: Committer, owner: str) -> None:
        """Become the owner of all partitions, or of none. ``owner`` names this process for operators.

        They are claimed in one flush: a start waits for the disk once, and of two processes that start together one
        owns everything. Raises ``StoreUnavailable``.
        """
        claimed: dict[int, int] = {}
        failures: list[StoreUnavailable] = []

        async def claim(partition: int) -> None:
            try:
                claimed[partition] = await committer.submit(Claim(partition, owner))
            except StoreUnavailable as failure:
                failures.append(failure)

        async with trio.open_nursery() as nursery:
            for partition in range(PARTITIONS):
                nursery.start_soon(claim, partition)
        if failures:
            raise failures[0]
        self._epochs = dict(sorted(claimed.items()))

    def of(self, address: Address) -> tuple[int, int]:
        """Partition and epoch to write with."""
        partition = partition_of(address)
        return partition, self._epochs[partition]

    @property
    def partitions(self) -> tuple[int, ...]:
        """The partitions that are ours."""
        return tuple(self._epochs)
