"""``LocalTransport``: httpx calls a function of this process instead of a server.

For the simulators. The function sees what a server would see, and its failures look like a server's: raising
``ConnectionRefusedError`` is a peer that never heard of the request (``httpx.ConnectError``), any other
``ConnectionError`` is one that hung up on it (``httpx.ReadError``), and taking longer than the request's read timeout,
or than its ``whole``, is ``httpx.ReadTimeout``.
"""

from collections.abc import Awaitable, Callable, Mapping

import httpx
import trio

from actors.transport.limits import Patience

Respond = Callable[[str, str, Mapping[str, str], bytes], Awaitable[tuple[int, Mapping[str, str], bytes]]]
"""``respond(method, path, headers, body)`` gives status, headers and body. ``path`` holds the query too; the names of
request headers are looked up in any case."""


class LocalTransport(httpx.AsyncBaseTransport):
    """Answers every request, whatever its host, by ``respond``."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __repr__(self) -> str:
        return f"<LocalTransport {getattr(self._respond, '__qualname__', self._respond)}>"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One call of ``respond``. Cancellation and its own errors pass through."""
        body = await request.aread()
        path = request.url.raw_path.decode("ascii")
        begun = trio.current_time()
        patience = Patience.of(request, begun=begun)
        with trio.move_on_at(min(begun + patience.read, patience.until)):
            try:
                status, headers, content = await self._respond(request.method, path, request.headers, body)
            except ConnectionRefusedError as error:
                raise httpx.ConnectError("refused") from error
            except ConnectionError as error:
                raise httpx.ReadError("the connection broke before the answer was whole") from error
            return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))
        raise httpx.ReadTimeout("the answer did not come in time")
