"""credex-core's simulator as an ASGI application, for ``vimbiso core``.

A lost answer cannot be expressed in ASGI. The nearest a server can do is to promise a body and end without it, which
closes the connection in the middle of the answer; the client sees its peer hang up.
"""

from hypercorn.typing import ASGIFramework, ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope

from credex.simulator.core import CoreSimulator
from credex.simulator.exchange import BODY_LIMIT
from credex.simulator.stage import PATH, Stage


def core_app(core: CoreSimulator, *, stage_key: str | None = None) -> ASGIFramework:
    """The application over this core; with a key, its stage (``credex.simulator.stage``) is open too."""
    stage = Stage(core, stage_key)

    async def app(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "http" and scope["path"] == PATH:
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            await _answer(send, *stage.direct(headers, await _read(receive)))
        elif scope["type"] == "http":
            await _exchange(core, scope, receive, send)
        elif scope["type"] == "lifespan":
            await _live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000, "reason": None})

    return app


async def _exchange(
    core: CoreSimulator, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable
) -> None:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    body = await _read(receive)
    remote = scope["client"][0] if scope["client"] else "unknown"
    try:
        status, answered, content = await core.respond(scope["method"], scope["path"], headers, body, remote=remote)
    except (ConnectionResetError, ConnectionRefusedError):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000000")]})
        await send({"type": "http.response.body", "body": b"", "more_body": True})
        return
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answered.items()]
    pairs.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": content, "more_body": False})


async def _answer(send: ASGISendCallable, status: int, content: bytes) -> None:
    length = (b"content-length", str(len(content)).encode())
    headers = [(b"content-type", b"application/json"), length]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content, "more_body": False})


async def _read(receive: ASGIReceiveCallable) -> bytes:
    """The body, or just more than the limit of it."""
    body = b""
    while len(body) <= BODY_LIMIT:
        event = await receive()
        if event["type"] != "http.request":
            break
        body += event["body"]
        if not event["more_body"]:
            break
    return body


async def _live(receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """There is nothing to start and nothing to stop."""
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
