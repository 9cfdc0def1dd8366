"""Which of the two applications gets a request."""

from typing import Any

import pytest
import trio

from actors.web.front import App, front

WEBHOOK = {"type": "http", "path": "/bot/webhook"}
ELSEWHERE = (
    {"type": "http", "path": "/"},
    {"type": "http", "path": "/bot/webhook/"},
    {"type": "http", "path": "/bot/webhook.json"},
    {"type": "websocket", "path": "/bot/webhook"},
    {"type": "lifespan"},
)


def application(name: str, got: list[str]) -> App:
    async def note(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own shape
        await trio.lowlevel.checkpoint()
        assert (receive, send) == ("receive", "send")
        got.append(name)

    return note


async def _goes_to(scope: dict[str, Any], *, whatsapp: bool) -> str:
    got: list[str] = []
    app = front(application("quart", got), application("whatsapp", got) if whatsapp else None)
    await app(scope, "receive", "send")
    [name] = got
    return name


async def test_the_webhooks_path_goes_to_whatsapp() -> None:
    assert await _goes_to(WEBHOOK, whatsapp=True) == "whatsapp"


@pytest.mark.parametrize("scope", ELSEWHERE, ids=str)
async def test_everything_else_goes_to_quart(scope: dict[str, Any]) -> None:
    assert await _goes_to(scope, whatsapp=True) == "quart"


async def test_without_whatsapp_its_path_is_quarts_too() -> None:
    assert await _goes_to(WEBHOOK, whatsapp=False) == "quart"
