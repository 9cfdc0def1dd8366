"""A store reduced to lists, and a machine that plays random batches to it and to a real store and compares.

The model says what each result must be; only sequences are the store's own choice, and must rise. Ids belong to one
actor each, and moments lie at the start of a day, so that stores may keep ids by actor and by day.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from runtime.address import Address, partition_of
from runtime.envelope import Envelope
from runtime.store import (
    Accept,
    Backlog,
    Claim,
    Commit,
    Count,
    Counts,
    Delivery,
    History,
    Load,
    Loaded,
    Operation,
    Owed,
    Payment,
    Payments,
    Record,
    Report,
    Seen,
    Settle,
    Snapshot,
    Store,
    Verdict,
)
from tests.contracts.store_words import (
    ANNA,
    BEN,
    DAY,
    NOON,
    Place,
    claim,
    delivery,
    envelope,
    forget,
    owed,
    payment,
    turn,
)

_MIDNIGHT = NOON.replace(hour=0, minute=0, second=0, microsecond=0)
_PEOPLE = (ANNA, BEN)
_STATES = ("INTENT", "SENT", "DONE")


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
    payments: list[Payment] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

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
        if commit.applied is not None and not waits:
            return Verdict.APPLIED
        for one in waits:
            one.version = commit.version
        self.snapshots[commit.address] = Snapshot(commit.version, commit.applied or stored.applied, commit.snapshot)
        self.owed = [one for one in self.owed if one[1].id not in commit.settles]
        self.owed += [(commit.address, one) for one in commit.owes]
        for new in commit.payments:
            self._put(new)
        return Verdict.DONE

    def _record(self, record: Record) -> Verdict:
        if self.epochs.get(record.partition) != record.epoch:
            return Verdict.FENCED
        if not any(one.id == record.payment.id and one.state == record.expects for one in self.payments):
            return Verdict.STALE
        self._put(record.payment)
        return Verdict.DONE

    def _put(self, new: Payment) -> None:
        if all(one.id != new.id for one in self.payments):
            self.payments.append(new)
        self.payments = [new if one.id == new.id else one for one in self.payments]

    def _report(self, deliveries: tuple[Delivery, ...]) -> None:
        for new in deliveries:
            if all(one.id != new.id for one in self.deliveries):
                self.deliveries.append(new)
            self.deliveries = [new if one.id == new.id and one.rank < new.rank else one for one in self.deliveries]

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

    def history(self, address: Address) -> tuple[Seen, ...]:
        """The answer to ``History``."""
        mine = [one for one in self.accepted if one.envelope.address == address]
        return tuple(Seen(one.envelope.id, one.envelope.sequence, one.version) for one in mine)

    def payments_of(self, address: Address) -> tuple[Payment, ...]:
        """The answer to ``Payments``."""
        return tuple(one for one in self.payments if one.address == address)

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


def machine(make_place: Callable[[], Place]) -> type[RuleBasedStateMachine]:
    """A machine for this kind of store; a new place for every example."""

    class StoreMachine(RuleBasedStateMachine):
        store: Store
        model: Model

        @initialize()
        def begin(self) -> None:
            self.store = make_place().store()
            self.store.open()
            self.model = Model()
            for address in _PEOPLE:
                self.model.check(Claim(partition_of(address), "x"), claim(self.store, address))

        @rule(data=st.data())
        def batch(self, data: st.DataObject) -> None:
            operations = data.draw(st.lists(_operations(self.model), min_size=1, max_size=4))
            for operation, result in zip(operations, self.store.run(operations), strict=True):
                self.model.check(operation, result)

        @rule(day=st.integers(0, 4))
        def forget(self, day: int) -> None:
            before = _MIDNIGHT + day * DAY
            assert forget(self.store, before) == self.model.forget(before)

        @invariant()
        def both_tell_the_same(self) -> None:
            questions: list[Operation[Any]] = [Count()]
            answers: list[Any] = [self.model.counts()]
            for address in _PEOPLE:
                loaded = self.model.loaded(address, 2)
                questions += [Load(address=address, limit=2), Backlog(partition_of(address))]
                answers += [loaded, (address,) if loaded.envelopes or loaded.owed else ()]
                questions += [History(address), Payments(address)]
                answers += [self.model.history(address), self.model.payments_of(address)]
            assert self.store.run(questions) == answers

        def teardown(self) -> None:
            if hasattr(self, "store"):
                self.store.close()

    return StoreMachine


def _operations(model: Model) -> st.SearchStrategy[Operation[Any]]:
    """Mostly what an actor would ask next, sometimes what it must not."""
    return st.sampled_from(_PEOPLE).flatmap(lambda address: _operations_of(model, address))


def _operations_of(model: Model, address: Address) -> st.SearchStrategy[Operation[Any]]:
    partition = partition_of(address)
    epochs = st.sampled_from([model.epochs[partition]] * 5 + [model.epochs[partition] - 1])
    numbers = st.integers(0, 5).map(lambda number: f"{address}#{number}")
    moments = st.integers(0, 3).map(lambda day: _MIDNIGHT + day * DAY)
    payments = st.builds(payment, numbers, st.sampled_from(_STATES), st.just(address))
    reports = st.builds(delivery, numbers, st.integers(0, 3), at=moments)
    stored = model.snapshots.get(address, Snapshot(0, 0, b"")).version
    mine = [one.envelope.sequence for one in model.accepted if one.envelope.address == address]
    waiting = [one.sequence for one in model.waiting(address)]
    versions = st.sampled_from([stored + 1] * 4 + [stored, stored + 2])
    commits = versions.flatmap(
        lambda version: st.builds(
            turn,
            epochs,
            st.just(version),
            st.just(address),
            applied=st.sampled_from([None, *waiting, *waiting, *mine]),
            owes=st.integers(0, 2).map(lambda n: tuple(owed(f"{address}/{version}/{i}") for i in range(n))),
            settles=st.sets(st.sampled_from([one.id for owner, one in model.owed if owner == address] or ["none"])).map(
                tuple
            ),
            payments=st.lists(payments, max_size=2).map(tuple),
        )
    )
    accepts = st.lists(st.builds(envelope, numbers, st.just(address), moments), max_size=3)
    return st.one_of(
        st.builds(Accept, accepts.map(tuple)),
        commits,
        commits,
        st.builds(Settle, partition=st.just(partition), epoch=epochs, effect=st.just(f"{address}/{stored}/0")),
        st.builds(
            Record, partition=st.just(partition), epoch=epochs, payment=payments, expects=st.sampled_from(_STATES)
        ),
        st.builds(Report, st.lists(reports, max_size=2).map(tuple)),
        st.builds(Claim, st.just(partition), st.just("x")),
    )
