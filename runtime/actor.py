"""The actor: a record that costs little while idle.

Between turns an actor is its encoded snapshot and two counters; no task, no decoded state. Memory is a cache of the
store: whenever they may differ (activation, a mailbox that overflowed, a failed or refused commit) the actor is
``behind`` and loads before it goes on, so a crash at any point is survived by forgetting.
"""

from dataclasses import dataclass, field

from runtime.address import Address
from runtime.envelope import Envelope
from runtime.errors import MailboxFull
from runtime.mailbox import Mailbox
from runtime.store import Loaded, Owed


@dataclass(slots=True)
class Work:
    """What an actor owes right now: ``lanes`` in order, and every id that must not be taken up a second time."""

    lanes: dict[str, list[Owed]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    @property
    def queued(self) -> int:
        """How many effects are not performed yet."""
        return sum(map(len, self.lanes.values()))


class Actor:
    """One member's place in memory."""

    __slots__ = ("address", "applied", "behind", "mailbox", "running", "snapshot", "touched", "version", "work")

    def __init__(self, address: Address, *, capacity: int) -> None:
        self.address = address
        self.mailbox = Mailbox(capacity)
        self.snapshot: bytes | None = None
        self.version = 0
        self.applied = 0
        self.behind = True
        self.running = False
        self.touched = 0.0
        self.work: Work | None = None

    @property
    def busy(self) -> bool:
        """Whether a task or an effect of this actor is under way: then it may not be passivated."""
        return self.running or self.work is not None or len(self.mailbox) > 0

    def offer(self, envelope: Envelope) -> None:
        """Queue an accepted envelope, or leave it in the store while the mailbox has no room or is behind."""
        if self.behind:
            return
        try:
            self.mailbox.put_nowait(envelope)
        except MailboxFull:
            self.behind = True

    def adopt(self, loaded: Loaded) -> None:
        """Take what the store says for what is so. Envelopes that came while loading are kept, in sequence."""
        if loaded.snapshot is not None:
            self.version, self.applied, self.snapshot = (
                loaded.snapshot.version,
                loaded.snapshot.applied,
                loaded.snapshot.body,
            )
        waiting = {envelope.sequence: envelope for envelope in loaded.envelopes}
        if loaded.more:
            self.behind = True
        else:
            came = self.mailbox.envelopes()
            waiting |= {envelope.sequence: envelope for envelope in came if envelope.sequence > self.applied}
        self.mailbox.refill(waiting[sequence] for sequence in sorted(waiting))

    def doubt(self) -> None:
        """Memory may be wrong: forget the envelopes (the store has them) and load before the next turn."""
        self.behind = True
        self.mailbox.refill(())

    def __repr__(self) -> str:
        state = "behind" if self.behind else "running" if self.running else "idle"
        return f"<Actor {state} version={self.version} {self.mailbox!r}>"
