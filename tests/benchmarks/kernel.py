"""The actor kernel with nothing outside it: a store that keeps nothing, effects that are done as soon as they are owed.

What is left is what the runtime and the dialogs themselves cost.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import trio

from actors.member import MemberBehaviour, address_of, envelope_of
from channels.message import Peer
from runtime.address import Address
from runtime.child import Child
from runtime.clock import SystemClock
from runtime.committer import Committer
from runtime.envelope import Envelope, Mail
from runtime.intensity import Intensity
from runtime.lanes import Done
from runtime.receiver import TurnTaken
from runtime.store import Backlog, Claim, Commit, Load, Loaded, Operation, Owed, Settle, Snapshot, Timers, Verdict
from runtime.supervisor import Supervisor
from runtime.system import ActorSystem, Limits
from runtime.turn import Behaviour, Decision, Turn
from tests.benchmarks import people
from tests.support.graph import LINE

_EVERY = 1_000_000


class ShelfStore:
    """A ``Store`` that knows one snapshot, gives everybody a copy of it, and agrees to every write."""

    durability = "Nothing is kept."

    def __init__(self, snapshot: bytes) -> None:
        self._snapshot = snapshot

    def open(self) -> None:
        """There is nothing to open."""

    def close(self) -> None:
        """Nor to close."""

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        """Agree."""
        return [self._result(operation) for operation in operations]

    def _result(self, operation: Operation[Any]) -> object:
        match operation:
            case Commit() | Settle():
                return Verdict.DONE
            case Load(address=address):
                own = self._snapshot.replace(people.RUDO.encode(), address.partition(":")[2].encode())
                return Loaded(Snapshot(1, 0, own), (), (), more=False)
            case Claim():
                return 1
            case Backlog() | Timers():
                return ()
            case other:
                raise TypeError(type(other).__name__)


class Trivial:
    """A ``Behaviour`` that does nothing, so that all that costs is the runtime."""

    def receive(self, address: Address, snapshot: bytes | None, mail: Mail, turn: Turn) -> Decision:
        """Keep what there is."""
        del address, mail, turn
        return Decision(snapshot=snapshot or b"")

    give_up = receive


class Idle:
    """A ``Performer`` that is done at once."""

    async def perform(self, address: Address, owed: Owed) -> Done:
        """Done."""
        del address, owed
        await trio.lowlevel.checkpoint()
        return Done()


class Crowded:
    """``members`` actors at the dashboard, who get their mail without a webhook."""

    def __init__(self, system: ActorSystem, members: int) -> None:
        self.system = system
        self.peers = [Peer("whatsapp", LINE, f"26378{number:07d}") for number in range(members)]
        self._sequence = 0

    def help_from_all(self) -> list[Envelope]:
        """``help`` from everybody, accepted."""
        return [self._envelope(peer.name) for peer in self.peers]

    async def deliver(self, envelopes: Sequence[Envelope], *, at_once: int = 100) -> None:
        """Have them applied, so many actors at a time."""
        for start in range(0, len(envelopes), at_once):
            self.system.accepted(envelopes[start : start + at_once])
            await self.system.settled()

    def _envelope(self, phone: str) -> Envelope:
        self._sequence += 1
        said = people.says(phone, "help", self._sequence)
        body = envelope_of(said, accepted_at=said.at).body
        address = address_of(said.peer)
        return Envelope(id=said.id, address=address, accepted_at=said.at, body=body, sequence=self._sequence)


@asynccontextmanager
async def crowded(
    members: int,
    snapshot: bytes,
    *,
    behaviour: Behaviour | None = None,
    on_turn: Callable[[TurnTaken], None] = lambda _: None,
) -> AsyncIterator[Crowded]:
    """A running kernel."""
    committer = Committer(ShelfStore(snapshot), inline=True)
    supervisor = Supervisor(intensity=Intensity(limit=5, period=60), on_failure=lambda _name, _failure: None)
    system = ActorSystem(
        committer=committer,
        behaviour=behaviour or MemberBehaviour(),
        performer=Idle(),
        supervisor=supervisor,
        clock=SystemClock(),
        owner="benchmark",
        on_turn=on_turn,
        limits=Limits(most_live=_EVERY, idle_seconds=0, sweep_seconds=_EVERY),
    )
    children = [Child("committer", committer.run), Child("actors", system.run)]
    async with trio.open_nursery() as nursery:
        await nursery.start(partial(supervisor.run, children, stop=trio.Event(), budget=1))
        yield Crowded(system, members)
        nursery.cancel_scope.cancel()
