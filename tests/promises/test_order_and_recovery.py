"""In order, nothing lost, and a restart between any two messages is not noticed."""

from collections.abc import Awaitable, Callable

import trio
from trio.testing import MockClock

from actors.member import address_of, envelope_of
from channels.message import InboundMessage, Peer, Text
from credex.simulator.core import CoreSimulator
from credex.simulator.seeds import founded_world
from runtime.clock import VirtualClock
from runtime.memory_store import MemoryStore
from runtime.store import Accept, Count, History, Store
from runtime.system import Limits
from tests.support import webhooks
from tests.support.embedded import START, Embedded, embedded
from tests.support.graph import LINE, GraphStandIn
from tests.support.people import TENDAI, rudo_and_tendai, say

MEMBERS, MESSAGES = 200, 20


async def test_two_hundred_members_at_once_with_twenty_messages_each(store: Store, autojump_clock: MockClock) -> None:
    async with embedded(store=store, limits=Limits(mailbox=8)) as server:
        phones = [str(263_781_000_000 + number) for number in range(MEMBERS)]
        async with trio.open_nursery() as nursery:
            for phone in phones:
                nursery.start_soon(_chatter, server, phone)
        await server.application.system.settled()
        _every_message_was_applied_in_order(store, phones)
        assert server.application.intake.accepted == MEMBERS * MESSAGES
        for phone in phones:
            assert len(server.graph.sent[phone]) >= MESSAGES


async def _chatter(server: Embedded, phone: str) -> None:
    """Deliveries of one message each, all at once, as Meta's parallel requests are."""
    async with trio.open_nursery() as nursery:
        for number in range(MESSAGES):
            words = ("hi", "help", "1", "5", "what?")[number % 5]
            body = webhooks.notification(webhooks.text(phone, words, at=server.now()))
            nursery.start_soon(server.post, body)


def _every_message_was_applied_in_order(store: Store, phones: list[str]) -> None:
    for phone in phones:
        [history] = store.run([History(address_of(Peer("whatsapp", LINE, phone)))])
        assert len(history) == MESSAGES
        versions = [seen.version for seen in history if seen.version is not None]
        assert len(versions) == MESSAGES
        assert versions == sorted(versions)
        assert [seen.sequence for seen in history] == sorted(seen.sequence for seen in history)
    [count] = store.run([Count()])
    assert (count.waiting, count.owed, count.dead) == (0, 0, 0)


async def test_a_restart_between_any_two_messages_changes_nothing(autojump_clock: MockClock) -> None:
    words = ["hi", "1", "5", "rudo", "yes", "cancel offers", "1", "yes", "menu"]
    unbroken = await _conversation(words, restarts=False)
    assert "You offered 5.00 USD" in " ".join(unbroken)
    assert await _conversation(words, restarts=True) == unbroken


async def _conversation(words: list[str], *, restarts: bool) -> list[str]:
    """What Tendai read, without the greeting, which is drawn by lot."""
    clock, store, graph = VirtualClock(START), MemoryStore(), GraphStandIn()
    core = CoreSimulator(founded_world(START.date()), now=clock.now, client_key="key", rate_limit=None)

    async def with_server(act: Callable[[Embedded], Awaitable[object]]) -> None:
        async with embedded(store=store, core=core, graph=graph, clock=clock) as server:
            await act(server)

    await with_server(rudo_and_tendai)
    if restarts:
        for word in words:
            await with_server(lambda server, word=word: say(server, TENDAI, word))  # type: ignore[misc]  # mypy: lambda defaults
    else:
        await with_server(lambda server: say(server, TENDAI, *words))
    return [shown.text for shown in graph.sent[TENDAI][1:]]


async def test_a_message_that_a_replaced_process_took_is_applied_before_the_later_ones(
    autojump_clock: MockClock,
) -> None:
    store = MemoryStore()
    async with embedded(store=store) as server:
        await rudo_and_tendai(server)
        peer = Peer("whatsapp", LINE, TENDAI)
        await say(server, TENDAI, "hi", "Offer Secured Credex")
        unheard = InboundMessage(id="taken elsewhere", peer=peer, at=server.now(), content=Text("5"))
        store.run([Accept((envelope_of(unheard, accepted_at=server.now()),))])
        shown = await say(server, TENDAI, "rudo")
        assert "Do you want to sign and send it?" in shown[-1].text
        [history] = store.run([History(address_of(peer))])
        versions = [seen.version for seen in history if seen.version is not None]
        assert len(versions) == len(history) == 4
        assert versions == sorted(versions)


async def test_a_process_killed_while_an_offer_is_being_sent_never_sends_it_again(autojump_clock: MockClock) -> None:
    clock, store, graph = VirtualClock(START), MemoryStore(), GraphStandIn()
    core = CoreSimulator(founded_world(START.date()), now=clock.now, client_key="key", rate_limit=None)
    with trio.move_on_after(10):
        async with embedded(store=store, core=core, graph=graph, clock=clock) as server:
            await rudo_and_tendai(server)
            await say(server, TENDAI, "hi", "1", "5", "rudo")
            await server.direct(
                {"do": "trouble", "with": {"path": "/createCredex", "fault": "SLOW_AFTER", "seconds": 25}}
            )
            body = webhooks.notification(webhooks.text(TENDAI, "yes", at=server.now()))
            await server.post(body)
            await trio.sleep_forever()
    async with embedded(store=store, core=core, graph=graph, clock=clock) as server:
        shown = await server.messages(TENDAI, 0)
        assert any("I do not know yet whether your offer" in message.text for message in shown)
        assert len(core.calls_to("/createCredex")) == 1
        assert len(core.world.offers_of("tendai")) == 1
