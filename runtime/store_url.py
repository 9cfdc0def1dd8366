"""Which store a URL names: ``memory://``, ``sqlite:///relative/path``, ``sqlite:////absolute/path``."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from runtime.errors import RuntimeFault
from runtime.memory_store import MemoryStore
from runtime.sqlite_store import SqliteStore
from runtime.store import Store


class NoSuchStore(RuntimeFault):
    """The store's URL names nothing this version can use: whoever set it has to change it."""


def open_store(url: str) -> Store:
    """The store of this URL, not opened yet: its ``open`` belongs to the thread that will use it.

    Raises ``NoSuchStore``. The message never repeats the URL, which may hold a password.
    """
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise NoSuchStore("a store URL takes no parameters")
    match parts.scheme:
        case "memory" if not parts.netloc + parts.path:
            return MemoryStore()
        case "memory":
            raise NoSuchStore("memory:// takes no path")
        case "sqlite":
            return SqliteStore(_path(parts.netloc, parts.path))
        case "redis" | "rediss" | "unix":
            raise NoSuchStore("this version does not support Redis yet: use sqlite:///path or memory://")
        case scheme:
            raise NoSuchStore(f"no store is called {scheme!r}: use sqlite:///path or memory://")


def _path(host: str, path: str) -> Path:
    name = unquote(path.removeprefix("/"))
    if host or not name or name.endswith("/"):
        raise NoSuchStore("a SQLite URL names a file after three slashes: sqlite:///var/vimbiso.db")
    return Path(name)
