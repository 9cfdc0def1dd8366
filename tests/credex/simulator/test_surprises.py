"""The behaviours that a naive simulator gets wrong, one test each."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from credex.simulator.core import CoreSimulator
from credex.simulator.faults import Fault
from credex.simulator.nightly import close_day
from credex.simulator.records import CredexState
from credex.simulator.seeds import founded_world
from credex.simulator.world import World
from tests.credex.simulator.visiting import NYASHA, RUDO, TENDAI, TODAY, Time, Visitor, core_over, member_of

NOON = datetime(2025, 2, 10, 12, tzinfo=UTC)
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def rudo(core: CoreSimulator) -> Visitor:
    return await member_of(core, RUDO)


@pytest.fixture
async def tendai(core: CoreSimulator) -> Visitor:
    return await member_of(core, TENDAI)


async def test_a_repeated_create_is_a_second_offer(rudo: Visitor, core: CoreSimulator) -> None:
    core.faults.add("/createCredex", Fault.LOST_AFTER)
    with pytest.raises(ConnectionResetError):
        await rudo.offer("rudo", "tendai", 5)
    await rudo.offer("rudo", "tendai", 5)
    assert len(core.world.offers_of("tendai", "incoming")) == 2
    assert core.world.secured_balance("rudo") == 90


async def test_accept_errors_carry_no_useful_code(tendai: Visitor, world: World) -> None:
    accepted, foreign = world.pay("rudo", "tendai", "1"), world.offer("rudo", "nyasha", "1")
    declined, expired = world.offer("rudo", "tendai", "1"), world.offer("rudo", "tendai", "1")
    await tendai.post("/declineCredex", credexID=declined.id)
    world.expire(expired)
    answers = [
        await tendai.post("/acceptCredex", credexID=credex_id)
        for credex_id in (UNKNOWN, accepted.id, foreign.id, declined.id, expired.id)
    ]
    assert {(heard.status, heard.type, heard.code) for heard in answers} == {(400, "ERROR_INTERNAL", "ACCEPT_FAILED")}
    assert [heard.details["reason"] for heard in answers] == [
        "Credex not found",
        "Credex has already been accepted",
        "Accept refused, authorisation missing",
        "Credex is in an invalid state",
        "Credex is in an invalid state",
    ]


async def test_decline_and_cancel_fail_differently_for_the_same_reason(tendai: Visitor, world: World) -> None:
    gone = world.pay("tendai", "rudo", "1")
    declined = await tendai.post("/declineCredex", credexID=gone.id)
    cancelled = await tendai.post("/cancelCredex", credexID=gone.id)
    assert (declined.status, declined.type, declined.code) == (404, "ERROR_NOT_FOUND", "NOT_FOUND")
    assert (cancelled.status, cancelled.type, cancelled.code) == (400, "ERROR_INTERNAL", "CANCEL_FAILED")
    assert declined.details["reason"] == cancelled.details["reason"]
    assert declined.dashboard == {"member": None, "account": None}


async def test_a_client_that_ignores_the_refreshed_token_is_out_after_5_minutes(rudo: Visitor, time: Time) -> None:
    for _ in range(5):
        assert (await rudo.post("/getAccountByHandle", accountHandle="rudo")).status == 200
        time.passes(60)
    time.passes(1)
    heard = await rudo.post("/getAccountByHandle", accountHandle="rudo")
    assert (heard.status, heard.body) == (401, {"message": "Token expired"})


async def test_old_tokens_stay_good_for_their_own_5_minutes(rudo: Visitor, time: Time) -> None:
    old = rudo.token
    time.passes(200)
    heard = await rudo.post("/getAccountByHandle", accountHandle="rudo")
    fresh = heard.headers["authorization"].removeprefix("Bearer ")
    assert fresh != old
    time.passes(100)
    assert (await rudo.post("/getAccountByHandle", accountHandle="rudo")).status == 200
    rudo.token = fresh
    time.passes(200)
    assert (await rudo.post("/getAccountByHandle", accountHandle="rudo")).status == 200


async def test_401_has_no_envelope(visitor: Visitor) -> None:
    assert (await visitor.post("/getLedger")).body == {"message": "Authentication required"}


async def test_429_is_plain_text_and_comes_before_authentication(world: World, time: Time) -> None:
    visitor = Visitor(core_over(world, time, rate_limit=1))
    await visitor.send("GET", "/health", {}, b"")
    heard = await visitor.post("/getLedger")
    assert (heard.status, heard.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert "{" not in heard.body


async def test_an_offer_not_yet_accepted_can_be_spent(core: CoreSimulator, world: World) -> None:
    world.offer("rudo", "nyasha", "8")
    nyasha = await member_of(core, NYASHA)
    heard = await nyasha.offer("nyasha", "tendai", 8)
    assert heard.status == 200
    assert heard.account["balanceData"]["securedNetBalancesByDenom"] == ["-8.00 USD"]


async def test_covers_of_two_securers_do_not_add_up(core: CoreSimulator, world: World) -> None:
    world.add_account(RUDO, "Other Trust", "other_trust", "TRUST", "USD", audited=True)
    world.pay("usd_trust", "nyasha", "5")
    world.pay("other_trust", "nyasha", "5")
    nyasha = await member_of(core, NYASHA)
    heard = await nyasha.offer("nyasha", "tendai", 8)
    assert heard.code == "INSUFFICIENT_SECURED_BALANCE"
    assert (await nyasha.offer("nyasha", "tendai", 5)).status == 200


async def test_sums_of_doubles_may_fall_short_of_what_is_shown(core: CoreSimulator, world: World) -> None:
    for amount in ("0.70", "0.10"):
        world.fund("nyasha", amount)
    nyasha = await member_of(core, NYASHA)
    heard = await nyasha.offer("nyasha", "tendai", 0.8)
    assert heard.details["reason"] == "0.80 USD cannot be secured, the most possible is 0.80 USD"


async def test_net_assets_ignore_offers_and_the_secured_balance_does_not(rudo: Visitor) -> None:
    balances = (await rudo.offer("rudo", "tendai", 30)).account["balanceData"]
    assert balances["securedNetBalancesByDenom"] == ["70.00 USD"]
    assert balances["netCredexAssetsInDefaultDenom"] == "100.00 USD"


async def test_zero_balances_are_listed(core: CoreSimulator, world: World) -> None:
    world.pay("tendai", "rudo", "25")
    heard = await Visitor(core).login(TENDAI)
    assert heard.account["balanceData"]["securedNetBalancesByDenom"] == ["0.00 USD"]


async def test_without_secured_history_the_balances_have_no_denomination(core: CoreSimulator, world: World) -> None:
    world.accept(world.offer("nyasha", "rudo", "40", secured=False), at=NOON)
    balances = (await Visitor(core).login(NYASHA)).account["balanceData"]
    assert balances == {
        "securedNetBalancesByDenom": [],
        "unsecuredBalancesInDefaultDenom": {"totalPayables": "0.00", "totalReceivables": "0.00", "netPayRec": "0.00"},
        "netCredexAssetsInDefaultDenom": "0.00",
    }


async def test_unsecured_debts_show_in_the_default_denomination(core: CoreSimulator, world: World) -> None:
    world.accept(world.offer("tendai", "rudo", "280", "ZWG", secured=False), at=NOON)
    balances = (await Visitor(core).login(TENDAI)).account["balanceData"]
    assert balances["unsecuredBalancesInDefaultDenom"] == {
        "totalPayables": "10.00 USD",
        "totalReceivables": "0.00 USD",
        "netPayRec": "-10.00 USD",
    }
    assert balances["netCredexAssetsInDefaultDenom"] == "15.00 USD"


async def test_thousands_are_grouped_and_a_zero_debit_has_a_minus(rudo: Visitor, world: World) -> None:
    world.fund("rudo", "1,134.50")
    assert (await rudo.login(RUDO)).account["balanceData"]["securedNetBalancesByDenom"] == ["1,234.50 USD"]
    credex = world.pay("rudo", "tendai", "5")
    heard = await rudo.post("/getCredex", credexID=credex.id, accountID=world.account("rudo").id)
    assert heard.details["status"]["redeemedAmount"] == "-0.00 USD"


async def test_answers_to_actions_carry_only_the_account_acted_on(rudo: Visitor, world: World) -> None:
    world.add_account(RUDO, "Rudo Shop", "rudo_shop")
    assert len((await rudo.login(RUDO)).dashboard["accounts"]) == 2
    assert (await rudo.offer("rudo", "tendai", 5)).account["accountHandle"] == "rudo"


async def test_the_ledgers_dashboard_is_not_a_dashboard(rudo: Visitor, world: World) -> None:
    heard = await rudo.post("/getLedger", accountID=world.account("rudo").id)
    assert set(heard.dashboard) == {"ledger", "pagination"}
    assert heard.dashboard["ledger"] == heard.details["ledger"]


async def test_no_limit_is_null(core: CoreSimulator) -> None:
    assert (await Visitor(core).login(RUDO)).dashboard["member"]["remainingAvailableUSD"] is None
    assert (await Visitor(core).login(TENDAI)).dashboard["member"]["remainingAvailableUSD"] == 10


async def test_the_limit_counts_everything_live_from_all_own_accounts(tendai: Visitor, world: World) -> None:
    world.add_account(TENDAI, "Tendai Shop", "tendai_shop")
    world.pay("tendai", "rudo", "3")
    world.offer("tendai_shop", "rudo", "4", secured=False)
    gone = [world.offer("tendai", "rudo", "1") for _ in range(4)]
    world.decline(gone[0], at=NOON)
    world.cancel(gone[1], at=NOON)
    world.expire(gone[2])
    world.clear(world.accept(gone[3], at=NOON))
    assert (await tendai.login(TENDAI)).dashboard["member"]["remainingAvailableUSD"] == 3


async def test_the_limit_is_that_of_the_accounts_owner(core: CoreSimulator, world: World) -> None:
    world.authorize("tendai", RUDO)
    rudo = await member_of(core, RUDO)
    assert (await rudo.offer("tendai", "nyasha", 11)).code == "TIER_LIMIT_EXCEEDED"


async def test_the_allowance_renews_with_the_core_day_and_not_with_the_clock(tendai: Visitor, time: Time) -> None:
    await tendai.offer("tendai", "rudo", 10)
    time.passes(24 * 60 * 60)
    assert (await tendai.login(TENDAI)).dashboard["member"]["remainingAvailableUSD"] == 0
    close_day(tendai.core.world)
    assert (await tendai.login(TENDAI)).dashboard["member"]["remainingAvailableUSD"] == 10


async def test_the_nightly_job_runs_by_the_clock_when_told(world: World, time: Time) -> None:
    visitor = Visitor(core_over(world, time, nightly_job=True))
    time.passes(3 * 24 * 60 * 60)
    await visitor.login(RUDO)
    assert world.today == date(2025, 2, 13)


@pytest.mark.parametrize("today", [date(2025, 1, 29), date(2025, 3, 31), date(2025, 12, 10)])
async def test_the_due_date_window_is_open_on_38_days(time: Time, today: date) -> None:
    world = World(today)
    world.add_member(RUDO, "Rudo", "Moyo", 3, "rudo")
    world.add_member(TENDAI, "Tendai", "Ncube", handle="tendai")
    rudo = await member_of(core_over(world, time), RUDO)
    for due, status in (("2024-01-01", 200), ("2031-05-06", 200), ("2025-02-30", 400)):
        assert (await rudo.offer("rudo", "tendai", 5, securedCredex=False, dueDate=due)).status == status


async def test_a_due_date_on_one_of_those_days_is_printed_as_invalid(world: World, core: CoreSimulator) -> None:
    world.offer("rudo", "tendai", "5", secured=False, due=date(2025, 12, 24))
    (offer,) = (await Visitor(core).login(TENDAI)).account["pendingInData"]
    assert offer["dueDate"] == "Invalid date"


async def test_offers_expire_after_two_to_three_days(tendai: Visitor, world: World) -> None:
    offer = world.offer("rudo", "tendai", "5")
    for _ in range(2):
        close_day(world)
    assert world.offers_of("tendai") == [offer]
    close_day(world)
    assert world.offers_of("tendai") == []
    assert world.credexes[offer.id].state is CredexState.EXPIRED
    assert world.secured_balance("rudo") == 100
    heard = await tendai.post("/acceptCredex", credexID=offer.id)
    assert heard.details["reason"] == "Credex is in an invalid state"
    assert (await tendai.post("/getCredex", credexID=offer.id, accountID=offer.receiver)).status == 404


async def test_overdue_unsecured_debts_default_and_stay_outstanding(rudo: Visitor, world: World) -> None:
    debt = world.accept(world.offer("tendai", "rudo", "5", secured=False, due=TODAY), at=NOON)
    close_day(world)
    heard = await rudo.post("/getCredex", credexID=debt.id, accountID=world.account("rudo").id)
    assert heard.details["status"]["defaultedAmount"] == "5.00 USD"
    assert heard.details["status"]["outstandingAmount"] == "5.00 USD"


async def test_tiers_and_balances_may_be_half_a_minute_old(world: World, time: Time) -> None:
    tendai = await member_of(core_over(world, time, keep_seconds=30), TENDAI)
    world.enrol(replace(world.member(TENDAI), tier=3))
    world.pay("rudo", "tendai", "5")
    stale = await tendai.login(TENDAI)
    assert stale.dashboard["member"]["memberTier"] == 1
    assert stale.account["balanceData"]["securedNetBalancesByDenom"] == ["25.00 USD"]
    heard = await tendai.offer("tendai", "rudo", 1)
    assert heard.dashboard["member"]["memberTier"] == 1
    assert heard.account["balanceData"]["securedNetBalancesByDenom"] == ["29.00 USD"]
    time.passes(30)
    assert (await tendai.login(TENDAI)).dashboard["member"]["memberTier"] == 3


async def test_hustler10k_charges_each_time_and_sets_tier_3_even_from_above(time: Time) -> None:
    world = founded_world(TODAY)
    world.add_member(RUDO, "Rudo", "Moyo", 5, "rudo")
    world.fund("rudo", "10")
    rudo = await member_of(core_over(world, time), RUDO)
    for _ in range(2):
        await rudo.post("/hustler10k", personalAccountID=world.account("rudo").id)
    assert world.secured_balance("rudo") == 8
    assert world.member(RUDO).tier == 3


@pytest.mark.parametrize("name", ["Jo", "Li", "N'G", "Zoé", "O'B"])
async def test_names_shorter_than_three_plain_letters_are_refused(visitor: Visitor, name: str) -> None:
    heard = await visitor.post(
        "/onboardMember", firstname=name, lastname="Moyo", phone="263770000301", defaultDenom="USD"
    )
    assert (heard.status, heard.code, heard.details["field"]) == (400, "VALIDATION_ERROR", "firstname")


async def test_anybody_logged_in_may_read_any_credex(core: CoreSimulator, world: World) -> None:
    credex = world.pay("rudo", "tendai", "5")
    nyasha = await member_of(core, NYASHA)
    heard = await nyasha.post("/getCredex", credexID=credex.id, accountID=world.account("rudo").id)
    assert heard.status == 200


async def test_requests_can_be_made_but_neither_listed_nor_accepted(
    rudo: Visitor, tendai: Visitor, world: World
) -> None:
    heard = await rudo.offer("rudo", "tendai", 5, OFFERSorREQUESTS="REQUESTS")
    assert heard.status == 200
    assert heard.account["pendingOutData"] == []
    assert (await tendai.login(TENDAI)).account["pendingInData"] == []
    assert (await tendai.post("/acceptCredex", credexID=heard.id)).code == "ACCEPT_FAILED"
    read = await rudo.post("/getCredex", credexID=heard.id, accountID=world.account("rudo").id)
    assert read.details["transactionType"] == "REQUESTS"


async def test_the_ledgers_timestamp_is_the_databases_own_object(rudo: Visitor, world: World) -> None:
    heard = await rudo.post("/getLedger", accountID=world.account("rudo").id)
    stamp = heard.details["ledger"][0]["timestamp"]
    assert stamp["year"] == {"low": 2025, "high": 0}
    assert stamp["day"] == {"low": 10, "high": 0}
    assert stamp["timeZoneId"] is None


async def test_a_generic_error_body_has_no_action(rudo: Visitor, core: CoreSimulator) -> None:
    core.faults.add("/createCredex", Fault.ERROR_BEFORE)
    heard = await rudo.offer("rudo", "tendai", 5)
    assert heard.body == {"status": "error", "statusCode": 500, "message": "Internal Server Error"}


async def test_an_unknown_path_is_404_only_with_a_token(rudo: Visitor, visitor: Visitor) -> None:
    assert (await visitor.post("/nowhere")).status == 401
    heard = await rudo.post("/nowhere")
    assert (heard.status, heard.body["message"]) == (404, "Not Found")
    assert (await rudo.send("GET", "/login", {"authorization": f"Bearer {rudo.token}"}, b"")).status == 404


async def test_a_bad_client_key_has_no_envelope(visitor: Visitor) -> None:
    heard = await visitor.send("POST", "/login", {"x-client-api-key": "another"}, b'{"phone":"263770000201"}')
    assert heard.body == {"message": "Unauthorized client"}
