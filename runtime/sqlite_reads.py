"""What each reading operation finds in the tables of ``runtime.sqlite_schema``."""

from collections.abc import Callable
from typing import Any

from runtime.address import Address, partition_of
from runtime.envelope import Envelope
from runtime.moments import moment
from runtime.sqlite_transaction import Transaction
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


def _load(transaction: Transaction, load: Load) -> Loaded:
    cursor, address = transaction.cursor, load.address
    partition = partition_of(address)
    row = cursor.execute("SELECT version, applied, body FROM snapshots WHERE address = ?", (address,)).fetchone()
    waiting = cursor.execute(
        "SELECT id, accepted_at, body, sequence FROM intake WHERE partition = ? AND address = ?"
        " ORDER BY sequence LIMIT ?",
        (partition, address, load.limit + 1),
    ).fetchall()
    owed = cursor.execute(
        "SELECT id, lane, body FROM owed WHERE partition = ? AND address = ? ORDER BY place",
        (partition, address),
    ).fetchall()
    return Loaded(
        snapshot=Snapshot(*row) if row else None,
        envelopes=tuple(
            Envelope(id=id_, address=address, accepted_at=moment(at), body=body, sequence=sequence)
            for id_, at, body, sequence in waiting[: load.limit]
        ),
        owed=tuple(Owed(id=id_, lane=lane, body=body) for id_, lane, body in owed),
        more=len(waiting) > load.limit,
    )


def _backlog(transaction: Transaction, backlog: Backlog) -> tuple[Address, ...]:
    rows = transaction.cursor.execute(
        "SELECT address FROM intake WHERE partition = ?1 UNION SELECT address FROM owed WHERE partition = ?1",
        (backlog.partition,),
    ).fetchall()
    return tuple(Address(address) for (address,) in rows)


def _timers(transaction: Transaction, timers: Timers) -> tuple[Timer, ...]:
    rows = transaction.cursor.execute(
        "SELECT address, name, at FROM timers WHERE partition = ? ORDER BY at, address, name LIMIT ?",
        (timers.partition, timers.limit),
    ).fetchall()
    return tuple(Timer(Address(address), name, moment(at)) for address, name, at in rows)


def _count(transaction: Transaction, _: Count) -> Counts:
    cursor = transaction.cursor
    actors, waiting, oldest, owed, dead, deliveries = cursor.execute(
        "SELECT (SELECT count(*) FROM snapshots), (SELECT count(*) FROM intake), (SELECT min(accepted_at) FROM intake),"
        " (SELECT count(*) FROM owed), (SELECT count(*) FROM dead), (SELECT count(*) FROM deliveries)"
    ).fetchone()
    states = cursor.execute("SELECT state, count(*) FROM payments GROUP BY state ORDER BY state").fetchall()
    return Counts(
        actors=actors,
        waiting=waiting,
        oldest_waiting=None if oldest is None else moment(oldest),
        owed=owed,
        dead=dead,
        deliveries=deliveries,
        payments=tuple(states),
    )


def _letters(transaction: Transaction, letters: Letters) -> tuple[DeadLetter, ...]:
    rows = transaction.cursor.execute(
        "SELECT id, address, at, cause, body FROM dead ORDER BY place DESC LIMIT ?", (letters.limit,)
    ).fetchall()
    return tuple(
        DeadLetter(id=id_, address=address, at=moment(at), cause=cause, body=body)
        for id_, address, at, cause, body in rows
    )


def _payments(transaction: Transaction, payments: Payments) -> tuple[Payment, ...]:
    rows = transaction.cursor.execute(
        "SELECT id, state, body FROM payments WHERE address = ? ORDER BY place", (payments.address,)
    ).fetchall()
    return tuple(Payment(id=id_, address=payments.address, state=state, body=body) for id_, state, body in rows)


def _payments_in(transaction: Transaction, payments: PaymentsIn) -> tuple[Payment, ...]:
    rows = transaction.cursor.execute(
        "SELECT id, address, state, body FROM payments WHERE state = ? ORDER BY place LIMIT ?",
        (payments.state, payments.limit),
    ).fetchall()
    return tuple(Payment(id=id_, address=address, state=state, body=body) for id_, address, state, body in rows)


def _trail(transaction: Transaction, trail: Trail) -> tuple[AuditEntry, ...]:
    where, wanted = ("", ()) if trail.address is None else ("WHERE address = ?", (trail.address,))
    rows = transaction.cursor.execute(
        f"SELECT id, address, at, step, body FROM audit {where} ORDER BY place DESC LIMIT ?",  # noqa: S608 - no input
        (*wanted, trail.limit),
    ).fetchall()
    return tuple(
        AuditEntry(id=id_, address=whose, at=moment(at), step=step, body=body) for id_, whose, at, step, body in rows
    )


def _deliveries(transaction: Transaction, deliveries: Deliveries) -> tuple[Delivery, ...]:
    found: list[Delivery] = []
    for id_ in dict.fromkeys(deliveries.ids):
        row = transaction.cursor.execute(
            "SELECT rank, status, at, ours, error, body FROM deliveries WHERE id = ?", (id_,)
        ).fetchone()
        if row is not None:
            rank, status, at, ours, error, body = row
            known = Delivery(id=id_, rank=rank, status=status, at=moment(at), ours=ours, error=error, body=body)
            found.append(known)
    return tuple(found)


def _history(transaction: Transaction, history: History) -> tuple[Seen, ...]:
    rows = transaction.cursor.execute(
        "SELECT id, sequence, version FROM seen WHERE address = ? ORDER BY sequence", (history.address,)
    ).fetchall()
    return tuple(Seen(*row) for row in rows)


READS: dict[type[Operation[Any]], Callable[[Transaction, Any], Any]] = {
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
"""How each operation that writes nothing is done."""
