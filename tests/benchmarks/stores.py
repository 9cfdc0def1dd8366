"""Commits a second on each store, grouped and one by one; how long an accept takes among them; and waking a member.

What a store promises is measured with it: SQLite syncs each commit, Redis with ``appendfsync always`` each batch, and
with ``everysec`` a loss of power takes up to two seconds of what was answered. Redis runs on the core of the load.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.benchmarks.lab import Lab
from tests.benchmarks.subject import told
from tests.benchmarks.table import Findings, Row
from tests.support.redis_server import RedisProcess

_GROUPED, _ALONE = 64, 1
_ROUNDS = 3
_CPU = 20.0
_GROUPING = 5.0
_WAKE = 5.0
_COMMITS = (
    "Commits: 100 members, each commits its next turn (900 B, one effect owed, one settled) when the last is durable; "
    "the CPU is our process's, committer and scheduler included."
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One store with one promise, and what it is to reach."""

    name: str
    rate: float
    sync: str | None = None
    """Redis's ``appendfsync``."""
    figures: dict[int, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    promises: set[str] = field(default_factory=set)

    def of(self, batch: int, figure: str) -> float:
        return median(self.figures[batch][figure])


async def benchmark(lab: Lab) -> Findings:
    """Every store in turn, round after round."""
    kinds = [_Kind("SQLite synchronous=FULL", rate=20_000)]
    remarks = []
    if shutil.which("redis-server"):
        kinds += [_Kind(f"Redis appendfsync={sync}", rate=25_000, sync=sync) for sync in ("everysec", "always")]
    else:
        remarks.append("Redis was not measured: redis-server is not installed.")
    for number in range(min(lab.size.rounds, _ROUNDS)):
        for kind in kinds:
            for batch in (_GROUPED, _ALONE):
                await _round(lab, kind, batch, lab.folder / f"{kind.sync}-{batch}-{number}")
    rows = [row for kind in kinds for row in _rows(kind)]
    promises = [f"{kind.name}: {promise}" for kind in kinds for promise in kind.promises]
    return Findings(tuple(rows), (_COMMITS, *remarks, *promises))


async def _round(lab: Lab, kind: _Kind, batch: int, folder: Path) -> None:
    with _store(kind, folder) as url:
        words = (url, str(batch), str(lab.size.store_seconds), str(lab.size.sleepers))
        found = await told("committing", *words)
    kind.promises.add(found.pop("promise"))
    for name, figure in found.items():
        kind.figures[batch][name].append(figure)


@contextmanager
def _store(kind: _Kind, folder: Path) -> Iterator[str]:
    """A new one of this kind, gone afterwards."""
    folder.mkdir()
    redis = RedisProcess(folder, "--appendfsync", kind.sync) if kind.sync else None
    try:
        if redis is not None:
            redis.start()
        yield f"redis://127.0.0.1:{redis.port}/0" if redis else f"sqlite:///{folder.resolve()}/store.db"
    finally:
        if redis is not None:
            redis.end()
        shutil.rmtree(folder)


def _rows(kind: _Kind) -> list[Row]:
    rate, micros, batch = (kind.of(_GROUPED, figure) for figure in ("rate", "micros", "batch"))
    alone = kind.of(_ALONE, "rate")
    accept, wake = (_times(kind, name) for name in ("accept", "wake"))
    return [
        Row(
            what=f"commits, {kind.name}, {batch:.0f} at once",
            figure=f"{rate:,.0f} /s, {micros:.1f} µs",
            beside=f"{alone:,.0f} /s, {kind.of(_ALONE, 'micros'):.0f} µs, one at a time",
            ratio=rate / alone,
            aim=f"{kind.rate:,.0f} /s, {_CPU:g} µs, {_GROUPING:g} times",
            met=rate >= kind.rate and micros <= _CPU and rate >= _GROUPING * alone,
        ),
        Row(what=f"mail accepted among these commits, {kind.name}", figure=accept),
        Row(
            what=f"a dormant member woken, {kind.name}",
            figure=wake,
            aim=f"p99 {_WAKE:g} ms",
            met=kind.of(_GROUPED, "wake_p99") <= _WAKE,
        ),
    ]


def _times(kind: _Kind, name: str) -> str:
    half, most = (kind.of(_GROUPED, f"{name}_{which}") for which in ("p50", "p99"))
    return f"p50 {half:.2f} ms, p99 {most:.2f} ms"
