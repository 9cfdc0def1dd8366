"""``TrioTransport``: HTTP/1.1 on Trio's streams, behind httpx's public transport interface.

httpx's own pool looks at every connection, with a system call each, at the start and end of every request; at fifty
concurrent calls that costs more than the call. Here a request costs the same whatever the pool holds. ``Pool``
lends connections, ``Connection`` carries one exchange at a time, ``dial`` opens, ``wire`` translates.

A caller reads from the exception whether the request can have reached its peer:

- nothing was sent: ``UnsupportedProtocol``, ``LocalProtocolError``, ``PoolTimeout``, ``ConnectTimeout``,
  ``ConnectError``
- bytes may have left: ``WriteTimeout``, ``WriteError``, ``ReadTimeout``, ``ReadError``, ``RemoteProtocolError``

A connection that its peer closed while idle is noticed before a byte is written, and another is taken. Once a byte may
have left, nothing is repeated here. A cancelled call closes its connection.
"""

import ssl
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import httpx
import trio

from actors.transport.connection import Connection
from actors.transport.dial import dial
from actors.transport.limits import Limits, Patience
from actors.transport.pool import Pool, Statistics
from actors.transport.wire import Opening, Origin

_DEFAULTS = Limits()


class TrioTransport(httpx.AsyncBaseTransport):
    """Hand it to ``httpx.AsyncClient(transport=...)``. Only inside ``trio.run``.

    ``trust`` decides whom TLS believes; by default the machine's certificate authorities, read at the first need.
    ``now`` is the clock by which connections age; timeouts always follow Trio's.
    """

    def __init__(
        self,
        limits: Limits = _DEFAULTS,
        trust: ssl.SSLContext | None = None,
        *,
        now: Callable[[], float] = trio.current_time,
    ) -> None:
        self._limits = limits
        self._trust = trust
        self._now = now
        self._pools: dict[Origin, Pool[Connection]] = {}
        self._closed = False

    def __repr__(self) -> str:
        now = self.statistics()
        return (
            f"<TrioTransport {now.open} open, {now.idle} idle, {now.waiting} waiting; "
            f"{now.created} created, {now.reused} reused>"
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange; the answer is whole when it returns. Raises as the module says."""
        origin = Origin.of(request.url)
        opening = Opening.of(request, self._limits)
        begun = trio.current_time()
        patience = Patience.of(request, begun=begun, whole=self._limits.whole_seconds)
        pool = self._pool(origin)
        connection = await pool.take(patience)
        try:
            answer = await connection.exchange(opening, patience)
        finally:
            pool.give_back(connection)
        answer.elapsed = timedelta(seconds=trio.current_time() - begun)
        return answer

    async def aclose(self) -> None:
        """Close idle connections now and others as their calls end; later calls raise ``httpx.ConnectError``."""
        self._closed = True
        for pool in self._pools.values():
            pool.close()
        await trio.lowlevel.checkpoint()

    def statistics(self) -> Statistics:
        """How things stand, over all origins."""
        return sum((pool.statistics() for pool in self._pools.values()), start=Statistics())

    def _pool(self, origin: Origin) -> Pool[Connection]:
        if self._closed:
            raise httpx.ConnectError("the transport is closed")
        pool = self._pools.get(origin)
        if pool is None:
            pool = Pool(partial(self._connect, origin), self._now, limit=self._limits.connections)
            self._pools[origin] = pool
        return pool

    async def _connect(self, origin: Origin, patience: Patience) -> Connection:
        if origin.scheme == "https" and self._trust is None:
            self._trust = ssl.create_default_context()
            self._trust.set_alpn_protocols(["http/1.1"])
        trust = self._trust if origin.scheme == "https" else None
        stream = await dial(origin, trust, patience)
        return Connection(stream, self._limits, now=self._now())
