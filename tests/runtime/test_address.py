"""Addresses and their partitions: the same for ever, or nothing in a store is found again."""

from collections import Counter

import pytest

from runtime.address import PARTITIONS, Address, partition_of


@pytest.mark.parametrize(
    ("address", "partition"),
    [
        ("member:263771234567", 11),
        ("member:263770000001", 43),
        ("member:ZW.8842017735501942", 43),
        ("channel:whatsapp", 63),
        ("member:\u00e9", 27),
    ],
)
def test_an_address_lies_in_the_same_partition_in_every_version(address: str, partition: int) -> None:
    assert partition_of(Address(address)) == partition


def test_a_store_is_cut_into_as_many_partitions_as_ever() -> None:
    assert PARTITIONS == 64


def test_neighbouring_numbers_spread_over_all_partitions() -> None:
    counts = Counter(partition_of(Address(f"member:{263_770_000_000 + number}")) for number in range(6400))
    assert set(counts) == set(range(PARTITIONS))
    assert max(counts.values()) < 200
