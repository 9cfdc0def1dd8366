"""Trouble to order: what was done, what was answered, and when."""

import pytest
import trio
from trio.testing import MockClock

from credex.simulator.core import CoreSimulator
from credex.simulator.faults import Fault, FaultPlan
from tests.credex.simulator.visiting import RUDO, Heard, Time, Visitor, member_of


@pytest.fixture
async def rudo(core: CoreSimulator) -> Visitor:
    return await member_of(core, RUDO)


def offers(core: CoreSimulator) -> int:
    return len(core.world.offers_of("rudo", "outgoing"))


@pytest.mark.parametrize(
    ("fault", "error", "made"),
    [
        (Fault.REFUSED, ConnectionRefusedError, 0),
        (Fault.LOST_BEFORE, ConnectionResetError, 0),
        (Fault.LOST_AFTER, ConnectionResetError, 1),
    ],
)
async def test_a_lost_answer_says_nothing_about_the_offer(
    rudo: Visitor, core: CoreSimulator, fault: Fault, error: type[Exception], made: int
) -> None:
    core.faults.add("/createCredex", fault)
    with pytest.raises(error):
        await rudo.offer("rudo", "tendai", 5)
    assert offers(core) == made


@pytest.mark.parametrize(
    ("fault", "status", "made"),
    [
        (Fault.ERROR_BEFORE, 400, 0),
        (Fault.ERROR_AFTER, 500, 1),
        (Fault.DENIED, 400, 0),
        (Fault.TOO_MANY, 429, 0),
        (Fault.UNAUTHENTICATED, 401, 0),
    ],
)
async def test_an_error_says_nothing_about_the_offer(
    rudo: Visitor, core: CoreSimulator, fault: Fault, status: int, made: int
) -> None:
    core.faults.add("/createCredex", fault, status=status)
    assert (await rudo.offer("rudo", "tendai", 5)).status == status
    assert offers(core) == made


@pytest.mark.parametrize(("fault", "made"), [(Fault.GARBAGE_BEFORE, 0), (Fault.GARBAGE_AFTER, 1)])
async def test_garbage_is_a_success_that_cannot_be_read(
    rudo: Visitor, core: CoreSimulator, fault: Fault, made: int
) -> None:
    core.faults.add("/createCredex", fault)
    body = b'{"issuerAccountID": "' + core.world.account("rudo").id.encode() + b'"'
    status, _, content = await core.respond("POST", "/createCredex", {}, body)
    assert (status, content[:1]) == (200, b"<")
    core.faults.clear()
    core.faults.add("/createCredex", fault)
    with pytest.raises(KeyError, match="text/html"):
        await rudo.offer("rudo", "tendai", 5)
    assert offers(core) == made


async def test_a_denial_looks_like_a_refusal_by_the_schema(rudo: Visitor, core: CoreSimulator) -> None:
    core.faults.add("/createCredex", Fault.DENIED)
    heard = await rudo.offer("rudo", "tendai", 5)
    assert (heard.type, heard.code) == ("ERROR_VALIDATION", "VALIDATION_ERROR")


async def test_too_many_tells_when_to_come_back(rudo: Visitor, core: CoreSimulator) -> None:
    core.faults.add("/login", Fault.TOO_MANY, seconds=7)
    assert (await rudo.login(RUDO)).headers["retry-after"] == "7"


@pytest.mark.parametrize(("fault", "made_meanwhile"), [(Fault.SLOW, 0), (Fault.SLOW_AFTER, 1)])
async def test_a_slow_server_takes_its_time_before_or_after_the_write(
    rudo: Visitor, core: CoreSimulator, fault: Fault, made_meanwhile: int, autojump_clock: MockClock
) -> None:
    core.faults.add("/createCredex", fault, seconds=40)
    heard: list[Heard] = []

    async def offer() -> None:
        heard.append(await rudo.offer("rudo", "tendai", 5))

    started = autojump_clock.current_time()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(offer)
        await trio.sleep(20)
        assert offers(core) == made_meanwhile
    assert autojump_clock.current_time() - started == 40
    assert heard[0].status == 200
    assert offers(core) == 1


async def test_a_lost_answer_may_take_its_time(rudo: Visitor, core: CoreSimulator, autojump_clock: MockClock) -> None:
    core.faults.add("/createCredex", Fault.LOST_AFTER, seconds=40)
    started = autojump_clock.current_time()
    with trio.move_on_after(30) as scope:
        await rudo.offer("rudo", "tendai", 5)
    assert scope.cancelled_caught
    assert autojump_clock.current_time() - started == 30
    assert offers(core) == 1


async def test_a_late_write_is_done_when_its_time_has_come(rudo: Visitor, core: CoreSimulator, time: Time) -> None:
    core.faults.add("/createCredex", Fault.LATE_WRITE, seconds=20)
    with pytest.raises(ConnectionResetError):
        await rudo.offer("rudo", "tendai", 5)
    time.passes(19)
    assert len((await rudo.login(RUDO)).account["pendingOutData"]) == 0
    time.passes(1)
    assert len((await rudo.login(RUDO)).account["pendingOutData"]) == 1
    core.catch_up()
    assert offers(core) == 1


async def test_faults_strike_their_path_as_often_as_told_after_letting_some_pass(
    rudo: Visitor, core: CoreSimulator
) -> None:
    core.faults.add("/getAccountByHandle", Fault.ERROR_BEFORE, skip=1, times=2, status=503)
    statuses = [(await rudo.post("/getBalances", accountID=core.world.account("rudo").id)).status]
    core.faults.add("/login", Fault.ERROR_BEFORE, times=None)
    for _ in range(4):
        status, _, _ = await core.respond("POST", "/getAccountByHandle", {}, b"{}")
        statuses.append(status)
    assert statuses == [200, 401, 503, 503, 401]
    assert [(await rudo.login(RUDO)).status for _ in range(3)] == [500, 500, 500]
    core.faults.clear()
    assert (await rudo.login(RUDO)).status == 200


async def test_a_star_strikes_everywhere(rudo: Visitor, core: CoreSimulator) -> None:
    core.faults.add("*", Fault.REFUSED)
    with pytest.raises(ConnectionRefusedError):
        await rudo.login(RUDO)
    assert (await rudo.login(RUDO)).status == 200


async def test_calls_are_counted_as_they_arrive(rudo: Visitor, core: CoreSimulator) -> None:
    core.faults.add("/createCredex", Fault.REFUSED)
    core.faults.add("/createCredex", Fault.LOST_BEFORE)
    with pytest.raises(ConnectionRefusedError):
        await rudo.offer("rudo", "tendai", 5)
    with pytest.raises(ConnectionResetError):
        await rudo.offer("rudo", "tendai", 6)
    await core.respond("POST", "/createCredex", {}, b"{")
    bodies = [call.body for call in core.calls_to("/createCredex")]
    assert [body and body["InitialAmount"] for body in bodies] == [6, None]
    assert [call.path for call in core.calls] == ["/login", "/createCredex", "/createCredex"]


def test_a_plan_shows_what_is_left_of_it() -> None:
    plan = FaultPlan()
    plan.add("/login", Fault.SLOW, times=2, seconds=1)
    plan.strike("/login")
    assert repr(plan) == "<FaultPlan ['/login SLOW x1']>"
