"""Login, onboarding, look-ups, the allowance and the upgrade."""

import pytest

from credex.simulator.core import CoreSimulator
from credex.simulator.seeds import founded_world
from credex.simulator.world import World
from tests.credex.simulator.visiting import NYASHA, RUDO, TENDAI, TODAY, Time, Visitor, core_over, member_of


async def test_login_answers_with_a_token_and_every_account(world: World, visitor: Visitor) -> None:
    world.add_account(RUDO, "Rudo Shop", "rudo_shop")
    heard = await visitor.login(RUDO)
    assert (heard.status, heard.type) == (200, "MEMBER_LOGIN")
    assert heard.details["memberID"] == heard.id == world.member(RUDO).id
    assert [account["accountHandle"] for account in heard.dashboard["accounts"]] == ["rudo", "rudo_shop"]


async def test_an_unknown_phone_is_the_sign_to_onboard(visitor: Visitor) -> None:
    heard = await visitor.login("263770000999")
    assert (heard.status, heard.type, heard.code) == (404, "ERROR_NOT_FOUND", "NOT_FOUND")
    assert heard.dashboard == {}


async def test_a_newcomer_is_tier_1_with_one_personal_account(world: World, visitor: Visitor) -> None:
    heard = await visitor.post(
        "/onboardMember", firstname="Tariro", lastname="Moyo", phone="+263 77 000-0301", defaultDenom="zwg"
    )
    assert (heard.status, heard.type) == (201, "MEMBER_ONBOARDED")
    assert heard.dashboard["member"]["memberTier"] == 1
    assert heard.dashboard["member"]["remainingAvailableUSD"] == 10
    assert heard.details["memberHandle"] == "263770000301"
    assert heard.account["accountName"] == "Tariro Moyo Personal"
    assert heard.account["accountType"] == "PERSONAL"
    assert heard.account["accountID"] == heard.details["defaultAccountID"]
    assert heard.account["defaultDenom"] == "ZWG"
    assert world.member("263770000301").name == "Tariro Moyo"


async def test_the_token_of_onboarding_opens_the_other_paths(visitor: Visitor) -> None:
    heard = await visitor.post(
        "/onboardMember", firstname="Tariro", lastname="Moyo", phone="263770000301", defaultDenom="USD"
    )
    visitor.token = heard.details["token"]
    assert (await visitor.post("/getAccountByHandle", accountHandle="rudo")).status == 200


async def test_a_phone_joins_once(visitor: Visitor) -> None:
    heard = await visitor.post("/onboardMember", firstname="Rudo", lastname="Moyo", phone=RUDO, defaultDenom="USD")
    assert (heard.status, heard.type, heard.code) == (409, "ERROR_VALIDATION", "DUPLICATE_PHONE")


async def test_a_phone_that_is_somebodys_handle_cannot_join(world: World, visitor: Visitor) -> None:
    world.add_account(RUDO, "Odd Shop", "263770000301")
    heard = await visitor.post(
        "/onboardMember", firstname="Tariro", lastname="Moyo", phone="263770000301", defaultDenom="USD"
    )
    assert (heard.status, heard.code) == (409, "DUPLICATE_HANDLE")


async def test_the_older_dashboard_is_flat(core: CoreSimulator) -> None:
    rudo = await member_of(core, RUDO)
    heard = await rudo.post("/getMemberDashboardByPhone", phone=TENDAI)
    assert heard.type == "DASHBOARD_RETRIEVED"
    assert heard.dashboard["memberTier"] == 1
    assert heard.account["accountHandle"] == "tendai"
    assert (await rudo.post("/getMemberDashboardByPhone", phone="263770000999")).status == 404


async def test_a_member_is_found_by_handle(core: CoreSimulator) -> None:
    rudo = await member_of(core, RUDO)
    assert (await rudo.post("/getMemberByHandle", memberHandle=" Tendai ")).details["memberName"] == "Tendai Ncube"
    assert (await rudo.post("/getMemberByHandle", memberHandle="nobody")).status == 404


async def test_the_allowance_can_be_asked_beforehand(core: CoreSimulator) -> None:
    tendai = await member_of(core, TENDAI)
    wanted = {
        "issuerAccountID": core.world.account("tendai").id,
        "Amount": 4,
        "Denomination": "USD",
        "securedCredex": True,
    }
    await tendai.offer("tendai", "nyasha", 2.5)
    heard = await tendai.post("/authForTierSpendLimit", **wanted)
    assert heard.type == "SPEND_AUTHORIZED"
    assert (heard.details["availableAmount"], heard.details["currentSpendUSD"]) == (7.5, 2.5)
    heard = await tendai.post("/authForTierSpendLimit", **(wanted | {"Amount": 8}))
    assert (heard.status, heard.code) == (403, "TIER_LIMIT_EXCEEDED")
    heard = await tendai.post("/authForTierSpendLimit", **(wanted | {"Amount": 0}))
    assert (heard.status, heard.code) == (400, "VALIDATION_ERROR")


@pytest.fixture
def founded(time: Time) -> CoreSimulator:
    world = founded_world(TODAY)
    world.add_member(TENDAI, "Tendai", "Ncube", handle="tendai")
    world.add_member(NYASHA, "Nyasha", "Gumbo", handle="nyasha")
    world.fund("tendai", "25")
    return core_over(world, time)


async def test_the_upgrade_costs_a_dollar_and_sets_tier_3(founded: CoreSimulator) -> None:
    tendai = await member_of(founded, TENDAI)
    heard = await tendai.post("/hustler10k", personalAccountID=founded.world.account("tendai").id)
    assert (heard.type, heard.details["newTier"], heard.dashboard) == ("HUSTLER_10K_ENROLLED", 3, {})
    dashboard = (await tendai.login(TENDAI)).dashboard
    assert dashboard["member"]["memberTier"] == 3
    assert dashboard["accounts"][0]["balanceData"]["securedNetBalancesByDenom"] == ["24.00 USD"]


async def test_the_upgrade_needs_a_dollar_of_cover(founded: CoreSimulator) -> None:
    nyasha = await member_of(founded, NYASHA)
    heard = await nyasha.post("/hustler10k", personalAccountID=founded.world.account("nyasha").id)
    assert (heard.status, heard.type, heard.code) == (400, "ERROR_VALIDATION", "INSUFFICIENT_SECURED_BALANCE")
    assert founded.world.member(NYASHA).tier == 1


async def test_the_upgrade_names_what_is_missing(founded: CoreSimulator, core: CoreSimulator) -> None:
    tendai = await member_of(founded, TENDAI)
    assert (await tendai.post("/hustler10k")).code == "MISSING_PARAMS"
    foreign = founded.world.account("nyasha").id
    heard = await tendai.post("/hustler10k", personalAccountID=foreign)
    assert (heard.status, heard.code) == (500, "CREDEX_CREATE_FAILED")
    elsewhere = await member_of(core, TENDAI)
    heard = await elsewhere.post("/hustler10k", personalAccountID=core.world.account("tendai").id)
    assert (heard.status, heard.code) == (500, "GREATSUN_ACCOUNT_NOT_FOUND")
