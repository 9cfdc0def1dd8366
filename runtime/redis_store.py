"""The store in Redis: one connection, one round trip a batch, and scripts that alone touch the data.

A batch becomes one script call for each partition it touches (``runtime.redis_batch``), all sent at once; the answers
come back together. Only deliveries of settled effects follow in a second round trip: they lie in other partitions.
Where Redis can say when a write is on its disk (``WAITAOF``), the batch waits for that. On any failure the connection
is dropped, because an answer that comes late must not be taken for another one's; the next batch connects anew.

What Redis holds may change behind our back: flushed, restored from a dump, or failed over to a replica that had not
heard everything. A partition's data has a name and a counter that only rises, and every call brings both: what does not
know them refuses to be read or written, and ``run`` raises ``Fenced``. Memory is then worth nothing, and the process
ends; the next start recovers from what Redis has.

Reasons never tell where Redis is: a URL with a mistake in it may hold its password where the host should be.
"""

import secrets
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.connection import Connection, SSLConnection
from redis.retry import Retry

from runtime.address import PARTITIONS
from runtime.errors import Fenced, StoreUnavailable
from runtime.redis_batch import Batch, packed
from runtime.redis_durability import OLDEST, QUESTIONS, Promise, promise, version_of
from runtime.redis_layout import BEGIN, LAYOUT, Script, keys
from runtime.redis_reads import READS
from runtime.redis_writes import WRITES, delivery_of, parts
from runtime.store import Operation, Report, Verdict

_APPLY = READS | WRITES

_REASONS: dict[type[Exception], str] = {
    redis.AuthenticationError: "it does not take this user and password",
    redis.BusyLoadingError: "it is still reading its data from disk",
    redis.TimeoutError: "it does not answer in time",
    redis.InvalidResponse: "what answers there is no Redis",
    redis.exceptions.NoPermissionError: "this user may not run what the store needs",
    redis.OutOfMemoryError: "it is full, and stores nothing more",
    redis.ReadOnlyError: "it is a replica, and takes no writes",
    redis.exceptions.MasterDownError: "it is a replica that has lost its master",
    redis.exceptions.ClusterError: "its cluster does not serve all data",
    redis.exceptions.ClusterDownError: "its cluster does not serve all data",
    redis.exceptions.AskError: "it is a node of a cluster that has its data elsewhere",
    redis.exceptions.NoScriptError: "it does not keep scripts",
}
_WORDS = {
    "MISCONF": "it cannot write to its disk",
    "NOREPLICAS": "it has too few replicas to take writes",
    "BUSY": "it is busy with another script",
    "UNBLOCKED": "it has just become a replica",
    "DENIED": "it is in protected mode, and lets nobody in from outside",
    "DB": "it has no database of that number",
    "WAITAOF": "its append-only file was turned off",
}
"""Answers the client library has no class for, by their first word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisServer:
    """Where a Redis is and how to get in."""

    host: str
    port: int = 6379
    database: int = 0
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    tls: bool = False


@dataclass(slots=True)
class _Partition:
    """What is known of one: its data's name, and the highest count it told."""

    born: str
    count: int


class RedisStore:
    """A ``Store`` in a Redis of 7.0 or newer. ``timeout_seconds`` bounds connecting, and each wait for an answer."""

    def __init__(self, server: RedisServer, *, timeout_seconds: float = 5.0) -> None:
        self._server = server
        self._timeout = timeout_seconds
        self._connection: Connection | None = None
        self._promise: Promise | None = None
        self._partitions: list[_Partition] = []
        self._highest = 0
        self._in_cluster = False

    def __repr__(self) -> str:
        """Whether it is open."""
        return f"<RedisStore {'open' if self._partitions else 'closed'}>"

    @property
    def durability(self) -> str:
        """In one sentence for operators: what the Redis connected last says of itself."""
        return self._promise.sentence if self._promise else "Redis, not connected yet: what survives is unknown."

    def open(self) -> None:
        """Connect, and name the data if it is new. Raises ``StoreUnavailable``, also for a newer version's data."""
        self.close()
        with self._whole_or_dropped():
            name = secrets.token_hex(8)
            begin = [packed("EVAL", BEGIN, 1, keys(number)[0], name, LAYOUT) for number in range(PARTITIONS)]
            answers = self._ask(self._connected(), begin)
            newest = max(layout for layout, _, _ in answers)
            if newest > LAYOUT:
                raise StoreUnavailable(
                    f"Redis: written by a newer version of this program (layout {newest}, known {LAYOUT})"
                )
            self._partitions = [_Partition(born.decode(), count) for _, born, count in answers]
            self._highest = max(partition.count for partition in self._partitions)

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        """Apply in order, make durable together, answer each.

        Raises ``StoreUnavailable``, or ``Fenced`` when Redis does not hold what it held any more.
        """
        if not self._partitions:
            raise StoreUnavailable("Redis: not open")
        results: list[Any] = []
        with self._whole_or_dropped():
            for part in parts(operations):
                results += self._run(part)
        return results

    def close(self) -> None:
        """Let go of it. Idempotent."""
        self._drop()
        self._partitions = []
        self._highest = 0

    def _run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        batch = Batch(self._highest)
        answers = [_APPLY[type(operation)](batch, operation) for operation in operations]
        self._send(batch)
        results = [answer() for answer in answers]
        done = zip(operations, results, strict=True)
        deliveries = [one for operation, verdict in done if verdict is Verdict.DONE and (one := delivery_of(operation))]
        if deliveries:
            batch = Batch(self._highest)
            WRITES[Report](batch, Report(tuple(deliveries)))
            self._send(batch)
        return results

    def _send(self, batch: Batch) -> None:
        calls = batch.calls
        if not calls:
            return
        connection = self._connected()
        known = [self._partitions[call.partition] for call in calls]
        commands = [call.packed(one.born, one.count) for call, one in zip(calls, known, strict=True)]
        writes = any(call.script is Script.WRITE for call in calls)
        answers = self._ask(connection, commands, on_disk=writes)
        for call, partition, answer in zip(calls, known, answers, strict=True):
            if answer is None:
                raise Fenced("Redis lost, or was given other, data while this process was using it")
            partition.count, call.answers = answer
            self._highest = max(self._highest, partition.count)

    def _ask(self, connection: Connection, commands: list[bytes], *, on_disk: bool = False) -> list[Any]:
        """Send them at once and take every answer; the first that is an error is raised."""
        wait = self._wait_for_disk() if on_disk else []
        answers = self._answers(connection, commands, wait, whole=on_disk)
        known = next((place for place, answer in enumerate(answers) if _is_unknown(answer)), None)
        if known is not None:
            # Redis forgets scripts when told to. From the first one it did not know on, nothing may have been done.
            if not all(map(_is_unknown, answers[known : len(commands)])):
                raise StoreUnavailable("Redis: scripts came and went while a batch ran")
            self._load_scripts(connection)
            answers = answers[:known] + self._answers(connection, commands[known:], wait, whole=on_disk)
        for answer in answers:
            if isinstance(answer, redis.ResponseError):
                raise answer
        if wait and answers.pop()[0] < 1:
            raise StoreUnavailable("Redis: not on its disk in time")
        return answers

    def _answers(self, connection: Connection, commands: list[bytes], wait: list[bytes], *, whole: bool) -> list[Any]:
        """One for each. A transaction makes one write to disk of a batch, however many reads of the socket it took.

        A cluster's transactions are for one hash tag alone, so there is none then; and none to read, since a full Redis
        takes no transactions.
        """
        if not whole or len(commands) < 2 or self._in_cluster:  # noqa: PLR2004 - one is whole by itself
            return _exchange(connection, commands + wait)
        answers = _exchange(connection, [packed("MULTI"), *commands, packed("EXEC"), *wait])
        end = len(commands) + 1
        for answer in answers[:end]:
            if isinstance(answer, redis.ResponseError):  # while queueing: then nothing of it was done
                raise answer
        together = answers[end]
        return [*(together if isinstance(together, list) else [together]), *answers[end + 1 :]]

    def _wait_for_disk(self) -> list[bytes]:
        if self._promise is None or not self._promise.waits:
            return []
        return [packed("WAITAOF", 1, 0, int(self._timeout * 800))]  # sooner than we stop listening

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = connection = _connection(self._server, self._timeout)
            connection.connect()  # type: ignore[no-untyped-call]  # the library's gap
            self._promise = promise(
                self._greet(connection), _exchange(connection, [packed(*words) for words in QUESTIONS])
            )
            self._load_scripts(connection)
        return self._connection

    def _greet(self, connection: Connection) -> tuple[int, ...]:
        (hello,) = _exchange(connection, [packed("HELLO")])
        if isinstance(hello, redis.ResponseError) and _reason(hello):
            raise hello
        told = dict(zip(hello[::2], hello[1::2], strict=True)) if isinstance(hello, list) else {}
        version = version_of(told.get(b"version", b""))
        if version < OLDEST:
            raise StoreUnavailable(f"Redis: older than {'.'.join(map(str, OLDEST))}, or none at all")
        self._in_cluster = told.get(b"mode") == b"cluster"
        return version

    def _load_scripts(self, connection: Connection) -> None:
        self._ask(connection, [packed("SCRIPT", "LOAD", script.text) for script in Script])

    @contextmanager
    def _whole_or_dropped(self) -> Iterator[None]:
        """Whatever breaks inside drops the connection. What Redis or the network did becomes ``StoreUnavailable``."""
        done = False
        try:
            yield
            done = True
        except redis.RedisError as error:
            reason = _reason(error)
            if reason is None:
                raise
            raise StoreUnavailable(f"Redis: {reason}") from error
        finally:
            if not done:
                self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.disconnect()  # type: ignore[no-untyped-call]  # the library's gap
            self._connection = None


def _connection(server: RedisServer, timeout: float) -> Connection:
    kind = SSLConnection if server.tls else Connection
    return kind(
        host=server.host,
        port=server.port,
        db=server.database,
        username=server.user,
        password=server.password,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )


def _exchange(connection: Connection, commands: list[bytes]) -> list[Any]:
    connection.send_packed_command([b"".join(commands)], check_health=False)  # type: ignore[no-untyped-call]  # the library's gap
    return [_answer(connection) for _ in commands]


def _answer(connection: Connection) -> Any:  # noqa: ANN401 - of any script
    try:
        return connection.read_response(disable_decoding=True)
    except redis.ResponseError as error:
        return error


def _is_unknown(answer: object) -> bool:
    return isinstance(answer, redis.exceptions.NoScriptError)


def _reason(error: redis.RedisError) -> str | None:
    """In plain words; ``None`` for what only a fault of this program can have brought about."""
    for kind, reason in _REASONS.items():
        if isinstance(error, kind):
            return reason
    if isinstance(error, redis.ConnectionError):
        cause = error.__context__
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted: {cause.verify_message}"
        return (
            f"no connection: {cause.strerror}"
            if isinstance(cause, OSError) and cause.strerror
            else "the connection was lost"
        )
    return _WORDS.get(str(error).split(" ", 1)[0])
