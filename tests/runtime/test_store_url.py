"""Which store a URL names."""

from pathlib import Path

import pytest

from runtime.memory_store import MemoryStore
from runtime.redis_store import RedisServer, RedisStore
from runtime.sqlite_store import SqliteStore
from runtime.store_url import NoSuchStore, open_store


def test_memory_is_memory() -> None:
    assert isinstance(open_store("memory://"), MemoryStore)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///var/vimbiso.db", Path("var/vimbiso.db")),
        ("sqlite:////srv/vimbiso.db", Path("/srv/vimbiso.db")),
        ("sqlite:///my%20store.db", Path("my store.db")),
    ],
)
def test_three_slashes_are_relative_and_four_absolute(url: str, path: Path) -> None:
    store = open_store(url)
    assert isinstance(store, SqliteStore)
    assert repr(store) == f"<SqliteStore {path} closed>"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("redis://cache", RedisServer(host="cache")),
        ("redis://cache:6380/3", RedisServer(host="cache", port=6380, database=3)),
        ("redis://[::1]:7000/", RedisServer(host="::1", port=7000)),
        ("redis://:s%40fe%2F@cache", RedisServer(host="cache", password="s@fe/")),
        ("redis://bot%3A1:pw@cache", RedisServer(host="cache", user="bot:1", password="pw")),
        ("rediss://cache", RedisServer(host="cache", tls=True)),
    ],
)
def test_a_redis_url_names_host_port_database_user_and_password(url: str, server: RedisServer) -> None:
    store = open_store(url)
    assert isinstance(store, RedisStore)
    assert store._server == server
    assert repr(store) == "<RedisStore closed>"
    assert "s@fe" not in repr(server)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("redis://", "names a host"),
        ("redis:///0", "names a host"),
        ("redis://cache:0", "names a host"),
        ("redis://:hunter2@cache:port", "the port of a Redis URL is a number"),
        ("redis://hunter2/more@cache:6379", "ends with the number of its database"),
        ("redis://:hunter2@cache/sessions", "ends with the number of its database"),
        ("redis://:hunter2@cache?db=1", "no parameters"),
        ("redis://:hunter2@[cache", "cannot be read"),
        ("unix:///run/redis.sock", "no store is called 'unix'"),
        ("postgres://db/vimbiso", "no store is called 'postgres'"),
        ("", "no store is called ''"),
        ("memory://somewhere", "takes no path"),
        ("sqlite://", "three slashes"),
        ("sqlite:///", "three slashes"),
        ("sqlite:///var/", "three slashes"),
        ("sqlite://var/vimbiso.db", "three slashes"),
        ("sqlite:///var/vimbiso.db?mode=ro", "no parameters"),
    ],
)
def test_other_urls_are_refused_with_a_reason_and_without_their_secrets(url: str, reason: str) -> None:
    with pytest.raises(NoSuchStore, match=reason) as caught:
        open_store(url)
    assert "hunter2" not in str(caught.value)
