"""What a member's actor holds in memory: live and idle, and dormant. A program: ``memory <members> <resident|traced>``.

Resident memory is what counts, and shows only on the way up, since Python seldom gives back. So a second process counts
Python's own allocations, and shows that nothing is left of an actor that was passivated.
"""

import gc
import sys
import tracemalloc
from collections.abc import Callable

import trio

from tests.benchmarks import kernel, measured, people
from tests.benchmarks.lab import Lab
from tests.benchmarks.subject import told
from tests.benchmarks.table import Findings, Row

_AIM = 2048
_NOTHING = 48
"""Bytes a member that are taken for none: the registry's table stays as wide as it was until more members come."""


async def benchmark(lab: Lab) -> Findings:
    """Bytes an actor."""
    members = lab.size.members
    resident = await told("memory", str(members), "resident")
    traced = await told("memory", str(members), "traced")
    live = Row(
        what=f"memory of a live idle actor, {members:,} members, each with its snapshot",
        figure=f"{resident['live']:,.0f} B resident",
        beside=f"{traced['live']:,.0f} B counted; snapshot {traced['snapshot']:,.0f} B",
        ratio=resident["live"] / _AIM,
        aim=f"{_AIM:,} B",
        met=resident["live"] <= _AIM,
    )
    dormant = Row(
        what="memory of a dormant member, after passivation",
        figure=f"{traced['dormant']:,.1f} B counted",
        aim="nothing",
        met=traced["dormant"] < _NOTHING,
    )
    return Findings((live, dormant))


async def _measure(members: int, held: Callable[[], int], snapshot: bytes) -> dict[str, float]:
    async with kernel.crowded(members, snapshot) as crowd:
        crowd.peers, everybody = crowd.peers[:100], crowd.peers
        await crowd.deliver(crowd.help_from_all())  # whatever is made once is made now
        _passivate(crowd)
        crowd.peers = everybody
        before = _held(held)
        for start in range(0, members, 100):
            crowd.peers = everybody[start : start + 100]
            await crowd.deliver(crowd.help_from_all())
        live = _held(held)
        _passivate(crowd)
        dormant = _held(held)
    return {
        "live": (live - before) / members,
        "dormant": (dormant - before) / members,
        "snapshot": float(len(snapshot)),
    }


def _passivate(crowd: kernel.Crowded) -> None:
    crowd.system._registry.passivate_idle()  # the sweeper's own call, without its wait


def _held(held: Callable[[], int]) -> int:
    gc.collect()
    return held()


if __name__ == "__main__":
    dashboard = people.snapshot_at_dashboard()
    if sys.argv[2] == "traced":
        tracemalloc.start()
    how = measured.resident_bytes if sys.argv[2] == "resident" else lambda: tracemalloc.get_traced_memory()[0]
    measured.tell(**trio.run(_measure, int(sys.argv[1]), how, dashboard))
