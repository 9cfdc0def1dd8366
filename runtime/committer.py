"""Group commit: everything the process asks of its store goes through one loop and one worker thread.

Whatever queued while the last flush ran goes out as one batch, so nobody waits for a timer and a busy store writes many
turns with one sync to disk. A submitter sleeps until its batch is durable and is handed its own operation's result.

New envelopes are told to ``on_accepted`` in their sequence before any submitter of that flush wakes: mailboxes fill in
the order of acceptance. When a flush fails, its accepts may be written all the same, and a provider's repeat would then
be a duplicate nobody delivers. So the next flush begins by looking for them, and tells of those it finds before
anything accepted later.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

import trio

from runtime.address import Address
from runtime.envelope import Envelope
from runtime.errors import StoreUnavailable
from runtime.store import Accept, Load, Loaded, Operation, Store

R = TypeVar("R")
T = TypeVar("T")

_EVERY_ENVELOPE = 1_000_000


class _Slip(Generic[R]):
    """One operation on its way. ``waiter`` is gone once its submitter was cancelled."""

    __slots__ = ("error", "operation", "result", "waiter")
    result: R

    def __init__(self, operation: Operation[R], waiter: "trio.lowlevel.Task") -> None:
        self.operation = operation
        self.waiter: trio.lowlevel.Task | None = waiter
        self.error: StoreUnavailable | None = None


@dataclass(frozen=True, slots=True)
class CommitterStatistics:
    """How the loop is doing. ``failures`` counts flushes the store did not answer."""

    queued: int
    flushes: int
    failures: int
    operations: int
    largest_batch: int
    last_seconds: float
    longest_seconds: float


class Committer:
    """The one way to the store.

    ``batch`` bounds a flush and ``limit`` the queue, both in operations. ``inline`` calls the store in Trio's own
    thread: for tests under a virtual clock, which would run ahead while a worker thread is busy.
    ``patience_seconds`` bounds one store call beyond the store's own limits; a call that takes longer is left behind in
    its thread, and the next one waits for it.
    """

    def __init__(
        self,
        store: Store,
        *,
        on_accepted: Callable[[Sequence[Envelope]], None] = lambda _: None,
        batch: int = 128,
        limit: int = 10_000,
        inline: bool = False,
        patience_seconds: float = 30,
    ) -> None:
        self._store = store
        self._on_accepted = on_accepted
        self._batch, self._limit = batch, limit
        self._inline, self._patience = inline, patience_seconds
        self._thread = trio.CapacityLimiter(1)
        self._queue: deque[_Slip[Any]] = deque()
        self._queued = 0
        self._flying: list[_Slip[Any]] = []
        self._doubtful: dict[str, Address] = {}
        self._running = self._up = self._closing = False
        self._work = trio.Event()
        self._calm = trio.lowlevel.ParkingLot()
        self._flushes = self._failures = self._operations = self._largest = 0
        self._last = self._longest = 0.0

    def __repr__(self) -> str:
        """How full it is."""
        return f"<Committer {self._queued}/{self._limit} queued, {self._flushes} flushes>"

    def statistics(self) -> CommitterStatistics:
        """The loop's figures since the start."""
        return CommitterStatistics(
            queued=self._queued,
            flushes=self._flushes,
            failures=self._failures,
            operations=self._operations,
            largest_batch=self._largest,
            last_seconds=self._last,
            longest_seconds=self._longest,
        )

    async def submit(self, operation: Operation[R]) -> R:
        """Have it done, durably, and return its result.

        Raises ``StoreUnavailable`` at once when the queue is full or no ``run`` is up, and later when the flush failed;
        then it may or may not be written. Cancelling takes an operation back that still queues; one that a flush has
        taken may or may not be written, and its result is dropped.
        """
        if not self._up or self._closing:
            raise StoreUnavailable("stopped")
        if self._queued >= self._limit or (type(operation) is Accept and len(self._doubtful) >= self._limit):
            raise StoreUnavailable("busy")
        slip = _Slip(operation, trio.lowlevel.current_task())
        self._queue.append(slip)
        self._queued += 1
        self._work.set()

        def give_up(_: object) -> trio.lowlevel.Abort:
            slip.waiter = None
            if slip not in self._flying:
                self._queued -= 1
            return trio.lowlevel.Abort.SUCCEEDED

        await trio.lowlevel.wait_task_rescheduled(give_up)
        if slip.error is not None:
            raise slip.error
        return slip.result

    async def drain(self) -> None:
        """Wait until everything queued is flushed. Takes as long as others go on submitting: bound it outside."""
        await trio.lowlevel.checkpoint()
        while self._queued or self._flying:
            await self._calm.park()

    async def close(self) -> None:
        """Take nothing more, flush what is queued, close the store; ``run`` then returns. Idempotent."""
        self._closing = True
        self._work.set()
        await trio.lowlevel.checkpoint()
        while self._running:
            await self._calm.park()

    async def run(self, *, task_status: "trio.TaskStatus[None]" = trio.TASK_STATUS_IGNORED) -> None:
        """Open the store, flush until closed or cancelled, close the store.

        Cancelled, it finishes the flush under way and hands its results back; what still queues is refused. Raises
        ``StoreUnavailable`` when the store cannot be opened; any other exception of the store is a bug, and everybody
        waiting is told that the store is unavailable before it goes on up. May be run again after its end.
        """
        self._running, self._closing = True, False
        try:
            await self._call(self._store.open)
            self._up = True
            task_status.started()
            await self._flush_until_closed()
        finally:
            self._up = False
            self._refuse([*self._flying, *self._queue], StoreUnavailable("stopped"))
            self._flying, self._queued = [], 0
            self._queue.clear()
            if self._thread.borrowed_tokens == 0:
                # A store that hangs is left behind instead, and closes with the process.
                with suppress(StoreUnavailable), trio.move_on_after(self._patience, shield=True):
                    await self._call(self._store.close)
            self._running = False
            self._calm.unpark_all()

    async def _flush_until_closed(self) -> None:
        while True:
            await trio.lowlevel.checkpoint()
            if self._queued:
                await self._flush()
            if not self._queued:
                self._calm.unpark_all()
                if self._closing:
                    return
                self._work = trio.Event()
                await self._work.wait()

    async def _flush(self) -> None:
        slips = self._flying = self._take()
        began = trio.current_time()
        try:
            await self._resolve_doubts()
            results = await self._call(self._store.run, [slip.operation for slip in slips])
        except StoreUnavailable as error:
            self._failures += 1
            self._refuse(slips, error)
        else:
            self._hand_back(slips, results)
        self._flying = []
        self._note(len(slips), trio.current_time() - began)

    def _take(self) -> list[_Slip[Any]]:
        slips: list[_Slip[Any]] = []
        while self._queue and len(slips) < self._batch:
            slip = self._queue.popleft()
            if slip.waiter is not None:
                slips.append(slip)
        self._queued -= len(slips)
        return slips

    async def _call(self, function: Callable[..., T], *arguments: object) -> T:
        """Call the store where it may block. Shielded: a thread cannot be cancelled, only left behind."""
        if self._inline:
            return function(*arguments)
        with trio.move_on_after(self._patience, shield=True):
            return await trio.to_thread.run_sync(
                function, *arguments, limiter=self._thread, abandon_on_cancel=True, thread_name="store"
            )
        raise StoreUnavailable(f"no answer within {self._patience:g} s")

    async def _resolve_doubts(self) -> None:
        """Look for what a failed flush may have accepted, a batch of actors at a time, and tell of what is found."""
        while self._doubtful:
            addresses = tuple(dict.fromkeys(islice(self._doubtful.values(), self._batch)))
            loads = [Load(address=address, limit=_EVERY_ENVELOPE) for address in addresses]
            loaded: list[Loaded] = await self._call(self._store.run, loads)
            found = [envelope for actor in loaded for envelope in actor.envelopes if envelope.id in self._doubtful]
            asked = set(addresses)
            self._doubtful = {name: address for name, address in self._doubtful.items() if address not in asked}
            if found:
                self._on_accepted(sorted(found, key=lambda envelope: envelope.sequence))

    def _hand_back(self, slips: list[_Slip[Any]], results: list[Any]) -> None:
        accepted: list[Envelope] = []
        for slip, result in zip(slips, results, strict=True):
            slip.result = result
            if type(slip.operation) is Accept:
                accepted.extend(result)
        if accepted:
            self._on_accepted(accepted)
        self._wake(slips)

    def _refuse(self, slips: list[_Slip[Any]], cause: StoreUnavailable) -> None:
        for slip in slips:
            slip.error = StoreUnavailable(*cause.args)
            slip.error.__cause__ = cause
            if type(slip.operation) is Accept:
                self._doubtful.update((envelope.id, envelope.address) for envelope in slip.operation.envelopes)
        self._wake(slips)

    def _wake(self, slips: list[_Slip[Any]]) -> None:
        for slip in slips:
            if slip.waiter is not None:
                trio.lowlevel.reschedule(slip.waiter)
                slip.waiter = None

    def _note(self, operations: int, seconds: float) -> None:
        self._flushes += 1
        self._operations += operations
        self._largest = max(self._largest, operations)
        self._last, self._longest = seconds, max(self._longest, seconds)
