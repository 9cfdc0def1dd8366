"""The stand-ins for all providers of text messages behind one HTTP server of this process, on a free port."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import trio

from actors.web.server import WebServer
from runtime.clock import SystemClock
from tests.support.africastalking import AfricasTalkingStandIn
from tests.support.graph_server import body_of, live
from tests.support.kannel import KannelStandIn
from tests.support.twilio import TwilioStandIn

Respond = Callable[[str, str, Mapping[str, str], bytes], Awaitable[tuple[int, dict[str, str], bytes]]]


class SmsServer:
    """ASGI in front of the stand-ins, told apart by their paths."""

    def __init__(self) -> None:
        self.twilio = TwilioStandIn(SystemClock().now)
        self.africastalking = AfricasTalkingStandIn()
        self.kannel = KannelStandIn()
        self.address = ""
        self.mute = False
        """Messages are taken, but no answer goes out."""

    def sent(self, phone: str) -> list[str]:
        """What came to this phone, by whichever provider."""
        return [text for texts in self.by_provider(phone).values() for text in texts]

    def by_provider(self, phone: str) -> Mapping[str, list[str]]:
        """What came to this phone, in order, by the provider's name."""
        ends = {"twilio": self.twilio.sent, "africastalking": self.africastalking.sent, "kannel": self.kannel.sent}
        return {name: list(sent.get(phone, ())) for name, sent in ends.items()}

    async def wait_for(self, phone: str, count: int) -> list[str]:
        """What came to this phone, once there is so much of it."""
        with trio.fail_after(10):
            while len(self.sent(phone)) < count:  # noqa: ASYNC110 - another process sets no event of ours
                await trio.sleep(0.005)
        return self.sent(phone)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own shape
        if scope["type"] == "lifespan":
            await live(receive, send)
            return
        query = scope["query_string"].decode()
        target = scope["path"] + (f"?{query}" if query else "")
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        body = await body_of(receive)
        status, answered, said = await self._respond(target)(scope["method"], target, _spelled(headers), body)
        if self.mute:
            await trio.sleep_forever()
        pairs = [(name.encode(), value.encode()) for name, value in answered.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": said})

    def _respond(self, target: str) -> Respond:
        path = urlsplit(target).path
        if path.startswith("/2010-04-01/"):
            return self.twilio.respond
        return self.kannel.respond if path.startswith("/cgi-bin/") else self.africastalking.respond


def _spelled(headers: Mapping[str, str]) -> Mapping[str, str]:
    """Names are in lower case by now; one stand-in looks for its key as its provider writes it."""
    return {**headers, "apiKey": headers.get("apikey", "")}


@asynccontextmanager
async def sms_server() -> AsyncIterator[SmsServer]:
    """The server, listening."""
    server = SmsServer()
    web = WebServer(server, host="127.0.0.1", port=0)
    async with trio.open_nursery() as nursery:
        await nursery.start(web.run)
        server.address = web.addresses[0]
        yield server
        nursery.cancel_scope.cancel()
