"""Trying again: how often, how long, on what. The only module that knows tenacity.

tenacity repeats by attempts and by listed exception types; what it does about time is left unused, because its clock is
not Trio's. The whole effort, pauses and attempts together, lies inside one cancel scope instead, so a virtual clock
sees all of it. A pause that would end after the limit is not begun: the error is known now, so it is raised now.

Only the listed types are repeated. Cancellation is none of them and passes through untouched.
"""

import random  # noqa: TID251 - pauses only differ to spread load; nothing that is decided or stored depends on them
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import inf
from typing import Generic, TypeVar

import trio
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How to try again; times in seconds.

    An attempt that is sure to be over by limits of its own says so in ``attempt``. The pause after attempt ``n`` is
    ``first * 2 ** (n - 1)``, at most ``longest``, of which the lower half is certain and the upper half is drawn with
    ``jitter`` (a number in 0..1). ``wish`` names an attribute of the error that may hold the other side's own wait in
    seconds (Retry-After): then the pause is at least that long.
    """

    on: tuple[type[Exception], ...]
    attempts: int = 4
    first: float = 0.5
    longest: float = 8.0
    total: float = 20.0
    attempt: float = inf
    wish: str | None = None
    jitter: Callable[[], float] = random.random

    def pause(self, attempt: int, error: BaseException | None) -> float:
        """Seconds between attempt ``attempt`` (counted from 1), which ended in ``error``, and the next."""
        backoff = min(self.longest, self.first * 2.0 ** min(attempt - 1, 32))
        spread = backoff * (0.5 + 0.5 * self.jitter())
        wished = getattr(error, self.wish, None) if self.wish else None
        if not isinstance(wished, int | float):
            return spread
        return max(spread, wished + self.first * self.jitter())


async def retrying(policy: RetryPolicy, call: Callable[[], Awaitable[T]], until: float = inf) -> T:
    """The first result that ``call`` gives without one of ``policy.on``, by ``until`` on Trio's clock at the latest.

    Raises the last listed error when the attempts or the time are used up, ``trio.TooSlowError`` when the time went by
    before any listed error, and at once whatever is not listed. Cancelling cancels the attempt under way.
    """
    now = trio.current_time()
    deadline = min(now + policy.total, until)
    try:
        # Nearly always the only one: tenacity's machinery is built when there is something to repeat.
        if now + policy.attempt <= deadline:  # a scope costs as much as it takes to render what is sent
            return await call()
        return await _in_time(deadline, call)
    except policy.on as error:
        tries = _Tries(call, policy.on, error)
    with trio.move_on_at(deadline):
        return await _again(policy, deadline, tries)(tries)
    raise tries.last


async def _in_time(deadline: float, call: Callable[[], Awaitable[T]]) -> T:
    with trio.move_on_at(deadline):
        return await call()
    raise trio.TooSlowError


class _Tries(Generic[T]):
    """The attempts of one call as tenacity sees them: the first was made already, and is only told."""

    def __init__(self, call: Callable[[], Awaitable[T]], on: tuple[type[Exception], ...], first: Exception) -> None:
        self._call = call
        self._on = on
        self._told = False
        self.last = first

    async def __call__(self) -> T:
        if not self._told:
            self._told = True
            raise self.last
        try:
            return await self._call()
        except self._on as error:
            self.last = error
            raise


def _again(policy: RetryPolicy, deadline: float, tries: _Tries[T]) -> AsyncRetrying:
    def wait(state: RetryCallState) -> float:
        return policy.pause(state.attempt_number, tries.last)

    def stop(state: RetryCallState) -> bool:
        return state.attempt_number >= policy.attempts or trio.current_time() + state.upcoming_sleep >= deadline

    return AsyncRetrying(sleep=trio.sleep, wait=wait, stop=stop, retry=retry_if_exception_type(policy.on), reraise=True)
