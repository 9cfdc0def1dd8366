"""What operators are told, and who is an operator: in virtual time, by the blueprint alone."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from actors.web.operator import operator_blueprint
from actors.web.quart_app import quart_app
from runtime.errors import StoreUnavailable

TOKEN = "operator-token-for-tests"
HEALTHY = {"status": "healthy", "process": "up", "store": "up"}
UNHEALTHY = {"status": "unhealthy", "process": "up", "store": "no answer"}

View = Callable[[], Awaitable[dict[str, Any]]]


async def answers() -> dict[str, Any]:
    await trio.lowlevel.checkpoint()
    return {"dead_letters": 3}


async def fails() -> dict[str, Any]:
    await trio.lowlevel.checkpoint()
    raise StoreUnavailable("disk full at /var/vimbiso.db")


async def hangs() -> dict[str, Any]:
    await trio.sleep_forever()
    raise AssertionError


async def answers_late() -> dict[str, Any]:
    await trio.sleep(1.9)
    return await answers()


@dataclass(frozen=True, slots=True)
class Vitals:
    """A server that answers everything by one function."""

    ask: View

    async def view(self) -> dict[str, Any]:
        return await self.ask()

    async def alive(self) -> None:
        await self.ask()


async def ask(
    path: str, view: View = answers, *, token: str | None = TOKEN, bearer: str | None = None
) -> tuple[int, Any]:
    app = quart_app([operator_blueprint(Vitals(view), token=token)])
    headers = {} if bearer is None else {"Authorization": bearer}
    response = await app.test_client().get(path, headers=headers)
    return response.status_code, json.loads(await response.get_data(as_text=True))


@pytest.mark.parametrize("view", [answers, answers_late])
async def test_a_store_that_answers_in_time_is_healthy(view: View, autojump_clock: MockClock) -> None:
    assert await ask("/health/", view) == (200, HEALTHY)


@pytest.mark.parametrize("view", [fails, hangs])
async def test_a_store_that_fails_or_hangs_is_unhealthy_within_two_seconds(
    view: View, autojump_clock: MockClock
) -> None:
    assert await ask("/health/", view) == (503, UNHEALTHY)
    assert trio.current_time() <= 2


async def test_health_is_for_anyone_and_tells_no_figures(autojump_clock: MockClock) -> None:
    for token in (None, TOKEN):
        for bearer in (None, "Bearer wrong"):
            assert await ask("/health/", token=token, bearer=bearer) == (200, HEALTHY)


@pytest.mark.parametrize("bearer", [None, "Bearer ", "Bearer None", f"Bearer {TOKEN}"])
async def test_without_a_token_set_the_status_is_closed_to_everybody(bearer: str | None) -> None:
    status, body = await ask("/status", token=None, bearer=bearer)
    assert status == 403
    assert "OPERATOR_TOKEN" in body["error"]


@pytest.mark.parametrize(
    "bearer",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        TOKEN,
        "Bearer wrong",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN.upper()}",
        f"Basic {TOKEN}",
        f"Bearer  x {TOKEN}",
        "Bearer \u00fcmlaut",
    ],
)
async def test_whoever_does_not_bear_the_token_is_told_how_to_and_nothing_else(bearer: str | None) -> None:
    app = quart_app([operator_blueprint(Vitals(answers), token=TOKEN)])
    headers = {} if bearer is None else {"Authorization": bearer}
    response = await app.test_client().get("/status", headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "dead_letters" not in await response.get_data(as_text=True)


@pytest.mark.parametrize("bearer", [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"BEARER  {TOKEN} "])
async def test_whoever_bears_the_token_sees_the_figures(bearer: str) -> None:
    assert await ask("/status", bearer=bearer) == (200, {"dead_letters": 3})


@pytest.mark.parametrize("view", [fails, hangs])
async def test_without_a_store_there_are_no_figures_and_no_inside_either(view: View, autojump_clock: MockClock) -> None:
    assert await ask("/status", view, bearer=f"Bearer {TOKEN}") == (503, {"error": "The store does not answer."})
    assert trio.current_time() <= 2
