"""Accounts: the look-up, balances, opening and changing them, and who may act for them."""

from dataclasses import replace

import pytest

from credex.simulator.core import CoreSimulator
from credex.simulator.world import World
from tests.credex.simulator.visiting import NYASHA, RUDO, TENDAI, Heard, Visitor, member_of

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def rudo(core: CoreSimulator) -> Visitor:
    return await member_of(core, RUDO)


@pytest.fixture
def _rudo_of_tier_4(world: World) -> None:
    world.enrol(replace(world.member(RUDO), tier=4))


async def open_account(visitor: Visitor, handle: str = "rudo_shop", **terms: object) -> Heard:
    body = {"accountType": "OPERATIONS", "accountName": "Rudo Shop", "accountHandle": handle, "defaultDenom": "USD"}
    return await visitor.post("/createAccount", **(body | terms))


async def test_a_handle_leads_to_a_name_and_an_empty_dashboard(rudo: Visitor, world: World) -> None:
    heard = await rudo.post("/getAccountByHandle", accountHandle="TENDAI")
    assert heard.details["accountName"] == "Tendai Ncube Personal"
    assert heard.id == heard.details["accountID"] == world.account("tendai").id
    assert heard.dashboard == {}


async def test_an_unknown_handle_is_not_found(rudo: Visitor) -> None:
    heard = await rudo.post("/getAccountByHandle", accountHandle="nobody_here")
    assert (heard.status, heard.type, heard.code) == (404, "ERROR_NOT_FOUND", "ACCOUNT_NOT_FOUND")


async def test_a_handle_of_wrong_shape_is_refused(rudo: Visitor) -> None:
    heard = await rudo.post("/getAccountByHandle", accountHandle="no.body")
    assert (heard.status, heard.code, heard.details["field"]) == (400, "VALIDATION_ERROR", "accountHandle")


async def test_balances_can_be_read_alone(rudo: Visitor, world: World) -> None:
    heard = await rudo.post("/getBalances", accountID=world.account("rudo").id)
    assert heard.details["balances"]["securedNetBalancesByDenom"] == ["100.00 USD"]
    assert heard.dashboard["balanceData"] == heard.details["balances"]
    assert (await rudo.post("/getBalances", accountID=world.account("tendai").id)).status == 404


async def test_a_new_account_comes_alone_in_its_dashboard(rudo: Visitor, world: World) -> None:
    heard = await open_account(rudo, DCOgiveInCXX=1, DCOdenom="CAD")
    assert (heard.status, heard.type) == (201, "ACCOUNT_CREATED")
    assert heard.account["accountHandle"] == "rudo_shop"
    assert world.account("rudo_shop").owner == world.member(RUDO).id


async def test_a_handle_is_given_once(rudo: Visitor) -> None:
    await open_account(rudo)
    heard = await open_account(rudo)
    assert (heard.status, heard.code) == (409, "HANDLE_EXISTS")


async def test_a_pledge_is_whole_or_absent(rudo: Visitor) -> None:
    assert (await open_account(rudo, DCOgiveInCXX=1)).status == 400


async def test_a_foundation_cannot_be_opened(rudo: Visitor) -> None:
    heard = await open_account(rudo, accountType="CREDEX_FOUNDATION")
    assert (heard.status, heard.details["field"]) == (400, "accountType")


async def test_a_low_tier_slips_to_two_accounts_and_no_further(core: CoreSimulator) -> None:
    tendai = await member_of(core, TENDAI)
    assert (await open_account(tendai, "tendai_one")).status == 201
    heard = await open_account(tendai, "tendai_two")
    assert (heard.status, heard.type, heard.code) == (403, "ERROR_UNAUTHORIZED", "TIER_LIMIT_EXCEEDED")


async def test_the_owner_changes_an_account(rudo: Visitor, world: World) -> None:
    changes = {"accountName": "Rudo's 2nd!", "accountHandle": "rudo_m", "defaultDenom": "ZWG"}
    pledge = {"DCOgiveInCXX": 0.5, "DCOdenom": "USD"}
    heard = await rudo.post("/updateAccount", accountID=world.account("rudo").id, **changes, **pledge)
    assert heard.details["accountName"] == "Rudos 2nd"
    assert heard.details["DCOgiveInCXX"] == 0.5
    assert heard.account["accountHandle"] == "rudo_m"
    assert heard.account["defaultDenom"] == "ZWG"


async def test_changing_an_account_is_refused_in_four_ways(rudo: Visitor, world: World) -> None:
    own = world.account("rudo").id
    assert (await rudo.post("/updateAccount", accountID=own)).code == "NO_UPDATE_DATA"
    heard = await rudo.post("/updateAccount", accountID=UNKNOWN, accountName="Rudo")
    assert (heard.status, heard.code) == (404, "ACCOUNT_NOT_FOUND")
    heard = await rudo.post("/updateAccount", accountID=world.account("tendai").id, accountName="Rudo")
    assert (heard.status, heard.code) == (403, "UNAUTHORIZED")
    heard = await rudo.post("/updateAccount", accountID=own, accountHandle="tendai")
    assert (heard.status, heard.code) == (409, "HANDLE_EXISTS")
    assert (await rudo.post("/updateAccount", accountID=own, accountHandle="rudo")).status == 200


@pytest.mark.usefixtures("_rudo_of_tier_4")
async def test_an_authorised_member_sees_the_account_at_login(rudo: Visitor, core: CoreSimulator) -> None:
    account = core.world.account("rudo").id
    heard = await rudo.post("/authorizeForAccount", accountID=account, memberHandleToBeAuthorized="tendai")
    assert heard.details["memberIdAuthorized"] == core.world.member(TENDAI).id
    seen = (await Visitor(core).login(TENDAI)).dashboard["accounts"]
    assert {shown["accountHandle"]: shown["isOwnedAccount"] for shown in seen} == {"rudo": True, "tendai": True}


async def test_authorising_needs_tier_4(rudo: Visitor, world: World) -> None:
    body = {"accountID": world.account("rudo").id, "memberHandleToBeAuthorized": "tendai"}
    heard = await rudo.post("/authorizeForAccount", **body)
    assert (heard.status, heard.type, heard.code) == (403, "ACCOUNT_AUTHORIZATION_FAILED", "TIER_REQUIREMENT")


@pytest.mark.usefixtures("_rudo_of_tier_4")
async def test_five_members_act_for_an_account_and_no_more(rudo: Visitor, world: World) -> None:
    account = world.account("rudo").id
    for helper in range(1, 6):
        world.add_member(f"26377000040{helper}", "Helper", "Number", handle=f"helper_{helper}")
    calls = [{"accountID": account, "memberHandleToBeAuthorized": f"helper_{helper}"} for helper in range(1, 6)]
    statuses = [(await rudo.post("/authorizeForAccount", **call)).status for call in calls]
    assert statuses == [200, 200, 200, 200, 400]
    assert (await rudo.post("/authorizeForAccount", **calls[4])).code == "LIMIT_EXCEEDED"
    assert (await rudo.post("/authorizeForAccount", **calls[0])).status == 200


@pytest.mark.usefixtures("_rudo_of_tier_4")
async def test_authorising_strangers_or_for_strangers_is_refused(rudo: Visitor, world: World) -> None:
    body = {"accountID": world.account("rudo").id, "memberHandleToBeAuthorized": "nobody"}
    assert (await rudo.post("/authorizeForAccount", **body)).status == 404
    body = {"accountID": world.account("tendai").id, "memberHandleToBeAuthorized": "nyasha"}
    assert (await rudo.post("/authorizeForAccount", **body)).code == "UNAUTHORIZED"


async def test_authority_ends_once(rudo: Visitor, world: World) -> None:
    world.authorize("rudo", TENDAI)
    body = {"accountID": world.account("rudo").id, "memberIDtoBeUnauthorized": world.member(TENDAI).id}
    assert (await rudo.post("/unauthorizeForAccount", **body)).type == "ACCOUNT_UNAUTHORIZED"
    heard = await rudo.post("/unauthorizeForAccount", **body)
    assert (heard.status, heard.code) == (400, "UNAUTHORIZE_FAILED")
    assert (await rudo.post("/unauthorizeForAccount", **(body | {"accountID": UNKNOWN}))).status == 404
    foreign = {"accountID": world.account("tendai").id}
    assert (await rudo.post("/unauthorizeForAccount", **(body | foreign))).status == 403
    assert (await rudo.post("/unauthorizeForAccount", **(body | {"memberIDtoBeUnauthorized": UNKNOWN}))).status == 404


async def test_offers_are_told_to_an_authorised_member(rudo: Visitor, world: World) -> None:
    world.authorize("rudo", TENDAI)
    body = {"accountID": world.account("rudo").id, "memberIDtoSendOffers": world.member(TENDAI).id}
    assert (await rudo.post("/updateSendOffersTo", **body)).details["sendOffersTo"] == world.member(TENDAI).id
    assert (await rudo.login(RUDO)).account["sendOffersTo"]["firstname"] == "Tendai"
    heard = await rudo.post("/updateSendOffersTo", **(body | {"memberIDtoSendOffers": world.member(NYASHA).id}))
    assert (heard.status, heard.code) == (400, "UPDATE_FAILED")
    foreign = {"accountID": world.account("tendai").id}
    assert (await rudo.post("/updateSendOffersTo", **(body | foreign))).status == 403
    assert (await rudo.post("/updateSendOffersTo", **(body | {"memberIDtoSendOffers": UNKNOWN}))).status == 404


async def test_who_loses_authority_no_longer_hears_of_offers(rudo: Visitor, world: World) -> None:
    world.authorize("rudo", TENDAI)
    world.keep(replace(world.account("rudo"), send_offers_to=world.member(TENDAI).id))
    body = {"accountID": world.account("rudo").id, "memberIDtoBeUnauthorized": world.member(TENDAI).id}
    assert (await rudo.post("/unauthorizeForAccount", **body)).account["sendOffersTo"]["firstname"] == "Rudo"
