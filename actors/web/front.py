"""The front door: the webhook's raw callable first, everything else to Quart."""

from collections.abc import Awaitable, Callable
from typing import Any

from actors.web import webhook

App = Callable[[Any, Any, Any], Awaitable[None]]


def front(quart: App, whatsapp: App | None) -> App:
    """One ASGI application of two. Without WhatsApp its path is Quart's, which answers 404."""

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own shape
        if whatsapp is not None and scope["type"] == "http" and scope["path"] == webhook.PATH:
            await whatsapp(scope, receive, send)
        else:
            await quart(scope, receive, send)

    return application
