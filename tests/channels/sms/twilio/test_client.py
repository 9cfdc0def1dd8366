"""The client against an API that takes, refuses, loses its answers and hangs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import trio
from trio.testing import MockClock

from actors.transport.client import http_client
from actors.transport.local import LocalTransport, Respond
from channels.channel import NotDeliverable, NotSent, Unreachable, Unwanted
from channels.message import Receipt
from channels.sms.provider import Provider
from channels.sms.twilio import client
from tests.support.answering import Answer, Answering
from tests.support.twilio import ACCOUNT, OURS, PUBLIC, SERVICE, TOKEN, Taken, TwilioStandIn, provider, sid

RUDO = "263770000301"
START = datetime(2026, 9, 20, 23, 59, 58, 700_000, tzinfo=UTC)
REFERENCE = "member:263770000301/7#0"


class World:
    """Twilio, our provider of it, and one clock for both."""

    def __init__(self) -> None:
        self.time = START
        self.twilio = TwilioStandIn(self.now)
        self.respond: Respond = self.twilio.respond

    def now(self) -> datetime:
        return self.time

    def provider(self, http: httpx.AsyncClient, *, token: str = TOKEN) -> Provider:
        return provider(http, self.now, token=token)

    def made(self, body: str, *, seconds: float = 0, to: str = RUDO, ours: str = OURS) -> Taken:
        """A message that was sent from elsewhere, so many seconds from now."""
        made = self.time + timedelta(seconds=seconds)
        taken = Taken(sid=sid(), to=f"+{to}", ours=ours, body=body, callback="", made=made)
        self.twilio.taken.append(taken)
        return taken


@asynccontextmanager
async def world() -> AsyncIterator[tuple[World, Provider]]:
    here = World()
    async with http_client(LocalTransport(here.respond)) as http:
        yield here, here.provider(http)


async def send(provider: Provider, text: str = "hello", *, ours: str = OURS, reference: str = REFERENCE) -> Receipt:
    return await provider.send(ours, RUDO, text, reference=reference)


async def test_a_message_is_posted_with_all_that_twilio_asks_for() -> None:
    async with world() as (here, provider):
        receipt = await send(provider, "5 & 6 + 7 é", reference="a b/c#1?&=%")
        [taken] = here.twilio.taken
        assert receipt == Receipt(f"twilio:{taken.sid}")
        assert (taken.to, taken.ours, taken.body) == (f"+{RUDO}", OURS, "5 & 6 + 7 é")
        callback = urlsplit(taken.callback)
        assert f"{callback.scheme}://{callback.netloc}{callback.path}" == f"{PUBLIC}/sms/twilio/status"
        assert parse_qs(callback.query) == {"ours": ["a b/c#1?&=%"]}
        assert here.twilio.asked == ["POST"]


async def test_a_messaging_service_is_named_as_one() -> None:
    async with world() as (here, provider):
        await send(provider, ours=SERVICE)
        assert here.twilio.taken[0].ours == SERVICE


@pytest.mark.parametrize(("text", "goes"), [("a" * 1600, True), ("a" * 1601, False), ("🙏" * 801, False)])
async def test_a_text_that_is_too_long_never_leaves(text: str, goes: bool) -> None:  # noqa: FBT001 - a parameter
    async with world() as (here, provider):
        if goes:
            await send(provider, text)
        else:
            with pytest.raises(NotDeliverable) as raised:
                await send(provider, text)
            assert raised.value.code == 21617
        assert here.twilio.asked == ["POST"] * goes


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (429, 20429, NotSent),
        (400, 21611, NotSent),
        (503, 20503, NotSent),
        (400, 21408, NotDeliverable),
        (400, 21614, Unreachable),
        (400, 21610, Unwanted),
    ],
)
async def test_a_refusal_is_raised_by_its_kind(status: int, code: int, kind: type[Exception]) -> None:
    async with world() as (here, provider):
        here.twilio.refusals.append((status, code))
        with pytest.raises(kind) as raised:
            await send(provider)
        assert type(raised.value) is kind
        assert getattr(raised.value, "code", None) == code
        assert (here.twilio.taken, here.twilio.asked) == ([], ["POST"])


async def test_who_opted_out_is_not_written_to() -> None:
    async with world() as (here, provider):
        here.twilio.opted_out.add(f"+{RUDO}")
        with pytest.raises(Unwanted):
            await send(provider)


async def test_credentials_that_are_not_accepted_are_waited_for() -> None:
    here = World()
    async with http_client(LocalTransport(here.respond)) as http:
        with pytest.raises(NotSent) as raised:
            await send(here.provider(http, token="another"))
        assert (raised.value.code, raised.value.after_seconds) == (20003, 60)


@pytest.mark.parametrize("seconds", [0, 0.5, 3, 100])
@pytest.mark.parametrize("ours", [OURS, SERVICE])
async def test_a_message_whose_answer_was_lost_is_not_sent_twice(ours: str, seconds: float) -> None:
    async with world() as (here, provider):
        here.twilio.losing = 1
        with pytest.raises(NotSent, match="no answer"):
            await send(provider, ours=ours)
        here.time += timedelta(seconds=seconds)
        receipt = await send(provider, ours=ours)
        [taken] = here.twilio.taken
        assert receipt == Receipt(f"twilio:{taken.sid}")
        assert here.twilio.asked == ["POST", "GET"]


async def test_a_message_that_was_never_taken_is_sent_once_it_was_looked_for() -> None:
    async with world() as (here, provider):
        here.twilio.deaf = 1
        with pytest.raises(NotSent):
            await send(provider)
        await send(provider)
        assert (here.twilio.sent[RUDO], here.twilio.asked) == (["hello"], ["POST", "GET", "POST"])


async def test_while_nobody_can_look_nothing_is_sent() -> None:
    async with world() as (here, provider):
        here.twilio.losing = 1
        with pytest.raises(NotSent):
            await send(provider)
        here.twilio.deaf = 1
        here.twilio.refusals = [(429, 20429), (400, 21408), (500, 20500)]
        for _ in range(4):
            with pytest.raises(NotSent):
                await send(provider)
        await send(provider)
        assert (here.twilio.sent[RUDO], here.twilio.asked) == (["hello"], ["POST"] + ["GET"] * 5)


async def test_what_was_in_doubt_stays_so_through_every_later_try() -> None:
    async with world() as (here, provider):
        here.twilio.deaf = 1
        with pytest.raises(NotSent):
            await send(provider)
        here.twilio.opted_out.add(f"+{RUDO}")
        for _ in range(2):
            with pytest.raises(Unwanted):
                await send(provider)
        late = here.made("hello")
        here.time += timedelta(seconds=5)
        assert await send(provider) == Receipt(f"twilio:{late.sid}")
        assert here.twilio.asked == ["POST", "GET", "POST", "GET", "POST", "GET"]


async def test_a_doubt_begins_with_the_first_try_however_many_follow() -> None:
    async with world() as (here, provider):
        lost: list[Taken] = []
        for _ in range(2):
            here.twilio.losing = 1
            with pytest.raises(NotSent):
                await send(provider)
            lost.append(here.twilio.taken.pop())  # not on the list yet
            here.time += timedelta(seconds=5)
        here.twilio.taken.append(lost[0])
        assert await send(provider) == Receipt(f"twilio:{lost[0].sid}")


async def test_the_same_words_of_another_message_are_not_taken_for_it() -> None:
    async with world() as (here, provider):
        await send(provider, reference="before")
        here.twilio.deaf = 1
        with pytest.raises(NotSent):
            await send(provider)
        await send(provider, reference="beside")
        receipt = await send(provider)
        assert here.twilio.sent[RUDO] == ["hello"] * 3
        assert receipt == Receipt(f"twilio:{here.twilio.taken[-1].sid}")


async def test_of_two_in_doubt_each_finds_its_own() -> None:
    async with world() as (here, provider):
        here.twilio.losing = 2
        for reference in ("one", "two"):
            with pytest.raises(NotSent):
                await send(provider, reference=reference)
            here.time += timedelta(seconds=2)
        found = [await send(provider, reference=reference) for reference in ("one", "two")]
        assert found == [Receipt(f"twilio:{taken.sid}") for taken in here.twilio.taken]


async def test_only_a_message_made_since_with_these_words_from_here_is_taken_for_it() -> None:
    async with world() as (here, provider):
        here.made("hello", seconds=-2)
        here.made("hello", to="263770000302")
        here.made("hello", ours=SERVICE)
        here.made("Hello")
        here.twilio.deaf = 1
        with pytest.raises(NotSent):
            await send(provider)
        receipt = await send(provider)
        assert len(here.twilio.taken) == 5
        assert receipt == Receipt(f"twilio:{here.twilio.taken[-1].sid}")


@pytest.mark.parametrize("ours", [OURS, SERVICE])
async def test_a_connection_that_was_never_made_leaves_no_doubt(ours: str) -> None:
    calls: list[str] = []

    async def respond(*call: object) -> tuple[int, dict[str, str], bytes]:
        await trio.lowlevel.checkpoint()
        calls.append(str(call[0]))
        raise ConnectionRefusedError

    async with http_client(LocalTransport(respond)) as http:
        provider = World().provider(http)
        for _ in range(2):
            with pytest.raises(NotSent, match="no connection"):
                await send(provider, ours=ours)
    assert calls == ["POST", "POST"]


async def test_a_call_that_was_given_up_leaves_a_doubt(autojump_clock: MockClock) -> None:
    assert autojump_clock.autojump_threshold == 0
    here = World()

    async def respond(*call: object) -> tuple[int, dict[str, str], bytes]:
        answer = await here.twilio.respond(*call)  # type: ignore[arg-type]  # passed through
        await trio.sleep(2 if len(here.twilio.asked) == 1 else 0)
        return answer

    async with http_client(LocalTransport(respond)) as http:
        provider = here.provider(http)
        with trio.move_on_after(1):
            await send(provider)
        await send(provider)
    assert (here.twilio.sent[RUDO], here.twilio.asked) == (["hello"], ["POST", "GET"])


async def test_doubts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "REMEMBERED", 2)
    async with world() as (here, provider):
        here.twilio.losing = 3
        for number in range(3):
            with pytest.raises(NotSent):
                await send(provider, str(number), reference=str(number))
        assert repr(provider) == "<TwilioProvider 2 in doubt>"
        await send(provider, "0", reference="0")
        assert here.twilio.sent[RUDO] == ["0", "1", "2", "0"]


@asynccontextmanager
async def answered(answer: Answer) -> AsyncIterator[Provider]:
    async with httpx.AsyncClient(transport=Answering(answer)) as http:
        yield World().provider(http)


async def test_an_answer_that_does_not_come_is_waited_for_ten_seconds(autojump_clock: MockClock) -> None:
    async def hang(_request: httpx.Request) -> httpx.Response:
        await trio.sleep(3600)
        raise AssertionError

    async with answered(hang) as provider:
        for until in (10, 20):
            with pytest.raises(NotSent):
                await send(provider)
            assert trio.current_time() == pytest.approx(until, abs=0.1)
    assert autojump_clock.autojump_threshold == 0


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"sid": ""}', b'{"sid": 1}', b"[" * 9999, b"\xff"])
async def test_success_without_a_message_id_is_not_believed(body: bytes) -> None:
    async with answered(lambda _request: httpx.Response(201, content=body)) as provider:
        with pytest.raises(NotSent):
            await send(provider)
        with pytest.raises(NotSent, match="list of messages"):
            await send(provider)


ODD = [
    None,
    1,
    {},
    {"sid": 1},
    *({"sid": "SM1", "body": "hello", "from": OURS, "date_created": at} for at in (None, 1, "x", "")),
]


async def test_a_list_that_makes_no_sense_holds_nothing() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"messages": ODD})
        return httpx.Response(500) if len(posts) == 1 else httpx.Response(201, json={"sid": "SM2"})

    posts = [1]
    async with answered(answer) as provider:
        with pytest.raises(NotSent):
            await send(provider)
        posts.append(2)
        assert await send(provider) == Receipt("twilio:SM2")


async def test_a_list_tells_times_of_any_zone() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(500)
        made = {"sid": "SM3", "body": "hello", "from": OURS, "date_created": "Sun, 20 Sep 2026 23:59:58 -0000"}
        return httpx.Response(200, json={"messages": [made]})

    async with answered(answer) as provider:
        with pytest.raises(NotSent):
            await send(provider)
        assert await send(provider) == Receipt("twilio:SM3")


@pytest.mark.parametrize(("header", "seconds"), [("120", 120), ("soon", 5), ("-1", 5), ("nan", 5), ("inf", 5)])
async def test_the_wish_of_a_throttled_call_is_passed_on(header: str, seconds: float) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, json={"code": 20429}, headers={"retry-after": header})

    async with answered(answer) as provider:
        with pytest.raises(NotSent) as raised:
            await send(provider)
    assert raised.value.after_seconds == seconds


@pytest.mark.parametrize("code", [None, "20429", True, 1.5, []])
async def test_a_code_that_is_none_leaves_it_to_the_http_status(code: object) -> None:
    async with answered(lambda _request: httpx.Response(400, json={"code": code})) as provider:
        with pytest.raises(NotDeliverable) as raised:
            await send(provider)
    assert raised.value.code is None


async def test_neither_repr_nor_errors_tell_secrets() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(400, json={"code": 21211, "message": f"+{RUDO} is no number for hello"})

    async with answered(answer) as provider:
        with pytest.raises(NotDeliverable) as raised:
            await send(provider)
        for told in (str(raised.value), repr(provider)):
            assert not any(secret in told for secret in (RUDO, "hello", TOKEN, ACCOUNT))
