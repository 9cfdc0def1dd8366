"""The builders and the seeds: the worlds others play in."""

from datetime import date
from decimal import Decimal

import pytest

from credex.model import AccountKind
from credex.simulator.core import CoreSimulator
from credex.simulator.seeds import demo_world, founded_world
from credex.simulator.world import World
from tests.credex.simulator.visiting import RUDO, TODAY, Heard, Time, Visitor, core_over


@pytest.fixture
def demo(time: Time) -> CoreSimulator:
    return core_over(demo_world(TODAY), time)


async def login(core: CoreSimulator, phone: str) -> Heard:
    return await Visitor(core).login(phone)


async def test_rudo_of_tier_3_has_money_of_two_kinds_and_three_pages_of_ledger(demo: CoreSimulator) -> None:
    heard = await login(demo, "263770000201")
    assert heard.dashboard["member"]["memberTier"] == 3
    assert heard.account["accountHandle"] == "rudo"
    assert heard.account["balanceData"]["securedNetBalancesByDenom"] == ["1,234.50 USD", "5,000.00 ZWG"]
    rudo = Visitor(demo)
    await rudo.login("263770000201")
    third = await rudo.post("/getLedger", accountID=heard.account["accountID"], numRows=7, startRow=14)
    assert third.details["ledger"]
    assert third.dashboard["pagination"]["hasMore"] is False


async def test_tendai_of_tier_1_has_rudos_offer_waiting(demo: CoreSimulator) -> None:
    heard = await login(demo, "263770000202")
    assert heard.dashboard["member"]["memberTier"] == 1
    assert heard.account["balanceData"]["securedNetBalancesByDenom"] == ["25.00 USD"]
    (offer,) = heard.account["pendingInData"]
    assert offer["counterpartyAccountName"] == "Rudo Moyo Personal"


@pytest.mark.parametrize(("phone", "accounts"), [("263770000203", 3), ("263770000204", 11)])
async def test_chipo_and_farai_have_many_accounts(demo: CoreSimulator, phone: str, accounts: int) -> None:
    heard = await login(demo, phone)
    assert heard.dashboard["member"]["memberTier"] == 5
    assert len(heard.dashboard["accounts"]) == accounts


async def test_nyasha_has_twelve_offers_waiting_one_unsecured(demo: CoreSimulator) -> None:
    offers = (await login(demo, "263770000205")).account["pendingInData"]
    assert len(offers) == 12
    assert [offer["dueDate"] for offer in offers if not offer["secured"]] == ["2025-02-24"]


def test_every_core_starts_with_its_operators() -> None:
    world = founded_world(TODAY)
    audited = {account.handle for account in world.accounts.values() if account.audited}
    assert audited == {"greatsun_trust", "vimbisopay_trust"}
    assert world.account("credex.foundation").kind is AccountKind.CREDEX_FOUNDATION
    assert world.secured_balance("tatenda", "CAD") == 365
    assert world.account("tatenda").pledge == 1


def test_the_same_seed_builds_the_same_world() -> None:
    assert demo_world(TODAY).credexes == demo_world(TODAY).credexes
    assert demo_world(TODAY, seed=1).credexes.keys() != demo_world(TODAY).credexes.keys()


def test_every_offer_of_the_demo_lies_in_the_due_date_window_of_any_day() -> None:
    assert demo_world(date(2024, 2, 29)).offers_of("nyasha")[-1].due == date(2024, 3, 14)


def test_builders_refuse_what_core_would_not_allow(world: World) -> None:
    with pytest.raises(ValueError, match="no cover"):
        world.offer("nyasha", "rudo", "1")
    with pytest.raises(ValueError, match="taken"):
        world.add_member(RUDO, "Rudo", "Moyo")
    with pytest.raises(ValueError, match="taken"):
        world.add_account(RUDO, "Rudo Shop", "tendai")
    with pytest.raises(ValueError, match="nobody has the phone"):
        world.member("263770000999")
    with pytest.raises(ValueError, match="no account has the handle"):
        world.account("nobody")


def test_a_world_can_be_looked_into(world: World) -> None:
    waiting = world.offer("rudo", "tendai", "1,0.50")
    assert waiting.initial == Decimal("10.50")
    assert world.offers_of("rudo", "outgoing") == world.offers_of("tendai", "incoming") == [waiting]
    assert world.offers_of("rudo", "incoming") == []
    assert [credex.initial for credex in world.credexes_of("rudo")] == [Decimal(100), Decimal("10.50")]
    assert repr(world) == "<World 2025-02-10 4 members 3 credexes>"


@pytest.mark.parametrize(("how", "state"), [("accepted", "OWES"), ("declined", "DECLINED"), ("cancelled", "CANCELLED")])
def test_an_open_offer_can_be_ended_behind_all_backs(how: str, state: str) -> None:
    world = demo_world(TODAY)
    (offer,) = world.offers_of("tendai", "incoming")
    assert world.end_offer("tendai", f"{offer.initial}", how).state == state
    assert not world.offers_of("tendai", "incoming")


def test_an_offer_that_is_not_there_cannot_expire() -> None:
    world = demo_world(TODAY)
    with pytest.raises(ValueError, match="no offer of 77 USD waits for tendai"):
        world.end_offer("tendai", "77", "expired")
