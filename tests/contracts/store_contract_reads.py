"""What every store must tell of what it keeps, and what it may forget."""

from itertools import permutations

import pytest

from runtime.address import partition_of
from runtime.store import (
    ARRIVED,
    Backlog,
    Count,
    Counts,
    Deliveries,
    History,
    Letters,
    Load,
    Loaded,
    PaymentsIn,
    Quarantine,
    Report,
    Seen,
    Settle,
    Store,
    Trail,
)
from tests.contracts.store_words import (
    ANNA,
    BEN,
    DAY,
    NOON,
    accept,
    audit,
    claim,
    delivery,
    do,
    envelope,
    forget,
    letter,
    neighbour,
    owed,
    payment,
    sequenced,
    turn,
)


class ReadsContract:
    """Actors, backlog, counts, history, dead letters, deliveries, forgetting."""

    def test_an_actor_nobody_wrote_to_is_empty(self, store: Store) -> None:
        assert do(store, Load(address=ANNA, limit=5)) == Loaded(None, (), (), more=False)

    @pytest.mark.parametrize(("limit", "ids", "more"), [(0, "", True), (2, "12", True), (3, "123", False)])
    def test_loading_takes_the_oldest_up_to_the_limit_and_says_whether_more_wait(
        self,
        store: Store,
        limit: int,
        ids: str,
        more: bool,  # noqa: FBT001 - a column of the table above
    ) -> None:
        accept(store, "1", "2", at=NOON)
        accept(store, "3", at=NOON - DAY)
        loaded = do(store, Load(address=ANNA, limit=limit))
        assert ("".join(one.id for one in loaded.envelopes), loaded.more) == (ids, more)

    def test_the_backlog_names_actors_with_mail_or_effects_of_that_partition_only(self, store: Store) -> None:
        next_door, idle = neighbour(ANNA), neighbour(neighbour(ANNA))
        epoch = claim(store)
        accept(store, "m1", "m2", address=ANNA)
        accept(store, "m3", address=BEN)
        do(store, turn(epoch, 1, next_door, owes=(owed("e1"),)))
        do(store, turn(epoch, 1, idle))
        busy = do(store, Backlog(partition_of(ANNA)))
        assert sorted(busy) == sorted([ANNA, next_door])
        assert do(store, Backlog(partition_of(BEN))) == (BEN,)
        do(store, Settle(partition=partition_of(ANNA), address=next_door, epoch=epoch, effect="e1"))
        assert do(store, Backlog(partition_of(ANNA))) == (ANNA,)

    def test_counting_counts_everything(self, store: Store) -> None:
        assert do(store, Count()) == Counts(0, 0, None, 0, 0, 0, ())
        epoch = claim(store)
        first, *_ = accept(store, "m1", "m2", at=NOON - DAY)
        accept(store, "m3", address=BEN, at=NOON)
        payments = (payment("p1", "SENT"), payment("p2", "INTENT"), payment("p3", "SENT"))
        do(store, turn(epoch, 1, applied=first, owes=(owed("e1"), owed("e2")), payments=payments, dead=letter("x")))
        do(store, Report((delivery("d1"), delivery("d2"))))
        assert do(store, Count()) == Counts(1, 2, NOON - DAY, 2, 1, 2, (("INTENT", 1), ("SENT", 2)))

    def test_history_tells_what_was_accepted_in_sequence_and_the_turn_that_applied_it(self, store: Store) -> None:
        epoch = claim(store)
        one, two, three = accept(store, "m9", "m1", "m5")
        accept(store, "m2", address=BEN)
        store.run([turn(epoch, 1), turn(epoch, 2, applied=one), turn(epoch, 3, applied=two)])
        assert do(store, History(ANNA)) == (Seen("m9", one, 2), Seen("m1", two, 3), Seen("m5", three, None))

    def test_dead_letters_come_newest_first_up_to_the_limit(self, store: Store) -> None:
        epoch = claim(store)
        do(store, Quarantine(letter("1")))
        do(store, turn(epoch, 1, dead=letter("3")))
        do(store, Settle(partition=partition_of(ANNA), address=ANNA, epoch=epoch, effect="e", dead=letter("2")))
        assert [one.id for one in do(store, Letters(9))] == ["2", "3", "1"]
        assert do(store, Letters(2)) == (letter("2"), letter("3"))

    def test_of_dead_letters_with_one_id_the_first_stands(self, store: Store) -> None:
        store.run([Quarantine(letter("1")), Quarantine(letter("2")), Quarantine(letter("1", NOON + DAY))])
        assert do(store, Letters(9)) == (letter("2"), letter("1"))

    def test_payments_in_a_state_are_told_over_all_actors_oldest_first_up_to_the_limit(self, store: Store) -> None:
        epoch, others = claim(store), claim(store, BEN)
        do(store, turn(epoch, 1, payments=(payment("p9", "PARKED"), payment("p2", "DONE"))))
        do(store, turn(others, 1, BEN, payments=(payment("p1", "PARKED", BEN), payment("p4", "SENT", BEN))))
        do(store, turn(epoch, 2, payments=(payment("p5", "PARKED"),)))
        parked = (payment("p9", "PARKED"), payment("p1", "PARKED", BEN), payment("p5", "PARKED"))
        assert do(store, PaymentsIn("PARKED", 9)) == parked
        assert do(store, PaymentsIn("PARKED", 2)) == parked[:2]
        assert do(store, PaymentsIn("UNKNOWN", 9)) == ()

    def test_the_trail_is_told_newest_first_of_one_actor_or_of_all_up_to_the_limit(self, store: Store) -> None:
        epoch, others = claim(store), claim(store, BEN)
        do(store, turn(epoch, 1, audit=(audit("9", at=NOON + DAY), audit("2"))))
        do(store, turn(others, 1, BEN, audit=(audit("5", BEN, NOON - DAY),)))
        assert do(store, Trail(None, 9)) == (audit("5", BEN, NOON - DAY), audit("2"), audit("9", at=NOON + DAY))
        assert do(store, Trail(None, 1)) == (audit("5", BEN, NOON - DAY),)
        assert do(store, Trail(ANNA, 9)) == (audit("2"), audit("9", at=NOON + DAY))
        assert do(store, Trail(ANNA, 1)) == (audit("2"),)
        assert do(store, Trail(neighbour(ANNA), 9)) == ()

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_reports_may_come_in_any_order_and_the_highest_stands(self, store: Store, order: tuple[int, ...]) -> None:
        reports = [delivery("d1", 0, ours="e1"), delivery("d1", 1, at=NOON + DAY), delivery("d1", 3, at=NOON - DAY)]
        for index in order:
            assert do(store, Report((reports[index],))) is None
        assert do(store, Deliveries(("d1",))) == (delivery("d1", 3, ours="e1", at=NOON - DAY),)

    def test_a_report_of_the_same_rank_changes_nothing(self, store: Store) -> None:
        do(store, Report((delivery("d1", 1), delivery("d1", 1, at=NOON + DAY))))
        assert do(store, Deliveries(("d1",))) == (delivery("d1", 1),)

    @pytest.mark.parametrize("rank", [-1, 0, 1])
    def test_what_was_said_and_by_which_effect_is_kept_whatever_is_reported_without_it(
        self, store: Store, rank: int
    ) -> None:
        body = bytes(range(256)) * 40
        do(store, Report((delivery("d1", -1, ours="e1", body=body),)))
        do(store, Report((delivery("d1", rank), delivery("d1", rank, ours="e2", body=b"other"))))
        assert do(store, Deliveries(("d1",))) == (delivery("d1", rank, ours="e1", body=body),)

    @pytest.mark.parametrize("rank", [0, 1])
    def test_what_was_said_is_kept_where_a_report_of_it_came_first(self, store: Store, rank: int) -> None:
        do(store, Report((delivery("d1", rank),)))
        do(store, Report((delivery("d1", -1, ours="e1", body=b""),)))
        assert do(store, Deliveries(("d1",))) == (delivery("d1", rank, ours="e1", body=b""),)

    @pytest.mark.parametrize("rank", [ARRIVED, ARRIVED + 1])
    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_nothing_is_kept_of_the_words_of_what_has_arrived(
        self, store: Store, order: tuple[int, ...], rank: int
    ) -> None:
        reports = [delivery("d1", -1, ours="e1", body=b"said"), delivery("d1", 1, body=b"said"), delivery("d1", rank)]
        for index in order:
            do(store, Report((reports[index],)))
        assert do(store, Deliveries(("d1",))) == (delivery("d1", rank, ours="e1"),)
        do(store, Report((delivery("d2", rank, body=b"said"),)))
        assert do(store, Deliveries(("d2",))) == (delivery("d2", rank),)

    def test_deliveries_are_found_by_id_and_unknown_ids_left_out(self, store: Store) -> None:
        do(store, Report((delivery("d1"), delivery("d2"), delivery("d3"))))
        found = do(store, Deliveries(("d3", "nobody", "d1", "d3")))
        assert sorted(one.id for one in found) == ["d1", "d3"]
        assert do(store, Deliveries(())) == ()

    def test_forgetting_drops_applied_ids_and_deliveries_from_before(self, store: Store) -> None:
        epoch = claim(store)
        (old,) = accept(store, "old", at=NOON - 9 * DAY)
        (young,) = accept(store, "young", at=NOON)
        (waiting,) = accept(store, "waiting", at=NOON - 9 * DAY)
        store.run([turn(epoch, 1, applied=old), turn(epoch, 2, applied=young)])
        do(store, Report((delivery("d1", at=NOON - 9 * DAY), delivery("d2", at=NOON))))
        assert forget(store, NOON - 8 * DAY) == 2
        assert do(store, History(ANNA)) == (Seen("young", young, 2), Seen("waiting", waiting, None))
        assert [one.id for one in do(store, Deliveries(("d1", "d2")))] == ["d2"]
        assert do(store, Load(address=ANNA, limit=9)).envelopes == (
            sequenced(envelope("waiting", at=NOON - 9 * DAY), waiting),
        )
        assert accept(store, "waiting", "young") == ()

    def test_a_forgotten_id_is_new_again(self, store: Store) -> None:
        epoch = claim(store)
        (sequence,) = accept(store, "m1", at=NOON - 9 * DAY)
        do(store, turn(epoch, 1, applied=sequence))
        forget(store, NOON)
        assert len(accept(store, "m1")) == 1
