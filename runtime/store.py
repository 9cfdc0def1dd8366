"""The ``Store`` protocol: everything durable goes through one call, ``run(operations)``.

A store is blocking and is used by one worker thread at a time (``runtime.committer``). ``run`` takes a batch, applies
each operation in order, makes the whole batch durable with one flush, and returns one result for each. An operation
may be *refused* (fenced, stale, seen before) without harm to the others; if the store itself fails, ``run`` raises
``StoreUnavailable`` and whether the batch was written is unknown.

Fencing: a partition has one owner and an ``epoch`` that rises with every ``Claim``. Writes of an actor carry the epoch
their process claimed; a write with an older one is refused (``Verdict.FENCED``). Accepting is open to everybody, since
a webhook may arrive anywhere.

Kept: snapshots by address; timers; intake (accepted, not yet applied); ``seen`` (one row an envelope id for
deduplication, with the order of acceptance and the version it was applied in); effects owed; payments; the audit trail;
dead letters; deliveries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from runtime.address import Address
from runtime.envelope import Due, Envelope

R = TypeVar("R")


class Snapshot(msgspec.Struct, frozen=True):
    """The durable record of an actor. ``version`` counts its turns from 1; ``applied`` is the last sequence applied."""

    version: int
    applied: int
    body: bytes


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """An effect the actor has decided and the world has not seen settled.

    Effects of one ``lane`` of an actor are performed one after another in the order of ``id``'s commit; lanes do not
    wait for each other. ``body`` is opaque to the runtime.
    """

    id: str
    lane: str
    body: bytes


class Timer(msgspec.Struct, frozen=True):
    """When an actor is to hear of something. An actor has at most one of a name."""

    address: Address
    name: str
    at: datetime


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A money record: one operation that can move money, from intent to its end. ``state`` and ``body`` are opaque."""

    id: str
    address: Address
    state: str
    body: bytes


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a payment for the audit trail, which is only ever added to: of entries with one id the first stands.

    ``body`` is opaque.
    """

    id: str
    address: Address
    at: datetime
    step: str
    body: bytes


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be processed, and why. ``cause`` names an error class or a code, never message text."""

    id: str
    address: Address
    at: datetime
    cause: str
    body: bytes


ARRIVED = 2
"""The lowest rank of a delivery that says that the message has arrived."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """How far a message of ours got. ``rank`` only rises; ``ours`` is the effect that sent it, when known.

    ``body`` is that effect's own, where it may have to be performed again. Of several known the first of each stands,
    but no ``body`` is kept of what has ``ARRIVED``.
    """

    id: str
    rank: int
    status: str
    at: datetime
    ours: str | None = None
    error: int | None = None
    body: bytes | None = None


class Verdict(Enum):
    """The store's word on a write that carries conditions."""

    DONE = "done"
    FENCED = "fenced"
    """The epoch is not ours any more."""
    STALE = "stale"
    """The version, payment state or first envelope waiting is not the one expected: memory is behind, load again."""
    APPLIED = "applied"
    """The envelope was applied before, or the timer is not set so any more."""


@dataclass(frozen=True, slots=True)
class Operation(Generic[R]):
    """One thing to do; ``R`` is the type of its result."""


@dataclass(frozen=True, slots=True)
class Claim(Operation[int]):
    """Become the owner of a partition. Result: the new epoch, one higher than any before."""

    partition: int
    owner: str


@dataclass(frozen=True, slots=True)
class Accept(Operation[tuple[Envelope, ...]]):
    """Take envelopes in, each at most once by its id. Result: the new ones, in order, each with its sequence."""

    envelopes: tuple[Envelope, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit(Operation[Verdict]):
    """One turn, all or nothing.

    ``version`` is the new one: the stored must be one lower, else ``STALE``. ``applied`` is the sequence of the
    envelope this turn consumed (it leaves the intake), or ``None`` for a turn that no envelope caused; ``APPLIED`` if
    it was consumed before, ``STALE`` if another one was accepted earlier and waits: a process that is being replaced
    may have taken it, and told nobody here. ``due`` is the timer this turn is about: it must be set just so, else
    ``APPLIED``, and it is cleared. ``timers`` are set anew for their moments, or cleared (``None``). ``settles`` are
    effects the actor owes no longer. ``payments`` are written as they are, ``audit`` is added to the trail.
    ``partition`` is the address's.
    Refused for the first that holds of ``FENCED``, ``STALE`` by version, ``APPLIED``, ``STALE`` by envelope. A turn is
    about an envelope or about a timer, never both.
    """

    partition: int
    epoch: int
    address: Address
    version: int
    snapshot: bytes
    applied: int | None = None
    owes: tuple[Owed, ...] = ()
    settles: tuple[str, ...] = ()
    payments: tuple[Payment, ...] = ()
    dead: DeadLetter | None = None
    audit: tuple[AuditEntry, ...] = ()
    due: Due | None = None
    timers: tuple[tuple[str, datetime | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(Operation[Verdict]):
    """An effect of this actor is performed, and it need not hear of it. Settling twice is ``DONE`` as well.

    ``partition`` is the address's.
    """

    partition: int
    epoch: int
    address: Address
    effect: str
    delivery: Delivery | None = None
    dead: DeadLetter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Operation[Verdict]):
    """Move a payment on, if its stored state is ``expects``; else ``STALE`` and nothing is written."""

    partition: int
    epoch: int
    payment: Payment
    expects: str
    audit: tuple[AuditEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve(Operation[Verdict]):
    """Move a payment on from a state that no actor moves it from, if that is its state; else ``STALE``.

    For operators, who own no partition: it carries no epoch, so it takes none from a running server, and that server
    has nothing to write to such a payment any more.
    """

    payment: Payment
    expects: str
    audit: tuple[AuditEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is known of an actor. ``more`` says that envelopes beyond the limit wait."""

    snapshot: Snapshot | None
    envelopes: tuple[Envelope, ...]
    owed: tuple[Owed, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Load(Operation[Loaded]):
    """Read an actor: its snapshot, at most ``limit`` waiting envelopes in sequence, all effects owed in order."""

    address: Address
    limit: int


@dataclass(frozen=True, slots=True)
class Backlog(Operation[tuple[Address, ...]]):
    """Actors of a partition with envelopes waiting or effects owed, in no order: whom to wake after a start."""

    partition: int


@dataclass(frozen=True, slots=True)
class Timers(Operation[tuple[Timer, ...]]):
    """The timers of a partition that run out first, by moment, actor and name, at most ``limit``."""

    partition: int
    limit: int


@dataclass(frozen=True, slots=True)
class Quarantine(Operation[None]):
    """Keep what belongs to no actor (bytes no parser understands). Of dead letters with one id the first stands."""

    letter: DeadLetter


@dataclass(frozen=True, slots=True)
class Discard(Operation[bool]):
    """Drop a dead letter that is dealt with. Result: whether it was there.

    For operators, without an epoch: no actor looks at a letter once it is written.
    """

    letter: str
    address: Address


@dataclass(frozen=True, slots=True)
class Report(Operation[None]):
    """Keep deliveries; of two reports on one message the higher rank stands, whatever the order.

    ``ours``, once known from any of them, is kept.
    """

    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Forget(Operation[int]):
    """Drop ids seen (applied ones) and deliveries from before this moment. Result: how many rows went.

    A store may go in bounded steps, so that others need not wait: ask again until the result is 0.
    """

    before: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is kept, for the status page."""

    actors: int
    waiting: int
    oldest_waiting: datetime | None
    owed: int
    dead: int
    deliveries: int
    payments: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Count(Operation[Counts]):
    """Count what is kept. ``payments`` is per state, sorted by state."""


@dataclass(frozen=True, slots=True)
class Letters(Operation[tuple[DeadLetter, ...]]):
    """The dead letters kept last, newest first."""

    limit: int


@dataclass(frozen=True, slots=True)
class Payments(Operation[tuple[Payment, ...]]):
    """Payments of one actor, oldest first."""

    address: Address


@dataclass(frozen=True, slots=True)
class PaymentsIn(Operation[tuple[Payment, ...]]):
    """Payments in this state over all actors, oldest first, at most ``limit``."""

    state: str
    limit: int


@dataclass(frozen=True, slots=True)
class Trail(Operation[tuple[AuditEntry, ...]]):
    """The audit trail of one actor, or of all (``None``), newest first, at most ``limit``."""

    address: Address | None
    limit: int


@dataclass(frozen=True, slots=True)
class Deliveries(Operation[tuple[Delivery, ...]]):
    """Known deliveries by the ids asked for, in no order; unknown ids are left out."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """One accepted envelope's trace. ``version`` is the turn that applied it, ``None`` while it waits."""

    id: str
    sequence: int
    version: int | None


@dataclass(frozen=True, slots=True)
class History(Operation[tuple[Seen, ...]]):
    """What was accepted for an actor within the remembered days, in sequence."""

    address: Address


class Store(Protocol):
    """One durable place. Every implementation passes ``tests/contracts/store_contract.py``."""

    @property
    def durability(self) -> str:
        """In one sentence for operators: what survives which kind of failure."""
        ...

    def open(self) -> None:
        """Connect, and create what is missing. Raises ``StoreUnavailable``."""
        ...

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        """Apply in order, make durable together, answer each.

        Raises ``StoreUnavailable``, or ``Fenced`` when what is stored is not what it was when last heard of.
        """
        ...

    def close(self) -> None:
        """Let go of it. Idempotent."""
        ...
