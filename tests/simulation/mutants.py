"""``make mutants``: plants each fault of ``plants`` and sees that it is found, by whom, and how soon.

Faults in a store are shown to the contract of stores first; all others, and those it misses, to the simulation, which
plays seeds until a check says that something is wrong, for a minute at most. Seconds are the processor's, so that a
busy machine finds as much as an idle one.
"""

import os
import sys
import time
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.simulation.alone import played
from tests.simulation.checks import verdict
from tests.simulation.plants import PLANTS
from tests.simulation.plants_in_store import IN_STORE

_PATIENCE = 60.0
_MOST_SEEDS = 2000


@dataclass(frozen=True, slots=True)
class Found:
    """Who found a planted fault: ``seed`` is -1 for the contract; ``by`` is empty if nobody did."""

    name: str
    by: str
    seed: int
    seconds: float


def found_by_simulation(name: str, *, first: int = 0, seeds: int = _MOST_SEEDS, patience: float = _PATIENCE) -> Found:
    """Play seeds with the fault planted until one fails."""
    began = time.process_time()
    seed = first
    for seed in range(first, first + seeds):
        with PLANTS[name]():
            world = played(seed)
            wrong = [world] if isinstance(world, str) else verdict(world)
        if wrong:
            return Found(name, wrong[0].partition(":")[0], seed, time.process_time() - began)
        if time.process_time() - began > patience:
            break
    return Found(name, "", seed, time.process_time() - began)


def found_by_contract(name: str) -> Found:
    """Run the contract of stores on the memory store with the fault planted."""
    began = time.process_time()
    with PLANTS[name](), Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        kept = os.dup(1)
        os.dup2(nowhere.fileno(), 1)
        try:
            options = ["-q", "-x", "-p", "no:cacheprovider", "tests/contracts/test_stores.py", "-k", "TestMemoryStore"]
            failed = pytest.main(options) == pytest.ExitCode.TESTS_FAILED
        finally:
            os.dup2(kept, 1)
            os.close(kept)
    return Found(name, "the contract of stores" if failed else "", -1, time.process_time() - began)


def hunt(name: str) -> tuple[Found, ...]:
    """Both ways, as far as they apply."""
    sys.unraisablehook = lambda _: None  # a world that is ended in the middle leaves tasks behind, which complain
    simulated = found_by_simulation(name)
    return (simulated, found_by_contract(name)) if name in IN_STORE else (simulated,)


def main() -> int:
    """The command: a table, and failure if a fault was not found."""
    wanted = sys.argv[1:] or list(PLANTS)
    missed = 0
    with get_context("fork").Pool(min(2, os.cpu_count() or 1), maxtasksperchild=1) as pool:
        for hunts in pool.imap(hunt, wanted):
            missed += not any(found.by for found in hunts)
            for found in hunts:
                seed = "" if found.seed < 0 else str(found.seed)
                sys.stdout.write(f"{found.name:42} {found.by or 'NOT FOUND':44} {seed:>5} {found.seconds:6.1f} s\n")
                sys.stdout.flush()
    sys.stdout.write(f"{len(wanted)} planted, {len(wanted) - missed} found\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
