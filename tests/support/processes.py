"""``vimbiso serve`` and ``vimbiso core`` as processes, with a stand-in Graph API, all on free ports of this machine."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import trio

from runtime.clock import SystemClock
from runtime.sqlite_store import SqliteStore
from runtime.store import Deliveries
from tests.support import notices, webhooks
from tests.support.graph import LINE, TOKEN, Shown

_CLIENT_KEY = "client-key-for-tests"
STAGE_KEY = "stage-key-for-tests"
_OPERATOR = "operator-token-for-tests"
_ADDRESS = re.compile(r"http://[\d.]+:\d+")
_LISTENING = re.compile(r" at http| Chat: ")
START_SECONDS = 30.0


class Process:
    """A child process that says on stderr where it listens; its stderr is kept."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], *, folder: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own commands
            arguments,
            env=_measured(environment),
            cwd=folder,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        self.lines: list[str] = []
        self._listening = threading.Event()
        self.address = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_until_it_listens(self, seconds: float = START_SECONDS) -> str:
        """Where it listens. Fails with what it said if it ends first or takes too long."""
        self._listening.wait(seconds)
        assert self.address, "\n".join(self.lines)
        return self.address

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Signal it and wait; its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(how)
        code = self._process.wait(timeout=30)
        self._reader.join(timeout=5)
        return code

    def _read(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as stream:
            for line in stream:
                self.lines.append(line.rstrip())
                found = _ADDRESS.search(line) if not self.address and _LISTENING.search(line) else None
                if found:
                    self.address = found[0]
                    self._listening.set()
        self._listening.set()


@dataclass(slots=True)
class Processes:
    """The three of them. ``serve`` can be ended and started again on the same store and port-free settings."""

    folder: Path
    core: Process
    graph: Process
    serve: Process
    started: list[Process] = field(default_factory=list)

    def restart(self, how: signal.Signals) -> int:
        """End ``serve`` in this way and start it again; the exit code of the old one."""
        code = self.serve.end(how)
        self.serve = start_serve(self.folder, self.core.address, self.graph.address)
        self.started.append(self.serve)
        self.serve.wait_until_it_listens()
        return code


def serve_environment(folder: Path, core: str, graph: str) -> dict[str, str]:
    """Every setting ``serve`` needs, and nothing else of this environment but the path."""
    return environment() | {
        "PORT": "0",
        "STORE_URL": f"sqlite:///{folder / 'store.db'}",
        "MYCREDEX_APP_URL": core,
        "CLIENT_API_KEY": _CLIENT_KEY,
        "WHATSAPP_API_URL": f"{graph}/v25.0",
        "WHATSAPP_ACCESS_TOKEN": TOKEN,
        "WHATSAPP_PHONE_NUMBER_ID": LINE,
        "WHATSAPP_BUSINESS_ID": "209871234567890",
        "WHATSAPP_APP_SECRET": webhooks.SECRET,
        "WHATSAPP_VERIFY_TOKEN": webhooks.VERIFY_TOKEN,
        "OPERATOR_TOKEN": _OPERATOR,
        "RECURRING_PAYMENTS": "true",
        "NOTIFY_API_KEY": notices.KEY,
    }


def start_serve(folder: Path, core: str, graph: str, **values: str) -> Process:
    """``vimbiso serve`` on a free port; ``values`` are settings in place of the usual ones."""
    return Process([*vimbiso(), "serve"], serve_environment(folder, core, graph) | values, folder=folder)


def start_core(folder: Path) -> Process:
    """``vimbiso core`` on a free port, with its stage open."""
    options = ["--port", "0", "--client-key", _CLIENT_KEY, "--stage-key", STAGE_KEY]
    return Process([*vimbiso(), "core", *options], _ours(), folder=folder)


def start_graph(folder: Path) -> Process:
    """The stand-in for the Graph API on a free port."""
    return Process([sys.executable, "-m", "tests.support.graph_server"], _ours(), folder=folder)


def _ours() -> dict[str, str]:
    return environment(PYTHONPATH=str(Path(__file__).parents[2]))


def environment(**values: str) -> dict[str, str]:
    """These settings, and nothing else of this environment but the path."""
    return {"PATH": os.environ["PATH"]} | values


def run_to_its_end(
    *words: str, folder: Path, given: Mapping[str, str], typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """``vimbiso`` with these words, until it ends by itself; what it was told on stdin, and what it said."""
    return subprocess.run(  # noqa: S603 - our own command
        [*vimbiso(), *words],
        env=_measured(given),
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _measured(given: Mapping[str, str]) -> dict[str, str]:
    """The same, with what coverage needs to follow into another process."""
    return dict(given) | {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}


def vimbiso() -> list[str]:
    """The command, of this very Python."""
    return [sys.executable, "-m", "actors"]


@contextmanager
def processes(folder: Path) -> Iterator[Processes]:
    """Start all three; end them at the end, whatever happened."""
    started: list[Process] = []
    try:
        started.append(core := start_core(folder))
        started.append(graph := start_graph(folder))
        serve = start_serve(folder, core.wait_until_it_listens(), graph.wait_until_it_listens())
        started.append(serve)
        serve.wait_until_it_listens()
        yield Processes(folder, core, graph, serve, started)
    finally:
        for process in reversed(started):
            process.end()


class OverHttp:
    """A stage for transcripts: everything by real requests to real processes."""

    def __init__(self, running: Processes, http: httpx.AsyncClient) -> None:
        self._running = running
        self._http = http
        self._clock = SystemClock()

    def now(self) -> datetime:
        """The wall clock's time: the processes have no other."""
        return self._clock.now()

    async def direct(self, *directions: dict[str, Any]) -> list[Any]:
        """Stage directions for ``vimbiso core``."""
        url = f"{self._running.core.address}/simulator/stage"
        answer = await self._http.post(url, json=directions, headers={"x-stage-key": STAGE_KEY})
        assert answer.status_code == 200, answer.text
        result: list[Any] = answer.json()
        return result

    async def post(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        """A webhook, signed unless other headers are given."""
        given = {"x-hub-signature-256": webhooks.signature(body)} if headers is None else headers
        answer = await self._http.post(f"{self._running.serve.address}/bot/webhook", content=body, headers=given)
        return answer.status_code

    async def notify(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        """Ask for a notice; the HTTP status."""
        given = notices.HEADERS | (headers or {})
        answer = await self._http.post(f"{self._running.serve.address}/bot/notify", content=body, headers=given)
        return answer.status_code

    async def sms(self, phone: str, text: str, times: int = 1) -> None:
        """Processes have no channel for text messages yet."""
        raise AssertionError(f"{phone} cannot text {text!r} here ({times} times)")

    async def messages(self, phone: str, count: int) -> list[Shown]:
        """What Graph got for this phone, once there are ``count`` and the server owes nothing more."""
        url = f"{self._running.graph.address}/sent/{phone}"
        await self._http.get(url, params={"count": count})
        with trio.fail_after(30):
            while not await self._idle():  # noqa: ASYNC110 - another process sets no event of ours
                await trio.sleep(0.01)
        return msgspec.json.decode((await self._http.get(url)).content, type=list[Shown])

    async def delivery(self, phone: str) -> str:
        """What the store, read beside the running server, says of the last message to this phone."""
        last = (await self.messages(phone, 1))[-1]
        store = SqliteStore(self._running.folder / "store.db")
        store.open()
        [[known]] = store.run([Deliveries((last.id,))])
        store.close()
        return str(known.status)

    async def wait(self, seconds: float) -> None:
        """Processes live in real time; a scenario that needs more of it is for the embedded stage."""
        raise AssertionError(f"nobody waits {seconds} real seconds")

    async def status(self) -> dict[str, Any]:
        """The operator's view."""
        answer = await self._http.get(
            f"{self._running.serve.address}/status", headers={"authorization": f"Bearer {_OPERATOR}"}
        )
        seen: dict[str, Any] = answer.json()
        return seen

    async def _idle(self) -> bool:
        seen = await self.status()
        return bool(seen["intake"]["backlog"] == 0 and seen["effects"]["owed"] == 0)
