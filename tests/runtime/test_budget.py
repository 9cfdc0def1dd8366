"""The rate budget, by an imagined clock: how many, who first, and until when nobody."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as some

from runtime.budget import Budget, Ticket

MONEY, LOOK, LOGIN = 0, 1, 3


def asked(budget: Budget, now: float, *, priority: int = LOGIN, until: float = inf) -> Ticket:
    ticket = budget.ask(priority, until, now)
    assert ticket is not None
    return ticket


def full(calls: int = 3) -> Budget:
    """A budget that is used up at second 0."""
    budget = Budget(calls=calls, period=60)
    assert all(asked(budget, 0).admitted for _ in range(calls))
    return budget


def served(budget: Budget, until: float) -> list[tuple[float, Ticket]]:
    """Who is let go when, as its callers would find out."""
    found: list[tuple[float, Ticket]] = []
    now = 0.0
    while budget.statistics(now).waiting and (now := max(now, budget.next_at(now))) <= until:
        found += [(now, ticket) for ticket in budget.admit(now)]
    return found


def test_without_a_rate_everybody_is_let_go_at_once() -> None:
    budget = Budget()
    assert all(asked(budget, 0).admitted for _ in range(1000))


def test_no_more_than_the_rate_leaves_in_any_period() -> None:
    budget = full(3)
    late = asked(budget, 1)
    assert not late.admitted
    assert budget.admit(59.9) == []
    assert budget.admit(60) == [late]
    assert late.admitted


@given(some.lists(some.floats(0, 200), min_size=1, max_size=60), some.integers(1, 8))
def test_whenever_calls_are_asked_for_no_window_sees_more_than_the_rate(moments: list[float], calls: int) -> None:
    budget = Budget(calls=calls, period=60)
    left: list[float] = []
    for now in sorted(moments):
        left += [at for at, _ in served(budget, now)]
        if asked(budget, now).admitted:
            left.append(now)
    left += [at for at, _ in served(budget, inf)]
    assert len(left) == len(moments)
    for first, last in zip(left, left[calls:], strict=False):
        assert last - first >= 60 - 1e-6


def test_the_urgent_go_first_and_within_an_urgency_those_who_came_first() -> None:
    budget = full(3)
    login, look, money, again = (asked(budget, 1, priority=one) for one in (LOGIN, LOOK, MONEY, MONEY))
    assert budget.admit(60) == [money, again, look]
    assert budget.admit(120) == [login]


def test_every_fourth_place_goes_to_whoever_has_waited_longest() -> None:
    budget = full(1)
    login = asked(budget, 1)
    for second in range(10):
        asked(budget, 2 + second, priority=MONEY)
    order = [ticket for _, ticket in served(budget, inf)]
    assert order.index(login) == 3


def test_a_call_whose_turn_cannot_come_in_time_is_refused_at_once() -> None:
    budget = full(3)
    assert budget.ask(MONEY, 59, 1) is None
    for _ in range(3):
        asked(budget, 1, until=60)
    assert budget.ask(LOGIN, 119, 1) is None
    assert budget.ask(MONEY, 61, 1), "the urgent are not behind them"
    assert budget.statistics(1).refused == 2


def test_a_wish_for_quiet_holds_everybody_back() -> None:
    budget = Budget()
    budget.hold_back(30, now=10)
    money, login = asked(budget, 11, priority=MONEY), asked(budget, 11)
    assert not money.admitted
    assert not login.admitted
    assert budget.admit(39.9) == []
    assert budget.admit(40) == [money]
    assert budget.statistics(15).blocked_seconds == 25


def test_of_two_wishes_the_longer_stands() -> None:
    budget = Budget()
    budget.hold_back(30, now=0)
    budget.hold_back(5, now=1)
    assert budget.next_at(1) == 30


def test_an_absurd_wish_is_cut_short() -> None:
    budget = Budget(longest_quiet=300)
    budget.hold_back(999_999, now=0)
    assert budget.next_at(0) == 300


@pytest.mark.parametrize("quiet", [True, False], ids=["after a wish for quiet", "after an outage"])
def test_those_who_waited_come_back_twice_as_many_each_second(quiet: bool) -> None:  # noqa: FBT001
    budget = Budget()
    if quiet:
        budget.hold_back(10, now=0)
    else:
        budget.resume(10)
    waiting = [asked(budget, 5) for _ in range(40)]
    moments = [at for at, _ in served(budget, inf)]
    assert [moments.count(at) for at in (10, 11, 12, 13, 14, 15)] == [1, 2, 4, 8, 16, 9]
    assert all(ticket.admitted for ticket in waiting)


def test_a_ramp_is_over_after_seven_seconds() -> None:
    budget = Budget()
    budget.resume(0)
    assert all(asked(budget, 7).admitted for _ in range(1000))


def test_who_gives_up_leaves_the_queue_to_the_others() -> None:
    budget = full(1)
    gone, next_one = asked(budget, 1), asked(budget, 2)
    budget.withdraw(gone)
    budget.withdraw(gone)
    assert budget.admit(60) == [next_one]
    assert repr(budget) == "<Budget 1 calls, 0 waiting>"


def test_its_figures_tell_who_waits() -> None:
    budget = full(2)
    asked(budget, 1, priority=MONEY)
    asked(budget, 1)
    asked(budget, 1)
    figures = budget.statistics(2)
    assert (figures.recent, dict(figures.waiting), figures.held_back) == (2, {MONEY: 1, LOGIN: 2}, 3)
    assert (figures.blocked_seconds, figures.refused, figures.wishes) == (0, 0, 0)
    assert budget.statistics(70).recent == 0
