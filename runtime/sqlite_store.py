"""The store in one SQLite file: embedded, durable, one transaction and one sync to disk a batch.

A batch that writes takes the write lock at once (``BEGIN IMMEDIATE``), so whatever it reads stays true until it commits
and a second process on the same file waits, then finds its epoch outdated. ``synchronous=FULL`` in WAL mode syncs the
log at each commit: when ``run`` has returned, neither the process nor the machine can lose the batch.

Any failure rolls the batch back and drops the connection; the next batch opens the file anew, so a disk that has room
again or a lock that is gone needs no restart.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from runtime.errors import StoreUnavailable
from runtime.sqlite_reads import READS
from runtime.sqlite_schema import STEPS, VERSION
from runtime.sqlite_transaction import Transaction
from runtime.sqlite_writes import WRITES
from runtime.store import Commit, Operation

_APPLY = READS | WRITES

_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -32768",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA journal_size_limit = 67108864",
)

_REASONS = {
    sqlite3.SQLITE_BUSY: "another process keeps it locked",
    sqlite3.SQLITE_LOCKED: "another process keeps it locked",
    sqlite3.SQLITE_PROTOCOL: "another process keeps it locked",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it may not be written to: check its owner, its permissions and its directory's",
    sqlite3.SQLITE_PERM: "it may not be opened: check its owner, its permissions and its directory's",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check that its directory exists and may be written to",
    sqlite3.SQLITE_CORRUPT: "it is damaged: restore it from a backup",
    sqlite3.SQLITE_NOTADB: "it is not a database, or damaged: restore it from a backup",
    sqlite3.SQLITE_IOERR: "the disk failed to read or write",
    sqlite3.SQLITE_NOMEM: "there is not enough memory",
}


class SqliteStore:
    """A ``Store`` in the file ``path``, which is created with its directory when missing, for our own user only."""

    durability = (
        "SQLite, WAL, synchronous=FULL: what was answered survives a crash of the process and a loss of power, "
        "not the loss of the disk."
    )

    def __init__(self, path: Path, *, busy_seconds: float = 2.0) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    def __repr__(self) -> str:
        """Where it is."""
        return f"<SqliteStore {self._path} {'open' if self._file else 'closed'}>"

    def open(self) -> None:
        """Open the file, creating what is missing. Raises ``StoreUnavailable``, also for a newer version's file."""
        with self._all_or_unavailable():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if not self._path.exists():
                os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
            self._file = self._identity()
            self._connected()

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        """Apply in order, make durable together, answer each. Raises ``StoreUnavailable``."""
        begin = "BEGIN IMMEDIATE" if any(type(operation) in WRITES for operation in operations) else "BEGIN"
        with self._all_or_unavailable():
            cursor = self._connected().cursor()
            cursor.execute(begin)
            transaction, results = Transaction(cursor), []
            for operation in operations:
                if type(operation) is not Commit:
                    transaction.catch_up()
                results.append(_APPLY[type(operation)](transaction, operation))
            transaction.catch_up()
            cursor.execute("COMMIT")
        return results

    def close(self) -> None:
        """Move the log into the file and let go of it. Idempotent."""
        if self._connection is not None:
            with suppress(sqlite3.Error):  # the log is as durable as the file; the next open reads it
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._drop()
        self._file = None

    @contextmanager
    def _all_or_unavailable(self) -> Iterator[None]:
        """Whatever breaks inside drops the connection, and with it what was not committed.

        What the world did (disk, locks, permissions) becomes ``StoreUnavailable``; a fault of this program stays one.
        """
        done = False
        try:
            yield
            done = True
        except OSError as error:
            raise StoreUnavailable(f"{self._path}: {error.strerror}") from error
        except sqlite3.Error as error:
            reason = _REASONS.get(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF)
            if reason is None:
                raise
            raise StoreUnavailable(f"{self._path}: {reason}") from error
        finally:
            if not done:
                self._drop()

    def _drop(self) -> None:
        """Close the connection, whatever its condition; an open transaction is rolled back by that."""
        if self._connection is not None:
            with suppress(sqlite3.Error):  # it is given up anyway
                self._connection.close()
            self._connection = None

    def _connected(self) -> sqlite3.Connection:
        """The connection, made anew after a failure, and only ever to the very file that was opened.

        SQLite would go on writing to a file that was deleted, and would create an empty one in its place.
        """
        if self._file is None:
            raise StoreUnavailable(f"{self._path}: not open")
        if self._file != self._identity():
            raise StoreUnavailable(f"{self._path}: the file was moved, deleted or replaced while in use")
        if self._connection is None:
            self._connection = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=self._busy_seconds,
                isolation_level=None,
                check_same_thread=False,
            )
            self._prepare(self._connection)
        return self._connection

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._path)  # noqa: PTH116 - once a batch, and pathlib's costs twice as much
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def _prepare(self, connection: sqlite3.Connection) -> None:
        self._refuse_foreign(connection)
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise StoreUnavailable(f"{self._path}: this file system does not allow SQLite's write-ahead log")
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        if _version(connection) < VERSION:
            connection.execute("BEGIN IMMEDIATE")
            _migrate(connection)
            connection.execute("COMMIT")

    def _refuse_foreign(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN")
        version = _version(connection)
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone() != (0,)
        connection.execute("COMMIT")
        if version > VERSION:
            raise StoreUnavailable(
                f"{self._path}: written by a newer version of this program (tables {version}, known {VERSION})"
            )
        if version == 0 and tables:
            raise StoreUnavailable(f"{self._path}: holds tables of another program")


def _migrate(connection: sqlite3.Connection) -> None:
    """Inside a write transaction, so of several processes that find an old file one does it."""
    for step in range(_version(connection) + 1, VERSION + 1):
        for statement in STEPS[step]:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)
