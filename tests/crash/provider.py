"""The provider: brings messages until it is told 200, and not only once.

A few deliveries are under way at any time, each of one or several messages, of one or several members. One that gets no
200 (refused, 503, no answer, a connection that breaks) is made again after a pause. Some are made twice at the same
time, and some again after they were answered, possibly to the next process.
"""

import random  # noqa: TID251 - made from the seed of the run
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import trio

from tests.crash.people import Saying
from tests.support import webhooks
from tests.support.graph import LINE

Post = Callable[[bytes], Awaitable[bool]]
"""Make one request; whether it was answered with 200."""

_DELIVERIES = 10
_MOST = 4
_OVERLAPS = 0.15
_COMES_AGAIN = 0.15


@dataclass(slots=True)
class Sent:
    """A message and its way, in ticks of a clock that counts events: when it was first tried, when answered."""

    id: str
    phone: str
    saying: Saying
    content: dict[str, object]
    tried: int | None = None
    answered: int | None = None
    delivery: int = 0
    stored: trio.Event = field(default_factory=trio.Event)


@dataclass(slots=True)
class Figures:
    """What the provider did."""

    requests: int = 0
    refused: int = 0
    again: int = 0


@dataclass(slots=True)
class Provider:
    """``post`` reaches whichever process serves by then, or none."""

    post: Post
    luck: random.Random
    messages: list[Sent] = field(default_factory=list)
    figures: Figures = field(default_factory=Figures)
    pending: int = 0
    """Messages not answered yet."""
    _waiting: deque[Sent] = field(default_factory=deque)
    _news: trio.Event = field(default_factory=trio.Event)
    _ticks: int = 0
    _deliveries: int = 0

    def send(self, phone: str, saying: Saying, content: dict[str, object]) -> Sent:
        """Take a message from a member's phone."""
        sent = Sent(f"wa:{LINE}:{content['id']}", phone, saying, content)
        self.messages.append(sent)
        self.pending += 1
        self._waiting.append(sent)
        self._news.set()
        return sent

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with trio.open_nursery() as nursery:
            for _ in range(_DELIVERIES):
                nursery.start_soon(self._deliver, nursery)

    async def _deliver(self, nursery: trio.Nursery) -> None:
        while True:
            while not self._waiting:
                self._news = trio.Event()
                await self._news.wait()
            many = min(len(self._waiting), self.luck.randint(1, _MOST))
            batch = [self._waiting.popleft() for _ in range(many)]
            await self._until_answered(batch)
            if self.luck.random() < _COMES_AGAIN:
                nursery.start_soon(self._again, _body(batch), self.luck.uniform(0, 2))

    async def _until_answered(self, batch: list[Sent]) -> None:
        self._deliveries += 1
        for sent in batch:
            sent.tried, sent.delivery = self._tick(), self._deliveries
        body, answered = _body(batch), trio.Event()

        async def attempt(pause: float) -> None:
            await trio.sleep(pause)
            if await self._asked(body) and not answered.is_set():
                for sent in batch:
                    sent.answered = self._tick()
                    sent.stored.set()
                self.pending -= len(batch)
                answered.set()

        while not answered.is_set():
            async with trio.open_nursery() as nursery:
                nursery.start_soon(attempt, 0)
                if self.luck.random() < _OVERLAPS:
                    nursery.start_soon(attempt, self.luck.uniform(0, 0.02))
            if not answered.is_set():
                await trio.sleep(self.luck.uniform(0.02, 0.25))

    async def _again(self, body: bytes, pause: float) -> None:
        await trio.sleep(pause)
        self.figures.again += 1
        await self._asked(body)

    async def _asked(self, body: bytes) -> bool:
        self.figures.requests += 1
        stored = await self.post(body)
        self.figures.refused += not stored
        return stored

    def _tick(self) -> int:
        self._ticks += 1
        return self._ticks


def _body(batch: list[Sent]) -> bytes:
    return webhooks.notification(*(sent.content for sent in batch))
