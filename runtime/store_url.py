"""Which store a URL names.

``memory://``, ``sqlite:///relative/path``, ``sqlite:////absolute/path``, ``redis://user:password@host:port/database``;
``rediss://`` is the same through TLS. User, password, port and database may be left out; what is odd in a user or a
password is percent-encoded.
"""

from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from runtime.errors import RuntimeFault
from runtime.memory_store import MemoryStore
from runtime.redis_store import RedisServer, RedisStore
from runtime.sqlite_store import SqliteStore
from runtime.store import Store


class NoSuchStore(RuntimeFault):
    """The store's URL names nothing this version can use: whoever set it has to change it."""


def open_store(url: str) -> Store:
    """The store of this URL, not opened yet: its ``open`` belongs to the thread that will use it.

    Raises ``NoSuchStore``. The message never repeats the URL, which may hold a password.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:  # its words may quote the URL
        raise NoSuchStore("the store URL cannot be read: percent-encode what is odd in it") from error
    if parts.query or parts.fragment:
        raise NoSuchStore("a store URL takes no parameters")
    match parts.scheme:
        case "memory" if not parts.netloc + parts.path:
            return MemoryStore()
        case "memory":
            raise NoSuchStore("memory:// takes no path")
        case "sqlite":
            return SqliteStore(_path(parts.netloc, parts.path))
        case "redis" | "rediss":
            return RedisStore(_server(parts))
        case scheme:
            raise NoSuchStore(f"no store is called {scheme!r}: use sqlite:///path, redis://host:port or memory://")


def _path(host: str, path: str) -> Path:
    name = unquote(path.removeprefix("/"))
    if host or not name or name.endswith("/"):
        raise NoSuchStore("a SQLite URL names a file after three slashes: sqlite:///var/vimbiso.db")
    return Path(name)


def _server(parts: SplitResult) -> RedisServer:
    database = parts.path.removeprefix("/") or "0"
    try:
        port = 6379 if parts.port is None else parts.port
    except ValueError as error:
        raise NoSuchStore("the port of a Redis URL is a number up to 65535; percent-encode the password") from error
    if not parts.hostname or not port:
        raise NoSuchStore("a Redis URL names a host: redis://host:port/database")
    if not (database.isascii() and database.isdigit()):
        raise NoSuchStore("a Redis URL ends with the number of its database, or with the port: redis://host:port/0")
    return RedisServer(
        host=parts.hostname,
        port=port,
        database=int(database),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=parts.scheme == "rediss",
    )
