"""A phone in the terminal: what the bot says is printed, what is typed is sent.

Choices are numbered as on a phone without buttons, and the bot reads typed numbers, so a line is all a member needs.
Lines that begin with a slash are for the terminal itself (``HELP``). On a phone for text messages a line below each
text says how long it is.

A person waits for the answer before typing on; a pipe does not. So ``paced`` reads the next line only once the bot has
answered and fallen quiet, and at the end of input the last answer is awaited the same way. Waiting is bounded.
"""

import sys
from collections.abc import AsyncIterator, Callable
from typing import TextIO

import trio

from channels.plain import harmless
from channels.simulator.channel import NotAccepted, SimulatorChannel
from channels.simulator.conversation import Bubble, Side, answered, parse_phone
from channels.simulator.counted import Counted

PATIENCE_SECONDS = 15.0
"""How long to wait for an answer."""

QUIET_SECONDS = 1.0
"""A bot that has answered and says nothing more for this long has finished."""

HELP = "/phone 263771234567 takes another phone, /image sends a picture, /quit leaves."


async def run_terminal(
    channel: SimulatorChannel,
    phone: str,
    *,
    lines: AsyncIterator[str],
    write: Callable[[str], None],
    paced: bool = False,
) -> None:
    """Be ``phone`` until ``/quit`` or the end of ``lines``; ``write`` gets whole lines without their end.

    At the end of ``lines`` the last answer is awaited for at most ``PATIENCE_SECONDS``. ``paced`` is for input that
    nobody types: every line is shown and its answer awaited before the next.
    """
    terminal = _Terminal(channel, phone, write, paced=paced)
    terminal.introduce()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(terminal.show)
        await terminal.read(lines)
        nursery.cancel_scope.cancel()


class Lines:
    """The lines of a blocking stream, read in a worker thread.

    Cancellation leaves the thread behind in its read; it is a daemon and does not keep the process.
    """

    def __init__(self, stream: TextIO = sys.stdin) -> None:
        self._stream = stream
        self._limiter = trio.CapacityLimiter(1)

    def __aiter__(self) -> "Lines":
        return self

    async def __anext__(self) -> str:
        line = await trio.to_thread.run_sync(self._stream.readline, abandon_on_cancel=True, limiter=self._limiter)
        if not line:
            raise StopAsyncIteration
        return line


class _Terminal:
    """The phone at hand, and how much of each conversation was printed, or pointed at."""

    def __init__(self, channel: SimulatorChannel, phone: str, write: Callable[[str], None], *, paced: bool) -> None:
        self._channel = channel
        self._conversations = channel.conversations
        self._phone = phone
        self._write = write
        self._paced = paced
        self._printed: dict[str, int] = {}
        self._noticed: dict[str, int] = {}

    def introduce(self) -> None:
        self._write(f"You are +{self._phone}. Type hi to begin. {HELP}")

    async def read(self, lines: AsyncIterator[str]) -> None:
        """Take lines until there are no more or one says to leave."""
        async for line in lines:
            if line.strip() == "/quit":
                return
            await self._take(line.strip())
            if self._paced:
                await self._settle()
        if not self._paced:
            await self._settle()

    async def show(self) -> None:
        """Print what the bot says, as it says it."""
        after = 0
        while bubbles := await self._conversations.changes(after):
            after = bubbles[-1].changed
            self._print(bubbles)

    async def _take(self, line: str) -> None:
        if self._paced:
            self._write(f"> {line}")
        word, _, rest = line.partition(" ")
        try:
            if word == "/phone":
                self._hold(rest)
            elif word == "/image":
                await self._channel.send_media(self._phone, "image")
            elif line.startswith("/"):
                self._write(HELP)
            elif line:
                await self._channel.say(self._phone, line)
        except NotAccepted:
            self._write("Not accepted: the message could not be stored. Send it again in a moment.")

    def _hold(self, typed: str) -> None:
        phone = parse_phone(typed)
        if phone is None:
            self._write("A phone number is 7 to 15 digits with the country code first: /phone 263771234567")
            return
        self._phone = phone
        self._write(f"You are +{phone}.")
        self._print(self._conversations.of(self._channel.name, phone))

    async def _settle(self) -> None:
        with trio.move_on_after(PATIENCE_SECONDS):
            while not answered(self._conversations.of(self._channel.name, self._phone)):
                if not await self._conversations.changes(self._conversations.last):
                    return
            while await self._more():
                pass

    async def _more(self) -> bool:
        with trio.move_on_after(QUIET_SECONDS):
            return bool(await self._conversations.changes(self._conversations.last))
        return False

    def _print(self, bubbles: tuple[Bubble, ...]) -> None:
        for bubble in sorted(bubbles, key=lambda each: each.number):
            if bubble.channel != self._channel.name or bubble.side is Side.MEMBER:
                continue
            if bubble.phone == self._phone and _is_news(bubble, self._printed):
                for line in _lines_of(bubble):
                    self._write(line)
            elif bubble.phone != self._phone and _is_news(bubble, self._noticed):
                self._write(f"(A message for +{bubble.phone}: /phone {bubble.phone} shows it.)")


def _is_news(bubble: Bubble, known: dict[str, int]) -> bool:
    if bubble.number <= known.get(bubble.phone, 0):
        return False
    known[bubble.phone] = bubble.number
    return True


def _lines_of(bubble: Bubble) -> list[str]:
    said = [f"  {line}".rstrip() for line in harmless(bubble.text).split("\n")]
    choices = [
        f"  {number:>2}  {choice.title}" + (f" ({choice.description})" if choice.description else "")
        for number, choice in enumerate(bubble.choices, 1)
    ]
    length = [_length(bubble.counted)] if bubble.counted else []
    return ["", f"vimbiso, {bubble.at.astimezone():%H:%M}", *said, *choices, *length, ""]


def _length(counted: Counted) -> str:
    because = f", because of {counted.because}" if counted.because else ""
    return f"-- {counted.segments}, {counted.units} of {counted.room} {counted.encoding}{because}"
