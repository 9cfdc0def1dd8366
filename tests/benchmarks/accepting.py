"""Webhooks accepted durably, beside what the framework needs to answer 200 to the same requests."""

import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import median

from tests.benchmarks.lab import Lab
from tests.benchmarks.load import Lines, flood, lines_to
from tests.benchmarks.subject import Subject, started
from tests.benchmarks.table import Findings, Row

_AIM = 2.0
_NAMES = {
    "accepting": "webhook accepted: signed, parsed, deduplicated, durable (SQLite FULL), 200",
    "bare": "bare framework: quart-trio under the same hypercorn reads the body, 200",
    "raw": "hypercorn alone: raw ASGI, 200",
}


@dataclass(frozen=True, slots=True)
class _Figures:
    subject: Subject
    lines: Lines
    rates: list[float] = field(default_factory=list)
    micros: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{median(self.rates):,.0f} /s, {median(self.micros):.0f} µs"


async def benchmark(lab: Lab) -> Findings:
    """Accepts a second, by CPU and by rate."""
    async with AsyncExitStack() as stack:
        figures = {name: await _prepared(lab, stack, name) for name in _NAMES}
        for one in figures.values():
            await _round(lab, one, seconds=lab.size.accept_seconds / 2)
            one.rates.clear()
            one.micros.clear()
        for _ in range(lab.size.rounds):
            for one in figures.values():
                await _round(lab, one, seconds=lab.size.accept_seconds)
    ours, bare = figures["accepting"], figures["bare"]
    ratio = median(bare.rates) / median(ours.rates)
    row = Row(
        what=_NAMES["accepting"],
        figure=str(ours),
        beside=f"{bare}, bare framework",
        ratio=ratio,
        aim="2 times its time at most",
        met=ratio <= _AIM,
    )
    others = (Row(what=_NAMES[name], figure=str(figures[name])) for name in ("bare", "raw"))
    return Findings((row, *others), ("Accepts: real HTTP over 64 connections; no actor takes the messages.",))


async def _prepared(lab: Lab, stack: AsyncExitStack, name: str) -> _Figures:
    store = str(lab.folder / f"{name}.db")
    subject = await stack.enter_async_context(started("servers", name, "--store", store))
    return _Figures(subject, await stack.enter_async_context(lines_to(subject.port)))


async def _round(lab: Lab, figures: _Figures, *, seconds: float) -> None:
    requests = iter([post.request for post in lab.crowd.posts(lab.size.messages)])
    cpu, began = await figures.subject.cpu(), time.perf_counter()
    answered = await flood(figures.lines, requests, seconds=seconds)
    took = time.perf_counter() - began
    figures.rates.append(answered / took)
    figures.micros.append((await figures.subject.cpu() - cpu) / answered * 1e6)
