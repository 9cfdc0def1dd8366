"""What each writing operation puts into a batch, and what its answers mean. See ``redis_lua/write.lua``."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from runtime.address import PARTITIONS, partition_of
from runtime.envelope import Envelope
from runtime.moments import day_of, micros
from runtime.redis_batch import Batch, Call
from runtime.redis_layout import Script, Told, labelled, partition_of_delivery
from runtime.store import (
    ARRIVED,
    Accept,
    AuditEntry,
    Claim,
    Commit,
    Count,
    DeadLetter,
    Deliveries,
    Delivery,
    Discard,
    Forget,
    Operation,
    Payment,
    Quarantine,
    Record,
    Report,
    Resolve,
    Settle,
    Verdict,
)

_encode = msgspec.msgpack.Encoder().encode
_VERDICTS = (Verdict.DONE, Verdict.FENCED, Verdict.STALE, Verdict.APPLIED)


def _claim(batch: Batch, claim: Claim) -> Callable[[], Any]:
    return batch.call(Script.WRITE, claim.partition).add("claim", batch.number(), claim.owner)


def _accept(batch: Batch, accept: Accept) -> Callable[[], Any]:
    entries: dict[int, list[Any]] = {}
    answers: dict[int, Callable[[], Any]] = {}
    places: list[tuple[Envelope, int, int]] = []
    for envelope in accept.envelopes:
        partition = partition_of(envelope.address)
        call = batch.call(Script.WRITE, partition)
        if partition not in entries:
            entries[partition] = []
            answers[partition] = call.add("accept", entries[partition])
        at = envelope.accepted_at
        index = call.blob(labelled(f"{micros(at)} {envelope.id}", _encode(envelope)))
        places.append((envelope, partition, len(entries[partition])))
        entries[partition].append((batch.number(), envelope.id, envelope.address, str(day_of(at)), index))

    def new() -> tuple[Envelope, ...]:
        sequences = ((envelope, answers[partition]()[place]) for envelope, partition, place in places)
        return tuple(msgspec.structs.replace(envelope, sequence=number) for envelope, number in sequences if number)

    return new


def _commit(batch: Batch, commit: Commit) -> Callable[[], Any]:
    call = batch.call(Script.WRITE, commit.partition)
    answer = call.add(
        "commit",
        commit.epoch,
        batch.number(2 + len(commit.payments) + len(commit.audit)),
        commit.address,
        commit.version,
        commit.applied or 0,
        call.blob(commit.snapshot),
        commit.settles,
        [(owed.id, call.blob(_encode(owed))) for owed in commit.owes],
        commit.due is not None and (commit.due.name, micros(commit.due.at)),
        _seldom(call, commit),
    )
    return lambda: _VERDICTS[answer()]


def _seldom(call: Call, commit: Commit) -> object:
    """What a turn may have none of: ``False`` costs the script less than four times nothing."""
    if not (commit.payments or commit.dead or commit.audit or commit.timers):
        return False
    return (
        [(one.id, one.address, one.state, _payment(call, one)) for one in commit.payments],
        _letter(call, commit.dead),
        _entries(call, commit.audit),
        [(name, at is not None and micros(at)) for name, at in commit.timers],
    )


def _settle(batch: Batch, settle: Settle) -> Callable[[], Any]:
    """Its delivery lies elsewhere and follows when the settling is done: see ``runtime.redis_store``."""
    call = batch.call(Script.WRITE, settle.partition)
    letter = _letter(call, settle.dead)
    answer = call.add("settle", settle.epoch, batch.number(2), settle.address, settle.effect, letter)
    return lambda: _VERDICTS[answer()]


def _record(batch: Batch, record: Record) -> Callable[[], Any]:
    call = batch.call(Script.WRITE, record.partition)
    answer = call.add("record", record.epoch, *_step(batch, call, record))
    return lambda: _VERDICTS[answer()]


def _resolve(batch: Batch, resolve: Resolve) -> Callable[[], Any]:
    call = batch.call(Script.WRITE, partition_of(resolve.payment.address))
    answer = call.add("resolve", *_step(batch, call, resolve))
    return lambda: _VERDICTS[answer()]


def _step(batch: Batch, call: Call, step: Record | Resolve) -> tuple[object, ...]:
    one, number = step.payment, batch.number(2 + len(step.audit))
    return number, step.expects, one.id, one.address, one.state, _payment(call, one), _entries(call, step.audit)


def _quarantine(batch: Batch, quarantine: Quarantine) -> Callable[[], Any]:
    letter = quarantine.letter
    call = batch.call(Script.WRITE, partition_of(letter.address))
    call.add("quarantine", batch.number(), letter.id, call.blob(_encode(letter)))
    return _nothing


def _discard(batch: Batch, discard: Discard) -> Callable[[], Any]:
    call = batch.call(Script.WRITE, partition_of(discard.address))
    answer = call.add("discard", batch.number(), discard.letter)
    return lambda: answer() == 1


def _report(batch: Batch, report: Report) -> Callable[[], Any]:
    by_partition: dict[int, list[Delivery]] = {}
    for delivery in report.deliveries:
        by_partition.setdefault(partition_of_delivery(delivery.id), []).append(delivery)
    for partition, deliveries in by_partition.items():
        told = [(one.id, str(day_of(one.at)), _told(one)) for one in deliveries]
        batch.call(Script.WRITE, partition).add("report", batch.number(), told)
    return _nothing


def _forget(batch: Batch, forget: Forget) -> Callable[[], Any]:
    day = day_of(forget.before)
    gone = [batch.call(Script.FORGET, partition).add(day) for partition in range(PARTITIONS)]
    return lambda: sum(answer() for answer in gone)


def _nothing() -> None:
    return None


def _told(one: Delivery) -> Told:
    body = b64encode(one.body).decode() if one.body is not None and one.rank < ARRIVED else None
    return Told(rank=one.rank, status=one.status, at=micros(one.at), ours=one.ours, error=one.error, body=body)


def _payment(call: Call, payment: Payment) -> int:
    return call.blob(labelled(payment.state, _encode(payment)))


def _entries(call: Call, entries: Iterable[AuditEntry]) -> list[tuple[str, str, int]]:
    return [(entry.id, entry.address, call.blob(_encode(entry))) for entry in entries]


def _letter(call: Call, letter: DeadLetter | None) -> object:
    return letter is not None and (letter.id, call.blob(_encode(letter)))


WRITES: dict[type[Operation[Any]], Callable[[Batch, Any], Callable[[], Any]]] = {
    Claim: _claim,
    Accept: _accept,
    Commit: _commit,
    Settle: _settle,
    Record: _record,
    Resolve: _resolve,
    Quarantine: _quarantine,
    Discard: _discard,
    Report: _report,
    Forget: _forget,
}
"""How each writing operation is asked for."""


def parts(operations: Sequence[Operation[Any]]) -> Iterator[Sequence[Operation[Any]]]:
    """Cut where an operation has to see deliveries of effects settled before it."""
    first, follow = 0, False
    for place, operation in enumerate(operations):
        if follow and isinstance(operation, Deliveries | Count | Forget | Report):
            yield operations[first:place]
            first, follow = place, False
        follow = follow or delivery_of(operation) is not None
    yield operations[first:]


def delivery_of(operation: Operation[Any]) -> Delivery | None:
    """What has to be reported when it is done."""
    return operation.delivery if type(operation) is Settle else None
