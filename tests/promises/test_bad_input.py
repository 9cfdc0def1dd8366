"""Bad input is normal: a clear answer each, no traceback, no loop, nothing lost."""

import pytest
from trio.testing import MockClock

from runtime.errors import StoreUnavailable
from runtime.memory_store import MemoryStore
from runtime.store import Letters
from tests.support import webhooks
from tests.support.embedded import Embedded, embedded, request
from tests.support.people import TENDAI, rudo_and_tendai, say

LARGE = 4 * 1024 * 1024


@pytest.mark.parametrize(
    "body",
    [
        b'{"object":"whatsapp_business_account","entry":[{"id":"1","cha',
        b"",
        b"not json",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"object":"whatsapp_business_account","entry":{"id":"1"}}',
        b"\xff\xfe\x00",
        b"null",
    ],
    ids=["truncated", "empty", "no json", "deep nesting", "wrong types", "no text", "null"],
)
async def test_signed_bytes_that_nobody_understands_are_kept_for_operators(
    body: bytes, autojump_clock: MockClock
) -> None:
    store = MemoryStore()
    async with embedded(store=store) as server:
        assert await server.post(body) == 200
        [letters] = store.run([Letters(5)])
        assert [(letter.address, letter.body) for letter in letters] == [("channel:whatsapp", body)]


async def test_four_megabytes_and_a_byte_are_too_large_announced_or_not(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        body = b" " * (LARGE + 1)
        assert await server.post(body) == 413
        unannounced = {"x-hub-signature-256": webhooks.signature(body)}
        status, _ = await request(server.webhook, "POST", unannounced, body)
        assert status == 413


async def test_a_length_that_is_no_number_is_refused(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        assert await server.post(b"{}", {"content-length": "many"}) == 413


async def test_another_method_is_refused(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        assert (await request(server.webhook, "DELETE", {}))[0] == 405


async def test_a_message_to_another_line_is_acknowledged_and_left_alone(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        message = webhooks.text(TENDAI, "hi", at=server.now())
        assert await server.post(webhooks.notification(message, line="999")) == 200
        assert await server.messages(TENDAI, 0) == []
        assert server.application.counts["line"] == 1


@pytest.mark.parametrize("text", ["\x00\x00", "a\x00b", "\ud800", "x" * 5000, "   ", "\u202e5\u202c"])
async def test_strange_text_is_answered_and_keeps_the_place(text: str, autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        await say(server, TENDAI, "hi", "Offer Secured Credex")
        body = _with_text(server, text)
        assert await server.post(body) == 200
        shown = await server.messages(TENDAI, 0)
        assert "How much do you want to offer" in shown[-1].text or "Who do you want to offer" in shown[-1].text


def _with_text(server: Embedded, text: str) -> bytes:
    """``msgspec`` refuses lone surrogates; Meta writes them as escapes."""
    placeholder = webhooks.notification(webhooks.text(TENDAI, "@@", at=server.now()))
    escaped = "".join(f"\\u{ord(character):04x}" for character in text)
    return placeholder.replace(b"@@", escaped.encode())


async def test_a_member_without_any_account_is_told_so(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        server.core.world.accounts.clear()
        shown = await say(server, TENDAI, "hi", "hi")
        assert "there is no account of yours that I can open" in shown[-1].text
        assert len(shown) == 4


async def test_a_sender_without_a_number_is_asked_for_it(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        hidden = "ZW.8842017735501942"
        message = webhooks.text(hidden, "hi", at=server.now()) | {"from_user_id": hidden}
        del message["from"]
        body = webhooks.notification(message | {"from": hidden})
        assert await server.post(body) == 200
        [shown] = await server.messages(hidden, 1)
        assert "cannot see your phone number" in shown.text


async def test_graph_down_for_a_minute_delays_messages_and_loses_none(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        server.graph.failures = [503] * 5
        shown = await say(server, TENDAI, "hi", "help")
        assert len(shown) == 3
        assert "Welcome to credex" in shown[0].text
        assert "Secured balances" in shown[1].text


class Closed(MemoryStore):
    """A store whose disk is full once it is open."""

    full = False

    def run(self, operations):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - as the store's
        if self.full:
            raise StoreUnavailable("disk full")
        return super().run(operations)


async def test_what_cannot_be_stored_is_answered_503_and_taken_when_it_comes_again(autojump_clock: MockClock) -> None:
    store = Closed()
    async with embedded(store=store) as server:
        await rudo_and_tendai(server)
        body = webhooks.notification(webhooks.text(TENDAI, "hi", at=server.now()))
        store.full = True
        assert await server.post(body) == 503
        assert server.graph.sent[TENDAI] == []
        store.full = False
        assert await server.post(body) == 200
        assert len(await server.messages(TENDAI, 2)) == 2
