"""One exchange after another over a stream in memory, in virtual time."""

from collections.abc import AsyncIterator
from math import inf
from typing import cast

import httpx
import pytest
import trio
from trio.testing import MockClock, memory_stream_pair

from actors.transport.connection import Connection, Stream
from actors.transport.limits import Limits, Patience
from actors.transport.wire import Opening
from tests.contracts.loopback import chunked, ok

PATIENT = Patience(inf, inf, inf, inf, inf)
URL = "http://core.example/v1/login"


class Wire:
    """Both ends of a connection; what the peer says is said at once, what it received is ``sends``."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        near, self.peer = memory_stream_pair()
        self.sends: list[bytes] = []
        near.send_stream.send_all_hook = self._take
        self._near = near
        self.connection = Connection(cast("Stream", near), self.limits, now=0.0)

    async def _take(self) -> None:
        taken = self._near.send_stream.get_data_nowait()
        self.sends.append(bytes(taken))

    async def exchange(self, request: httpx.Request, patience: Patience = PATIENT) -> httpx.Response:
        return await self.connection.exchange(Opening.of(request, self.limits), patience)

    async def drip(self, said: bytes, pause: float) -> None:
        for place in range(len(said)):
            await trio.sleep(pause)
            await self.peer.send_all(said[place : place + 1])


def login() -> httpx.Request:
    return httpx.Request("POST", URL, json={"phone": "263770000000"})


async def test_head_and_body_leave_in_one_send() -> None:
    wire = Wire()
    await wire.peer.send_all(ok())
    await wire.exchange(login())
    assert len(wire.sends) == 1
    assert wire.sends[0].endswith(b'\r\n\r\n{"phone":"263770000000"}')


def test_a_usual_request_does_without_h11() -> None:
    assert Opening.of(login(), Limits()).http is None
    for method in ("HEAD", "CONNECT"):
        assert Opening.of(httpx.Request(method, URL), Limits()).http is not None


@pytest.mark.parametrize("headers", [{"Connection": "close"}, {"Expect": "100-continue"}])
async def test_even_if_they_are_not_plain(headers: dict[str, str]) -> None:
    wire = Wire()
    await wire.peer.send_all(ok())
    await wire.exchange(httpx.Request("POST", URL, content=b"body", headers=headers))
    assert len(wire.sends) == 1
    assert wire.sends[0].endswith(b"\r\n\r\nbody")


async def test_the_connection_is_closed_if_we_said_so() -> None:
    wire = Wire()
    await wire.peer.send_all(ok())
    await wire.exchange(httpx.Request("GET", URL, headers={"Connection": "close"}))
    assert not wire.connection.renew(0.0)


async def test_a_read_timeout_bounds_each_wait_and_not_the_sum(
    autojump_clock: MockClock,
) -> None:
    wire = Wire()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(wire.drip, ok(b"slow"), 0.9)
        answer = await wire.exchange(login(), Patience(inf, inf, inf, 1.0, inf))
    assert answer.content == b"slow"


async def test_the_end_of_the_whole_call_does_not_care_for_drips(
    autojump_clock: MockClock,
) -> None:
    wire = Wire()
    begun = trio.current_time()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(wire.drip, ok(b"slow" * 100), 0.9)
        with pytest.raises(httpx.ReadTimeout):
            await wire.exchange(login(), Patience(inf, inf, inf, 1.0, begun + 5))
        assert trio.current_time() - begun == 5
        nursery.cancel_scope.cancel()
    assert not wire.connection.renew(0.0)


async def test_a_body_may_take_its_time_to_be_made(
    autojump_clock: MockClock,
) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        for part in (b"one", b"two"):
            await trio.sleep(10)
            yield part

    wire = Wire()
    await wire.peer.send_all(ok())
    await wire.exchange(httpx.Request("POST", URL, content=slowly()), Patience(inf, inf, 1.0, 1.0, inf))
    assert b"".join(wire.sends).endswith(b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")


async def test_but_not_longer_than_the_whole_call(
    autojump_clock: MockClock,
) -> None:
    async def never() -> AsyncIterator[bytes]:
        await trio.sleep_forever()
        yield b""

    with pytest.raises(httpx.WriteTimeout):
        await Wire().exchange(httpx.Request("POST", URL, content=never()), Patience(inf, inf, inf, inf, 7.0))


async def test_an_error_of_the_body_itself_passes_through_and_ends_the_connection() -> None:
    async def failing() -> AsyncIterator[bytes]:
        yield b"one"
        raise KeyError("made of nothing")

    wire = Wire()
    with pytest.raises(KeyError):
        await wire.exchange(httpx.Request("POST", URL, content=failing()))
    assert not wire.connection.renew(0.0)


class Parts(httpx.AsyncByteStream):
    """A body of these parts."""

    def __init__(self, *parts: bytes) -> None:
        self._parts = list(parts)

    def __aiter__(self) -> "Parts":
        return self

    async def __anext__(self) -> bytes:
        await trio.lowlevel.checkpoint()
        if not self._parts:
            raise StopAsyncIteration
        return self._parts.pop(0)


@pytest.mark.parametrize("length", ["2", "9"])
async def test_a_streamed_body_that_belies_its_length_may_have_left(length: str) -> None:
    headers = {"Host": "core.example", "Content-Length": length}
    with pytest.raises(httpx.WriteError):
        await Wire().exchange(httpx.Request("POST", URL, stream=Parts(b"four"), headers=headers))


@pytest.mark.parametrize("length", ["2", "9"])
async def test_a_known_body_that_belies_its_length_is_never_sent(length: str) -> None:
    wire = Wire()
    with pytest.raises(httpx.LocalProtocolError):
        await wire.exchange(httpx.Request("POST", URL, content=b"four", headers={"Content-Length": length}))
    assert wire.sends == []


async def test_a_body_for_blocking_code_is_refused() -> None:
    wire = Wire()
    with pytest.raises(TypeError):
        await wire.exchange(httpx.Request("POST", URL, content=iter([b"one"])))
    assert wire.sends == []


@pytest.mark.parametrize("frame", [ok, chunked, lambda body: b"HTTP/1.1 200 OK\r\n\r\n" + body])
async def test_a_body_beyond_the_limit_is_a_read_error(frame: object) -> None:
    assert callable(frame)
    for length, fits in ((1000, True), (1001, False)):
        wire = Wire(Limits(body_bytes=1000))
        await wire.peer.send_all(frame(b"x" * length))
        await wire.peer.send_stream.aclose()
        if fits:
            assert len((await wire.exchange(login())).content) == 1000
        else:
            with pytest.raises(httpx.ReadError, match="longer than 1000"):
                await wire.exchange(login())
            assert not wire.connection.renew(0.0)


async def test_a_length_beyond_the_limit_does_not_matter_without_a_body() -> None:
    wire = Wire(Limits(body_bytes=1000))
    await wire.peer.send_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    assert (await wire.exchange(httpx.Request("HEAD", URL))).status_code == 200
    assert wire.connection.renew(0.0)


async def test_a_head_beyond_the_limit_is_a_protocol_error() -> None:
    wire = Wire(Limits(head_bytes=1000))
    await wire.peer.send_all(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 2000)
    with pytest.raises(httpx.RemoteProtocolError):
        await wire.exchange(login())


async def test_interim_answers_come_to_an_end() -> None:
    wire = Wire()
    await wire.peer.send_all(b"HTTP/1.1 100 Continue\r\n\r\n" * 100 + ok())
    with pytest.raises(httpx.RemoteProtocolError, match="interim"):
        await wire.exchange(login())


async def test_what_the_peer_says_in_an_error_is_cut() -> None:
    wire = Wire()
    await wire.peer.send_all(b"x" * 5000 + b"\r\n\r\n")
    with pytest.raises(httpx.RemoteProtocolError) as caught:
        await wire.exchange(login())
    assert len(str(caught.value)) <= 200


@pytest.mark.parametrize("answer", [ok(b"mine") + ok(b"not mine"), chunked(b"mine") + b"HTTP/1.1", ok(b"mine") + b"\n"])
async def test_a_peer_that_says_more_than_its_answer_is_left(answer: bytes) -> None:
    wire = Wire()
    await wire.peer.send_all(answer)
    assert (await wire.exchange(login())).content == b"mine"
    assert not wire.connection.renew(0.0)


async def test_it_is_good_for_its_idle_time_and_within_its_age() -> None:
    wire = Wire(Limits(idle_seconds=30, age_seconds=100))
    for now, good_until in ((0.0, 30.0), (60.0, 90.0), (80.0, 100.0)):
        await wire.peer.send_all(ok())
        await wire.exchange(login())
        assert wire.connection.renew(now)
        assert not wire.connection.expired(good_until - 0.01)
        assert wire.connection.expired(good_until)
    await wire.peer.send_all(ok())
    await wire.exchange(login())
    assert not wire.connection.renew(100.0)


@pytest.mark.parametrize(
    ("promise", "good_until"), [(b"timeout=5", 4.0), (b"max=9, timeout=5", 4.0), (b"timeout=90", 30.0), (b"x", 30.0)]
)
@pytest.mark.parametrize("frame", [ok, lambda _, promise: chunked().replace(b"\r\n", b"\r\n" + promise + b"\r\n", 1)])
async def test_it_is_good_for_no_longer_than_the_peer_keeps_it(
    promise: bytes, good_until: float, frame: object
) -> None:
    assert callable(frame)
    wire = Wire(Limits(idle_seconds=30))
    await wire.peer.send_all(frame(b"", b"Keep-Alive: " + promise))
    await wire.exchange(login())
    assert wire.connection.renew(0.0)
    assert not wire.connection.expired(good_until - 0.01)
    assert wire.connection.expired(good_until)


async def test_a_peer_about_to_close_is_left_at_once() -> None:
    wire = Wire()
    await wire.peer.send_all(ok(b"", b"Keep-Alive: timeout=1"))
    await wire.exchange(login())
    assert not wire.connection.renew(0.0)
