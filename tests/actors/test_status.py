"""The figures of a whole server, in virtual time: each seen to move, and none of them a secret."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import trio
from trio.testing import MockClock

from actors.logs import masked
from actors.member import envelope_of
from channels.message import InboundMessage, Peer, Text
from runtime.envelope import Envelope
from runtime.errors import StoreUnavailable
from runtime.memory_store import MemoryStore
from runtime.store import Commit, Operation
from runtime.system import Limits
from tests.support import webhooks
from tests.support.embedded import Embedded, embedded
from tests.support.graph import LINE, GraphStandIn
from tests.support.people import RUDO, TENDAI, confirm_screen, do, rudo_and_tendai, say, tap

QUICK = Limits(idle_seconds=60, sweep_seconds=10)


class Stuck(MemoryStore):
    """A store that takes messages in and, while ``stuck``, cannot commit a turn."""

    stuck = False

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        if self.stuck and any(isinstance(operation, Commit) for operation in operations):
            raise StoreUnavailable("stuck")
        return super().run(operations)


class Broken(GraphStandIn):
    """A Graph API behind which our own client breaks."""

    async def respond(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        await super().respond(method, path, headers, body)
        raise KeyError("as told")


async def view(server: Embedded) -> dict[str, Any]:
    return await server.application.status.view()


async def post(server: Embedded, phone: str, text: str) -> None:
    assert await server.post(webhooks.notification(webhooks.text(phone, text, at=server.now()))) == 200


async def test_a_server_nobody_has_written_to_has_nothing_to_show(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await trio.sleep(90)
        seen = await view(server)
        assert seen["up_seconds"] == 90
        assert set(seen["actors"].values()) == {0}
        assert set(seen["mailboxes"].values()) == {0}
        assert set(seen["intake"].values()) == {0}
        assert set(seen["effects"].values()) == {0}
        assert (seen["payments"], seen["dead_letters"], seen["restarts"], seen["webhook"]) == ({}, 0, 0, {})
        assert seen["core"] == {"breaker": "closed"}
        assert "memory" in seen["store"]["durability"].lower()


async def test_members_are_live_then_dormant_then_live_again(autojump_clock: MockClock) -> None:
    async with embedded(limits=QUICK) as server:
        await rudo_and_tendai(server)
        await say(server, TENDAI, "hi")
        await say(server, RUDO, "hi")
        actors = (await view(server))["actors"]
        assert (actors["live"], actors["dormant"], actors["activations"]) == (2, 0, 2)
        await trio.sleep(100)
        actors = (await view(server))["actors"]
        assert (actors["live"], actors["dormant"], actors["passivations"]) == (0, 2, 2)
        await say(server, TENDAI, "menu")
        actors = (await view(server))["actors"]
        assert (actors["live"], actors["dormant"], actors["activations"]) == (1, 1, 3)


async def test_while_turns_cannot_be_committed_the_backlog_and_its_age_grow(autojump_clock: MockClock) -> None:
    store = Stuck()
    async with embedded(store=store) as server:
        await rudo_and_tendai(server)
        store.stuck = True
        await post(server, TENDAI, "hi")
        await trio.sleep(10)
        await post(server, TENDAI, "help")
        await post(server, RUDO, "hi")
        await trio.sleep(20)
        seen = await view(server)
        assert seen["intake"] == {"accepted": 3, "duplicates": 0, "backlog": 3}
        assert seen["mailboxes"]["oldest_wait_seconds"] == 30
        assert seen["actors"]["running"] == 2
        assert seen["store"]["commits"]["failures"] > 0
        store.stuck = False
        await server.messages(TENDAI, 0)
        seen = await view(server)
        assert seen["mailboxes"]["oldest_wait_seconds"] == 0
        assert seen["intake"]["backlog"] == 0


async def test_mail_that_came_in_one_go_is_seen_in_the_mailboxes(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        for phone in (TENDAI, RUDO):
            await say(server, phone, "help")
        envelopes = [_help(server, phone, number) for number, phone in enumerate((TENDAI, TENDAI, TENDAI, RUDO))]
        seen: list[dict[str, Any]] = []

        async def look() -> None:
            seen.append(await view(server))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(server.application.intake.accept, envelopes)
            nursery.start_soon(look)
        assert seen[0]["mailboxes"] == {"waiting": 4, "deepest": 3, "oldest_wait_seconds": 0}


def _help(server: Embedded, phone: str, number: int) -> Envelope:
    peer = Peer("whatsapp", LINE, phone)
    message = InboundMessage(id=f"in-{number}", peer=peer, at=server.now(), content=Text("help"))
    return envelope_of(message, accepted_at=server.now())


async def test_a_repeated_delivery_is_counted_as_one(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        body = webhooks.notification(webhooks.text(TENDAI, "hi", at=server.now()))
        for _ in range(3):
            await server.post(body)
        await server.messages(TENDAI, 0)
        assert (await view(server))["intake"] == {"accepted": 1, "duplicates": 2, "backlog": 0}


async def test_what_is_owed_shows_while_graph_is_away(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        server.graph.failures = [503] * 5
        await post(server, TENDAI, "hi")
        await trio.sleep(1)
        effects = (await view(server))["effects"]
        assert effects["owed"] >= 1
        assert effects["under_way"] == 1
        await server.messages(TENDAI, 0)
        assert (await view(server))["effects"] == {"owed": 0, "under_way": 0}


async def test_failures_are_restarts_and_what_was_given_up_is_a_dead_letter(autojump_clock: MockClock) -> None:
    async with embedded(graph=Broken()) as server:
        await post(server, TENDAI, "help")
        await server.application.system.settled()
        seen = await view(server)
        assert (seen["restarts"], seen["dead_letters"]) == (3, 1)


async def test_a_core_that_does_not_answer_opens_the_breaker_until_it_is_back(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        await server.direct(do("trouble", path="*", fault="LOST_BEFORE", times=None))
        await say(server, TENDAI, *["hi"] * 5)
        assert (await view(server))["core"] == {"breaker": "open"}
        await server.direct(do("no_trouble"))
        await trio.sleep(60)
        assert (await view(server))["core"] == {"breaker": "half_open"}
        await say(server, TENDAI, "hi")
        assert (await view(server))["core"] == {"breaker": "closed"}


async def test_payments_are_counted_by_state_and_deliveries_by_message(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        screen = await confirm_screen(server)
        await server.post(tap(server, TENDAI, screen, "Sign and Send"))
        sent = len(await server.messages(TENDAI, 0))
        seen = await view(server)
        assert seen["payments"] == {"done": 1}
        assert seen["deliveries"] == sent


async def test_parked_payments_are_named_by_reference_and_their_member_is_masked(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        assert (await view(server))["parked"] == []
        await rudo_and_tendai(server)
        screen = await confirm_screen(server)
        twin = do("offer", from_handle="tendai", to_handle="rudo", amount="5.00", denom="USD")
        await server.direct(twin, do("trouble", path="/createCredex", fault="LOST_AFTER"))
        await server.post(tap(server, TENDAI, screen, "Sign and Send"))
        await server.messages(TENDAI, 0)
        seen = await view(server)
        assert seen["payments"] == {"parked": 1}
        [parked] = seen["parked"]
        assert parked["member"] == masked(f"member:{TENDAI}") != f"member:{TENDAI}"
        assert f"the reference is {parked['reference']}" in server.graph.sent[TENDAI][-1].text


async def test_forged_webhooks_are_counted(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        assert await server.post(b"{}", {"x-hub-signature-256": "sha256=" + "0" * 64}) == 403
        assert await server.post(b"{}", {}) == 401
        assert sum((await view(server))["webhook"].values()) == 2


async def test_the_figures_are_json_and_name_no_member(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        await confirm_screen(server)
        text = msgspec.json.encode(await view(server)).decode()
        for secret in (TENDAI, RUDO, "Tendai", "rudo", webhooks.SECRET):
            assert secret not in text
