"""The web server as a child of the supervisor: told when to stop, and telling where it listens.

Hypercorn speaks HTTP; this module accepts, so that a ``PlainDoor`` can answer plain webhooks before Hypercorn has to
deal with them, and so that both let go of a connection at the same word.
"""

import socket
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import trio
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.config import Config, Sockets
from hypercorn.trio.lifespan import Lifespan
from hypercorn.trio.tcp_server import TCPServer
from hypercorn.trio.worker_context import WorkerContext
from hypercorn.typing import ConnectionState, LifespanState

from actors.http1.stream import TcpStream
from actors.web.plain import PlainDoor

GRACE_SECONDS = 5.0
UNREAD_MILLISECONDS = 5000


class WebServer:
    """Serves one ASGI application. ``host`` and ``port`` as in settings; port 0 picks a free one.

    What a ``door`` answers does not reach the application.
    """

    def __init__(
        self,
        application: Any,  # noqa: ANN401 - hypercorn's union of ASGI shapes
        *,
        host: str,
        port: int,
        door: PlainDoor | None = None,
    ) -> None:
        self._application = ASGIWrapper(application)
        self._door = door
        self._stop = trio.Event()
        self._ended = trio.Event()
        self._config = _config(host, port)
        self.addresses: tuple[str, ...] = ()
        """Where it listens, as URLs; empty before it is ready."""

    async def run(self, *, task_status: "trio.TaskStatus[None]") -> None:
        """Serve until drained or cancelled. Raises ``OSError`` when the address cannot be bound."""
        self._ended = trio.Event()
        state: LifespanState = {}
        lifespan = Lifespan(self._application, self._config, state)
        try:
            async with trio.open_nursery() as living:
                await living.start(lifespan.handle_lifespan)
                await lifespan.wait_for_startup()
                await self._serve(state, task_status)
                await lifespan.wait_for_shutdown()
                living.cancel_scope.cancel()
        finally:
            self._ended.set()

    async def drain(self) -> None:
        """Accept no more connections and wait for the requests under way, which get ``GRACE_SECONDS``."""
        self._stop.set()
        with trio.move_on_after(GRACE_SECONDS + 1):
            await self._ended.wait()

    async def _serve(self, state: LifespanState, task_status: "trio.TaskStatus[None]") -> None:
        context = WorkerContext(None)

        async def onward(stream: Any) -> None:  # noqa: ANN401 - hypercorn takes any stream that has a socket
            await TCPServer(self._application, self._config, context, ConnectionState(state.copy()), stream).run()

        converse = partial(self._door.converse, onward=onward) if self._door else onward
        listeners = self._listeners()
        async with trio.open_nursery() as conversing:
            async with trio.open_nursery() as accepting:
                accept = partial(trio.serve_listeners, handler_nursery=conversing)
                await accepting.start(accept, partial(_taken_over, converse), listeners)
                task_status.started()
                await self._stop.wait()
                accepting.cancel_scope.cancel()
            await context.terminated.set()
            if self._door:
                self._door.close()
            conversing.cancel_scope.deadline = trio.current_time() + self._config.graceful_timeout

    def _listeners(self) -> list[trio.SocketListener]:
        bound = self._config.create_sockets().insecure_sockets
        for listening in bound:
            listening.listen(self._config.backlog)
        self.addresses = tuple(_url(listening) for listening in bound)
        return [trio.SocketListener(trio.socket.from_stdlib_socket(listening)) for listening in bound]


async def _taken_over(converse: Callable[[TcpStream], Awaitable[None]], stream: trio.SocketStream) -> None:
    taken = TcpStream.over(stream)
    try:
        await converse(taken)
    finally:
        taken.close()


def _url(listening: socket.socket) -> str:
    host, port, *_ = listening.getsockname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


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
