"""What each reading operation puts into a batch, and what its answers mean. See ``redis_lua/read.lua``."""

from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from runtime.address import PARTITIONS, Address, partition_of
from runtime.envelope import Envelope
from runtime.moments import moment
from runtime.redis_batch import Batch
from runtime.redis_layout import MISSING, Script, Told, partition_of_delivery, without_label
from runtime.store import (
    AuditEntry,
    Backlog,
    Count,
    Counts,
    DeadLetter,
    Deliveries,
    Delivery,
    History,
    Letters,
    Load,
    Loaded,
    Operation,
    Owed,
    Payment,
    Payments,
    PaymentsIn,
    Seen,
    Snapshot,
    Timer,
    Timers,
    Trail,
)

_envelope = msgspec.msgpack.Decoder(Envelope).decode
_owed = msgspec.msgpack.Decoder(Owed).decode
_payment = msgspec.msgpack.Decoder(Payment).decode
_letter = msgspec.msgpack.Decoder(DeadLetter).decode
_entry = msgspec.msgpack.Decoder(AuditEntry).decode
_told = msgspec.msgpack.Decoder(Told).decode


def _load(batch: Batch, load: Load) -> Callable[[], Any]:
    answer = batch.call(Script.READ, partition_of(load.address)).add("load", load.address, load.limit)

    def loaded() -> Loaded:
        version, applied, body, sequences, envelopes, owed, more = answer()
        waiting = zip(sequences, envelopes, strict=True)
        return Loaded(
            snapshot=Snapshot(version, applied, body) if version else None,
            envelopes=tuple(msgspec.structs.replace(_envelope(without_label(one)), sequence=at) for at, one in waiting),
            owed=tuple(map(_owed, owed)),
            more=bool(more),
        )

    return loaded


def _backlog(batch: Batch, backlog: Backlog) -> Callable[[], Any]:
    answer = batch.call(Script.READ, backlog.partition).add("backlog")
    return lambda: tuple(Address(address.decode()) for address in answer())


def _timers(batch: Batch, timers: Timers) -> Callable[[], Any]:
    answer = batch.call(Script.READ, timers.partition).add("timers", timers.limit)
    return lambda: tuple(Timer(Address(whose.decode()), name.decode(), moment(at)) for whose, name, at in answer())


def _count(batch: Batch, _: Count) -> Callable[[], Any]:
    answers = [batch.call(Script.READ, partition).add("count") for partition in range(PARTITIONS)]

    def counts() -> Counts:
        figures, oldest, states = zip(*(answer() for answer in answers), strict=True)
        actors, waiting, owed, dead, deliveries = map(sum, zip(*figures, strict=True))
        payments: Counter[str] = Counter()
        for some in states:
            payments.update({state.decode(): many for state, many in some})
        first = min(filter(None, oldest), default=None)
        return Counts(
            actors=actors,
            waiting=waiting,
            oldest_waiting=None if first is None else moment(first),
            owed=owed,
            dead=dead,
            deliveries=deliveries,
            payments=tuple(sorted((state, many) for state, many in payments.items() if many)),
        )

    return counts


def _letters(batch: Batch, letters: Letters) -> Callable[[], Any]:
    """``Letters(0)`` is how health is asked for: it costs one call, not one a partition."""
    partitions = range(PARTITIONS if letters.limit else 1)
    answers = [batch.call(Script.READ, partition).add("letters", letters.limit) for partition in partitions]
    return lambda: tuple(map(_letter, _newest(answers, letters.limit)))


def _payments(batch: Batch, payments: Payments) -> Callable[[], Any]:
    answer = batch.call(Script.READ, partition_of(payments.address)).add("payments", payments.address)
    return lambda: tuple(_payment(without_label(one)) for one in answer())


def _payments_in(batch: Batch, payments: PaymentsIn) -> Callable[[], Any]:
    asked = ("payments_in", payments.state, payments.limit)
    answers = [batch.call(Script.READ, partition).add(*asked) for partition in range(PARTITIONS)]
    return lambda: tuple(_payment(without_label(one)) for one in _first(answers, payments.limit))


def _trail(batch: Batch, trail: Trail) -> Callable[[], Any]:
    if trail.address is not None:
        answer = batch.call(Script.READ, partition_of(trail.address)).add("trail", trail.address, trail.limit)
        return lambda: tuple(map(_entry, answer()))
    answers = [batch.call(Script.READ, partition).add("noted", trail.limit) for partition in range(PARTITIONS)]
    return lambda: tuple(map(_entry, _newest(answers, trail.limit)))


def _first(answers: Iterable[Callable[[], Any]], limit: int, *, newest: bool = False) -> list[bytes]:
    """Of values with their places from all partitions, the first."""
    found = [(int(place), value) for answer in answers for place, value in zip(*answer(), strict=True)]
    return [value for _, value in sorted(found, reverse=newest)[:limit]]


def _newest(answers: Iterable[Callable[[], Any]], limit: int) -> list[bytes]:
    return _first(answers, limit, newest=True)


def _deliveries(batch: Batch, deliveries: Deliveries) -> Callable[[], Any]:
    by_partition: dict[int, list[str]] = {}
    for id_ in dict.fromkeys(deliveries.ids):
        by_partition.setdefault(partition_of_delivery(id_), []).append(id_)
    asked = [
        (ids, batch.call(Script.READ, partition).add("deliveries", ids)) for partition, ids in by_partition.items()
    ]

    def known() -> tuple[Delivery, ...]:
        found = ((id_, one) for ids, answer in asked for id_, one in zip(ids, answer(), strict=True))
        return tuple(_delivery(id_, _told(one)) for id_, one in found if one != MISSING)

    return known


def _delivery(id_: str, told: Told) -> Delivery:
    return Delivery(
        id=id_,
        rank=told.rank,
        status=told.status,
        at=moment(told.at),
        ours=told.ours,
        error=told.error,
        body=None if told.body is None else b64decode(told.body),
    )


def _history(batch: Batch, history: History) -> Callable[[], Any]:
    answer = batch.call(Script.READ, partition_of(history.address)).add("history", history.address)

    def seen() -> tuple[Seen, ...]:
        rows = sorted((sequence, id_.decode(), version or None) for id_, sequence, version in answer())
        return tuple(Seen(id_, sequence, version) for sequence, id_, version in rows)

    return seen


READS: dict[type[Operation[Any]], Callable[[Batch, Any], Callable[[], Any]]] = {
    Load: _load,
    Backlog: _backlog,
    Timers: _timers,
    Count: _count,
    Letters: _letters,
    Payments: _payments,
    PaymentsIn: _payments_in,
    Trail: _trail,
    Deliveries: _deliveries,
    History: _history,
}
"""How each operation that writes nothing is asked for."""
