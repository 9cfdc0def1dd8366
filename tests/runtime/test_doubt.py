"""What happens when memory and store disagree for a moment: nothing twice, nothing lost, nobody dies of it."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from runtime.child import Child
from runtime.errors import Fenced, StoreUnavailable
from runtime.memory_store import MemoryStore
from runtime.sqlite_store import SqliteStore
from runtime.store import Commit, Count, Forget, History, Letters, Load, Operation
from runtime.system import Limits
from tests.runtime.doubles import MEMBER, Kernel, kernel


class Lying(MemoryStore):
    """Writes, and then says that it did not, where ``lies`` says so. Stays open, as a server does."""

    def __init__(self) -> None:
        super().__init__()
        self.lies: Callable[[Operation[Any]], bool] = lambda _: False
        self.loads = 0

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        results = super().run(operations)
        self.loads += sum(isinstance(operation, Load) for operation in operations)
        if any(self.lies(operation) for operation in operations):
            raise StoreUnavailable("no answer")
        return results

    def close(self) -> None:
        """Others may be using it."""


def once(wanted: Callable[[Operation[Any]], bool]) -> Callable[[Operation[Any]], bool]:
    """``wanted``, the first time."""
    told: list[Operation[Any]] = []

    def lies(operation: Operation[Any]) -> bool:
        if told or not wanted(operation):
            return False
        told.append(operation)
        return True

    return lies


async def test_an_answer_whose_commit_seemed_to_fail_is_applied_once(autojump_clock: MockClock) -> None:
    store = Lying()
    async with kernel(store) as subject:
        store.lies = once(lambda operation: isinstance(operation, Commit) and bool(operation.settles))
        await subject.say("owe ask bring money")
        assert await subject.heard() == ["owe ask bring money", "answer money"]


async def test_a_turn_whose_commit_seemed_to_fail_is_taken_once(autojump_clock: MockClock) -> None:
    store = Lying()
    async with kernel(store) as subject:
        store.lies = once(lambda operation: isinstance(operation, Commit))
        await subject.say("owe out hello", "after")
        assert await subject.heard() == ["owe out hello", "after"]
        assert subject.performer.performed == ["hello"]


async def test_an_effect_settled_while_the_actor_reloads_is_not_performed_again(autojump_clock: MockClock) -> None:
    for _ in range(10):
        async with kernel(MemoryStore(), Limits(mailbox=2)) as subject:
            await subject.say(*(f"owe out {number}" for number in range(20)))
            await subject.system.settled()
            assert subject.performer.performed == [str(number) for number in range(20)]


async def test_a_long_backlog_is_loaded_in_pages_and_not_once_a_turn(autojump_clock: MockClock) -> None:
    store = Lying()
    async with kernel(store) as subject:
        await subject.say(*map(str, range(1000)))
        assert len(await subject.heard()) == 1000
        assert store.loads < 50


async def test_what_another_process_accepted_is_found_and_applied(autojump_clock: MockClock) -> None:
    store = Lying()
    superseded = Kernel(store, Limits())
    async with trio.open_nursery() as nursery:
        await nursery.start(partial(_until_fenced, superseded))
        async with kernel(store, Limits(sweep_seconds=30)) as subject:
            await subject.say("to the new process")
            await subject.system.settled()
            await superseded.say("to the old process")
            await subject.say("to the new one again")
            await trio.sleep(60)
            heard = await subject.heard()
            assert sorted(heard) == ["to the new one again", "to the new process", "to the old process"]
            assert store.run([Count()])[0].waiting == 0


async def _until_fenced(subject: Kernel, *, task_status: "trio.TaskStatus[None]") -> None:
    children = [Child("committer", subject.committer.run), Child("actors", subject.system.run)]
    with pytest.RaisesGroup(Fenced, flatten_subgroups=True):
        await subject.supervisor.run(children, stop=trio.Event(), budget=1, task_status=task_status)


class Speechless:
    """A behaviour that fails at everything, giving up included."""

    def receive(self, *_: object) -> Any:  # noqa: ANN401 - never returns
        raise ValueError("a bug")

    give_up = receive


async def test_mail_that_cannot_even_be_given_up_is_buried_and_the_process_lives(autojump_clock: MockClock) -> None:
    store = MemoryStore()
    async with kernel(store) as subject:
        remembering = subject.system._receiver._behaviour
        subject.system._receiver._behaviour = Speechless()
        await subject.say("the end of me")
        await subject.system.settled()
        subject.system._receiver._behaviour = remembering
        await subject.say("still here")
        assert await subject.heard() == ["still here"]
        [letters] = store.run([Letters(10)])
        assert [(letter.cause, letter.body) for letter in letters] == [("ValueError", b"the end of me")]


async def test_housekeeping_that_fails_cuts_nothing_short(autojump_clock: MockClock) -> None:
    store = Lying()
    async with kernel(store) as subject:

        async def slowly(_: str) -> None:
            await trio.sleep(25)

        subject.performer.act = slowly
        await trio.sleep(3590)
        store.lies = lambda operation: isinstance(operation, Forget)
        await subject.say("owe ask bring news")
        await trio.sleep(60)
        assert subject.failures == []
        assert await subject.heard() == ["owe ask bring news", "answer news"]


async def test_ids_are_forgotten_however_many_there_are(autojump_clock: MockClock, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    async with kernel(store, Limits(sweep_seconds=3600)) as subject:
        await subject.say(*map(str, range(2500)))
        await subject.heard()
        await trio.sleep(8 * 86400 + 7300)
        assert store.run([History(MEMBER)]) == [()]


async def test_a_question_not_yet_asked_is_left_to_the_next_start_when_stopping(autojump_clock: MockClock) -> None:
    store = MemoryStore()
    limits = Limits(held_in_drain=frozenset({"ask"}))
    async with kernel(store, limits) as subject:

        async def slowly(_: str) -> None:
            await trio.sleep(5)

        subject.performer.act = slowly
        await subject.say("owe ask bring first", "owe ask bring second", "owe out word")
        await trio.sleep(1)
    assert sorted(subject.performer.performed) == ["bring first", "word"]
    async with kernel(store) as again:
        await again.heard()
        assert again.performer.performed == ["bring second"]
