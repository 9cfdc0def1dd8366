"""``python -m tests.benchmarks``: measure, print the table. ``--quick`` takes less than a minute."""

import argparse
import asyncio  # noqa: TID251 - load and mocks cost least as callbacks, and are not what is measured
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import accepting, isolation, machine, memory, outbound, people, stores, turns, whole_path
from tests.benchmarks.lab import Lab, missing
from tests.benchmarks.outside import Outside, answer
from tests.benchmarks.size import FULL, QUICK, TINY, Size
from tests.benchmarks.table import Findings, table

BENCHMARKS: dict[str, Callable[[Lab], Awaitable[Findings]]] = {
    "accepts": accepting.benchmark,
    "stores": stores.benchmark,
    "turns": turns.benchmark,
    "memory": memory.benchmark,
    "path": whole_path.benchmark,
    "isolation": isolation.benchmark,
    "outbound": outbound.benchmark,
}
_SIZES: dict[str, Size] = {"full": FULL, "quick": QUICK, "tiny": TINY}


async def _measured(names: list[str], size: Size, folder: Path, core_answer: bytes, *, peer: bool) -> list[Findings]:
    outside = Outside(answer(core_answer))
    await outside.open()
    lab = Lab(size=size, folder=folder, outside=outside, peer=peer)
    found = []
    for name in names:
        sys.stderr.write(f"measuring: {name}\n")
        found.append(await BENCHMARKS[name](lab))
    outside.close()
    return found


def main(arguments: list[str]) -> None:
    """Measure what is asked for and print it."""
    given = _given(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    lacking = ("left out by --without-peer",) if given.without_peer else missing()
    print(machine.described(given.folder), end="\n\n")  # noqa: T201 - a command's output
    cores, core_answer = machine.cores(), people.core_says()
    machine.pin(cores[1] if cores else None)
    with TemporaryDirectory(dir=given.folder) as folder, asyncio.Runner(loop_factory=_loop()) as runner:
        work = _measured(given.only, _SIZES[given.size], Path(folder), core_answer, peer=not lacking)
        found = runner.run(work)
    if lacking:
        found.append(
            Findings((), (f"Nothing stands beside the whole path: no FastAPI program ({', '.join(lacking)}).",))
        )
    print(table(found))  # noqa: T201 - a command's output


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    return import_module("uvloop").new_event_loop if find_spec("uvloop") else None


def _given(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure what a message costs.")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", dest="size", action="store_const", const="quick", help="less than a minute")
    size.add_argument("--tiny", dest="size", action="store_const", const="tiny", help="only see that it runs")
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, default=list(BENCHMARKS))
    parser.add_argument("--without-peer", action="store_true", help="leave the FastAPI program out")
    parser.add_argument("--folder", type=Path, default=Path("var"), help="on the disk to measure (default: var)")
    parser.set_defaults(size="full")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
