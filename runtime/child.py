"""The child spec: a long-running task the supervisor starts, restarts and stops."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import trio


class Run(Protocol):
    """A child's whole life: reports ``task_status.started()`` when it is ready, returns when it is done for good."""

    async def __call__(self, *, task_status: "trio.TaskStatus[None]") -> None:
        """Run until done or cancelled."""
        ...


@dataclass(frozen=True, slots=True)
class Child:
    """``drain`` is awaited before the child is cancelled at shutdown: it finishes work in hand and takes no new."""

    name: str
    run: Run
    drain: Callable[[], Awaitable[None]] | None = None
