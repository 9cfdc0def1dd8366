"""A machine that plays random batches to a store and to the model, and compares all that both tell.

Ids belong to one actor each, and moments lie at the start of a day, so that stores may keep ids by actor and by day.
What the machine met is counted, since a machine that only meets refusals proves nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from runtime.address import Address, partition_of
from runtime.envelope import Due
from runtime.store import (
    Accept,
    AuditEntry,
    Backlog,
    Claim,
    Commit,
    Count,
    Deliveries,
    Delivery,
    History,
    Load,
    Operation,
    Payments,
    PaymentsIn,
    Record,
    Report,
    Resolve,
    Settle,
    Snapshot,
    Store,
    Timers,
    Trail,
    Verdict,
)
from tests.contracts.store_model import Model
from tests.contracts.store_words import (
    ANNA,
    BEN,
    DAY,
    NOON,
    Place,
    audit,
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
_NUMBERS = range(8)
_STATES = ("INTENT", "SENT", "DONE")
_TIMERS = ("t1", "t2")

Met = set[tuple[str, object]]

TO_MEET: Met = {
    *(("Commit", verdict) for verdict in Verdict),
    *(("Record", verdict) for verdict in (Verdict.DONE, Verdict.FENCED, Verdict.STALE)),
    *(("Resolve", verdict) for verdict in (Verdict.DONE, Verdict.STALE)),
    *(("Settle", verdict) for verdict in (Verdict.DONE, Verdict.FENCED)),
    *(("Accept", new) for new in range(4)),
    *(("Due", verdict) for verdict in Verdict),
    ("Forget", "something"),
    ("Forget", "nothing"),
}
"""What every run of the machine has to come across."""


class StoreMachine(RuleBasedStateMachine):
    """Needs to be told where stores live and where to note what it met: ``machine`` does."""

    make_place: ClassVar[Callable[[], Place]]
    met: ClassVar[Met]
    store: Store
    model: Model

    @initialize()
    def begin(self) -> None:
        self.store = type(self).make_place().store()
        self.store.open()
        self.model = Model()
        for address in _PEOPLE:
            self.model.check(Claim(partition_of(address), "x"), claim(self.store, address))

    @rule(address=st.sampled_from(_PEOPLE), data=st.data())
    def accept(self, address: Address, data: st.DataObject) -> None:
        self.play(data.draw(st.lists(_accepts(address), min_size=1, max_size=2)))

    @rule(address=st.sampled_from(_PEOPLE), data=st.data())
    def take_the_next_turn(self, address: Address, data: st.DataObject) -> None:
        self.play([data.draw(_turns(self.model, address))])

    @rule(address=st.sampled_from(_PEOPLE), data=st.data())
    def apply_again(self, address: Address, data: st.DataObject) -> None:
        waiting = {one.sequence for one in self.model.waiting(address)}
        mine = [one.envelope for one in self.model.accepted if one.envelope.address == address]
        applied = [one.sequence for one in mine if one.sequence not in waiting]
        if applied:
            again = data.draw(_turns(self.model, address))
            self.play([replace(again, applied=data.draw(st.sampled_from(applied)), due=None)])

    @rule(data=st.data())
    def batch(self, data: st.DataObject) -> None:
        anything = st.sampled_from(_PEOPLE).flatmap(lambda address: _anything(self.model, address))
        self.play(data.draw(st.lists(anything, min_size=2, max_size=6)))

    @rule(day=st.integers(1, 4))
    def forget(self, day: int) -> None:
        before = _MIDNIGHT + day * DAY
        gone = self.model.forget(before)
        self.met.add(("Forget", "something" if gone else "nothing"))
        assert forget(self.store, before) == gone

    def play(self, operations: list[Operation[Any]]) -> None:
        for operation, result in zip(operations, self.store.run(operations), strict=True):
            self.met.add((type(operation).__name__, result if isinstance(result, Verdict) else len(_all(result))))
            if isinstance(operation, Commit) and operation.due is not None:
                self.met.add(("Due", result))
            self.model.check(operation, result)

    @invariant()
    def both_tell_the_same(self) -> None:
        questions: list[Operation[Any]] = [Count()]
        answers: list[Any] = [self.model.counts()]
        for address in _PEOPLE:
            loaded = self.model.loaded(address, 2)
            questions += [Load(address=address, limit=2), Backlog(partition_of(address))]
            answers += [loaded, (address,) if loaded.envelopes or loaded.owed else ()]
            questions += [History(address), Payments(address), Timers(partition_of(address), 2)]
            answers += [self.model.history(address), self.model.payments_of(address)]
            answers.append(self.model.first_timers(partition_of(address), 2))
        for whose in (None, *_PEOPLE):
            questions.append(Trail(whose, 5))
            answers.append(self.model.trail(whose, 5))
        for state in _STATES:
            questions.append(PaymentsIn(state, 3))
            answers.append(self.model.payments_in(state, 3))
        assert self.store.run(questions) == answers
        ids = tuple(f"{address}#{number}" for address in _PEOPLE for number in _NUMBERS)
        (found,) = self.store.run([Deliveries(ids)])
        assert sorted(found, key=_by_id) == sorted(self.model.deliveries, key=_by_id)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()


def machine(place: Callable[[], Place], noted: Met) -> type[StoreMachine]:
    """A machine for this kind of store; a new place for every example."""

    class ThisMachine(StoreMachine):
        make_place = staticmethod(place)
        met = noted

    return ThisMachine


def _all(result: Any) -> tuple[Any, ...]:  # noqa: ANN401 - of any operation
    return result if isinstance(result, tuple) else ()


def _by_id(one: Any) -> str:  # noqa: ANN401 - anything with an id
    return str(one.id)


def _ids(address: Address) -> st.SearchStrategy[str]:
    return st.sampled_from(_NUMBERS).map(lambda number: f"{address}#{number}")


def _moments() -> st.SearchStrategy[Any]:
    return st.sampled_from([_MIDNIGHT + day * DAY for day in range(4)])


def _accepts(address: Address) -> st.SearchStrategy[Accept]:
    one = st.builds(envelope, _ids(address), st.just(address), _moments())
    return st.builds(Accept, st.lists(one, min_size=1, max_size=3).map(tuple))


def _turns(model: Model, address: Address, *, wrong: bool = False, repeated: bool = False) -> st.SearchStrategy[Any]:
    """Commits an actor would ask for next, also what it must not, or one whose envelope was applied before."""
    epoch = model.epochs[partition_of(address)]
    version = model.snapshots.get(address, Snapshot(0, 0, b"")).version + 1
    mine = [one for one in model.accepted if one.envelope.address == address]
    gone: list[int | None] = [one.envelope.sequence for one in mine if one.version is not None]
    waiting: list[int | None] = [one.sequence for one in model.waiting(address)]
    effects = [one.id for owner, one in model.owed if owner == address]
    payments = st.builds(payment, _ids(address), st.sampled_from(_STATES), st.just(address))
    versions = [version, version, version - 1, version + 1] if wrong else [version]
    return st.builds(
        _turn,
        st.just(address),
        st.sampled_from([epoch, epoch, epoch - 1] if wrong else [epoch]),
        st.sampled_from(versions),
        st.integers(0, 3),
        applied=st.sampled_from(
            [*gone, *gone, *waiting, None] if wrong else gone or [None] if repeated else waiting[:1] or [None]
        ),
        settles=st.sets(st.sampled_from(effects)).map(tuple) if effects else st.just(()),
        payments=st.lists(payments, max_size=2).map(tuple),
        audit=st.lists(_entries(address), max_size=2).map(tuple),
        timers=st.lists(st.tuples(st.sampled_from(_TIMERS), st.none() | _moments()), max_size=2).map(tuple),
        rings=st.none() | _dues(model, address, wrong=wrong),
    )


def _dues(model: Model, address: Address, *, wrong: bool) -> st.SearchStrategy[Due]:
    """Timers that are set, and such as are not, or not so."""
    mine = [Due(one.name, one.at) for one in model.timers if one.address == address]
    others = st.builds(Due, st.sampled_from(_TIMERS), _moments())
    return others if wrong or not mine else st.sampled_from(mine)


def _turn(address: Address, epoch: int, version: int, owes: int, **more: Any) -> Commit:  # noqa: ANN401 - Commit's fields
    """Effects are named after their turn, as actors do. A turn about a timer is about no envelope."""
    effects = tuple(owed(f"{address}/{version}/{position}") for position in range(owes))
    due = more.pop("rings")
    if due is not None:
        more["applied"] = None
    return turn(epoch, version, address, owes=effects, due=due, **more)


def _entries(address: Address) -> st.SearchStrategy[AuditEntry]:
    return st.builds(audit, _ids(address), st.just(address), _moments())


def _records(model: Model, address: Address) -> st.SearchStrategy[Record | Resolve]:
    epoch = model.epochs[partition_of(address)]
    known = [(one.id, one.state) for one in model.payments_of(address)]
    which = st.sampled_from([*known, *known, (f"{address}#0", "SENT"), (f"{address}#1", "DONE")])
    entries = st.lists(_entries(address), max_size=1).map(tuple)

    def step(kind: Callable[..., Any], **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.builds(
            lambda found, state, **rest: kind(payment=payment(found[0], state, address), expects=found[1], **rest),
            which,
            st.sampled_from(_STATES),
            audit=entries,
            **more,
        )

    epochs = st.sampled_from([epoch, epoch, epoch - 1])
    return st.one_of(step(Record, partition=st.just(partition_of(address)), epoch=epochs), step(Resolve))


def _anything(model: Model, address: Address) -> st.SearchStrategy[Any]:
    partition = partition_of(address)
    epochs = st.sampled_from([model.epochs[partition], model.epochs[partition] - 1])
    effects = st.sampled_from(["nothing", *(one.id for owner, one in model.owed if owner == address)])
    kept = st.sampled_from([(None, None), ("effect", None), ("effect", b"\x00\xff said"), (None, b"")])
    reports = st.builds(_reported, _ids(address), st.integers(-1, 3), _moments(), kept)
    return st.one_of(
        _accepts(address),
        _turns(model, address),
        _turns(model, address, wrong=True),
        _turns(model, address, repeated=True),
        st.builds(Settle, partition=st.just(partition), address=st.just(address), epoch=epochs, effect=effects),
        _records(model, address),
        st.builds(Report, st.lists(reports, max_size=3).map(tuple)),
        st.builds(Claim, st.just(partition), st.just("x")),
    )


def _reported(id_: str, rank: int, at: datetime, kept: tuple[str | None, bytes | None]) -> Delivery:
    ours, body = kept
    return delivery(id_, rank, at=at, ours=ours, body=body)
