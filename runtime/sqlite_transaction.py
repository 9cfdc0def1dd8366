"""One transaction on the tables of ``runtime.sqlite_schema``, as the functions that work on them see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

_NO_EPOCH = -1


class Cursor(Protocol):
    """As much of ``sqlite3.Cursor`` as is used here."""

    @property
    def rowcount(self) -> int: ...  # noqa: D102 - the standard library's
    @property
    def lastrowid(self) -> int | None: ...  # noqa: D102 - the standard library's
    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any: ...  # noqa: ANN401, D102 - as above
    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object: ...  # noqa: D102 - as above
    def fetchone(self) -> Any: ...  # noqa: ANN401, D102 - as above
    def fetchall(self) -> list[Any]: ...  # noqa: D102 - as above


@dataclass(slots=True)
class Transaction:
    """The cursor of one transaction, and what is known or put off within it.

    Epochs of all partitions are read once one of them was asked for. Effects that commits owe and settle, and timers
    they set, are put off to the end of a run of commits and then written by a statement of each kind, since few commits
    look at them: ``catch_up`` comes before anything does.
    """

    cursor: Cursor
    _epochs: dict[int, int] | None = None
    _settled: list[tuple[str]] = field(default_factory=list)
    _owed: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    _timers: dict[tuple[str, str], tuple[Any, ...]] = field(default_factory=dict)

    def fences(self, partition: int, epoch: int) -> bool:
        """Whether a write with this epoch is to be refused."""
        if self._epochs is None:
            self.cursor.execute("SELECT partition, epoch FROM owners")
            self._epochs = dict(self.cursor.fetchall())
        return epoch != self._epochs.get(partition, _NO_EPOCH)

    def claimed(self, partition: int, epoch: int) -> None:
        """From here on this epoch is the one."""
        if self._epochs is not None:
            self._epochs[partition] = epoch

    def settle(self, effect: str) -> None:
        """Put off: it is owed no more."""
        if effect in self._owed:
            self.catch_up()
        self._settled.append((effect,))

    def owe(self, effect: str, row: tuple[Any, ...]) -> None:
        """Put off: it is owed. What was settled before it goes before it."""
        if effect in self._owed:
            self.catch_up()
        self._owed[effect] = row

    def set_timer(self, whose: tuple[str, str], row: tuple[Any, ...]) -> None:
        """Put off: this timer of an actor, by its name, is set anew."""
        self._timers[whose] = row

    def clear_timer(self, whose: tuple[str, str]) -> None:
        """There is no such timer any more."""
        self._timers.pop(whose, None)
        self.cursor.execute("DELETE FROM timers WHERE address = ? AND name = ?", whose)

    def catch_up(self) -> None:
        """Write what was put off."""
        if self._timers:
            self.cursor.executemany(
                "INSERT INTO timers (address, name, partition, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (address, name) DO UPDATE SET at = excluded.at",
                self._timers.values(),
            )
            self._timers.clear()
        if self._settled:
            self.cursor.executemany("DELETE FROM owed WHERE id = ?", self._settled)
            self._settled.clear()
        if self._owed:
            self.cursor.executemany(
                "INSERT INTO owed (id, partition, address, lane, body) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET lane = excluded.lane, body = excluded.body",
                self._owed.values(),
            )
            self._owed.clear()
