"""getCredex and getLedger."""

import pytest

from credex.simulator.core import CoreSimulator
from credex.simulator.world import World
from tests.credex.simulator.visiting import RUDO, TENDAI, Visitor, member_of

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def rudo(core: CoreSimulator) -> Visitor:
    return await member_of(core, RUDO)


async def test_a_credex_is_signed_by_the_side_that_asks(rudo: Visitor, world: World) -> None:
    credex = world.pay("rudo", "tendai", "5")
    debit = await rudo.post("/getCredex", credexID=credex.id, accountID=world.account("rudo").id)
    credit = await rudo.post("/getCredex", credexID=credex.id, accountID=world.account("tendai").id)
    assert (debit.details["amount"], credit.details["amount"]) == ("-5.00", "5.00")
    assert debit.details["receiverAccountName"] == "Tendai Ncube Personal"
    assert credit.details["receiverAccountName"] == "Rudo Moyo Personal"
    assert debit.details["transactionType"] == "OWES"
    assert debit.body["data"]["action"]["actor"] == world.account("rudo").id
    assert debit.details["status"]["acceptedAt"].startswith("2025-02-10T")
    assert debit.dashboard == {}


async def test_a_closed_offer_can_still_be_read(rudo: Visitor, world: World) -> None:
    offer = world.offer("rudo", "tendai", "5")
    await rudo.post("/cancelCredex", credexID=offer.id)
    heard = await rudo.post("/getCredex", credexID=offer.id, accountID=world.account("rudo").id)
    assert heard.details["transactionType"] == "CANCELLED"
    assert heard.details["status"]["cancelledAt"] == "2025-02-10T09:15:30.000Z"
    assert heard.details["status"]["outstandingAmount"] == "-0.00 USD"


async def test_an_unsecured_credex_tells_its_due_date(rudo: Visitor, world: World) -> None:
    offer = world.offer("rudo", "tendai", "5", secured=False)
    heard = await rudo.post("/getCredex", credexID=offer.id, accountID=world.account("rudo").id)
    assert heard.details["status"]["dueDate"] == "2025-02-24"


async def test_a_credex_is_not_found_from_an_account_it_does_not_touch(rudo: Visitor, world: World) -> None:
    credex = world.pay("rudo", "tendai", "5")
    heard = await rudo.post("/getCredex", credexID=credex.id, accountID=world.account("nyasha").id)
    assert (heard.status, heard.type, heard.code) == (404, "ERROR_NOT_FOUND", "NOT_FOUND")
    heard = await rudo.post("/getCredex", credexID=UNKNOWN, accountID=world.account("rudo").id)
    assert heard.status == 404


async def test_the_ledger_is_read_newest_first_in_pages(rudo: Visitor, world: World) -> None:
    for amount in ("1", "2", "3.25"):
        world.pay("rudo", "tendai", amount)
    world.offer("rudo", "tendai", "9")
    first = await rudo.post("/getLedger", accountID=world.account("rudo").id, numRows=3, startRow=0)
    assert [entry["formattedAmount"] for entry in first.details["ledger"]] == ["-3.25 USD", "-2.00 USD", "-1.00 USD"]
    assert first.details["ledger"][0]["amount"] == "-3.25"
    assert first.details["ledger"][0]["description"] == "Payment to Tendai Ncube Personal"
    assert first.dashboard["pagination"] == {"startRow": 0, "numRows": 3, "hasMore": True}
    last = await rudo.post("/getLedger", accountID=world.account("rudo").id, numRows=3, startRow=3)
    assert [entry["formattedAmount"] for entry in last.details["ledger"]] == ["100.00 USD"]
    assert last.details["ledger"][0]["description"] == "Payment from USD Trust"
    assert last.dashboard["pagination"]["hasMore"] is False


async def test_a_full_last_page_knows_that_nothing_follows(rudo: Visitor, world: World) -> None:
    heard = await rudo.post("/getLedger", accountID=world.account("rudo").id, numRows=1)
    assert heard.dashboard["pagination"] == {"startRow": 0, "numRows": 1, "hasMore": False}


async def test_the_order_is_that_of_acceptance(core: CoreSimulator, world: World) -> None:
    offers = [world.offer("rudo", "tendai", amount) for amount in ("1", "2")]
    tendai = await member_of(core, TENDAI)
    for offer in reversed(offers):
        core.world.accept(offer, at=core.world.credexes[offers[1].id].accepted_at or offers[1].created_at)
    heard = await tendai.post("/getLedger", accountID=world.account("tendai").id)
    assert [entry["amount"] for entry in heard.details["ledger"]][:2] == ["2", "1"]


async def test_ten_rows_come_unless_told(rudo: Visitor, world: World) -> None:
    for _ in range(11):
        world.pay("rudo", "tendai", "1")
    heard = await rudo.post("/getLedger", accountID=world.account("rudo").id)
    assert len(heard.details["ledger"]) == 10


async def test_an_account_without_payments_has_an_empty_ledger(core: CoreSimulator) -> None:
    nyasha = await member_of(core, "263770000205")
    heard = await nyasha.post("/getLedger", accountID=core.world.account("nyasha").id, numRows=7, startRow=0)
    assert heard.details["ledger"] == []


async def test_foreign_and_unknown_ledgers_are_closed_alike(rudo: Visitor, world: World) -> None:
    for account_id in (world.account("tendai").id, UNKNOWN):
        heard = await rudo.post("/getLedger", accountID=account_id)
        assert (heard.status, heard.type, heard.code) == (403, "ERROR_UNAUTHORIZED", "UNAUTHORIZED_ACCESS")


async def test_rows_must_be_counted_sensibly(rudo: Visitor, world: World) -> None:
    account_id = world.account("rudo").id
    assert (await rudo.post("/getLedger", accountID=account_id, startRow=-1)).code == "INVALID_START_ROW"
    assert (await rudo.post("/getLedger", accountID=account_id, startRow=True)).code == "VALIDATION_ERROR"
    assert (await rudo.post("/getLedger", accountID=account_id, numRows=0)).code == "VALIDATION_ERROR"
