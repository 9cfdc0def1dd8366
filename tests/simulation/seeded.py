"""Everything random of a run comes from one seed, and time is virtual: the same seed makes the same run.

This is the one module that reaches into others' private parts, each for the same reason: what they draw by themselves
must be drawn from the seed, and what they do in a thread must take virtual time. Trio shuffles the tasks that are ready
(hypothesis and pytest-trio seed it the same way). Retry policies draw their pauses from the ``random`` module, the
supervisor from a generator of its own. Store calls run in a worker thread, during which an autojump clock would run on.
The number of partitions is made small, since a world has few members and sweeps ask every partition.
"""

import random  # noqa: TID251 - the one place where a world's randomness comes from
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

import trio
from trio.testing import MockClock

from actors.application import Application
from runtime import address, ownership
from runtime.turn import Behaviour

T = TypeVar("T")

Random = random.Random

PARTITIONS = 2
_RUNNER: Any = trio._core._run


class Threaded(Protocol):
    """An object whose methods are called in a thread: it says itself how long that takes."""

    async def threaded(self, function: Callable[..., T], arguments: Any, limiter: trio.CapacityLimiter) -> T:
        """Call the function as a thread would, while virtual time passes."""
        ...


def run_seeded(main: Callable[[], Awaitable[T]], seed: int) -> T:
    """Run to the end on a virtual clock, with the scheduler and all pauses drawn from ``seed``."""
    with _patched():
        _RUNNER._r.seed(seed)
        random.seed(seed)
        return trio.run(main, clock=MockClock(autojump_threshold=0))


def steady(application: Application, seed: int, witness: Callable[[Behaviour], Behaviour]) -> None:
    """Draw the application's own randomness from the seed, and let a witness see what its actors decide."""
    application._supervisor._jitter = Random(seed)
    receiver = application.system._receiver
    receiver._behaviour = witness(receiver._behaviour)


async def _in_virtual_thread(function: Any, *arguments: Any, limiter: Any, **_options: Any) -> Any:
    owner: Threaded = function.__self__
    return await owner.threaded(function, arguments, limiter)


@contextmanager
def _patched() -> Iterator[None]:
    kept = (
        _RUNNER._ALLOW_DETERMINISTIC_SCHEDULING,
        trio.to_thread.run_sync,
        address.PARTITIONS,
        random.getstate(),
    )
    _RUNNER._ALLOW_DETERMINISTIC_SCHEDULING = True
    trio.to_thread.run_sync = _in_virtual_thread  # type: ignore[assignment]  # as far as it is used
    address.PARTITIONS = ownership.PARTITIONS = PARTITIONS  # type: ignore[attr-defined]  # imported, not exported
    try:
        yield
    finally:
        _RUNNER._ALLOW_DETERMINISTIC_SCHEDULING, trio.to_thread.run_sync, partitions, state = kept
        address.PARTITIONS = ownership.PARTITIONS = partitions  # type: ignore[attr-defined]  # as above
        random.setstate(state)
