"""CPU of one call out, by how many are under way. A program: ``outbound <url> <calls> <rounds> <concurrency> ...``.

The peer takes a moment to answer, so that all calls really are under way at once. The caller is httpx's client either
way. Ours stands on ``actors.transport``; stock httpx gets a pool as large as its callers are many and keeps every
connection: as it comes it closes and opens them all the time, which over TLS costs more than its pool does.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import median

import httpx
import trio

from actors.transport.client import http_client
from actors.transport.limits import Limits
from actors.transport.trio_transport import TrioTransport
from tests.benchmarks import measured
from tests.benchmarks.lab import Lab
from tests.benchmarks.subject import told
from tests.benchmarks.table import Findings, Row

_GROWTH = 1.5
_STOCK = 1 / 8
_PEER_SECONDS = 0.005
_BODY = b'{"messaging_product":"whatsapp","to":"263780000001","type":"text","text":{"body":"%s"}}' % (b"a" * 250)
_HEADERS = {"Authorization": "Bearer graph-token-for-tests", "Content-Type": "application/json"}


async def benchmark(lab: Lab) -> Findings:
    """Ours at each concurrency, stock httpx at the second."""
    size = lab.size
    lab.outside.graph_seconds = _PEER_SECONDS
    cost = await told(
        "outbound", lab.outside.graph_url, str(size.calls), str(size.rounds), *map(str, size.concurrency), seconds=300
    )
    lab.outside.graph_seconds = 0.0
    few, some = size.concurrency[0], size.concurrency[1]
    rows = [_row(f"call out, {few} at once", cost[f"ours {few}"])]
    for many in size.concurrency[1:]:
        ratio = cost[f"ours {many}"] / cost[f"ours {few}"]
        last = many == size.concurrency[-1]
        aim, met = (f"{_GROWTH} times at most", ratio <= _GROWTH) if last else ("", None)
        beside = f"{cost[f'ours {few}']:.0f} µs, {few} at once"
        rows.append(_row(f"call out, {many} at once", cost[f"ours {many}"], beside, ratio, aim, met=met))
    ratio = cost[f"ours {some}"] / cost["stock"]
    beside = f"{cost['stock']:,.0f} µs, httpx's own pool"
    rows.append(_row(f"call out, {some} at once", cost[f"ours {some}"], beside, ratio, "1/8", met=ratio <= _STOCK))
    return Findings(tuple(rows))


def _row(
    what: str, micros: float, beside: str = "", ratio: float | None = None, aim: str = "", *, met: bool | None = None
) -> Row:
    return Row(what=what, figure=f"{micros:.0f} µs of CPU", beside=beside, ratio=ratio, aim=aim, met=met)


async def _measure(url: str, calls: int, rounds: int, concurrency: list[int]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    async with AsyncExitStack() as stack:
        clients = {f"ours {many}": (await stack.enter_async_context(_ours(many)), many) for many in concurrency}
        clients["stock"] = (await stack.enter_async_context(_stock(concurrency[1])), concurrency[1])
        for client, many in clients.values():
            await _calls(client, url, many, many)
        for _ in range(rounds):
            for name, (client, many) in clients.items():
                began = measured.cpu_seconds()
                done = await _calls(client, url, calls, many)
                found.setdefault(name, []).append((measured.cpu_seconds() - began) / done * 1e6)
    return {name: median(figures) for name, figures in found.items()}


@asynccontextmanager
async def _ours(many: int) -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(TrioTransport(Limits(connections=many))) as client:
        yield client


@asynccontextmanager
async def _stock(many: int) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=many, max_keepalive_connections=many, keepalive_expiry=60)
    async with httpx.AsyncClient(trust_env=False, timeout=60, limits=limits) as client:
        yield client


async def _calls(client: httpx.AsyncClient, url: str, calls: int, many: int) -> int:
    each = max(1, calls // many)

    async def caller() -> None:
        for _ in range(each):
            (await client.post(f"{url}/301234567890123/messages", content=_BODY, headers=_HEADERS)).raise_for_status()

    async with trio.open_nursery() as nursery:
        for _ in range(many):
            nursery.start_soon(caller)
    return each * many


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[2:]]
    measured.tell(**trio.run(_measure, sys.argv[1], numbers[0], numbers[1], numbers[2:]))
