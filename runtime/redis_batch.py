"""A batch on its way to Redis: operations are put into calls of scripts, and calls are packed into bytes.

A call is one script on one partition with as many operations as follow each other there, so a batch costs Redis one
call a partition rather than one an operation. Partitions share no keys: their calls may be in any order, while those of
one partition stay in the order of the batch.

The bytes are made here rather than by the client library: what is the same in every call of a partition is made once.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from runtime.redis_layout import Script, keys

_encode = msgspec.msgpack.Encoder().encode


class Call:
    """Operations of one partition for one script, and their answers once they are there."""

    __slots__ = ("answers", "blobs", "operations", "partition", "script")

    def __init__(self, script: Script, partition: int) -> None:
        self.script = script
        self.partition = partition
        self.operations: list[Any] = []
        self.blobs: list[bytes] = []
        self.answers: list[Any] = []

    def blob(self, value: bytes) -> int:
        """Send bytes along, since the scripts' own packing knows none; their index for the operation."""
        self.blobs.append(value)
        return len(self.blobs) + 1

    def add(self, *operation: object) -> Callable[[], Any]:
        """One more operation; what gets its answer when the call is done."""
        self.operations.append(operation)
        place = len(self.operations) - 1
        return lambda: self.answers[place]

    def packed(self, born: str, least: int) -> bytes:
        """As Redis takes it."""
        header = _encode((born, least, self.operations))
        prefix, arguments = _prefix(self.script, self.partition)
        parts = [b"*%d\r\n" % (arguments + len(self.blobs)), prefix, b"$%d\r\n" % len(header), header]
        for blob in self.blobs:
            parts += (b"\r\n$%d\r\n" % len(blob), blob)
        parts.append(b"\r\n")
        return b"".join(parts)


class Batch:
    """Calls in the order they were begun, and the numbers given out among them: all above ``highest``."""

    __slots__ = ("_latest", "_number", "calls")

    def __init__(self, highest: int) -> None:
        self._number = highest
        self._latest: dict[int, Call] = {}
        self.calls: list[Call] = []

    def call(self, script: Script, partition: int) -> Call:
        """The call of that partition an operation has to go into."""
        latest = self._latest.get(partition)
        if latest is None or latest.script is not script:
            latest = self._latest[partition] = Call(script, partition)
            self.calls.append(latest)
        return latest

    def number(self, how_many: int = 1) -> int:
        """Take numbers; the first of them."""
        self._number += how_many
        return self._number - how_many + 1


def packed(*words: str | int) -> bytes:
    """Any other command, as Redis takes it."""
    texts = [str(word).encode() for word in words]
    return b"*%d\r\n" % len(texts) + b"".join(b"$%d\r\n%s\r\n" % (len(text), text) for text in texts)


@cache
def _prefix(script: Script, partition: int) -> tuple[bytes, int]:
    """What comes first in every such call, after the number of words; and that number without blobs."""
    names = keys(partition)
    words: tuple[str | int, ...] = ("EVALSHA", script.sha, len(names), *names)
    return packed(*words).split(b"\r\n", 1)[1], len(words) + 1
