"""Where an actor is found: ``Address`` names it for ever, ``partition_of`` says who may own it."""

from typing import NewType
from zlib import crc32

Address = NewType("Address", str)
"""``<kind>:<name>``, for example ``member:263771234567``."""

PARTITIONS = 64
"""How many partitions a store is cut into. Fixed for the life of a store: it decides where everything lies."""


def partition_of(address: Address) -> int:
    """The partition, ``0 … PARTITIONS - 1``; the same in every process and version."""
    return crc32(address.encode()) % PARTITIONS
