"""A store reduced to lists: it says what each result must be. Only sequences are the store's choice, and must rise."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from runtime.address import Address, partition_of
from runtime.envelope import Envelope
from runtime.store import (
    ARRIVED,
    Accept,
    AuditEntry,
    Claim,
    Commit,
    Counts,
    Delivery,
    Loaded,
    Operation,
    Owed,
    Payment,
    Record,
    Report,
    Resolve,
    Seen,
    Settle,
    Snapshot,
    Timer,
    Verdict,
)


@dataclass(slots=True)
class _Accepted:
    envelope: Envelope
    version: int | None = None


@dataclass(slots=True)
class Model:
    """What a store holds, the simplest way."""

    epochs: dict[int, int] = field(default_factory=dict)
    accepted: list[_Accepted] = field(default_factory=list)
    last_sequence: int = 0
    snapshots: dict[Address, Snapshot] = field(default_factory=dict)
    owed: list[tuple[Address, Owed]] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)

    def check(self, operation: Operation[Any], result: Any) -> None:  # noqa: ANN401 - of any operation
        """Whether this is what the operation had to answer; then do the same here."""
        match operation:
            case Claim(partition, _):
                self.epochs[partition] = self.epochs.get(partition, 0) + 1
                assert result == self.epochs[partition]
            case Accept(envelopes):
                self._check_accepted(envelopes, result)
            case Commit():
                assert result is self._commit(operation)
            case Settle():
                fenced = self.epochs.get(operation.partition) != operation.epoch
                assert result is (Verdict.FENCED if fenced else Verdict.DONE)
                self.owed = [one for one in self.owed if fenced or one[1].id != operation.effect]
            case Record():
                assert result is self._record(operation)
            case Resolve():
                assert result is self._move_on(operation)
            case Report(deliveries):
                assert result is None
                self._report(deliveries)
            case _:
                raise NotImplementedError(operation)

    def _check_accepted(self, envelopes: tuple[Envelope, ...], result: tuple[Envelope, ...]) -> None:
        known = {one.envelope.id for one in self.accepted}
        new = {one.id: one for one in reversed(envelopes) if one.id not in known}
        assert [one.id for one in result] == [id_ for id_ in dict.fromkeys(one.id for one in envelopes) if id_ in new]
        for one in result:
            assert one.sequence > self.last_sequence
            assert (one.address, one.accepted_at, one.body) == (
                new[one.id].address,
                new[one.id].accepted_at,
                new[one.id].body,
            )
            self.last_sequence = one.sequence
            self.accepted.append(_Accepted(one))

    def _commit(self, commit: Commit) -> Verdict:
        stored = self.snapshots.get(commit.address, Snapshot(0, 0, b""))
        waits = [one for one in self.accepted if one.envelope.sequence == commit.applied and one.version is None]
        if self.epochs.get(commit.partition) != commit.epoch:
            return Verdict.FENCED
        if commit.version != stored.version + 1:
            return Verdict.STALE
        if commit.due is not None and Timer(commit.address, commit.due.name, commit.due.at) not in self.timers:
            return Verdict.APPLIED
        if commit.applied is not None and not waits:
            return Verdict.APPLIED
        if waits and waits[0].envelope != self.waiting(commit.address)[0]:
            return Verdict.STALE
        for one in waits:
            one.version = commit.version
        self.snapshots[commit.address] = Snapshot(commit.version, commit.applied or stored.applied, commit.snapshot)
        self.owed = [one for one in self.owed if one[1].id not in commit.settles]
        self.owed += [(commit.address, one) for one in commit.owes]
        self._set_timers(commit)
        for new in commit.payments:
            self._put(new)
        self._note(commit.audit)
        return Verdict.DONE

    def _set_timers(self, commit: Commit) -> None:
        changed = {commit.due.name: None} if commit.due else {}
        for name, at in (*changed.items(), *commit.timers):
            self.timers = [one for one in self.timers if (one.address, one.name) != (commit.address, name)]
            if at is not None:
                self.timers.append(Timer(commit.address, name, at))

    def _record(self, record: Record) -> Verdict:
        if self.epochs.get(record.partition) != record.epoch:
            return Verdict.FENCED
        return self._move_on(record)

    def _move_on(self, step: Record | Resolve) -> Verdict:
        if not any(one.id == step.payment.id and one.state == step.expects for one in self.payments):
            return Verdict.STALE
        self._put(step.payment)
        self._note(step.audit)
        return Verdict.DONE

    def _note(self, entries: tuple[AuditEntry, ...]) -> None:
        for new in entries:
            if all(one.id != new.id for one in self.audit):
                self.audit.append(new)

    def _put(self, new: Payment) -> None:
        if all(one.id != new.id for one in self.payments):
            self.payments.append(new)
        self.payments = [new if one.id == new.id else one for one in self.payments]

    def _report(self, deliveries: tuple[Delivery, ...]) -> None:
        for new in deliveries:
            known = next((one for one in self.deliveries if one.id == new.id), new)
            stands = msgspec.structs.replace(max(known, new, key=_rank), ours=known.ours or new.ours)
            body = next((one.body for one in (known, new) if one.body is not None), None)
            stands = msgspec.structs.replace(stands, body=None if stands.rank >= ARRIVED else body)
            self.deliveries = [one for one in self.deliveries if one.id != new.id]
            self.deliveries.append(stands)

    def forget(self, before: datetime) -> int:
        """Forget; how many went."""
        rows = len(self.accepted) + len(self.deliveries)
        self.accepted = [one for one in self.accepted if one.version is None or one.envelope.accepted_at >= before]
        self.deliveries = [one for one in self.deliveries if one.at >= before]
        return rows - len(self.accepted) - len(self.deliveries)

    def waiting(self, address: Address) -> tuple[Envelope, ...]:
        """Not applied yet, in sequence."""
        return tuple(one.envelope for one in self.accepted if one.envelope.address == address and one.version is None)

    def loaded(self, address: Address, limit: int) -> Loaded:
        """The answer to ``Load``."""
        waiting = self.waiting(address)
        effects = tuple(one for owner, one in self.owed if owner == address)
        return Loaded(self.snapshots.get(address), waiting[:limit], effects, more=len(waiting) > limit)

    def first_timers(self, partition: int, limit: int) -> tuple[Timer, ...]:
        """The answer to ``Timers``."""
        these = [one for one in self.timers if partition_of(one.address) == partition]
        return tuple(sorted(these, key=lambda one: (one.at, one.address, one.name))[:limit])

    def history(self, address: Address) -> tuple[Seen, ...]:
        """The answer to ``History``."""
        mine = [one for one in self.accepted if one.envelope.address == address]
        return tuple(Seen(one.envelope.id, one.envelope.sequence, one.version) for one in mine)

    def payments_of(self, address: Address) -> tuple[Payment, ...]:
        """The answer to ``Payments``."""
        return tuple(one for one in self.payments if one.address == address)

    def payments_in(self, state: str, limit: int) -> tuple[Payment, ...]:
        """The answer to ``PaymentsIn``."""
        return tuple(one for one in self.payments if one.state == state)[:limit]

    def trail(self, address: Address | None, limit: int) -> tuple[AuditEntry, ...]:
        """The answer to ``Trail``."""
        return tuple(one for one in reversed(self.audit) if address in (None, one.address))[:limit]

    def counts(self) -> Counts:
        """The answer to ``Count``, of what this model knows of."""
        waiting = [one.envelope.accepted_at for one in self.accepted if one.version is None]
        states = [one.state for one in self.payments]
        return Counts(
            actors=len(self.snapshots),
            waiting=len(waiting),
            oldest_waiting=min(waiting, default=None),
            owed=len(self.owed),
            dead=0,
            deliveries=len(self.deliveries),
            payments=tuple((state, states.count(state)) for state in sorted(set(states))),
        )


def _rank(one: Delivery) -> int:
    return one.rank
