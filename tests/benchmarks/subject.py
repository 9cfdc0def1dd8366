"""The measuring side of ``measured``: starts a program on its core, asks what it used, ends it."""

import asyncio  # noqa: TID251 - load and mocks cost least as callbacks, and are not what is measured
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process  # noqa: TID251 - as above
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.benchmarks import machine

_START_SECONDS = 30.0
_END_SECONDS = 10.0


class Silent(Exception):
    """The program said nothing, or not in time; running it by hand shows why."""


class Subject:
    """A server that runs by itself. Its logs, if any, go where nobody reads them."""

    def __init__(self, process: Process, port: int) -> None:
        self._process = process
        self.port = port

    async def cpu(self) -> float:
        """Seconds it has used since its start, all threads."""
        if self._process.stdin is None:
            raise Silent
        self._process.stdin.write(b"\n")
        return float((await _heard(self._process))["cpu"])


@asynccontextmanager
async def started(program: str, *arguments: str) -> AsyncIterator[Subject]:
    """A server under measurement. ``program`` is a module of this package."""
    process = await _spawned(program, arguments)
    try:
        yield Subject(process, int((await _heard(process))["port"]))
    finally:
        await _ended(process)


async def told(program: str, *arguments: str, seconds: float = 120.0) -> dict[str, Any]:
    """What a program finds out by itself, in a process of its own."""
    process = await _spawned(program, arguments)
    try:
        return await _heard(process, seconds)
    finally:
        await _ended(process)


async def _spawned(program: str, arguments: tuple[str, ...]) -> Process:
    command = (sys.executable, "-m", f"tests.benchmarks.{program}", *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
    ours = machine.cores()
    machine.pin(ours[0] if ours else None, process.pid)
    return process


async def _heard(process: Process, seconds: float = _START_SECONDS) -> dict[str, Any]:
    if process.stdout is None:
        raise Silent
    line = await asyncio.wait_for(process.stdout.readline(), seconds)
    if not line:
        raise Silent("a program under measurement ended early")
    heard: dict[str, Any] = json.loads(line)
    return heard


async def _ended(process: Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), _END_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
