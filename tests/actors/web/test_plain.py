"""Plain requests at the door: answered there alone if h11 would have read the same, and handed on otherwise."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import cast

import h11
import pytest
import trio
from hypothesis import example, given
from hypothesis import strategies as st
from trio.testing import MemoryReceiveStream, MemorySendStream, MockClock, memory_stream_pair

from actors.http1.stream import TcpStream
from actors.web.plain import IDLE_SECONDS, PlainDoor
from runtime.clock import VirtualClock
from runtime.intensity import Intensity
from runtime.supervisor import Supervisor

START = datetime(2026, 9, 20, 10, 0, tzinfo=UTC)
HEAD = (
    b"POST /bot/webhook HTTP/1.1\r\nHost: chat.example\r\nUser-Agent: facebookexternalua\r\nAccept: */*\r\n"
    b"Content-Type: application/json\r\nX-Hub-Signature-256: sha256=ab\r\n"
)


def post(body: bytes, *more: bytes) -> bytes:
    return HEAD + b"".join(line + b"\r\n" for line in more) + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


class Application:
    """Answers with what it was asked. ``hold`` it to have a request under way; the body ``bug`` breaks it."""

    path = "/bot/webhook"
    largest = 1000
    slowest = 10.0

    def __init__(self) -> None:
        self.asked: list[tuple[Mapping[bytes, bytes], bytes]] = []
        self.entered = trio.Event()
        self.hold: trio.Event | None = None

    async def answer(self, headers: Mapping[bytes, bytes], body: bytes) -> tuple[int, bytes]:
        self.asked.append((headers, body))
        self.entered.set()
        await trio.lowlevel.checkpoint()
        if self.hold is not None:
            await self.hold.wait()
        if body == b"bug":
            raise ValueError("a mistake of ours")
        return (403, b"no") if body == b"forged" else (200, b"stored " + body)


class Near:
    """The server's end of a connection in memory, with the one thing more that the door asks of a stream."""

    def __init__(self, stream: trio.StapledStream[MemorySendStream, MemoryReceiveStream]) -> None:
        self._stream = stream
        self.said = b""
        self.put_back = b""
        self.receive_some = stream.receive_some

    async def send_all(self, data: bytes) -> None:
        await self._stream.send_all(data)
        self.said += data

    def unread(self, data: bytes) -> None:
        self.put_back = data


class Visit:
    """One connection to a door."""

    def __init__(self, *, intensity: int = 100) -> None:
        self.application = Application()
        self.failures: Counter[str] = Counter()
        self.handed_on: list[bytes] = []
        self.going_on = 0.0
        supervisor = Supervisor(
            intensity=Intensity(limit=intensity, period=60), on_failure=lambda name, _: self.failures.update([name])
        )
        self.door = PlainDoor(self.application, clock=VirtualClock(START), contain=supervisor.contain)
        near, self.far = memory_stream_pair()
        self.near = Near(near)
        self._close = near.aclose
        self.over = trio.Event()

    async def run(self) -> None:
        await self.door.converse(cast("TcpStream", self.near), self._onward)
        self.over.set()
        await self._close()

    async def _onward(self, stream: TcpStream) -> None:
        assert cast("Near", stream) is self.near
        self.handed_on.append(self.near.put_back)
        await trio.sleep(self.going_on)

    async def say(self, *pieces: bytes) -> None:
        for piece in pieces:
            await self.far.send_all(piece)
            await trio.testing.wait_all_tasks_blocked()

    async def answers(self) -> list[tuple[int, bytes, bool]]:
        """Status, body, and whether it was the last, of every answer since, as h11 reads them."""
        await trio.testing.wait_all_tasks_blocked()
        heard, self.near.said = self.near.said, b""
        found = []
        while heard:
            answer, heard = read_answer(heard)
            found.append(answer)
        return found


def read_answer(heard: bytes) -> tuple[tuple[int, bytes, bool], bytes]:
    http = h11.Connection(h11.CLIENT)
    http.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    http.send(h11.EndOfMessage())
    http.receive_data(heard)
    head = http.next_event()
    assert isinstance(head, h11.Response)
    assert dict(head.headers)[b"date"].startswith(b"Sun, 20 Sep 2026 10:")
    body = b""
    while isinstance(event := http.next_event(), h11.Data):
        body += event.data
    assert isinstance(event, h11.EndOfMessage)
    return (head.status_code, body, http.our_state is h11.MUST_CLOSE), http.trailing_data[0]


@asynccontextmanager
async def visiting(visit: Visit) -> AsyncIterator[Visit]:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(visit.run)
        yield visit
        nursery.cancel_scope.cancel()


async def test_a_plain_request_is_answered_and_so_is_the_next(autojump_clock: MockClock) -> None:
    async with visiting(Visit()) as visit:
        await visit.say(post(b"one"))
        assert await visit.answers() == [(200, b"stored one", False)]
        await visit.say(post(b"forged"))
        assert await visit.answers() == [(403, b"no", False)]
    headers, body = visit.application.asked[0]
    assert body == b"one"
    assert headers[b"x-hub-signature-256"] == b"sha256=ab"
    assert visit.handed_on == []


async def test_requests_in_one_go_are_answered_in_order(autojump_clock: MockClock) -> None:
    async with visiting(Visit()) as visit:
        await visit.say(post(b"one") + post(b"two") + post(b"three"))
        assert [body for _, body, _ in await visit.answers()] == [b"stored one", b"stored two", b"stored three"]


async def test_a_body_in_pieces_is_put_together(autojump_clock: MockClock) -> None:
    async with visiting(Visit()) as visit:
        whole = post(b"a body") + post(b"next")
        middle = whole.index(b"a body")
        await visit.say(whole[:middle], whole[middle : middle + 3], whole[middle + 3 :])
        assert [body for _, body, _ in await visit.answers()] == [b"stored a body", b"stored next"]


NOT_PLAIN = {
    "another path": b"POST /simulator HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    "a query": HEAD.replace(b"webhook", b"webhook?a=b") + b"Content-Length: 0\r\n\r\n",
    "a handshake": b"GET /bot/webhook?hub.mode=subscribe HTTP/1.1\r\nHost: x\r\n\r\n",
    "an old version": HEAD.replace(b"HTTP/1.1", b"HTTP/1.0") + b"Content-Length: 0\r\n\r\n",
    "chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "a length and chunks": HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
    "two lengths": HEAD + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    "no length": HEAD + b"\r\n",
    "a signed length": HEAD + b"Content-Length: +3\r\n\r\nabc",
    "too large a body": HEAD + b"Content-Length: 1001\r\n\r\n",
    "two hosts": HEAD + b"Host: y\r\nContent-Length: 0\r\n\r\n",
    "no host": HEAD.replace(b"Host: chat.example\r\n", b"") + b"Content-Length: 0\r\n\r\n",
    "a wish to close": HEAD + b"Connection: close\r\nContent-Length: 0\r\n\r\n",
    "an expectation": HEAD + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n",
    "half a head": HEAD,
    "a folded header": HEAD + b"X-Fold: a\r\n b\r\nContent-Length: 0\r\n\r\n",
    "no HTTP at all": b"\x16\x03\x01\x02\x00",
}


@pytest.mark.parametrize("said", NOT_PLAIN.values(), ids=NOT_PLAIN.keys())
async def test_what_is_not_plain_is_handed_on_as_it_came(said: bytes, autojump_clock: MockClock) -> None:
    async with visiting(Visit()) as visit:
        await visit.say(post(b"first") + said)
        assert await visit.answers() == [(200, b"stored first", False)]
        assert visit.handed_on == [said]
        assert visit.over.is_set()


pieces = st.lists(
    st.one_of(
        st.sampled_from(
            [
                b"POST /bot/webhook HTTP/1.1\r\n",
                b"Host: chat.example\r\n",
                b"Content-Length: 3\r\n",
                b"content-length:\t3 \r\n",
                b"Content-Length: 3, 3\r\n",
                b"Transfer-Encoding: chunked\r\n",
                b"Connection: keep-alive\r\n",
                b"Connection: upgrade\r\n",
                b"Upgrade: h2c\r\n",
                b"X-\xe9: \xe9\r\n",
                b"X: \xe9 \xff\r\n",
                b"X:\r\n",
                b"X : a\r\n",
                b"X: a\nContent-Length: 4\r\n",
                b"\r\n",
                b"abc",
            ]
        ),
        st.binary(max_size=3),
    ),
    max_size=7,
).map(b"".join)


async def _absorb(name: str, call: Callable[[], Awaitable[None]]) -> Exception | None:
    del name
    await call()
    return None


@given(st.one_of(pieces, pieces.map(lambda more: b"POST /bot/webhook HTTP/1.1\r\nHost: x\r\n" + more)))
@example(post(b"abc"))
def test_a_request_read_here_is_read_as_h11_would(received: bytes) -> None:
    request = PlainDoor(Application(), clock=VirtualClock(START), contain=_absorb).read(received)
    if request is None:
        return
    http = h11.Connection(h11.SERVER)
    http.receive_data(received + b"\0" * max(0, request.ends - len(received)))
    head = http.next_event()
    assert isinstance(head, h11.Request)
    assert (head.method, head.target, head.http_version) == (b"POST", b"/bot/webhook", b"1.1")
    assert dict(head.headers) == dict(request.headers)
    body = b""
    while isinstance(event := http.next_event(), h11.Data):
        body += event.data
    assert isinstance(event, h11.EndOfMessage)
    assert len(body) == request.ends - request.begins
    assert http.their_state is h11.DONE, "the connection goes on"


async def test_a_bug_is_answered_500_without_its_words_and_the_connection_goes_on(autojump_clock: MockClock) -> None:
    async with visiting(Visit()) as visit:
        await visit.say(post(b"bug"), post(b"after"))
        assert await visit.answers() == [(500, b"", False), (200, b"stored after", False)]
    assert visit.failures == Counter({"/bot/webhook": 1})


async def test_a_body_that_takes_too_long_is_told_so(autojump_clock: MockClock) -> None:
    async with visiting(Visit()) as visit:
        await visit.say(post(b"slow")[:-2])
        await visit.over.wait()
        assert trio.current_time() == pytest.approx(10)
        assert await visit.answers() == [(408, b"too slow", True)]
    assert visit.application.asked == []


async def test_a_request_that_breaks_off_is_no_request(autojump_clock: MockClock) -> None:
    async with visiting(Visit()) as visit:
        await visit.say(post(b"broken off")[:-2])
        await visit.far.send_stream.aclose()
        await visit.over.wait()
    assert visit.application.asked == []


async def test_a_peer_that_leaves_before_its_answer_harms_nobody(autojump_clock: MockClock) -> None:
    visit = Visit()
    visit.application.hold = trio.Event()
    async with visiting(visit):
        await visit.say(post(b"one"))
        await visit.far.aclose()
        visit.application.hold.set()
        await visit.over.wait()
    assert len(visit.application.asked) == 1


async def test_a_connection_without_a_new_request_ends(autojump_clock: MockClock) -> None:
    async with visiting(Visit()) as visit:
        for seconds in (0, IDLE_SECONDS - 1, IDLE_SECONDS - 1):
            await trio.sleep(seconds)
            await visit.say(post(b"one"))
        last = trio.current_time()
        await visit.over.wait()
        assert IDLE_SECONDS <= trio.current_time() - last <= 2 * IDLE_SECONDS


async def test_what_was_handed_on_has_no_limit_of_ours(autojump_clock: MockClock) -> None:
    visit = Visit()
    visit.going_on = 10 * IDLE_SECONDS
    async with visiting(visit):
        await visit.say(NOT_PLAIN["chunks"])
        await visit.over.wait()
        assert trio.current_time() == visit.going_on


async def test_closing_ends_what_is_idle_at_once(autojump_clock: MockClock) -> None:
    async with visiting(Visit()) as visit:
        await visit.say(post(b"one"))
        visit.door.close()
        await visit.over.wait()
        assert trio.current_time() == 0


async def test_closing_lets_the_request_under_way_have_its_answer_as_the_last(autojump_clock: MockClock) -> None:
    visit = Visit()
    visit.application.hold = trio.Event()
    async with visiting(visit):
        await visit.say(post(b"one") + post(b"two"))
        visit.door.close()
        visit.application.hold.set()
        await visit.over.wait()
        assert await visit.answers() == [(200, b"stored one", True)]
    assert len(visit.application.asked) == 1


async def test_after_closing_nothing_is_read(autojump_clock: MockClock) -> None:
    visit = Visit()
    visit.door.close()
    await visit.far.send_all(post(b"one"))
    await visit.run()
    assert visit.application.asked == []
