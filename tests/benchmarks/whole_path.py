"""Messages a second through everything, and how long one takes, beside a plain FastAPI program doing the same work.

A message is ``hi`` from a member who is not in memory: durable accept, activation, a turn, a greeting to the Graph API,
one login at credex-core, a second turn, the dashboard to the Graph API, and every write these need. It counts when the
dashboard has arrived.
"""

import asyncio  # noqa: TID251 - load and mocks cost least as callbacks, and are not what is measured
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import median, quantiles

from tests.benchmarks.lab import Lab
from tests.benchmarks.load import Lines, Path, Trip, lines_to
from tests.benchmarks.subject import Subject, started
from tests.benchmarks.table import Findings, Row

_AIM = 0.7
_SLOW = 0.1
_UNDER_WAY = {0.0: 128, _SLOW: 1000}
"""Messages under way at any time, by credex-core's seconds: enough that nobody waits for the load."""
_CORE = {0.0: "credex-core at once", _SLOW: "credex-core after 100 ms"}
_FAIR = (
    "FastAPI and aiohttp: on uvloop and httptools, its writes gathered into common commits with synchronous=FULL; "
    "what it owes a member does not survive a crash, ours does (two commits and two settlements more a message)."
)


@dataclass(frozen=True, slots=True)
class _Program:
    subject: Subject
    lines: Lines
    rates: dict[float, list[float]] = field(default_factory=lambda: {seconds: [] for seconds in _CORE})
    micros: dict[float, list[float]] = field(default_factory=lambda: {seconds: [] for seconds in _CORE})
    sizes: list[float] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def figure(self, seconds: float) -> str:
        return f"{median(self.rates[seconds]):,.0f} /s, {median(self.micros[seconds]):,.0f} µs"


@dataclass(frozen=True, slots=True)
class _Offered:
    """What became of messages sent at a fixed rate, and the CPU of each."""

    trips: tuple[Trip, ...]
    micros: float


async def benchmark(lab: Lab) -> Findings:
    """Throughput for both latencies of credex-core, then times at fixed rates."""
    async with AsyncExitStack() as stack:
        ours = await _prepared(lab, stack, "serving", "servers", "serving")
        peer = await _prepared(lab, stack, "peer", "fastapi_peer") if lab.peer else None
        programs = [program for program in (ours, peer) if program is not None]
        for _ in range(lab.size.rounds):
            for seconds in _CORE:
                for program in programs:
                    await _round(lab, program, seconds)
        rows = [_throughput(ours, peer, seconds) for seconds in _CORE]
        for rate in lab.size.offered:
            rows.extend(_times(rate, [await _offered(lab, program, rate) for program in programs]))
    sizes = " and ".join(f"{median(program.sizes):.0f}" for program in programs)
    refused = " and ".join(f"{sum(program.refused)}" for program in programs)
    remark = (
        f"Whole path: every message from another member, none of them in memory; bytes to the Graph API a message "
        f"{sizes}, webhooks refused {refused} (ours and the peer's)."
    )
    return Findings(tuple(rows), (remark, *([_FAIR] if peer else [])))


async def _prepared(lab: Lab, stack: AsyncExitStack, name: str, *program: str) -> _Program:
    subject = await stack.enter_async_context(started(*program, *lab.serving(name)))
    prepared = _Program(subject, await stack.enter_async_context(lines_to(subject.port)))
    for seconds in _CORE:
        await _round(lab, prepared, seconds)
        prepared.rates[seconds].clear()
        prepared.micros[seconds].clear()
    return prepared


async def _round(lab: Lab, program: _Program, core_seconds: float) -> None:
    """Keep the program busy; its figures are taken after the first quarter, when it has come into its stride."""
    posts, path = lab.crowd.posts(lab.size.messages), _path(lab, program)
    lab.outside.core_seconds = core_seconds
    sends, size, calls = lab.outside.graph_sends, lab.outside.graph_bytes, lab.outside.core_calls
    path.keep(posts, under_way=_UNDER_WAY[core_seconds])
    await asyncio.sleep(lab.size.path_seconds / 4)
    first, cpu = path.arrived, await program.subject.cpu()
    began = time.perf_counter()
    await path.run_dry(seconds=lab.size.path_seconds * 3 / 4)
    took = time.perf_counter() - began
    arrived, cpu = path.arrived - first, await program.subject.cpu() - cpu
    await path.drain()
    program.rates[core_seconds].append(arrived / took)
    program.micros[core_seconds].append(cpu / max(arrived, 1) * 1e6)
    program.sizes.append((lab.outside.graph_bytes - size) / max(path.arrived, 1))
    program.refused.append(path.refused)
    path.check(sends=lab.outside.graph_sends - sends, calls=lab.outside.core_calls - calls)


async def _offered(lab: Lab, program: _Program, rate: int) -> _Offered:
    lab.outside.core_seconds = 0.0
    path, posts = _path(lab, program), lab.crowd.posts(int(rate * lab.size.offered_seconds))
    cpu = await program.subject.cpu()
    await path.offer(posts, rate=rate)
    await path.drain()
    program.refused.append(path.refused)
    micros = (await program.subject.cpu() - cpu) / len(posts) * 1e6
    return _Offered(tuple(path.trips.values()), micros)


def _path(lab: Lab, program: _Program) -> Path:
    path = Path(program.lines)
    lab.outside.on_send = path.sent
    return path


def _throughput(ours: _Program, peer: _Program | None, seconds: float) -> Row:
    what = f"whole path, {_CORE[seconds]}: messages"
    if peer is None:
        return Row(what=what, figure=ours.figure(seconds))
    ratio = median(ours.rates[seconds]) / median(peer.rates[seconds])
    beside = f"{peer.figure(seconds)}, FastAPI and aiohttp"
    return Row(what=what, figure=ours.figure(seconds), beside=beside, ratio=ratio, aim="0.7 of it", met=ratio >= _AIM)


def _times(rate: int, offered: list[_Offered]) -> list[Row]:
    rows = []
    for what, moment in (("200 to the webhook", "stored"), ("first call to the Graph API", "first")):
        times = [_hundredths([getattr(trip, moment) - trip.due for trip in one.trips]) for one in offered]
        shown = [f"p50 {half * 1000:.1f} ms, p99 {most * 1000:.1f} ms" for half, most in times]
        rows.append(
            Row(
                what=f"{rate} messages/s offered: until the {what}",
                figure=shown[0],
                beside=f"{shown[1]}, FastAPI and aiohttp" if len(shown) > 1 else "",
                ratio=times[0][0] / times[1][0] if len(shown) > 1 else None,
            )
        )
    ours, *others = (one.micros for one in offered)
    cost = Row(
        what=f"{rate} messages/s offered: CPU a message",
        figure=f"{ours:,.0f} µs",
        beside=f"{others[0]:,.0f} µs, FastAPI and aiohttp" if others else "",
        ratio=ours / others[0] if others else None,
    )
    return [*rows, cost]


def _hundredths(times: list[float]) -> tuple[float, float]:
    cuts = quantiles(times, n=100)
    return cuts[49], cuts[98]
