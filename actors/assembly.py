"""What each command runs: which store, which credex-core, which channels, which pages.

``serving`` is the real thing over real channels; ``developing`` embeds everything, credex-core's simulator included;
``chatting`` is the same without web, for the terminal. Each is an async context that yields a whole application.
"""

import os
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import trio
from msgspec.structs import replace
from pydantic import SecretStr

from actors.application import Application, Ports
from actors.dialogs.allowance import May, Texting
from actors.dialogs.expiry import LIFETIMES, Lifetimes
from actors.features import Features
from actors.notices import Way
from actors.pacing import SharedPace
from actors.policies import CALL_SECONDS, COMMAND_SECONDS, CONNECT_SECONDS, retried
from actors.settings import Settings, problems
from actors.sms_providers import sms_facts, sms_providers
from actors.transport.client import DirectClient, http_client
from actors.transport.limits import Limits
from actors.transport.local import LocalTransport
from actors.transport.trio_transport import TrioTransport
from actors.web.front import front
from actors.web.notify import NotifyDoor
from actors.web.operator import operator_blueprint
from actors.web.plain import PlainDoor
from actors.web.quart_app import quart_app
from actors.web.server import WebServer
from actors.web.simulator import simulator_blueprint
from actors.web.sms import SmsDoor
from actors.web.webhook import WhatsAppWebhook
from channels.message import InboundMessage
from channels.simulator.channel import NotAccepted, SimulatorChannel
from channels.simulator.conversations import Conversations
from channels.sms.channel import SmsChannel
from channels.sms.provider import line_of
from channels.sms.wording import worded
from channels.whatsapp.client import WhatsAppChannel
from channels.whatsapp.render import render
from credex.client import CredexClient
from credex.pace import Pace
from credex.simulator.core import CoreSimulator
from credex.simulator.seeds import demo_world
from runtime.budget import Budget
from runtime.clock import Clock, SystemClock
from runtime.errors import Closed, StoreUnavailable
from runtime.store_url import open_store

DEVELOPMENT_STORE = "sqlite:///var/development.db"
PEOPLE = (
    ("263771234567", "A new number"),
    ("263770000201", "Rudo, holds USD and ZWG"),
    ("263770000202", "Tendai, an offer waits"),
    ("263770000203", "Chipo, three accounts"),
    ("263770000204", "Farai, eleven accounts"),
    ("263770000205", "Nyasha, twelve offers wait"),
)
"""Phones of the simulator page: invented people of ``credex.simulator.seeds``, and one who is not a member."""

SIMULATED_WAYS = {"whatsapp": Way("simulator", "simulator"), "sms": Way("sms", "simulator")}
"""The simulator's phones with buttons stand for WhatsApp."""

EVERYTHING = Texting(may=May.ALL)
"""What developers may sign by text message."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A chat server that listens. ``stopping`` is called when it is told to stop, before it drains."""

    application: Application
    web: WebServer
    stopping: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Chatting:
    """A chat server for one terminal."""

    application: Application
    channel: SimulatorChannel
    sms: SimulatorChannel


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Serving]:
    """Real channels, a real credex-core. ``settings`` must be without ``problems``."""
    credex = settings.credex
    if credex is None or problems(settings):
        raise ValueError("settings with problems cannot be served")
    async with http_client(TrioTransport(Limits(connections=500))) as http:
        pace = SharedPace(Budget(calls=settings.credex_calls_per_minute))
        core = credex_client(http, credex.url, credex.api_key.get_secret_value(), pace)
        clock, ways = SystemClock(), _ways(settings)
        texting = replace(settings.texting(), elsewhere=settings.whatsapp is not None)
        ports = Ports(
            store=open_store(settings.store),
            core=core,
            looking=core.settling(),
            pace=pace,
            clock=clock,
            owner=_owner(),
            secret=secrets.token_bytes(32),
            features=Features(recurring_payments=settings.recurring_payments, texting=texting),
            lifetimes=_lifetimes(settings),
            text_line=ways["sms"].line if "sms" in ways else None,
        )
        application = Application(ports)
        webhook = _whatsapp(settings, application, http, clock)
        texts = _texts(settings, application, http, clock)
        operator = operator_blueprint(application.status, token=_operator_token(settings))
        notify = _notify_door(application, clock, ways, key=_secret(settings.notify_api_key))
        door = None if webhook is None else PlainDoor(webhook, clock=clock, contain=application.contain)
        app = front(quart_app([operator, notify.blueprint(), texts.blueprint()]), webhook)
        web = WebServer(app, host=settings.host, port=settings.port, door=door)
        yield Serving(application, web)


@asynccontextmanager
async def developing(settings: Settings) -> AsyncIterator[Serving]:
    """Everything embedded, and the simulator page.

    The operator token and the key of ``/bot/notify`` are ``development`` unless they are set, and everything may be
    signed by text message unless ``SMS_MAY`` says otherwise.
    """
    store = settings.store if settings.store_url or settings.redis_url else DEVELOPMENT_STORE
    texting = settings.texting(unless_set=May.ALL)
    async with _simulated(store, texting, _lifetimes(settings)) as chatting:
        token = _operator_token(settings) or "development"
        key = _secret(settings.notify_api_key) or "development"
        app = quart_app(
            [
                operator_blueprint(chatting.application.status, token=token),
                simulator_blueprint(chatting.channel, PEOPLE, sms=chatting.sms),
                _notify_door(chatting.application, SystemClock(), SIMULATED_WAYS, key=key).blueprint(),
            ],
            home="/simulator",
        )
        web = WebServer(front(app, None), host=settings.host, port=settings.port)
        yield Serving(chatting.application, web, chatting.channel.conversations.close)


@asynccontextmanager
async def chatting(texting: Texting = EVERYTHING) -> AsyncIterator[Chatting]:
    """Everything embedded, kept in memory; ``texting`` is what may be signed by text message."""
    async with _simulated("memory://", texting) as chatting:
        yield chatting


def simulated_core(clock: Clock, *, client_key: str) -> CoreSimulator:
    """credex-core's simulator with its invented people; its days pass, and one developer is not an attack."""
    world = demo_world(clock.now().date())
    return CoreSimulator(world, now=clock.now, client_key=client_key, rate_limit=None, nightly_job=True)


@asynccontextmanager
async def _simulated(store: str, texting: Texting, lifetimes: Lifetimes = LIFETIMES) -> AsyncIterator[Chatting]:
    clock = SystemClock()
    key = secrets.token_hex(16)
    simulator = simulated_core(clock, client_key=key)
    async with http_client(LocalTransport(simulator.respond)) as http:
        core = credex_client(http, "http://core.invalid", key)
        ports = Ports(
            store=open_store(store),
            core=core,
            looking=core.settling(),
            clock=clock,
            owner=_owner(),
            secret=secrets.token_bytes(32),
            features=Features(recurring_payments=True, texting=texting),
            lifetimes=lifetimes,
        )
        application = Application(ports)
        conversations = Conversations(now=clock.now, stamp=secrets.token_hex(4))
        channel = SimulatorChannel(
            conversations,
            deliver=partial(_deliver, application),
            validate=lambda peer, message: render(peer, message, ""),
        )
        sms = SimulatorChannel(
            conversations,
            deliver=partial(_deliver, application),
            validate=lambda _peer, _message: None,
            plain=worded,
            name="sms",
        )
        for each in (channel, sms):
            application.attach(each)
        yield Chatting(application, channel, sms)


async def reachable(settings: Settings, tell: Callable[[str], object]) -> bool:
    """Try the store and credex-core; ``tell`` gets a line on each. True if both answer."""
    store, credex = open_store(settings.store), settings.credex
    try:
        await trio.to_thread.run_sync(store.open)
        await trio.to_thread.run_sync(store.close)
    except StoreUnavailable as error:
        tell(f"Store: {error}")
        return False
    tell(f"Store: opens. {store.durability}")
    if credex is None:
        return False
    async with http_client(TrioTransport()) as http:
        alive = await credex_client(http, credex.url, credex.api_key.get_secret_value()).alive()
    tell("credex-core: answers." if alive else "credex-core: no answer.")
    return alive


def _whatsapp(settings: Settings, application: Application, http: DirectClient, clock: Clock) -> WhatsAppWebhook | None:
    """Attach WhatsApp, if it is there; its webhook."""
    whatsapp = settings.whatsapp
    if whatsapp is None:
        return None
    token = whatsapp.access_token.get_secret_value()
    application.attach(WhatsAppChannel(http, api_url=whatsapp.api_url, access_token=token))
    return WhatsAppWebhook(
        intake=application.intake,
        clock=clock,
        lines=frozenset({whatsapp.phone_number_id}),
        secrets=[secret.get_secret_value() for secret in whatsapp.app_secrets],
        verify_token=whatsapp.verify_token.get_secret_value(),
        counts=application.counts,
        returned=application.returned,
    )


def _texts(settings: Settings, application: Application, http: DirectClient, clock: Clock) -> SmsDoor:
    """Attach text messages, if a provider is there; the webhooks of all that are."""
    ends = sms_providers(settings, http, clock)
    if ends:
        application.attach(SmsChannel({end.provider.name: end.provider for end in ends}))
    application.status.sms = sms_facts(settings)
    return SmsDoor(
        intake=application.intake,
        clock=clock,
        webhooks=[end.webhooks for end in ends],
        counts=application.counts,
        undelivered=application.returned,
    )


def _ways(settings: Settings) -> dict[str, Way]:
    """How members are told something that they did not ask for."""
    ways: dict[str, Way] = {}
    if settings.whatsapp is not None:
        ways["whatsapp"] = Way("whatsapp", settings.whatsapp.phone_number_id)
    if settings.notice_provider is not None:
        line = line_of(settings.notice_provider, settings.sms_senders[settings.notice_provider])
        ways["sms"] = Way("sms", line)
    return ways


async def _deliver(application: Application, message: InboundMessage) -> None:
    try:
        await application.accept(message)
    except (StoreUnavailable, Closed) as error:
        raise NotAccepted(str(error)) from error


def credex_client(http: DirectClient, url: str, key: str, pace: Pace | None = None) -> CredexClient:
    """The client of credex-core as every command has it."""
    return CredexClient(
        http,
        base_url=url,
        client_key=key,
        retry=retried,
        pace=pace,
        limit_seconds=COMMAND_SECONDS,
        attempt_seconds=CALL_SECONDS,
        connect_seconds=CONNECT_SECONDS,
    )


def _notify_door(application: Application, clock: Clock, ways: Mapping[str, Way], *, key: str | None) -> NotifyDoor:
    door = NotifyDoor(intake=application.intake, clock=clock, ways=ways, key=key)
    application.status.notify = door.state
    return door


def _operator_token(settings: Settings) -> str | None:
    return _secret(settings.operator_token)


def _secret(setting: SecretStr | None) -> str | None:
    return setting.get_secret_value() if setting else None


def _lifetimes(settings: Settings) -> Lifetimes:
    money, other = settings.money_session_seconds, settings.session_seconds
    return Lifetimes(money=timedelta(seconds=money), other=timedelta(seconds=other))


def _owner() -> str:
    return f"{os.uname().nodename}:{os.getpid()}"
