"""What one member who crashes with every message and one who floods cost the others: their times, without and with.

The same server, the same rate of the others, in turns. The crash is a bug put into the dialogs for one number; the
flood comes over connections of its own, as fast as ``_FLOOD`` says and whether or not it is answered.
"""

import asyncio  # noqa: TID251 - load and mocks cost least as callbacks, and are not what is measured
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from statistics import quantiles

from tests.benchmarks import people
from tests.benchmarks.lab import Lab
from tests.benchmarks.load import Lines, Path, lines_to
from tests.benchmarks.people import Post
from tests.benchmarks.subject import started
from tests.benchmarks.table import Findings, Row

_AIM = 1.2
_OTHERS, _FLOOD, _CRASHES = 50, 500, 20
"""Messages a second."""
_CRASHER, _FLOODER = "263790000001", "263790000002"
_GRAPH_SECONDS = 0.05


async def benchmark(lab: Lab) -> Findings:
    """The others' time from webhook to dashboard, alone and beside the two."""
    alone: list[float] = []
    beside: list[float] = []
    async with AsyncExitStack() as stack:
        words = (*lab.serving("isolation"), "--crash", _CRASHER)
        subject = await stack.enter_async_context(started("servers", "serving", *words))
        lines = await stack.enter_async_context(lines_to(subject.port))
        theirs = await stack.enter_async_context(lines_to(subject.port))
        lab.outside.core_seconds, lab.outside.graph_seconds = 0.0, _GRAPH_SECONDS
        await _others(lab, lines)
        for _ in range(lab.size.rounds):
            alone += await _others(lab, lines)
            seconds = lab.size.offered_seconds
            crash, flood = (
                asyncio.ensure_future(_keep_saying(theirs, people.words_of(phone, int(rate * seconds)), rate=rate))
                for phone, rate in ((_CRASHER, _CRASHES), (_FLOODER, _FLOOD))
            )
            beside += await _others(lab, lines)
            await asyncio.gather(crash, flood)
        lab.outside.graph_seconds = 0.0
    return Findings((_row(50, alone, beside), _row(99, alone, beside)), (_remark(),))


async def _others(lab: Lab, lines: Lines) -> list[float]:
    path = Path(lines)
    lab.outside.on_send = path.sent
    await path.offer(lab.crowd.posts(max(2, int(_OTHERS * lab.size.offered_seconds))), rate=_OTHERS)
    await path.drain()
    return [trip.last - trip.due for trip in path.trips.values() if trip.last is not None]


async def _keep_saying(lines: Lines, posts: Sequence[Post], *, rate: int) -> None:
    start = time.perf_counter()
    ignored: Callable[[bool], None] = lambda _: None  # noqa: E731 - whatever becomes of it
    for number, post in enumerate(posts):
        await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
        lines.ask(post.request, ignored)


def _row(percent: int, alone: list[float], beside: list[float]) -> Row:
    before, after = (quantiles(times, n=100)[percent - 1] * 1000 for times in (alone, beside))
    return Row(
        what=f"others beside one who crashes and one who floods: p{percent}",
        figure=f"{after:.1f} ms",
        beside=f"{before:.1f} ms without the two",
        ratio=after / before,
        aim=f"{_AIM:g} of it",
        met=after / before <= _AIM,
    )


def _remark() -> str:
    return (
        f"Isolation: from webhook to dashboard with {_GRAPH_SECONDS * 1000:.0f} ms for each call to the Graph API; "
        f"{_OTHERS} messages/s from the others, {_FLOOD} from one member, {_CRASHES} from one who always crashes."
    )
