"""Which partitions are ours, and with which epoch we write to them."""

from runtime.address import PARTITIONS, Address, partition_of
from runtime.committer import Committer
from runtime.store import Claim


class Ownership:
    """The epochs this process claimed. One process owns every partition; the store would refuse a second one."""

    def __init__(self) -> None:
        self._epochs: dict[int, int] = {}

    async def claim(self, committer: Committer, owner: str) -> None:
        """Become the owner of all partitions. ``owner`` names this process for operators."""
        for partition in range(PARTITIONS):
            self._epochs[partition] = await committer.submit(Claim(partition, owner))

    def of(self, address: Address) -> tuple[int, int]:
        """Partition and epoch to write with."""
        partition = partition_of(address)
        return partition, self._epochs[partition]

    @property
    def partitions(self) -> tuple[int, ...]:
        """The partitions that are ours."""
        return tuple(self._epochs)
