"""What operators see: is it alive (``/health/``, for anyone), and how is it doing (``/status``, with a token)."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

import trio
from quart import Blueprint, Response, request

from runtime.errors import StoreUnavailable

StatusView = Callable[[], Awaitable[dict[str, Any]]]


def operator_blueprint(status: StatusView, *, token: str | None, limit_seconds: float = 2.0) -> Blueprint:
    """``status`` raises ``StoreUnavailable`` when the store does not answer. Without a token ``/status`` is closed."""
    blueprint = Blueprint("operator", __name__)

    async def within_limit() -> dict[str, Any] | None:
        with trio.move_on_after(limit_seconds):
            try:
                return await status()
            except StoreUnavailable:
                return None
        return None

    @blueprint.get("/health/")
    async def health() -> tuple[dict[str, str], int]:
        seen = await within_limit()
        if seen is None:
            return {"status": "unhealthy", "process": "up", "store": "no answer"}, 503
        return {"status": "healthy", "process": "up", "store": "up"}, 200

    @blueprint.get("/status")
    async def show() -> Response | tuple[dict[str, Any], int] | tuple[dict[str, Any], int, dict[str, str]]:
        if token is None:
            return {"error": "OPERATOR_TOKEN is not set, so the operator pages are closed."}, 403
        if not _bears(request.headers.get("authorization", ""), token):
            return {"error": "Send the operator token as a bearer token."}, 401, {"www-authenticate": "Bearer"}
        seen = await within_limit()
        if seen is None:
            return {"error": "The store does not answer."}, 503
        return seen, 200

    return blueprint


def _bears(header: str, token: str) -> bool:
    kind, _, value = header.partition(" ")
    return kind.lower() == "bearer" and hmac.compare_digest(value.strip().encode(), token.encode())
