"""The phone in the terminal."""

import io
import os
from collections.abc import Iterable

import trio
import trio.testing

from actors.terminal import HELP, PATIENCE_SECONDS, Lines, run_terminal
from channels.message import Choice, InboundMessage, Media, OutboundMessage, Text
from channels.simulator.channel import SimulatorChannel
from channels.sms.wording import worded
from tests.channels.simulator.phones import MENU, RUDO, TAPIWA, Application, conversations, peer


class Typed:
    """Lines that are there at once, and then the end, or a person who types no more."""

    def __init__(self, lines: Iterable[str], *, ends: bool = True) -> None:
        self._lines = iter(lines)
        self._ends = ends

    def __aiter__(self) -> "Typed":
        return self

    async def __anext__(self) -> str:
        await trio.lowlevel.checkpoint()
        for line in self._lines:
            return line
        if not self._ends:
            await trio.sleep_forever()
        raise StopAsyncIteration


class Bot(Application):
    """Answers every message after a second, and says once more, a little later, what it was."""

    def __init__(self, nursery: trio.Nursery, *, answers: bool = True, texts: bool = False) -> None:
        super().__init__()
        self._nursery = nursery
        self._answers = answers
        self.channel = SimulatorChannel(
            conversations(), deliver=self.deliver, validate=self.validate, plain=worded if texts else None
        )

    async def deliver(self, message: InboundMessage) -> None:
        await super().deliver(message)
        if self._answers:
            self._nursery.start_soon(self._answer, message)

    async def _answer(self, message: InboundMessage) -> None:
        words = message.content.body if isinstance(message.content, Text) else "a picture"
        await trio.sleep(1)
        await self.channel.send(message.peer, OutboundMessage(text=f"You said {words}."), reference="1")
        await trio.sleep(0.5)
        await self.channel.send(message.peer, MENU, reference="2")


async def talk(
    *lines: str, answers: bool = True, full: bool = False, paced: bool = True, texts: bool = False
) -> tuple[list[str], Bot]:
    written: list[str] = []
    async with trio.open_nursery() as nursery:
        bot = Bot(nursery, answers=answers, texts=texts)
        bot.full = full
        await run_terminal(bot.channel, TAPIWA, lines=Typed(lines), write=written.append, paced=paced)
        nursery.cancel_scope.cancel()
    return written, bot


async def test_what_is_typed_is_sent_and_the_answer_printed_with_numbered_choices(
    autojump_clock: trio.testing.MockClock,
) -> None:
    written, bot = await talk("hi\n")
    assert [message.content for message in bot.accepted] == [Text("hi")]
    text = "\n".join(written)
    assert "> hi" in written
    assert "  You said hi." in written
    assert "   1  Offer Secured Credex\n   2  Account Ledger" in text
    assert autojump_clock.current_time() < PATIENCE_SECONDS


async def test_a_phone_for_text_messages_shows_each_text_as_it_comes_and_its_length_below(
    autojump_clock: trio.testing.MockClock,
) -> None:
    written, _ = await talk("it's 5 [USD]", "ő" * 80, "/help", "/quit", "1", texts=True)
    said = [line for line in written if line and not line.startswith("vimbiso")][1:]
    menu = ["  What next?", "  1 Offer Secured Credex", "  2 Account Ledger", "-- 1 segment, 50 of 160 GSM-7"]
    assert said == [
        "> it's 5 [USD]",
        "  You said it's 5 [USD].",
        "-- 1 segment, 24 of 160 GSM-7",
        *menu,
        f"> {'ő' * 80}",
        f"  You said {'o' * 80}.",
        "-- 1 segment, 90 of 160 GSM-7",
        *menu,
        "> /help",
        HELP,
    ]
    assert autojump_clock.current_time() < 2 * PATIENCE_SECONDS


async def test_a_text_that_the_alphabet_cannot_hold_says_which_character_made_it_dear(
    autojump_clock: trio.testing.MockClock,
) -> None:
    written, _ = await talk("日" * 80, texts=True)
    assert "-- 2 segments, 90 of 134 UCS-2, because of 日 (U+65E5)" in written
    assert autojump_clock.current_time() < PATIENCE_SECONDS


async def test_a_phone_with_buttons_tells_no_lengths(autojump_clock: trio.testing.MockClock) -> None:
    written, _ = await talk("hi")
    assert not [line for line in written if line.startswith("--")]
    assert autojump_clock.current_time() < PATIENCE_SECONDS


async def test_a_piped_line_waits_for_the_answer_to_the_one_before(autojump_clock: trio.testing.MockClock) -> None:
    written, _ = await talk("hi", "1")
    assert autojump_clock.current_time() < PATIENCE_SECONDS
    said = [line for line in written if line.startswith((">", "  You said"))]
    assert said == ["> hi", "  You said hi.", "> 1", "  You said 1."]


async def test_lines_a_person_types_do_not_wait_and_are_not_repeated(autojump_clock: trio.testing.MockClock) -> None:
    written, bot = await talk("hi", "1", paced=False)
    assert autojump_clock.current_time() < 2 * PATIENCE_SECONDS
    assert [message.content for message in bot.accepted] == [Text("hi"), Text("1")]
    assert not [line for line in written if line.startswith(">")]
    assert "  You said 1." in written


async def test_the_end_of_input_waits_for_an_answer_but_not_for_ever(autojump_clock: trio.testing.MockClock) -> None:
    await talk("hi", answers=False, paced=False)
    assert autojump_clock.current_time() == PATIENCE_SECONDS


async def test_quit_leaves_at_once(autojump_clock: trio.testing.MockClock) -> None:
    _, bot = await talk("hi", "/quit", "1", paced=False)
    assert len(bot.accepted) == 1
    assert autojump_clock.current_time() == 0


async def test_empty_lines_are_not_sent(autojump_clock: trio.testing.MockClock) -> None:
    _, bot = await talk("", "  \n")
    assert bot.accepted == []
    assert autojump_clock.current_time() < PATIENCE_SECONDS


async def test_an_image_can_be_sent(autojump_clock: trio.testing.MockClock) -> None:
    written, bot = await talk("/image")
    assert autojump_clock.current_time() < PATIENCE_SECONDS
    assert bot.accepted[0].content == Media("image")
    assert "  You said a picture." in written


async def test_an_unknown_command_is_explained_and_not_sent(
    autojump_clock: trio.testing.MockClock,
) -> None:
    written, bot = await talk("/help")
    assert bot.accepted == []
    assert autojump_clock.current_time() < PATIENCE_SECONDS
    assert sum("/phone" in line for line in written) == 2


async def test_a_message_that_could_not_be_stored_is_said_to_be_lost(autojump_clock: trio.testing.MockClock) -> None:
    written, _ = await talk("hi", full=True)
    assert any("Not accepted" in line for line in written)
    assert autojump_clock.current_time() < PATIENCE_SECONDS


async def test_another_phone_can_be_taken(autojump_clock: trio.testing.MockClock) -> None:
    written, bot = await talk("hi", "/phone +263 77 234 5678", "hello", "/phone nobody")
    assert autojump_clock.current_time() < PATIENCE_SECONDS
    assert [message.peer.name for message in bot.accepted] == [TAPIWA, RUDO]
    assert f"You are +{RUDO}." in written
    assert "7 to 15 digits" in written[-1]


async def test_a_message_for_another_phone_is_pointed_at_once_and_shown_when_the_phone_is_taken(
    autojump_clock: trio.testing.MockClock,
) -> None:
    written: list[str] = []
    async with trio.open_nursery() as nursery:
        bot = Bot(nursery, answers=False)
        await bot.channel.send(peer(RUDO), OutboundMessage(text="An offer for you"), reference="r")
        lines = Typed(["/image", f"/phone {RUDO}"])
        await run_terminal(bot.channel, TAPIWA, lines=lines, write=written.append, paced=True)
        nursery.cancel_scope.cancel()
    assert written.count(f"(A message for +{RUDO}: /phone {RUDO} shows it.)") == 1
    assert written.count("  An offer for you") == 1
    assert autojump_clock.current_time() < 2 * PATIENCE_SECONDS
    assert written.index(f"You are +{RUDO}.") < written.index("  An offer for you")


async def test_a_description_stands_beside_its_choice(
    autojump_clock: trio.testing.MockClock,
) -> None:
    written: list[str] = []
    async with trio.open_nursery() as nursery:
        bot = Bot(nursery, answers=False)
        choices = (Choice(key="a", title="Gold", description="XAU"),)
        await bot.channel.send(peer(TAPIWA), OutboundMessage(text="Which?", choices=choices), reference="r")
        await run_terminal(bot.channel, TAPIWA, lines=Typed([""]), write=written.append)
        nursery.cancel_scope.cancel()
    assert "   1  Gold (XAU)" in written
    assert autojump_clock.current_time() < PATIENCE_SECONDS


async def test_a_closing_application_ends_the_waiting(autojump_clock: trio.testing.MockClock) -> None:
    async with trio.open_nursery() as nursery:
        bot = Bot(nursery, answers=False)
        bot.channel.conversations.close()
        await run_terminal(bot.channel, TAPIWA, lines=Typed(["hi"]), write=lambda _: None)
    assert autojump_clock.current_time() == 0


async def test_cancellation_does_not_wait_for_the_person(autojump_clock: trio.testing.MockClock) -> None:
    async with trio.open_nursery() as nursery:
        bot = Bot(nursery)
        with trio.move_on_after(60):
            await run_terminal(bot.channel, TAPIWA, lines=Typed([], ends=False), write=lambda _: None)
    assert autojump_clock.current_time() == 60


async def test_lines_come_out_of_a_blocking_stream() -> None:
    assert [line async for line in Lines(io.StringIO("hi\n1\n"))] == ["hi\n", "1\n"]


async def test_a_read_that_is_cancelled_is_left_behind(autojump_clock: trio.testing.MockClock) -> None:
    source, sink = os.pipe()
    with os.fdopen(source) as stream, os.fdopen(sink, "w") as keyboard:  # noqa: ASYNC231 - a pipe that is open already
        with trio.move_on_after(60):
            await anext(Lines(stream))
        keyboard.write("too late\n")
    assert autojump_clock.current_time() == 60
