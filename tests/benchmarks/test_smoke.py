"""The benchmarks run. What they measure is nobody's test."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """All of them, as small as they get, in one go: starting the programs takes longest."""
    command = [sys.executable, "-m", "tests.benchmarks", "--tiny", "--without-peer"]
    folder = tmp_path_factory.mktemp("benchmarks")
    done = subprocess.run(  # noqa: S603 - our own program
        [*command, "--folder", str(folder)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert list(folder.iterdir()) == [], "nothing is left behind"
    return done.stdout


@pytest.mark.parametrize(
    "row",
    [
        "webhook accepted",
        "bare framework",
        "commits, SQLite",
        "mail accepted among these commits, SQLite",
        "a dormant member woken, SQLite",
        "turn that does nothing",
        "memory of a live idle actor",
        "memory of a dormant member",
        "whole path, credex-core at once",
        "whole path, credex-core after 100 ms",
        "messages/s offered: until the first call",
        "others beside one who crashes and one who floods: p99",
        "call out",
    ],
)
def test_every_benchmark_runs_and_prints_its_rows(printed: str, row: str) -> None:
    lines = [line for line in printed.splitlines() if row in line]
    assert lines, printed
    figure = re.split(" {2,}", lines[0])[1]
    assert re.search("[1-9]", figure), lines[0]


def test_without_the_fastapi_program_a_remark_says_so(printed: str) -> None:
    assert "Nothing stands beside the whole path" in printed
    assert "FastAPI and aiohttp" not in printed


def test_the_machine_is_described(printed: str) -> None:
    first, second = printed.splitlines()[:2]
    assert f"Python {sys.version_info.major}.{sys.version_info.minor}" in first
    assert "cores" in first
    assert "fdatasync" in second
