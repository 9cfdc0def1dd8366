"""Live conversations: numbered, bounded, and waited for without polling."""

import pytest
import trio
import trio.testing

from channels.message import DeliveryStatus
from channels.simulator.conversation import Saying, Side
from tests.channels.simulator.phones import RUDO, TAPIWA, conversations

HI = Saying(side=Side.MEMBER, text="hi")
HELLO = Saying(side=Side.BOT, text="Hello")


def test_bubbles_are_numbered_in_the_order_they_appear() -> None:
    known = conversations()
    numbers = [known.post("simulator", phone, HI).number for phone in (TAPIWA, RUDO, TAPIWA)]
    assert numbers == [1, 2, 3]
    assert [bubble.number for bubble in known.of("simulator", TAPIWA)] == [1, 3]


def test_an_answer_marks_what_was_said_before_as_read() -> None:
    known = conversations()
    known.post("simulator", TAPIWA, HI)
    known.post("simulator", TAPIWA, HELLO)
    said, answer = known.of("simulator", TAPIWA)
    assert (said.status, answer.status) == (DeliveryStatus.READ, DeliveryStatus.SENT)


def test_an_answer_on_one_phone_marks_nothing_on_another() -> None:
    known = conversations()
    known.post("simulator", TAPIWA, HI)
    known.post("simulator", RUDO, HELLO)
    known.post("sms", TAPIWA, HELLO)
    assert known.of("simulator", TAPIWA)[0].status is DeliveryStatus.SENT


def test_what_was_not_accepted_is_never_marked_as_read() -> None:
    known = conversations()
    bubble = known.post("simulator", TAPIWA, HI)
    known.rise(bubble.number, DeliveryStatus.FAILED)
    known.post("simulator", TAPIWA, HELLO)
    assert known.of("simulator", TAPIWA)[0].status is DeliveryStatus.FAILED


def test_a_status_never_falls() -> None:
    known = conversations()
    bubble = known.post("simulator", TAPIWA, HI)
    known.rise(bubble.number, DeliveryStatus.READ)
    change = known.last
    known.rise(bubble.number, DeliveryStatus.DELIVERED)
    assert known.of("simulator", TAPIWA)[0].status is DeliveryStatus.READ
    assert known.last == change


def test_a_reader_gets_what_is_new_and_what_has_changed_in_the_order_of_the_changes() -> None:
    known = conversations()
    known.post("simulator", TAPIWA, HI)
    known.post("simulator", RUDO, HI)
    seen = known.last
    known.post("simulator", TAPIWA, HELLO)
    assert [(bubble.number, bubble.status.value) for bubble in known.since(seen)] == [(1, "read"), (3, "sent")]


async def test_a_reader_waits_until_there_is_something_new(autojump_clock: trio.testing.MockClock) -> None:
    known = conversations()
    got: list[str] = []

    async def read() -> None:
        got.extend(bubble.text for bubble in await known.changes(known.last))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(read)
        await trio.sleep(3600)
        assert (got, autojump_clock.current_time()) == ([], 3600)
        known.post("simulator", TAPIWA, HI)
    assert got == ["hi"]


async def test_a_reader_that_was_away_gets_everything_newer_at_once() -> None:
    known = conversations()
    for _ in range(3):
        known.post("simulator", TAPIWA, HELLO)
    assert [bubble.number for bubble in await known.changes(1)] == [2, 3]


async def test_closing_lets_waiting_readers_go() -> None:
    known = conversations()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(known.changes, 0)
        await trio.testing.wait_all_tasks_blocked()
        known.close()
    assert await known.changes(0) == ()


def test_a_conversation_forgets_its_oldest_bubbles() -> None:
    known = conversations(length=2)
    for _ in range(3):
        known.post("simulator", TAPIWA, HELLO)
    assert [bubble.number for bubble in known.of("simulator", TAPIWA)] == [2, 3]
    assert [bubble.number for bubble in known.since(0)] == [2, 3]


def test_the_phone_that_was_silent_longest_is_forgotten_first() -> None:
    known = conversations(phones=2)
    for phone in (TAPIWA, RUDO, TAPIWA, "263773456789"):
        known.post("simulator", phone, HELLO)
    assert known.of("simulator", RUDO) == ()
    assert [bubble.number for bubble in known.since(0)] == [1, 3, 4]


@pytest.mark.parametrize("number", [0, 7])
def test_a_status_of_a_bubble_that_is_gone_is_ignored(number: int) -> None:
    known = conversations()
    known.rise(number, DeliveryStatus.READ)
    assert known.since(0) == ()
