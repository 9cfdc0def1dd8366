"""Recurring payments."""

import pytest

from credex.simulator.core import CoreSimulator
from credex.simulator.seeds import demo_world
from tests.credex.simulator.visiting import NYASHA, RUDO, TENDAI, TODAY, Heard, Time, Visitor, core_over, member_of

UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def demo(time: Time) -> CoreSimulator:
    return core_over(demo_world(TODAY), time)


@pytest.fixture
async def rudo(demo: CoreSimulator) -> Visitor:
    return await member_of(demo, RUDO)


async def set_up(visitor: Visitor, source: str = "rudo", target: str = "tendai", **terms: object) -> Heard:
    world = visitor.core.world
    body = {
        "sourceAccountID": world.account(source).id,
        "targetAccountID": world.account(target).id,
        "templateType": "REGULAR",
        "payFrequency": 7,
        "startDate": "2025-02-17",
        "amount": "12.5",
        "denomination": "USD",
    }
    kept = {name: value for name, value in (body | terms).items() if value is not None}
    return await visitor.post("/createRecurring", **kept)


async def test_a_regular_payment_waits_for_its_target(rudo: Visitor, demo: CoreSimulator) -> None:
    heard = await set_up(rudo)
    assert (heard.status, heard.type) == (201, "RECURRING_CREATED")
    assert heard.details["scheduleInfo"]["status"] == "PENDING"
    assert heard.details["scheduleInfo"]["amount"] == "12.50"
    assert (await rudo.post("/acceptRecurring", recurringID=heard.id)).status == 403
    tendai = await member_of(demo, TENDAI)
    accepted = await tendai.post("/acceptRecurring", recurringID=heard.id)
    assert (accepted.type, accepted.details["scheduleInfo"]["status"]) == ("RECURRING_ACCEPTED", "ACTIVE")
    assert (await tendai.post("/acceptRecurring", recurringID=heard.id)).code == "409"


async def test_either_side_ends_it_once(rudo: Visitor, demo: CoreSimulator) -> None:
    recurring = (await set_up(rudo)).id
    assert (await (await member_of(demo, NYASHA)).post("/cancelRecurring", recurringID=recurring)).status == 403
    assert (await rudo.post("/cancelRecurring", recurringID=recurring)).type == "RECURRING_CANCELLED"
    assert (await rudo.post("/cancelRecurring", recurringID=recurring)).status == 409


async def test_a_template_can_be_read_by_its_parties(rudo: Visitor, demo: CoreSimulator) -> None:
    recurring = (await set_up(rudo)).id
    own, foreign = demo.world.account("rudo").id, demo.world.account("nyasha").id
    heard = await rudo.post("/getRecurring", recurringID=recurring, accountID=own)
    assert heard.details["participants"]["sourceAccountID"] == own
    assert (await rudo.post("/getRecurring", recurringID=recurring, accountID=foreign)).code == "403"


async def test_unknown_templates_are_404_in_the_code_too(rudo: Visitor, demo: CoreSimulator) -> None:
    own = demo.world.account("rudo").id
    for path in ("/acceptRecurring", "/cancelRecurring", "/getRecurring"):
        heard = await rudo.post(path, recurringID=UNKNOWN, accountID=own)
        assert (heard.status, heard.code) == (404, "404")


async def test_a_subscription_is_charged_each_time_it_is_set_up(rudo: Visitor, demo: CoreSimulator) -> None:
    before = demo.world.secured_balance("rudo")
    terms = {"templateType": "MEMBERTIER_SUBSCRIPTION", "payFrequency": 28, "targetAccountID": None}
    await set_up(rudo, "rudo", "tendai", **terms)
    heard = await set_up(rudo, "rudo", "tendai", **terms)
    assert heard.details["scheduleInfo"]["nextRunDate"] == "2025-03-17"
    assert heard.details["scheduleInfo"]["status"] == "ACTIVE"
    assert demo.world.secured_balance("rudo") == before - 2
    assert len(demo.world.recurring) == 2


async def test_a_subscription_without_cover_is_refused(demo: CoreSimulator) -> None:
    demo.world.add_member("263770000301", "Tariro", "Moyo", handle="tariro")
    tariro = await member_of(demo, "263770000301")
    heard = await set_up(tariro, "tariro", templateType="MEMBERTIER_SUBSCRIPTION", payFrequency=28)
    assert (heard.status, heard.code) == (400, "400")
    assert demo.world.member("263770000301").tier == 1


async def test_a_daily_pledge_goes_to_the_foundation(rudo: Visitor, demo: CoreSimulator) -> None:
    pledge = {"templateType": "DCO_GIVE", "payFrequency": 1, "DCOgiveInCXX": 1, "DCOdenom": "CXX"}
    heard = await set_up(rudo, "rudo", "tendai", **pledge)
    assert heard.details["scheduleInfo"]["amount"] == "1.000"
    assert heard.details["participants"]["targetAccountID"] == demo.world.account("credex.foundation").id


async def test_terms_that_do_not_fit_are_refused(rudo: Visitor) -> None:
    assert (await set_up(rudo, payFrequency=7, templateType="MEMBERTIER_SUBSCRIPTION")).code == "400"
    assert (await set_up(rudo, amount=None)).details["field"] == "amount"
    assert (await set_up(rudo, startDate="2025-02-30")).details["field"] == "startDate"
    assert (await set_up(rudo, payFrequency=0)).code == "VALIDATION_ERROR"
    assert (await set_up(rudo, targetAccountID=UNKNOWN)).status == 404
    assert (await set_up(rudo, sourceAccountID=UNKNOWN)).status == 404
    assert (await set_up(rudo, "tendai", "rudo")).status == 403
