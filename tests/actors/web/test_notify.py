"""Every answer of ``/bot/notify``: who may ask, what is wrong, and that 200 means stored."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import trio
from trio.testing import MockClock

from actors.notices import Way
from actors.web.notify import LARGEST_BODY, PATH, SLOWEST_BODY, NotifyDoor
from actors.web.quart_app import quart_app
from channels.message import InboundMessage, Notice, Peer
from runtime.clock import VirtualClock
from runtime.envelope import Envelope
from runtime.errors import Closed, StoreUnavailable

KEY = "notify-key-for-tests"
NOW = datetime(2026, 9, 20, 10, 0, tzinfo=UTC)
GOOD = {"phoneNumber": "263770000301", "memberName": "Rudo", "message": "An offer waits.", "channel": "whatsapp"}
RIGHT = {"apiKey": KEY, "Content-Type": "application/json"}
SECRETS = (KEY, "263770000301", "An offer waits", "key-of-a-caller")


class Intake:
    """Takes envelopes, and names; ``away`` is what it raises instead."""

    def __init__(self, away: Exception | None = None) -> None:
        self.accepted: list[Envelope] = []
        self.named: dict[str, str] = {}
        self._away = away

    async def accept(self, envelopes: Sequence[Envelope]) -> int:
        await trio.lowlevel.checkpoint()
        if self._away:
            raise self._away
        self.accepted += envelopes
        return len(envelopes)

    async def first(self, name: str, mark: str, *, at: datetime) -> str:
        await trio.lowlevel.checkpoint()
        assert at.tzinfo
        return self.named.setdefault(name, mark)


def door(intake: Intake, *, key: str | None = KEY, channels: Sequence[str] = ("whatsapp",)) -> NotifyDoor:
    ways = {channel: Way(channel, "line-1") for channel in channels}
    return NotifyDoor(intake=intake, clock=VirtualClock(NOW), ways=ways, key=key)  # type: ignore[arg-type]  # a double


async def ask(subject: NotifyDoor, body: Any = None, **headers: str | None) -> tuple[int, Any]:  # noqa: ANN401 - JSON
    """Post ``body`` (bytes as they are); headers of ``None`` are left out. Status and answer."""
    raw = body if isinstance(body, bytes) else json.dumps(GOOD if body is None else body).encode()
    given = RIGHT | {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in given.items() if value is not None}
    client = quart_app([subject.blueprint()]).test_client()
    response = await client.post(PATH, data=raw, headers=sent)
    text = await response.get_data(as_text=True)
    assert response.content_type == "application/json"
    assert not any(secret in text for secret in SECRETS)
    return response.status_code, json.loads(text)


async def test_a_notice_is_accepted_as_mail_of_its_member() -> None:
    intake = Intake()
    status, answer = await ask(door(intake))
    assert (status, answer["status"]) == (200, "accepted")
    [envelope] = intake.accepted
    assert (envelope.address, envelope.accepted_at) == ("member:263770000301", NOW)
    message = msgspec.msgpack.decode(envelope.body, type=InboundMessage)
    assert (message.peer, message.at) == (Peer("whatsapp", "line-1", "263770000301"), NOW)
    assert isinstance(message.content, Notice)
    assert (message.content.name, message.content.text) == ("Rudo", "An offer waits.")


async def test_a_repeat_is_answered_the_same(autojump_clock: MockClock) -> None:
    subject = door(intake := Intake())
    for key in (None, '"key-of-a-caller"'):
        first = await ask(subject, Idempotency_Key=key)
        await trio.sleep(5)
        assert await ask(subject, Idempotency_Key=key) == first
    assert len({envelope.id for envelope in intake.accepted}) == 3


async def test_one_key_with_another_body_is_refused_and_nothing_is_stored() -> None:
    intake = Intake()
    assert (await ask(door(intake), Idempotency_Key="key-of-a-caller"))[0] == 200
    for change in ({"message": "Other words."}, {"phoneNumber": "263770000302"}, {"memberName": "Chipo"}):
        status, answer = await ask(door(intake), GOOD | change, Idempotency_Key='"key-of-a-caller"')
        assert (status, answer) == (422, {"error": "This Idempotency-Key came with another body before."})
    assert len(intake.accepted) == 1
    assert (await ask(door(intake), GOOD | {"message": "Other words."}, Idempotency_Key="another"))[0] == 200


@pytest.mark.parametrize("key", ["", '""', "k" * 256, "caf\u00e9"])
async def test_a_key_that_is_none_is_refused(key: str) -> None:
    status, answer = await ask(door(Intake()), Idempotency_Key=key)
    assert (status, "Idempotency-Key" in answer["error"]) == (400, True)


async def test_without_a_key_nobody_may() -> None:
    for given in (None, "", KEY):
        status, answer = await ask(door(Intake(), key=None), apiKey=given)
        assert (status, "NOTIFY_API_KEY is not set" in answer["error"]) == (403, True)
    assert door(Intake(), key=None).state == "closed: NOTIFY_API_KEY is not set"
    assert door(Intake()).state == "open for whatsapp"


async def test_who_sends_no_key_and_who_sends_a_wrong_one_are_told_so_before_the_body_is_read() -> None:
    assert (await ask(door(Intake()), b"\xff", apiKey=None)) == (401, {"error": "Send the key in the header apiKey."})
    for wrong in ("", KEY[:-1], KEY + "x", KEY.upper(), "caf\u00e9"):
        status, answer = await ask(door(Intake()), b"x" * (LARGEST_BODY + 1), apiKey=wrong)
        assert (status, answer) == (403, {"error": "The header apiKey holds a wrong key."})


@pytest.mark.parametrize("header", ["apikey", "APIKEY", "ApiKey"])
async def test_the_header_is_found_however_it_is_written(header: str) -> None:
    assert (await ask(door(Intake()), apiKey=None, **{header: KEY}))[0] == 200


async def test_every_wrong_field_is_named_at_once() -> None:
    status, answer = await ask(door(Intake()), {"memberName": 5, "message": " ", "channel": "pigeon"})
    assert status == 400
    assert answer["fields"] == {
        "phoneNumber": "missing",
        "memberName": "must be a string",
        "message": "must not be empty",
        "channel": "must be one of whatsapp, sms",
    }


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 9000])
async def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    status, answer = await ask(door(Intake()), body)
    assert (status, answer["fields"]) == (400, {})


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_another_content_type_is_refused(kind: str | None) -> None:
    assert (await ask(door(Intake()), Content_Type=kind))[0] == 415


async def test_a_compressed_body_is_refused_and_a_named_charset_is_not() -> None:
    assert (await ask(door(Intake()), Content_Encoding="gzip"))[0] == 415
    assert (await ask(door(Intake()), Content_Type="application/json; charset=utf-8"))[0] == 200


async def test_a_body_is_taken_up_to_its_limit() -> None:
    intake = Intake()
    room = LARGEST_BODY - len(json.dumps(GOOD | {"more": ""}))
    assert (await ask(door(intake), GOOD | {"more": "x" * room}))[0] == 200
    status, answer = await ask(door(intake), GOOD | {"more": "x" * (room + 1)})
    assert (status, str(LARGEST_BODY) in answer["error"]) == (413, True)
    assert len(intake.accepted) == 1


async def test_a_body_that_is_announced_as_too_large_is_not_waited_for() -> None:
    status, _ = await ask(door(Intake()), Content_Length=str(LARGEST_BODY + 1))
    assert status == 413


async def test_a_body_that_does_not_say_how_long_it_is_has_the_same_limit() -> None:
    client = quart_app([door(Intake()).blueprint()]).test_client()
    async with client.request(PATH, method="POST", headers=RIGHT) as connection:
        for _ in range(LARGEST_BODY // 1024 + 1):
            await connection.send(b"x" * 1024)
        await connection.send_complete()
        response = await connection.as_response()
    assert response.status_code == 413


async def test_a_body_that_does_not_come_is_not_waited_for(autojump_clock: MockClock) -> None:
    client = quart_app([door(Intake()).blueprint()]).test_client()
    began = trio.current_time()
    async with client.request(PATH, method="POST", headers=RIGHT) as connection:
        await connection.send(b"{")
        response = await connection.as_response()
    assert response.status_code == 408
    assert trio.current_time() - began == pytest.approx(SLOWEST_BODY)


async def test_a_channel_that_is_not_set_up_is_told_with_those_that_are() -> None:
    status, answer = await ask(door(Intake()), GOOD | {"channel": "sms"})
    assert (status, answer["error"]) == (422, "The channel sms is not set up on this server. Set up: whatsapp.")
    assert (await ask(door(Intake(), channels=("whatsapp", "sms")), GOOD | {"channel": "sms"}))[0] == 200


@pytest.mark.parametrize("away", [StoreUnavailable("disk full at /var/x"), Closed()])
async def test_what_cannot_be_stored_is_not_accepted(away: Exception) -> None:
    status, answer = await ask(door(Intake(away)))
    assert (status, answer) == (503, {"error": "Not stored. Send it again in a moment: it counts once."})


async def test_only_posting_is_understood() -> None:
    client = quart_app([door(Intake()).blueprint()]).test_client()
    assert (await client.get(PATH)).status_code == 405
