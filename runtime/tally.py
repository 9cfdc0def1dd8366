"""A count of tasks under way that can be waited for to reach zero."""

from collections.abc import Awaitable, Callable

import trio


class Tally:
    """Counts tasks from the moment they are promised to the moment they end."""

    def __init__(self) -> None:
        self.count = 0
        self._zero: trio.Event | None = None

    def spawn(self, nursery: trio.Nursery, run: Callable[..., Awaitable[None]], *args: object) -> None:
        """Start a task in the nursery and count it."""
        self.count += 1
        nursery.start_soon(self._counted, run, args)

    async def _counted(self, run: Callable[..., Awaitable[None]], args: tuple[object, ...]) -> None:
        try:
            await run(*args)
        finally:
            self.count -= 1
            if self.count == 0 and self._zero is not None:
                self._zero.set()
                self._zero = None

    async def zero(self) -> None:
        """Wait until nothing is under way. Bounded by the caller's cancel scope."""
        while self.count:
            if self._zero is None:
                self._zero = trio.Event()
            await self._zero.wait()
