"""Our transport over real sockets, beyond the contract it shares with httpx's own."""

import ssl

import httpx
import pytest
import trio
import trustme

from actors.transport.limits import Limits
from actors.transport.pool import Statistics
from actors.transport.trio_transport import TrioTransport
from tests.contracts.loopback import Loopback, Visitor, becomes, ok, saying, serving


class Watch:
    """A clock turned by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds


def client(transport: TrioTransport) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=transport, timeout=5.0, trust_env=False)


async def numbered(visitor: Visitor) -> None:
    """Answer with the number of the connection, and to ``/slow`` only once it is asked to ``/go``."""
    while request := await visitor.request():
        if b"/slow" in request:
            await becomes(lambda: any(b"/go" in each for each in visitor.server.requests))
        await visitor.say(ok(b"%d" % visitor.number))


async def open_two(http: httpx.AsyncClient, server: Loopback) -> None:
    """Open two connections; the second falls idle first."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(http.get, server.url + "/slow")
        await becomes(lambda: len(server.requests) == 1)
        await http.get(server.url)
        server.requests.append(b"/go")  # only now, when the second answer is here


async def test_the_warmest_connection_is_taken_first() -> None:
    transport = TrioTransport()
    async with serving(numbered) as server, client(transport) as http:
        await open_two(http, server)
        assert (await http.get(server.url)).text == "1"
        assert transport.statistics() == Statistics(open=2, idle=2, waiting=0, created=2, reused=1)
        assert repr(transport) == "<TrioTransport 2 open, 2 idle, 0 waiting; 2 created, 1 reused>"


async def test_connections_idle_for_too_long_are_closed_at_the_next_use() -> None:
    watch = Watch()
    transport = TrioTransport(Limits(idle_seconds=10), now=watch.now)
    async with serving(numbered) as server, client(transport) as http:
        await open_two(http, server)
        watch.seconds = 9
        assert (await http.get(server.url)).text == "1"
        watch.seconds = 18
        assert (await http.get(server.url)).text == "1"
        await becomes(lambda: server.open == 1)
        watch.seconds = 28
        assert (await http.get(server.url)).text == "3"
        await becomes(lambda: server.open == 1)


async def test_a_connection_has_a_greatest_age() -> None:
    watch = Watch()
    transport = TrioTransport(Limits(idle_seconds=10, age_seconds=20), now=watch.now)
    async with serving(numbered) as server, client(transport) as http:
        connections = []
        for seconds in (0, 8, 16, 24):
            watch.seconds = seconds
            connections.append((await http.get(server.url)).text)
    assert connections == ["1", "1", "1", "2"]


async def test_a_request_that_left_over_a_used_connection_is_never_repeated() -> None:
    async def script(visitor: Visitor) -> None:
        await visitor.request()
        await visitor.say(ok())
        await visitor.request()

    async with serving(script) as server, client(TrioTransport()) as http:
        await http.get(server.url)
        with pytest.raises(httpx.RemoteProtocolError, match="without an answer"):
            await http.get(server.url + "/again")
    assert len(server.requests) == 2
    assert server.connections == 1


async def test_bytes_that_follow_an_answer_are_never_the_next_answer() -> None:
    more = trio.Event()

    async def script(visitor: Visitor) -> None:
        while await visitor.request():
            await visitor.say(ok(b"mine"))
            if visitor.number == 1:
                await more.wait()
                await visitor.say(ok(b"another member's"))

    async with serving(script) as server, client(TrioTransport()) as http:
        assert (await http.get(server.url)).text == "mine"
        more.set()
        await trio.testing.wait_all_tasks_blocked()
        assert (await http.get(server.url)).text == "mine"
    assert server.connections == 2


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def identity(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="module")
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


async def test_nor_are_those_that_came_along_in_tls(identity: ssl.SSLContext, trust: ssl.SSLContext) -> None:
    async def script(visitor: Visitor) -> None:
        while await visitor.request():
            await say_in_one_packet(visitor, ok(b"mine"), ok(b"another member's") if visitor.number == 1 else b"")

    async with serving(script, tls=identity) as server, client(TrioTransport(trust=trust)) as http:
        assert (await http.get(server.url)).text == "mine"
        assert (await http.get(server.url)).text == "mine"
        assert (await http.get(server.url)).text == "mine"
    assert server.connections == 2


async def say_in_one_packet(visitor: Visitor, *said: bytes) -> None:
    """Each in a TLS record of its own, and all of them in one send."""
    stream = visitor.stream
    assert isinstance(stream, trio.SSLStream)
    held = Held(stream.transport_stream)
    stream.transport_stream = held  # type: ignore[assignment]  # a stand-in for this moment
    for record in said:
        if record:
            await stream.send_all(record)
    stream.transport_stream = held.behind
    await held.behind.send_all(held.sent)


class Held:
    """A stream that keeps what is sent."""

    def __init__(self, behind: trio.SocketStream) -> None:
        self.behind = behind
        self.sent = b""

    async def send_all(self, sent: bytes) -> None:
        await trio.lowlevel.checkpoint()
        self.sent += sent


async def test_a_refused_certificate_is_named(identity: ssl.SSLContext) -> None:
    strict = ssl.create_default_context()
    async with serving(saying(ok()), tls=identity) as server, client(TrioTransport(trust=strict)) as http:
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await http.get(server.url)
        await becomes(lambda: server.open == 0)


async def test_a_connection_is_not_kept_open_by_a_handshake_that_timed_out(trust: ssl.SSLContext) -> None:
    async def script(visitor: Visitor) -> None:
        await visitor.silence()

    transport = TrioTransport(Limits(whole_seconds=0.05), trust)
    async with serving(script) as server, client(transport) as http:
        with trio.fail_after(2), pytest.raises(httpx.ConnectTimeout):
            await http.get(server.url.replace("http:", "https:"))
        await becomes(lambda: server.connections == 1 and server.open == 0)
    assert transport.statistics() == Statistics()


async def test_the_authorities_are_read_at_the_first_need(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[ssl.SSLContext] = []
    default = ssl.create_default_context

    def reading() -> ssl.SSLContext:
        read.append(default())
        return read[-1]

    async def script(visitor: Visitor) -> None:
        if (await visitor.stream.receive_some()).startswith(b"GET"):
            await visitor.say(ok(b"", b"Connection: close"))

    monkeypatch.setattr(ssl, "create_default_context", reading)
    async with serving(script) as server, client(TrioTransport()) as http:
        await http.get(server.url)
        assert read == []
        for _ in range(2):
            with pytest.raises(httpx.ConnectError):
                await http.get(server.url.replace("http:", "https:"))
    assert [context.verify_mode for context in read] == [ssl.CERT_REQUIRED]


async def test_a_dripping_peer_cannot_stretch_the_whole_call() -> None:
    async def script(visitor: Visitor) -> None:
        await visitor.request()
        await visitor.say(b"HTTP/1.1 200 OK\r\n")
        while True:
            await visitor.say(b"X: y\r\n")
            await trio.sleep(0.01)

    async with serving(script) as server, client(TrioTransport(Limits(whole_seconds=0.1))) as http:
        with trio.fail_after(2), pytest.raises(httpx.ReadTimeout):
            await http.get(server.url)


async def test_a_host_that_cannot_exist_is_a_connect_error() -> None:
    async with client(TrioTransport()) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(f"http://{'a' * 64}.invalid/")


async def test_an_error_about_a_header_does_not_repeat_it() -> None:
    async with client(TrioTransport()) as http:
        with pytest.raises(httpx.LocalProtocolError) as caught:
            await http.get("http://127.0.0.1/", headers={"Authorization": "Bearer invented\n"})
    assert "invented" not in str(caught.value)
    assert caught.value.__suppress_context__
    assert caught.value.__cause__ is None


async def test_closed_it_refuses_newcomers_and_lets_calls_end() -> None:
    transport = TrioTransport()
    ending = trio.Event()

    async def script(visitor: Visitor) -> None:
        await visitor.request()
        await ending.wait()
        await visitor.say(ok(b"in the end"))
        await visitor.silence()

    async def call(url: str) -> None:
        assert (await client(transport).get(url)).text == "in the end"

    async with serving(script) as server, trio.open_nursery() as nursery:
        nursery.start_soon(call, server.url)
        await becomes(lambda: len(server.requests) == 1)
        await transport.aclose()
        for url in (server.url, "http://never-met.example"):
            with pytest.raises(httpx.ConnectError, match="closed"):
                await client(transport).get(url)
        ending.set()
        await becomes(lambda: server.open == 0)
    await transport.aclose()
    assert transport.statistics() == Statistics(created=1)


async def test_origins_do_not_wait_for_each_other() -> None:
    async def silent(visitor: Visitor) -> None:
        await visitor.request()
        await visitor.silence()

    transport = TrioTransport(Limits(connections=1))
    async with (
        serving(silent) as slow,
        serving(saying(ok(b"here"))) as quick,
        client(transport) as http,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(http.get, slow.url)
        await becomes(lambda: len(slow.requests) == 1)
        assert (await http.get(quick.url)).text == "here"
        nursery.start_soon(http.get, slow.url)
        await becomes(lambda: transport.statistics().waiting == 1)
        assert transport.statistics() == Statistics(open=2, idle=1, waiting=1, created=2, reused=0)
        nursery.cancel_scope.cancel()


async def test_five_hundred_calls_share_their_connections() -> None:
    transport = TrioTransport(Limits(connections=20))
    async with serving(numbered) as server, client(transport) as http:
        async with trio.open_nursery() as nursery:
            for _ in range(500):
                nursery.start_soon(http.get, server.url)
        assert server.connections == 20
        assert transport.statistics() == Statistics(open=20, idle=20, waiting=0, created=20, reused=480)


async def test_a_request_can_name_the_limit_of_the_whole_of_it() -> None:
    async def dripping(visitor: Visitor) -> None:
        await visitor.request()
        for byte in ok(b"x" * 1000):
            await visitor.say(bytes([byte]))
            await trio.sleep(0.02)

    async with serving(dripping) as server, client(TrioTransport()) as http:
        limits = {"pool": 5, "connect": 5, "write": 5, "read": 5, "whole": 0.1}
        with pytest.raises(httpx.ReadTimeout):
            await http.get(server.url, extensions={"timeout": limits})
