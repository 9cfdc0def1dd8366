"""What is SQLite's own: the file, its damage, its locks, its versions, and processes that die."""

import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import runtime.sqlite_writes
from runtime.address import partition_of
from runtime.errors import StoreUnavailable
from runtime.sqlite_schema import STEPS
from runtime.sqlite_store import SqliteStore
from runtime.store import (
    Accept,
    Count,
    Deliveries,
    Forget,
    History,
    Load,
    Payments,
    Quarantine,
    Report,
    Snapshot,
    Trail,
    Verdict,
)
from tests.contracts.store_words import (
    ANNA,
    DAY,
    NOON,
    accept,
    audit,
    claim,
    content,
    delivery,
    do,
    envelope,
    letter,
    turn,
)

ROOT = Path(__file__).parent.parent.parent

WRITER = """
import sys
from pathlib import Path
from runtime.sqlite_store import SqliteStore
from runtime.store import Claim
from tests.contracts.store_words import ANNA, accept, do, owed, turn
from runtime.address import partition_of

store = SqliteStore(Path(sys.argv[1]))
store.open()
epoch = do(store, Claim(partition_of(ANNA), "writer"))
for version in range(1, 100_000):
    (sequence,) = accept(store, f"m{version}")
    settles = (f"e{version - 1}",)
    verdict = do(store, turn(epoch, version, applied=sequence, owes=(owed(f"e{version}"),), settles=settles))
    print(version, verdict.value, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vimbiso.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path, busy_seconds=0)
    store.open()
    yield store
    store.close()


def writer(path: Path) -> "subprocess.Popen[str]":
    """Another process that takes turns and tells each one it was promised."""
    command = [sys.executable, "-c", WRITER, str(path)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own program


@pytest.mark.parametrize("turns", [1, 60])
def test_a_process_killed_at_any_moment_loses_nothing_it_was_promised(path: Path, turns: int) -> None:
    with writer(path) as process:
        assert process.stdout is not None
        for _ in range(turns):
            told = process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        told = [told, *process.stdout.readlines()][-1]
    assert process.returncode == -signal.SIGKILL
    version, verdict = told.split()
    store = SqliteStore(path)
    store.open()
    loaded = do(store, Load(address=ANNA, limit=9))
    assert loaded.snapshot is not None
    reached = loaded.snapshot.version
    assert verdict == "done"
    assert reached in (int(version), int(version) + 1)
    assert [one.id for one in loaded.owed] == [f"e{reached}"]
    history = do(store, History(ANNA))
    assert [one.version for one in history if one.version] == list(range(1, reached + 1))
    assert [one.id for one in loaded.envelopes] == [one.id for one in history if one.version is None]
    store.close()


def test_a_second_process_fences_the_first(path: Path, store: SqliteStore) -> None:
    epoch = claim(store)
    do(store, turn(epoch, 1))
    with writer(path) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    assert do(store, turn(epoch, 2)) is Verdict.FENCED


def test_the_log_is_synced_at_each_commit(store: SqliteStore) -> None:
    connection = store._connection
    assert connection is not None
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_the_directory_is_made_and_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "var" / "store" / "vimbiso.db"
    store = SqliteStore(path)
    store.open()
    accept(store, "m1")
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["vimbiso.db", "vimbiso.db-shm", "vimbiso.db-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    store.close()
    assert [file.name for file in path.parent.iterdir()] == ["vimbiso.db"]


def test_a_directory_that_cannot_be_made_is_a_reason(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    with pytest.raises(StoreUnavailable, match=r"vimbiso\.db: (File exists|Not a directory)"):
        SqliteStore(tmp_path / "var" / "vimbiso.db").open()


def test_a_path_that_is_a_directory_is_a_reason(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="it cannot be opened"):
        SqliteStore(tmp_path).open()


def test_a_file_of_something_else_is_refused_and_left_alone(path: Path) -> None:
    path.write_bytes(b"GIF89a" + bytes(range(256)) * 40)
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match="it is not a database, or damaged"):
        SqliteStore(path).open()
    assert path.read_bytes() == before


def test_a_truncated_file_is_refused(path: Path, store: SqliteStore) -> None:
    accept(store, *(f"m{number}" for number in range(500)))
    store.close()
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(StoreUnavailable, match="it is damaged: restore it from a backup"):
        store.open()


def test_a_file_with_a_damaged_page_is_told_when_it_is_met(path: Path, store: SqliteStore) -> None:
    accept(store, *(f"m{number}" for number in range(500)))
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    with pytest.raises(StoreUnavailable, match="it is damaged: restore it from a backup"):
        _open_and_read(store)


def _open_and_read(store: SqliteStore) -> None:
    store.open()
    do(store, Load(address=ANNA, limit=1))


def test_a_file_of_a_newer_version_is_refused_and_left_alone(path: Path, store: SqliteStore) -> None:
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match=r"written by a newer version of this program \(tables 99, known 4\)"):
        SqliteStore(path).open()
    assert path.read_bytes() == before


def test_a_file_from_before_the_audit_trail_keeps_all_it_has_and_gets_a_trail(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        for statement in STEPS[1]:
            connection.execute(statement)
        connection.execute("INSERT INTO payments (id, address, state, body) VALUES ('p1', ?, 'SENT', x'00')", (ANNA,))
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    store = SqliteStore(path)
    store.open()
    epoch = claim(store)
    assert do(store, turn(epoch, 1, audit=(audit("a1"),))) is Verdict.DONE
    assert [one.id for one in do(store, Payments(ANNA))] == ["p1"]
    assert do(store, Trail(None, 9)) == (audit("a1"),)
    store.close()


def test_a_file_from_before_messages_were_kept_keeps_its_deliveries_and_takes_what_is_said(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        for step in (1, 2, 3):
            for statement in STEPS[step]:
                connection.execute(statement)
        connection.execute("INSERT INTO deliveries VALUES ('d1', 1, 'failed', 0, 'e1', 5)")
        connection.execute("PRAGMA user_version = 3")
    connection.close()
    store = SqliteStore(path)
    store.open()
    do(store, Report((delivery("d1", 0, body=b"said"), delivery("d2", body=b"said"))))
    [old, new] = do(store, Deliveries(("d1", "d2")))
    assert (old.ours, old.rank, old.body) == ("e1", 1, b"said")
    assert new == delivery("d2", body=b"said")
    store.close()


def test_a_database_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreUnavailable, match="holds tables of another program"):
        SqliteStore(path).open()
    assert path.read_bytes() == before


def test_a_locked_file_is_unavailable_until_the_lock_is_gone(path: Path, store: SqliteStore) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="another process keeps it locked"):
        accept(store, "m1")
    assert do(store, Count()).waiting == 0
    other.execute("ROLLBACK")
    other.close()
    assert accept(store, "m1") == (1,)


def test_a_full_disk_is_told_leaves_nothing_and_heals(store: SqliteStore) -> None:
    epoch = claim(store)
    before = content(store)
    assert store._connection is not None
    store._connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(StoreUnavailable, match="the disk is full"):
        store.run([turn(epoch, 1), turn(epoch, 2, snapshot=bytes(10_000_000))])
    assert content(store) == before
    assert do(store, turn(epoch, 1, snapshot=bytes(100_000))) is Verdict.DONE


def test_a_file_that_may_not_be_written_is_told(store: SqliteStore) -> None:
    assert store._connection is not None
    store._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreUnavailable, match="it may not be written to"):
        accept(store, "m1")


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_deleted_or_replaced_under_a_running_store_is_noticed(
    path: Path, store: SqliteStore, *, replaced: bool
) -> None:
    accept(store, "m1")
    path.rename(path.with_suffix(".old"))
    if replaced:
        path.touch()
    with pytest.raises(StoreUnavailable, match="moved, deleted or replaced"):
        accept(store, "m2")
    assert path.exists() == replaced
    path.with_suffix(".old").replace(path)
    assert [len(accept(store, "m1")), len(accept(store, "m2"))] == [0, 1]


def test_a_fault_of_this_program_stays_one_and_leaves_nothing(store: SqliteStore) -> None:
    epoch = claim(store)
    wrong = turn(epoch, 2, snapshot=object())
    with pytest.raises(sqlite3.ProgrammingError):
        store.run([turn(epoch, 1), wrong])
    assert do(store, Load(address=ANNA, limit=1)).snapshot is None
    assert do(store, turn(epoch, 1)) is Verdict.DONE


def test_the_log_stays_bounded_however_much_is_written(path: Path, store: SqliteStore) -> None:
    epoch = claim(store)
    for version in range(1, 61):
        do(store, turn(epoch, version, snapshot=bytes([version]) * 1_000_000))
    assert path.with_name(path.name + "-wal").stat().st_size < 40_000_000


def test_forgetting_goes_in_bounded_steps(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime.sqlite_writes, "FORGET_AT_ONCE", 2)
    epoch = claim(store)
    for version, sequence in enumerate(accept(store, "m1", "m2", "m3", "m4", "m5"), start=1):
        do(store, turn(epoch, version, applied=sequence))
    assert [do(store, Forget(NOON + DAY)) for _ in range(4)] == [2, 2, 1, 0]


def test_a_batch_that_only_reads_does_not_wait_for_a_writer(path: Path, store: SqliteStore) -> None:
    epoch = claim(store)
    do(store, turn(epoch, 1, snapshot=b"before"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE snapshots SET body = x'00'")
    assert do(store, Load(address=ANNA, limit=1)).snapshot == Snapshot(1, 0, b"before")
    other.execute("ROLLBACK")
    other.close()


def test_many_operations_of_many_kinds_share_one_transaction(store: SqliteStore) -> None:
    assert store._connection is not None
    statements: list[str] = []
    store._connection.set_trace_callback(statements.append)
    epoch = claim(store)
    statements.clear()
    store.run([Accept((envelope("m1"),)), turn(epoch, 1), Quarantine(letter("x")), Load(address=ANNA, limit=1)])
    assert [one for one in statements if one.split()[0] in ("BEGIN", "COMMIT")] == ["BEGIN IMMEDIATE", "COMMIT"]
    assert partition_of(ANNA) in range(64)
