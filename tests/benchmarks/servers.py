"""The servers under measurement: the real one, as ``vimbiso serve`` puts it together, and parts of it.

``serving``
    All of it: webhook, SQLite, actors, dialogs, clients of credex-core and the Graph API, logs at ``INFO``; and a bug
    for whoever ``--crash`` names.
``accepting``
    The webhook and the store alone: signature, parsing, deduplication, durable, 200. No actor takes the messages.
``bare``
    The framework alone: Quart on Trio under the same hypercorn, a view that reads the body and answers 200.
``raw``
    The same without Quart: what hypercorn itself costs.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import trio
from quart import request
from quart_trio import QuartTrio

from actors import assembly, logs
from actors.collector import Collector
from actors.member import MemberBehaviour
from actors.settings import Settings
from actors.undelivered import Returned
from actors.web.front import front
from actors.web.plain import PlainDoor
from actors.web.quart_app import quart_app
from actors.web.server import WebServer
from actors.web.webhook import PATH, WhatsAppWebhook
from runtime.address import Address
from runtime.child import Child
from runtime.clock import SystemClock
from runtime.committer import Committer
from runtime.envelope import Mail
from runtime.intake import Intake
from runtime.intensity import Intensity
from runtime.sqlite_store import SqliteStore
from runtime.supervisor import Supervisor
from runtime.turn import Decision, Turn
from tests.benchmarks import measured
from tests.support import webhooks
from tests.support.graph import LINE, TOKEN


async def _serving(stop: trio.Event, ready: Callable[[WebServer], None], given: argparse.Namespace) -> None:
    logs.configure("INFO")
    settings = Settings(**_settings(given))
    async with assembly.serving(settings) as serving, trio.open_nursery() as nursery:
        serving.application.system._receiver._behaviour = Buggy(given.crash)
        await nursery.start(partial(serving.application.run, stop=stop, web=serving.web))
        Collector().start()
        ready(serving.web)


class Buggy(MemberBehaviour):
    """The members' behaviour, which breaks with every message of one number."""

    def __init__(self, phone: str) -> None:
        super().__init__()
        self._broken = f"member:{phone}"

    def receive(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        """As theirs."""
        if address == self._broken:
            raise ValueError("as ever")
        return super().receive(address, snapshot, mail, turn)


def _settings(given: argparse.Namespace) -> dict[str, Any]:
    return {
        "_env_file": None,
        "host": "127.0.0.1",
        "port": 0,
        "store_url": f"sqlite:///{given.store.resolve()}",
        "mycredex_app_url": given.core,
        "client_api_key": "key",
        "whatsapp_api_url": given.graph,
        "whatsapp_access_token": TOKEN,
        "whatsapp_phone_number_id": LINE,
        "whatsapp_business_id": "209871234567890",
        "whatsapp_app_secret": webhooks.SECRET,
        "whatsapp_verify_token": webhooks.VERIFY_TOKEN,
    }


async def _accepting(stop: trio.Event, ready: Callable[[WebServer], None], given: argparse.Namespace) -> None:
    committer = Committer(SqliteStore(given.store))
    intake = Intake(committer)
    webhook = WhatsAppWebhook(
        intake=intake,
        clock=SystemClock(),
        lines=frozenset({LINE}),
        secrets=[webhooks.SECRET],
        verify_token=webhooks.VERIFY_TOKEN,
        counts=Counter(),
        returned=Returned(intake.deliveries),
    )
    supervisor = _supervisor()
    door = PlainDoor(webhook, clock=SystemClock(), contain=supervisor.contain)
    web = WebServer(front(quart_app([]), webhook), host="127.0.0.1", port=0, door=door)
    store = Child("committer", committer.run, drain=committer.close)
    await _supervised(supervisor, [store, Child("web", web.run, drain=web.drain)], stop, lambda: ready(web))


async def _bare(stop: trio.Event, ready: Callable[[WebServer], None], _given: argparse.Namespace) -> None:
    app = QuartTrio("bare", static_folder=None)

    async def accept() -> str:
        await request.get_data()
        return "stored"

    app.add_url_rule(PATH, "accept", accept, methods=["POST"])
    web = WebServer(app, host="127.0.0.1", port=0)
    await _supervised(_supervisor(), [Child("web", web.run, drain=web.drain)], stop, lambda: ready(web))


async def _raw(stop: trio.Event, ready: Callable[[WebServer], None], _given: argparse.Namespace) -> None:
    async def accept(_scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own shape
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"6")]})
        await send({"type": "http.response.body", "body": b"stored"})

    web = WebServer(front(quart_app([]), accept), host="127.0.0.1", port=0)
    await _supervised(_supervisor(), [Child("web", web.run, drain=web.drain)], stop, lambda: ready(web))


def _supervisor() -> Supervisor:
    return Supervisor(intensity=Intensity(limit=5, period=60), on_failure=lambda _name, _failure: None)


async def _supervised(
    supervisor: Supervisor, children: list[Child], stop: trio.Event, ready: Callable[[], None]
) -> None:
    async with trio.open_nursery() as nursery:
        await nursery.start(partial(supervisor.run, children, stop=stop, budget=5))
        Collector().start()
        ready()


Serve = Callable[[trio.Event, Callable[[WebServer], None], argparse.Namespace], Awaitable[None]]
_KINDS: dict[str, Serve] = {"serving": _serving, "accepting": _accepting, "bare": _bare, "raw": _raw}


async def _main(given: argparse.Namespace) -> None:
    stop, token = trio.Event(), trio.lowlevel.current_trio_token()

    def ready(web: WebServer) -> None:
        port = int(web.addresses[0].rpartition(":")[2])
        measured.listen(port, partial(trio.from_thread.run_sync, stop.set, trio_token=token))

    await _KINDS[given.kind](stop, ready, given)


def _given(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=_KINDS)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--core", default="")
    parser.add_argument("--graph", default="")
    parser.add_argument("--crash", default="", help="Whose messages meet a bug.")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    trio.run(_main, _given(sys.argv[1:]))
