"""What others have a member told reaches them once, whatever is repeated, restarted or broken, and disturbs nothing."""

from collections.abc import Sequence
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from actors.member import MemberBehaviour, address_of
from channels.message import Peer
from runtime.errors import StoreUnavailable
from runtime.memory_store import MemoryStore
from runtime.store import Accept, Deliveries, Letters, Load, Operation, Report, Store
from runtime.system import Limits
from tests.support import webhooks
from tests.support.embedded import Embedded, embedded
from tests.support.graph import LINE, Shown
from tests.support.notices import request
from tests.support.outliving import World
from tests.support.people import RUDO, TENDAI, do, rudo_and_tendai, say

WORDS = "Rudo offers you 4.00 USD."
BODY = request(TENDAI, WORDS, name="Tendai")
KEYED = {"Idempotency-Key": '"8e03978e-40d5-43e8-bc93-6894a57f9324"'}
HEADERS = pytest.mark.parametrize("headers", [{}, KEYED], ids=["without a key", "with a key"])


async def notices(server: Embedded, phone: str = TENDAI) -> list[Shown]:
    return [shown for shown in await server.messages(phone, 0) if "offers you" in shown.text]


async def ask(server: Embedded, body: bytes = BODY, headers: dict[str, str] | None = None, *, times: int = 1) -> None:
    async def once() -> None:
        assert await server.notify(body, headers) == 200

    async with trio.open_nursery() as nursery:
        for _ in range(times):
            nursery.start_soon(once)


@HEADERS
async def test_fifty_askers_at_once_and_a_repeat_after_each_of_three_restarts_are_one_message(
    store: Store, headers: dict[str, str], autojump_clock: MockClock
) -> None:
    world = World(store)
    for _ in range(4):
        async with world.server() as server:
            await ask(server, headers=headers, times=50)
            assert len(await notices(server)) == 1
            await trio.sleep(100)


async def test_without_a_key_a_repeat_counts_anew_ten_minutes_after_the_first(
    store: Store, autojump_clock: MockClock
) -> None:
    async with World(store).server() as server:
        told = []
        for seconds in (0, 1, 298, 299, 1, 0.5, 2, 597):
            await trio.sleep(seconds)
            await ask(server)
            told.append(len(await notices(server)))
        assert told == [1, 1, 1, 1, 1, 1, 2, 2]


async def test_with_a_key_a_repeat_counts_for_none_within_a_week(store: Store, autojump_clock: MockClock) -> None:
    world = World(store)
    async with world.server(limits=Limits(sweep_seconds=3600)) as server:
        for _ in range(8):
            await ask(server, headers=KEYED)
            await trio.sleep(86_000)
        assert len(await notices(server)) == 1
        status, answer = await server.notified(request(RUDO, WORDS), KEYED)
        assert (status, answer) == (422, {"error": "This Idempotency-Key came with another body before."})
        assert await notices(server, RUDO) == []


async def test_two_keys_with_the_same_words_are_two_notices(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await ask(server, headers={"Idempotency-Key": "one"})
        await ask(server, headers={"Idempotency-Key": "two"})
        await ask(server)
        assert len(await notices(server)) == 3


class Doubtful(MemoryStore):
    """Loses its answer to one batch with such an operation in it, before or after doing it."""

    def __init__(self, fails_at: type[Operation[Any]], *, done: bool) -> None:
        super().__init__()
        self.fails_at: type[Operation[Any]] | None = fails_at
        self._done = done

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        hit = self.fails_at is not None and any(isinstance(each, self.fails_at) for each in operations)
        if not hit:
            return super().run(operations)
        self.fails_at = None
        if self._done:
            super().run(operations)
        raise StoreUnavailable("no answer")


@HEADERS
@pytest.mark.parametrize("done", [False, True], ids=["before it was written", "after it was written"])
@pytest.mark.parametrize("fails_at", [Report, Deliveries, Accept])
async def test_a_store_that_fails_at_any_step_is_told_and_a_repeat_is_one_message(
    fails_at: type[Operation[Any]],
    done: bool,  # noqa: FBT001 - a parameter of the test
    headers: dict[str, str],
    autojump_clock: MockClock,
) -> None:
    store = Doubtful(fails_at, done=done)
    async with World(store).server() as server:
        first = await server.notify(BODY, headers)
        assert first == (503 if headers or fails_at is Accept else 200)
        await trio.sleep(3)
        await ask(server, headers=headers)
        assert len(await notices(server)) == 1


async def test_a_server_that_stops_accepts_no_more(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        server.application.intake.close()
        assert await server.notify(BODY) == 503
        assert await server.notify(BODY, KEYED) == 503


async def test_a_dormant_member_is_woken_and_goes_on_where_they_were(autojump_clock: MockClock) -> None:
    async with embedded(limits=Limits(idle_seconds=60, sweep_seconds=10)) as server:
        await rudo_and_tendai(server)
        await say(server, TENDAI, "hi", "Offer Secured Credex")
        await trio.sleep(120)
        assert server.application.system.statistics().live == 0
        await ask(server)
        [notice] = await notices(server)
        assert notice.choice("Accept / View") == "notice.view"
        shown = await say(server, TENDAI, "5")
        assert "Who do you want to offer 5.00 USD to?" in shown[-1].text


async def test_after_a_notice_the_next_dashboard_shows_what_has_come_in(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        shown = await say(server, RUDO, "hi")
        assert shown[-1].choice("Accept Offers") is None
        await server.direct(do("offer", from_handle="tendai", to_handle="rudo", amount="4.00", denom="USD"))
        shown = await say(server, RUDO, "menu")
        assert shown[-1].choice("Accept Offers") is None, "a dashboard this young is not read anew by itself"
        await ask(server, request(RUDO, "Tendai offers you 4.00 USD."))
        shown = await say(server, RUDO, "menu")
        assert shown[-1].choice("Accept Offers")


async def test_a_notice_while_a_payment_is_under_way_is_told_at_once_and_the_payment_ends_as_ever(
    autojump_clock: MockClock,
) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        await say(server, TENDAI, "hi", "1", "5", "rudo")
        await server.direct(do("trouble", path="/createCredex", fault="SLOW_AFTER", seconds=3))
        await server.post(webhooks.notification(webhooks.text(TENDAI, "yes", at=server.now())))
        await trio.sleep(1)
        await ask(server)
        await trio.sleep(1)
        assert any("offers you" in each.text for each in server.graph.sent[TENDAI][-2:])
        shown = await server.messages(TENDAI, 0)
        assert any("You offered 5.00 USD" in each.text for each in shown[-2:])
        assert len(server.core.calls_to("/createCredex")) == 1


async def test_a_template_refused_for_good_is_a_dead_letter_that_operators_see(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        server.graph.refusals = [132001]
        await ask(server)
        assert await notices(server) == []
        [[letter]] = server.store.run([Letters(5)])
        assert letter.cause == "whatsapp refused it, code 132001"
        assert letter.address == f"member:{TENDAI}"
        assert (await server.application.status.view())["dead_letters"] == 1


async def test_a_template_that_is_not_taken_now_is_sent_later(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        server.graph.failures = [500, 503]
        await ask(server)
        assert len(await notices(server)) == 1


async def test_a_notice_that_breaks_every_turn_is_a_dead_letter_and_no_word_to_the_member(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        before = await say(server, TENDAI, "hi", "Offer Secured Credex")
        good = MemberBehaviour.receive
        monkeypatch.setattr(MemberBehaviour, "receive", _broken)
        await ask(server)
        assert await server.messages(TENDAI, 0) == before
        monkeypatch.setattr(MemberBehaviour, "receive", good)
        [[letter]] = server.store.run([Letters(5)])
        assert letter.id.startswith("notify:")
        shown = await say(server, TENDAI, "5")
        assert "Who do you want to offer 5.00 USD to?" in shown[-1].text


def _broken(*_: object) -> None:
    raise ZeroDivisionError


async def test_what_is_kept_of_a_notice_has_none_of_its_words(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await ask(server, request(TENDAI, "A secret of yours.", name="Tendai"))
        await server.messages(TENDAI, 0)
        [loaded] = server.store.run([Load(address=address_of(Peer("whatsapp", LINE, TENDAI)), limit=10)])
        assert loaded.snapshot is not None
        assert b"secret" not in loaded.snapshot.body
        assert (loaded.envelopes, loaded.owed) == ((), ())
