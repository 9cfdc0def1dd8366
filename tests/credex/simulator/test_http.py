"""The HTTP face, under a real server on the loopback."""

from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from typing import cast

import httpx
import pytest
import trio
from hypercorn.config import Config
from hypercorn.trio import serve

from credex.simulator.core import CoreSimulator
from credex.simulator.faults import Fault
from credex.simulator.http import core_app
from tests.credex.simulator.visiting import CLIENT_KEY, RUDO

STAGE_KEY = "the stage door's key"


@pytest.fixture
async def client(core: CoreSimulator) -> AsyncIterator[httpx.AsyncClient]:
    config = Config()
    config.bind = ["127.0.0.1:0"]
    config.errorlog = None
    closing = trio.Event()
    run = partial(serve, core_app(core, stage_key=STAGE_KEY), config, shutdown_trigger=closing.wait)
    async with trio.open_nursery() as nursery:
        (url,) = cast("list[str]", await nursery.start(run))
        async with httpx.AsyncClient(base_url=url, headers={"x-client-api-key": CLIENT_KEY}) as client:
            yield client
        closing.set()


async def test_a_member_logs_in_and_asks_over_http(client: httpx.AsyncClient) -> None:
    answer = await client.post("/login", json={"phone": RUDO})
    assert answer.status_code == 200
    token = answer.json()["data"]["action"]["details"]["token"]
    found = await client.post(
        "/getAccountByHandle", json={"accountHandle": "tendai"}, headers={"authorization": f"Bearer {token}"}
    )
    assert found.headers["authorization"].startswith("Bearer ")
    assert found.json()["data"]["action"]["type"] == "ACCOUNT_FOUND"


async def test_health_and_unknown_paths_answer_over_http(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health")).json() == {"status": "healthy"}
    assert (await client.get("/nowhere")).status_code == 401


async def test_too_much_and_broken_json_are_refused_over_http(client: httpx.AsyncClient) -> None:
    assert (await client.post("/login", content=b" " * 102_401)).status_code == 413
    assert (await client.post("/login", content=b"{")).status_code == 400


async def test_a_lost_answer_is_a_connection_that_closes(client: httpx.AsyncClient, core: CoreSimulator) -> None:
    core.faults.add("/login", Fault.LOST_AFTER)
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post("/login", json={"phone": RUDO})
    assert len(core.calls_to("/login")) == 1
    assert (await client.post("/login", json={"phone": RUDO})).status_code == 200


async def test_the_stage_is_directed_over_http_with_its_key_only(
    client: httpx.AsyncClient, core: CoreSimulator
) -> None:
    directions = [{"do": "offer", "with": {"from_handle": "rudo", "to_handle": "tendai", "amount": "5"}}]
    assert (await client.post("/simulator/stage", json=directions)).status_code == 403
    assert core.world.offers_of("tendai") == []
    answer = await client.post("/simulator/stage", json=directions, headers={"x-stage-key": STAGE_KEY})
    assert (answer.status_code, answer.json()) == (200, [None])
    assert len(core.world.offers_of("tendai")) == 1
    assert core.calls == []


async def test_the_stage_tells_what_an_account_has_given(client: httpx.AsyncClient, core: CoreSimulator) -> None:
    made = core.world.offer("rudo", "tendai", "5")
    directions = [{"do": "given", "with": {"handle": handle}} for handle in ("rudo", "tendai")]
    answer = await client.post("/simulator/stage", json=directions, headers={"x-stage-key": STAGE_KEY})
    rudos, tendais = answer.json()
    assert tendais == []
    assert rudos[-1] == {
        "id": made.id,
        "issuer": core.world.account("rudo").id,
        "receiver": core.world.account("tendai").id,
        "amount": "5",
        "denomination": "USD",
        "state": "OFFERS",
        "times": {"made": made.created_at.isoformat()},
    }


async def test_the_stage_tells_the_id_of_an_account(client: httpx.AsyncClient, core: CoreSimulator) -> None:
    directions = [{"do": "account", "with": {"handle": "rudo"}}]
    answer = await client.post("/simulator/stage", json=directions, headers={"x-stage-key": STAGE_KEY})
    assert answer.json() == [core.world.account("rudo").id]


async def test_the_stage_makes_an_unsecured_offer_due_on_a_day(client: httpx.AsyncClient, core: CoreSimulator) -> None:
    terms = {"from_handle": "rudo", "to_handle": "tendai", "amount": "5", "secured": False, "due": "2025-02-24"}
    answer = await client.post(
        "/simulator/stage", json=[{"do": "offer", "with": terms}], headers={"x-stage-key": STAGE_KEY}
    )
    assert answer.status_code == 200
    assert [one.due for one in core.world.offers_of("tendai", "incoming")] == [date(2025, 2, 24)]
