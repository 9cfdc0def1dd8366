"""Trying again, on a clock that jumps."""

import random  # noqa: TID251 - seeded, to show that a seeded source can be handed in
from collections.abc import Awaitable, Callable
from functools import partial

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st
from trio.testing import MockClock

from runtime.retry import RetryPolicy, retrying


class Busy(Exception):
    """May pass."""

    def __init__(self, text: str = "busy", *, after_seconds: object = None) -> None:
        super().__init__(text)
        self.after_seconds = after_seconds


class Fatal(Exception):
    """Will not pass."""


def policy(*, attempts: int = 4, total: float = 100, longest: float = 8, wish: str | None = None) -> RetryPolicy:
    return RetryPolicy(
        on=(Busy,), attempts=attempts, first=1, longest=longest, total=total, wish=wish, jitter=lambda: 1
    )


class Script:
    """Raises or returns its lines one after another and keeps when it was called."""

    def __init__(self, *lines: Exception | str, taking: float = 0) -> None:
        self.lines = list(lines)
        self.taking = taking
        self.called: list[float] = []

    async def __call__(self) -> str:
        self.called.append(trio.current_time())
        await trio.sleep(self.taking)
        line = self.lines.pop(0)
        if isinstance(line, Exception):
            raise line
        return line

    @property
    def pauses(self) -> list[float]:
        return [after - before for before, after in zip(self.called, self.called[1:], strict=False)]


async def test_a_call_that_succeeds_is_made_once(autojump_clock: MockClock) -> None:
    script = Script("done")
    assert await retrying(policy(), script) == "done"
    assert script.pauses == []
    assert autojump_clock.current_time() == script.called[0]


async def test_a_listed_error_is_tried_again_with_growing_pauses(autojump_clock: MockClock) -> None:
    script = Script(Busy(), Busy(), Busy(), "done")
    assert await retrying(policy(), script) == "done"
    assert script.pauses == pytest.approx([1, 2, 4])
    assert autojump_clock.current_time() > script.called[0]


async def test_pauses_grow_no_longer_than_allowed(autojump_clock: MockClock) -> None:
    script = Script(*[Busy()] * 5, "done")
    assert await retrying(policy(attempts=6, longest=3), script) == "done"
    assert script.pauses == pytest.approx([1, 2, 3, 3, 3])
    assert autojump_clock.current_time() > script.called[0]


async def test_after_the_last_attempt_its_own_error_is_raised(autojump_clock: MockClock) -> None:
    last = Busy("third")
    script = Script(Busy("first"), Busy("second"), last, "never reached")
    with pytest.raises(Busy) as raised:
        await retrying(policy(attempts=3), script)
    assert raised.value is last
    assert autojump_clock.current_time() == pytest.approx(script.called[0] + 3)


async def test_an_error_that_is_not_listed_is_raised_at_once(autojump_clock: MockClock) -> None:
    script = Script(Busy(), Fatal("no"), "never reached")
    with pytest.raises(Fatal, match="no"):
        await retrying(policy(), script)
    assert len(script.called) == 2
    assert autojump_clock.current_time() == pytest.approx(script.called[0] + 1)


async def test_the_total_time_ends_an_attempt_with_the_last_listed_error(autojump_clock: MockClock) -> None:
    script = Script(Busy("only"), "too late", taking=6)
    begun = trio.current_time()
    with pytest.raises(Busy, match="only"):
        await retrying(policy(total=10), script)
    assert autojump_clock.current_time() == pytest.approx(begun + 10)


async def test_a_pause_that_would_end_after_the_total_time_is_not_begun(autojump_clock: MockClock) -> None:
    begun = trio.current_time()
    with pytest.raises(Busy):
        await retrying(policy(total=2.5), Script(Busy(), Busy(), "too late"))
    assert autojump_clock.current_time() == pytest.approx(begun + 1)


async def test_time_that_is_up_before_any_error_is_called_so(autojump_clock: MockClock) -> None:
    begun = trio.current_time()
    with pytest.raises(trio.TooSlowError):
        await retrying(policy(total=10), Script("too late", taking=11))
    assert autojump_clock.current_time() == pytest.approx(begun + 10)


async def test_the_other_sides_wish_for_quiet_is_honoured(autojump_clock: MockClock) -> None:
    script = Script(Busy(after_seconds=30), Busy(after_seconds=0), "done")
    assert await retrying(policy(wish="after_seconds"), script) == "done"
    assert script.pauses == pytest.approx([31, 2])
    assert autojump_clock.current_time() > script.called[0]


async def test_a_wish_longer_than_the_total_time_ends_it_at_once(autojump_clock: MockClock) -> None:
    begun = trio.current_time()
    with pytest.raises(Busy):
        await retrying(policy(wish="after_seconds", total=20), Script(Busy(after_seconds=60), "too late"))
    assert autojump_clock.current_time() == pytest.approx(begun)


@pytest.mark.parametrize("wished", [None, "soon"])
async def test_what_is_no_number_is_no_wish(wished: object, autojump_clock: MockClock) -> None:
    script = Script(Busy(after_seconds=wished), Fatal("has no such attribute"))
    with pytest.raises(Fatal):
        await retrying(policy(wish="after_seconds"), script)
    assert script.pauses == pytest.approx([1])
    assert autojump_clock.current_time() > script.called[0]


async def test_cancelling_cancels_the_attempt_and_is_not_tried_again(autojump_clock: MockClock) -> None:
    script = Script("too late", "never reached", taking=5)
    with trio.move_on_after(1) as scope:
        await retrying(policy(), script)
    assert scope.cancelled_caught
    assert len(script.called) == 1
    assert autojump_clock.current_time() == pytest.approx(script.called[0] + 1)


async def test_cancelling_cancels_a_pause(autojump_clock: MockClock) -> None:
    script = Script(Busy(), "never reached")
    with trio.move_on_after(0.5) as scope:
        await retrying(policy(), script)
    assert scope.cancelled_caught
    assert len(script.called) == 1
    assert autojump_clock.current_time() == pytest.approx(script.called[0] + 0.5)


async def test_a_policy_can_be_handed_on_as_a_plain_function(autojump_clock: MockClock) -> None:
    patiently: Callable[[Callable[[], Awaitable[str]]], Awaitable[str]] = partial(retrying, policy())
    script = Script(Busy(), "done")
    assert await patiently(script) == "done"
    assert autojump_clock.current_time() > script.called[0]


@given(st.integers(1, 2000), st.integers())
def test_half_of_a_pause_is_certain_and_half_is_chance(attempt: int, seed: int) -> None:
    source = random.Random(seed)  # noqa: S311 - no secret
    seeded = RetryPolicy(on=(Busy,), first=0.5, longest=8, jitter=source.random)
    whole = min(8, 0.5 * 2 ** min(attempt - 1, 10))
    assert whole / 2 <= seeded.pause(attempt, None) <= whole


def test_a_seeded_source_of_chance_repeats_its_pauses() -> None:
    sources = [random.Random(7), random.Random(7)]  # noqa: S311 - no secret
    one, other = (RetryPolicy(on=(Busy,), jitter=source.random) for source in sources)
    assert [one.pause(n, None) for n in range(1, 9)] == [other.pause(n, None) for n in range(1, 9)]


async def test_it_is_over_by_the_moment_it_is_given(autojump_clock: MockClock) -> None:
    with pytest.raises(trio.TooSlowError):
        await retrying(policy(total=100), Script("too late", taking=11), trio.current_time() + 10)
    assert trio.current_time() == 10
    with pytest.raises(Busy):
        await retrying(policy(total=100), Script(Busy(), Busy(), "too late"), trio.current_time() + 2.5)


async def test_an_attempt_that_bounds_itself_is_trusted_and_its_repeats_are_bounded(autojump_clock: MockClock) -> None:
    trusted = RetryPolicy(on=(Busy,), first=1, total=10, attempt=8, jitter=lambda: 1)
    script = Script("late all the same", taking=11)
    assert await retrying(trusted, script) == "late all the same"
    begun = trio.current_time()
    with pytest.raises(Busy):
        await retrying(trusted, Script(Busy(), "too late", taking=8))
    assert trio.current_time() - begun == 10


async def test_an_attempt_that_takes_longer_than_there_is_time_is_not_trusted(autojump_clock: MockClock) -> None:
    with pytest.raises(trio.TooSlowError):
        await retrying(RetryPolicy(on=(Busy,), total=10, attempt=11), Script("too late", taking=11))
    assert trio.current_time() == 10
