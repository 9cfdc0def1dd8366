"""The stream behind the simulator's page: Server-Sent Events of bubbles, for all phones of a page at once.

It begins with ``hello`` (the stamp of this run) and then sends arrays of bubbles, new ones and those whose ticks
changed. An event's id is ``<stamp>:<change>``; a browser that reconnects sends the last one it saw and gets all that is
newer. A position from another run, or one nobody gave out, means from the start: a page draws a bubble it knows over
the old one.

A response body and not an async generator: a generator whose reader goes away while it is suspended is left to the
garbage collector.
"""

import re
from collections.abc import AsyncIterator

import msgspec
import trio
from quart.wrappers.response import ResponseBody

from channels.simulator.conversations import Conversations

HEARTBEAT_SECONDS = 15.0
"""How often a silent stream says that it lives, so that no proxy closes it."""

_CHANGE = re.compile("[0-9]{1,15}")


class LiveBubbles(ResponseBody):
    """The stream of one page. Holds a position and nothing else, so a slow page costs nothing.

    ``known`` is the last event id the page saw, or anything else for a page that has seen none. Ends when the
    conversations are closed.
    """

    def __init__(self, conversations: Conversations, known: str) -> None:
        self._conversations = conversations
        self._after = _position(known, conversations)
        self._greeted = False

    async def __aenter__(self) -> AsyncIterator[bytes]:
        return self

    async def __aexit__(self, *_: object) -> None:
        """There is nothing to let go of."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if not self._greeted:
            self._greeted = True
            hello = msgspec.json.encode({"stamp": self._conversations.stamp})
            return b"retry: 1000\nevent: hello\ndata: " + hello + b"\n\n"
        with trio.move_on_after(HEARTBEAT_SECONDS):
            return await self._news()
        return b": still here\n\n"

    async def _news(self) -> bytes:
        bubbles = await self._conversations.changes(self._after)
        if not bubbles:
            raise StopAsyncIteration
        self._after = bubbles[-1].changed
        position = f"{self._conversations.stamp}:{self._after}"
        return b"id: " + position.encode() + b"\ndata: " + msgspec.json.encode(bubbles) + b"\n\n"


def _position(known: str, conversations: Conversations) -> int:
    stamp, _, change = known.rpartition(":")
    if stamp != conversations.stamp or not _CHANGE.fullmatch(change):
        return 0
    return int(change) if int(change) <= conversations.last else 0
