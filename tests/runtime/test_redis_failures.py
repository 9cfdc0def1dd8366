"""Redis away, full, loading, locked, misled: each is a reason, and the next batch tries again."""

import ssl
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import redis
import trustme

from runtime.errors import StoreUnavailable
from runtime.redis_store import RedisStore
from runtime.store import (
    Accept,
    Claim,
    Count,
    History,
    Letters,
    Operation,
    Verdict,
)
from tests.contracts.store_words import (
    ANNA,
    BEN,
    DAY,
    NOON,
    accept,
    claim,
    content,
    do,
    envelope,
    forget,
    owed,
    turn,
)
from tests.support.redis_server import Begin, RedisProcess, once_it_has_loaded
from tests.support.scripted_redis import CLOSE, ScriptedRedis, config, hello


def test_nobody_listens(server: RedisProcess, own_server: RedisProcess) -> None:
    own_server.end()
    store = own_server.store(password="hunter2")
    with pytest.raises(StoreUnavailable, match=r"^Redis: no connection: Connection refused$"):
        store.open()
    assert store.durability == "Redis, not connected yet: what survives is unknown."


def test_a_redis_that_was_killed_has_all_it_answered_and_is_found_again(
    own_server: RedisProcess, own_store: RedisStore
) -> None:
    epoch = claim(own_store)
    answered: list[int] = []
    killer = threading.Timer(0.2, own_server.end)
    killer.start()
    with pytest.raises(StoreUnavailable, match=r"^Redis: (no connection: .*|the connection was lost)$"):
        _take_turns_for_ever(own_store, epoch, answered)
    killer.join()
    reached = len(answered)
    with pytest.raises(StoreUnavailable):
        do(own_store, Count())
    own_server.start()
    loaded = once_it_has_loaded(own_store)
    assert loaded.snapshot.version in (reached, reached + 1)
    assert [one.id for one in loaded.owed] == [f"e{loaded.snapshot.version}"]
    history = do(own_store, History(ANNA))
    assert [one.version for one in history if one.version] == list(range(1, loaded.snapshot.version + 1))
    assert do(own_store, turn(epoch, loaded.snapshot.version + 1)) is Verdict.DONE


def _take_turns_for_ever(store: RedisStore, epoch: int, answered: list[int]) -> None:
    for version in count(1):
        (sequence,) = accept(store, f"m{version}")
        done = turn(epoch, version, applied=sequence, owes=(owed(f"e{version}"),), settles=(f"e{version - 1}",))
        assert do(store, done) is Verdict.DONE
        answered.append(version)


def test_a_redis_that_still_reads_its_data_is_waited_for(begin: Begin) -> None:
    server = begin()
    store = server.store()
    store.open()
    accept(store, *(f"m{number}" for number in range(3000)))
    before = content(store)
    store.close()
    server.end()
    store = begin("--key-load-delay", "50").store()
    with pytest.raises(StoreUnavailable, match=r"^Redis: it is still reading its data from disk$"):
        store.open()
    for _ in range(100_000):
        try:
            store.open()
            break
        except StoreUnavailable:
            continue
    assert content(store) == before
    store.close()


def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one(own_server: RedisProcess) -> None:
    store = own_server.store(timeout_seconds=0.3)
    store.open()
    epoch = claim(store)
    own_server.freeze()
    with pytest.raises(StoreUnavailable, match=r"^Redis: it does not answer in time$"):
        do(store, turn(epoch, 1))
    own_server.thaw()
    store._timeout = 20
    assert do(store, Count()).actors == 1
    assert do(store, turn(epoch, 1)) is Verdict.STALE
    store.close()


def test_a_lost_connection_is_made_again_by_the_next_batch(server: RedisProcess, store: RedisStore) -> None:
    epoch = claim(store)
    server.client().client_kill_filter(_type="normal", skipme=True)
    with pytest.raises(StoreUnavailable, match=r"^Redis: "):
        do(store, turn(epoch, 1))
    assert do(store, turn(epoch, 1)) in {Verdict.DONE, Verdict.STALE}


def test_a_full_redis_takes_nothing_more_and_forgets_nothing(own_server: RedisProcess, own_store: RedisStore) -> None:
    epoch, other = claim(own_store), claim(own_store, BEN)
    (sequence,) = accept(own_store, "m1", at=NOON - 30 * DAY)
    do(own_store, turn(epoch, 1, applied=sequence))
    before = content(own_store)
    client = own_server.client()
    client.config_set("maxmemory", 1)
    refused: list[Operation[Any]] = [Accept((envelope("m2"),)), turn(epoch, 2), turn(other, 1, BEN), Count()]
    for batch in (refused[:1], refused[1:3], [*refused[3:], refused[1]]):
        with pytest.raises(StoreUnavailable, match=r"^Redis: it is full, and stores nothing more$"):
            own_store.run(batch)
    assert content(own_store) == before
    assert forget(own_store, NOON) == 1  # room can be made
    client.config_set("maxmemory", 0)
    assert do(own_store, turn(epoch, 2)) is Verdict.DONE


def test_a_replica_takes_no_writes_and_can_be_read(own_server: RedisProcess, own_store: RedisStore) -> None:
    epoch = claim(own_store)
    own_server.client().replicaof("127.0.0.1", "1")
    for _ in range(2):  # the first may find its connection closed by the change
        with pytest.raises(StoreUnavailable, match=r"^Redis: it is a replica, and takes no writes$"):
            do(own_store, turn(epoch, 1))
    assert do(own_store, Count()).actors == 0
    own_server.client().replicaof("NO", "ONE")
    assert do(own_store, turn(epoch, 1)) is Verdict.DONE


def test_scripts_that_were_flushed_are_loaded_again(server: RedisProcess, store: RedisStore) -> None:
    epoch, other = claim(store), claim(store, BEN)
    server.client().script_flush()
    assert do(store, turn(epoch, 1)) is Verdict.DONE
    server.client().script_flush()
    assert store.run([turn(epoch, 2), turn(other, 1, BEN), Count()])[:2] == [Verdict.DONE, Verdict.DONE]
    server.client().script_flush()
    assert do(store, Count()).actors == 2


@pytest.mark.parametrize("password", [None, "swordfish"])
def test_a_wrong_password_is_a_reason_without_it(own_server: RedisProcess, password: str | None) -> None:
    own_server.client().config_set("requirepass", "hunter2")
    with pytest.raises(StoreUnavailable, match=r"^Redis: it does not take this user and password$"):
        own_server.store(password=password).open()
    right = own_server.store(password="hunter2")
    right.open()
    assert accept(right, "m1")
    right.close()


def test_a_user_who_may_not_run_scripts_is_told_so(server: RedisProcess) -> None:
    server.client().acl_setuser("reader", enabled=True, passwords=["+pw"], keys=["*"], commands=["+hello", "+info"])
    with pytest.raises(StoreUnavailable, match=r"^Redis: this user may not run what the store needs$"):
        server.store(user="reader", password="pw").open()
    server.client().acl_deluser("reader")


def test_a_certificate_nobody_vouches_for_is_refused_and_one_that_is_trusted_taken(
    begin: Begin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"cert": "cert.pem", "key": "key.pem", "ca-cert": "ca.pem"}
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    options = [f"--tls-{kind}-file {tmp_path / name}" for kind, name in files.items()]
    words = [word for option in options for word in option.split(" ", 1)]
    store = begin(*words, "--tls-auth-clients", "no", tls=True).store(tls=True)
    with pytest.raises(StoreUnavailable, match=r"^Redis: its certificate is not trusted: "):
        store.open()
    monkeypatch.setenv(ssl.get_default_verify_paths().openssl_cafile_env, str(tmp_path / "ca.pem"))
    store.open()
    assert accept(store, "m1")
    store.close()


@pytest.fixture
def scripted() -> Iterator[Any]:
    begun: list[ScriptedRedis] = []

    def begin(answers: dict[bytes, bytes]) -> ScriptedRedis:
        begun.append(ScriptedRedis(answers))
        return begun[-1]

    yield begin
    for one in begun:
        one.end()


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({b"HELLO": hello("6.2.14")}, "older than 7.0, or none at all"),
        ({b"HELLO": b"-ERR unknown command `HELLO`\r\n"}, "older than 7.0, or none at all"),
        ({b"HELLO": b"HTTP/1.1 400 Bad Request\r\n\r\n"}, "what answers there is no Redis"),
        ({b"HELLO": b"-NOAUTH HELLO must be called with the client already authenticated\r\n"}, "user and password"),
        ({b"HELLO": b"-DENIED Redis is running in protected mode\r\n"}, "lets nobody in from outside"),
        ({b"SCRIPT": b"-LOADING Redis is loading the dataset in memory\r\n"}, "still reading its data"),
        (
            {b"EVAL": b"-MISCONF Errors writing to the AOF file: No space left on device\r\n"},
            "cannot write to its disk",
        ),
        ({b"EVAL": b"-CLUSTERDOWN The cluster is down\r\n"}, "its cluster does not serve all data"),
        ({b"EVAL": b"-MOVED 3999 127.0.0.1:6381\r\n"}, "has its data elsewhere"),
        ({b"EVAL": b"-MASTERDOWN Link with MASTER is down\r\n"}, "lost its master"),
        ({b"EVAL": b"-NOREPLICAS Not enough good replicas to write.\r\n"}, "too few replicas"),
        ({b"EVAL": b"-BUSY Redis is busy running a script.\r\n"}, "busy with another script"),
        ({b"EVAL": CLOSE}, "no connection: Connection reset by peer|the connection was lost"),
    ],
)
def test_what_keeps_it_from_opening_is_a_reason(scripted: Any, answers: dict[bytes, bytes], reason: str) -> None:  # noqa: ANN401
    store = scripted(answers).store()
    with pytest.raises(StoreUnavailable, match=reason) as caught:
        store.open()
    assert str(caught.value).startswith("Redis: ")
    assert "127.0.0.1" not in str(caught.value)
    with pytest.raises(StoreUnavailable, match="not open"):
        store.run([])


def test_a_database_that_is_not_there_is_a_reason(server: RedisProcess) -> None:
    with pytest.raises(StoreUnavailable, match=r"^Redis: it has no database of that number$"):
        server.store(database=99).open()


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({b"EVALSHA": CLOSE}, "no connection: Connection reset by peer|the connection was lost"),
        ({b"EVALSHA": b"-NOSCRIPT No matching script.\r\n"}, "it does not keep scripts"),
        ({b"EVALSHA": b"-MISCONF Errors writing to the AOF file\r\n"}, "cannot write to its disk"),
    ],
)
def test_what_keeps_a_batch_from_running_is_a_reason(scripted: Any, answers: dict[bytes, bytes], reason: str) -> None:  # noqa: ANN401
    store = scripted(answers).store()
    store.open()
    for operations in ([Letters(1)], [Letters(0)]):
        with pytest.raises(StoreUnavailable, match=reason):
            store.run(operations)


def test_where_redis_can_tell_a_batch_waits_until_it_is_on_disk(scripted: Any) -> None:  # noqa: ANN401
    modern = scripted(
        {b"HELLO": hello("7.2.5"), b"CONFIG": config("appendonly", "yes"), b"EVALSHA": b"*2\r\n:1\r\n*1\r\n:1\r\n"}
    )
    store = modern.store()
    store.open()
    assert do(store, Claim(0, "me")) == 1
    assert modern.asked.count(b"WAITAOF") == 1
    assert "every answer waits until it is on disk" in store.durability
    modern.answers[b"WAITAOF"] = b"*2\r\n:0\r\n:0\r\n"
    with pytest.raises(StoreUnavailable, match=r"^Redis: not on its disk in time$"):
        do(store, Claim(0, "me"))
    modern.answers[b"WAITAOF"] = b"-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.\r\n"
    with pytest.raises(StoreUnavailable, match=r"^Redis: its append-only file was turned off$"):
        do(store, Claim(0, "me"))
    store.close()


def test_scripts_that_come_and_go_while_a_batch_runs_are_doubt(scripted: Any) -> None:  # noqa: ANN401
    """Two calls of one batch, the first unknown and the second run: what was to come after did not."""
    unknown, done = b"-NOSCRIPT No matching script.\r\n", b"*2\r\n:1\r\n*1\r\n:1\r\n"
    odd = scripted({b"EXEC": b"*2\r\n" + unknown + done})
    store = odd.store()
    store.open()
    with pytest.raises(StoreUnavailable, match=r"^Redis: scripts came and went while a batch ran$"):
        store.run([Claim(0, "me"), Claim(1, "me")])
    store.close()


def test_an_error_of_a_script_is_a_fault_of_this_program(scripted: Any) -> None:  # noqa: ANN401
    faulty = scripted({b"EVALSHA": b"-ERR user_script:7: attempt to index a nil value\r\n"})
    store = faulty.store()
    store.open()
    with pytest.raises(redis.ResponseError, match="attempt to index"):
        do(store, Letters(0))
    store.close()


def test_after_a_failure_it_is_asked_again_what_it_promises(own_server: RedisProcess, own_store: RedisStore) -> None:
    own_server.client().config_set("appendfsync", "everysec")
    own_server.client().config_set("maxmemory", 1)
    with pytest.raises(StoreUnavailable):
        accept(own_store, "m1")
    own_server.client().config_set("maxmemory", 0)
    assert "appendfsync=always" in own_store.durability
    assert accept(own_store, "m1")
    assert "appendfsync=everysec" in own_store.durability
