"""What every store must do. A kind of store subclasses one of these and provides the ``place`` fixture.

``StoreContract`` is for all; ``DurableStoreContract`` adds what a store must do that outlives its process and may be
opened by several.
"""

from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest

from runtime.envelope import Envelope
from runtime.errors import StoreUnavailable
from runtime.store import Accept, Count, Load, Operation, Report, Store, Verdict
from tests.contracts.store_contract_letters import LettersContract
from tests.contracts.store_contract_reads import ReadsContract
from tests.contracts.store_contract_timers import TimersContract
from tests.contracts.store_contract_writes import WritesContract
from tests.contracts.store_words import (
    ANNA,
    DAY,
    NOON,
    Place,
    accept,
    audit,
    claim,
    content,
    delivery,
    do,
    envelope,
    letter,
    owed,
    payment,
    turn,
)


class StoreContract(WritesContract, ReadsContract, LettersContract, TimersContract):
    """What every store must do."""

    @pytest.fixture
    def store(self, place: Place) -> Iterator[Store]:
        """An open one."""
        store = place.store()
        store.open()
        yield store
        store.close()

    def test_it_says_what_survives(self, store: Store) -> None:
        assert store.durability.endswith(".")

    def test_an_empty_batch_has_no_results(self, store: Store) -> None:
        assert store.run([]) == []

    def test_a_closed_store_refuses_work_and_opens_again(self, store: Store) -> None:
        accept(store, "m1")
        store.close()
        store.close()
        with pytest.raises(StoreUnavailable):
            do(store, Count())
        store.open()
        assert accept(store, "m1") == ()

    def test_results_come_in_the_order_of_operations_which_see_what_went_before(self, store: Store) -> None:
        epoch = claim(store)
        results = store.run(
            [turn(epoch, 1), Load(address=ANNA, limit=1), turn(epoch, 2), Load(address=ANNA, limit=1), Count()]
        )
        assert results[0] is results[2] is Verdict.DONE
        assert (results[1].snapshot.version, results[3].snapshot.version) == (1, 2)
        assert results[4].actors == 1


class DurableStoreContract(StoreContract):
    """What a store must do that outlives its process and may be opened by several."""

    def test_everything_is_found_again_after_closing(self, place: Place, store: Store) -> None:
        before = _fill(store)
        store.close()
        again = place.store()
        again.open()
        assert content(again) == before
        assert accept(again, "m1", "m2") == ()
        assert claim(again) == 2
        again.close()

    def test_everything_is_found_again_when_nobody_closed(self, place: Place, store: Store) -> None:
        before = _fill(store)
        again = place.store()
        again.open()
        assert content(again) == before
        again.close()

    def test_another_process_that_claims_fences_this_one(self, place: Place, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1))
        other = place.store()
        other.open()
        new = claim(other)
        assert new == epoch + 1
        assert do(store, turn(epoch, 2)) is Verdict.FENCED
        assert do(other, turn(new, 2)) is Verdict.DONE
        other.close()

    @pytest.mark.usefixtures("store")  # the place exists before they race for it
    def test_an_id_arriving_at_several_processes_at_once_is_accepted_once(self, place: Place) -> None:
        ids = [f"m{number}" for number in range(40)]
        new: list[Envelope] = []

        def take_in() -> None:
            store = place.store()
            store.open()
            for id_ in ids:
                accepted = do(store, Accept((envelope(id_),)))
                new.extend(accepted)
            store.close()

        threads = [Thread(target=take_in) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(one.id for one in new) == sorted(ids)
        assert len({one.sequence for one in new}) == len(ids)


def _fill(store: Store) -> list[Any]:
    epoch = claim(store)
    first, _ = accept(store, "m1", "m2")
    commit = turn(epoch, 1, applied=first, owes=(owed("e1"),), payments=(payment("p1", "SENT"),), dead=letter("x1"))
    commit = replace(commit, audit=(audit("a1"), audit("a2")), timers=(("t1", NOON), ("t2", NOON + DAY)))
    operations: list[Operation[Any]] = [commit, Report((delivery("d1", 1, ours="e1", body=b"\x00\xff"),))]
    store.run(operations)
    return content(store)
