"""The registry alone: who is in memory, who goes first, and what the figures say. Actors here run when told to."""

import trio
from trio.testing import MockClock

from runtime.actor import Actor, Work
from runtime.address import Address
from runtime.envelope import Envelope
from runtime.registry import Registry
from tests.runtime.doubles import START


class Subject(Registry):
    """A registry whose actors are started into a list, loaded already and doing nothing by themselves."""

    def __init__(self, *, capacity: int = 4, idle_seconds: float = 60, most_live: int = 1000) -> None:
        super().__init__(run=self._started, capacity=capacity, idle_seconds=idle_seconds, most_live=most_live)
        self.runs: list[Address] = []

    def _started(self, actor: Actor) -> None:
        self.runs.append(actor.address)

    def hear(self, name: str) -> Actor:
        """A message for this actor, which is in step with its store."""
        self.activate(address(name)).behind = False
        self.deliver(Envelope(id=name, address=address(name), accepted_at=START, body=b"hello", sequence=1))
        return self.activate(address(name))

    def rest(self, name: str) -> Actor:
        """The actor has taken all its turns."""
        actor = self.activate(address(name))
        while actor.mailbox.take_nowait() is not None:
            pass
        actor.running = False
        return actor

    def knows(self, actor: Actor) -> bool:
        """Whether this very actor is the live one of its address."""
        return self.activate(actor.address) is actor


def address(name: str) -> Address:
    return Address(f"member:{name}")


async def test_a_message_activates_its_actor_and_runs_it_once_however_many_follow() -> None:
    registry = Subject()
    actor = registry.hear("1")
    assert registry.hear("1") is actor
    assert registry.runs == ["member:1"]
    assert len(actor.mailbox) == 2
    registry.rest("1")
    registry.hear("1")
    assert registry.runs == ["member:1", "member:1"]


async def test_a_new_actor_loads_itself_and_leaves_its_messages_in_the_store_until_then() -> None:
    registry = Subject()
    registry.deliver(Envelope(id="m", address=address("1"), accepted_at=START, body=b"hello", sequence=1))
    actor = registry.activate(address("1"))
    assert actor.behind
    assert len(actor.mailbox) == 0
    assert registry.runs == ["member:1"]


async def test_an_idle_actor_goes_after_its_time_and_not_before(autojump_clock: MockClock) -> None:
    registry = Subject(idle_seconds=60)
    registry.hear("1")
    registry.rest("1")
    await trio.sleep(59)
    assert registry.passivate_idle() == 0
    await trio.sleep(1)
    assert registry.passivate_idle() == 1
    assert registry.statistics().live == 0


async def test_a_word_starts_the_idle_time_anew(autojump_clock: MockClock) -> None:
    registry = Subject(idle_seconds=60)
    registry.hear("1")
    registry.rest("1")
    await trio.sleep(40)
    registry.hear("1")
    registry.rest("1")
    await trio.sleep(40)
    assert registry.passivate_idle() == 0


async def test_a_running_actor_one_with_mail_and_one_with_an_effect_under_way_stay(
    autojump_clock: MockClock,
) -> None:
    registry = Subject(idle_seconds=60)
    running, waiting, owing = registry.hear("1"), registry.hear("2"), registry.hear("3")
    registry.rest("1").running = True
    waiting.running = False
    registry.rest("3").work = Work()
    registry.hear("4")
    registry.rest("4")
    await trio.sleep(1000)
    assert registry.passivate_idle() == 1
    assert all(registry.knows(actor) for actor in (running, waiting, owing))
    assert registry.statistics().live == 3


async def test_beyond_the_cap_the_one_spoken_to_longest_ago_makes_room(autojump_clock: MockClock) -> None:
    registry = Subject(most_live=2)
    first, second = registry.hear("1"), registry.hear("2")
    registry.rest("1")
    registry.rest("2")
    registry.hear("1")
    registry.rest("1")
    registry.hear("3")
    assert registry.statistics().live == 2
    assert registry.knows(first)
    assert not registry.knows(second)


async def test_the_cap_gives_way_while_everybody_is_busy_and_holds_again_afterwards() -> None:
    registry = Subject(most_live=2)
    for name in ("1", "2", "3", "4"):
        registry.hear(name)
    assert registry.statistics().live == 4
    for name in ("1", "2", "3", "4"):
        registry.rest(name)
    registry.hear("5")
    assert registry.statistics().live == 2


async def test_the_figures_say_who_lives_who_runs_and_how_deep_mail_lies() -> None:
    registry = Subject()
    for name in ("1", "2", "2", "2"):
        registry.hear(name)
    registry.rest("1")
    figures = registry.statistics()
    assert (figures.live, figures.running, figures.mail_waiting, figures.deepest_mailbox) == (2, 1, 3, 3)
    assert (figures.activations, figures.passivations) == (2, 0)
    assert repr(registry) == "<Registry 2 live>"


def test_an_empty_registry_has_figures_too() -> None:
    figures = Subject().statistics()
    assert (figures.live, figures.mail_waiting, figures.deepest_mailbox) == (0, 0, 0)
