"""A process of the chat server: the real application on a connection of its own, which can be stopped or killed."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import trio

from actors.application import Application, Ports
from actors.assembly import credex_client
from actors.dialogs.allowance import May, Texting
from actors.features import Features
from actors.transport.client import http_client
from actors.transport.local import LocalTransport
from actors.web.quart_app import quart_app
from actors.web.webhook import WhatsAppWebhook
from channels.sms.channel import SmsChannel
from channels.sms.kannel.wire import NAME as KANNEL
from channels.whatsapp.client import WhatsAppChannel
from runtime.address import Address
from runtime.clock import VirtualClock
from runtime.envelope import Mail
from runtime.system import Limits
from runtime.turn import Behaviour, Decision, Turn
from tests.simulation import texting
from tests.simulation.connection import Connection, Killed, Shared
from tests.simulation.history import Decided, History
from tests.simulation.outside import CoreServer, GraphServer, TextServer
from tests.simulation.seeded import steady
from tests.support import webhooks
from tests.support.embedded import request
from tests.support.graph import LINE, TOKEN

Webhook = bytes | str
"""What is delivered to a process: the body that Meta posts, or the address that a gateway for text messages fetches."""

CLIENT_KEY = "client-key-for-tests"


@dataclass(frozen=True, slots=True)
class Around:
    """What a process finds around it."""

    shared: Shared
    core: CoreServer
    graph: GraphServer
    texts: TextServer
    clock: VirtualClock
    history: History
    limits: Limits
    nursery: trio.Nursery


class Process:
    """One life. ``alive`` from the moment it takes webhooks to its end."""

    def __init__(self, number: int, around: Around, boundary: Any) -> None:
        self.number = number
        self._around = around
        self._store = Connection(around.shared, around.nursery, partial(boundary, self))
        self._scope = trio.CancelScope()
        self._requests: set[trio.CancelScope] = set()
        self._stop = trio.Event()
        self._webhook: WhatsAppWebhook | None = None
        self._texts: Any = None
        self.alive = False
        self.killed = False
        self.ended = trio.Event()
        self.how = ""

    async def run(self) -> None:
        """From start to end, whatever the end is; ``how`` tells it."""
        try:
            with self._scope:
                await self._serve()
            self.how = "killed" if self.killed else "stopped"
        except* Killed:
            self.how = "killed"
        except* Exception as failures:  # noqa: BLE001 - whatever ends a process is part of the history
            self.how = "killed" if self.killed else _named(failures)
        self.alive = False
        self.kill()
        self.ended.set()

    def stop(self) -> None:
        """Ask it to stop, as SIGTERM does."""
        self._stop.set()

    def kill(self) -> None:
        """End it, as SIGKILL does."""
        self.alive, self.killed = False, True
        self._store.kill()
        self._scope.cancel()
        for scope in list(self._requests):
            scope.cancel()

    async def post(self, webhook: Webhook) -> int:
        """A webhook; 0 if the process died before it answered."""
        with trio.CancelScope() as scope:
            self._requests.add(scope)
            try:
                status = await (self._fetched(webhook) if isinstance(webhook, str) else self._posted(webhook))
            finally:
                self._requests.discard(scope)
            return 0 if self.killed else status
        return 0

    async def _posted(self, body: bytes) -> int:
        assert self._webhook is not None
        headers = {"content-length": str(len(body)), "x-hub-signature-256": webhooks.signature(body)}
        status, _ = await request(self._webhook, "POST", headers, body)
        return status

    async def _fetched(self, target: str) -> int:
        assert self._texts is not None
        path, _, query = target.partition("?")
        status, _ = await request(self._texts, "GET", {"host": "chat.test"}, path=path, query=query.encode())
        return status

    async def _serve(self) -> None:
        around = self._around
        async with (
            http_client(LocalTransport(around.core.respond)) as to_core,
            http_client(LocalTransport(around.graph.respond)) as to_graph,
            http_client(LocalTransport(around.texts.respond)) as to_gateway,
        ):
            core = credex_client(to_core, "http://core.test", CLIENT_KEY)
            name = f"process {self.number}"
            ports = Ports(
                store=self._store,
                core=core,
                clock=around.clock,
                owner=name,
                secret=b"the same in every world",
                limits=around.limits,
                features=_EVERYTHING,
                text_line=texting.LINE,
            )
            application = Application(ports)
            steady(application, self.number, partial(Witness, history=around.history))
            application.attach(WhatsAppChannel(to_graph, api_url="http://graph.test/v25.0", access_token=TOKEN))
            application.attach(SmsChannel({KANNEL: texting.gateway(to_gateway)}))
            self._texts = quart_app([texting.door(application, around.clock).blueprint()])
            self._webhook = WhatsAppWebhook(
                intake=application.intake,
                clock=around.clock,
                lines=frozenset({LINE}),
                secrets=[webhooks.SECRET],
                verify_token=webhooks.VERIFY_TOKEN,
                counts=application.counts,
                returned=application.returned,
            )
            async with trio.open_nursery() as nursery:
                await nursery.start(partial(application.run, stop=self._stop))
                self.alive = True


_EVERYTHING = Features(recurring_payments=True, texting=Texting(may=May.ALL))


class Witness:
    """A behaviour that notes what it decides."""

    def __init__(self, behaviour: Behaviour, *, history: History) -> None:
        self._behaviour = behaviour
        self._history = history

    def receive(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        """As the behaviour's."""
        decision = self._behaviour.receive(address, snapshot, mail, turn)
        self._history.note(Decided(address, turn.id, turn.now, snapshot, decision.snapshot))
        return decision

    def give_up(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        """As the behaviour's."""
        decision = self._behaviour.give_up(address, snapshot, mail, turn)
        self._history.note(Decided(address, turn.id, turn.now, snapshot, decision.snapshot))
        return decision


def _named(failures: BaseExceptionGroup[BaseException]) -> str:
    """The kinds of error inside, each once."""
    names: dict[str, None] = {}

    def walk(error: BaseException) -> None:
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                walk(inner)
        else:
            names.setdefault(type(error).__name__)

    walk(failures)
    return " ".join(sorted(names))
