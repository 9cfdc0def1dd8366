"""Money moves once, and only by consent: the same tap, late taps, early words, unclear answers."""

from decimal import Decimal

import pytest
import trio
from trio.testing import MockClock

from runtime.memory_store import MemoryStore
from runtime.store import Payments
from tests.support import webhooks
from tests.support.embedded import Embedded, embedded
from tests.support.people import TENDAI, confirm_screen, do, rudo_and_tendai, say, tap


async def _offers_made(server: Embedded) -> tuple[int, int]:
    calls, offers = await server.direct(do("calls", path="/createCredex"), do("offers", handle="tendai"))
    return calls, offers


async def test_the_same_webhook_eight_times_in_parallel_makes_one_offer(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        signing = tap(server, TENDAI, await confirm_screen(server), "Sign and Send")
        async with trio.open_nursery() as nursery:
            for _ in range(8):
                nursery.start_soon(server.post, signing)
        await server.messages(TENDAI, 0)
        assert await _offers_made(server) == (1, 1)


async def test_two_taps_on_one_button_make_one_offer(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        screen = await confirm_screen(server)
        for _ in range(2):
            assert await server.post(tap(server, TENDAI, screen, "Sign and Send")) == 200
        shown = await server.messages(TENDAI, 0)
        assert await _offers_made(server) == (1, 1)
        assert any("still sending" in message.text for message in shown)


async def test_words_while_the_offer_is_being_sent_are_answered_and_send_nothing(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        screen = await confirm_screen(server)
        await server.direct(do("trouble", path="/createCredex", fault="SLOW", seconds=20))
        await server.post(tap(server, TENDAI, screen, "Sign and Send"))
        await trio.sleep(5)
        await server.post(webhooks.notification(webhooks.text(TENDAI, "are you there?", at=server.now())))
        await trio.sleep(1)
        assert "I am still sending your offer of 5.00 USD" in server.graph.sent[TENDAI][-1].text
        shown = await server.messages(TENDAI, 0)
        assert "You offered 5.00 USD" in shown[-1].text
        assert await _offers_made(server) == (1, 1)


async def test_a_tap_on_an_old_confirm_button_moves_nothing(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        old = await confirm_screen(server)
        await say(server, TENDAI, "no", "Offer Secured Credex", "7", "rudo")
        await server.post(tap(server, TENDAI, old, "Sign and Send"))
        shown = await server.messages(TENDAI, 0)
        assert "That screen has expired" in shown[-1].text
        assert "7.00 USD" in shown[-1].text
        assert await _offers_made(server) == (0, 0)


@pytest.mark.parametrize(
    ("fault", "times", "offers", "says", "state"),
    [
        ("REFUSED", 3, 0, "was not sent", "refused"),
        ("REFUSED", 2, 1, "You offered 5.00 USD", "done"),
        ("TOO_MANY", 1, 0, "was not sent", "refused"),
        ("UNAUTHENTICATED", 1, 1, "You offered 5.00 USD", "done"),
    ],
)
async def test_what_certainly_did_nothing_is_told_as_not_sent_or_sent_again_in_a_moment(
    fault: str, times: int, offers: int, says: str, state: str, autojump_clock: MockClock
) -> None:
    store = MemoryStore()
    async with embedded(store=store) as server:
        await rudo_and_tendai(server)
        screen = await confirm_screen(server)
        before = len(server.graph.sent[TENDAI])
        await server.direct(do("trouble", path="/createCredex", fault=fault, times=times))
        await server.post(tap(server, TENDAI, screen, "Sign and Send"))
        shown = (await server.messages(TENDAI, 0))[before:]
        assert any(says in message.text for message in shown), shown
        [found] = await server.direct(do("offers", handle="tendai"))
        assert found == offers
        [payments] = store.run([Payments(f"member:{TENDAI}")])  # type: ignore[arg-type]  # an address
        assert [payment.state for payment in payments] == [state]


async def test_what_is_read_back_and_what_is_sent_are_the_same_amount(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        shown = await say(server, TENDAI, "hi", "1", "12.30", "rudo")
        assert "12.30 USD, secured" in shown[-1].text
        await say(server, TENDAI, "yes")
        [credex] = server.core.world.offers_of("tendai")
        assert credex.initial == Decimal("12.30")
