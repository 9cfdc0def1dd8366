"""A credex-core that says its lines one after another and keeps what it was asked."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
import trio

from credex.client import CredexClient, Retry, Retryable
from credex.pace import Pace, Purpose

T = TypeVar("T")
Line = httpx.Response | Exception | float
"""An answer, a fault of the transport, or seconds of silence (the next line is said after them)."""


class ScriptedCore:
    """What an ``Answering`` transport asks. Runs out of lines as a failed assertion."""

    def __init__(self, *lines: Line) -> None:
        self._lines = list(lines)
        self.asked: list[httpx.Request] = []
        self.at: list[float] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        self.at.append(trio.current_time())
        await trio.lowlevel.checkpoint()
        while True:
            assert self._lines, f"nothing left to say to {request.url.path}"
            line = self._lines.pop(0)
            if isinstance(line, httpx.Response):
                return line
            if isinstance(line, Exception):
                raise line
            await trio.sleep(line)

    @property
    def paths(self) -> list[str]:
        """The operations asked for, in order."""
        return [request.url.path for request in self.asked]

    def header(self, name: str) -> list[str | None]:
        """This header of every request, in order."""
        return [request.headers.get(name) for request in self.asked]


async def three_times(call: Callable[[], Awaitable[T]], until: float, purpose: Purpose) -> T:
    """Two more tries, after the pause asked for or a second."""
    del purpose
    with trio.fail_at(until):
        for _ in range(2):
            try:
                return await call()
            except Retryable as fault:
                await trio.sleep(fault.after_seconds or 1)
        return await call()


def say(status: int, body: bytes, **headers: str) -> httpx.Response:
    """One answer."""
    return httpx.Response(status, content=body, headers={key.replace("_", "-"): headers[key] for key in headers})


def client(http: httpx.AsyncClient, retry: Retry = three_times, pace: Pace | None = None) -> CredexClient:
    """The client under test: 30 seconds a command, 10 a patient exchange."""
    return CredexClient(http, base_url="https://core.example/", client_key="the-client-key", retry=retry, pace=pace)
