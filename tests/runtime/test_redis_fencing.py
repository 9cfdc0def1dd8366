"""Data that vanishes, goes back or is another's is never written to: the process stops."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import trio

from runtime.address import partition_of
from runtime.committer import Committer
from runtime.errors import Fenced, StoreUnavailable
from runtime.redis_layout import own
from runtime.redis_store import RedisStore
from runtime.store import (
    Accept,
    Claim,
    Load,
    Operation,
    Settle,
    Verdict,
)
from tests.contracts.store_words import (
    ANNA,
    accept,
    claim,
    do,
    envelope,
    owed,
    turn,
)
from tests.support.redis_server import RedisProcess, once_it_has_loaded


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
        "a settlement": Settle(partition=partition_of(ANNA), address=ANNA, epoch=epoch, effect="e1"),
    }
    once_it_has_loaded(own_store)
    do(own_store, operations[forgotten])
    own_server.end()
    own_server.restore(tmp_path / "copy")
    own_server.start()
    with pytest.raises(Fenced):
        once_it_has_loaded(own_store)
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
    server.client().hset(own(7), "layout", 99)
    with pytest.raises(StoreUnavailable, match=r"written by a newer version of this program \(layout 99, known 1\)"):
        store.open()
    assert server.client().hget(own(7), "layout") == b"99"
