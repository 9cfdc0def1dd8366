"""Every store there is, empty."""

from pathlib import Path

import pytest

from runtime.memory_store import MemoryStore
from runtime.sqlite_store import SqliteStore
from runtime.store import Store
from tests.support.redis_server import RedisProcess


@pytest.fixture(params=["memory", "sqlite", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "memory":
        return MemoryStore()
    if request.param == "sqlite":
        return SqliteStore(tmp_path / "store.db")
    server: RedisProcess = request.getfixturevalue("redis_server")
    server.client().flushall()
    return server.store()
