"""One process's connection to the store that all processes share; what it writes is noted, and it can fail.

A call may take long or hang, fail before the write or after it. It runs as in a thread: a caller that gives up leaves
it behind, and the write lands when it lands, even after the process was killed, as with a server that has the bytes.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import trio

from runtime.errors import StoreUnavailable
from runtime.memory_store import MemoryStore
from runtime.store import Accept, Commit, Operation, Record, Settle, Verdict
from tests.simulation.history import Accepted, Committed, Freed, History, Moved
from tests.simulation.seeded import Random
from tests.simulation.weather import Weather

T = TypeVar("T")


class Killed(BaseException):
    """The process that called is no more. Nothing of the application may catch it."""


class Shared:
    """The store of a world, and what all connections to it have in common."""

    def __init__(self, store: MemoryStore, history: History, weather: Weather, random: Random) -> None:
        self.store = store
        self.history = history
        self.weather = weather
        self.random = random
        store.open()

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        """Apply and note."""
        results = self.store.run(operations)
        for operation, result in zip(operations, results, strict=True):
            self._note(operation, result)
        return results

    def _note(self, operation: Operation[Any], result: Any) -> None:
        match operation:
            case Accept():
                for envelope in result:
                    self.history.note(Accepted(envelope))
            case Commit() if result is Verdict.DONE:
                self.history.note(Committed(operation))
            case Record() if result is Verdict.DONE:
                self.history.note(Moved(operation))
            case Settle() if result is Verdict.DONE:
                self.history.note(Freed(operation))
            case _:
                pass


class Connection:
    """A ``Store``. ``boundary`` is told of each write begun and made, and says whether the process dies right there."""

    durability = "As long as the world lasts."

    def __init__(self, shared: Shared, nursery: trio.Nursery, boundary: Callable[[str], bool]) -> None:
        self._shared = shared
        self._nursery = nursery
        self._boundary = boundary
        self._open = False
        self._dead = trio.Event()

    def open(self) -> None:
        """Connect."""
        self._open = True

    def close(self) -> None:
        """Hang up."""
        self._open = False

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        """Apply in order, answer each."""
        if not self._open:
            raise StoreUnavailable("not open")
        return self._shared.run(operations)

    def kill(self) -> None:
        """The process is no more: none of its calls comes back."""
        self._dead.set()

    async def threaded(self, function: Callable[..., T], arguments: Any, limiter: trio.CapacityLimiter) -> T:
        """Call a method of this connection as its thread would."""
        job = _Job()
        await limiter.acquire_on_behalf_of(job)
        if self._dead.is_set() or self._boundary("store"):
            raise Killed
        delay, failure = self._drawn()
        if delay:
            self._nursery.start_soon(self._slowly, job, function, arguments, limiter, delay, failure)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._cut_short, job)
                await job.done.wait()
                nursery.cancel_scope.cancel()
        else:
            _work(job, function, arguments, failure)
            limiter.release_on_behalf_of(job)
        if self._dead.is_set() or self._boundary("stored"):
            raise Killed
        if job.error is not None:
            raise job.error
        result: T = job.result
        return result

    def _drawn(self) -> tuple[float, str]:
        random, chance = self._shared.random, self._shared.weather.store
        if chance == 0 or random.random() >= chance:
            return 0, ""
        delay = random.choice((0, 0, 0.001, 0.05, 1, 4, 12, 40))
        return delay, random.choice(("", "before", "after"))

    async def _slowly(
        self, job: "_Job", function: Any, arguments: Any, limiter: trio.CapacityLimiter, delay: float, failure: str
    ) -> None:
        await trio.sleep(delay)
        _work(job, function, arguments, failure)
        limiter.release_on_behalf_of(job)
        job.done.set()

    async def _cut_short(self, job: "_Job") -> None:
        await self._dead.wait()
        job.done.set()


class _Job:
    """A call in its thread."""

    def __init__(self) -> None:
        self.done = trio.Event()
        self.result: Any = None
        self.error: StoreUnavailable | None = None


def _work(job: _Job, function: Any, arguments: Any, failure: str) -> None:
    if failure == "before":
        job.error = StoreUnavailable("lost on the way")
        return
    try:
        job.result = function(*arguments)
    except StoreUnavailable as error:
        job.error = error
    if failure == "after":
        job.error = StoreUnavailable("answer lost")
