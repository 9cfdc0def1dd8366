"""The webhooks of text messages: bounds, refusals, and that 200 means stored, whichever provider it is."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from actors.member import envelope_of
from actors.web.quart_app import quart_app
from actors.web.sms import LARGEST_BODY, SLOWEST_BODY, SmsDoor
from channels.message import DeliveryReport, DeliveryStatus, InboundMessage, Peer, Text, Trouble, Undelivered
from channels.sms.provider import Posted, Received, Refused
from runtime.clock import VirtualClock
from runtime.envelope import Envelope
from runtime.errors import Closed, StoreUnavailable
from runtime.store import Delivery

NOW = datetime(2026, 9, 20, 10, 0, tzinfo=UTC)
PATH = "/sms/pigeon/hunter2-hunter2-hunter2"
RUDO = Peer("sms", "pigeon:33333", "263770000301")
SAID = InboundMessage(id="pigeon:1", peer=RUDO, at=NOW, content=Text("hello"))
FAILED = DeliveryReport(
    id="pigeon:2", status=DeliveryStatus.FAILED, at=NOW, ours="m#0", error=7, trouble=Trouble.PASSING
)
SENT = DeliveryReport(id="pigeon:3", status=DeliveryStatus.SENT, at=NOW)


NOTHING = Received()


class Pigeon:
    """A provider whose requests hold what they are told to."""

    name = "pigeon"
    path = PATH
    answer = ("text/x-coo", b"coo")

    def __init__(self, *, messages: Received | Refused = NOTHING, reports: Received | Refused = NOTHING) -> None:
        self.seen: list[Posted] = []
        self._messages = messages
        self._reports = reports

    def messages(self, posted: Posted, *, now: datetime) -> Received | Refused:
        assert now == NOW
        self.seen.append(posted)
        return self._messages

    def reports(self, posted: Posted, *, now: datetime) -> Received | Refused:
        assert now == NOW
        self.seen.append(posted)
        return self._reports


class Intake:
    """Takes everything; ``away`` is what it raises instead."""

    def __init__(self, away: Exception | None = None) -> None:
        self.accepted: list[tuple[list[Envelope], list[Delivery]]] = []
        self._away = away

    async def accept(self, envelopes: Sequence[Envelope], *, reports: Sequence[Delivery] = ()) -> int:
        await trio.lowlevel.checkpoint()
        if self._away:
            raise self._away
        self.accepted.append((list(envelopes), list(reports)))
        return len(envelopes)


def door(pigeon: Pigeon, intake: Intake, **more: Any) -> SmsDoor:  # noqa: ANN401 - whatever a door takes
    return SmsDoor(intake=intake, clock=VirtualClock(NOW), webhooks=[pigeon], counts=Counter(), **more)  # type: ignore[arg-type]  # a double


async def ask(subject: SmsDoor, path: str = PATH, **more: Any) -> tuple[int, str | None, bytes]:  # noqa: ANN401 - as the client
    response = await quart_app([subject.blueprint()]).test_client().open(path, **{"method": "POST", **more})
    return response.status_code, response.content_type, await response.get_data(as_text=False)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_message_is_accepted_and_answered_as_its_provider_likes_it(method: str) -> None:
    intake = Intake()
    assert await ask(door(Pigeon(messages=Received(messages=(SAID,))), intake), method=method) == (
        200,
        "text/x-coo",
        b"coo",
    )
    [(envelopes, reports)] = intake.accepted
    assert (envelopes, reports) == ([envelope_of(SAID, accepted_at=NOW)], [])


async def test_a_report_is_what_the_store_knows_of_our_message() -> None:
    intake = Intake()
    assert (await ask(door(Pigeon(reports=Received(reports=(SENT, FAILED))), intake), f"{PATH}/status"))[0] == 200
    [(envelopes, [sent, failed])] = intake.accepted
    assert envelopes == []
    assert (sent.id, sent.status, sent.rank) == ("pigeon:3", "sent", 0)
    assert (failed.id, failed.status, failed.ours, failed.error) == ("pigeon:2", "failed", "m#0", 7)


async def test_what_failed_is_told_in_the_same_acceptance_and_only_that() -> None:
    told: list[tuple[list[DeliveryReport], datetime]] = []
    news = InboundMessage(id="u:1", peer=RUDO, at=NOW, content=Undelivered(id="pigeon:2", trouble=Trouble.PASSING))

    async def undelivered(failed: Sequence[DeliveryReport], now: datetime) -> Sequence[Envelope]:
        await trio.lowlevel.checkpoint()
        told.append((list(failed), now))
        return [envelope_of(news, accepted_at=now)]

    intake = Intake()
    subject = door(Pigeon(reports=Received(reports=(SENT, FAILED))), intake, undelivered=undelivered)
    assert (await ask(subject, f"{PATH}/status"))[0] == 200
    [(envelopes, reports)] = intake.accepted
    assert (told, len(reports)) == ([([FAILED], NOW)], 2)
    assert envelopes == [envelope_of(news, accepted_at=NOW)]
    await ask(door(Pigeon(reports=Received(reports=(SENT,))), intake, undelivered=undelivered), f"{PATH}/status")
    assert len(told) == 1


@pytest.mark.parametrize("away", [StoreUnavailable("gone"), Closed()])
async def test_what_is_not_stored_is_not_answered(away: Exception) -> None:
    subject = door(Pigeon(messages=Received(messages=(SAID,))), Intake(away))
    assert await ask(subject) == (503, "text/plain; charset=utf-8", b"not stored")


async def test_what_failed_and_cannot_be_told_is_not_answered() -> None:
    async def undelivered(_failed: Sequence[DeliveryReport], _now: datetime) -> Sequence[Envelope]:
        await trio.lowlevel.checkpoint()
        raise StoreUnavailable("gone")

    intake = Intake()
    subject = door(Pigeon(reports=Received(reports=(FAILED,))), intake, undelivered=undelivered)
    assert (await ask(subject, f"{PATH}/status"))[0] == 503
    assert intake.accepted == []


async def test_what_is_refused_says_nothing_and_is_counted() -> None:
    intake = Intake()
    subject = door(Pigeon(messages=Refused(404, "wrong secret")), intake)
    assert await ask(subject) == (404, "text/plain; charset=utf-8", b"refused")
    assert (intake.accepted, subject.counts) == ([], {"pigeon wrong secret": 1})


async def test_what_is_left_alone_is_counted_by_provider() -> None:
    subject = door(Pigeon(messages=Received(ignored={"status": 2})), Intake())
    assert (await ask(subject))[0] == 200
    assert subject.counts == {"pigeon status": 2}


async def test_a_provider_reads_the_request_as_it_came() -> None:
    subject = door(pigeon := Pigeon(), Intake())
    await ask(subject, f"{PATH}/status?b=%7e&a=1+2", data=b"x=%ff", headers={"X-Odd": "1", "Host": "h.example"})
    [posted] = pigeon.seen
    assert (posted.method, posted.target, posted.body) == ("POST", f"{PATH}/status?b=%7e&a=1+2", b"x=%ff")
    assert posted.headers["x-odd"] == "1"


async def test_a_body_is_taken_up_to_its_limit() -> None:
    subject = door(Pigeon(), Intake())
    assert (await ask(subject, data=b"x" * LARGEST_BODY))[0] == 200
    assert await ask(subject, data=b"x" * (LARGEST_BODY + 1)) == (413, "text/plain; charset=utf-8", b"too large")


async def test_a_body_that_does_not_say_how_long_it_is_has_the_same_limit() -> None:
    client = quart_app([door(pigeon := Pigeon(), Intake()).blueprint()]).test_client()
    async with client.request(PATH, method="POST") as connection:
        for _ in range(LARGEST_BODY // 1024 + 1):
            await connection.send(b"x" * 1024)
        await connection.send_complete()
        response = await connection.as_response()
    assert (response.status_code, pigeon.seen) == (413, [])


async def test_a_packed_body_is_not_unpacked() -> None:
    subject = door(pigeon := Pigeon(), Intake())
    assert (await ask(subject, headers={"Content-Encoding": "gzip"}))[0] == 415
    assert pigeon.seen == []


async def test_a_body_that_does_not_come_is_not_waited_for(autojump_clock: MockClock) -> None:
    assert autojump_clock.autojump_threshold == 0
    client = quart_app([door(Pigeon(), Intake()).blueprint()]).test_client()
    began = trio.current_time()
    async with client.request(PATH, method="POST") as connection:
        await connection.send(b"x")
        response = await connection.as_response()
    assert response.status_code == 408
    assert trio.current_time() - began == pytest.approx(SLOWEST_BODY)


async def test_a_provider_that_was_given_a_wrong_address_is_counted_whatever_it_posts() -> None:
    intake = Intake()
    subject = door(Pigeon(), intake)
    for path in ("/sms/pigeon/another-secret", "/sms/pigeon/another-secret/status"):
        assert await ask(subject, path) == (404, "text/plain; charset=utf-8", b"refused")
    assert (intake.accepted, subject.counts) == ([], {"pigeon path": 2})


@pytest.mark.parametrize("path", ["/sms/pigeon", f"{PATH}/", f"{PATH}/other", "/sms/"])
async def test_any_other_path_leads_nowhere(path: str) -> None:
    assert (await ask(door(Pigeon(), Intake()), path))[0] == 404
