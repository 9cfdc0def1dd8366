"""What outlives a server, for those that are stopped or die and begin anew."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from credex.simulator.core import CoreSimulator
from credex.simulator.seeds import founded_world
from runtime.clock import VirtualClock
from runtime.store import Store
from runtime.system import Limits
from tests.support.embedded import START, Embedded, embedded
from tests.support.graph import GraphStandIn


class World:
    """Store, time, phones and credex-core."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.graph = store, VirtualClock(START), GraphStandIn()
        world = founded_world(START.date())
        self.core = CoreSimulator(world, now=self.clock.now, client_key="key", rate_limit=None)

    @asynccontextmanager
    async def server(self, *, limits: Limits | None = None) -> AsyncIterator[Embedded]:
        """A server on all of it."""
        parts = {"store": self.store, "clock": self.clock, "graph": self.graph, "core": self.core}
        async with embedded(**parts, limits=limits) as server:  # type: ignore[arg-type]  # each is what it is called
            yield server
