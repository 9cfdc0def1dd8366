"""What every store must do when written to: accept once and in order, fence, commit all or nothing."""

from dataclasses import replace

import pytest

from runtime.address import partition_of
from runtime.envelope import Envelope
from runtime.store import (
    Accept,
    Claim,
    Commit,
    Count,
    Deliveries,
    History,
    Letters,
    Load,
    Loaded,
    Payments,
    Record,
    Resolve,
    Settle,
    Snapshot,
    Store,
    Trail,
    Verdict,
)
from tests.contracts.store_words import (
    ANNA,
    BEN,
    DAY,
    NOON,
    accept,
    audit,
    claim,
    content,
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


class WritesContract:
    """Accepting, claiming, committing, settling, recording."""

    def test_each_claim_of_a_partition_raises_its_epoch_by_one(self, store: Store) -> None:
        assert [do(store, Claim(3, "a")), do(store, Claim(3, "b")), do(store, Claim(4, "a"))] == [1, 2, 1]

    def test_a_commit_with_an_older_epoch_is_fenced_and_leaves_nothing(self, store: Store) -> None:
        old = claim(store)
        (sequence,) = accept(store, "m1")
        new = claim(store)
        before = content(store)
        late = turn(old, 1, applied=sequence, owes=(owed("e1"),), payments=(payment("p1", "INTENT"),), dead=letter("x"))
        late = replace(late, audit=(audit("a1"),))
        assert do(store, late) is Verdict.FENCED
        assert content(store) == before
        assert do(store, turn(new, 1, applied=sequence)) is Verdict.DONE

    def test_a_settlement_with_an_older_epoch_is_fenced_and_leaves_nothing(self, store: Store) -> None:
        old = claim(store)
        do(store, turn(old, 1, owes=(owed("e1"),)))
        claim(store)
        before = content(store)
        late = Settle(
            partition=partition_of(ANNA),
            address=ANNA,
            epoch=old,
            effect="e1",
            delivery=delivery("d1"),
            dead=letter("x"),
        )
        assert do(store, late) is Verdict.FENCED
        assert content(store) == before

    def test_a_payment_record_with_an_older_epoch_is_fenced_and_leaves_nothing(self, store: Store) -> None:
        old = claim(store)
        do(store, turn(old, 1, payments=(payment("p1", "INTENT"),)))
        claim(store)
        late = Record(
            partition=partition_of(ANNA),
            epoch=old,
            payment=payment("p1", "SENT"),
            expects="INTENT",
            audit=(audit("a1"),),
        )
        assert do(store, late) is Verdict.FENCED
        assert do(store, Payments(ANNA)) == (payment("p1", "INTENT"),)
        assert do(store, Trail(None, 9)) == ()

    @pytest.mark.parametrize("epoch", [0, 1, 7])
    def test_a_partition_nobody_claimed_takes_no_writes(self, store: Store, epoch: int) -> None:
        assert do(store, turn(epoch, 1)) is Verdict.FENCED

    def test_an_epoch_nobody_was_given_is_fenced(self, store: Store) -> None:
        assert do(store, turn(claim(store) + 1, 1)) is Verdict.FENCED

    def test_a_claim_fences_within_its_own_batch(self, store: Store) -> None:
        epoch = claim(store)
        results = store.run([turn(epoch, 1), Claim(partition_of(ANNA), "b"), turn(epoch, 2), turn(epoch + 1, 2)])
        assert results == [Verdict.DONE, epoch + 1, Verdict.FENCED, Verdict.DONE]

    def test_a_refused_operation_does_not_harm_the_others_of_its_batch(self, store: Store) -> None:
        epoch, others = claim(store), claim(store, BEN)
        results = store.run([turn(epoch, 1), turn(epoch, 5), turn(epoch - 1, 2), turn(others, 1, BEN), turn(epoch, 2)])
        assert results == [Verdict.DONE, Verdict.STALE, Verdict.FENCED, Verdict.DONE, Verdict.DONE]
        assert do(store, Count()).actors == 2

    def test_accepted_envelopes_come_back_with_their_sequence_and_are_kept_as_they_are(self, store: Store) -> None:
        odd = Envelope(id="ünïcode/1 '\"", address=ANNA, accepted_at=NOON, body=bytes(range(256)) * 5000)
        (new,) = do(store, Accept((odd,)))
        assert new == Envelope(id=odd.id, address=ANNA, accepted_at=NOON, body=odd.body, sequence=new.sequence)
        assert do(store, Load(address=ANNA, limit=1)).envelopes == (new,)

    def test_an_id_is_accepted_once_within_one_operation(self, store: Store) -> None:
        new = do(store, Accept((envelope("m1"), envelope("m2"), envelope("m1"))))
        assert [one.id for one in new] == ["m1", "m2"]

    def test_an_id_is_accepted_once_within_one_batch(self, store: Store) -> None:
        first, second = store.run([Accept((envelope("m1"),)), Accept((envelope("m1"), envelope("m2")))])
        assert [[one.id for one in first], [one.id for one in second]] == [["m1"], ["m2"]]

    def test_an_id_is_accepted_once_whether_it_waits_or_was_applied_days_ago(self, store: Store) -> None:
        epoch = claim(store)
        (sequence,) = accept(store, "m1")
        assert accept(store, "m1") == ()
        do(store, turn(epoch, 1, applied=sequence))
        assert accept(store, "m1") == ()
        assert accept(store, "m1", at=NOON + 7 * DAY) == ()
        assert do(store, Count()).waiting == 0

    def test_accepting_nothing_is_allowed(self, store: Store) -> None:
        assert do(store, Accept(())) == ()

    def test_sequences_rise_in_the_order_of_acceptance_whatever_the_envelopes_say(self, store: Store) -> None:
        first = accept(store, "m1", "m2", at=NOON)
        second = accept(store, "m3", address=BEN, at=NOON - DAY)
        third = accept(store, "m2", "m4", "m5", at=NOON - DAY)
        assert (len(first), len(second), len(third)) == (2, 1, 2)
        assert list(first + second + third) == sorted(set(first + second + third))

    def test_a_sequence_is_never_given_again_even_when_every_trace_of_it_is_forgotten(self, store: Store) -> None:
        epoch = claim(store)
        (sequence,) = accept(store, "m1")
        do(store, turn(epoch, 1, applied=sequence))
        forget(store, NOON + 30 * DAY)
        assert do(store, History(ANNA)) == ()
        assert accept(store, "m2")[0] > sequence

    def test_a_commit_writes_snapshot_effects_payments_and_dead_letter_and_consumes_its_envelope(
        self, store: Store
    ) -> None:
        epoch = claim(store)
        first, second = accept(store, "m1", "m2")
        do(store, turn(epoch, 1, applied=first, owes=(owed("e1"), owed("e2", "ask"))))
        everything = turn(
            epoch,
            2,
            applied=second,
            snapshot=b"\x00\xff",
            settles=("e1",),
            owes=(owed("e3"),),
            payments=(payment("p1", "INTENT"), payment("p2", "SENT")),
            dead=letter("m2"),
        )
        assert do(store, everything) is Verdict.DONE
        assert do(store, Load(address=ANNA, limit=9)) == Loaded(
            Snapshot(2, second, b"\x00\xff"), (), (owed("e2", "ask"), owed("e3")), more=False
        )
        assert do(store, Payments(ANNA)) == (payment("p1", "INTENT"), payment("p2", "SENT"))
        assert do(store, Letters(9)) == (letter("m2"),)

    def test_a_commit_without_an_envelope_keeps_what_was_applied_last(self, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1))
        assert do(store, Load(address=ANNA, limit=1)).snapshot == Snapshot(1, 0, b"member:263770000001 at 1")
        (sequence,) = accept(store, "m1")
        store.run([turn(epoch, 2, applied=sequence), turn(epoch, 3)])
        assert do(store, Load(address=ANNA, limit=1)).snapshot == Snapshot(3, sequence, b"member:263770000001 at 3")

    @pytest.mark.parametrize("version", [0, 1, 2, 4])
    def test_a_commit_of_another_version_than_the_next_is_stale_and_leaves_nothing(
        self, store: Store, version: int
    ) -> None:
        epoch = claim(store)
        store.run([turn(epoch, 1, owes=(owed("e1"),)), turn(epoch, 2)])
        (sequence,) = accept(store, "m1")
        before = content(store)
        assert do(store, _loud(epoch, version, sequence)) is Verdict.STALE
        assert content(store) == before

    def test_a_commit_of_an_envelope_applied_before_is_refused_and_leaves_nothing(self, store: Store) -> None:
        epoch = claim(store)
        (sequence,) = accept(store, "m1")
        do(store, turn(epoch, 1, applied=sequence, owes=(owed("e1"),)))
        before = content(store)
        assert do(store, _loud(epoch, 2, sequence)) is Verdict.APPLIED
        assert content(store) == before

    def test_a_commit_of_an_envelope_is_stale_while_an_earlier_one_waits_and_leaves_nothing(self, store: Store) -> None:
        epoch = claim(store)
        first, second = accept(store, "m1", "m2")
        before = content(store)
        assert do(store, _loud(epoch, 1, second)) is Verdict.STALE
        assert content(store) == before
        batch = [turn(epoch, 1, applied=first), turn(epoch, 2, applied=second), turn(epoch, 3, applied=first)]
        assert store.run(batch) == [Verdict.DONE, Verdict.DONE, Verdict.APPLIED]

    def test_a_commit_repeated_after_doubt_is_stale_before_it_is_applied_and_fenced_before_both(
        self, store: Store
    ) -> None:
        epoch = claim(store)
        (sequence,) = accept(store, "m1")
        again = turn(epoch, 1, applied=sequence)
        assert store.run([again, again]) == [Verdict.DONE, Verdict.STALE]
        claim(store)
        assert do(store, again) is Verdict.FENCED

    def test_actors_of_one_partition_do_not_disturb_each_other(self, store: Store) -> None:
        next_door = neighbour(ANNA)
        epoch = claim(store)
        (mine,), (theirs,) = accept(store, "m1"), accept(store, "m2", address=next_door)
        do(store, turn(epoch, 1, applied=mine, owes=(owed("e1"),)))
        assert do(store, Load(address=next_door, limit=9)) == Loaded(
            None, (sequenced(envelope("m2", next_door), theirs),), (), more=False
        )
        assert do(store, turn(epoch, 1, next_door, applied=theirs)) is Verdict.DONE

    def test_effects_are_owed_in_the_order_of_their_commits(self, store: Store) -> None:
        epoch = claim(store)
        store.run([turn(epoch, 1, owes=(owed("e9"), owed("e1"))), turn(epoch, 2, owes=(owed("e5"),))])
        do(store, turn(epoch, 3, settles=("e9",), owes=(owed("e0"), owed("e2"))))
        assert [one.id for one in do(store, Load(address=ANNA, limit=0)).owed] == ["e1", "e5", "e0", "e2"]

    def test_settling_ends_an_effect_and_settling_twice_is_done_as_well(self, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1, owes=(owed("e1"), owed("e2"))))
        settle = Settle(
            partition=partition_of(ANNA),
            address=ANNA,
            epoch=epoch,
            effect="e1",
            delivery=delivery("d1", ours="e1", body=b"\xff said"),
            dead=letter("x"),
        )
        assert store.run([settle, settle]) == [Verdict.DONE, Verdict.DONE]
        assert do(store, Load(address=ANNA, limit=0)).owed == (owed("e2"),)
        assert do(store, Deliveries(("d1",))) == (delivery("d1", ours="e1", body=b"\xff said"),)
        assert do(store, Letters(9)) == (letter("x"),)

    def test_a_payment_moves_on_only_from_the_state_expected(self, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1, payments=(payment("p1", "INTENT"),)))

        def record(state: str, expects: str, id_: str = "p1") -> Record:
            return Record(
                partition=partition_of(ANNA),
                epoch=epoch,
                payment=payment(id_, state),
                expects=expects,
                audit=(audit(f"{id_} to {state}"),),
            )

        assert do(store, record("SENT", "INTENT")) is Verdict.DONE
        assert do(store, record("SENT", "INTENT")) is Verdict.STALE
        assert do(store, record("DONE", "SENT", "p2")) is Verdict.STALE
        assert do(store, record("DONE", "INTENT")) is Verdict.STALE
        assert do(store, Payments(ANNA)) == (payment("p1", "SENT"),)
        assert do(store, Trail(None, 9)) == (audit("p1 to SENT"),)

    def test_an_operator_moves_a_payment_on_from_the_state_expected_and_takes_no_partition(self, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1, payments=(payment("p1", "PARKED"), payment("p2", "SENT"))))

        def resolve(id_: str) -> Resolve:
            return Resolve(payment=payment(id_, "SETTLED"), expects="PARKED", audit=(audit(f"{id_} resolved"),))

        results = store.run([resolve("p1"), resolve("p1"), resolve("p2"), resolve("p3")])
        assert results == [Verdict.DONE, Verdict.STALE, Verdict.STALE, Verdict.STALE]
        assert do(store, Payments(ANNA)) == (payment("p1", "SETTLED"), payment("p2", "SENT"))
        assert do(store, Trail(ANNA, 9)) == (audit("p1 resolved"),)
        assert do(store, turn(epoch, 2)) is Verdict.DONE

    def test_the_trail_is_only_added_to_and_an_id_seen_before_is_not_written_again(self, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1, audit=(audit("a1"), audit("a1", at=NOON + DAY))))
        do(store, turn(epoch, 2, audit=(audit("a1", BEN), audit("a2"))))
        assert do(store, Trail(None, 9)) == (audit("a2"), audit("a1"))
        assert do(store, turn(epoch, 2, audit=(audit("a3"),))) is Verdict.STALE
        assert do(store, Trail(None, 9)) == (audit("a2"), audit("a1"))

    def test_payments_are_told_oldest_first_however_they_moved_on(self, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1, payments=(payment("p9", "INTENT"), payment("p1", "INTENT"))))
        do(store, turn(epoch, 2, payments=(payment("p5", "INTENT"), payment("p9", "SENT"))))
        assert [(one.id, one.state) for one in do(store, Payments(ANNA))] == [
            ("p9", "SENT"),
            ("p1", "INTENT"),
            ("p5", "INTENT"),
        ]
        assert do(store, Payments(BEN)) == ()


def _loud(epoch: int, version: int, sequence: int) -> Commit:
    """A commit that would be noticed everywhere."""
    return turn(
        epoch,
        version,
        applied=sequence,
        settles=("e1",),
        owes=(owed("e7"),),
        payments=(payment("p7", "INTENT"),),
        dead=letter("x7"),
        audit=(audit("a7"),),
    )
