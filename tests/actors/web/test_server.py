"""Hypercorn under the supervisor, with real sockets on free ports of this machine."""

import gc
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import httpx
import pytest
import trio

from actors.transport.client import http_client
from actors.transport.trio_transport import TrioTransport
from actors.web import server
from actors.web.plain import PlainApplication, PlainDoor
from actors.web.quart_app import quart_app
from actors.web.server import WebServer
from runtime.child import Child
from runtime.clock import SystemClock
from runtime.intensity import Intensity
from runtime.supervisor import Supervisor

PATIENCE = 20
"""Seconds in which anything here is over, on the slowest machine."""


class Application:
    """Answers ``/`` at once, ``/slow`` when ``released``, and goes on with ``/endless`` until it is cut off."""

    def __init__(self) -> None:
        self.entered = trio.Event()
        self.released = trio.Event()
        self.left = trio.Event()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own shape
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        try:
            await self._answer(scope["path"], send)
        finally:
            self.left.set()

    async def _answer(self, path: str, send: Any) -> None:  # noqa: ANN401 - ASGI's own shape
        self.entered.set()
        if path == "/broken":
            raise ValueError("member:263771234567 said hello")
        if path == "/slow":
            await self.released.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"hello", "more_body": path == "/endless"})
        if path == "/endless":
            await trio.sleep_forever()


async def _live(receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own shape
    for _ in range(2):
        event = await receive()
        await send({"type": f"{event['type']}.complete"})


class Plain:
    """Answers plain requests to ``/plain``."""

    path = "/plain"
    largest = 1000
    slowest = 1.0

    async def answer(self, _headers: Mapping[bytes, bytes], body: bytes) -> tuple[int, bytes]:
        await trio.lowlevel.checkpoint()
        return 200, b"plainly " + body


@asynccontextmanager
async def serving(
    application: Any,  # noqa: ANN401 - any ASGI application
    *,
    budget: float = PATIENCE,
    plain: PlainApplication | None = None,
) -> AsyncIterator[tuple[WebServer, trio.Event]]:
    """A server under a supervisor; set the event to stop it. Ended, it has left nothing behind."""
    supervisor = Supervisor(intensity=Intensity(limit=1, period=1), on_failure=lambda _name, _failure: None)
    door = PlainDoor(plain, clock=SystemClock(), contain=supervisor.contain) if plain else None
    web, stop = WebServer(application, host="127.0.0.1", port=0, door=door), trio.Event()
    children = [Child("web", web.run, drain=web.drain)]
    with trio.fail_after(PATIENCE):
        async with trio.open_nursery() as nursery:
            await nursery.start(partial(supervisor.run, children, stop=stop, budget=budget))
            yield web, stop
            stop.set()


@asynccontextmanager
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(TrioTransport()) as http:
        yield http


async def test_it_says_where_it_listens_once_it_does_and_answers_there() -> None:
    before = WebServer(Application(), host="127.0.0.1", port=0)
    assert before.addresses == ()
    async with serving(Application()) as (web, _), client() as http:
        [address] = web.addresses
        assert address.startswith("http://127.0.0.1:")
        answer = await http.get(address)
        assert (answer.status_code, answer.text) == (200, "hello")
        assert "server" not in answer.headers


async def test_an_application_that_breaks_is_answered_500_without_its_words_and_serving_goes_on() -> None:
    async with serving(Application()) as (web, _), client() as http:
        broken = await http.get(f"{web.addresses[0]}/broken")
        assert (broken.status_code, broken.text) == (500, "")
        assert (await http.get(web.addresses[0])).status_code == 200


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
async def test_an_address_in_use_is_an_os_error_before_anything_is_ready() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        web = WebServer(Application(), host="127.0.0.1", port=taken.getsockname()[1])
        in_use = pytest.RaisesExc(OSError, match="in use")
        with pytest.RaisesGroup(in_use, flatten_subgroups=True), trio.fail_after(PATIENCE):
            async with trio.open_nursery() as nursery:  # noqa: ASYNC112 - starting is what is tried
                await nursery.start(web.run)
        assert web.addresses == ()
    # Hypercorn leaves the socket it could not bind to the collector, which complains: here, and to nobody else.
    gc.collect()


async def test_a_request_under_way_is_answered_before_a_drained_server_ends() -> None:
    application = Application()
    answers: list[str] = []

    async def ask(address: str) -> None:
        async with client() as http:
            answers.append((await http.get(f"{address}/slow")).text)

    async with serving(application) as (web, stop), trio.open_nursery() as nursery:
        nursery.start_soon(ask, web.addresses[0])
        await application.entered.wait()
        stop.set()
        await _refuses(web.addresses[0])
        application.released.set()
    assert answers == ["hello"]


async def _refuses(address: str) -> None:
    """Wait until nobody listens there."""
    host, _, port = address.removeprefix("http://").partition(":")
    while True:
        try:
            stream = await trio.open_tcp_stream(host, int(port))
        except OSError:
            return
        await stream.aclose()


async def test_an_answer_without_end_is_cut_off_after_the_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "GRACE_SECONDS", 0.05)
    application = Application()

    async def listen(address: str) -> None:
        async with client() as http:
            with pytest.raises(httpx.RemoteProtocolError):
                await http.get(f"{address}/endless")

    async with serving(application) as (web, stop), trio.open_nursery() as nursery:
        nursery.start_soon(listen, web.addresses[0])
        await application.entered.wait()
        stop.set()
    assert application.left.is_set()


@pytest.mark.parametrize("application", [Application(), quart_app([])], ids=["plain", "Quart"])
async def test_an_idle_connection_does_not_hold_up_the_end(application: Any) -> None:  # noqa: ANN401 - any ASGI application
    async with client() as http:
        async with serving(application) as (web, stop):
            for _ in range(2):
                await http.get(web.addresses[0])
            began = trio.current_time()
            stop.set()
        assert trio.current_time() - began < server.GRACE_SECONDS / 2


async def test_one_connection_is_served_by_the_door_and_then_by_the_server_for_good() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"in chunks"

    async with serving(Application(), plain=Plain()) as (web, stop):
        transport = TrioTransport()
        async with http_client(transport) as http:
            address = web.addresses[0]
            first = await http.post(f"{address}/plain", content=b"one")
            second = await http.post(f"{address}/plain", content=chunks())
            others = [await http.get(address), await http.post(f"{address}/plain", content=b"two")]
        assert (first.status_code, first.text) == (200, "plainly one")
        assert [answer.text for answer in (second, *others)] == ["hello", "hello", "hello"]
        assert transport.statistics().created == 1
        stop.set()


async def test_an_idle_connection_at_the_door_does_not_hold_up_the_end() -> None:
    async with client() as http:
        async with serving(Application(), plain=Plain()) as (web, stop):
            await http.post(f"{web.addresses[0]}/plain", content=b"one")
            began = trio.current_time()
            stop.set()
        assert trio.current_time() - began < server.GRACE_SECONDS / 2


async def test_draining_is_bounded_by_the_supervisors_budget() -> None:
    application = Application()

    async def ask(address: str) -> None:
        async with client() as http:
            with pytest.raises(httpx.HTTPError):
                await http.get(f"{address}/slow")

    async with serving(application, budget=0.05) as (web, stop), trio.open_nursery() as nursery:
        nursery.start_soon(ask, web.addresses[0])
        await application.entered.wait()
        began = trio.current_time()
        stop.set()
    assert trio.current_time() - began < server.GRACE_SECONDS


def test_a_host_of_colons_is_put_in_brackets() -> None:
    assert server._config("::1", 8000).bind == ["[::1]:8000"]
    assert server._config("0.0.0.0", 8000).bind == ["0.0.0.0:8000"]  # noqa: S104 - nothing is bound


def test_requests_under_way_get_their_grace() -> None:
    assert server._config("127.0.0.1", 0).graceful_timeout == server.GRACE_SECONDS
