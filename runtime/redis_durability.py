"""What the connected Redis really promises: read from what it says of itself, told in one sentence.

Hosted ones often forbid ``CONFIG``; ``INFO`` then tells half of it, and the sentence says what is not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass

OLDEST = (7, 0)
"""Scripts with flags, which say beforehand that they write, came with it."""

_WAITS_FROM = (7, 2)
"""``WAITAOF`` came with it."""

QUESTIONS = (
    ("CONFIG", "GET", "appendonly"),
    ("CONFIG", "GET", "appendfsync"),
    ("CONFIG", "GET", "maxmemory-policy"),
    ("INFO", "persistence"),
    ("INFO", "memory"),
)
"""What to ask it. Some may be refused: then the answer is no bytes and no list."""

_SYNCED = "what was answered survives a crash of Redis and a loss of power, not the loss of its disk"
_UNSYNCED = {
    "everysec": "what was answered survives a crash of Redis, but a loss of power takes up to two seconds of it",
    "no": "what was answered survives a crash of Redis, but a loss of power takes whatever was not yet on disk",
}


@dataclass(frozen=True, slots=True)
class Promise:
    """What it said. ``None`` is what could not be found out."""

    version: tuple[int, ...]
    aof: bool | None = None
    sync: str | None = None
    policy: str | None = None

    @property
    def waits(self) -> bool:
        """Whether ``WAITAOF`` tells when a write is on its disk."""
        return self.aof is True and self.version >= _WAITS_FROM

    @property
    def sentence(self) -> str:
        """For operators."""
        return f"Redis {'.'.join(map(str, self.version))}, {self._writing}{self._evicting}."

    @property
    def _writing(self) -> str:
        if self.aof is None:
            return "and it does not tell how it writes to disk: what survives is unknown"
        if not self.aof:
            return "append-only file off: what was answered since its last dump is lost whenever it ends"
        if self.waits:
            return f"append-only file, every answer waits until it is on disk: {_SYNCED}"
        if self.sync is None:
            return "append-only file, how often it is synced is unknown: what survives a loss of power is unknown"
        return f"append-only file, appendfsync={self.sync}: {_UNSYNCED.get(self.sync, _SYNCED)}"

    @property
    def _evicting(self) -> str:
        if self.policy in {None, "noeviction"}:
            return ""
        return f"; and with maxmemory-policy={self.policy} it may throw anything away when it is full"


def version_of(text: bytes) -> tuple[int, ...]:
    """``7.0.15`` as numbers."""
    return tuple(int(part) for part in text.decode().split(".") if part.isdigit())


def promise(version: tuple[int, ...], answers: list[object]) -> Promise:
    """From the answers to ``QUESTIONS``."""
    aof, sync, policy, *information = answers
    told: dict[str, str] = {}
    for text in information:
        told.update(_lines(text))
    return Promise(
        version,
        aof={"yes": True, "no": False, "1": True, "0": False}.get(_value(aof) or told.get("aof_enabled", "")),
        sync=_value(sync),
        policy=_value(policy) or told.get("maxmemory_policy"),
    )


def _value(answer: object) -> str | None:
    return answer[1].decode() if isinstance(answer, list) and len(answer) > 1 else None


def _lines(answer: object) -> Mapping[str, str]:
    lines = answer.decode().splitlines() if isinstance(answer, bytes) else ()
    return dict(line.split(":", 1) for line in lines if ":" in line)
