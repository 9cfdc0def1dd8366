"""An answer that is lost, late or broken: one offer in the ledger whatever happened, and the member hears what did."""

from functools import partial
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from actors.audit import facts_of
from actors.settlement import PATIENCE
from credex.simulator.core import CoreSimulator
from credex.simulator.records import CredexState
from credex.simulator.seeds import founded_world
from runtime.address import Address
from runtime.clock import VirtualClock
from runtime.memory_store import MemoryStore
from runtime.store import Payments, Store, Trail
from tests.support import webhooks
from tests.support.embedded import START, Embedded, embedded
from tests.support.graph import GraphStandIn, Shown
from tests.support.people import RUDO, TENDAI, confirm_screen, do, rudo_and_tendai, say, tap

MEMBER = Address(f"member:{TENDAI}")


def states(store: Store, phone: str = TENDAI) -> list[str]:
    store.open()
    [payments] = store.run([Payments(Address(f"member:{phone}"))])
    return [payment.state for payment in payments]


def steps(store: Store) -> list[str]:
    [entries] = store.run([Trail(MEMBER, 99)])
    return [entry.step for entry in reversed(entries)]


async def signed(server: Embedded, **fault: Any) -> list[Shown]:  # noqa: ANN401 - JSON
    """Tendai signs an offer of 5.00 USD to Rudo, and this goes wrong; everything the bot said from then on."""
    await rudo_and_tendai(server)
    screen = await confirm_screen(server)
    before = len(server.graph.sent[TENDAI])
    await server.direct(do("trouble", path="/createCredex", **fault))
    assert await server.post(tap(server, TENDAI, screen, "Sign and Send")) == 200
    return (await server.messages(TENDAI, 0))[before:]


def told(shown: list[Shown]) -> str:
    return "\n---\n".join(message.text for message in shown)


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "LOST_AFTER"},
        {"fault": "LOST_AFTER", "seconds": 20},
        {"fault": "ERROR_AFTER", "status": 500},
        {"fault": "ERROR_AFTER", "status": 502},
        {"fault": "ERROR_AFTER", "status": 400},
        {"fault": "GARBAGE_AFTER"},
        {"fault": "SLOW_AFTER", "seconds": 60},
        {"fault": "SLOW_WRITE", "seconds": 60},
        {"fault": "SLOW_WRITE", "seconds": 140},
        {"fault": "LATE_WRITE", "seconds": 5},
        {"fault": "LATE_WRITE", "seconds": 110},
    ],
    ids=lambda fault: "-".join(map(str, fault.values())),
)
async def test_an_offer_that_was_made_is_found_and_told_and_is_there_once(
    fault: dict[str, object], autojump_clock: MockClock
) -> None:
    async with embedded() as server:
        shown = await signed(server, **fault)
        assert "I do not know yet whether your offer of 5.00 USD" in told(shown)
        assert "I have checked: your offer went through. You offered 5.00 USD, secured" in shown[-1].text
        assert len(server.core.calls_to("/createCredex")) == 1
        assert len(server.core.world.offers_of("tendai")) == 1
        assert states(server.store) == ["settled"]
        assert steps(server.store) == ["consented", "sent", "answered", "settled"]


async def signed_and_answered_before_anybody_looked(server: Embedded, row: str) -> str:
    """Tendai's offer is made, Rudo answers it by this row of the menu, its own answer comes late; what Tendai hears."""
    screen = await confirm_screen(server)
    await server.direct(do("trouble", path="/createCredex", fault="SLOW_AFTER", seconds=60))
    await server.post(tap(server, TENDAI, screen, "Sign and Send"))
    await trio.sleep(10)
    for word in ("hi", row, "1", "yes"):
        await server.post(_typed(server, word, RUDO))
        await trio.sleep(1)
    heard: list[Shown] = await server.messages(TENDAI, 0)
    return heard[-1].text


async def test_an_offer_accepted_before_anybody_looked_is_found_on_the_ledger(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        await server.direct(do("pay", from_handle="tendai", to_handle="rudo", amount="5.00", denom="USD"))
        await trio.sleep(600)
        heard = await signed_and_answered_before_anybody_looked(server, "Accept Offers")
        assert server.core.world.offers_of("tendai") == []
        assert "your offer went through" in heard
        assert states(server.store) == ["settled"]


async def test_an_offer_declined_before_anybody_looked_is_not_told_as_never_made(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        heard = await signed_and_answered_before_anybody_looked(server, "Decline Offers")
        assert server.core.world.credexes_of("tendai")[-1].state is CredexState.DECLINED
        assert "was not made, or was declined before I could see it. Nothing was taken" in heard
        assert states(server.store) == ["settled"]


@pytest.mark.parametrize("fault", ["LOST_BEFORE", "ERROR_BEFORE", "GARBAGE_BEFORE", "SLOW"])
async def test_an_offer_that_was_not_made_is_told_and_sent_again_only_when_signed_again(
    fault: str, autojump_clock: MockClock
) -> None:
    async with embedded() as server:
        began = server.now()
        shown = await signed(server, fault=fault, seconds=60)
        assert (server.now() - began).total_seconds() >= 120
        assert "your offer of 5.00 USD to Rudo Moyo Personal (@rudo) was not made" in shown[-1].text
        assert "Please check your offer" in shown[-1].text
        assert len(server.core.calls_to("/createCredex")) == 1
        assert server.core.world.offers_of("tendai") == []
        assert states(server.store) == ["settled"]
        await server.post(tap(server, TENDAI, shown[-1], "Sign and Send"))
        assert "You offered 5.00 USD" in (await server.messages(TENDAI, 0))[-1].text
        assert len(server.core.world.offers_of("tendai")) == 1
        assert states(server.store) == ["settled", "done"]


async def test_an_old_button_does_not_sign_what_is_asked_anew(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await signed(server, fault="LOST_BEFORE")
        [first, _] = [message for message in server.graph.sent[TENDAI] if message.choice("Sign and Send")]
        await server.post(tap(server, TENDAI, first, "Sign and Send"))
        assert "That screen has expired" in (await server.messages(TENDAI, 0))[-1].text
        assert len(server.core.calls_to("/createCredex")) == 1


@pytest.mark.parametrize("fault", ["LOST_AFTER", "LOST_BEFORE"])
async def test_a_process_that_dies_while_it_finds_out_goes_on_where_it_was(
    fault: str, autojump_clock: MockClock
) -> None:
    clock, graph, store = VirtualClock(START), GraphStandIn(), MemoryStore()
    core = CoreSimulator(founded_world(START.date()), now=clock.now, client_key="key", rate_limit=None)
    running = partial(embedded, store=store, core=core, graph=graph, clock=clock)
    with trio.move_on_after(30):
        async with running() as server:
            await server.direct(do("trouble", path="/getLedger", fault="ERROR_BEFORE", times=None))
            await signed(server, fault=fault)
    assert states(store) == ["unknown"]
    async with running() as server:
        await server.direct(do("no_trouble"))
        shown = await server.messages(TENDAI, 0)
        made = fault == "LOST_AFTER"
        assert ("your offer went through" if made else "was not made") in shown[-1].text
        assert len(core.calls_to("/createCredex")) == 1
        assert len(core.world.offers_of("tendai")) == int(made)
        assert states(store) == ["settled"]


async def test_stopping_does_not_wait_for_what_is_being_found_out(autojump_clock: MockClock) -> None:
    clock, graph, store = VirtualClock(START), GraphStandIn(), MemoryStore()
    core = CoreSimulator(founded_world(START.date()), now=clock.now, client_key="key", rate_limit=None)
    running = partial(embedded, store=store, core=core, graph=graph, clock=clock)
    async with running() as server:
        await rudo_and_tendai(server)
        screen = await confirm_screen(server)
        await server.direct(do("trouble", path="/createCredex", fault="LOST_BEFORE"))
        await server.post(tap(server, TENDAI, screen, "Sign and Send"))
        await trio.sleep(50)
        told_to_stop = trio.current_time()
    assert trio.current_time() - told_to_stop < 5
    assert states(store) == ["unknown"]
    async with running() as server:
        assert "was not made" in (await server.messages(TENDAI, 0))[-1].text


async def test_while_it_is_found_out_the_member_is_answered_and_can_look_but_not_sign(
    autojump_clock: MockClock,
) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        screen = await confirm_screen(server)
        await server.direct(do("trouble", path="/createCredex", fault="LOST_BEFORE"))
        await server.post(tap(server, TENDAI, screen, "Sign and Send"))

        async def hears(word: str, answer: str) -> None:
            await server.post(_typed(server, word))
            await trio.sleep(1)
            assert answer in server.graph.sent[TENDAI][-1].text

        await trio.sleep(10)
        await hears("are you there?", "I am still checking whether your offer of 5.00 USD")
        await hears("menu", "Secured balances")
        await hears("Offer Secured Credex", "I am still checking whether your last request went through")
        shown = await server.messages(TENDAI, 0)
        assert "your earlier offer was not made" in shown[-1].text
        assert "How much" in (await say(server, TENDAI, "Offer Secured Credex"))[-1].text
        assert len(server.core.calls_to("/createCredex")) == 1


def _typed(server: Embedded, word: str, phone: str = TENDAI) -> bytes:
    return webhooks.notification(webhooks.text(phone, word, at=server.now()))


async def test_two_offers_that_fit_are_an_operators_to_tell_apart(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        screen = await confirm_screen(server)
        twin = do("offer", from_handle="tendai", to_handle="rudo", amount="5.00", denom="USD")
        await server.direct(twin, do("trouble", path="/createCredex", fault="LOST_AFTER"))
        await server.post(tap(server, TENDAI, screen, "Sign and Send"))
        shown = await server.messages(TENDAI, 0)
        assert "I could not find out whether your offer of 5.00 USD" in shown[-1].text
        assert "the reference is" in shown[-1].text
        assert len(server.core.calls_to("/createCredex")) == 1
        assert states(server.store) == ["parked"]
        assert steps(server.store)[-1] == "parked"


async def test_a_ledger_out_of_reach_for_long_parks_the_payment_and_keeps_nobody_from_the_next(
    autojump_clock: MockClock,
) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        screen = await confirm_screen(server)
        await server.direct(do("trouble", path="/createCredex", fault="LOST_AFTER"))
        await server.direct(do("trouble", path="*", fault="LOST_BEFORE", times=None))
        await server.post(tap(server, TENDAI, screen, "Sign and Send"))
        await trio.sleep(PATIENCE.total_seconds() - 60)
        assert states(server.store) == ["unknown"]
        await trio.sleep(240)
        shown = await server.messages(TENDAI, 0)
        assert "our team" in shown[-1].text
        assert states(server.store) == ["parked"]
        await server.direct(do("no_trouble"))
        await trio.sleep(120)
        await say(server, TENDAI, "hi", "Offer Secured Credex", "7", "rudo", "yes")
        assert states(server.store) == ["parked", "done"]


ANSWERS = [("Accept Offers", "/acceptCredex"), ("Decline Offers", "/declineCredex")]


@pytest.mark.parametrize(("row", "path"), ANSWERS)
@pytest.mark.parametrize("fault", ["LOST_AFTER", "LOST_BEFORE", "ERROR_AFTER"])
async def test_an_answer_to_an_offer_is_found_out_and_given_once(
    row: str, path: str, fault: str, autojump_clock: MockClock
) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        await server.direct(do("offer", from_handle="tendai", to_handle="rudo", amount="5.00", denom="USD"))
        await say(server, RUDO, "hi", row, "1")
        await server.direct(do("trouble", path=path, fault=fault))
        shown = await say(server, RUDO, "yes")
        assert "I do not know yet whether the offer of 5.00 USD was" in told(shown)
        verb = row.split(maxsplit=1)[0].lower()
        found = {"accept": "has accepted the offer of 5.00 USD", "decline": "is no longer open"}
        if fault == "LOST_BEFORE":
            assert f"Do you want to {verb} this offer?" in shown[-1].text
            shown = await say(server, RUDO, "yes")
            assert states(server.store, RUDO) == ["settled", "done"]
        else:
            assert found[verb] in shown[-1].text
            assert states(server.store, RUDO) == ["settled"]
        assert len(server.core.calls_to(path)) == (2 if fault == "LOST_BEFORE" else 1)
        assert server.core.world.offers_of("tendai") == []


@pytest.mark.parametrize("fault", ["LOST_AFTER", "LOST_BEFORE"])
async def test_taking_an_offer_back_is_found_out(fault: str, autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        await server.direct(do("offer", from_handle="tendai", to_handle="rudo", amount="5.00", denom="USD"))
        await say(server, TENDAI, "hi", "Cancel Offers", "1")
        await server.direct(do("trouble", path="/cancelCredex", fault=fault))
        shown = await say(server, TENDAI, "yes")
        made = fault == "LOST_AFTER"
        assert ("is no longer open" if made else "Do you want to cancel this offer?") in shown[-1].text
        assert len(server.core.world.offers_of("tendai")) == int(not made)


async def test_an_answer_that_comes_too_late_because_another_was_given_is_told_as_it_is(
    autojump_clock: MockClock,
) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        await server.direct(do("offer", from_handle="tendai", to_handle="rudo", amount="5.00", denom="USD"))
        await say(server, RUDO, "hi", "Accept Offers", "1")
        await say(server, TENDAI, "hi", "Cancel Offers", "1", "yes")
        shown = await say(server, RUDO, "yes")
        assert "was not accepted. The offer was answered before, was taken back or has expired" in shown[-1].text
        assert states(server.store, RUDO) == ["settled"]


async def test_the_trail_tells_which_screen_was_signed_by_which_tap_and_holds_no_text(
    autojump_clock: MockClock,
) -> None:
    async with embedded() as server:
        await signed(server, fault="LOST_AFTER")
        [entries] = server.store.run([Trail(MEMBER, 99)])
        screen = next(message for message in server.graph.sent[TENDAI] if message.choice("Sign and Send"))
        consented = facts_of(entries[-1])
        assert (screen.choice("Sign and Send") or "").startswith(consented.screen + ".")
        assert "wamid.in." in consented.tap
        assert str(consented.command.amount) == "5.00 USD"  # type: ignore[union-attr]  # an offer
        assert consented.account
        assert len(consented.shown) == 64
        assert facts_of(entries[0]).ended == "done"
        assert not any(b"Please check" in entry.body for entry in entries)
