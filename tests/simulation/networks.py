"""Meta and a text message gateway, on their way to us: members' messages, again and again until they are answered 200.

Late, twice, several in one notification, in another order than they were written; with delivery reports in between.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import trio

from runtime.tally import Tally
from tests.simulation import texting
from tests.simulation.history import History, Posted
from tests.simulation.process import Webhook
from tests.simulation.seeded import Random
from tests.simulation.weather import Weather
from tests.support import webhooks

Post = Callable[[Webhook], Awaitable[int]]

_HOUR = 3600.0
_LATENESS = (0.5, 5, 90, 400, 1000, _HOUR, 5 * _HOUR, 24 * _HOUR, 7 * 24 * _HOUR)
_LONGEST_PAUSE = 600.0
_MOST_TRIES = 60
GIVEN_UP = -1
"""The status of a webhook that was never answered 200 for hours."""


class Networks:
    """``post`` hands a webhook to a running process; 0 is no answer."""

    def __init__(
        self, nursery: trio.Nursery, post: Post, *, history: History, weather: Weather, random: Random
    ) -> None:
        self._nursery = nursery
        self._post = post
        self._history, self._weather, self._random = history, weather, random
        self._held: list[dict[str, Any]] = []
        self.under_way = Tally()

    def take(self, message: dict[str, Any]) -> None:
        """A member has sent this."""
        self._held.append(message)
        if self._random.random() >= self._weather.batch:
            self.release()

    def release(self) -> None:
        """Send what is held, in one notification."""
        if self._held:
            messages, self._held = self._held, []
            if self._random.random() < self._weather.batch:
                self._random.shuffle(messages)
            self.under_way.spawn(self._nursery, self._deliver, messages)

    def take_text(self, message_id: str, phone: str, text: str, at: datetime) -> None:
        """A member has sent this by text message."""
        target = texting.fetched(message_id, phone, text, at)
        self.under_way.spawn(self._nursery, self._bring, (message_id,), target)

    def report(self, message_id: str, phone: str, at: datetime) -> None:
        """A member's phone got our message."""
        if self._random.random() < self._weather.duplicate / 2:
            kind = self._random.choice(("sent", "delivered", "read", "failed"))
            status = webhooks.status(message_id, kind, phone, at=at)
            body = webhooks.notification(statuses=(status,))
            self.under_way.spawn(self._nursery, self._insist, (), body)

    def report_text(self, reference: str) -> None:
        """A member's phone got our text message, or did not."""
        if self._random.random() < self._weather.duplicate / 2:
            target = texting.reported(reference, self._random.choice((8, 1, 2, 16)))
            self.under_way.spawn(self._nursery, self._insist, (), target)

    async def _deliver(self, messages: list[dict[str, Any]]) -> None:
        ids = tuple(message["id"] for message in messages)
        await self._bring(ids, webhooks.notification(*messages))

    async def _bring(self, ids: tuple[str, ...], webhook: Webhook) -> None:
        if self._random.random() < self._weather.late:
            late = self._random.choice(_LATENESS[: self._random.choice((4, 6, len(_LATENESS)))])
            await trio.sleep(late)
        twins = 1 + (self._random.random() < self._weather.duplicate)
        async with trio.open_nursery() as nursery:
            for _ in range(twins):
                nursery.start_soon(self._insist, ids, webhook)
        if self._random.random() < self._weather.duplicate:
            await trio.sleep(self._random.choice((0, 1, 60, _HOUR, 24 * _HOUR)))
            await self._insist(ids, webhook)

    async def _insist(self, ids: tuple[str, ...], webhook: Webhook) -> None:
        pause = 1.0
        for _ in range(_MOST_TRIES):
            status = await self._post(webhook)
            self._history.note(Posted(ids, status))
            if status == 200:
                return
            await trio.sleep(pause * (0.5 + self._random.random()))
            pause = min(pause * 3, _LONGEST_PAUSE)
        self._history.note(Posted(ids, GIVEN_UP))
