"""What each command runs, put together for real: sockets on free ports, threads and files, but no processes."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path

import httpx
import pytest
import trio
from trio.testing import MockClock

from actors import assembly, settings
from actors.assembly import Serving
from actors.dialogs.allowance import May, Texting
from actors.features import Features
from actors.notices import Way
from actors.settings import Settings
from actors.transport.client import http_client
from actors.transport.trio_transport import TrioTransport
from actors.web.server import WebServer
from channels.message import Choice, OutboundMessage, Peer
from channels.simulator.channel import NotAccepted, SimulatorChannel
from channels.simulator.counted import counted
from credex.money import Denomination, Money
from credex.simulator.core import CoreSimulator
from credex.simulator.http import core_app
from credex.simulator.seeds import founded_world
from runtime.clock import SystemClock
from runtime.errors import StoreUnavailable
from runtime.store import Deliveries
from tests.support import twilio, webhooks
from tests.support.graph import LINE
from tests.support.redis_server import RedisProcess

PATIENCE = 30
NOWHERE = "http://127.0.0.1:1"
"""An address where nobody listens."""

RUDO = "263770000201"

Configure = Callable[..., Settings]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Configure:
    """Settings of these names and no others, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def configured(**values: str) -> Settings:
        for name, value in ({"PORT": "0", "STORE_URL": "memory://"} | values).items():
            monkeypatch.setenv(name, value)
        found = settings.read(None)
        assert isinstance(found, Settings), found
        return found

    return configured


def for_serving(core: str = NOWHERE) -> dict[str, str]:
    return {
        "MYCREDEX_APP_URL": core,
        "CLIENT_API_KEY": "client-key-for-tests",
        "WHATSAPP_API_URL": f"{NOWHERE}/v25.0",
        "WHATSAPP_ACCESS_TOKEN": "graph-token-for-tests",
        "WHATSAPP_PHONE_NUMBER_ID": LINE,
        "WHATSAPP_BUSINESS_ID": "209871234567890",
        "WHATSAPP_APP_SECRET": webhooks.SECRET,
        "WHATSAPP_VERIFY_TOKEN": webhooks.VERIFY_TOKEN,
    }


@asynccontextmanager
async def running(context: AbstractAsyncContextManager[Serving]) -> AsyncIterator[tuple[Serving, httpx.AsyncClient]]:
    """A server that runs until the block ends, and a client of it."""
    stop = trio.Event()
    with trio.fail_after(PATIENCE):
        async with context as serving, http_client(TrioTransport()) as http, trio.open_nursery() as nursery:
            await nursery.start(partial(serving.application.run, stop=stop, web=serving.web))
            http.base_url = httpx.URL(serving.web.addresses[0])
            yield serving, http
            serving.stopping()
            stop.set()


async def test_a_developer_has_everything_and_the_token_development(configure: Configure) -> None:
    async with running(assembly.developing(configure())) as (_, http):
        home = await http.get("/")
        assert (home.status_code, home.headers["location"]) == (302, "/simulator")
        assert (await http.get("/simulator")).status_code == 200
        assert (await http.get("/health/")).json()["status"] == "healthy"
        assert (await http.get("/status")).status_code == 401
        status = await http.get("/status", headers={"authorization": "Bearer development"})
        assert status.json()["actors"]["live"] == 0
        assert (await http.get("/bot/webhook")).status_code == 404


async def test_a_developer_who_sets_a_token_has_that_one_alone(configure: Configure) -> None:
    async with running(assembly.developing(configure(OPERATOR_TOKEN="mine"))) as (_, http):
        assert (await http.get("/status", headers={"authorization": "Bearer development"})).status_code == 401
        assert (await http.get("/status", headers={"authorization": "Bearer mine"})).status_code == 200


async def test_a_developers_conversations_are_kept_in_a_file_of_their_own(configure: Configure, tmp_path: Path) -> None:
    async with running(assembly.developing(configure(STORE_URL=" "))) as (_, http):
        assert (await http.get("/health/")).status_code == 200
    assert (tmp_path / "var" / "development.db").exists()
    assert not (tmp_path / "var" / "vimbiso.db").exists()


async def test_every_phone_of_the_simulator_can_write_and_is_answered(configure: Configure) -> None:
    async with running(assembly.developing(configure())) as (serving, http):
        for phone, _ in assembly.PEOPLE:
            answer = await http.post("/simulator/say", json={"phone": phone, "text": "hi"})
            assert answer.status_code == 200
        await serving.application.system.settled()
        status = await http.get("/status", headers={"authorization": "Bearer development"})
        seen = status.json()
        assert seen["actors"]["live"] == len(assembly.PEOPLE)
        assert (seen["dead_letters"], seen["restarts"]) == (0, 0)


async def test_serving_has_the_webhook_and_no_simulator(configure: Configure) -> None:
    async with running(assembly.serving(configure(**for_serving()))) as (_, http):
        challenge = {"hub.mode": "subscribe", "hub.challenge": "77", "hub.verify_token": webhooks.VERIFY_TOKEN}
        assert (await http.get("/bot/webhook", params=challenge)).text == "77"
        assert (await http.head("/bot/webhook", params=challenge)).status_code == 200
        assert (await http.post("/bot/webhook", content=b"{}")).status_code == 401
        assert (await http.get("/health/")).status_code == 200
        for path in ("/simulator", "/simulator/events", "/"):
            assert (await http.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("given", "kept"), [({}, "any number of"), ({"CREDEX_CALLS_PER_MINUTE": "30"}, "30")], ids=["no rate", "a rate"]
)
async def test_serving_keeps_to_the_rate_that_is_set(given: dict[str, str], kept: str, configure: Configure) -> None:
    async with assembly.serving(configure(**for_serving(), **given)) as serving:
        assert f"<Budget {kept} calls, 0 waiting>" in repr(serving.application._ports.pace)


async def test_serving_without_an_operator_token_tells_no_figures(configure: Configure) -> None:
    async with running(assembly.serving(configure(**for_serving()))) as (_, http):
        assert (await http.get("/status", headers={"authorization": "Bearer development"})).status_code == 403


async def test_a_developers_notices_are_shown_on_the_phones_of_the_simulator(configure: Configure) -> None:
    async with running(assembly.developing(configure())) as (serving, http):
        for channel, shown_on in (("whatsapp", "simulator"), ("sms", "sms")):
            asked = {"phoneNumber": RUDO, "memberName": "Rudo", "message": "An offer waits.", "channel": channel}
            answer = await http.post("/bot/notify", json=asked, headers={"apiKey": "development"})
            assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
            await serving.application.system.settled()
            phone = serving.application._channels[shown_on]
            assert isinstance(phone, SimulatorChannel)
            (bubble,) = phone.conversations.of(shown_on, RUDO)
            assert bubble.text.startswith("Hello Rudo. An offer waits.")
            assert bubble.template == ("incoming_notification" if channel == "whatsapp" else "")


async def test_a_developer_who_sets_a_key_for_notices_has_that_one_alone(configure: Configure) -> None:
    async with running(assembly.developing(configure(NOTIFY_API_KEY="mine"))) as (_, http):
        assert (await http.post("/bot/notify", headers={"apiKey": "development"})).status_code == 403
        assert (await http.post("/bot/notify", headers={"apiKey": "mine"})).status_code == 415


async def test_serving_without_a_key_for_notices_takes_none_and_says_so(configure: Configure) -> None:
    async with running(assembly.serving(configure(**for_serving()))) as (serving, http):
        assert (await http.post("/bot/notify", json={}, headers={"apiKey": "development"})).status_code == 403
        seen = await serving.application.status.view()
        assert seen["notify"] == "closed: NOTIFY_API_KEY is not set"


async def test_serving_takes_notices_for_whatsapp_and_says_that_sms_is_not_set_up(configure: Configure) -> None:
    async with running(assembly.serving(configure(**for_serving(), NOTIFY_API_KEY="notify-key"))) as (serving, http):
        asked = {"phoneNumber": RUDO, "memberName": "Rudo", "message": "An offer waits.", "channel": "sms"}
        answer = await http.post("/bot/notify", json=asked, headers={"apiKey": "notify-key"})
        assert (answer.status_code, "sms is not set up" in answer.json()["error"]) == (422, True)
        assert (await serving.application.status.view())["notify"] == "open for whatsapp"


@pytest.mark.parametrize(
    ("given", "served", "developed"),
    [
        ({}, Texting(), May.ALL),
        (
            {"SMS_MAY": "view", "SMS_LIMITS": "5 USD"},
            Texting(may=May.VIEW, limits=(Money(Decimal(5), Denomination.USD),)),
            May.VIEW,
        ),
    ],
    ids=["nothing set", "set"],
)
async def test_what_may_be_signed_by_text_message_is_a_setting_and_developers_may_everything(
    given: dict[str, str], served: Texting, developed: May, configure: Configure
) -> None:
    async with assembly.serving(configure(**for_serving(), **given)) as serving:
        assert serving.application._ports.features == Features(texting=served)
    async with assembly.developing(configure(**given)) as serving:
        assert serving.application._ports.features.texting == Texting(may=developed, limits=served.limits)


async def test_a_developers_texts_are_worded_as_text_messages_and_counted(configure: Configure) -> None:
    async with running(assembly.developing(configure())) as (serving, http):
        said = {"phone": RUDO, "channel": "sms", "text": "hi"}
        assert (await http.post("/simulator/say", json=said)).status_code == 200
        await serving.application.system.settled()
        phone = serving.application._channels["sms"]
        assert isinstance(phone, SimulatorChannel)
        asked, *answers = phone.conversations.of("sms", RUDO)
        assert asked.counted == counted("hi")
        assert "\n1 Offer secured\n" in answers[-1].text
        assert [answer.counted for answer in answers] == [counted(answer.text) for answer in answers]
        choices = (Choice(key="yes", title="Accept *it*"),)
        await phone.send(Peer("sms", "simulator", RUDO), OutboundMessage(text="Tőke?", choices=choices), reference="r")
        assert phone.conversations.of("sms", RUDO)[-1].text == "Toke?\n1 Accept it"


def for_texting() -> dict[str, str]:
    """The settings that serving needs when Twilio is its only channel."""
    whole = {name: value for name, value in for_serving().items() if not name.startswith("WHATSAPP")}
    return whole | {
        "PUBLIC_URL": twilio.PUBLIC,
        "TWILIO_ACCOUNT_SID": twilio.ACCOUNT,
        "TWILIO_AUTH_TOKEN": twilio.TOKEN,
        "TWILIO_FROM": twilio.OURS,
        "TWILIO_API_URL": NOWHERE,
        "NOTIFY_API_KEY": "notify-key",
    }


async def test_serving_by_text_alone_has_its_webhooks_and_none_of_whatsapp(configure: Configure) -> None:
    async with running(assembly.serving(configure(**for_texting()))) as (serving, http):
        forms = {
            twilio.MESSAGES: twilio.text(RUDO, "hi", From=f"whatsapp:+{RUDO}"),  # nobody is there to answer by
            f"{twilio.REPORTS}?ours=m%3A1%2F2%230": twilio.status("SM12", "sent"),
        }
        for target, form in forms.items():
            headers, body = twilio.signed(form, target)
            assert (await http.post(target, content=body, headers=headers)).status_code == 200
            assert (await http.post(target, content=body + b"&a=b", headers=headers)).status_code == 403
        assert (await http.get("/bot/webhook")).status_code == 404
        assert serving.application.counts == {"twilio whatsapp": 1, "twilio wrong signature": 2}
        assert serving.application.status.notify == "open for sms"
        assert not serving.application._ports.features.texting.elsewhere
        limits = ["20.00 USD", "500.00 ZWG", "25.00 CAD"]
        facts = {"providers": ["twilio"], "notices": "twilio", "may": "limited", "limits": limits}
        assert (await serving.application.status.view())["sms"] == facts
        [known] = serving.application._ports.store.run([Deliveries(("twilio:SM12",))])
        assert (known[0].status, known[0].ours) == ("sent", "m:1/2#0")


async def test_serving_by_both_tells_notices_by_both(configure: Configure) -> None:
    found = configure(**for_serving() | for_texting())
    async with assembly.serving(found) as serving:
        assert serving.application.status.notify == "open for whatsapp and sms"
        assert set(serving.application._channels) == {"whatsapp", "sms"}
    assert assembly._ways(found)["sms"] == Way("sms", f"twilio:{twilio.OURS}")


async def test_serving_without_a_text_provider_has_no_such_channel(configure: Configure) -> None:
    async with running(assembly.serving(configure(**for_serving()))) as (serving, http):
        assert set(serving.application._channels) == {"whatsapp"}
        assert (await serving.application.status.view())["sms"] == {"providers": []}
        assert (await http.post(twilio.MESSAGES)).status_code == 404


async def test_a_store_that_cannot_be_opened_ends_the_start(configure: Configure, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    values = for_serving() | {"STORE_URL": f"sqlite:///{tmp_path}/file/store.db"}
    with pytest.RaisesGroup(pytest.RaisesExc(StoreUnavailable, match="store"), flatten_subgroups=True):
        async with running(assembly.serving(configure(**values))):
            pass


async def test_settings_with_problems_are_not_served(configure: Configure) -> None:
    with pytest.raises(ValueError, match="problems"):
        async with assembly.serving(configure()):
            pass


async def test_what_is_typed_into_a_server_that_stops_is_said_to_be_not_accepted() -> None:
    with trio.fail_after(PATIENCE):
        async with assembly.chatting() as chatting, trio.open_nursery() as nursery:
            stop = trio.Event()
            await nursery.start(partial(chatting.application.run, stop=stop))
            await chatting.channel.say(RUDO, "hi")
            await chatting.application.system.settled()
            chatting.application.intake.close()
            with pytest.raises(NotAccepted):
                await chatting.channel.say(RUDO, "hi again")
            stop.set()


@asynccontextmanager
async def core() -> AsyncIterator[str]:
    """credex-core's simulator over HTTP; where it listens."""
    clock = SystemClock()
    simulator = CoreSimulator(founded_world(clock.now().date()), now=clock.now, client_key="client-key-for-tests")
    web = WebServer(core_app(simulator), host="127.0.0.1", port=0)
    async with trio.open_nursery() as nursery:
        await nursery.start(web.run)
        yield web.addresses[0]
        nursery.cancel_scope.cancel()


async def test_a_store_and_a_core_that_answer_are_reachable(configure: Configure) -> None:
    lines: list[str] = []
    with trio.fail_after(PATIENCE):
        async with core() as address:
            assert await assembly.reachable(configure(**for_serving(address)), lines.append)
    assert [line.partition(":")[0] for line in lines] == ["Store", "credex-core"]
    assert lines[1] == "credex-core: answers."


async def test_a_redis_is_reachable_and_what_it_promises_is_told(
    configure: Configure, redis_server: RedisProcess
) -> None:
    lines: list[str] = []
    with trio.fail_after(PATIENCE):
        async with core() as address:
            values = for_serving(address) | {"STORE_URL": f"redis://127.0.0.1:{redis_server.port}/1"}
            assert await assembly.reachable(configure(**values), lines.append)
    assert lines[0].startswith("Store: opens. Redis 7")


async def test_a_core_where_nobody_listens_is_not_reachable(configure: Configure, autojump_clock: MockClock) -> None:
    autojump_clock.autojump_threshold = 0.05
    lines: list[str] = []
    assert not await assembly.reachable(configure(**for_serving()), lines.append)
    assert lines[1] == "credex-core: no answer."


async def test_a_store_that_cannot_be_opened_is_not_reachable_and_named(configure: Configure, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    lines: list[str] = []
    values = for_serving() | {"STORE_URL": f"sqlite:///{tmp_path}/file/store.db"}
    assert not await assembly.reachable(configure(**values), lines.append)
    [line] = lines
    assert line.startswith("Store: ")
    assert "opens" not in line


async def test_without_a_core_in_the_settings_nothing_is_reachable(configure: Configure) -> None:
    lines: list[str] = []
    assert not await assembly.reachable(configure(), lines.append)
    assert len(lines) == 1
