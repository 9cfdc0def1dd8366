"""The Quart application: everything but the hot path, with answers in JSON and no traceback outside."""

from collections.abc import Iterable

import trio
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, ASGISendEvent
from quart import Blueprint, redirect
from quart_trio import QuartTrio
from quart_trio.asgi import TrioASGIHTTPConnection
from werkzeug.exceptions import HTTPException


def quart_app(blueprints: Iterable[Blueprint], *, home: str | None = None) -> QuartTrio:
    """Put the blueprints together; ``/`` leads to ``home``."""
    app = QuartTrio("vimbiso", static_folder=None)
    app.asgi_http_class = _Request
    for blueprint in blueprints:
        app.register_blueprint(blueprint)

    if home is not None:
        app.add_url_rule("/", "home", lambda: redirect(home))

    @app.errorhandler(HTTPException)
    async def refused(error: HTTPException) -> tuple[dict[str, str], int, dict[str, str]]:
        headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
        return {"error": error.name}, error.code or 500, headers

    return app


class _Request(TrioASGIHTTPConnection):
    """One request, whose last word is said to its end.

    Inside the last ``send`` hypercorn first reports the end of the request, upon which Quart cancels that very
    ``send``, and only then takes the connection for idle. Cancelled there, the connection would never time out, and a
    shutdown would wait for it.
    """

    async def __call__(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        async def send_whole(event: ASGISendEvent) -> None:
            last = event["type"] == "http.response.body" and not event.get("more_body", False)
            with trio.CancelScope(shield=last):
                await send(event)

        await super().__call__(receive, send_whole)
