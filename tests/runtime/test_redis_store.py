"""What is Redis's own: where things lie, ids that expire, what operators are told."""

import re
import time
from datetime import UTC, datetime

import pytest

from runtime.address import Address, partition_of
from runtime.redis_layout import own, partition_of_delivery
from runtime.redis_store import RedisStore
from runtime.store import (
    Accept,
    Count,
    Deliveries,
    History,
    Letters,
    Load,
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
    delivery,
    do,
    envelope,
    forget,
    owed,
    payment,
    turn,
)
from tests.support.redis_server import Begin, RedisProcess, free_port


def key(name: str, address: str = ANNA) -> str:
    return own(partition_of(Address(address))).replace("own", name)


def test_everything_lies_under_the_hash_tag_of_its_partition(server: RedisProcess, store: RedisStore) -> None:
    epoch = claim(store)
    (first, _) = accept(store, "m1", "m2")
    do(store, turn(epoch, 1, applied=first, owes=(owed("e1"),), payments=(payment("p1", "INTENT"),)))
    do(store, Report((delivery("d1"),)))
    mine, told = partition_of(ANNA), partition_of_delivery("d1")
    kept = {str(name, "ascii") for name in server.client().scan_iter(count=1000)}
    owns = {own(number) for number in range(64)}
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
    for _ in range(2000):
        if client.cluster("info")["cluster_state"] == "ok":
            break
        time.sleep(0.01)  # it takes its time before it says so, and is never told to hurry
    else:
        pytest.fail("the node never took its slots for served")
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
        return Settle(partition=partition_of(ANNA), address=ANNA, epoch=epoch, effect=f"e{number}", delivery=told)

    results = store.run(
        [settle(1), Deliveries(("d1", "d2")), settle(2), Count(), Report((delivery("d2", 1),)), Deliveries(("d2",))]
    )
    assert results[1] == (delivery("d1", ours="e1"),)
    assert results[3].deliveries == 2
    assert results[5] == (delivery("d2", 1, ours="e2"),)


def test_a_load_of_many_envelopes_is_one_answer(store: RedisStore) -> None:
    accept(store, *(f"m{number}" for number in range(2500)))
    assert len(do(store, Load(address=ANNA, limit=1_000_000)).envelopes) == 2500


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


def test_an_id_that_outlived_its_bucket_is_remembered_again_for_a_time_and_not_for_ever(
    server: RedisProcess, store: RedisStore
) -> None:
    epoch = claim(store)
    (sequence,) = accept(store, "m1", at=NOON - 30 * DAY)
    (bucket,) = server.client().keys(f"{key('seen')}:*")
    server.client().delete(bucket)  # as its time would
    assert forget(store, NOON) == 0
    assert do(store, turn(epoch, 1, applied=sequence)) is Verdict.DONE
    assert server.client().ttl(bucket) > 9 * DAY.total_seconds()
    assert accept(store, "m1") == ()
    assert forget(store, NOON) == 1
    assert server.client().keys(f"{key('seen')}*") == []


def test_what_is_done_with_leaves_its_snapshot_behind_and_its_ids_until_they_are_forgotten(
    server: RedisProcess, store: RedisStore
) -> None:
    epoch = claim(store)
    for version in range(1, 51):
        (sequence,) = accept(store, f"m{version}")
        do(store, turn(epoch, version, applied=sequence, owes=(owed(f"e{version}"),)))
        told = delivery(f"d{version}")
        do(store, Settle(partition=partition_of(ANNA), address=ANNA, epoch=epoch, effect=f"e{version}", delivery=told))
    assert forget(store, NOON + 9 * DAY) == 100
    left = {str(name, "ascii") for name in server.client().scan_iter(count=1000)}
    assert left - {own(number) for number in range(64)} == {key("actors")}
    assert server.client().hlen(key("actors")) == 2


def test_forgetting_a_day_twice_keeps_what_waits_and_costs_nothing(server: RedisProcess, store: RedisStore) -> None:
    accept(store, "m1", "m2", at=NOON - 30 * DAY)
    assert forget(store, NOON) == 0
    assert accept(store, "m1", "m2") == ()


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
