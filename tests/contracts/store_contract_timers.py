"""What every store must do with timers: set them with a turn, tell the first of them, let each ring once."""

from dataclasses import replace
from datetime import timedelta

from runtime.envelope import Due
from runtime.store import Store, Verdict
from tests.contracts.store_words import ANNA, DAY, NOON, accept, claim, content, do, neighbour, ring, timers, turn

_SOON = NOON + timedelta(microseconds=1)


class TimersContract:
    """Setting, moving, clearing, ringing."""

    def test_a_turn_sets_moves_and_clears_timers_of_its_actor(self, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1, timers=(("a", NOON), ("b", NOON + DAY))))
        assert timers(store) == (ring("a"), ring("b", NOON + DAY))
        do(store, turn(epoch, 2, timers=(("a", NOON + 2 * DAY), ("b", None), ("c", None))))
        assert timers(store) == (ring("a", NOON + 2 * DAY),)
        do(store, turn(epoch, 3))
        assert timers(store) == (ring("a", NOON + 2 * DAY),)

    def test_of_one_name_the_last_word_of_a_turn_stands(self, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1, timers=(("a", NOON), ("a", None), ("a", _SOON))))
        do(store, turn(epoch, 2, timers=(("b", NOON), ("b", None))))
        assert timers(store) == (ring("a", _SOON),)

    def test_turns_of_one_batch_see_each_others_timers(self, store: Store) -> None:
        epoch = claim(store)
        commits = [
            turn(epoch, 1, timers=(("a", NOON), ("b", NOON))),
            turn(epoch, 2, due=Due("a", NOON), timers=(("b", None), ("c", NOON))),
            turn(epoch, 3, due=Due("a", NOON)),
            turn(epoch, 3, due=Due("c", NOON), timers=(("b", _SOON),)),
        ]
        assert store.run(commits) == [Verdict.DONE, Verdict.DONE, Verdict.APPLIED, Verdict.DONE]
        assert timers(store) == (ring("b", _SOON),)

    def test_the_first_of_a_partition_are_told_by_moment_actor_and_name(self, store: Store) -> None:
        other = neighbour(ANNA)
        epoch = claim(store)
        do(store, turn(epoch, 1, timers=(("b", NOON), ("a", NOON), ("z", _SOON))))
        do(store, turn(epoch, 1, other, timers=(("y", NOON - DAY), ("a", NOON))))
        first, second = sorted([ANNA, other])
        told = {ANNA: [ring("a"), ring("b")], other: [ring("a", NOON, other)]}
        assert timers(store, limit=4) == (ring("y", NOON - DAY, other), *told[first], *told[second])
        assert timers(store, limit=1) == (ring("y", NOON - DAY, other),)
        assert timers(store, limit=0) == ()

    def test_a_turn_about_a_timer_clears_it_or_sets_it_anew(self, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1, timers=(("a", NOON), ("b", NOON))))
        assert do(store, turn(epoch, 2, due=Due("a", NOON))) is Verdict.DONE
        assert do(store, turn(epoch, 3, due=Due("b", NOON), timers=(("b", NOON + DAY),))) is Verdict.DONE
        assert timers(store) == (ring("b", NOON + DAY),)

    def test_a_timer_rings_once(self, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1, timers=(("a", NOON),)))
        do(store, turn(epoch, 2, due=Due("a", NOON)))
        before = content(store)
        assert do(store, turn(epoch, 3, due=Due("a", NOON), timers=(("b", NOON),))) is Verdict.APPLIED
        assert content(store) == before

    def test_a_timer_cleared_or_moved_by_so_little_does_not_ring(self, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1, timers=(("a", NOON), ("b", NOON))))
        do(store, turn(epoch, 2, timers=(("a", None), ("b", _SOON))))
        before = content(store)
        for due in (Due("a", NOON), Due("b", NOON), Due("b", NOON - DAY), Due("never", NOON)):
            assert do(store, turn(epoch, 3, due=due)) is Verdict.APPLIED
        assert content(store) == before
        assert do(store, turn(epoch, 3, due=Due("b", _SOON))) is Verdict.DONE

    def test_a_timer_of_another_actor_is_not_ours(self, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1, neighbour(ANNA), timers=(("a", NOON),)))
        assert do(store, turn(epoch, 1, due=Due("a", NOON))) is Verdict.APPLIED
        do(store, turn(epoch, 1, timers=(("a", None),)))
        assert timers(store) == (ring("a", NOON, neighbour(ANNA)),)

    def test_a_refused_turn_sets_and_clears_nothing(self, store: Store) -> None:
        epoch = claim(store)
        (sequence,) = accept(store, "m1")
        do(store, turn(epoch, 1, applied=sequence, timers=(("a", NOON),)))
        before = content(store)
        wanted = turn(epoch, 2, due=Due("a", NOON), timers=(("b", NOON),))
        applied = replace(wanted, due=None, applied=sequence)
        for commit, verdict in (
            (replace(wanted, epoch=epoch - 1), Verdict.FENCED),
            (replace(wanted, version=1), Verdict.STALE),
            (replace(wanted, version=1, due=Due("no", NOON)), Verdict.STALE),
            (replace(wanted, version=3), Verdict.STALE),
            (applied, Verdict.APPLIED),
        ):
            assert do(store, commit) is verdict
        assert content(store) == before

    def test_a_first_turn_cannot_be_about_a_timer(self, store: Store) -> None:
        epoch = claim(store)
        before = content(store)
        assert do(store, turn(epoch, 1, due=Due("a", NOON))) is Verdict.APPLIED
        assert content(store) == before

    def test_timers_of_a_new_owner_are_those_of_the_old(self, store: Store) -> None:
        do(store, turn(claim(store), 1, timers=(("a", NOON),)))
        epoch = claim(store)
        assert timers(store) == (ring("a"),)
        assert do(store, turn(epoch, 2, due=Due("a", NOON))) is Verdict.DONE
