"""The words the store suites are written in: people, moments, and operations with everything unimportant filled in."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

import msgspec

from runtime.address import Address, partition_of
from runtime.envelope import Envelope
from runtime.store import (
    Accept,
    AuditEntry,
    Claim,
    Commit,
    Count,
    DeadLetter,
    Deliveries,
    Delivery,
    Forget,
    History,
    Letters,
    Load,
    Operation,
    Owed,
    Payment,
    Payments,
    Store,
    Timer,
    Timers,
    Trail,
)

R = TypeVar("R")

ANNA = Address("member:263770000001")
BEN = Address("member:263770000002")
NOON = datetime(2031, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)
DAY = timedelta(days=1)


class Place(Protocol):
    """Where stores of one kind live. Each ``store()`` opens onto the same content, as another process would."""

    def store(self) -> Store:
        """One more, not opened yet."""
        ...


def do(store: Store, operation: Operation[R]) -> R:
    """Run a batch of one."""
    result: R = store.run([operation])[0]
    return result


def claim(store: Store, address: Address = ANNA) -> int:
    """Own the address's partition; the epoch."""
    return do(store, Claim(partition_of(address), "this process"))


def envelope(id_: str, address: Address = ANNA, at: datetime = NOON) -> Envelope:
    """An envelope as a webhook hands it in."""
    return Envelope(id=id_, address=address, accepted_at=at, body=f"body of {id_}".encode())


def accept(store: Store, *ids: str, address: Address = ANNA, at: datetime = NOON) -> tuple[int, ...]:
    """Accept these; the sequences of the new ones."""
    new = do(store, Accept(tuple(envelope(id_, address, at) for id_ in ids)))
    return tuple(one.sequence for one in new)


def turn(epoch: int, version: int, address: Address = ANNA, **more: Any) -> Commit:  # noqa: ANN401 - Commit's own fields
    """A commit of that version."""
    snapshot = more.pop("snapshot", f"{address} at {version}".encode())
    return Commit(
        partition=partition_of(address), epoch=epoch, address=address, version=version, snapshot=snapshot, **more
    )


def owed(id_: str, lane: str = "say") -> Owed:
    """An effect."""
    return Owed(id=id_, lane=lane, body=f"do {id_}".encode())


def payment(id_: str, state: str, address: Address = ANNA) -> Payment:
    """A money record."""
    return Payment(id=id_, address=address, state=state, body=f"{id_} is {state}".encode())


def audit(id_: str, address: Address = ANNA, at: datetime = NOON) -> AuditEntry:
    """An entry of the audit trail."""
    return AuditEntry(id=id_, address=address, at=at, step=f"step {id_}", body=b"\x00\xff" + id_.encode())


def letter(id_: str, at: datetime = NOON) -> DeadLetter:
    """A dead letter."""
    return DeadLetter(id=id_, address=ANNA, at=at, cause="ValueError", body=b"\x00\xff")


def delivery(
    id_: str, rank: int = 0, *, ours: str | None = None, at: datetime = NOON, body: bytes | None = None
) -> Delivery:
    """A report; its status and error tell its rank."""
    return Delivery(id=id_, rank=rank, status=f"status {rank}", at=at, ours=ours, error=rank or None, body=body)


def forget(store: Store, before: datetime) -> int:
    """Forget to the end; how many rows went."""
    gone = 0
    while step := do(store, Forget(before)):
        gone += step
    return gone


def ring(name: str, at: datetime = NOON, address: Address = ANNA) -> Timer:
    """A timer."""
    return Timer(address, name, at)


def timers(store: Store, address: Address = ANNA, limit: int = 1000) -> tuple[Timer, ...]:
    """The timers of the address's partition, the first of them first."""
    return do(store, Timers(partition_of(address), limit))


def content(store: Store, addresses: Sequence[Address] = (ANNA, BEN)) -> list[Any]:
    """Everything a store tells of these actors, for comparing before and after."""
    questions: list[Operation[Any]] = [Count(), Letters(1000), Deliveries(("d1", "d2", "d3")), Trail(None, 1000)]
    for address in addresses:
        questions += [Load(address=address, limit=1000), Payments(address), History(address)]
        questions.append(Timers(partition_of(address), 1000))
    return store.run(questions)


def sequenced(one: Envelope, sequence: int) -> Envelope:
    """The same envelope, accepted."""
    return msgspec.structs.replace(one, sequence=sequence)


def neighbour(address: Address) -> Address:
    """Another actor of the same partition."""
    number = int(address.removeprefix("member:")) + 1
    while partition_of(Address(f"member:{number}")) != partition_of(address):
        number += 1
    return Address(f"member:{number}")
