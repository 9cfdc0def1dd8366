"""Calls to a function that plays the server."""

from collections.abc import Mapping

import httpx
import pytest
import trio
from trio.testing import MockClock

from actors.transport.local import LocalTransport, Respond

Answer = tuple[int, Mapping[str, str], bytes]


def client(respond: Respond) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=LocalTransport(respond), timeout=3.0, trust_env=False)


async def test_the_function_sees_what_a_server_would_and_its_answer_comes_back() -> None:
    seen: list[tuple[str, str, bytes]] = []

    async def respond(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        await trio.lowlevel.checkpoint()
        seen.append((method, path, body))
        assert headers["APIKEY"] == headers["apikey"] == "invented"
        return 201, {"X-Trace": "one", "Content-Type": "application/json"}, b'{"data": 1}'

    async with client(respond) as http:
        answer = await http.post("https://core.example/v1/login?x=%20y", json={"a": 1}, headers={"apiKey": "invented"})
    assert seen == [("POST", "/v1/login?x=%20y", b'{"a":1}')]
    assert (answer.status_code, answer.headers["x-trace"], answer.json()) == (201, "one", {"data": 1})


@pytest.mark.parametrize(
    ("raised", "seen"),
    [
        (ConnectionRefusedError, httpx.ConnectError),
        (ConnectionResetError, httpx.ReadError),
        (BrokenPipeError, httpx.ReadError),
        (ConnectionError, httpx.ReadError),
    ],
)
async def test_failures_look_like_those_of_a_server(raised: type[Exception], seen: type[Exception]) -> None:
    async def respond(_method: str, _path: str, _headers: Mapping[str, str], _body: bytes) -> Answer:
        await trio.lowlevel.checkpoint()
        raise raised

    async with client(respond) as http:
        with pytest.raises(seen) as caught:
            await http.get("http://core.example/")
    assert type(caught.value) is seen


async def test_an_error_of_the_function_itself_is_not_dressed_up() -> None:
    async def respond(_method: str, _path: str, _headers: Mapping[str, str], _body: bytes) -> Answer:
        await trio.lowlevel.checkpoint()
        raise KeyError("a bug")

    async with client(respond) as http:
        with pytest.raises(KeyError):
            await http.get("http://core.example/")


async def test_it_may_take_as_long_as_the_read_timeout(
    autojump_clock: MockClock,
) -> None:
    async def respond(_method: str, path: str, _headers: Mapping[str, str], _body: bytes) -> Answer:
        await trio.sleep(2.9 if path == "/quick" else 3.1)
        return 200, {}, b""

    async with client(respond) as http:
        assert (await http.get("http://core.example/quick")).status_code == 200
        with pytest.raises(httpx.ReadTimeout):
            await http.get("http://core.example/slow")
        with pytest.raises(httpx.ReadTimeout):
            await http.get("http://core.example/quick", extensions={"timeout": {"whole": 2.8}})


async def test_cancellation_passes_through(
    autojump_clock: MockClock,
) -> None:
    async def respond(_method: str, _path: str, _headers: Mapping[str, str], _body: bytes) -> Answer:
        await trio.sleep_forever()
        raise AssertionError

    async with client(respond) as http:
        with trio.move_on_after(1) as scope:
            await http.get("http://core.example/", timeout=None)
    assert scope.cancelled_caught
