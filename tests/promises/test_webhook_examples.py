"""Every recorded WhatsApp example, delivered to the whole server: its status, and what the store then holds."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from trio.testing import MockClock

from channels.message import InboundMessage
from runtime.clock import VirtualClock
from runtime.memory_store import MemoryStore
from runtime.store import Accept, Deliveries, Letters, Operation
from tests.channels.whatsapp.examples import (
    APP_SECRET,
    EXAMPLES,
    LINES,
    NOW,
    VERIFY_TOKEN,
    Example,
)
from tests.support.embedded import Meta, embedded, request


class Watched(MemoryStore):
    """Remembers which envelopes were new."""

    def __init__(self) -> None:
        super().__init__()
        self.accepted: list[InboundMessage] = []

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        results = super().run(operations)
        for operation, result in zip(operations, results, strict=True):
            if isinstance(operation, Accept):
                self.accepted += [msgspec.msgpack.decode(new.body, type=InboundMessage) for new in result]
        return results


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
async def test_example(example: Example, autojump_clock: MockClock) -> None:
    store = Watched()
    async with embedded(store=store, clock=VirtualClock(NOW), meta=Meta(APP_SECRET, VERIFY_TOKEN, LINES)) as server:
        headers = {name.lower(): value for name, value in example.headers.items()}
        headers["content-length"] = str(len(example.body))
        query = example.query_string.encode()
        await request(server.webhook, example.method, headers, example.body, query=query)
        status, body = await request(server.webhook, example.method, headers, example.body, query=query)
        assert status in example.statuses, body
        if example.answer is not None:
            assert body.decode() == example.answer
        await server.application.system.settled()
        _check_messages(store, example)
        _check_reports(store, example)
        _check_quarantine(store, example, status)


def _check_messages(store: Watched, example: Example) -> None:
    if example.messages is not None:
        seen = [expected.as_seen(got) for expected, got in zip(example.messages, store.accepted, strict=True)]
        assert seen == list(example.messages)


def _check_reports(store: Watched, example: Example) -> None:
    if example.reports:
        [known] = store.run([Deliveries(tuple(report.id for report in example.reports))])
        assert {(found.id, found.status) for found in known} == {(want.id, want.status) for want in example.reports}


def _check_quarantine(store: Watched, example: Example, status: int) -> None:
    """Signed bytes that nobody understands are kept for operators, once however often they come."""
    [letters] = store.run([Letters(10)])
    kept = [letter for letter in letters if letter.address == "channel:whatsapp"]
    unreadable = example.name.startswith("wa_json_") and example.name != "wa_json_duplicate_keys"
    if status == 200 and (unreadable or example.name in {"wa_body_invalid_utf8", "wa_batch_with_poison_item"}):
        assert len(kept) == 1
    else:
        assert kept == []


def test_the_expectations_are_about_something() -> None:
    assert len(EXAMPLES) == 69
    assert sum(bool(example.messages) for example in EXAMPLES) > 30
