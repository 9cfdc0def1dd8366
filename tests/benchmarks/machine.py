"""The machine: which cores there are for whom, and how long its disk takes to be sure."""

import os
import platform
import time
from pathlib import Path
from statistics import quantiles

_BLOCK = b"\0" * 4096


def cores() -> tuple[int, int] | None:
    """One core for what is measured, another for all else; ``None`` where there is no choice."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    ours = sorted(os.sched_getaffinity(0))
    return (ours[0], ours[1]) if len(ours) > 1 else None


def pin(core: int | None, process: int = 0) -> None:
    """Keep a process and the threads it will start on one core."""
    if core is not None:
        os.sched_setaffinity(process, {core})


def syncs(folder: Path, count: int = 200) -> tuple[float, float]:
    """Median and 99th percentile, in milliseconds, of writing 4 KB and waiting until the disk has it."""
    name = folder / "sync"
    took = []
    file = os.open(name, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        for _ in range(count):
            began = time.perf_counter()
            os.pwrite(file, _BLOCK, 0)
            os.fdatasync(file)
            took.append((time.perf_counter() - began) * 1000)
    finally:
        os.close(file)
        name.unlink()
    hundredths = quantiles(took, n=100)
    return hundredths[49], hundredths[98]


def described(folder: Path) -> str:
    """What the figures were taken on, in two lines."""
    median, slow = syncs(folder)
    load = ", ".join(f"{figure:.1f}" for figure in os.getloadavg())
    share = "one core for what is measured, one for load and mocks" if cores() else "nothing is pinned to a core"
    return (
        f"{platform.python_implementation()} {platform.python_version()} ({platform.python_compiler()}), "
        f"{os.cpu_count()} cores, {share}; load average {load}\n"
        f"fdatasync of 4 KB here: median {median:.2f} ms, 99th percentile {slow:.2f} ms"
    )
