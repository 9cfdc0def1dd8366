"""Which store a URL names."""

from pathlib import Path

import pytest

from runtime.memory_store import MemoryStore
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
    ("url", "reason"),
    [
        ("redis://:hunter2@cache:6379/0", "does not support Redis yet"),
        ("rediss://cache", "does not support Redis yet"),
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
