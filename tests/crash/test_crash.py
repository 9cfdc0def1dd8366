"""A few rounds on each store, so that every test run kills for real; ``make crash`` does it two hundred times."""

import shutil
from pathlib import Path

import pytest

from tests.crash import __main__ as command
from tests.crash.__main__ import main, table
from tests.crash.conductor import Outcome, Plan, play
from tests.crash.test_verdict import WELL


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


@pytest.mark.parametrize("broken", [[], ["lost: m1"]], ids=["well", "broken"])
def test_the_folder_of_a_run_is_kept_if_a_promise_was_broken(
    broken: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    monkeypatch.setattr(command, "mkdtemp", lambda **_: str(folder))
    monkeypatch.setattr(command, "play", lambda plan, *_: Outcome(plan, WELL, {}, broken))
    assert main(["--rounds", "1", "--seed", "1"]) == bool(broken)
    assert folder.exists() is bool(broken)
    assert (str(folder) in capsys.readouterr().out) is bool(broken)
