"""Accept, decline and cancel, once and again."""

import pytest

from credex.simulator.core import CoreSimulator
from credex.simulator.records import CredexState
from credex.simulator.world import World
from tests.credex.simulator.visiting import NYASHA, RUDO, TENDAI, Time, Visitor, member_of

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def rudo(core: CoreSimulator) -> Visitor:
    return await member_of(core, RUDO)


@pytest.fixture
async def tendai(core: CoreSimulator) -> Visitor:
    return await member_of(core, TENDAI)


async def test_an_accepted_offer_moves_the_money(tendai: Visitor, world: World, time: Time) -> None:
    offer = world.offer("rudo", "tendai", "5")
    time.passes(60)
    heard = await tendai.post("/acceptCredex", credexID=offer.id)
    assert (heard.status, heard.type, heard.id) == (200, "CREDEX_ACCEPTED", offer.id)
    assert (heard.details["amount"], heard.details["acceptorAccountID"]) == ("5", world.account("tendai").id)
    assert heard.body["data"]["action"]["timestamp"] == "2025-02-10T09:16:30.000Z"
    assert heard.account["balanceData"]["securedNetBalancesByDenom"] == ["30.00 USD"]
    assert heard.account["pendingInData"] == []
    assert world.secured_balance("rudo") == 95


async def test_a_declined_offer_returns_to_its_issuer(tendai: Visitor, world: World) -> None:
    offer = world.offer("rudo", "tendai", "5")
    assert world.secured_balance("rudo") == 95
    heard = await tendai.post("/declineCredex", credexID=offer.id)
    assert (heard.type, heard.details["amount"], heard.details["securedCredex"]) == ("CREDEX_DECLINED", "0", False)
    assert heard.account["accountHandle"] == "tendai"
    assert world.secured_balance("rudo") == 100
    assert world.offers_of("tendai") == []


async def test_a_cancelled_offer_returns_to_its_issuer(rudo: Visitor, world: World) -> None:
    offer = world.offer("rudo", "tendai", "5")
    heard = await rudo.post("/cancelCredex", credexID=offer.id)
    assert (heard.type, heard.details["amount"]) == ("CREDEX_CANCELLED", "0")
    assert heard.account["accountHandle"] == "rudo"
    assert heard.account["balanceData"]["securedNetBalancesByDenom"] == ["100.00 USD"]


async def test_each_side_may_do_only_its_own(rudo: Visitor, tendai: Visitor, world: World) -> None:
    offer = world.offer("rudo", "tendai", "5")
    assert (await rudo.post("/acceptCredex", credexID=offer.id)).code == "ACCEPT_FAILED"
    assert (await rudo.post("/declineCredex", credexID=offer.id)).code == "NOT_FOUND"
    assert (await tendai.post("/cancelCredex", credexID=offer.id)).code == "CANCEL_FAILED"
    assert world.offers_of("tendai", "incoming") == [offer]


async def test_a_repeat_is_an_error_and_changes_nothing(rudo: Visitor, tendai: Visitor, world: World) -> None:
    accepted, declined, cancelled = (world.offer("rudo", "tendai", "5") for _ in range(3))
    calls = [
        (tendai, "/acceptCredex", accepted),
        (tendai, "/declineCredex", declined),
        (rudo, "/cancelCredex", cancelled),
    ]
    first = [await visitor.post(path, credexID=offer.id) for visitor, path, offer in calls]
    again = [await visitor.post(path, credexID=offer.id) for visitor, path, offer in calls]
    assert [heard.status for heard in first] == [200, 200, 200]
    assert [heard.code for heard in again] == ["ACCEPT_FAILED", "NOT_FOUND", "CANCEL_FAILED"]
    assert world.secured_balance("tendai") == 30
    assert world.secured_balance("rudo") == 95


async def test_a_wrong_id_does_not_pass_the_schema(tendai: Visitor) -> None:
    for path in ("/acceptCredex", "/declineCredex", "/cancelCredex"):
        heard = await tendai.post(path, credexID="not an id")
        assert (heard.status, heard.code, heard.details["field"]) == (400, "VALIDATION_ERROR", "credexID")


async def test_foreign_characters_vanish_from_ids(tendai: Visitor, world: World) -> None:
    offer = world.offer("rudo", "tendai", "5")
    assert (await tendai.post("/acceptCredex", credexID=f" {{{offer.id}}} ")).status == 200


async def test_bulk_accept_takes_each_for_itself(tendai: Visitor, world: World) -> None:
    offers = [world.offer("rudo", "tendai", "5") for _ in range(3)]
    await tendai.post("/acceptCredex", credexID=offers[1].id)
    heard = await tendai.post("/acceptCredexBulk", credexIDs=[offer.id for offer in offers] + [UNKNOWN])
    summary = heard.details["summary"]
    assert (heard.type, heard.id, heard.details["successCount"]) == ("CREDEX_BULK_ACCEPTED", None, 2)
    assert summary["accepted"] == [offers[0].id, offers[2].id]
    assert summary["alreadyAccepted"] == []
    assert [failed["error"] for failed in summary["failed"]] == ["Credex has already been accepted", "Credex not found"]
    assert heard.account["accountHandle"] == "tendai"


async def test_bulk_accept_of_nothing_is_refused(tendai: Visitor) -> None:
    assert (await tendai.post("/acceptCredexBulk", credexIDs=[UNKNOWN])).code == "BULK_ACCEPT_FAILED"
    assert (await tendai.post("/acceptCredexBulk", credexIDs=[])).code == "INVALID_PARAMS"
    assert (await tendai.post("/acceptCredexBulk", credexIDs=UNKNOWN)).code == "INVALID_PARAMS"
    assert (await tendai.post("/acceptCredexBulk", credexIDs=["x"])).code == "VALIDATION_ERROR"
    assert (await tendai.post("/acceptCredexBulk")).code == "MISSING_PARAMS"


async def test_for_requests_decline_and_cancel_change_sides(rudo: Visitor, tendai: Visitor, world: World) -> None:
    requests = [(await rudo.offer("rudo", "tendai", 5, OFFERSorREQUESTS="REQUESTS")).id for _ in range(2)]
    assert (await tendai.post("/declineCredex", credexID=requests[0])).status == 404
    assert (await rudo.post("/declineCredex", credexID=requests[0])).account["accountHandle"] == "rudo"
    assert (await rudo.post("/cancelCredex", credexID=requests[1])).status == 400
    assert (await tendai.post("/cancelCredex", credexID=requests[1])).account["accountHandle"] == "tendai"
    assert {world.credexes[request].state for request in requests} == {CredexState.DECLINED, CredexState.CANCELLED}


async def test_a_stranger_learns_only_that_nothing_is_there(core: CoreSimulator, world: World) -> None:
    offer = world.offer("rudo", "tendai", "5")
    nyasha = await member_of(core, NYASHA)
    for path in ("/acceptCredex", "/declineCredex", "/cancelCredex"):
        assert (await nyasha.post(path, credexID=offer.id)).status >= 400
    assert world.offers_of("tendai") == [offer]
