"""``python -m tests.crash --store sqlite|redis --rounds N --seed S``: kill, heal, judge.

Exit code 1 if a promise was broken, and then the folder of the run is kept; 2 if it cannot be run here.
"""

import argparse
import secrets
import shutil
import sys
import time
from pathlib import Path
from tempfile import mkdtemp

from tests.crash.conductor import Outcome, Plan, play


def main(arguments: list[str]) -> int:
    """Run and print; the exit code."""
    plan = _plan(arguments)
    if plan.store == "redis" and shutil.which("redis-server") is None:
        print("redis-server is not installed", file=sys.stderr)  # noqa: T201 - a command's output
        return 2
    began = time.monotonic()
    folder = Path(mkdtemp(prefix="vimbiso-crash-"))
    outcome = play(plan, folder, lambda line: print(line, flush=True))  # noqa: T201 - as above
    print(table(outcome, time.monotonic() - began))  # noqa: T201 - as above
    if outcome.broken:
        print(f"the store, the ledger and what the servers said: {folder}")  # noqa: T201 - as above
        return 1
    shutil.rmtree(folder)
    return 0


def table(outcome: Outcome, seconds: float) -> str:
    """Figures, violations, and how to do it again."""
    plan, broken = outcome.plan, outcome.broken
    rows = {**outcome.figures, "seconds": round(seconds), "violations": len(broken)}
    width = max(map(len, rows))
    again = f"python -m tests.crash --store {plan.store} --kill {plan.whom} --rounds {plan.rounds} --seed {plan.seed}"
    lines = [f"{what:<{width}}  {figure:>8}" for what, figure in rows.items()]
    more = [f"... and {len(broken) - 50} more"] if len(broken) > 50 else []
    return "\n".join(["", *lines, "", *broken[:50], *more, f"again: {again} --members {plan.members}"])


def _plan(arguments: list[str]) -> Plan:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--store", choices=("sqlite", "redis"), default="sqlite")
    parser.add_argument("--kill", choices=("server", "any"), default="server", help="any: Redis too, alone or together")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--members", type=int, default=24)
    parser.add_argument("--heal", type=float, default=300.0, help="seconds after the last kill, at most")
    parser.add_argument("--seed", type=int, default=None, help="random unless given; printed")
    given = parser.parse_args(arguments)
    return Plan(
        store=given.store,
        whom=given.kill,
        rounds=given.rounds,
        seed=secrets.randbelow(1_000_000) if given.seed is None else given.seed,
        members=given.members,
        heal_seconds=given.heal,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
