"""The webhook as the raw callable it is: what the promises' tests and the recorded examples do not say already."""

from collections import Counter
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from actors.web.webhook import LARGEST_BODY, PATH
from runtime.errors import StoreUnavailable
from runtime.memory_store import MemoryStore
from runtime.store import Count
from tests.support import webhooks
from tests.support.embedded import Embedded, embedded, request
from tests.support.people import TENDAI

HANDSHAKE = f"hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={webhooks.VERIFY_TOKEN}"


def greeting(server: Embedded) -> bytes:
    return webhooks.notification(webhooks.text(TENDAI, "hi", at=server.now()))


def signed(body: bytes, **more: str) -> dict[str, str]:
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    return {"x-hub-signature-256": webhooks.signature(body)} | headers


async def waiting(server: Embedded) -> int:
    [count] = server.store.run([Count()])
    return int(count.waiting + count.dead)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_the_handshake_gives_the_challenge_back(method: str, autojump_clock: MockClock) -> None:
    async with embedded() as server:
        assert await request(server.webhook, method, {}, query=HANDSHAKE.encode()) == (200, b"1158201444")


@pytest.mark.parametrize(
    "query",
    [
        "",
        HANDSHAKE.replace(webhooks.VERIFY_TOKEN, "guess"),
        HANDSHAKE.replace("subscribe", "unsubscribe"),
        "hub.mode=subscribe&hub.challenge=1158201444",
        "\u00fc=%ff&hub.mode",
    ],
)
async def test_a_wrong_handshake_is_forbidden_and_echoes_nothing(query: str, autojump_clock: MockClock) -> None:
    async with embedded() as server:
        assert await request(server.webhook, "GET", {}, query=query.encode()) == (403, b"forbidden")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_another_method_is_refused_without_reading(method: str, autojump_clock: MockClock) -> None:
    async with embedded() as server:
        assert await request(server.webhook, method, signed(b"{}"), b"{}") == (405, b"method not allowed")
        assert await waiting(server) == 0


async def test_what_is_signed_with_the_previous_secret_is_taken_and_counted(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        body = greeting(server)
        old = {"x-hub-signature-256": webhooks.signature(body, "secret-before")}
        assert await server.post(body, old) == 200
        assert server.application.counts["signed with the previous secret"] == 1
        assert await server.post(greeting(server)) == 200
        assert server.application.counts["signed with the previous secret"] == 1


@pytest.mark.parametrize(
    ("headers", "status", "counted"),
    [
        ({}, 401, "signature missing"),
        ({"x-hub-signature-256": webhooks.signature(b"{}", "another-secret")}, 403, "signature wrong"),
        ({"x-hub-signature-256": "sha1=abc"}, 403, "signature wrong"),
    ],
    ids=["missing", "another secret", "another kind"],
)
async def test_what_is_not_signed_by_meta_is_refused_counted_and_not_kept(
    headers: dict[str, str], status: int, counted: str, autojump_clock: MockClock
) -> None:
    async with embedded() as server:
        assert await server.post(b"{}", headers) == status
        assert server.application.counts == Counter({counted: 1})
        assert await waiting(server) == 0


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity, gzip"])
async def test_a_packed_body_is_refused_before_it_is_read(encoding: str, autojump_clock: MockClock) -> None:
    async with embedded() as server:
        body = greeting(server)
        assert await server.post(body, signed(body, content_encoding=encoding)) == 415
        assert await waiting(server) == 0


async def test_a_body_that_says_it_is_not_packed_is_taken(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        body = greeting(server)
        assert await server.post(body, signed(body, content_encoding="identity")) == 200


async def test_a_body_in_many_parts_without_a_length_is_taken(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        body = greeting(server)
        status, _ = await request(server.webhook, "POST", signed(body), body, part=7)
        assert status == 200
        assert len(await server.messages(TENDAI, 2)) == 2


@pytest.mark.parametrize("announced", ["-1", "1e3", "", "0x10", "4194305", "9" * 5000])
async def test_a_length_that_is_none_or_too_large_is_refused_before_anything_is_read(
    announced: str, autojump_clock: MockClock
) -> None:
    async with embedded() as server:
        body = Upload(part=b"x")
        assert await body.to(server, {"content-length": announced}) == 413
        assert body.parts == 0


async def test_an_endless_upload_is_cut_off_at_the_limit(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        body = Upload(part=b" " * 65536)
        assert await body.to(server, {}) == 413
        assert body.parts == LARGEST_BODY // 65536 + 1


async def test_a_body_that_trickles_in_is_given_up_after_ten_seconds(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        body = Upload(part=b" ", seconds=3)
        assert await body.to(server, {}) == 408
        assert body.parts == 3
        assert trio.current_time() == 10


async def test_a_body_that_ends_early_is_not_believed(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        body = Upload(part=b"{", ends_after=3)
        assert await body.to(server, signed(b"{{{{{{")) == 403
        assert body.parts == 3


async def test_during_shutdown_nothing_is_stored_and_meta_comes_again(autojump_clock: MockClock) -> None:
    store = MemoryStore()
    async with embedded(store=store) as server:
        body = greeting(server)
        server.application.intake.close()
        assert await request(server.webhook, "POST", signed(body), body) == (503, b"not stored")
    async with embedded(store=store) as again:
        assert await again.post(body) == 200
        assert len(await again.messages(TENDAI, 2)) == 2


class Slow(MemoryStore):
    """A store that fails while it is ``away``."""

    away = False

    def run(self, operations: Any) -> list[Any]:  # noqa: ANN401 - as the store's
        if self.away:
            raise StoreUnavailable("away")
        return super().run(operations)


async def test_unreadable_bytes_are_answered_200_only_once_they_are_kept(autojump_clock: MockClock) -> None:
    store = Slow()
    async with embedded(store=store) as server:
        store.away = True
        assert await server.post(b"not json") == 503
        store.away = False
        assert await server.post(b"not json") == 200
        assert await server.post(b"not json") == 200
        [count] = store.run([Count()])
        assert count.dead == 1


async def test_an_answer_is_plain_text_that_no_browser_guesses_at() -> None:
    events: list[dict[str, Any]] = []

    async def send(event: dict[str, Any]) -> None:
        await trio.lowlevel.checkpoint()
        events.append(event)

    async with embedded() as server:
        scope = {"type": "http", "method": "GET", "path": PATH, "query_string": HANDSHAKE.encode(), "headers": []}
        await server.webhook(scope, _nothing, send)
    assert dict(events[0]["headers"]) == {
        b"content-type": b"text/plain; charset=utf-8",
        b"content-length": b"10",
        b"x-content-type-options": b"nosniff",
    }


async def _nothing() -> dict[str, Any]:
    raise AssertionError("a handshake has no body")


class Upload:
    """A client that sends ``part`` every so many seconds, and hangs up after ``ends_after`` of them, if ever."""

    def __init__(self, *, part: bytes, ends_after: int | None = None, seconds: float = 0) -> None:
        self.parts = 0
        self._seconds = seconds
        self._part = part
        self._ends_after = ends_after

    async def to(self, server: Embedded, headers: dict[str, str]) -> int:
        status: list[int] = []

        async def receive() -> dict[str, Any]:
            await trio.sleep(self._seconds)
            if self.parts == self._ends_after:
                return {"type": "http.disconnect"}
            self.parts += 1
            return {"type": "http.request", "body": self._part, "more_body": True}

        async def send(event: dict[str, Any]) -> None:
            await trio.lowlevel.checkpoint()
            if event["type"] == "http.response.start":
                status.append(event["status"])

        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": "POST", "path": PATH, "query_string": b"", "headers": pairs}
        await server.webhook(scope, receive, send)
        [only] = status
        return only
