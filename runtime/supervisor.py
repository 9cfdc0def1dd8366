"""The supervisor: owns the nursery of the long-running children, and the only broad ``except`` of the system.

Children start in order, each ready before the next starts, and stop in reverse order: drained, then cancelled. A child
that raises is restarted after a pause that doubles, with jitter; one that never got ready ends the start. Failures of
children and of single attempts (``attempt``: an actor's turn, an effect) are counted together, though one actor counts
for so much and no more (``runtime.intensity``). Beyond the restart intensity the supervisor raises ``Escalated`` and
the process ends, because stopping is safer than running broken. ``Fenced`` is never retried.
"""

import random  # noqa: TID251 - spreads restarts over time, guards nothing
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol

import trio

from runtime.child import Child
from runtime.errors import Escalated, Fenced, StoreUnavailable
from runtime.intensity import Intensity

_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0
_HEALTHY_AFTER = 60.0
"""A child that ran this long before it crashed starts with the shortest pause again."""


class OnFailure(Protocol):
    """Told of every failure the supervisor absorbs."""

    def __call__(self, name: str, failure: BaseException) -> None:
        """``name`` says which child, turn or effect failed."""
        ...


class Supervisor:
    """Keeps children running and bounds how often they may fail."""

    def __init__(
        self, *, intensity: Intensity, on_failure: OnFailure, tries: int = 3, jitter: random.Random | None = None
    ) -> None:
        self._intensity = intensity
        self._on_failure = on_failure
        self._tries = tries
        self._jitter = jitter or random.Random()  # noqa: S311 - spreads restarts, guards nothing

    @property
    def failures(self) -> int:
        """Failures absorbed since the start."""
        return self._intensity.total

    async def run(
        self,
        children: Sequence[Child],
        *,
        stop: trio.Event,
        budget: float,
        task_status: "trio.TaskStatus[None]" = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Run the children until ``stop`` is set, then drain and end them within ``budget`` seconds altogether.

        ``task_status`` hears when the last of them is ready.

        Raises ``Escalated`` or ``Fenced``. When cancelled, children are cancelled at once, without draining.
        """
        running: list[tuple[Child, trio.CancelScope, trio.Event]] = []
        async with trio.open_nursery() as nursery:
            for child in children:
                scope, ended = trio.CancelScope(), trio.Event()
                await nursery.start(self._keep, child, scope, ended)
                running.append((child, scope, ended))
            task_status.started()
            await stop.wait()
            deadline = trio.current_time() + budget
            for child, scope, ended in reversed(running):
                if child.drain is not None:
                    with trio.move_on_at(deadline):
                        await child.drain()
                scope.cancel()
                await ended.wait()

    async def _keep(
        self,
        child: Child,
        scope: trio.CancelScope,
        ended: trio.Event,
        *,
        task_status: "trio.TaskStatus[None]",
    ) -> None:
        ready = _Ready(task_status)
        pause = _FIRST_PAUSE
        with scope:
            while True:
                began = trio.current_time()
                failure = await self._once(partial(child.run, task_status=ready))
                if failure is None:
                    break
                if not ready.once:
                    raise failure
                self._absorb(child.name, failure)
                pause = _FIRST_PAUSE if trio.current_time() - began > _HEALTHY_AFTER else pause
                await trio.sleep(self._spread(pause))
                pause = min(pause * 2, _LONGEST_PAUSE)
        ended.set()

    async def attempt(
        self, name: str, call: Callable[[], Awaitable[None]], *, before_retry: Callable[[], None], whose: str = ""
    ) -> Exception | None:
        """Await ``call`` up to ``tries`` times with growing pauses; the last failure, or ``None`` when one succeeded.

        A store that is unavailable is waited for without end and without counting: nothing may be decided on doubt.
        ``before_retry`` makes the caller forget what it believed; ``whose`` it is, if one actor's. Cancellation passes
        through.
        """
        tried, pause = 0, _FIRST_PAUSE
        while True:
            failure = await self._once(call)
            if failure is None:
                return None
            before_retry()
            if isinstance(failure, StoreUnavailable):
                self._on_failure(name, failure)
            else:
                self._absorb(name, failure, whose)
                tried += 1
                if tried >= self._tries:
                    return failure
            await trio.sleep(self._spread(pause))
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def contain(self, name: str, call: Callable[[], Awaitable[None]]) -> Exception | None:
        """Await ``call`` once; its failure, absorbed and counted, or ``None``. Raises and passes as ``attempt``."""
        failure = await self._once(call)
        if failure is not None:
            self._absorb(name, failure)
        return failure

    async def _once(self, call: Callable[[], Awaitable[None]]) -> Exception | None:
        try:
            await call()
        except Exception as failure:
            if _ends_the_process(failure):
                raise
            return failure
        return None

    def _absorb(self, name: str, failure: Exception, whose: str = "") -> None:
        self._on_failure(name, failure)
        if not self._intensity.count(trio.current_time(), whose):
            raise Escalated(f"too many failures, the last in {name}") from failure

    def _spread(self, pause: float) -> float:
        return pause * self._jitter.uniform(0.5, 1.0)


def _ends_the_process(failure: Exception) -> bool:
    fatal = (Fenced, Escalated)
    if isinstance(failure, ExceptionGroup):
        return failure.subgroup(fatal) is not None
    return isinstance(failure, fatal)


class _Ready:
    """Passes the first ``started()`` on and takes the later ones of restarts."""

    def __init__(self, task_status: "trio.TaskStatus[None]") -> None:
        self._task_status = task_status
        self.once = False

    def started(self, value: None = None) -> None:
        """The child is ready."""
        if not self.once:
            self.once = True
            self._task_status.started(value)
