"""The life and death of processes: started, killed in the middle of something, stopped, replaced while still alive.

A kill is planned as "at the nth store write, so many scheduler steps later" (likewise at requests to credex-core and
to the Graph API), since in virtual time most of what happens takes none. ``boundary`` is asked at each of these
moments; at a store's it may answer that the process dies right there, between the call and the write or between the
write and the answer.
"""

import trio

from tests.simulation.history import Ended, History, Started
from tests.simulation.process import Around, Process, Webhook
from tests.simulation.seeded import Random
from tests.simulation.weather import Weather

_KINDS = ("store", "stored", "core", "cored", "graph", "took")
_PAUSES = (0, 0, 0.5, 5, 60, 400)
_RESTART = 1.0
_OVERLAPS = (0.5, 10, 60, 1000)


class Fate:
    """Keeps one process running, most of the time."""

    def __init__(self, nursery: trio.Nursery, *, history: History, weather: Weather, random: Random) -> None:
        self._nursery = nursery
        self._history, self._weather, self._random = history, weather, random
        self._processes: list[Process] = []
        self._count = 0
        self._over = False
        self._next = self._planned()
        self._changed = trio.Event()

    async def post(self, webhook: Webhook) -> int:
        """Hand a webhook to a process that is up; 0 if there is none."""
        await trio.lowlevel.checkpoint()
        alive = [process for process in self._processes if process.alive]
        return await self._random.choice(alive).post(webhook) if alive else 0

    async def keep(self, around: Around) -> None:
        """Start a process, and another whenever it ends or is to be replaced."""
        while not self._over:
            self._count += 1
            process = Process(self._count, around, self._at)
            self._processes.append(process)
            self._history.note(Started(process.number))
            self._changed = trio.Event()
            self._nursery.start_soon(self._run, process)
            await self._changed.wait()
            if process.ended.is_set():  # else it is replaced while it lives
                calm = self._weather.crashes == 0
                await trio.sleep(_RESTART if calm else self._random.choice(_PAUSES))

    async def finish(self) -> None:
        """Stop what runs, in order."""
        self._over = True
        for process in list(self._processes):
            process.stop()
            await process.ended.wait()

    def boundary(self, kind: str) -> bool:
        """Something begins or ends outside of the processes."""
        for process in list(self._processes):
            self._at(process, kind)
        return False

    def _at(self, process: Process, kind: str) -> bool:
        """Whether the process dies at this very moment."""
        wanted, left, steps = self._next
        if process.number != self._count:
            return False
        if kind != wanted or self._weather.crashes == 0 or not process.alive:
            return False
        if left > 0:
            self._next = (wanted, left - 1, steps)
            return False
        self._weather.crashes -= 1
        self._next = self._planned()
        if self._random.random() < self._weather.overlap:
            self._changed.set()
            self._nursery.start_soon(self._outlive, process)
            return False
        if steps == 0 and kind in {"store", "stored"}:
            process.kill()
            return True
        self._nursery.start_soon(self._kill_after, process, steps)
        return False

    def _planned(self) -> tuple[str, int, int]:
        random = self._random
        return random.choice(_KINDS), random.randint(0, 25), random.choice((0, 0, 1, 2, 3, 5, 8, 20))

    async def _run(self, process: Process) -> None:
        await process.run()
        self._processes.remove(process)
        self._history.note(Ended(process.number, process.how))
        if process.number == self._count:
            self._changed.set()

    async def _kill_after(self, process: Process, steps: int) -> None:
        for _ in range(steps):
            await trio.lowlevel.checkpoint()
        if self._random.random() < 0.2:
            process.stop()
        else:
            process.kill()

    async def _outlive(self, process: Process) -> None:
        """It goes on beside its successor for a while."""
        with trio.move_on_after(self._random.choice(_OVERLAPS)):
            if self._random.random() < 0.5:
                process.stop()
            await process.ended.wait()
        process.kill()
