"""A few rounds on each store, so that every test run kills for real; ``make crash`` does it two hundred times."""

import shutil
from pathlib import Path

import pytest

from tests.crash.__main__ import table
from tests.crash.conductor import Plan, play


@pytest.mark.parametrize(("store", "whom"), [("sqlite", "server"), ("redis", "any")])
def test_kills_at_random_instants_lose_nothing_and_repeat_nothing(store: str, whom: str, tmp_path: Path) -> None:
    if store == "redis" and shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed; `make test` gets it where it can")
    plan = Plan(store=store, whom=whom, rounds=3, seed=3, members=8, longest=0.8, heal_seconds=4)
    told: list[str] = []
    outcome = play(plan, tmp_path, told.append)
    assert outcome.broken == [], table(outcome, 0)
    assert outcome.facts.sent
    assert outcome.facts.references
    assert told[-1].startswith("3 of 3 kills, ")
    assert f"again: python -m tests.crash --store {store} --kill {whom} --rounds 3 --seed 3" in table(outcome, 1)
