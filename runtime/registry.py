"""The registry: which actors are in memory, from first message (activate) to long silence (passivate).

Live actors are kept in the order in which they were last spoken to, so the oldest are at the front: passivating looks
at those that go and at no other. An actor with a task, mail or an effect under way is never passivated.
"""

from collections.abc import Callable
from dataclasses import dataclass

import trio

from runtime.actor import Actor
from runtime.address import Address
from runtime.envelope import Due, Envelope
from runtime.store import Timer


@dataclass(frozen=True, slots=True)
class RegistryStatistics:
    """Depths are counted in messages."""

    live: int
    running: int
    mail_waiting: int
    deepest_mailbox: int
    activations: int
    passivations: int


class Registry:
    """Address → actor, for the actors of this process."""

    def __init__(
        self, *, run: Callable[[Actor], None], capacity: int = 64, idle_seconds: float = 900, most_live: int = 100_000
    ) -> None:
        self._run = run
        self._capacity = capacity
        self._idle_seconds = idle_seconds
        self._most_live = most_live
        self._live: dict[Address, Actor] = {}
        self._activations = 0
        self._passivations = 0

    def deliver(self, envelope: Envelope) -> None:
        """Hand an accepted envelope to its actor, activating it if need be. Never waits, never fails."""
        actor = self.activate(envelope.address)
        actor.offer(envelope)
        self.wake(actor)

    def ring(self, timer: Timer) -> None:
        """Let an actor hear of its timer, activating it if need be. Never waits, never fails."""
        actor = self.activate(timer.address)
        actor.mailbox.put_nowait(Due(timer.name, timer.at))
        self.wake(actor)

    def activate(self, address: Address) -> Actor:
        """The live actor of this address. A new one loads itself before its first turn."""
        actor = self._live.pop(address, None)
        if actor is None:
            actor = Actor(address, capacity=self._capacity)
            self._activations += 1
            self._passivate_beyond(self._most_live - 1)
        self._live[address] = actor
        return actor

    def wake(self, actor: Actor) -> None:
        """Let the actor take turns, if it is not doing so."""
        actor.touched = trio.current_time()
        if not actor.running:
            actor.running = True
            self._run(actor)

    def passivate_idle(self) -> int:
        """Let go of the actors that nobody has spoken to for the idle time. Returns how many went."""
        horizon = trio.current_time() - self._idle_seconds
        gone = []
        for address, actor in self._live.items():
            if actor.touched > horizon:
                break
            if not actor.busy:
                gone.append(address)
        return self._passivate(gone)

    def _passivate_beyond(self, most: int) -> None:
        excess = len(self._live) - most
        if excess > 0:
            idle = (address for address, actor in self._live.items() if not actor.busy)
            self._passivate([address for address, _ in zip(idle, range(excess), strict=False)])

    def _passivate(self, addresses: list[Address]) -> int:
        for address in addresses:
            del self._live[address]
        self._passivations += len(addresses)
        return len(addresses)

    def statistics(self) -> RegistryStatistics:
        """The figures of this moment."""
        depths = [len(actor.mailbox) for actor in self._live.values()]
        return RegistryStatistics(
            live=len(self._live),
            running=sum(actor.running for actor in self._live.values()),
            mail_waiting=sum(depths),
            deepest_mailbox=max(depths, default=0),
            activations=self._activations,
            passivations=self._passivations,
        )

    def __repr__(self) -> str:
        return f"<Registry {len(self._live)} live>"
