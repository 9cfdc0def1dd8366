"""How long everything takes: the whole measurement, a quick look, or just enough to see that it runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Times in seconds. A round is cut off by its time, so nothing here runs without end."""

    rounds: int
    accept_seconds: float
    path_seconds: float
    offered_seconds: float
    offered: tuple[int, ...]
    """Messages a second, each rate measured by itself."""
    messages: int
    """At most so many in a round."""
    turns: int
    members: int
    calls: int
    store_seconds: float
    sleepers: int
    concurrency: tuple[int, ...]
    """Calls at once; the first is what the others are compared with."""


FULL = Size(
    rounds=5,
    accept_seconds=1.2,
    path_seconds=2.5,
    offered_seconds=5,
    offered=(100, 300),
    messages=8_000,
    turns=5_000,
    members=10_000,
    calls=1_500,
    store_seconds=1.5,
    sleepers=1_000,
    concurrency=(10, 50, 500),
)
QUICK = Size(
    rounds=3,
    accept_seconds=0.5,
    path_seconds=1.0,
    offered_seconds=1.5,
    offered=(100, 300),
    messages=4_000,
    turns=2_000,
    members=10_000,
    calls=600,
    store_seconds=0.4,
    sleepers=400,
    concurrency=(10, 50, 500),
)
TINY = Size(
    rounds=1,
    accept_seconds=0.1,
    path_seconds=0.2,
    offered_seconds=0.2,
    offered=(50,),
    messages=60,
    turns=100,
    members=100,
    calls=30,
    store_seconds=0.1,
    sleepers=20,
    concurrency=(2, 4),
)
