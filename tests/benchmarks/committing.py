"""What a store takes, through the real committer. A program: ``committing <url> <batch> <seconds> <sleepers>``.

A hundred members commit as actors do: fenced, a snapshot of about 900 bytes, one effect owed, the one before settled;
each its next turn as soon as the last is durable. Then mail is accepted while they go on. At last, in the quiet,
sleepers are woken one by one: what their actors need for a turn is read.

It needs a store that nobody has written to.
"""

import sys
import time
from collections.abc import Callable, Sequence
from statistics import quantiles

import trio

from runtime.address import PARTITIONS, Address, partition_of
from runtime.clock import SystemClock
from runtime.committer import Committer
from runtime.envelope import Envelope
from runtime.store import Accept, Claim, Commit, Load, Owed, Verdict
from runtime.store_url import open_store
from tests.benchmarks import measured
from tests.benchmarks.load import Refused

_SNAPSHOT = bytes(range(256)) * 3 + bytes(132)
_EFFECT = bytes(220)
_BODY = bytes(300)
_MEMBERS = 100
_RATE = 300
"""Accepts a second while others commit: what WhatsApp's smaller limit brings in, several times over."""


class Members:
    """Actors that write as fast as they are let."""

    def __init__(self, committer: Committer, count: int) -> None:
        self.committer = committer
        self.addresses = [Address(f"member:26379{number:07d}") for number in range(count)]
        self.versions = dict.fromkeys(self.addresses, 0)
        self.epochs: list[int] = []
        self.commits = 0

    async def claim(self) -> None:
        """Own everything."""
        self.epochs = [await self.committer.submit(Claim(partition, "benchmark")) for partition in range(PARTITIONS)]

    async def work(self, addresses: Sequence[Address], *, until: Callable[[], bool]) -> None:
        """Each commits turn after turn."""
        async with trio.open_nursery() as nursery:
            for address in addresses:
                nursery.start_soon(self._turns, address, until)

    async def work_once(self, addresses: Sequence[Address]) -> None:
        """Each takes its first turn."""
        async with trio.open_nursery() as nursery:
            for address in addresses:
                nursery.start_soon(self._turn, address, 1)

    async def _turns(self, address: Address, until: Callable[[], bool]) -> None:
        while not until():
            self.versions[address] += 1
            await self._turn(address, self.versions[address])

    async def _turn(self, address: Address, version: int) -> None:
        partition = partition_of(address)
        commit = Commit(
            partition=partition,
            epoch=self.epochs[partition],
            address=address,
            version=version,
            snapshot=_SNAPSHOT,
            owes=(Owed(id=f"{address}/{version}#0", lane="say", body=_EFFECT),),
            settles=(f"{address}/{version - 1}#0",),
        )
        if await self.committer.submit(commit) is not Verdict.DONE:
            raise Refused("a commit was refused")
        self.commits += 1


async def _measure(url: str, batch: int, seconds: float, sleepers: int) -> dict[str, float | str]:
    store = open_store(url)
    committer = Committer(store, batch=batch)
    async with trio.open_nursery() as nursery:
        await nursery.start(committer.run)
        crowd = Members(committer, _MEMBERS)
        await crowd.claim()
        await crowd.work(crowd.addresses, until=_after(seconds / 4))
        found = await _commits(crowd, seconds)
        found |= await _accepts(crowd, seconds)
        found |= await _wakes(crowd, sleepers)
        await committer.close()
    return {**found, "promise": store.durability}


def _after(seconds: float) -> Callable[[], bool]:
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() >= end


async def _commits(crowd: Members, seconds: float) -> dict[str, float]:
    before, flushes = crowd.commits, crowd.committer.statistics().flushes
    cpu, began = measured.cpu_seconds(), time.perf_counter()
    await crowd.work(crowd.addresses, until=_after(seconds))
    took, used = time.perf_counter() - began, measured.cpu_seconds() - cpu
    done = crowd.commits - before
    return {
        "rate": done / took,
        "micros": used / done * 1e6,
        "batch": done / max(1, crowd.committer.statistics().flushes - flushes),
    }


async def _accepts(crowd: Members, seconds: float) -> dict[str, float]:
    """Accepts at a fixed rate while the members commit: each from when it was due."""
    times: list[float] = []
    clock = SystemClock()
    until = _after(seconds)

    async def accept(number: int, due: float) -> None:
        envelope = Envelope(id=f"wa:1:{number}", address=crowd.addresses[0], accepted_at=clock.now(), body=_BODY)
        await crowd.committer.submit(Accept((envelope,)))
        times.append(time.perf_counter() - due)

    async def arrive() -> None:
        start, number = time.perf_counter(), 0
        async with trio.open_nursery() as nursery:
            while not until():
                due = start + number / _RATE
                await trio.sleep(max(0.0, due - time.perf_counter()))
                nursery.start_soon(accept, number, due)
                number += 1

    async with trio.open_nursery() as nursery:
        nursery.start_soon(arrive)
        await crowd.work(crowd.addresses[1:], until=until)
    return _hundredths("accept", times)


async def _wakes(crowd: Members, count: int) -> dict[str, float]:
    """How long until each actor has what it needs. The store's own caches are as warm as they are."""
    sleepers = [Address(f"member:26378{number:07d}") for number in range(count)]
    await crowd.work_once(sleepers)
    times: list[float] = []
    for address in sleepers:
        began = time.perf_counter()
        loaded = await crowd.committer.submit(Load(address=address, limit=64))
        times.append(time.perf_counter() - began)
        if loaded.snapshot is None:
            raise Refused("a member is not there")
    return _hundredths("wake", times)


def _hundredths(name: str, times: Sequence[float]) -> dict[str, float]:
    cuts = quantiles(times, n=100)
    return {f"{name}_p50": cuts[49] * 1000, f"{name}_p99": cuts[98] * 1000}


if __name__ == "__main__":
    measured.tell(**trio.run(_measure, sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])))
