"""What is Redis's own: its moods, its end and return, data that vanishes, ids that expire."""

import re
import shutil
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest
import redis
import trio
import trustme

from runtime.address import partition_of
from runtime.committer import Committer
from runtime.errors import Fenced, StoreUnavailable
from runtime.redis_layout import keys, partition_of_delivery
from runtime.redis_store import RedisStore
from runtime.store import (
    Accept,
    Claim,
    Count,
    Deliveries,
    History,
    Letters,
    Load,
    Operation,
    Report,
    Seen,
    Settle,
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
    delivery,
    do,
    envelope,
    forget,
    owed,
    payment,
    turn,
)
from tests.support.redis_server import RedisProcess, free_port
from tests.support.scripted_redis import CLOSE, ScriptedRedis, config, hello


@pytest.fixture
def server(redis_server: RedisProcess) -> RedisProcess:
    """The session's, empty."""
    redis_server.client().flushall()
    return redis_server


class Begin(Protocol):
    """Starts one in the test's folder, which ends with the test."""

    def __call__(self, *options: str, tls: bool = False) -> RedisProcess: ...


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    begun: list[RedisProcess] = []

    def begin(*options: str, tls: bool = False) -> RedisProcess:
        folder = tmp_path / "redis"
        folder.mkdir(exist_ok=True)
        begun.append(RedisProcess(folder, *options, tls=tls))
        begun[-1].start()
        return begun[-1]

    yield begin
    for one in begun:
        one.end()


@pytest.fixture
def own_server(begin: Begin) -> RedisProcess:
    """One to be killed."""
    return begin()


@pytest.fixture
def store(server: RedisProcess) -> Iterator[RedisStore]:
    store = server.store()
    store.open()
    yield store
    store.close()


@pytest.fixture
def own_store(own_server: RedisProcess) -> Iterator[RedisStore]:
    store = own_server.store()
    store.open()
    yield store
    store.close()


def key(name: str, address: str = ANNA) -> str:
    return keys(partition_of(address))[0].replace("own", name)  # type: ignore[arg-type]  # an address


# --- What lies where --------------------------------------------------------------------------------------------------


def test_everything_lies_under_the_hash_tag_of_its_partition(server: RedisProcess, store: RedisStore) -> None:
    epoch = claim(store)
    (first, _) = accept(store, "m1", "m2")
    do(store, turn(epoch, 1, applied=first, owes=(owed("e1"),), payments=(payment("p1", "INTENT"),)))
    do(store, Report((delivery("d1"),)))
    mine, told = partition_of(ANNA), partition_of_delivery("d1")
    kept = {str(name, "ascii") for name in server.client().scan_iter(count=1000)}
    owns = {keys(number)[0] for number in range(64)}
    assert all(re.match(rf"vimbiso:{{p({mine}|{told})}}:", name) for name in kept - owns)
    assert owns < kept


def test_one_accept_may_hold_envelopes_of_many_partitions_and_keeps_their_order(store: RedisStore) -> None:
    people = [ANNA, BEN, ANNA, BEN, ANNA]
    envelopes = tuple(envelope(f"{address}{number}", address) for number, address in enumerate(people))
    accept(store, envelopes[2].id)
    new = do(store, Accept(envelopes))
    assert [one.id for one in new] == [envelopes[place].id for place in (0, 1, 3, 4)]
    assert [one.sequence for one in new] == sorted({one.sequence for one in new})


def test_sequences_of_an_actor_rise_whichever_process_accepts(server: RedisProcess, store: RedisStore) -> None:
    accept(store, "b1", "b2", "b3", address=BEN)
    other = server.store()
    other.open()
    (first,), (second,), (third,) = accept(store, "1"), accept(other, "2"), accept(store, "3")
    assert first < second < third
    other.close()


def test_a_node_of_a_cluster_is_enough_when_it_has_all_slots(begin: Begin) -> None:
    """Each script keeps to one hash tag, or a cluster would refuse it."""
    node = begin("--cluster-enabled", "yes", "--cluster-port", str(free_port()))
    client = node.client()
    client.cluster("addslotsrange", 0, 16383)
    while client.cluster("info")["cluster_state"] != "ok":
        time.sleep(0.01)  # it takes its time before it says so, and is never told to hurry
    store = node.store()
    store.open()
    epochs = claim(store), claim(store, BEN)
    envelopes = Accept((envelope("m1"), envelope("m2", BEN)))
    results = store.run([envelopes, turn(epochs[0], 1), turn(epochs[1], 1, BEN), Count(), Letters(9)])
    assert results[1:3] == [Verdict.DONE, Verdict.DONE]
    assert (results[3].actors, results[3].waiting) == (2, 2)
    store.close()


def test_what_was_settled_before_in_a_batch_is_seen_by_what_asks_for_deliveries(store: RedisStore) -> None:
    epoch = claim(store)
    do(store, turn(epoch, 1, owes=(owed("e1"), owed("e2"))))

    def settle(number: int) -> Settle:
        told = delivery(f"d{number}", ours=f"e{number}")
        return Settle(partition=partition_of(ANNA), epoch=epoch, effect=f"e{number}", delivery=told)

    results = store.run(
        [settle(1), Deliveries(("d1", "d2")), settle(2), Count(), Report((delivery("d2", 1),)), Deliveries(("d2",))]
    )
    assert results[1] == (delivery("d1", ours="e1"),)
    assert results[3].deliveries == 2
    assert results[5] == (delivery("d2", 1, ours="e2"),)


def test_a_load_of_many_envelopes_is_one_answer(store: RedisStore) -> None:
    accept(store, *(f"m{number}" for number in range(2500)))
    assert len(do(store, Load(address=ANNA, limit=1_000_000)).envelopes) == 2500


# --- Remembered ids ---------------------------------------------------------------------------------------------------


def test_ids_lie_in_buckets_that_expire_by_themselves_after_nobody_asks_any_more(
    server: RedisProcess, store: RedisStore
) -> None:
    accept(store, "m1", at=NOON)
    day = (NOON - datetime(1970, 1, 1, tzinfo=UTC)).days
    end = server.client().expiretime(f"{key('seen')}:{day}")
    assert NOON + 9 * DAY < datetime.fromtimestamp(end, UTC) < NOON + 11 * DAY


def test_an_envelope_with_an_old_moment_is_remembered_as_long_as_any(server: RedisProcess, store: RedisStore) -> None:
    accept(store, "m1", at=datetime(2001, 1, 1, tzinfo=UTC))
    (bucket,) = server.client().keys(f"{key('seen')}:*")
    assert server.client().ttl(bucket) > 9 * DAY.total_seconds()
    assert accept(store, "m1") == ()


def test_when_a_bucket_has_expired_its_ids_are_new_and_what_waited_is_still_applied(
    server: RedisProcess, store: RedisStore
) -> None:
    epoch = claim(store)
    applied, waiting = accept(store, "applied", "waiting", at=NOON - 30 * DAY)
    do(store, turn(epoch, 1, applied=applied))
    (bucket,) = server.client().keys(f"{key('seen')}:*")
    server.client().delete(bucket)  # as its time would
    assert len(accept(store, "applied", at=NOON)) == 1
    assert do(store, turn(epoch, 2, applied=waiting)) is Verdict.DONE
    assert Seen("waiting", waiting, 2) in do(store, History(ANNA))
    assert forget(store, NOON - 8 * DAY) == 1
    assert [seen.id for seen in do(store, History(ANNA))] == ["applied"]


def test_forgetting_a_day_twice_keeps_what_waits_and_costs_nothing(server: RedisProcess, store: RedisStore) -> None:
    accept(store, "m1", "m2", at=NOON - 30 * DAY)
    assert forget(store, NOON) == 0
    assert accept(store, "m1", "m2") == ()


# --- Failures ---------------------------------------------------------------------------------------------------------


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
    loaded = _once_it_has_loaded(own_store)
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


def _once_it_has_loaded(store: RedisStore) -> Any:  # noqa: ANN401 - a Loaded with a snapshot
    for _ in range(10_000):
        try:
            return do(store, Load(address=ANNA, limit=9))
        except StoreUnavailable:  # its connection was lost, then it reads its data
            continue
    raise AssertionError("it reads for ever")


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


# --- Data that vanished -----------------------------------------------------------------------------------------------


def test_nothing_is_accepted_into_data_that_was_flushed(server: RedisProcess, store: RedisStore) -> None:
    epoch = claim(store)
    server.client().flushall()
    operations: list[Operation[Any]] = [Accept((envelope("m1"),)), turn(epoch, 1), Load(address=ANNA, limit=1)]
    for operation in (*operations, Claim(0, "me")):
        with pytest.raises(Fenced, match="Redis lost, or was given other, data"):
            do(store, operation)
    assert server.client().keys() == []


def test_nothing_is_written_into_data_that_others_began_anew(server: RedisProcess, store: RedisStore) -> None:
    epoch = claim(store)
    server.client().flushall()
    other = server.store()
    other.open()
    assert claim(other) == epoch
    with pytest.raises(Fenced):
        do(store, turn(epoch, 1))
    with pytest.raises(Fenced):
        accept(store, "m1")
    other.close()
    store.open()
    assert do(store, turn(claim(store), 1)) is Verdict.DONE


@pytest.mark.parametrize("forgotten", ["an accept", "a turn", "a settlement"])
def test_nothing_is_written_into_data_that_went_back_even_by_one_write(
    own_server: RedisProcess, own_store: RedisStore, tmp_path: Path, forgotten: str
) -> None:
    epoch = claim(own_store)
    do(own_store, turn(epoch, 1, owes=(owed("e1"),)))
    own_server.end()
    shutil.copytree(tmp_path / "redis", tmp_path / "copy")
    own_server.start()
    operations: dict[str, Operation[Any]] = {
        "an accept": Accept((envelope("m1"),)),
        "a turn": turn(epoch, 2),
        "a settlement": Settle(partition=partition_of(ANNA), epoch=epoch, effect="e1"),
    }
    _once_it_has_loaded(own_store)
    do(own_store, operations[forgotten])
    own_server.end()
    own_server.restore(tmp_path / "copy")
    own_server.start()
    with pytest.raises(Fenced):
        _once_it_has_loaded(own_store)
    with pytest.raises(Fenced):
        do(own_store, turn(epoch, 2))
    again = own_server.store()
    again.open()
    assert do(again, Load(address=ANNA, limit=1)).snapshot.version == 1  # type: ignore[union-attr]  # there is one
    again.close()


async def test_data_that_vanished_stops_the_committer_and_nobody_is_told_that_it_is_stored(
    server: RedisProcess,
) -> None:
    committer = Committer(server.store())
    with pytest.RaisesGroup(Fenced):
        async with trio.open_nursery() as nursery:
            await nursery.start(committer.run)
            await committer.submit(Accept((envelope("m1"),)))
            server.client().flushall()
            with pytest.raises(StoreUnavailable):
                await committer.submit(Accept((envelope("m2"),)))


def test_data_of_a_newer_version_is_refused_and_left_alone(server: RedisProcess, store: RedisStore) -> None:
    store.close()
    server.client().hset(keys(7)[0], "layout", 99)
    with pytest.raises(StoreUnavailable, match=r"written by a newer version of this program \(layout 99, known 1\)"):
        store.open()
    assert server.client().hget(keys(7)[0], "layout") == b"99"


# --- What operators are told ------------------------------------------------------------------------------------------


def test_it_tells_what_the_connected_redis_promises(own_server: RedisProcess, own_store: RedisStore) -> None:
    assert "not the loss of its disk" in own_store.durability
    own_server.client().config_set("appendonly", "no")
    own_server.client().config_set("maxmemory-policy", "allkeys-lru")
    own_store.open()
    assert "append-only file off" in own_store.durability
    assert "maxmemory-policy=allkeys-lru" in own_store.durability


def test_where_config_is_forbidden_it_says_what_it_does_not_know(server: RedisProcess) -> None:
    server.client().acl_setuser(
        "bot", enabled=True, passwords=["+pw"], keys=["*"], commands=["+@all", "-config"], categories=["+@all"]
    )
    store = server.store(user="bot", password="pw")
    store.open()
    promised = store.durability
    store.close()
    server.client().acl_deluser("bot")
    assert "append-only file" in promised


# --- Answers of its worst days ----------------------------------------------------------------------------------------


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
