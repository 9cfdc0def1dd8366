"""What each writing operation does to the tables of ``runtime.sqlite_schema``.

Every function reads its conditions before it writes anything, so a refused operation leaves no trace and the others of
its batch stand. The transaction holds the write lock from its start: what was read stays true to its end.
"""

from collections.abc import Callable, Iterable
from typing import Any, cast

from runtime.address import partition_of
from runtime.envelope import Due, Envelope
from runtime.moments import micros
from runtime.sqlite_transaction import Cursor, Transaction
from runtime.store import (
    ARRIVED,
    Accept,
    AuditEntry,
    Claim,
    Commit,
    DeadLetter,
    Delivery,
    Discard,
    Forget,
    Operation,
    Quarantine,
    Record,
    Report,
    Resolve,
    Settle,
    Verdict,
)

FORGET_AT_ONCE = 1_000
"""Rows of a table that one ``Forget`` drops at most: everybody else waits meanwhile."""

_NEXT_TURN = "UPDATE snapshots SET version = ?, body = ? WHERE address = ? AND version = ?"
_NEXT_ENVELOPE = (
    "UPDATE snapshots SET version = ?, applied = ?, body = ? WHERE address = ? AND version = ?"
    " AND ? = (SELECT sequence FROM intake WHERE partition = ? AND address = ? ORDER BY sequence LIMIT 1)"
)


def _claim(transaction: Transaction, claim: Claim) -> int:
    cursor = transaction.cursor
    cursor.execute(
        "INSERT INTO owners VALUES (?, 1, ?)"
        " ON CONFLICT (partition) DO UPDATE SET epoch = epoch + 1, owner = excluded.owner RETURNING epoch",
        (claim.partition, claim.owner),
    )
    epoch = cast("int", cursor.fetchall()[0][0])
    transaction.claimed(claim.partition, epoch)
    return epoch


def _accept(transaction: Transaction, accept: Accept) -> tuple[Envelope, ...]:
    cursor = transaction.cursor
    new: list[Envelope] = []
    for envelope in accept.envelopes:
        id_, address, accepted_at, body = envelope.id, envelope.address, envelope.accepted_at, envelope.body
        at = micros(accepted_at)
        cursor.execute(
            "INSERT INTO seen (id, address, accepted_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (id_, address, at),
        )
        if cursor.rowcount == 0:
            continue
        sequence = cast("int", cursor.lastrowid)
        cursor.execute(
            "INSERT INTO intake VALUES (?, ?, ?, ?, ?, ?)",
            (sequence, partition_of(address), address, id_, at, body),
        )
        new.append(Envelope(id=id_, address=address, accepted_at=accepted_at, body=body, sequence=sequence))
    return tuple(new)


def _commit(transaction: Transaction, commit: Commit) -> Verdict:
    """Where all is as it should be, the write of the snapshot is its own condition, which spares a reading."""
    if transaction.fences(commit.partition, commit.epoch):
        return Verdict.FENCED
    cursor, address, version, applied = transaction.cursor, commit.address, commit.version, commit.applied
    if commit.due is not None and not _is_set(transaction, address, commit.due):
        return Verdict.APPLIED if _stored_version(cursor, address) == version - 1 else Verdict.STALE
    if applied is None:
        cursor.execute(_NEXT_TURN, (version, commit.snapshot, address, version - 1))
    else:
        where = (address, version - 1, applied, commit.partition, address)
        cursor.execute(_NEXT_ENVELOPE, (version, applied, commit.snapshot, *where))
    if cursor.rowcount == 0 and (refused := _first_or_refused(cursor, commit)) is not None:
        return refused
    if applied is not None:
        cursor.execute("DELETE FROM intake WHERE sequence = ?", (applied,))
        cursor.execute("UPDATE seen SET version = ? WHERE sequence = ?", (version, applied))
    for effect in commit.settles:
        transaction.settle(effect)
    for owed in commit.owes:
        transaction.owe(owed.id, (owed.id, commit.partition, address, owed.lane, owed.body))
    if commit.due is not None or commit.timers:
        _set_timers(transaction, commit)
    if commit.payments or commit.audit or commit.dead is not None:
        _write_rest(cursor, commit)
    return Verdict.DONE


def _is_set(transaction: Transaction, address: str, due: Due) -> bool:
    transaction.catch_up()
    cursor = transaction.cursor
    cursor.execute("SELECT at FROM timers WHERE address = ? AND name = ?", (address, due.name))
    return bool(cursor.fetchone() == (micros(due.at),))


def _set_timers(transaction: Transaction, commit: Commit) -> None:
    address = commit.address
    if commit.due is not None:
        transaction.clear_timer((address, commit.due.name))
    for name, at in commit.timers:
        if at is None:
            transaction.clear_timer((address, name))
        else:
            transaction.set_timer((address, name), (address, name, commit.partition, micros(at)))


def _stored_version(cursor: Cursor, address: str) -> int:
    cursor.execute("SELECT version FROM snapshots WHERE address = ?", (address,))
    (stored,) = cursor.fetchone() or (0,)
    return cast("int", stored)


def _first_or_refused(cursor: Cursor, commit: Commit) -> Verdict | None:
    """Why nothing was updated: it is the actor's first turn, and now it is written, or a condition does not hold."""
    if commit.version != _stored_version(cursor, commit.address) + 1:
        return Verdict.STALE
    if commit.applied is not None:
        refused = _out_of_turn(cursor, commit.partition, commit.address, commit.applied)
        if refused is not None:
            return refused
    cursor.execute(
        "INSERT INTO snapshots VALUES (?, ?, ?, ?)",
        (commit.address, commit.version, commit.applied or 0, commit.snapshot),
    )
    return None


def _out_of_turn(cursor: Cursor, partition: int, address: str, sequence: int) -> Verdict | None:
    """Why this envelope cannot be the next one applied, if so."""
    where = (partition, address)
    cursor.execute("SELECT sequence FROM intake WHERE partition = ? AND address = ? ORDER BY sequence LIMIT 1", where)
    if cursor.fetchone() == (sequence,):
        return None
    cursor.execute("SELECT 1 FROM intake WHERE sequence = ? AND address = ?", (sequence, address))
    return Verdict.STALE if cursor.fetchone() else Verdict.APPLIED


def _write_rest(cursor: Cursor, commit: Commit) -> None:
    for payment in commit.payments:
        cursor.execute(
            "INSERT INTO payments (id, address, state, body) VALUES (?, ?, ?, ?) ON CONFLICT (id)"
            " DO UPDATE SET address = excluded.address, state = excluded.state, body = excluded.body",
            (payment.id, payment.address, payment.state, payment.body),
        )
    _note(cursor, commit.audit)
    if commit.dead is not None:
        _keep(cursor, commit.dead)


def _settle(transaction: Transaction, settle: Settle) -> Verdict:
    if transaction.fences(settle.partition, settle.epoch):
        return Verdict.FENCED
    transaction.cursor.execute("DELETE FROM owed WHERE id = ?", (settle.effect,))
    if settle.delivery is not None:
        _raise(transaction.cursor, (settle.delivery,))
    if settle.dead is not None:
        _keep(transaction.cursor, settle.dead)
    return Verdict.DONE


def _record(transaction: Transaction, record: Record) -> Verdict:
    if transaction.fences(record.partition, record.epoch):
        return Verdict.FENCED
    return _move_on(transaction, record)


def _move_on(transaction: Transaction, step: Record | Resolve) -> Verdict:
    payment = step.payment
    transaction.cursor.execute(
        "UPDATE payments SET address = ?, state = ?, body = ? WHERE id = ? AND state = ?",
        (payment.address, payment.state, payment.body, payment.id, step.expects),
    )
    if transaction.cursor.rowcount == 0:
        return Verdict.STALE
    _note(transaction.cursor, step.audit)
    return Verdict.DONE


def _note(cursor: Cursor, entries: Iterable[AuditEntry]) -> None:
    for entry in entries:
        cursor.execute(
            "INSERT INTO audit (id, address, at, step, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (entry.id, entry.address, micros(entry.at), entry.step, entry.body),
        )


def _quarantine(transaction: Transaction, quarantine: Quarantine) -> None:
    _keep(transaction.cursor, quarantine.letter)


def _discard(transaction: Transaction, discard: Discard) -> bool:
    transaction.cursor.execute("DELETE FROM dead WHERE id = ? AND address = ?", (discard.letter, discard.address))
    return transaction.cursor.rowcount > 0


def _report(transaction: Transaction, report: Report) -> None:
    _raise(transaction.cursor, report.deliveries)


def _keep(cursor: Cursor, letter: DeadLetter) -> None:
    cursor.execute(
        "INSERT INTO dead (id, address, at, cause, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (letter.id, letter.address, micros(letter.at), letter.cause, letter.body),
    )


def _raise(cursor: Cursor, deliveries: Iterable[Delivery]) -> None:
    cursor.executemany(
        "INSERT INTO deliveries (id, rank, status, at, ours, error, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET"
        " status = iif(excluded.rank > rank, excluded.status, status), at = iif(excluded.rank > rank, excluded.at, at),"
        " error = iif(excluded.rank > rank, excluded.error, error), ours = coalesce(ours, excluded.ours),"
        " body = iif(max(rank, excluded.rank) < ?, coalesce(body, excluded.body), NULL),"
        " rank = max(rank, excluded.rank)",
        map(_row, deliveries),
    )


def _row(one: Delivery) -> tuple[Any, ...]:
    body = one.body if one.rank < ARRIVED else None
    return one.id, one.rank, one.status, micros(one.at), one.ours, one.error, body, ARRIVED


def _forget(transaction: Transaction, forget: Forget) -> int:
    cursor, before = transaction.cursor, micros(forget.before)
    cursor.execute(
        "DELETE FROM seen WHERE sequence IN"
        " (SELECT sequence FROM seen WHERE accepted_at < ? AND version IS NOT NULL LIMIT ?)",
        (before, FORGET_AT_ONCE),
    )
    gone = cursor.rowcount
    cursor.execute(
        "DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE at < ? LIMIT ?)",
        (before, FORGET_AT_ONCE),
    )
    return gone + cursor.rowcount


WRITES: dict[type[Operation[Any]], Callable[[Transaction, Any], Any]] = {
    Claim: _claim,
    Accept: _accept,
    Commit: _commit,
    Settle: _settle,
    Record: _record,
    Resolve: _move_on,
    Quarantine: _quarantine,
    Discard: _discard,
    Report: _report,
    Forget: _forget,
}
"""How each writing operation is done."""
