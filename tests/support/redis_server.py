"""A real ``redis-server`` of the tests' own: on a free port of this machine, in a folder of its own, ended surely."""

import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import pytest
import redis

from runtime.errors import StoreUnavailable
from runtime.redis_store import RedisServer, RedisStore
from runtime.store import Load
from tests.contracts.store_words import ANNA, do

_START_SECONDS = 30


class RedisProcess:
    """It keeps everything in an append-only file that is synced before each answer. May be killed and started again."""

    def __init__(self, folder: Path, *options: str, tls: bool = False) -> None:
        program = shutil.which("redis-server")
        if program is None:
            pytest.skip("redis-server is not installed; `make test` gets it where it can")
        self.port = free_port()
        self._folder = folder
        aof = ("--appendonly", "yes", "--appendfsync", "always", "--save", "")
        listen = ("--port", "0", "--tls-port") if tls else ("--port",)
        self._command = [program, *listen, str(self.port), "--bind", "127.0.0.1", *aof, *options]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        with (self._folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the real one
                self._command, cwd=self._folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._listens():
            assert self._process.poll() is None, (self._folder / "redis.log").read_text()
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.005)

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Signal it and wait for its end."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=30)
            self._process = None

    def freeze(self) -> None:
        """It stays connected and answers nothing, until ``thaw``."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def restore(self, copy: Path) -> None:
        """Put back what its folder held when ``copy`` was made of it. Only while it does not run."""
        shutil.rmtree(self._folder)
        shutil.copytree(copy, self._folder)

    def client(self) -> redis.Redis:
        """For doing to it what operators and accidents do."""
        return redis.Redis(port=self.port, protocol=2)

    def store(self, *, timeout_seconds: float = 20, **more: Any) -> RedisStore:  # noqa: ANN401 - RedisServer's fields
        """One more store of it, not opened yet."""
        return RedisStore(RedisServer(host="127.0.0.1", port=self.port, **more), timeout_seconds=timeout_seconds)

    def _listens(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


class Begin(Protocol):
    """Starts one in the test's folder, which ends with the test."""

    def __call__(self, *options: str, tls: bool = False) -> RedisProcess: ...


def free_port() -> int:
    """One nobody listened on a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def once_it_has_loaded(store: RedisStore) -> Any:  # noqa: ANN401 - a Loaded with a snapshot
    """Ask again and again, since a Redis that starts refuses for a while."""
    for _ in range(10_000):
        try:
            return do(store, Load(address=ANNA, limit=9))
        except StoreUnavailable:  # its connection was lost, then it reads its data
            continue
    raise AssertionError("it reads for ever")
