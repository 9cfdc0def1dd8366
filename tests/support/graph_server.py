"""The stand-in Graph API as a process: ``python -m tests.support.graph_server`` prints where it listens.

``GET /sent/<recipient>?count=n`` waits up to five seconds for ``n`` messages and tells all there are, or with
``after=m`` those after the first ``m``. ``GET /references`` tells what caller's reference each message came with.
"""

import sys
from typing import Any
from urllib.parse import parse_qs

import msgspec
import trio

from actors.web.server import WebServer
from tests.support.graph import GraphStandIn

_PATIENCE = 5.0


class GraphServer:
    """ASGI in front of the stand-in."""

    def __init__(self) -> None:
        self._graph = GraphStandIn()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own shape
        if scope["type"] == "lifespan":
            await live(receive, send)
            return
        if scope["path"].startswith("/sent/"):
            status, headers, body = 200, dict[str, str](), await self._sent(scope)
        elif scope["path"] == "/references":
            status, headers, body = 200, {}, msgspec.json.encode(self._graph.references)
        else:
            status, headers, body = await self._graph.respond(
                scope["method"],
                scope["path"],
                {name.decode(): value.decode() for name, value in scope["headers"]},
                await body_of(receive),
            )
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        pairs.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": body})

    async def _sent(self, scope: dict[str, Any]) -> bytes:
        recipient = scope["path"].removeprefix("/sent/")
        query = parse_qs(scope["query_string"].decode())
        count, after = (int(query.get(name, ["0"])[0]) for name in ("count", "after"))
        with trio.move_on_after(_PATIENCE):
            await self._graph.wait_for(recipient, count)
        return msgspec.json.encode(self._graph.sent[recipient][after:])


async def live(receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own shape
    """Start and stop as the server says."""
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return


async def body_of(receive: Any) -> bytes:  # noqa: ANN401 - ASGI's own shape
    """The whole body of a request."""
    body, more = b"", True
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
    return body


async def _main() -> None:
    server = WebServer(GraphServer(), host="127.0.0.1", port=0)
    async with trio.open_nursery() as nursery:
        await nursery.start(server.run)
        sys.stderr.write(f"Graph stand-in at {server.addresses[0]}\n")
        sys.stderr.flush()


if __name__ == "__main__":
    trio.run(_main)
