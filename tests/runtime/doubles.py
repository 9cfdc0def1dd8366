"""A behaviour and a performer that do what the mail tells them, for tests of the kernel."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
import trio

from runtime.address import Address
from runtime.child import Child
from runtime.clock import VirtualClock
from runtime.committer import Committer
from runtime.envelope import Due, Envelope, Mail
from runtime.intensity import Intensity
from runtime.lanes import Brought, Done, Performed
from runtime.receiver import TurnTaken
from runtime.store import Load, Owed, Store
from runtime.supervisor import Supervisor
from runtime.system import ActorSystem, Limits
from runtime.turn import Decision, Turn

START = datetime(2026, 9, 20, 10, tzinfo=UTC)
MEMBER = Address("member:263771234567")


class Remembering:
    """Remembers all it was told. ``owe <lane> <text>`` owes an effect; whatever has ``crash`` in it raises.

    ``set <name> <seconds>`` sets a timer and ``clear <name>`` clears it.
    """

    def __init__(self) -> None:
        self.crashes_left = 1_000_000

    def receive(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        del address
        heard: list[str] = msgspec.json.decode(snapshot) if snapshot else []
        words = _words(mail)
        if "crash" in words and self.crashes_left:
            self.crashes_left -= 1
            raise ValueError("as told")
        owes: tuple[Owed, ...] = ()
        if words.startswith("owe "):
            _, lane, text = words.split(" ", 2)
            owes = (Owed(id=f"{turn.id}#0", lane=lane, body=text.encode()),)
        return Decision(snapshot=msgspec.json.encode([*heard, words]), owes=owes, timers=_timers(words, turn))

    def give_up(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        del address, mail, turn
        heard: list[str] = msgspec.json.decode(snapshot) if snapshot else []
        return Decision(snapshot=msgspec.json.encode([*heard, "sorry"]))


def _timers(words: str, turn: Turn) -> tuple[tuple[str, datetime | None], ...]:
    match words.split(" "):
        case ["set", name, seconds]:
            return ((name, turn.now + timedelta(seconds=float(seconds))),)
        case ["clear", name]:
            return ((name, None),)
        case _:
            return ()


def _words(mail: Mail) -> str:
    if isinstance(mail, Envelope):
        return mail.body.decode()
    if isinstance(mail, Due):
        return f"{mail.name} is due"
    return f"answer {mail.body}" if mail.final else f"{mail.asked.decode()} is overdue"


class Performing:
    """Notes what it performs. ``bring <text>`` brings an answer; ``act`` may be replaced to wait or to fail."""

    def __init__(self) -> None:
        self.performed: list[str] = []
        self.act: Callable[[str], Awaitable[None]] = _at_once

    async def perform(self, address: Address, owed: Owed) -> Performed:
        del address
        text = owed.body.decode()
        await self.act(text)
        self.performed.append(text)
        return Brought(text.removeprefix("bring ")) if text.startswith("bring ") else Done()


async def _at_once(_: str) -> None:
    await trio.lowlevel.checkpoint()


class Kernel:
    """A running actor system with its doubles."""

    def __init__(
        self, store: Store, limits: Limits, intensity: Intensity | None = None, clock: VirtualClock | None = None
    ) -> None:
        self.store = store
        self.behaviour = Remembering()
        self.performer = Performing()
        self.clock = clock or VirtualClock(START)
        self.turns: list[TurnTaken] = []
        self.failures: list[str] = []
        self.supervisor = Supervisor(
            intensity=intensity or Intensity(limit=1000, period=60),
            on_failure=lambda name, _: self.failures.append(name),
        )
        self.committer = Committer(store, on_accepted=self._accepted, inline=True)
        self.system = ActorSystem(
            committer=self.committer,
            behaviour=self.behaviour,
            performer=self.performer,
            supervisor=self.supervisor,
            clock=self.clock,
            owner="test",
            on_turn=self.turns.append,
            limits=limits,
        )
        self._said = 0

    def _accepted(self, envelopes: Sequence[Envelope]) -> None:
        self.system.accepted(envelopes)

    async def say(self, *texts: str, address: Address = MEMBER) -> None:
        """Accept messages for an actor, each its own."""
        envelopes = []
        for text in texts:
            self._said += 1
            now = self.clock.now()
            envelopes.append(
                Envelope(id=f"{id(self)}.{self._said}", address=address, accepted_at=now, body=text.encode())
            )
        await self.system.intake.accept(envelopes)

    async def heard(self, address: Address = MEMBER) -> list[str]:
        """What the actor's stored snapshot remembers, once everything is quiet."""
        await self.system.settled()
        snapshot = self.snapshot(address)
        return msgspec.json.decode(snapshot) if snapshot else []

    def snapshot(self, address: Address = MEMBER) -> bytes | None:
        """The stored snapshot."""
        [loaded] = self.store.run([Load(address=address, limit=1000)])
        return loaded.snapshot.body if loaded.snapshot else None


@asynccontextmanager
async def kernel(
    store: Store, limits: Limits | None = None, clock: VirtualClock | None = None
) -> AsyncIterator[Kernel]:
    """A kernel that runs until the block ends, then drains."""
    subject = Kernel(store, limits or Limits(), clock=clock)
    stop = trio.Event()
    children = [
        Child("committer", subject.committer.run, drain=subject.committer.close),
        Child("actors", subject.system.run, drain=subject.system.drain),
    ]
    async with trio.open_nursery() as nursery:
        await nursery.start(partial(subject.supervisor.run, children, stop=stop, budget=10))
        yield subject
        stop.set()
