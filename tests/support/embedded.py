"""The whole application in this process: virtual clock, simulated credex-core, stand-in Graph API, any store.

Webhooks enter by the same ASGI callable as in production, so what is tested is all of it but sockets.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
import trio

from actors.application import Application, Ports
from actors.assembly import credex_client
from actors.features import Features
from actors.pacing import SharedPace
from actors.transport.client import http_client
from actors.transport.local import LocalTransport
from actors.web.notify import PATH, NotifyDoor
from actors.web.quart_app import quart_app
from actors.web.sms import SmsDoor
from actors.web.webhook import WhatsAppWebhook
from channels.sms.channel import SmsChannel
from channels.sms.twilio.wire import TwilioWebhooks
from channels.whatsapp.client import WhatsAppChannel
from credex.simulator.core import CoreSimulator
from credex.simulator.seeds import founded_world
from credex.simulator.stage import Stage
from runtime.budget import Budget
from runtime.clock import VirtualClock
from runtime.memory_store import MemoryStore
from runtime.store import Deliveries, Store
from runtime.system import Limits
from tests.support import notices, twilio, webhooks
from tests.support.graph import LINE, TOKEN, GraphStandIn
from tests.support.twilio import TwilioStandIn

START = datetime(2026, 9, 20, 10, 0, tzinfo=UTC)
_STAGE_KEY = "stage"


@dataclass(frozen=True, slots=True)
class Meta:
    """What was agreed with Meta."""

    secret: str = webhooks.SECRET
    verify_token: str = webhooks.VERIFY_TOKEN
    lines: Collection[str] = (LINE,)


_META = Meta()
_FEATURES = Features(recurring_payments=True)


class Embedded:
    """One running server, with hands on everything around it. Made by ``embedded``."""

    def __init__(
        self,
        application: Application,
        webhook: WhatsAppWebhook,
        core: CoreSimulator,
        clock: VirtualClock,
        graph: GraphStandIn,
        store: Store,
    ) -> None:
        self.store = store
        self.door = NotifyDoor(intake=application.intake, clock=clock, ways=notices.WAYS, key=notices.KEY)
        self.texts = notices.TextPhones(application.accept, clock, graph)
        application.attach(self.texts)
        self.application = application
        self.webhook = webhook
        self.core = core
        self.clock = clock
        self.graph = graph
        self.sms_door = SmsDoor(
            intake=application.intake,
            clock=clock,
            webhooks=[TwilioWebhooks(public_url=twilio.PUBLIC, tokens=[twilio.TOKEN, twilio.PREVIOUS])],
            counts=application.counts,
            undelivered=application.returned,
        )
        self._stage = Stage(core, _STAGE_KEY)

    def now(self) -> datetime:
        """The server's time."""
        return self.clock.now()

    async def direct(self, *directions: dict[str, Any]) -> list[Any]:
        """Carry out stage directions in credex-core."""
        await trio.lowlevel.checkpoint()
        status, body = self._stage.direct({"x-stage-key": _STAGE_KEY}, msgspec.json.encode(directions))
        assert status == 200, body
        result: list[Any] = msgspec.json.decode(body)
        return result

    async def post(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        """Deliver a webhook, signed unless other headers are given; the HTTP status."""
        given = {"x-hub-signature-256": webhooks.signature(body)} if headers is None else headers
        given = {"content-length": str(len(body)), **given}
        status, _ = await request(self.webhook, "POST", given, body)
        return status

    async def notify(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        """Ask for a notice, with the right key unless other headers are given; the HTTP status."""
        status, _ = await self.notified(body, headers)
        return status

    async def notified(self, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        """The same, with the whole answer."""
        given = notices.HEADERS | (headers or {})
        response = await quart_app([self.door.blueprint()]).test_client().post(PATH, data=body, headers=given)
        return response.status_code, msgspec.json.decode(await response.get_data(as_text=False))

    async def posted_by_twilio(
        self, form: Mapping[str, str], target: str = twilio.MESSAGES, headers: dict[str, str] | None = None
    ) -> tuple[int, str, bytes]:
        """Deliver a webhook of Twilio's, signed unless other headers are given; status, content type and body."""
        signed, body = twilio.signed(form, target)
        client = quart_app([self.sms_door.blueprint()]).test_client()
        response = await client.post(target, data=body, headers=headers or signed)
        return response.status_code, response.content_type or "", await response.get_data(as_text=False)

    async def sms(self, phone: str, text: str, times: int = 1) -> None:
        """A text message of a member, delivered so often."""
        said = await self.texts.say(phone, text)
        for _ in range(times - 1):
            assert await self.texts.again(said.number)

    async def messages(self, phone: str, count: int) -> list[Any]:
        """Every message to this phone so far, once the server has nothing left to do."""
        del count
        with trio.fail_after(600):
            await self.application.system.settled()
        return list(self.graph.sent[phone])

    async def delivery(self, phone: str) -> str:
        """What the store says of the last message to this phone."""
        last = (await self.messages(phone, 1))[-1]
        [known] = self.store.run([Deliveries((last.id,))])
        return str(known[0].status)

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        await trio.sleep(seconds)


async def request(
    application: Any,  # noqa: ANN401 - any ASGI application
    method: str,
    headers: dict[str, str],
    body: bytes = b"",
    *,
    path: str = "/bot/webhook",
    query: bytes = b"",
    part: int = 65536,
) -> tuple[int, bytes]:
    """One HTTP request to an ASGI application, without a server; status and body."""
    parts = [body[i : i + part] for i in range(0, len(body), part)] or [b""]
    answer: dict[str, Any] = {"body": b""}

    async def receive() -> dict[str, Any]:
        await trio.lowlevel.checkpoint()
        if not parts:
            await trio.sleep_forever()  # the client stays on the line
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(event: dict[str, Any]) -> None:
        await trio.lowlevel.checkpoint()
        answer["status"] = event.get("status", answer.get("status"))
        answer["body"] += event.get("body", b"")

    scope = {
        "type": "http",
        "http_version": "1.1",
        "scheme": "https",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    await application(scope, receive, send)
    return answer["status"], answer["body"]


@asynccontextmanager
async def embedded(  # noqa: PLR0913 - all that is around a server
    *,
    store: Store | None = None,
    core: CoreSimulator | None = None,
    graph: GraphStandIn | None = None,
    clock: VirtualClock | None = None,
    limits: Limits | None = None,
    meta: Meta = _META,
    texting: TwilioStandIn | None = None,
    calls: int | None = None,
    features: Features = _FEATURES,
) -> AsyncIterator[Embedded]:
    """A running server. Parts that are handed in outlive it, so a second one can go on where the first was.

    ``calls`` is how many calls to credex-core a minute its budget allows; with ``texting`` texts go out by Twilio.
    """
    clock = clock or VirtualClock(START)
    graph = graph or GraphStandIn()
    core = core or CoreSimulator(founded_world(START.date()), now=clock.now, client_key="key", rate_limit=None)
    async with (
        http_client(LocalTransport(core.respond)) as to_core,
        http_client(LocalTransport(graph.respond)) as to_graph,
        http_client(LocalTransport(texting.respond if texting else graph.respond)) as to_twilio,
        trio.open_nursery() as nursery,
    ):
        pace = SharedPace(Budget(calls=calls))
        client = credex_client(to_core, "http://core.test", "key", pace)
        ports = Ports(
            store=store or MemoryStore(),
            core=client,
            looking=client.settling(),
            pace=pace,
            clock=clock,
            owner="test",
            secret=b"0123456789abcdef",
            limits=limits or Limits(),
            inline_store=True,
            features=features,
            text_line=notices.SMS_LINE,
        )
        application = Application(ports)
        application.attach(WhatsAppChannel(to_graph, api_url="http://graph.test/v25.0", access_token=TOKEN))
        webhook = WhatsAppWebhook(
            intake=application.intake,
            clock=clock,
            lines=frozenset(meta.lines),
            secrets=[meta.secret, "secret-before"],
            verify_token=meta.verify_token,
            counts=application.counts,
            returned=application.returned,
        )
        server = Embedded(application, webhook, core, clock, graph, ports.store)
        if texting is not None:
            application.attach(SmsChannel({"twilio": twilio.provider(to_twilio, clock.now)}))
        stop = trio.Event()
        await nursery.start(partial(application.run, stop=stop))
        yield server
        stop.set()
