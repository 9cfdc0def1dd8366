"""The simulator's page over HTTP: live, strict and for its own origin alone."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
import trio
import trio.testing
from hypercorn.typing import ASGIReceiveEvent, ASGISendEvent, HTTPScope
from quart_trio import QuartTrio

from actors.web.simulator import LONGEST_BODY, simulator_blueprint
from channels.message import Media, Tap, Text
from channels.simulator.channel import SimulatorChannel
from channels.simulator.counted import Counted, counted
from tests.channels.simulator.phones import MENU, RUDO, TAPIWA, Application, channel, peer

PEOPLE = [(TAPIWA, "Tapiwa Ncube"), (RUDO, "Rudo Moyo")]


class Page:
    """The application, its channel and a client of its page."""

    def __init__(self) -> None:
        self.application = Application()
        self.channel = channel(self.application)
        self.sms = SimulatorChannel(
            self.channel.conversations,
            deliver=self.application.deliver,
            validate=self.application.validate,
            plain=lambda message: message.text,
            name="sms",
        )
        self.app = QuartTrio(__name__)
        self.app.register_blueprint(simulator_blueprint(self.channel, PEOPLE, sms=self.sms))
        self.client = self.app.test_client()

    async def post(self, what: str, body: object, **headers: str) -> tuple[int, dict[str, object]]:
        headers = {"Content-Type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = await self.client.post(f"/simulator/{what}", data=text, headers=headers)
        return response.status_code, json.loads(await response.get_data(as_text=True))

    @asynccontextmanager
    async def stream(self, after: str = "", last_event_id: str | None = None) -> AsyncIterator["Stream"]:
        """Quart's test client waits for the end of an answer, and this one has none: speak ASGI, then hang up."""
        headers = [(b"host", b"localhost")]
        if last_event_id is not None:
            headers.append((b"last-event-id", last_event_id.encode()))
        async with trio.open_nursery() as nursery:
            stream = Stream()
            nursery.start_soon(self.app, _scope(f"after={after}", headers), stream.receive, stream.send)
            yield stream
            stream.hung_up.set()


def _scope(query: str, headers: list[tuple[bytes, bytes]]) -> HTTPScope:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/simulator/events",
        "raw_path": b"/simulator/events",
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "client": None,
        "server": None,
        "state": {},  # type: ignore[typeddict-item]  # hypercorn's own type; nothing here reads it
        "extensions": {},
    }


class Stream:
    """One page's stream, an event at a time: what is not read is not taken from the server."""

    def __init__(self) -> None:
        self.hung_up = trio.Event()
        self._asked = False
        self._put, self._get = trio.open_memory_channel[bytes](0)

    async def receive(self) -> ASGIReceiveEvent:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(self, event: ASGISendEvent) -> None:
        if event["type"] == "http.response.body":
            await self._put.send(event["body"])

    async def raw(self) -> str:
        return (await self._get.receive()).decode()

    async def event(self) -> dict[str, str]:
        lines = (await self.raw()).strip().split("\n")
        return dict(line.split(": ", 1) for line in lines)

    async def texts(self) -> list[str]:
        return [bubble["text"] for bubble in json.loads((await self.event())["data"])]


@pytest.fixture
def page() -> Page:
    return Page()


async def test_the_page_comes_with_a_policy_that_runs_nothing_foreign(page: Page) -> None:
    response = await page.client.get("/simulator")
    assert response.status_code == 200
    assert "<title>Simulator" in await response.get_data(as_text=True)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_everything_the_page_names_is_there_and_of_this_origin(page: Page) -> None:
    text = await (await page.client.get("/simulator")).get_data(as_text=True)
    names = [part.split('"')[0] for part in text.split('="/')[1:]]
    assert len(names) == 3
    assert "//" not in text
    assert " style=" not in text
    for name in [*names, "simulator/static/simulator-phone.js", "simulator/static/simulator-bubble.js"]:
        response = await page.client.get(f"/{name}")
        assert response.status_code == 200
        assert "Content-Security-Policy" in response.headers


async def test_the_scripts_never_make_markup_out_of_text(page: Page) -> None:
    for name in ("simulator", "simulator-phone", "simulator-bubble"):
        script = await (await page.client.get(f"/simulator/static/{name}.js")).get_data(as_text=True)
        assert "textContent" in script
        for danger in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert danger not in script


async def test_the_page_learns_who_can_hold_a_phone_and_which_kinds_there_are(page: Page) -> None:
    setup = json.loads(await (await page.client.get("/simulator/setup")).get_data(as_text=True))
    assert setup["people"] == [{"phone": phone, "label": label} for phone, label in PEOPLE]
    assert [(kind["name"], kind["buttons"]) for kind in setup["channels"]] == [("simulator", True), ("sms", False)]


async def test_without_text_phones_the_page_offers_none() -> None:
    app = QuartTrio(__name__)
    app.register_blueprint(simulator_blueprint(channel(Application()), PEOPLE))
    setup = json.loads(await (await app.test_client().get("/simulator/setup")).get_data(as_text=True))
    assert [kind["name"] for kind in setup["channels"]] == ["simulator"]


async def test_a_typed_message_is_accepted(page: Page) -> None:
    status, answer = await page.post("say", {"phone": "+263 77 123 4567", "text": "hi"})
    assert (status, answer) == (200, {"number": 1})
    (message,) = page.application.accepted
    assert (message.peer, message.content) == (peer(TAPIWA), Text("hi"))


async def test_a_tap_is_accepted(page: Page) -> None:
    status, _ = await page.post("tap", {"phone": TAPIWA, "choice": "s1.offer", "label": "Offer"})
    assert status == 200
    assert page.application.accepted[0].content == Tap("s1.offer", "Offer")


async def test_an_image_is_accepted(page: Page) -> None:
    status, _ = await page.post("media", {"phone": TAPIWA, "kind": "image"})
    assert status == 200
    assert page.application.accepted[0].content == Media("image")


async def test_a_message_can_be_delivered_again(page: Page) -> None:
    _, answer = await page.post("say", {"phone": TAPIWA, "text": "hi"})
    status, _ = await page.post("again", {"phone": TAPIWA, "number": answer["number"]})
    assert status == 200
    first, second = page.application.accepted
    assert first == second


async def test_a_text_phone_speaks_on_its_own_channel(page: Page) -> None:
    await page.post("say", {"phone": TAPIWA, "channel": "sms", "text": "hi"})
    assert page.application.accepted[0].peer.channel == "sms"


@pytest.mark.parametrize(
    ("what", "body", "words"),
    [
        ("say", b"", "understands"),
        ("say", b"{", "understands"),
        ("say", b'"\xff"', "understands"),
        ("say", [], "understands"),
        ("say", {"phone": TAPIWA}, "text"),
        ("say", {"phone": TAPIWA, "text": ""}, "text"),
        ("say", {"phone": TAPIWA, "text": 5}, "text"),
        ("say", {"phone": TAPIWA, "text": " \n"}, "write something"),
        ("say", {"phone": TAPIWA, "text": "x" * 4097}, "text"),
        ("say", {"phone": TAPIWA, "text": "hi", "more": 1}, "more"),
        ("say", {"phone": "0771234567", "text": "hi"}, "country code"),
        ("say", {"phone": TAPIWA, "channel": "fax", "text": "hi"}, "fax"),
        ("tap", {"phone": TAPIWA, "label": "x"}, "choice"),
        ("tap", {"phone": TAPIWA, "channel": "sms", "choice": "s1.a", "label": "x"}, "no buttons"),
        ("count", {"phone": "", "channel": "fax", "text": "hi"}, "fax"),
        ("media", {"phone": TAPIWA, "kind": ""}, "kind"),
        ("again", {"phone": TAPIWA, "number": "1"}, "number"),
    ],
)
async def test_what_cannot_be_done_is_refused_with_a_reason(page: Page, what: str, body: object, words: str) -> None:
    status, answer = await page.post(what, body)
    assert status == 400
    assert words in str(answer["error"])
    assert page.application.accepted == []


async def test_what_is_typed_on_a_phone_for_text_messages_is_counted_and_not_sent(page: Page) -> None:
    for name, told in (("sms", counted("Tőke [5]")), ("", None)):
        response = await page.client.post("/simulator/count", json={"phone": "", "channel": name, "text": " Tőke [5] "})
        assert response.status_code == 200
        assert msgspec.json.decode(await response.get_data(), type=Counted | None) == told
    assert page.application.accepted == []
    assert page.channel.conversations.since(0) == ()


async def test_a_bubble_of_a_text_message_has_its_length_with_it(page: Page) -> None:
    await page.sms.say(TAPIWA, "ő" * 71)
    await page.channel.say(TAPIWA, "hi")
    async with page.stream() as stream:
        await stream.event()
        event = await stream.event()
    (count,) = [bubble["counted"] for bubble in json.loads(event["data"]) if bubble["channel"] == "sms"]
    assert count["parts"] == ["ő" * 67, "ő" * 4]
    assert count["words"] == "2 segments (UCS-2, 71 characters), because of ő (U+0151)"
    assert [bubble["counted"] for bubble in json.loads(event["data"]) if bubble["channel"] != "sms"] == [None]


async def test_a_message_nobody_remembers_is_not_delivered_again(page: Page) -> None:
    status, answer = await page.post("again", {"phone": TAPIWA, "number": 99})
    assert status == 404
    assert "too old" in str(answer["error"])


async def test_a_message_that_could_not_be_stored_is_answered_503(page: Page) -> None:
    page.application.full = True
    status, answer = await page.post("say", {"phone": TAPIWA, "text": "hi"})
    assert status == 503
    assert "Try again" in str(answer["error"])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Sec_Fetch_Site": "none"}, 403),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Sec_Fetch_Site": "same-origin"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Content_Type": "application/json; charset=utf-8"}, 200),
    ],
)
async def test_only_json_of_the_page_itself_is_taken(page: Page, headers: dict[str, str], status: int) -> None:
    headers = {"Content_Type": "application/json"} | headers
    got, answer = await page.post(
        "say", {"phone": TAPIWA, "text": "hi"}, **{name.replace("_", "-"): value for name, value in headers.items()}
    )
    assert got == status
    assert ("error" in answer) == (status != 200)
    assert len(page.application.accepted) == (status == 200)


async def test_a_body_that_is_too_long_is_refused(page: Page) -> None:
    status, answer = await page.post("say", b"x" * (LONGEST_BODY + 1))
    assert status == 413
    assert "bytes" in str(answer["error"])


async def test_a_page_gets_bubbles_as_they_come(page: Page) -> None:
    async with page.stream() as stream:
        hello = await stream.event()
        assert (hello["event"], json.loads(hello["data"])) == ("hello", {"stamp": "run1"})
        await page.channel.send(peer(TAPIWA), MENU, reference="r")
        event = await stream.event()
        (bubble,) = json.loads(event["data"])
        assert event["id"] == "run1:1"
        assert (bubble["phone"], bubble["kind"], bubble["status"]) == (TAPIWA, "buttons", "sent")
        assert [choice["id"] for choice in bubble["choices"]] == ["s1.offer", "s1.ledger"]
        await page.channel.say(TAPIWA, "2")
        assert await stream.texts() == ["What next?", "2"]


@pytest.mark.parametrize("known", ["", "run0:1", "run1:9", "run1:x", "run1:" + "9" * 5000, "1"])
async def test_a_page_without_a_position_in_this_run_gets_everything(page: Page, known: str) -> None:
    await page.channel.send(peer(TAPIWA), MENU, reference="r")
    async with page.stream(known) as stream:
        await stream.event()
        assert await stream.texts() == ["What next?"]


async def test_a_page_that_reconnects_gets_only_what_it_missed(page: Page) -> None:
    await page.channel.send(peer(TAPIWA), MENU, reference="r")
    await page.channel.send(peer(RUDO), MENU, reference="r")
    async with page.stream("run1:0", last_event_id="run1:1") as stream:
        await stream.event()
        event = await stream.event()
    assert [bubble["phone"] for bubble in json.loads(event["data"])] == [RUDO]


async def test_a_silent_stream_says_every_quarter_minute_that_it_lives(
    page: Page, autojump_clock: trio.testing.MockClock
) -> None:
    async with page.stream() as stream:
        await stream.event()
        began = autojump_clock.current_time()
        for _ in range(8):
            assert await stream.raw() == ": still here\n\n"
        assert autojump_clock.current_time() - began == pytest.approx(120)


async def test_a_page_that_does_not_read_holds_up_nobody(page: Page) -> None:
    async with page.stream():
        for _ in range(300):
            await page.channel.send(peer(TAPIWA), MENU, reference="r")
        async with page.stream() as other:
            await other.event()
            assert len(await other.texts()) == 200


async def test_an_open_page_does_not_hold_up_a_shutdown(page: Page) -> None:
    async with page.stream() as stream:
        await stream.event()
        page.channel.conversations.close()
        assert await stream.raw() == ""


@pytest.mark.parametrize(
    ("host", "status"), [("localhost:8000", 200), ("127.0.0.1:8000", 200), ("[::1]:8000", 200), ("evil.example", 403)]
)
async def test_a_name_that_could_be_anybodys_opens_nothing(page: Page, host: str, status: int) -> None:
    response = await page.client.get("/simulator", headers={"Host": host})
    assert response.status_code == status
