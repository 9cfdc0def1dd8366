"""A few planted faults, found by the seed that found them first; ``make mutants`` hunts for all of them."""

import pytest

from tests.simulation.checks import verdict
from tests.simulation.mutants import found_by_simulation
from tests.simulation.plants import PLANTS
from tests.simulation.plants_in_store import IN_STORE
from tests.simulation.world import play


@pytest.mark.parametrize(
    ("name", "seed", "check"),
    [
        ("200 before it is stored", 0, "answered_means_stored"),
        ("effects leave before their commit", 0, "nothing_leaves_before_its_commit"),
        ("a snapshot is not written", 0, "each_turn_begins_where_the_last_ended"),
        ("an id is accepted again", 0, "everything_sent_is_taken_once"),
        ("looks are lost at a load", 52, "nothing_is_left"),
        ("a timer is not cleared when it rings", 0, "timers_ring_once"),
        ("timers are lost at a start", 10, "timers_ring_once"),
        ("a change of identity is ignored", 0, "a_change_of_identity_holds_money"),
        ("a create is sent again", 8, "sent_once_and_after_it_is_recorded"),
        ("any code signs by text message", 111, "consent_is_given_on_the_current_screen"),
        ("the audit trail is not written", 0, "the_trail_tells_the_same"),
    ],
)
def test_a_planted_fault_is_found(name: str, seed: int, check: str) -> None:
    assert found_by_simulation(name, first=seed, seeds=40).by == check


def test_there_are_many_and_those_in_a_store_are_among_them() -> None:
    assert len(PLANTS) >= 30
    assert PLANTS.keys() >= IN_STORE.keys()


def test_a_fault_is_taken_out_again() -> None:
    assert found_by_simulation("an id is accepted again", seeds=1).by
    assert verdict(play(0)) == []
