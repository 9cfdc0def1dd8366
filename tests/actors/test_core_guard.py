"""credex-core behind its breaker: what counts as a failure, and what a member waits while it is down."""

import pytest
import trio
from trio.testing import MockClock

from actors.core_guard import GuardedCore
from credex.commands import Command, Login
from credex.model import Phone
from credex.outcomes import NotAMember, Outcome, Refusal, Refused, Unavailable, Unclear
from runtime.breaker import Breaker, BreakerState

LOGIN = Login(Phone("263770000001"))


class Core:
    """Answers what it is told to, after ``seconds``."""

    def __init__(self, answer: Outcome, *, seconds: float = 0) -> None:
        self.answer: Outcome | Exception = answer
        self.seconds = seconds
        self.calls = 0

    async def execute(self, command: Command) -> Outcome:
        assert command == LOGIN
        self.calls += 1
        await trio.sleep(self.seconds)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def guarded(core: Core) -> tuple[GuardedCore, Breaker]:
    breaker = Breaker(failures=3, seconds=10)
    return GuardedCore(core, breaker), breaker


@pytest.mark.parametrize("answer", [Unavailable("no route"), Unclear("timeout")], ids=["unavailable", "unclear"])
async def test_a_core_that_does_not_answer_is_asked_no_more_and_members_hear_so_at_once(
    answer: Outcome, autojump_clock: MockClock
) -> None:
    core = Core(answer, seconds=2)
    guard, breaker = guarded(core)
    assert [await guard.execute(LOGIN) for _ in range(3)] == [answer] * 3
    began = trio.current_time()
    assert await guard.execute(LOGIN) == Unavailable("the breaker is open")
    assert trio.current_time() == began
    assert core.calls == 3
    assert breaker.state(began) is BreakerState.OPEN


@pytest.mark.parametrize(
    "answer",
    [
        NotAMember(),
        Refused(Refusal.NO_COVER, "No."),
        Unavailable("too many requests", alive=True),
        Unclear("an error after the write", alive=True),
    ],
    ids=["not a member", "refused", "too busy for us", "alive and unclear"],
)
async def test_a_refusal_is_an_answer_and_no_failure(answer: Outcome, autojump_clock: MockClock) -> None:
    core = Core(answer)
    guard, breaker = guarded(core)
    breaker.failed(0)
    breaker.failed(0)
    assert await guard.execute(LOGIN) == answer
    breaker.failed(0)
    assert breaker.state(0) is BreakerState.CLOSED


async def test_when_it_is_back_one_call_finds_out_for_everybody(autojump_clock: MockClock) -> None:
    core = Core(Unavailable("down"))
    guard, _ = guarded(core)
    for _ in range(3):
        await guard.execute(LOGIN)
    await trio.sleep(10)
    core.answer, core.seconds, core.calls = NotAMember(), 1, 0
    heard: list[Outcome] = []

    async def ask() -> None:
        heard.append(await guard.execute(LOGIN))

    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(ask)
    assert core.calls == 1
    assert heard == [Unavailable("the breaker is open")] * 4 + [NotAMember()]
    assert await guard.execute(LOGIN) == NotAMember()


async def test_the_time_it_stays_open_counts_from_the_answer_that_failed(autojump_clock: MockClock) -> None:
    core = Core(Unavailable("down"), seconds=5)
    guard, breaker = guarded(core)
    for _ in range(3):
        await guard.execute(LOGIN)
    assert trio.current_time() == 15
    assert breaker.state(24.9) is BreakerState.OPEN
    assert breaker.state(25) is BreakerState.HALF_OPEN


async def test_a_cancelled_call_counts_neither_way(autojump_clock: MockClock) -> None:
    core = Core(Unavailable("down"), seconds=5)
    guard, breaker = guarded(core)
    for _ in range(10):
        with trio.move_on_after(1) as scope:
            await guard.execute(LOGIN)
        assert scope.cancelled_caught
    assert breaker.state(trio.current_time()) is BreakerState.CLOSED
    assert core.calls == 10


async def test_a_cancelled_probe_lets_another_be_the_probe(autojump_clock: MockClock) -> None:
    core = Core(Unavailable("down"))
    guard, _ = guarded(core)
    for _ in range(3):
        await guard.execute(LOGIN)
    await trio.sleep(10)
    core.answer, core.seconds = NotAMember(), 5
    with trio.move_on_after(1):
        await guard.execute(LOGIN)
    assert await guard.execute(LOGIN) == NotAMember()


async def test_a_probe_that_breaks_passes_its_error_on_and_lets_another_be_the_probe(
    autojump_clock: MockClock,
) -> None:
    core = Core(Unavailable("down"))
    guard, _ = guarded(core)
    for _ in range(3):
        await guard.execute(LOGIN)
    await trio.sleep(10)
    core.answer = ValueError("a bug")
    with pytest.raises(ValueError, match="a bug"):
        await guard.execute(LOGIN)
    core.answer = NotAMember()
    assert await guard.execute(LOGIN) == NotAMember()


async def test_its_return_is_told_once_by_whatever_call_finds_out(autojump_clock: MockClock) -> None:
    core, returns = Core(Unavailable("down")), list[float]()
    guard = GuardedCore(core, Breaker(failures=3, seconds=10), lambda: returns.append(trio.current_time()))
    began = trio.current_time()
    for _ in range(3):
        await guard.execute(LOGIN)
    assert returns == []
    await trio.sleep(10)
    core.answer = NotAMember()
    for _ in range(3):
        await guard.execute(LOGIN)
    assert returns == [began + 10]
