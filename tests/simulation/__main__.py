"""``make simulate SEEDS=n`` plays n worlds on two processes; ``make simulate SEED=n`` plays one and tells its story."""

import argparse
import gc
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context

from tests.simulation.alone import played
from tests.simulation.checks import verdict

_CHUNK = 10
_MOST_FAILING = 20
_PROGRESS = 1000


@dataclass(slots=True)
class Chunk:
    """What a few seeds came to: virtual seconds, and what was wrong by seed."""

    seeds: int = 0
    virtual: float = 0.0
    wrong: dict[int, list[str]] = field(default_factory=dict)


def run_chunk(seeds: range) -> Chunk:
    """Play these."""
    gc.set_threshold(50_000, 20, 100)
    chunk = Chunk(len(seeds))
    for seed in seeds:
        world = played(seed)
        if isinstance(world, str):
            chunk.wrong[seed] = [world]
            continue
        chunk.virtual += world.seconds
        wrong = verdict(world)
        if wrong:
            chunk.wrong[seed] = wrong
    return chunk


def chunks(first: int, count: int) -> Iterator[range]:
    """The seeds, a few at a time."""
    for start in range(first, first + count, _CHUNK):
        yield range(start, min(start + _CHUNK, first + count))


def run_many(first: int, count: int, processes: int) -> bool:
    """Play them all, or until too many failed. True if all is well."""
    began = time.monotonic()
    total = Chunk()
    with get_context("fork").Pool(processes) as pool:
        for chunk in pool.imap_unordered(run_chunk, chunks(first, count)):
            total.seeds += chunk.seeds
            total.virtual += chunk.virtual
            total.wrong |= chunk.wrong
            for seed, wrong in chunk.wrong.items():
                _tell(f"seed {seed}: {wrong[0][:300]}\n    make simulate SEED={seed}")
            if total.seeds % _PROGRESS == 0:
                _tell(f"{total.seeds} seeds, {len(total.wrong)} failed so far")
            if len(total.wrong) >= _MOST_FAILING:
                break
    seconds = time.monotonic() - began
    _tell(
        f"{total.seeds} seeds, {len(total.wrong)} failed, "
        f"{total.seeds / seconds:.1f} seeds/s on {processes} processes, "
        f"{total.virtual / 86400:.0f} days in {seconds:.0f} s: {total.virtual / seconds:,.0f} times real time"
    )
    return not total.wrong


def run_one(seed: int) -> bool:
    """Play one and tell everything."""
    world = played(seed, _tell)
    wrong = [world] if isinstance(world, str) else verdict(world)
    for line in wrong or ["all is well"]:
        _tell(line)
    return not wrong


def tell_digests(first: int, count: int) -> bool:
    """One line a seed, the same in every process and for ever, as long as nothing is changed."""
    for seed in range(first, first + count):
        world = played(seed)
        _tell(f"{seed} {world if isinstance(world, str) else world.history.digest()}")
    return True


def _tell(line: str) -> None:
    sys.stdout.write(line.encode("utf-8", "backslashreplace").decode() + "\n")
    sys.stdout.flush()


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many to play")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--seed", type=int, help="play this one and tell its story")
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--digests", action="store_true", help="only tell by digests what happened")
    given = parser.parse_args()
    if given.seed is not None:
        well = run_one(given.seed)
    elif given.digests:
        well = tell_digests(given.first, given.seeds)
    else:
        well = run_many(given.first, given.seeds, given.processes)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
