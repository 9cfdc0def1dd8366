"""The circuit breaker: when it lets calls through, by an imagined clock."""

import pytest

from runtime.breaker import Admission, Breaker, BreakerState


def opened(*, at: float = 0) -> Breaker:
    """A breaker of three failures and ten seconds that has just opened."""
    breaker = Breaker(failures=3, seconds=10)
    for _ in range(3):
        assert breaker.admit(at)
        breaker.failed(at)
    return breaker


def test_it_stays_closed_as_long_as_failures_do_not_follow_one_another() -> None:
    breaker = Breaker(failures=3)
    for _ in range(10):
        breaker.failed(0)
        breaker.failed(0)
        breaker.succeeded()
    assert breaker.state(0) is BreakerState.CLOSED
    assert breaker.admit(0)


def test_it_opens_at_the_last_failure_allowed_and_admits_nobody() -> None:
    breaker = Breaker(failures=3, seconds=10)
    states = []
    for now in (0.0, 1.0, 2.0):
        breaker.failed(now)
        states.append(breaker.state(now))
    assert states == [BreakerState.CLOSED, BreakerState.CLOSED, BreakerState.OPEN]
    assert not breaker.admit(2)
    assert not breaker.admit(11.9)


def test_after_its_time_it_admits_one_probe_and_nobody_else() -> None:
    breaker = opened(at=5)
    assert breaker.state(14.9) is BreakerState.OPEN
    assert breaker.state(15) is BreakerState.HALF_OPEN
    assert [breaker.admit(15), breaker.admit(15), breaker.admit(100)] == [Admission.PROBE, None, None]


def test_a_probe_that_is_answered_closes_it_for_everybody() -> None:
    breaker = opened()
    assert breaker.admit(10)
    breaker.succeeded()
    assert breaker.state(10) is BreakerState.CLOSED
    assert breaker.admit(10)
    assert breaker.admit(10)


def test_after_closing_it_takes_as_many_failures_as_ever_to_open_again() -> None:
    breaker = opened()
    assert breaker.admit(10)
    breaker.succeeded()
    breaker.failed(10)
    breaker.failed(10)
    assert breaker.state(10) is BreakerState.CLOSED


def test_a_probe_that_fails_opens_it_for_the_whole_time_again() -> None:
    breaker = opened()
    assert breaker.admit(12)
    breaker.failed(13, Admission.PROBE)
    assert breaker.state(22.9) is BreakerState.OPEN
    assert not breaker.admit(22.9)
    assert breaker.admit(23)


def test_an_abandoned_probe_leaves_its_place_to_the_next_caller() -> None:
    breaker = opened()
    assert breaker.admit(10)
    breaker.abandoned(Admission.PROBE)
    assert breaker.state(10) is BreakerState.HALF_OPEN
    assert [breaker.admit(10), breaker.admit(10)] == [Admission.PROBE, None]


def test_a_call_from_before_it_opened_that_is_abandoned_makes_no_second_probe() -> None:
    breaker = opened()
    assert breaker.admit(10) is Admission.PROBE
    breaker.abandoned(Admission.CALL)
    assert breaker.admit(10) is None


def test_a_call_from_before_it_opened_that_fails_now_makes_no_second_probe() -> None:
    breaker = opened()
    assert breaker.admit(10) is Admission.PROBE
    breaker.failed(11, Admission.CALL)
    assert breaker.admit(12) is None
    assert breaker.admit(30) is None, "the probe is still out"
    breaker.succeeded()
    assert breaker.admit(30) is Admission.CALL


def test_asking_for_its_state_changes_nothing() -> None:
    breaker = opened()
    for _ in range(3):
        assert breaker.state(10) is BreakerState.HALF_OPEN
    assert breaker.admit(10)


@pytest.mark.parametrize(("failed", "shown"), [(0, "0/5"), (2, "2/5")])
def test_its_repr_says_how_near_it_is_to_opening(failed: int, shown: str) -> None:
    breaker = Breaker()
    for _ in range(failed):
        breaker.failed(0)
    assert repr(breaker) == f"<Breaker {shown} failed>"
