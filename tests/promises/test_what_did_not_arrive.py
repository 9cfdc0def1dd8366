"""What was taken and never arrived is said again as long as that may help, whatever the process goes through meanwhile.

And who wants no messages, or cannot have them on one channel, is left alone there.
"""

from collections.abc import Sequence
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from actors.dialogs import texts
from actors.notifications import delivery_of
from channels.channel import NotDeliverable, Unreachable, Unwanted
from channels.message import DeliveryReport, DeliveryStatus, InboundMessage, Peer, Preference, Trouble
from runtime.errors import StoreUnavailable
from runtime.memory_store import MemoryStore
from runtime.store import Count, DeadLetter, Deliveries, Letters, Operation, Store
from runtime.system import Limits
from tests.support import webhooks
from tests.support.embedded import Embedded, embedded
from tests.support.graph import Shown
from tests.support.notices import SMS_LINE, request
from tests.support.outliving import World
from tests.support.people import RUDO, TENDAI, rudo_and_tendai, say

LONG = 2400
"""Seconds: longer than anything waits to be said again."""
SELDOM = Limits(sweep_seconds=LONG)
WORDS = "Rudo offers you 4.00 USD."
BY_TEXT = request(TENDAI, WORDS, name="Tendai", channel="sms")
AS_TEXT = f"{texts.NOTICE.format(name='Tendai', message=WORDS)}\n{texts.NOTICE_TYPED}"
BY_WHATSAPP = request(TENDAI, WORDS, name="Tendai")


async def told(server: Embedded, phone: str = TENDAI, kind: str = "sms") -> list[Shown]:
    return [shown for shown in await server.messages(phone, 0) if shown.kind == kind]


async def report(
    server: Embedded, message: str, trouble: Trouble | None, *, times: int = 1, ours: str | None = None
) -> None:
    """As a provider of text messages reports, ``None`` for one that has arrived."""
    status = DeliveryStatus.FAILED if trouble else DeliveryStatus.DELIVERED
    one = DeliveryReport(id=message, status=status, at=server.now(), ours=ours, trouble=trouble)
    for _ in range(times):
        mail = await server.application.returned([one], server.now())
        await server.application.intake.accept(mail, reports=[delivery_of(one)])


async def ask(server: Embedded, body: bytes = BY_TEXT) -> None:
    assert await server.notify(body) == 200


def letters(server: Embedded) -> list[DeadLetter]:
    [found] = server.store.run([Letters(9)])
    return list(found)


@pytest.mark.parametrize(
    ("trouble", "minutes"),
    [(Trouble.PASSING, [1, 5, 30]), (Trouble.ODD, [1]), *[(one, []) for one in list(Trouble)[2:]]],
)
async def test_each_trouble_is_met_with_what_helps_and_no_more(
    store: Store, trouble: Trouble, minutes: list[int], autojump_clock: MockClock
) -> None:
    async with World(store).server(limits=SELDOM) as server:
        await ask(server)
        for tries, pause in enumerate([*minutes, 40], 1):
            shown = await told(server)
            assert [one.text for one in shown] == [
                f"{texts.NOTICE.format(name='Tendai', message=WORDS)}\n{texts.NOTICE_TYPED}"
            ] * tries
            await report(server, shown[-1].id, trouble, times=5)
            await server.wait(pause * 60 - 2)
            assert len(await told(server)) == tries
            await server.wait(4)
        assert len(await told(server)) == 1 + len(minutes)
        assert letters(server) == []


async def test_what_arrives_after_all_is_not_said_again(store: Store, autojump_clock: MockClock) -> None:
    async with World(store).server(limits=SELDOM) as server:
        await ask(server)
        [shown] = await told(server)
        await report(server, shown.id, Trouble.PASSING)
        await server.wait(30)
        await report(server, shown.id, None)
        await server.wait(LONG)
        assert len(await told(server)) == 1


async def test_a_report_of_what_we_never_said_changes_nothing_for_anybody(
    store: Store, autojump_clock: MockClock
) -> None:
    async with World(store).server(limits=SELDOM) as server:
        await ask(server)
        [shown] = await told(server)
        [known] = server.store.run([Deliveries((shown.id,))])
        for trouble in Trouble:
            await report(server, f"never ours {trouble}", trouble, ours=known[0].ours)
        await server.wait(LONG)
        assert len(await told(server)) == 1
        [count] = server.store.run([Count()])
        assert count.waiting == 0
        await ask(server, request(TENDAI, "And another.", name="Tendai", channel="sms"))
        assert len(await told(server)) == 2, "nobody was opted out by it"


async def test_a_process_that_stops_between_report_and_repeat_leaves_the_repeat_to_the_next(
    store: Store, autojump_clock: MockClock
) -> None:
    world = World(store)
    async with world.server(limits=SELDOM) as server:
        await ask(server)
        [shown] = await told(server)
        await report(server, shown.id, Trouble.PASSING)
    await trio.sleep(LONG)
    async with world.server(limits=SELDOM) as server:
        await server.wait(2)
        assert len(await told(server)) == 2
        await report(server, shown.id, Trouble.PASSING, times=5)
        await server.wait(LONG)
        assert len(await told(server)) == 2


async def test_a_process_that_dies_while_it_says_something_again_has_it_said_by_the_next(
    store: Store, autojump_clock: MockClock
) -> None:
    world = World(store)
    async with trio.open_nursery() as nursery, world.server(limits=SELDOM) as server:
        await ask(server)
        [shown] = await told(server)
        server.texts.hold = trio.Event()
        await report(server, shown.id, Trouble.PASSING)
        await server.wait(120)
        nursery.cancel_scope.cancel()
    assert len(world.graph.sent[TENDAI]) == 1
    async with world.server(limits=SELDOM) as server:
        await server.wait(2)
        assert len(await told(server)) == 2


class Mute(MemoryStore):
    """Does nothing that such an operation is among, as long as there is one it ``fails`` at."""

    fails: type[Operation[Any]] | None = None

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        if self.fails and any(isinstance(each, self.fails) for each in operations):
            raise StoreUnavailable("no answer")
        return super().run(operations)


async def test_a_report_that_cannot_be_stored_is_not_taken_and_counts_once_when_it_comes_again(
    autojump_clock: MockClock,
) -> None:
    store = Mute()
    async with embedded(store=store, limits=SELDOM) as server:
        await ask(server, BY_WHATSAPP)
        [shown] = await server.messages(TENDAI, 0)
        failed = webhooks.status(shown.id, "failed", TENDAI, at=server.now(), code=131016)
        store.fails = Deliveries
        assert await server.post(webhooks.notification(statuses=(failed,))) == 503
        store.fails = None
        for _ in range(5):
            assert await server.post(webhooks.notification(statuses=(failed,))) == 200
        await server.wait(120)
        assert [one.kind for one in await server.messages(TENDAI, 0)] == ["template", "template"]


@pytest.mark.parametrize(
    ("refusal", "cause"),
    [
        (NotDeliverable("no number", code=21211), "sms refused it, code 21211"),
        (Unreachable("no mobile", code=21614), "sms refused it, code 21614"),
        (Unwanted("opted out", code=21610), None),
    ],
)
async def test_a_refused_text_message_is_never_sent_again_and_is_either_understood_or_a_dead_letter(
    store: Store, refusal: NotDeliverable, cause: str | None, autojump_clock: MockClock
) -> None:
    async with World(store).server(limits=SELDOM) as server:
        server.texts.moods = [refusal]
        await ask(server)
        await server.wait(LONG)
        assert await server.messages(TENDAI, 0) == []
        assert [one.cause for one in letters(server)] == ([] if cause is None else [cause])
        await ask(server, request(TENDAI, "And another.", name="Tendai", channel="sms"))
        assert len(await told(server)) == (0 if isinstance(refusal, Unwanted) else 1)


@pytest.mark.parametrize("how", ["refused", "failed"])
async def test_a_notice_to_who_is_not_on_whatsapp_is_told_once_by_text_message(
    store: Store, how: str, autojump_clock: MockClock
) -> None:
    world = World(store)
    async with world.server(limits=SELDOM) as server:
        server.graph.refusals = [131026] if how == "refused" else []
        await ask(server, BY_WHATSAPP)
        if how == "failed":
            [shown] = await server.messages(TENDAI, 0)
            assert shown.kind == "template"
            failed = webhooks.status(shown.id, "failed", TENDAI, at=server.now(), code=131026)
            for _ in range(5):
                assert await server.post(webhooks.notification(statuses=(failed,))) == 200
        [by_text] = await told(server)
        assert WORDS in by_text.text
        assert texts.NOTICE_TYPED in by_text.text
        await report(server, by_text.id, Trouble.UNREACHABLE)
        await server.wait(LONG)
    async with world.server(limits=SELDOM) as server:
        await server.wait(LONG)
        assert len(await told(server)) == 1
        assert letters(server) == []


async def test_who_wants_no_text_messages_gets_none_instead_of_whatsapp_either(
    store: Store, autojump_clock: MockClock
) -> None:
    async with World(store).server(limits=SELDOM) as server:
        await prefer(server, wanted=False)
        server.graph.refusals = [131026]
        await ask(server, BY_WHATSAPP)
        assert await server.messages(TENDAI, 0) == []
        assert [one.cause for one in letters(server)] == ["whatsapp refused it, code 131026"]


async def prefer(server: Embedded, *, wanted: bool) -> None:
    content = Preference(wanted=wanted, source="carrier")
    peer = Peer("sms", SMS_LINE, TENDAI)
    await server.application.accept(
        InboundMessage(id=f"preference {server.now()}", peer=peer, at=server.now(), content=content)
    )
    await server.wait(1)


async def test_an_opt_out_holds_over_restarts_until_it_is_taken_back_and_stops_what_was_to_be_said_again(
    store: Store, autojump_clock: MockClock
) -> None:
    world = World(store)
    async with world.server(limits=SELDOM) as server:
        await ask(server)
        [shown] = await told(server)
        await report(server, shown.id, Trouble.PASSING)
        await prefer(server, wanted=False)
    async with world.server(limits=SELDOM) as server:
        await server.wait(LONG)
        await ask(server)
        assert len(await told(server)) == 1
        await ask(server, BY_WHATSAPP)
        assert len(await told(server, kind="template")) == 1, "WhatsApp is another matter"
        await prefer(server, wanted=True)
        await ask(server)
        assert len(await told(server)) == 2


async def test_a_screen_that_did_not_arrive_is_shown_again_unless_the_conversation_has_moved_on(
    store: Store, autojump_clock: MockClock
) -> None:
    async with World(store).server(limits=SELDOM) as server:
        await rudo_and_tendai(server)
        await server.sms(RUDO, "hi")
        await report(server, (await told(server, RUDO))[-1].id, Trouble.PASSING)
        await server.wait(62)
        first, again = (await told(server, RUDO))[-2:]
        assert first.text == again.text
        await report(server, again.id, Trouble.PASSING)
        await server.sms(RUDO, "menu")
        shown = await told(server, RUDO)
        await server.wait(600)
        assert await told(server, RUDO) == shown


async def test_chat_on_whatsapp_is_neither_kept_nor_said_again(store: Store, autojump_clock: MockClock) -> None:
    async with World(store).server(limits=SELDOM) as server:
        await rudo_and_tendai(server)
        shown = await say(server, TENDAI, "hi")
        [known] = server.store.run([Deliveries((shown[-1].id,))])
        assert known[0].body is None
        failed = webhooks.status(shown[-1].id, "failed", TENDAI, at=server.now(), code=131016)
        began = trio.current_time()
        assert await server.post(webhooks.notification(statuses=(failed,))) == 200
        assert trio.current_time() == began, "nothing is waited for"
        await server.wait(LONG)
        assert await server.messages(TENDAI, 0) == shown
