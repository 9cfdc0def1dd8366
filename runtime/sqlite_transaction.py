"""One transaction on the tables of ``runtime.sqlite_schema``, as the functions that work on them see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
    """The cursor of one transaction, and the epochs of all partitions once one of them was asked for."""

    cursor: Cursor
    _epochs: dict[int, int] | None = None

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
