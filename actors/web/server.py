"""Hypercorn as a child of the supervisor: it is told when to stop and reports where it listens."""

import socket
from typing import Any

import trio
from hypercorn.config import Config, Sockets
from hypercorn.trio import serve

GRACE_SECONDS = 5.0
UNREAD_MILLISECONDS = 5000


class WebServer:
    """Serves one ASGI application. ``host`` and ``port`` as in settings; port 0 picks a free one."""

    def __init__(self, application: Any, *, host: str, port: int) -> None:  # noqa: ANN401 - hypercorn's union of ASGI shapes
        self._application = application
        self._stop = trio.Event()
        self._ended = trio.Event()
        self._config = _config(host, port)
        self.addresses: tuple[str, ...] = ()
        """Where it listens, as URLs; empty before it is ready."""

    async def run(self, *, task_status: "trio.TaskStatus[None]") -> None:
        """Serve until drained or cancelled. Raises ``OSError`` when the address cannot be bound."""
        self._ended = trio.Event()
        try:
            async with trio.open_nursery() as nursery:
                self.addresses = tuple(await nursery.start(self._serve))
                task_status.started()
        finally:
            self._ended.set()

    async def drain(self) -> None:
        """Accept no more connections and wait for the requests under way, which get ``GRACE_SECONDS``."""
        self._stop.set()
        with trio.move_on_after(GRACE_SECONDS + 1):
            await self._ended.wait()

    async def _serve(self, *, task_status: "trio.TaskStatus[list[str]]") -> None:
        await serve(self._application, self._config, shutdown_trigger=self._stop.wait, task_status=task_status)


class _Config(Config):
    """A peer that takes no byte of its answer for ``UNREAD_MILLISECONDS`` is cut off, so that it cannot hold a stop."""

    def create_sockets(self) -> Sockets:
        sockets = super().create_sockets()
        option = getattr(socket, "TCP_USER_TIMEOUT", None)  # Linux has it
        for listening in sockets.insecure_sockets:
            if option is not None:
                listening.setsockopt(socket.IPPROTO_TCP, option, UNREAD_MILLISECONDS)
        return sockets


def _config(host: str, port: int) -> Config:
    config = _Config()
    config.bind = [f"[{host}]:{port}" if ":" in host else f"{host}:{port}"]
    config.backlog = 1024
    config.graceful_timeout = GRACE_SECONDS
    config.keep_alive_timeout = 75
    config.keep_alive_max_requests = 1_000_000
    config.include_server_header = False
    config.accesslog = None
    config.errorlog = None
    return config
