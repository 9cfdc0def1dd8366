"""What every benchmark is handed: how long to measure, where to write, who is outside, whether the peer is there."""

from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.outside import Outside
from tests.benchmarks.people import Crowd
from tests.benchmarks.size import Size

PEER_NEEDS = ("fastapi", "aiohttp", "uvicorn", "uvloop", "httptools")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """One run of the benchmarks. ``folder`` is on the disk whose syncs are paid for."""

    size: Size
    folder: Path
    outside: Outside
    peer: bool
    crowd: Crowd = field(default_factory=Crowd)

    def serving(self, name: str) -> tuple[str, ...]:
        """The arguments of a server that needs a store, credex-core and the Graph API."""
        store = str(self.folder / f"{name}.db")
        return ("--store", store, "--core", self.outside.core_url, "--graph", self.outside.graph_url)


def missing() -> tuple[str, ...]:
    """What the FastAPI program needs and this environment lacks."""
    return tuple(name for name in PEER_NEEDS if find_spec(name) is None)
