"""The same work in a plain FastAPI program with aiohttp, as a competent team would write it without our runtime.

Done as we do it: the signature over the raw bytes, one durable write before the 200 (SQLite, WAL,
``synchronous=FULL``), each message once by its id, one member's messages one at a time (an ``asyncio.Lock`` each), one
call to credex-core, two sends of the same size, a durable snapshot, one log line. uvicorn runs it on uvloop and
httptools. Writes of all requests are gathered into one commit, as ours are, which is more than a plain program has.

Not done, which ours does: what is owed to a member survives a crash, limits of time and retries, the dialogs.
"""

import argparse
import asyncio  # noqa: TID251 - FastAPI's own event loop
import hashlib
import hmac
import json
import logging
import queue
import sqlite3
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp  # type: ignore[import-not-found,unused-ignore]  # only there where benchmarks are run
import uvicorn  # type: ignore[import-not-found,unused-ignore]  # as above
from fastapi import FastAPI, Request, Response  # type: ignore[import-not-found,unused-ignore]  # as above

from tests.benchmarks import measured
from tests.support import webhooks
from tests.support.graph import LINE, TOKEN

_TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE inbox (id TEXT PRIMARY KEY, phone TEXT NOT NULL, body TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0);
CREATE TABLE members (phone TEXT PRIMARY KEY, state TEXT NOT NULL);
"""
_BATCH = 128
_log = logging.getLogger("peer")

Json = dict[str, Any]
Job = Callable[[sqlite3.Connection], Any]


class Store:
    """One thread, one connection; what queued during a commit goes into the next one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._jobs: queue.SimpleQueue[tuple[Job, asyncio.Future[Any]]] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._work, daemon=True).start()

    async def run(self, job: Job) -> Any:  # noqa: ANN401 - what the job returns
        done = self._loop.create_future()
        self._jobs.put((job, done))
        return await done

    def _work(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.executescript(_TABLES)
        while True:
            batch = [self._jobs.get()]
            while len(batch) < _BATCH and not self._jobs.empty():
                batch.append(self._jobs.get())
            connection.execute("BEGIN IMMEDIATE")
            results = [job(connection) for job, _ in batch]
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_deliver, batch, results)


def _deliver(batch: list[tuple[Job, "asyncio.Future[Any]"]], results: list[Any]) -> None:
    for (_, done), result in zip(batch, results, strict=True):
        done.set_result(result)


def _accept(messages: list[Json], connection: sqlite3.Connection) -> list[Json]:
    new = []
    for message in messages:
        row = (message["id"], message["from"], json.dumps(message))
        if connection.execute("INSERT OR IGNORE INTO inbox (id, phone, body) VALUES (?, ?, ?)", row).rowcount:
            new.append(message)
    return new


def _load(phone: str, connection: sqlite3.Connection) -> Json:
    row = connection.execute("SELECT state FROM members WHERE phone = ?", (phone,)).fetchone()
    return json.loads(row[0]) if row else {}


def _finish(message: Json, state: Json, connection: sqlite3.Connection) -> None:
    row = (message["from"], json.dumps(state))
    connection.execute("INSERT INTO members VALUES (?, ?) ON CONFLICT DO UPDATE SET state = excluded.state", row)
    connection.execute("UPDATE inbox SET done = 1 WHERE id = ?", (message["id"],))


class Peer:
    """The program."""

    def __init__(self, store: Store, http: Any, *, core: str, graph: str) -> None:  # noqa: ANN401 - untyped where absent
        self._store = store
        self._http = http
        self._core, self._graph = core, f"{graph}/{LINE}/messages"
        self._locks: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def webhook(self, request: Request) -> Response:
        body = await request.body()
        signed = "sha256=" + hmac.new(webhooks.SECRET.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signed, request.headers.get("x-hub-signature-256", "")):
            return Response("not signed by us", status_code=403)
        messages = [
            message
            for entry in json.loads(body)["entry"]
            for change in entry["changes"]
            for message in change["value"].get("messages", ())
        ]
        for message in await self._store.run(partial(_accept, messages)):
            task = asyncio.create_task(self._turn(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return Response("stored")

    async def _turn(self, message: Json) -> None:
        phone = message["from"]
        lock = self._locks.setdefault(phone, asyncio.Lock())
        async with lock:
            state = await self._store.run(partial(_load, phone))
            await self._send(_text(phone, "Good morning. Welcome to credex."))
            headers = {"x-client-api-key": "key"}
            async with self._http.post(f"{self._core}/login", json={"phone": phone}, headers=headers) as response:
                known = (await response.json())["data"]
            await self._send(_dashboard(phone, known["dashboard"]))
            state |= {"at": "dashboard", "dashboard": known["dashboard"], "asked": message["timestamp"]}
            await self._store.run(partial(_finish, message, state))
        del self._locks[phone]  # nobody here writes twice
        _log.info(json.dumps({"event": "turn", "phone": phone[-3:], "to": state["at"], "sends": 2}))

    async def _send(self, payload: Json) -> None:
        body = json.dumps(payload, separators=(",", ":")).encode()
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        async with self._http.post(self._graph, data=body, headers=headers) as response:
            (await response.json())["messages"][0]["id"]


def _text(phone: str, text: str) -> Json:
    return _to(phone) | {"type": "text", "text": {"body": text, "preview_url": False}}


def _dashboard(phone: str, dashboard: Json) -> Json:
    account = dashboard["accounts"][0]
    balances, owing = account["balanceData"], account["balanceData"]["unsecuredBalancesInDefaultDenom"]
    secured = "\n".join(balances["securedNetBalancesByDenom"])
    text = (
        f"{account['accountName']} (@{account['accountHandle']})\n\nSecured balances:\n{secured}\n\n"
        f"You owe: {owing['totalPayables']}\nOwed to you: {owing['totalReceivables']}\nNet: {owing['netPayRec']}\n"
        f"Net assets: {balances['netCredexAssetsInDefaultDenom']}\n\n"
        f"{len(account['pendingOutData'])} offer of yours is still open."
    )
    rows = [
        {"id": "b28a84aa.offer", "title": "Offer Secured Credex", "description": "Pay from your secured balances"},
        {"id": "b28a84aa.cancel", "title": "Cancel Offers", "description": "1 offer is open"},
    ]
    more = [{"id": "b28a84aa.help", "title": "Help", "description": "What you can do here"}]
    sections = [{"title": "Credex Actions", "rows": rows}, {"title": "Member Actions", "rows": more}]
    action = {"button": "Actions", "sections": sections}
    return _to(phone) | {
        "type": "interactive",
        "interactive": {"type": "list", "body": {"text": text}, "action": action},
    }


def _to(phone: str) -> Json:
    reference = f"member:{phone}/1#0"
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": phone,
        "biz_opaque_callback_data": reference,
    }


async def _main(given: argparse.Namespace) -> None:
    connector = aiohttp.TCPConnector(limit=0, limit_per_host=500)
    async with aiohttp.ClientSession(connector=connector) as http:
        peer = Peer(Store(given.store), http, core=given.core, graph=given.graph)
        app = FastAPI()
        app.add_api_route("/bot/webhook", peer.webhook, methods=["POST"])
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False)
        config.backlog, config.timeout_keep_alive = 1024, 75
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        measured.listen(port, partial(setattr, server, "should_exit", True))  # noqa: FBT003 - uvicorn's own way
        await running


def _given(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--core", required=True)
    parser.add_argument("--graph", required=True)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    import uvloop  # type: ignore[import-not-found,unused-ignore]  # as above

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_main(_given(sys.argv[1:])))
