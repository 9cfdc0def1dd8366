"""What every store must do for operators who deal with dead letters."""

from runtime.store import Accept, Count, Discard, Letters, Quarantine, Store, Verdict
from tests.contracts.store_words import ANNA, BEN, accept, claim, do, envelope, letter, turn


class LettersContract:
    """Discarding, and accepting again."""

    def test_a_dead_letter_is_discarded_once_and_the_others_stay(self, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1, dead=letter("1")))
        do(store, turn(epoch, 2, dead=letter("2")))
        assert not do(store, Discard("9", ANNA))
        assert not do(store, Discard("1", BEN))
        assert [do(store, Discard("1", ANNA)), do(store, Discard("1", ANNA))] == [True, False]
        assert do(store, Letters(9)) == (letter("2"),)
        assert do(store, Count()).dead == 1

    def test_discarding_fences_nobody(self, store: Store) -> None:
        epoch = claim(store)
        do(store, turn(epoch, 1, dead=letter("1")))
        do(store, Discard("1", ANNA))
        assert do(store, turn(epoch, 2)) is Verdict.DONE

    def test_a_letter_that_was_discarded_may_come_again(self, store: Store) -> None:
        for _ in range(2):
            do(store, Quarantine(letter("1")))
            assert do(store, Letters(9)) == (letter("1"),)
            assert do(store, Discard("1", ANNA))
            assert do(store, Letters(9)) == ()

    def test_accepting_again_and_discarding_in_one_batch_leaves_mail_in_place_of_the_letter(self, store: Store) -> None:
        epoch = claim(store)
        (sequence,) = accept(store, "m1")
        do(store, turn(epoch, 1, applied=sequence, dead=letter("m1")))
        again = Accept((envelope("m1~replay1"),))
        first, gone, second, missing = store.run([again, Discard("m1", ANNA), again, Discard("m1", ANNA)])
        assert ([one.id for one in first], gone, second, missing) == (["m1~replay1"], True, (), False)
        assert do(store, Count()).dead == 0
