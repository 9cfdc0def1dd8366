"""Every store passes the store contract and agrees with the model."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from runtime.memory_store import MemoryStore
from runtime.sqlite_store import SqliteStore
from runtime.store import Store
from tests.contracts.store_contract import DurableStoreContract, StoreContract
from tests.contracts.store_machine import TO_MEET, Met, machine
from tests.contracts.store_words import Place
from tests.support.redis_server import RedisProcess

_EXAMPLES = settings(max_examples=30, stateful_step_count=20, deadline=None, derandomize=True, print_blob=True)


class MemoryPlace:
    """The object is the place."""

    def __init__(self) -> None:
        self._store = MemoryStore()

    def store(self) -> Store:
        return self._store


class SqlitePlace:
    """A file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def store(self) -> Store:
        return SqliteStore(self._path, busy_seconds=20)


class RedisPlace:
    """A server, emptied."""

    def __init__(self, server: RedisProcess) -> None:
        self._server = server
        server.client().flushdb()

    def store(self) -> Store:
        return self._server.store()


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def place(self) -> Place:
        return MemoryPlace()


class TestSqliteStore(DurableStoreContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Place:
        return SqlitePlace(tmp_path / "vimbiso.db")


class TestRedisStore(DurableStoreContract):
    @pytest.fixture
    def place(self, redis_server: RedisProcess) -> Place:
        return RedisPlace(redis_server)


def test_the_memory_store_agrees_with_the_model() -> None:
    met: Met = set()
    run_state_machine_as_test(machine(MemoryPlace, met), settings=_EXAMPLES)
    assert met >= TO_MEET


def test_the_sqlite_store_agrees_with_the_model(tmp_path: Path) -> None:
    met: Met = set()
    paths: Iterator[Any] = (tmp_path / f"{number}.db" for number in count())
    run_state_machine_as_test(machine(lambda: SqlitePlace(next(paths)), met), settings=_EXAMPLES)
    assert met >= TO_MEET


def test_the_redis_store_agrees_with_the_model(redis_server: RedisProcess) -> None:
    met: Met = set()
    run_state_machine_as_test(machine(lambda: RedisPlace(redis_server), met), settings=_EXAMPLES)
    assert met >= TO_MEET
