"""The Makefile's promises that need no network: it explains itself, and ``make diff`` takes any branch name."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Rudo"), ("EMAIL", "rudo@people.example"))
}


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run it there, with no make around it and nobody's git settings."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "GIT_"))}
    return subprocess.run(  # noqa: S603 - our own files
        command,
        cwd=folder,
        env=plain | IDENTITY | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def git(folder: Path, *arguments: str) -> None:
    done = run(folder, "git", *arguments)
    assert done.returncode == 0, done.stderr


def commit(folder: Path, file: str, text: str) -> None:
    (folder / file).write_text(text)
    git(folder, "add", file)
    git(folder, "commit", "--quiet", "--message", f"Write {file}")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Branches ``prod``, and ``dev`` and ``feature/sms`` that went on from it; ``prod`` went on too."""
    folder = tmp_path / "repository"
    (folder / "docker").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "docker" / "diff", folder / "docker")
    git(folder, "init", "--quiet", "--initial-branch", "prod")
    commit(folder, "first.txt", "one\n")
    for branch in ("dev", "feature/sms"):
        git(folder, "checkout", "--quiet", "-b", branch, "prod")
        commit(folder, f"{branch.replace('/', '-')}.txt", f"from {branch}\n")
    git(folder, "checkout", "--quiet", "prod")
    commit(folder, "later.txt", "two\n")
    return folder


def output(folder: Path) -> Path:
    return folder / "projects" / "diff_output.txt"


def test_make_alone_lists_what_it_can_do() -> None:
    done = run(ROOT, "make")
    assert done.returncode == 0, done.stderr
    listed = {line.split()[1] for line in done.stdout.splitlines()}
    assert listed >= {"install", "dev", "chat", "core", "test", "check", "bench", "lock", "diff", "prod"}
    assert listed >= {f"{mode}-{what}" for mode in ("dev", "prod") for what in ("build", "up", "down")}


@pytest.mark.parametrize("branch", ["dev", "feature/sms"])
def test_make_diff_writes_what_a_branch_brings_and_runs_no_goal_of_its_name(repository: Path, branch: str) -> None:
    done = run(repository, "make", "diff", branch, "prod")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [" 1 file changed, 1 insertion(+)", "written to projects/diff_output.txt"]
    written = output(repository).read_text()
    assert f"A\t{branch.replace('/', '-')}.txt" in written
    assert f"+from {branch}" in written
    assert "later.txt" not in written


def test_make_diff_finds_a_branch_that_only_origin_has(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(repository), str(clone))
    shutil.copytree(repository / "docker", clone / "docker")
    shutil.copy(repository / "Makefile", clone)
    git(repository, "checkout", "--quiet", "-b", "young", "dev")
    commit(repository, "young.txt", "pushed after the clone\n")
    done = run(clone, "make", "diff", "young", "prod")
    assert done.returncode == 0, done.stderr
    assert "pushed after the clone" in output(clone).read_text()


def test_make_diff_works_when_origin_does_not_answer(repository: Path) -> None:
    git(repository, "remote", "add", "origin", str(repository / "nowhere"))
    done = run(repository, "make", "diff", "dev", "prod")
    assert done.returncode == 0
    assert "origin does not answer" in done.stderr
    assert output(repository).exists()


def test_make_diff_of_a_branch_that_brings_nothing_writes_nothing(repository: Path) -> None:
    git(repository, "branch", "behind", "prod~1")
    done = run(repository, "make", "diff", "behind", "prod")
    assert done.returncode == 0, done.stderr
    assert "brings nothing" in done.stdout
    assert not output(repository).exists()


@pytest.mark.parametrize(
    ("branches", "says"),
    [
        ((), "usage: make diff <from> <to>"),
        (("dev",), "usage: make diff <from> <to>"),
        (("dev", "prod", "diff"), "usage: make diff <from> <to>"),
        (("dev", "main"), "no branch named main, here or at origin"),
    ],
)
def test_make_diff_says_what_it_lacks(repository: Path, branches: tuple[str, ...], says: str) -> None:
    done = run(repository, "make", "diff", *branches)
    assert done.returncode != 0
    assert says in done.stderr
    assert not output(repository).exists()


@pytest.mark.parametrize(
    ("python", "says"),
    [("no-such-python", "install Python 3.11 or newer"), ("./old-python", "./old-python is older than Python 3.11")],
)
def test_a_python_that_will_not_do_is_named_with_the_way_out(repository: Path, python: str, says: str) -> None:
    old = repository / "old-python"
    pretends = "import sys; sys.version_info = (3, 10, 4); exec(sys.argv[1])"
    old.write_text(f'#!/bin/sh\n[ "$1" = --version ] || exec {sys.executable} -c "{pretends}" "$2"\n')
    old.chmod(0o755)
    for needed in ("pyproject.toml", "requirements-dev.lock"):
        (repository / needed).touch()
    done = run(repository, "make", "install", f"PYTHON={python}")
    assert done.returncode != 0
    assert says in done.stderr
    assert not (repository / ".venv").exists()


def test_production_without_settings_says_what_to_do(repository: Path) -> None:
    done = run(repository, "make", "prod-up", "COMPOSE=false")
    assert done.returncode != 0
    assert "copy .env.example to .env" in done.stderr
