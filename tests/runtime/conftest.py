"""Redis servers for the tests beside: the session's, emptied, and such as may be killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.redis_store import RedisStore
from tests.support.redis_server import Begin, RedisProcess


@pytest.fixture
def server(redis_server: RedisProcess) -> RedisProcess:
    """The session's, empty."""
    redis_server.client().flushall()
    return redis_server


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
