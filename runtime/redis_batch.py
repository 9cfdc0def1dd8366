"""A batch on its way to Redis: operations are put into calls of scripts, and calls are packed into bytes.

A call is one script on one partition with as many operations as follow each other there. Partitions share no keys:
their calls may be in any order, while those of one partition stay in the order of the batch. Calls of one script that
follow each other go out together, as one command, except to a cluster: to begin a script costs Redis nearly as much as
a turn does.

The bytes are made here rather than by the client library, which would take longer than all the rest.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import msgspec

from runtime.redis_layout import Script, own

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


def together(calls: Sequence[Call], *, apart: bool) -> list[list[Call]]:
    """Calls in the groups that go out as one command each; ``apart`` leaves every call alone."""
    groups: list[list[Call]] = []
    for call in calls:
        if groups and groups[-1][0].script is call.script and not apart and call.script is not Script.FORGET:
            groups[-1].append(call)
        else:
            groups.append([call])
    return groups


def command(group: Sequence[Call], known: Callable[[int], tuple[str, int]]) -> bytes:
    """A group as Redis takes it. ``known`` tells the name of a partition's data, and how new it is at least."""
    blobs: list[bytes] = []
    told = []
    for call in group:
        told.append((*known(call.partition), len(blobs), call.operations))
        blobs += call.blobs
    header = _encode(told)
    keys = [_key(call.partition) for call in group]
    parts = [b"*%d\r\n" % (len(keys) + len(blobs) + 4), _evalsha(group[0].script), _words(len(keys)), *keys]
    for blob in (header, *blobs):
        parts += (b"$%d\r\n" % len(blob), blob, b"\r\n")
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
    return b"*%d\r\n" % len(words) + _words(*words)


def _words(*words: str | int) -> bytes:
    texts = [str(word).encode() for word in words]
    return b"".join(b"$%d\r\n%s\r\n" % (len(text), text) for text in texts)


@cache
def _evalsha(script: Script) -> bytes:
    return _words("EVALSHA", script.sha)


@cache
def _key(partition: int) -> bytes:
    return _words(own(partition))
