"""All conversations of the simulator, live: ``post`` never waits, ``changes`` waits for news.

Nothing is queued for readers. A reader says the last change it knows and gets every bubble that is newer, as it is now:
one that is slow, or comes back after a broken connection, costs no memory and misses nothing but intermediate ticks.
Memory is bounded by phones and by bubbles a phone; the phone that has been silent longest and its oldest bubbles go.

``stamp`` names this run of the process. Numbers start again with every run, so a reader that kept one from an earlier
run sees the stamp differ and starts over.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime
from itertools import takewhile

import msgspec
import trio

from channels.message import DeliveryStatus
from channels.simulator.conversation import Bubble, Saying

Thread = tuple[str, str]
"""Channel name and phone: one conversation."""


class Conversations:
    """The bubbles of every simulated phone. For one Trio thread."""

    def __init__(self, *, now: Callable[[], datetime], stamp: str, length: int = 200, phones: int = 50) -> None:
        self.stamp = stamp
        self.now = now
        self._length = length
        self._phones = phones
        self._threads: OrderedDict[Thread, deque[int]] = OrderedDict()
        self._bubbles: OrderedDict[int, Bubble] = OrderedDict()
        self._last = 0
        self._posted = 0
        self._news = trio.Event()
        self._closed = False

    def __repr__(self) -> str:
        return f"<Conversations {len(self._threads)}/{self._phones} phones, {len(self._bubbles)} bubbles>"

    @property
    def last(self) -> int:
        """The number of the newest change; 0 before the first."""
        return self._last

    def post(self, channel: str, phone: str, saying: Saying) -> Bubble:
        """Show it, and mark what the other side said before as read."""
        self._mark_read((channel, phone), saying)
        self._posted += 1
        bubble = Bubble(
            number=self._posted,
            changed=self._next(),
            at=self.now(),
            channel=channel,
            phone=phone,
            **msgspec.structs.asdict(saying),
        )
        self._bubbles[bubble.number] = bubble
        self._place((channel, phone)).append(bubble.number)
        self._trim((channel, phone))
        self._announce()
        return bubble

    def rise(self, number: int, status: DeliveryStatus) -> None:
        """A bubble got further. Statuses never fall; a bubble that is gone stays gone."""
        if self._raise(number, status):
            self._announce()

    def of(self, channel: str, phone: str) -> tuple[Bubble, ...]:
        """One conversation, oldest first."""
        return tuple(self._bubbles[number] for number in self._threads.get((channel, phone), ()))

    def since(self, change: int) -> tuple[Bubble, ...]:
        """Every bubble that is new or different since ``change``, in the order of their changes."""
        newer = takewhile(lambda bubble: bubble.changed > change, reversed(self._bubbles.values()))
        return tuple(newer)[::-1]

    async def changes(self, after: int) -> tuple[Bubble, ...]:
        """Wait until something is newer than ``after``, and return it. Cancellation loses nothing.

        Empty only after ``close``, when nothing more will come.
        """
        await trio.lowlevel.checkpoint()
        while not (bubbles := self.since(after)) and not self._closed:
            await self._news.wait()
        return bubbles

    def close(self) -> None:
        """Let waiting readers go, so that no open page holds up a shutdown. Idempotent."""
        self._closed = True
        self._announce()

    def _mark_read(self, thread: Thread, saying: Saying) -> None:
        for number in self._threads.get(thread, ()):
            bubble = self._bubbles[number]
            if bubble.side is not saying.side and bubble.status is not DeliveryStatus.FAILED:
                self._raise(number, DeliveryStatus.READ)

    def _raise(self, number: int, status: DeliveryStatus) -> bool:
        known = self._bubbles.get(number)
        if known is None or status.rank <= known.status.rank:
            return False
        self._bubbles[number] = msgspec.structs.replace(known, status=status, changed=self._next())
        self._bubbles.move_to_end(number)
        return True

    def _place(self, thread: Thread) -> deque[int]:
        numbers = self._threads.setdefault(thread, deque())
        self._threads.move_to_end(thread)
        return numbers

    def _trim(self, thread: Thread) -> None:
        numbers = self._threads[thread]
        while len(numbers) > self._length:
            del self._bubbles[numbers.popleft()]
        while len(self._threads) > self._phones:
            _, forgotten = self._threads.popitem(last=False)
            for number in forgotten:
                del self._bubbles[number]

    def _next(self) -> int:
        self._last += 1
        return self._last

    def _announce(self) -> None:
        self._news.set()
        self._news = trio.Event()
