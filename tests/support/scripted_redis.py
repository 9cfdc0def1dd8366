"""A Redis that says what a test wants to hear: for answers the real one gives only on its worst days."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import BinaryIO

from runtime.redis_store import RedisServer, RedisStore

CLOSE = b""
"""Instead of an answer: hang up."""

_OK = b"+OK\r\n"
_AS_IF_WELL = {
    b"HELLO": b"*4\r\n$7\r\nversion\r\n$6\r\n7.0.15\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n",
    b"CONFIG": b"-ERR unknown command\r\n",
    b"INFO": b"-ERR unknown command\r\n",
    b"CLIENT": _OK,
    b"SCRIPT": _OK,
    b"EVAL": b"*3\r\n:1\r\n$4\r\nname\r\n:0\r\n",
    b"EVALSHA": b"*2\r\n:1\r\n*1\r\n*2\r\n*0\r\n*0\r\n",
    b"WAITAOF": b"*2\r\n:1\r\n:0\r\n",
}


def hello(version: str) -> bytes:
    """How a Redis of that version introduces itself."""
    return b"*2\r\n$7\r\nversion\r\n$%d\r\n%s\r\n" % (len(version), version.encode())


def config(name: str, value: str) -> bytes:
    """What it tells of a setting."""
    return b"*2\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n" % (len(name), name.encode(), len(value), value.encode())


class ScriptedRedis:
    """Answers each command by its first word, from ``answers`` or as if all were well; in a transaction as well."""

    def __init__(self, answers: Mapping[bytes, bytes]) -> None:
        self.answers = {**_AS_IF_WELL, **answers}
        self.asked: list[bytes] = []
        """First words, in order."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    def store(self) -> RedisStore:
        """A store of it, not opened yet."""
        return RedisStore(RedisServer(host="127.0.0.1", port=self._listener.getsockname()[1]), timeout_seconds=10)

    def end(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with suppress(OSError), connection, connection.makefile("rb") as stream:  # it may be hung up on
                self._answer(connection, stream)

    def _answer(self, connection: socket.socket, stream: BinaryIO) -> None:
        queued: list[bytes] | None = None
        for word in _first_words(stream):
            self.asked.append(word)
            answer = self.answers.get(word, _OK)
            if word == b"MULTI":
                queued = []
            elif word == b"EXEC" and queued is not None:
                answer, queued = self.answers.get(word) or b"*%d\r\n%s" % (len(queued), b"".join(queued)), None
            elif queued is not None:
                queued.append(answer)
                answer = b"+QUEUED\r\n"
            if answer == CLOSE:
                return
            connection.sendall(answer)


def _first_words(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline():
        words: list[bytes] = []
        for _ in range(int(line[1:])):
            length = int(stream.readline()[1:])
            words.append(stream.read(length + 2)[:-2])
        yield words[0]
