"""What operators see: is it alive (``/health/``, for anyone), and how is it doing (``/status``, with a token)."""

import hmac
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Protocol, TypeVar

import trio
from quart import Blueprint, Response, request

from runtime.errors import StoreUnavailable

T = TypeVar("T")


class Vitals(Protocol):
    """What can be asked of a running server. Both raise ``StoreUnavailable`` when the store is away."""

    async def view(self) -> dict[str, Any]:
        """Everything an operator may see, as JSON."""
        ...

    async def alive(self) -> None:
        """Return if the store answers; cheap."""
        ...


def operator_blueprint(vitals: Vitals, *, token: str | None, limit_seconds: float = 2.0) -> Blueprint:
    """The pages. An answer takes ``limit_seconds`` at most; without a token ``/status`` is closed."""
    blueprint = Blueprint("operator", __name__)

    async def within_limit(ask: Callable[[], Awaitable[T]]) -> T | None:
        with trio.move_on_after(limit_seconds), suppress(StoreUnavailable):
            return await ask()
        return None

    async def living() -> bool:
        await vitals.alive()
        return True

    @blueprint.get("/health/")
    async def health() -> tuple[dict[str, str], int]:
        if not await within_limit(living):
            return {"status": "unhealthy", "process": "up", "store": "no answer"}, 503
        return {"status": "healthy", "process": "up", "store": "up"}, 200

    @blueprint.get("/status")
    async def show() -> Response | tuple[dict[str, Any], int] | tuple[dict[str, Any], int, dict[str, str]]:
        if token is None:
            return {"error": "OPERATOR_TOKEN is not set, so the operator pages are closed."}, 403
        if not _bears(request.headers.get("authorization", ""), token):
            return {"error": "Send the operator token as a bearer token."}, 401, {"www-authenticate": "Bearer"}
        seen = await within_limit(vitals.view)
        if seen is None:
            return {"error": "The store does not answer."}, 503
        return seen, 200

    return blueprint


def _bears(header: str, token: str) -> bool:
    kind, _, value = header.partition(" ")
    return kind.lower() == "bearer" and hmac.compare_digest(value.strip().encode(), token.encode())
