"""Some hundred worlds end well, and a world is the same however often and wherever it is played."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.__main__ import run_one
from tests.simulation.world import play

ROOT = Path(__file__).parents[2]


def simulate(*options: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command, unmeasured, since it plays the same code as everybody, only slower."""
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "tests.simulation", *options],
        env=unmeasured | more,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_two_hundred_worlds_end_well() -> None:
    done = simulate("--seeds", "200")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "200 seeds, 0 failed" in done.stdout


def test_the_same_seed_makes_the_same_world_whatever_the_hashes_of_the_process() -> None:
    seeds = range(5)
    here = [f"{seed} {play(seed).history.digest()}" for seed in seeds]
    assert [f"{seed} {play(seed).history.digest()}" for seed in seeds] == here
    for hashes in ("1", "2"):
        assert simulate("--digests", "--seeds", str(len(seeds)), PYTHONHASHSEED=hashes).stdout.splitlines() == here


def test_different_seeds_make_different_worlds() -> None:
    assert len({play(seed).history.digest() for seed in range(5)}) == 5


def test_a_world_tells_its_story(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_one(0)
    story = capsys.readouterr().out
    assert "Started" in story
    assert "Committed member:263" in story
    assert story.endswith("all is well\n")
