"""What the application relies on in an httpx transport, asked of ours and of httpx's own.

Sockets need real time, so the limits here are tiny. Where the two may differ, every outcome allowed is listed.
"""

import datetime as dt
import gc
import gzip
import ssl
import struct
from collections.abc import AsyncIterator, Callable, Iterator
from socket import SO_LINGER, SOL_SOCKET
from typing import Protocol

import httpx
import pytest
import trio
import trustme

from actors.transport.limits import Limits
from actors.transport.trio_transport import TrioTransport
from tests.contracts.loopback import Visitor, becomes, chunked, ok, once, saying, serving

SOON = 0.15
BROKEN = (httpx.ReadError, httpx.RemoteProtocolError)
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


class MakesClients(Protocol):
    def __call__(
        self, *, connections: int = 10, trust: ssl.SSLContext | None = None, timeout: httpx.Timeout | None = None
    ) -> httpx.AsyncClient: ...


def ours(connections: int, trust: ssl.SSLContext | None) -> httpx.AsyncBaseTransport:
    return TrioTransport(Limits(connections=connections), trust)


def stock(connections: int, trust: ssl.SSLContext | None) -> httpx.AsyncBaseTransport:
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    return httpx.AsyncHTTPTransport(verify=trust or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), limits=limits)


LITTER = pytest.mark.filterwarnings(r"ignore:Async generator '(httpcore|httpx)\.:ResourceWarning")
"""httpx's own leaves generators to the garbage collector when a call fails, and Trio warns of them."""


@pytest.fixture(params=[ours, pytest.param(stock, marks=LITTER)])
def client(request: pytest.FixtureRequest) -> Iterator[MakesClients]:
    def make(
        *, connections: int = 10, trust: ssl.SSLContext | None = None, timeout: httpx.Timeout | None = None
    ) -> httpx.AsyncClient:
        transport = request.param(connections, trust)
        return httpx.AsyncClient(transport=transport, timeout=timeout or httpx.Timeout(5.0), trust_env=False)

    yield make
    if request.param is stock:
        gc.collect()  # now, while the warnings are ignored


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


Certified = Callable[..., ssl.SSLContext]


@pytest.fixture(scope="module")
def certified(authority: trustme.CA) -> Certified:
    def context(host: str = "127.0.0.1", not_after: dt.datetime | None = None) -> ssl.SSLContext:
        made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(host, not_before=LONG_AGO, not_after=not_after).configure_cert(made)
        return made

    return context


async def test_an_answer_arrives_as_it_was_sent(client: MakesClients) -> None:
    answer = b"HTTP/1.1 201 All Made\r\nContent-Length: 4\r\nX-Trace: one\r\nX-Trace: two\r\n\r\nyes!"
    async with serving(saying(answer)) as server, client() as http:
        made = await http.get(f"{server.url}/offers?page=2")
    assert (made.status_code, made.reason_phrase, made.http_version) == (201, "All Made", "HTTP/1.1")
    assert made.headers.get_list("x-trace") == ["one", "two"]
    assert made.content == b"yes!"
    assert made.elapsed > dt.timedelta()
    assert server.requests[0].startswith(b"GET /offers?page=2 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % server.port)


async def test_a_body_arrives_as_it_was_given(client: MakesClients) -> None:
    async with serving(saying(ok(b"{}"))) as server, client() as http:
        await http.post(server.url, json={"amount": "12.50"}, headers={"apiKey": "invented"})
    head, body = server.requests[0].split(b"\r\n\r\n")
    assert body == b'{"amount":"12.50"}'
    assert b"\r\nContent-Length: 18\r\n" in head
    assert b"\r\napiKey: invented\r\n" in head


async def test_a_streamed_body_arrives_in_chunks(client: MakesClients) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for part in (b"one", b"", b"two"):
            yield part

    async with serving(saying(ok())) as server, client() as http:
        for _ in range(2):
            await http.post(server.url, content=parts())
    assert server.connections == 1
    assert server.requests[1].endswith(b"\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")


async def test_a_connection_serves_one_call_after_another(client: MakesClients) -> None:
    async with serving(saying(ok(b"1"), ok(b"2"), chunked(b"3"), ok(b"4"))) as server, client() as http:
        answers = [(await http.get(server.url)).text for _ in range(4)]
    assert answers == ["1", "2", "3", "4"]
    assert server.connections == 1


@pytest.mark.parametrize(
    "answer",
    [
        ok(b"bye", b"Connection: close"),
        b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nbye",
        b"HTTP/1.0 200 OK\r\n\r\nbye",
        b"HTTP/1.1 200 OK\r\n\r\nbye",
    ],
)
async def test_a_connection_its_peer_ends_is_not_used_again(client: MakesClients, answer: bytes) -> None:
    async with serving(once(answer)) as server, client() as http:
        answers = [(await http.get(server.url)).text for _ in range(2)]
    assert answers == ["bye", "bye"]
    assert server.connections == 2


async def test_chunks_make_one_body_whatever_comes_with_them(client: MakesClients) -> None:
    answer = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
        b"3;note=x\r\nabc\r\n0002\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n"
    )
    async with serving(saying(answer)) as server, client() as http:
        assert (await http.get(server.url)).content == b"abcde"
        assert (await http.get(server.url)).content == b"abcde"
    assert server.connections == 1


@pytest.mark.parametrize("frame", [ok, chunked])
async def test_large_bodies_go_both_ways(client: MakesClients, frame: Callable[[bytes], bytes]) -> None:
    large = bytes(range(256)) * 8_000
    async with serving(saying(frame(large))) as server, client() as http:
        answer = await http.post(server.url, content=large)
    assert answer.content == large
    assert server.requests[0].endswith(large)


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n"),
    ],
)
async def test_answers_without_a_body_have_none(client: MakesClients, method: str, answer: bytes) -> None:
    async with serving(saying(answer, ok(b"next"))) as server, client() as http:
        assert (await http.request(method, server.url)).content == b""
        assert (await http.get(server.url)).content == b"next"
    assert server.connections == 1


async def test_interim_answers_are_passed_over(client: MakesClients) -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    async with serving(saying(interim + ok(b"at last"))) as server, client() as http:
        answer = await http.post(server.url, content=b"x")
    assert (answer.status_code, answer.content) == (200, b"at last")


async def test_redirects_are_answers(client: MakesClients) -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    async with serving(saying(answer)) as server, client() as http:
        assert (await http.get(server.url)).status_code == 302


async def test_compressed_answers_are_read(client: MakesClients) -> None:
    answer = ok(gzip.compress(b"in plain words"), b"Content-Encoding: gzip")
    async with serving(saying(answer)) as server, client() as http:
        assert (await http.get(server.url)).text == "in plain words"


async def test_a_wrong_compression_is_a_decoding_error_and_harms_no_other_call(client: MakesClients) -> None:
    wrong = ok(b"not gzip", b"Content-Encoding: gzip")
    async with serving(saying(wrong, ok(b"fine"))) as server, client() as http:
        with pytest.raises(httpx.DecodingError):
            await http.get(server.url)
        for _ in range(2):
            await http.get(server.url)
        assert len(server.requests) == 3


async def test_a_refused_connection_is_a_connect_error(client: MakesClients) -> None:
    async with serving(saying(ok())) as server:
        gone = server.url
    async with client() as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(gone)


async def test_only_http_is_spoken(client: MakesClients) -> None:
    async with client() as http:
        with pytest.raises(httpx.UnsupportedProtocol):
            await http.get("ftp://127.0.0.1/")


@pytest.mark.parametrize("value", ["a\r\nX-Injected: b", "a\nb", "a\rb", "a\x00b"])
async def test_an_illegal_header_is_never_sent(client: MakesClients, value: str) -> None:
    async with serving(saying(ok(b"clean"))) as server, client() as http:
        with pytest.raises(httpx.LocalProtocolError):
            await http.get(server.url, headers={"X-Name": value})
        with pytest.raises(httpx.LocalProtocolError):
            await http.get(server.url, headers={value: "a"})
        assert (await http.get(server.url)).text == "clean"
    assert len(server.requests) == 1


async def test_a_trusted_certificate_lets_calls_through(
    client: MakesClients, trust: ssl.SSLContext, certified: Certified
) -> None:
    script = saying(ok(b"1"), chunked(b"2"), ok(b"3"))
    async with serving(script, tls=certified()) as server, client(trust=trust) as http:
        answers = [(await http.post(server.url, content=b"x" * 40_000)).text for _ in range(3)]
    assert answers == ["1", "2", "3"]
    assert server.connections == 1


async def test_a_certificate_of_a_stranger_is_refused(client: MakesClients, certified: Certified) -> None:
    strict = ssl.create_default_context()
    async with serving(saying(ok()), tls=certified()) as server, client(trust=strict) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(server.url)
    assert server.requests == []


async def test_a_certificate_of_another_host_is_refused(
    client: MakesClients, trust: ssl.SSLContext, certified: Certified
) -> None:
    async with serving(saying(ok()), tls=certified("other.example")) as server, client(trust=trust) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(server.url)
    assert server.requests == []


async def test_an_expired_certificate_is_refused(
    client: MakesClients, trust: ssl.SSLContext, certified: Certified
) -> None:
    expired = certified(not_after=LONG_AGO + dt.timedelta(days=1))
    async with serving(saying(ok()), tls=expired) as server, client(trust=trust) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(server.url)
    assert server.requests == []


async def test_a_peer_without_tls_is_a_connect_error(client: MakesClients, trust: ssl.SSLContext) -> None:
    async def script(visitor: Visitor) -> None:
        await visitor.stream.receive_some()
        await visitor.say(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    async with serving(script) as server, client(trust=trust) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(server.url.replace("http:", "https:"))


async def test_a_handshake_that_never_ends_is_a_connect_timeout(client: MakesClients, trust: ssl.SSLContext) -> None:
    async def script(visitor: Visitor) -> None:
        await visitor.silence()

    timeout = httpx.Timeout(5.0, connect=SOON)
    async with serving(script) as server, client(trust=trust, timeout=timeout) as http:
        with pytest.raises(httpx.ConnectTimeout):
            await http.get(server.url.replace("http:", "https:"))


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200", ok(b"whole")[:-2], chunked(b"whole")[:-9], b"HTTP/1.1 100 Continue\r\n\r\n"]
)
async def test_an_answer_that_stops_is_a_read_timeout(client: MakesClients, said: bytes) -> None:
    async def script(visitor: Visitor) -> None:
        await visitor.request()
        if visitor.number > 1:
            await visitor.say(ok(b"later"))
        elif said:
            await visitor.say(said)
        await visitor.silence()

    async with serving(script) as server, client(timeout=httpx.Timeout(5.0, read=SOON)) as http:
        with pytest.raises(httpx.ReadTimeout):
            await http.get(server.url)
        assert (await http.get(server.url)).text == "later"
    assert len(server.requests) == 2


async def test_a_peer_that_does_not_listen_is_a_write_timeout(client: MakesClients) -> None:
    async def script(_: Visitor) -> None:
        await trio.sleep_forever()

    async with serving(script) as server, client(timeout=httpx.Timeout(5.0, write=SOON)) as http:
        with pytest.raises(httpx.WriteTimeout):
            await http.post(server.url, content=bytes(16 * 1024 * 1024))


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nX-", ok(b"whole")[:-2], chunked(b"whole")[:-9]])
async def test_an_answer_cut_off_is_an_error(client: MakesClients, said: bytes) -> None:
    async with serving(once(said)) as server, client() as http:
        with pytest.raises(BROKEN):
            await http.get(server.url)
    assert len(server.requests) == 1


async def test_a_reset_in_the_middle_is_an_error(client: MakesClients) -> None:
    async def script(visitor: Visitor) -> None:
        await visitor.request()
        await visitor.say(ok(b"whole")[:-2])
        assert isinstance(visitor.stream, trio.SocketStream)
        visitor.stream.socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))

    async with serving(script) as server, client() as http:
        with pytest.raises(BROKEN):
            await http.get(server.url)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: a\x00b\r\n\r\nabcde",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno hex\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-More: and more\r\n" * 40_000,
    ],
)
async def test_an_answer_that_is_not_http_is_a_protocol_error(client: MakesClients, said: bytes) -> None:
    async def script(visitor: Visitor) -> None:
        await visitor.request()
        await visitor.say(said)
        await visitor.silence()

    async with serving(script) as server, client() as http:
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get(server.url)
    assert len(server.requests) == 1


async def test_headers_without_end_are_a_protocol_error(client: MakesClients) -> None:
    async def script(visitor: Visitor) -> None:
        await visitor.request()
        await visitor.say(b"HTTP/1.1 200 OK\r\n")
        while True:
            await visitor.say(b"X-More: " + b"and more" * 1_000 + b"\r\n")

    async with serving(script) as server, client() as http:
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get(server.url)


async def test_an_answer_ends_where_its_length_says(client: MakesClients) -> None:
    async with serving(once(ok(b"mine") + ok(b"another member's"))) as server, client() as http:
        assert (await http.get(server.url)).text == "mine"


async def test_a_connection_closed_while_idle_is_replaced_unseen(client: MakesClients) -> None:
    left = trio.Event()

    async def script(visitor: Visitor) -> None:
        await visitor.request()
        await visitor.say(ok(b"%d" % visitor.number))
        await left.wait()

    async with serving(script) as server, client() as http:
        assert (await http.post(server.url, content=b"x")).text == "1"
        left.set()
        await becomes(lambda: not server.open)
        assert (await http.post(server.url, content=b"x")).text == "2"
    assert len(server.requests) == 2


@pytest.mark.parametrize("said", [b"", ok(b"for another")[:-3]])
async def test_a_cancelled_call_closes_its_connection_and_harms_no_other(client: MakesClients, said: bytes) -> None:
    hung_up = trio.Event()

    async def script(visitor: Visitor) -> None:
        await visitor.request()
        if visitor.number > 1:
            await visitor.say(ok(b"mine"))
        elif said:
            await visitor.say(said)
        await visitor.silence()
        hung_up.set()

    async with serving(script) as server, client(connections=1) as http:
        with trio.move_on_after(0.05):
            await http.get(server.url)
        with trio.fail_after(2):
            await hung_up.wait()
            assert (await http.get(server.url)).text == "mine"


async def test_fifty_calls_at_a_time_each_get_their_own_answer(client: MakesClients) -> None:
    async def script(visitor: Visitor) -> None:
        while request := await visitor.request():
            await visitor.say(ok(request.split(b" ")[1]))

    answers: dict[str, str] = {}

    async def call(http: httpx.AsyncClient, url: str, path: str) -> None:
        answers[path] = (await http.get(url + path)).text

    async with serving(script) as server, client(connections=8) as http, trio.open_nursery() as nursery:
        for number in range(50):
            nursery.start_soon(call, http, server.url, f"/{number}")
    assert answers == {f"/{number}": f"/{number}" for number in range(50)}
    assert server.connections <= 8


async def test_a_call_without_a_connection_in_time_is_a_pool_timeout(client: MakesClients) -> None:
    async def script(visitor: Visitor) -> None:
        await visitor.request()
        await visitor.silence()

    impatient = httpx.Timeout(5.0, pool=SOON)
    async with (
        serving(script) as server,
        client(connections=1, timeout=impatient) as http,
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(http.get, server.url)
        await becomes(lambda: len(server.requests) == 1)
        with pytest.raises(httpx.PoolTimeout):
            await http.get(server.url)
        nursery.cancel_scope.cancel()
    assert len(server.requests) == 1


async def test_closing_hangs_up(client: MakesClients) -> None:
    async with serving(saying(ok())) as server:
        async with client() as http:
            await http.get(server.url)
            assert server.open == 1
        await becomes(lambda: not server.open)
