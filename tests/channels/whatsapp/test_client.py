"""The client against a Graph API that takes, refuses, hangs and breaks off."""

import json

import httpx
import pytest
import trio
from trio.testing import MockClock

from channels.channel import Channel, NotDeliverable, NotSent
from channels.message import Choice, OutboundMessage, Peer, Receipt
from channels.whatsapp.client import WhatsAppChannel
from channels.whatsapp.render import RenderRefused
from tests.support.answering import Answer as Graph
from tests.support.answering import Answering

RUDO = Peer("whatsapp", "301234567890123", "263771000222")
HELLO = OutboundMessage(text="Hello 🙏")
TAKEN = {"messaging_product": "whatsapp", "messages": [{"id": "wamid.OURS"}]}


async def send(graph: Graph, message: OutboundMessage = HELLO, *, url: str = "https://graph.test/v25.0") -> Receipt:
    transport = Answering(graph)
    async with httpx.AsyncClient(transport=transport) as http:
        channel: Channel = WhatsAppChannel(http, api_url=url, access_token="token-1")
        return await channel.send(RUDO, message, reference="ref-1")


def answering(status: int, body: object, **headers: str) -> Graph:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda _request: httpx.Response(status, content=content, headers=headers)


@pytest.mark.parametrize("url", ["https://graph.test/v25.0", "https://graph.test/v25.0/"])
async def test_a_message_is_posted_to_our_line_with_our_token(url: str) -> None:
    requests: list[httpx.Request] = []

    def graph(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json=TAKEN)

    assert await send(graph, url=url) == Receipt("wamid.OURS")
    (request,) = requests
    assert (request.method, str(request.url)) == ("POST", "https://graph.test/v25.0/301234567890123/messages")
    assert request.headers["authorization"] == "Bearer token-1"
    assert request.headers["content-type"] == "application/json"
    payload = json.loads(request.content)
    assert payload["text"]["body"] == "Hello 🙏"
    assert payload["biz_opaque_callback_data"] == "ref-1"


@pytest.mark.parametrize(
    "body",
    [{}, {"messages": []}, {"messages": [{}]}, {"messages": {"0": 1}}, {"messages": [{"id": ""}]}, [], b"<html>"],
)
async def test_success_without_a_message_id_is_not_believed(body: object) -> None:
    with pytest.raises(NotSent):
        await send(answering(200, body))


async def test_a_refusal_by_code_is_raised_with_its_code_and_pause() -> None:
    with pytest.raises(NotSent) as raised:
        await send(answering(400, {"error": {"code": 131056}}))
    assert (raised.value.code, raised.value.after_seconds) == (131056, 6)


async def test_a_final_refusal_is_raised_as_such() -> None:
    with pytest.raises(NotDeliverable) as raised:
        await send(answering(400, {"error": {"code": 131047, "error_data": "a string"}}))
    assert raised.value.code == 131047


@pytest.mark.parametrize(("header", "seconds"), [("120", 120), ("soon", 30), ("-1", 30), ("nan", 30), ("inf", 30)])
async def test_the_wish_of_a_throttled_call_is_passed_on(header: str, seconds: float) -> None:
    with pytest.raises(NotSent) as raised:
        await send(answering(429, b"", **{"retry-after": header}))
    assert raised.value.after_seconds == seconds


async def test_a_wish_that_makes_no_sense_is_no_pause() -> None:
    with pytest.raises(NotSent) as raised:
        await send(answering(503, b"", **{"retry-after": "-1"}))
    assert raised.value.after_seconds is None


@pytest.mark.parametrize("body", [b"<html>gateway</html>", b"", b"\xff", b"[" * 100_000])
async def test_a_broken_answer_of_a_broken_server_is_tried_again(body: bytes) -> None:
    with pytest.raises(NotSent):
        await send(answering(502, body))


async def test_an_answer_that_does_not_come_is_waited_for_ten_seconds(autojump_clock: MockClock) -> None:
    async def graph(_request: httpx.Request) -> httpx.Response:
        await trio.sleep(3600)
        return httpx.Response(200, json=TAKEN)

    with pytest.raises(NotSent):
        await send(graph)
    assert trio.current_time() == pytest.approx(10, abs=0.1)
    assert autojump_clock.autojump_threshold == 0


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError, httpx.PoolTimeout]
)
async def test_a_broken_connection_is_tried_again(error: type[httpx.RequestError]) -> None:
    def graph(_request: httpx.Request) -> httpx.Response:
        raise error("broken")

    with pytest.raises(NotSent, match=error.__name__):
        await send(graph)


async def test_what_cannot_be_rendered_never_reaches_the_wire() -> None:
    def graph(_request: httpx.Request) -> httpx.Response:
        raise AssertionError

    with pytest.raises(RenderRefused):
        await send(graph, OutboundMessage(text="Now?", choices=(Choice(key="k", title="a" * 21),)))


async def test_neither_repr_nor_errors_tell_secrets() -> None:
    async with httpx.AsyncClient() as http:
        assert "token-1" not in repr(WhatsAppChannel(http, api_url="https://graph.test", access_token="token-1"))
    with pytest.raises(NotDeliverable) as raised:
        await send(answering(400, {"error": {"code": 100, "message": "263771000222 said Hello"}}))
    assert "263771000222" not in str(raised.value)
    assert "Hello" not in str(raised.value)
