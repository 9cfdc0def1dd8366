"""The application's HTTP client: what reaches the transport is what httpx's own client would have sent."""

from typing import Any

import httpx
import pytest

from actors.transport.client import DirectClient, http_client


class Recording(httpx.AsyncBaseTransport):
    """Answers everything alike, and keeps the requests."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        return httpx.Response(302, headers={"location": "/elsewhere", "set-cookie": "a=b"}, text="ok")

    async def aclose(self) -> None:
        self.closed = True


CALLS: list[dict[str, Any]] = [
    {"url": "http://core.test/login", "content": b'{"phone":"1"}', "headers": {"x-client-api-key": "k"}},
    {"url": "http://core.test/login", "content": b"{}", "headers": {"Host": "other.test", "Content-Length": "2"}},
    {"url": "http://core.test/login", "content": b""},
    {"url": "http://core.test/login", "json": {"a": [1]}},
    {"url": "http://core.test/sent", "params": {"count": 2}},
    {"url": "/relative"},
]


@pytest.mark.parametrize("call", CALLS, ids=["content", "own host", "empty", "json", "params", "relative"])
async def test_requests_are_those_of_httpx(call: dict[str, Any]) -> None:
    ours, theirs = Recording(), Recording()
    options: dict[str, Any] = {"base_url": "http://base.test"}
    async with http_client(ours) as client, httpx.AsyncClient(transport=theirs, trust_env=False, **options) as stock:
        client.base_url = httpx.URL("http://base.test")
        mine, stocks = await client.post(**call), await stock.post(**call)
    [sent], [wanted] = ours.requests, theirs.requests
    assert (sent.method, sent.url, sent.content) == (wanted.method, wanted.url, wanted.content)
    assert dict(sent.headers) == dict(wanted.headers) | {"accept-encoding": "identity"}
    assert (mine.status_code, mine.text) == (stocks.status_code, stocks.text) == (302, "ok")
    assert ours.closed


async def test_a_header_of_the_call_replaces_the_clients_own_whatever_its_case() -> None:
    transport = Recording()
    async with http_client(transport) as client:
        await client.get("http://core.test/", headers={"Accept": "application/json"})
    [sent] = transport.requests
    assert sent.headers.get_list("accept") == ["application/json"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"connect": 5.0, "read": 30.0, "write": 30.0, "pool": 5.0}),
        ({"timeout": 2.0}, dict.fromkeys(("connect", "read", "write", "pool"), 2.0)),
        ({"timeout": httpx.Timeout(9, connect=1)}, {"connect": 1, "read": 9, "write": 9, "pool": 9}),
    ],
    ids=["the client's", "a number", "by phase"],
)
async def test_the_time_limits_of_a_call_reach_the_transport(given: dict[str, Any], expected: dict[str, float]) -> None:
    transport = Recording()
    async with http_client(transport) as client:
        await client.get("http://core.test/", **given)
    assert transport.requests[0].extensions["timeout"] == expected


async def test_a_limit_on_the_whole_call_reaches_the_transport_beside_the_others() -> None:
    transport = Recording()
    limits = {"connect": 1, "read": 2, "write": 2, "pool": 1, "whole": 3}
    async with http_client(transport) as client:
        await client.post("http://core.test/", content=b"{}", extensions={"timeout": limits})
    assert transport.requests[0].extensions["timeout"] == limits


async def test_headers_kept_for_the_next_request_are_not_those_of_another() -> None:
    transport = Recording()
    async with http_client(transport) as client:
        for token in ("one", "two", "one"):
            for host in ("a.test", "b.test"):
                await client.post(f"http://{host}/", content=token.encode(), headers={"Authorization": token})
    told = [(sent.headers["host"], sent.headers["authorization"], sent.content) for sent in transport.requests]
    assert told == [(host, token, token.encode()) for token in ("one", "two", "one") for host in ("a.test", "b.test")]
    assert [sent.headers["content-length"] for sent in transport.requests] == ["3"] * 6


async def test_a_streamed_answer_can_be_read_in_chunks() -> None:
    async with http_client(Recording()) as client, client.stream("POST", "http://core.test/") as response:
        assert [chunk async for chunk in response.aiter_bytes()] == [b"ok"]


async def test_no_cookie_comes_back_and_no_redirect_is_followed() -> None:
    transport = Recording()
    async with http_client(transport) as client:
        for _ in range(2):
            await client.get("http://core.test/")
    assert len(transport.requests) == 2
    assert "cookie" not in transport.requests[1].headers


async def test_addresses_are_parsed_once_and_not_remembered_without_end() -> None:
    async with DirectClient(Recording()) as client:
        for number in range(200):
            await client.get(f"http://core.test/{number}")
            await client.post("http://core.test/", content=b"x", headers={"number": str(number)})
        assert len(client._urls) <= 64
        assert len(client._headers_kept) <= 64
