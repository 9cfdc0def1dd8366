"""The store in memory: the same words and verdicts as the durable ones, for tests, simulators and benchmarks.

State lives in the object: closing and opening it again finds everything, another object or process nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from typing import Any

import msgspec

from runtime.address import Address, partition_of
from runtime.envelope import Due, Envelope
from runtime.errors import StoreUnavailable
from runtime.store import (
    ARRIVED,
    Accept,
    AuditEntry,
    Backlog,
    Claim,
    Commit,
    Count,
    Counts,
    DeadLetter,
    Deliveries,
    Delivery,
    Discard,
    Forget,
    History,
    Letters,
    Load,
    Loaded,
    Operation,
    Owed,
    Payment,
    Payments,
    PaymentsIn,
    Quarantine,
    Record,
    Report,
    Resolve,
    Seen,
    Settle,
    Snapshot,
    Timer,
    Timers,
    Trail,
    Verdict,
)


@dataclass(slots=True)
class _Trace:
    """What is remembered of an accepted envelope."""

    address: Address
    sequence: int
    accepted_at: datetime
    version: int | None = None


class MemoryStore:
    """A ``Store`` of dictionaries. Insertion order is the order of everything that has one."""

    durability = "In memory: nothing survives the end of the process."

    def __init__(self) -> None:
        self._open = False
        self._sequence = 0
        self._epochs: dict[int, int] = {}
        self._snapshots: dict[Address, Snapshot] = {}
        self._intake: dict[Address, dict[int, Envelope]] = {}
        self._seen: dict[str, _Trace] = {}
        self._owed: dict[Address, dict[str, Owed]] = {}
        self._owers: dict[str, Address] = {}
        self._timers: dict[int, dict[tuple[Address, str], datetime]] = {}
        self._payments: dict[str, Payment] = {}
        self._audit: dict[str, AuditEntry] = {}
        self._dead: dict[str, DeadLetter] = {}
        self._deliveries: dict[str, Delivery] = {}
        self._apply: dict[type[Operation[Any]], Callable[[Any], Any]] = {
            Claim: self._claim,
            Accept: self._accept,
            Commit: self._commit,
            Settle: self._settle,
            Record: self._record,
            Resolve: self._move_on,
            Load: self._load,
            Backlog: self._backlog,
            Timers: self._first_timers,
            Quarantine: self._quarantine,
            Discard: self._discard,
            Report: self._report,
            Forget: self._forget,
            Count: self._count,
            Letters: self._letters,
            Payments: self._payments_of,
            PaymentsIn: self._payments_in,
            Trail: self._trail,
            Deliveries: self._deliveries_of,
            History: self._history,
        }

    def __repr__(self) -> str:
        """How much it holds."""
        return f"<MemoryStore {len(self._snapshots)} actors, {len(self._intake)} with mail>"

    def open(self) -> None:
        """Nothing can be missing."""
        self._open = True

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        """Apply in order, answer each. Raises ``StoreUnavailable`` when not open."""
        if not self._open:
            raise StoreUnavailable("the store is not open")
        return [self._apply[type(operation)](operation) for operation in operations]

    def close(self) -> None:
        """Refuse work until opened again. Idempotent."""
        self._open = False

    def _fences(self, partition: int, epoch: int) -> bool:
        return self._epochs.get(partition) != epoch

    def _claim(self, claim: Claim) -> int:
        epoch = self._epochs[claim.partition] = self._epochs.get(claim.partition, 0) + 1
        return epoch

    def _accept(self, accept: Accept) -> tuple[Envelope, ...]:
        new: list[Envelope] = []
        for envelope in accept.envelopes:
            if envelope.id in self._seen:
                continue
            self._sequence += 1
            accepted = msgspec.structs.replace(envelope, sequence=self._sequence)
            self._seen[envelope.id] = _Trace(envelope.address, self._sequence, envelope.accepted_at)
            self._intake.setdefault(envelope.address, {})[self._sequence] = accepted
            new.append(accepted)
        return tuple(new)

    def _commit(self, commit: Commit) -> Verdict:
        stored = self._snapshots.get(commit.address, Snapshot(0, 0, b""))
        waiting = self._intake.get(commit.address, {})
        if self._fences(commit.partition, commit.epoch):
            return Verdict.FENCED
        if commit.version != stored.version + 1:
            return Verdict.STALE
        if commit.due is not None and not self._is_set(commit, commit.due):
            return Verdict.APPLIED
        if commit.applied is not None:
            if commit.applied not in waiting:
                return Verdict.APPLIED
            if commit.applied != next(iter(waiting)):
                return Verdict.STALE
            self._seen[waiting.pop(commit.applied).id].version = commit.version
            if not waiting:
                del self._intake[commit.address]
        applied = stored.applied if commit.applied is None else commit.applied
        self._snapshots[commit.address] = Snapshot(commit.version, applied, commit.snapshot)
        self._write_rest(commit)
        return Verdict.DONE

    def _is_set(self, commit: Commit, due: Due) -> bool:
        return self._timers.get(commit.partition, {}).get((commit.address, due.name)) == due.at

    def _set_timers(self, commit: Commit) -> None:
        timers = self._timers.setdefault(commit.partition, {})
        if commit.due is not None:
            del timers[commit.address, commit.due.name]
        for name, at in commit.timers:
            if at is None:
                timers.pop((commit.address, name), None)
            else:
                timers[commit.address, name] = at

    def _write_rest(self, commit: Commit) -> None:
        if commit.due is not None or commit.timers:
            self._set_timers(commit)
        for effect in commit.settles:
            self._owe_no_more(effect)
        for owed in commit.owes:
            self._owed.setdefault(commit.address, {})[owed.id] = owed
            self._owers[owed.id] = commit.address
        for payment in commit.payments:
            self._payments[payment.id] = payment
        self._note(commit.audit)
        if commit.dead is not None:
            self._keep(commit.dead)

    def _owe_no_more(self, effect: str) -> None:
        address = self._owers.pop(effect, None)
        if address is not None:
            del self._owed[address][effect]
            if not self._owed[address]:
                del self._owed[address]

    def _settle(self, settle: Settle) -> Verdict:
        if self._fences(settle.partition, settle.epoch):
            return Verdict.FENCED
        self._owe_no_more(settle.effect)
        if settle.delivery is not None:
            self._raise(settle.delivery)
        if settle.dead is not None:
            self._keep(settle.dead)
        return Verdict.DONE

    def _record(self, record: Record) -> Verdict:
        if self._fences(record.partition, record.epoch):
            return Verdict.FENCED
        return self._move_on(record)

    def _move_on(self, step: Record | Resolve) -> Verdict:
        stored = self._payments.get(step.payment.id)
        if stored is None or stored.state != step.expects:
            return Verdict.STALE
        self._payments[step.payment.id] = step.payment
        self._note(step.audit)
        return Verdict.DONE

    def _note(self, entries: Iterable[AuditEntry]) -> None:
        for entry in entries:
            self._audit.setdefault(entry.id, entry)

    def _quarantine(self, quarantine: Quarantine) -> None:
        self._keep(quarantine.letter)

    def _discard(self, discard: Discard) -> bool:
        letter = self._dead.get(discard.letter)
        if letter is None or letter.address != discard.address:
            return False
        del self._dead[discard.letter]
        return True

    def _report(self, report: Report) -> None:
        for delivery in report.deliveries:
            self._raise(delivery)

    def _keep(self, letter: DeadLetter) -> None:
        self._dead.setdefault(letter.id, letter)

    def _raise(self, delivery: Delivery) -> None:
        known = self._deliveries.get(delivery.id, delivery)
        higher = delivery if delivery.rank > known.rank else known
        ours = delivery.ours if known.ours is None else known.ours
        body = delivery.body if known.body is None else known.body
        kept = body if higher.rank < ARRIVED else None
        self._deliveries[delivery.id] = msgspec.structs.replace(higher, ours=ours, body=kept)

    def _forget(self, forget: Forget) -> int:
        def old(items: Iterable[tuple[str, datetime]]) -> list[str]:
            return [id_ for id_, at in items if at < forget.before]

        ids = old((id_, trace.accepted_at) for id_, trace in self._seen.items() if trace.version is not None)
        reports = old((id_, delivery.at) for id_, delivery in self._deliveries.items())
        for id_ in ids:
            del self._seen[id_]
        for id_ in reports:
            del self._deliveries[id_]
        return len(ids) + len(reports)

    def _load(self, load: Load) -> Loaded:
        waiting = tuple(self._intake.get(load.address, {}).values())
        return Loaded(
            snapshot=self._snapshots.get(load.address),
            envelopes=waiting[: load.limit],
            owed=tuple(self._owed.get(load.address, {}).values()),
            more=len(waiting) > load.limit,
        )

    def _backlog(self, backlog: Backlog) -> tuple[Address, ...]:
        busy = dict.fromkeys([*self._intake, *self._owed])
        return tuple(address for address in busy if partition_of(address) == backlog.partition)

    def _first_timers(self, timers: Timers) -> tuple[Timer, ...]:
        these = self._timers.get(timers.partition, {})
        first = nsmallest(timers.limit, ((at, *whose) for whose, at in these.items()))
        return tuple(Timer(address, name, at) for at, address, name in first)

    def _count(self, _: Count) -> Counts:
        moments = [envelope.accepted_at for waiting in self._intake.values() for envelope in waiting.values()]
        states = sorted(payment.state for payment in self._payments.values())
        return Counts(
            actors=len(self._snapshots),
            waiting=len(moments),
            oldest_waiting=min(moments, default=None),
            owed=len(self._owers),
            dead=len(self._dead),
            deliveries=len(self._deliveries),
            payments=tuple((state, states.count(state)) for state in dict.fromkeys(states)),
        )

    def _letters(self, letters: Letters) -> tuple[DeadLetter, ...]:
        return tuple(reversed(self._dead.values()))[: letters.limit]

    def _payments_of(self, payments: Payments) -> tuple[Payment, ...]:
        return tuple(payment for payment in self._payments.values() if payment.address == payments.address)

    def _payments_in(self, payments: PaymentsIn) -> tuple[Payment, ...]:
        return tuple(payment for payment in self._payments.values() if payment.state == payments.state)[
            : payments.limit
        ]

    def _trail(self, trail: Trail) -> tuple[AuditEntry, ...]:
        newest_first = reversed(self._audit.values())
        return tuple(entry for entry in newest_first if trail.address in {None, entry.address})[: trail.limit]

    def _deliveries_of(self, deliveries: Deliveries) -> tuple[Delivery, ...]:
        wanted = dict.fromkeys(deliveries.ids)
        return tuple(self._deliveries[id_] for id_ in wanted if id_ in self._deliveries)

    def _history(self, history: History) -> tuple[Seen, ...]:
        return tuple(
            Seen(id_, trace.sequence, trace.version)
            for id_, trace in self._seen.items()
            if trace.address == history.address
        )
