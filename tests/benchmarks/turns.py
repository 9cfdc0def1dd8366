"""What a turn costs without I/O, told as microseconds of CPU each. A program: ``turns <turns in a round> <rounds>``."""

import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from statistics import median

import trio

from actors import logs
from actors.application import turn_logger
from actors.member import MemberBehaviour, address_of, envelope_of
from runtime.turn import Turn
from tests.benchmarks import kernel, measured, people
from tests.benchmarks.kernel import Crowded, Trivial
from tests.benchmarks.lab import Lab
from tests.benchmarks.subject import told
from tests.benchmarks.table import Findings, Row

_AIM = 25.0
"""DESIGN.md, section 7: what the runtime may add to a turn."""


async def benchmark(lab: Lab) -> Findings:
    """Runtime alone, a real turn, its log line."""
    cost = await told("turns", str(lab.size.turns), str(lab.size.rounds))
    rows = (
        _row("turn that does nothing: mailbox, task, commit", cost["trivial"], aim=f"{_AIM:g} µs of runtime", of=_AIM),
        _row("deciding a real turn (help at the dashboard), nothing around it", cost["decide"]),
        _row("the real turn, its one effect owed, performed and settled", cost["help"], beside=cost["decide"]),
        _row("the same with its log line", cost["logged"], beside=cost["help"]),
    )
    return Findings(rows, ("Turns: a store that keeps nothing, called in Trio's own thread; 100 actors at a time.",))


def _row(what: str, micros: float, *, beside: float | None = None, aim: str = "", of: float | None = None) -> Row:
    other = beside or of
    return Row(
        what=what,
        figure=f"{1e6 / micros:,.0f} /s, {micros:.1f} µs",
        beside=f"{beside:.1f} µs, the row above" if beside else "",
        ratio=micros / other if other else None,
        aim=aim,
        met=micros <= of if of else None,
    )


async def _measure(turns: int, rounds: int, snapshot: bytes) -> dict[str, float]:
    found: dict[str, list[float]] = {"trivial": [], "decide": [], "help": [], "logged": []}
    for _ in range(rounds):
        async with kernel.crowded(min(turns, 500), snapshot, behaviour=Trivial()) as crowd:
            found["trivial"].append(await _timed(crowd, turns))
        found["decide"].append(_decided(turns, snapshot))
        async with kernel.crowded(min(turns, 500), snapshot) as crowd:
            found["help"].append(await _timed(crowd, turns))
        async with kernel.crowded(min(turns, 500), snapshot, on_turn=turn_logger()) as crowd:
            found["logged"].append(await _timed(crowd, turns))
    return {name: median(figures) for name, figures in found.items()}


async def _timed(crowd: Crowded, turns: int) -> float:
    await crowd.deliver(crowd.help_from_all())
    done = used = 0.0
    while done < turns:
        envelopes = crowd.help_from_all()
        used += await _cpu(partial(crowd.deliver, envelopes))
        done += len(envelopes)
    return used / done * 1e6


async def _cpu(call: Callable[[], Awaitable[None]]) -> float:
    began = time.process_time()
    await call()
    return time.process_time() - began


def _decided(turns: int, snapshot: bytes) -> float:
    behaviour = MemberBehaviour()
    said = people.says(people.RUDO, "help", 1)
    mail = envelope_of(said, accepted_at=said.at)
    address = address_of(said.peer)
    began = time.process_time()
    for number in range(turns):
        behaviour.receive(address, snapshot, mail, Turn(f"{address}/{number}", said.at, number))
    return (time.process_time() - began) / turns * 1e6


if __name__ == "__main__":
    logs.configure("INFO")
    measured.tell(**trio.run(_measure, int(sys.argv[1]), int(sys.argv[2]), people.snapshot_at_dashboard()))
