"""createCredex: what an offer needs, in which order it is refused, and what it answers."""

from datetime import date, timedelta

import pytest

from credex.simulator.core import CoreSimulator
from credex.simulator.world import World
from tests.credex.simulator.visiting import RUDO, TENDAI, TODAY, Heard, Time, Visitor, core_over, member_of

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def rudo(core: CoreSimulator) -> Visitor:
    return await member_of(core, RUDO)


@pytest.fixture
async def tendai(core: CoreSimulator) -> Visitor:
    return await member_of(core, TENDAI)


def unsecured(due: date | None) -> dict[str, object]:
    return {"securedCredex": False} | ({"dueDate": due.isoformat()} if due else {})


async def test_an_offer_waits_on_both_sides(rudo: Visitor, core: CoreSimulator) -> None:
    heard = await rudo.offer("rudo", "tendai", "1e1")
    assert (heard.status, heard.type) == (200, "CREDEX_CREATED")
    assert heard.details["amount"] == "10.00"
    assert heard.account["pendingOutData"] == [
        {
            "credexID": heard.id,
            "formattedInitialAmount": "-10.00 USD",
            "counterpartyAccountName": "Tendai Ncube Personal",
            "secured": True,
        }
    ]
    seen = (await Visitor(core).login(TENDAI)).account["pendingInData"]
    assert [(offer["credexID"], offer["formattedInitialAmount"]) for offer in seen] == [(heard.id, "10.00 USD")]


async def test_offers_are_listed_newest_first(rudo: Visitor) -> None:
    for amount in (1, 2):
        await rudo.offer("rudo", "tendai", amount)
    heard = await rudo.offer("rudo", "tendai", 3)
    shown = [offer["formattedInitialAmount"] for offer in heard.account["pendingOutData"]]
    assert shown == ["-3.00 USD", "-2.00 USD", "-1.00 USD"]


async def test_an_account_cannot_pay_itself(rudo: Visitor) -> None:
    heard = await rudo.offer("rudo", "rudo")
    assert (heard.status, heard.type, heard.code) == (400, "ERROR_VALIDATION", "INVALID_ACCOUNTS")
    assert heard.dashboard == {"member": None, "account": None}


async def test_more_than_the_cover_is_refused_with_the_most_possible(rudo: Visitor) -> None:
    heard = await rudo.offer("rudo", "tendai", 1000.5)
    assert (heard.status, heard.type) == (400, "CREDEX_CREATE_FAILED")
    assert heard.code == "INSUFFICIENT_SECURED_BALANCE"
    assert "1,000.50 USD" in heard.details["reason"]
    assert "100.00 USD" in heard.details["reason"]


async def test_cover_in_another_denomination_does_not_count(rudo: Visitor) -> None:
    heard = await rudo.offer("rudo", "tendai", 1, Denomination="CAD")
    assert "0.00 CAD" in heard.details["reason"]


async def test_an_audited_account_needs_no_cover(world: World, core: CoreSimulator) -> None:
    trust = world.account("usd_trust")
    auditor = await member_of(core, world.members[trust.owner].phone)
    heard = await auditor.offer("usd_trust", "rudo", 1_000_000)
    assert heard.details["amount"] == "1,000,000.00"


async def test_foreign_accounts_and_unknown_receivers_are_forbidden(rudo: Visitor) -> None:
    heard = await rudo.offer("tendai", "rudo")
    assert (heard.status, heard.type, heard.code) == (400, "CREDEX_CREATE_FAILED", "FORBIDDEN")
    heard = await rudo.offer("rudo", "tendai", receiverAccountID=UNKNOWN)
    assert (heard.status, heard.code) == (400, "FORBIDDEN")


async def test_an_unknown_issuer_ends_as_a_tier_denial(rudo: Visitor) -> None:
    heard = await rudo.offer("rudo", "tendai", issuerAccountID=UNKNOWN)
    assert (heard.status, heard.type, heard.code) == (403, "ERROR_UNAUTHORIZED", "TIER_LIMIT_EXCEEDED")


async def test_the_tier_is_asked_before_the_due_date_and_the_cover(tendai: Visitor) -> None:
    assert (await tendai.offer("tendai", "rudo", 11, securedCredex=False)).code == "TIER_LIMIT_EXCEEDED"
    assert (await tendai.offer("tendai", "rudo", 5000)).code == "TIER_LIMIT_EXCEEDED"


async def test_the_allowance_shrinks_and_a_taken_back_offer_returns_it(tendai: Visitor) -> None:
    first = await tendai.offer("tendai", "rudo", 7.5)
    assert first.dashboard["member"]["remainingAvailableUSD"] == 2.5
    refused = await tendai.offer("tendai", "rudo", 2.51)
    assert refused.status == 403
    assert "2.50 USD" in refused.details["reason"]
    assert refused.details["field"] == "securedCredex"
    await tendai.post("/cancelCredex", credexID=first.id)
    assert (await tendai.offer("tendai", "rudo", 10)).status == 200


async def test_the_limit_converts_at_the_days_rate(world: World, tendai: Visitor) -> None:
    world.fund("tendai", "1,000.00", "ZWG")
    heard = await tendai.offer("tendai", "rudo", 280, Denomination="ZWG")
    assert heard.dashboard["member"]["remainingAvailableUSD"] == 0
    assert (await tendai.offer("tendai", "rudo", 1, Denomination="ZWG")).status == 403


@pytest.mark.parametrize(("days", "status"), [(-1, 400), (6, 400), (7, 200), (34, 200), (35, 400)])
async def test_the_due_date_lies_7_to_34_days_ahead(rudo: Visitor, days: int, status: int) -> None:
    heard = await rudo.offer("rudo", "tendai", 5, **unsecured(TODAY + timedelta(days=days)))
    assert heard.status == status
    if status == 400:
        assert (heard.type, heard.code, heard.details["field"]) == ("ERROR_VALIDATION", "INVALID_DUE_DATE", "dueDate")
    else:
        assert heard.account["pendingOutData"][0]["dueDate"] == (TODAY + timedelta(days=days)).isoformat()
        assert heard.account["pendingOutData"][0]["secured"] is False


async def test_due_dates_are_needed_unsecured_and_refused_secured(rudo: Visitor) -> None:
    assert (await rudo.offer("rudo", "tendai", **unsecured(None))).code == "MISSING_DUE_DATE"
    assert (await rudo.offer("rudo", "tendai", securedCredex=False, dueDate="")).code == "MISSING_DUE_DATE"
    assert (await rudo.offer("rudo", "tendai", securedCredex=False, dueDate="2025-02-30")).code == "INVALID_DUE_DATE"
    assert (await rudo.offer("rudo", "tendai", dueDate="2025-02-20")).code == "INVALID_DUE_DATE"
    assert (await rudo.offer("rudo", "tendai", dueDate="soon")).code == "VALIDATION_ERROR"


@pytest.mark.parametrize("amount", [0, -1, "0", "abc", "", "nan", "Infinity", "1_0", True, [], "1e400"])
async def test_an_amount_is_above_zero_and_finite(rudo: Visitor, amount: object) -> None:
    heard = await rudo.offer("rudo", "tendai", amount)
    if amount is True:
        assert heard.details["amount"] == "1.00"
    else:
        assert (heard.status, heard.code, heard.details["field"]) == (400, "VALIDATION_ERROR", "InitialAmount")


async def test_an_amount_may_have_any_decimals_and_size(world: World, time: Time) -> None:
    core = core_over(world, time)
    rudo = await member_of(core, RUDO)
    heard = await rudo.offer("rudo", "tendai", "0.001")
    assert heard.details["amount"] == "0.00"
    assert heard.account["pendingOutData"][0]["formattedInitialAmount"] == "-0.00 USD"
    heard = await rudo.offer("rudo", "tendai", 1e300)
    assert heard.code == "INSUFFICIENT_SECURED_BALANCE"
    assert (await rudo.offer("rudo", "tendai", "0x10")).details["amount"] == "16.00"


async def test_an_offer_writes_nothing_when_it_is_refused(rudo: Visitor, world: World) -> None:
    before = dict(world.credexes)
    refusals: list[Heard] = [await rudo.offer("rudo", "tendai", 101), await rudo.offer("rudo", "rudo")]
    assert {heard.status for heard in refusals} == {400}
    assert world.credexes == before
