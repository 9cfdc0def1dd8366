"""The processes of a run: a server that is killed and started again on one store, and all it talks to."""

import contextlib
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec

from credex.simulator.endpoints.charging import OPERATOR_HANDLE
from runtime.errors import StoreUnavailable
from runtime.store import Operation
from runtime.store_url import open_store
from tests.crash.facts import Given
from tests.support import webhooks
from tests.support.graph import Shown
from tests.support.processes import STAGE_KEY, Process, start_core, start_graph, start_serve
from tests.support.redis_server import RedisProcess

R = TypeVar("R")

_START_SECONDS = 240.0
"""Long: the machine may be busy with something else altogether."""
_STARTS = 20
_STILL_READING = "vimbiso stopped: Redis: it is still reading its data from disk"
_NOWHERE = "http://127.0.0.1:9"


class World:
    """``vimbiso core``, the Graph API, a store, and ``vimbiso serve`` when it runs. Blocking, but for requests."""

    def __init__(self, folder: Path, core: Process, graph: Process, redis: RedisProcess | None) -> None:
        self._folder = folder
        self._core = core
        self._graph = graph
        self._redis = redis
        self._serve: Process | None = None
        self.ended: list[Process] = []
        self.store_url = f"redis://127.0.0.1:{redis.port}/0" if redis else f"sqlite:///{folder / 'store.db'}"

    def spawn(self) -> None:
        """Start the server; it takes its time until it listens."""
        self._serve = start_serve(self._folder, self._core.address, self._graph.address, STORE_URL=self.store_url)

    def wait_until_it_listens(self) -> None:
        """Fails with what the server said if it ends by itself.

        A server that finds its Redis still reading says so and ends. It is started again, as its container would.
        """
        assert self._serve is not None
        for _ in range(_STARTS):
            with contextlib.suppress(AssertionError):
                self._serve.wait_until_it_listens(_START_SECONDS)
                return
            if not any(_STILL_READING in line for line in self._serve.lines):
                break
            self.ended.append(self._serve)
            self.spawn()
        self._serve.wait_until_it_listens(_START_SECONDS)

    def kill(self, *, server: bool = True, store: bool = False) -> None:
        """``kill -9``, the store first. A store is started again at once, empty-handed but for its disk."""
        if store and self._redis is not None:
            self._redis.end(signal.SIGKILL)
        if server and self._serve is not None:
            self.ended.append(self._serve)
            self._serve.end(signal.SIGKILL)
            self._serve = None
        if store and self._redis is not None:
            self._redis.start()

    def stop(self) -> int:
        """Tell the server to stop; its exit code."""
        assert self._serve is not None
        self.ended.append(self._serve)
        return self._serve.end(signal.SIGTERM)

    def ask_store(self, *operations: Operation[Any]) -> list[Any]:
        """Read the store beside the server."""
        store = open_store(self.store_url)
        for _ in range(50):  # a Redis that has just been started may still be reading
            with contextlib.suppress(StoreUnavailable):
                store.open()
                break
        try:
            return store.run(operations)
        finally:
            store.close()

    async def post(self, http: httpx.AsyncClient, body: bytes) -> bool:
        """A webhook, to the server if there is one; whether it was answered with 200."""
        address = self._serve.address if self._serve else ""
        headers = {"x-hub-signature-256": webhooks.signature(body)}
        try:
            answer = await http.post(f"{address or _NOWHERE}/bot/webhook", content=body, headers=headers, timeout=10)
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK

    async def direct(self, http: httpx.AsyncClient, *directions: dict[str, Any]) -> list[Any]:
        """Stage directions for credex-core."""
        url = f"{self._core.address}/simulator/stage"
        answer = await http.post(url, json=directions, headers={"x-stage-key": STAGE_KEY})
        assert answer.status_code == httpx.codes.OK, answer.text
        result: list[Any] = answer.json()
        return result

    async def given(self, http: httpx.AsyncClient, handles: list[str]) -> list[Given]:
        """What these accounts gave, by the ledger."""
        told = await self.direct(http, *({"do": "given", "with": {"handle": handle}} for handle in handles))
        return msgspec.convert([one for some in told for one in some], list[Given])

    async def operator(self, http: httpx.AsyncClient) -> str:
        """The id of the account that upgrades pay."""
        [id_] = await self.direct(http, {"do": "account", "with": {"handle": OPERATOR_HANDLE}})
        return str(id_)

    async def shown(self, http: httpx.AsyncClient, phone: str, after: int) -> list[Shown]:
        """What this phone got after the first so many; waits up to five seconds for one."""
        url = f"{self._graph.address}/sent/{phone}"
        answer = await http.get(url, params={"after": after, "count": after + 1})
        return msgspec.json.decode(answer.content, type=list[Shown])

    async def references(self, http: httpx.AsyncClient) -> list[str]:
        """What each message of all members came with."""
        return msgspec.json.decode((await http.get(f"{self._graph.address}/references")).content, type=list[str])


@contextmanager
def world(folder: Path, store: str) -> Iterator[World]:
    """Start all but the server; end everything at the end."""
    with ExitStack() as stack:
        redis: RedisProcess | None = None
        if store == "redis":
            (folder / "redis").mkdir()
            redis = RedisProcess(folder / "redis")
            stack.callback(redis.end)
            redis.start()
        core, graph = start_core(folder), start_graph(folder)
        for process in (core, graph):
            stack.callback(process.end)
            process.wait_until_it_listens(_START_SECONDS)
        running = World(folder, core, graph, redis)
        stack.callback(running.kill)
        yield running
