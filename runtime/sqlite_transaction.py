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


@dataclass(frozen=True, slots=True)
class Transaction:
    """The cursor of one transaction and the epochs it has read."""

    cursor: Cursor
    epochs: dict[int, int] = field(default_factory=dict)

    def fences(self, partition: int, epoch: int) -> bool:
        """Whether a write with this epoch is to be refused."""
        known = self.epochs.get(partition)
        if known is None:
            self.cursor.execute("SELECT epoch FROM owners WHERE partition = ?", (partition,))
            row = self.cursor.fetchone()
            known = self.epochs[partition] = row[0] if row else _NO_EPOCH
        return epoch != known
