"""A transport that answers by a function, as ``httpx.MockTransport`` does, and keeps a request's time as ours does."""

from collections.abc import Awaitable, Callable

import httpx
import trio

Answer = Callable[[httpx.Request], httpx.Response] | Callable[[httpx.Request], Awaitable[httpx.Response]]


class Answering(httpx.MockTransport):
    """Waits for an answer as long as the request's ``whole`` allows."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)  # type: ignore[arg-type]  # takes a union of callables, not callables of a union

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises ``httpx.ReadTimeout`` when the time is up."""
        whole = request.extensions["timeout"].get("whole")
        with trio.move_on_after(float("inf") if whole is None else whole):
            return await super().handle_async_request(request)
        raise httpx.ReadTimeout("the answer did not come in time")
