r"""How things lie in Redis, and the scripts that alone touch them.

Everything of a partition lies under one hash tag, ``vimbiso:{p7}:…``, so that one script may touch all of it, whatever
node it is on. An accepted envelope, a turn, a settlement, a payment's step is one step of a script: all or nothing.

========== ============ ==================================================================================
own        hash         ``born`` (the data set's name), ``layout``, ``epoch``, ``owner``, ``count``
actors     hash         address: version, applied, effects owed in order; ``<address>\0``: the snapshot's body
owing      hash         address: how many effects it owes
timers     sorted set   ``<address>\0<name>`` of timers, by their moment in microseconds since 1970
mail       sorted set   ``<address>\0<sequence>`` of waiting envelopes, in lexical order
intake     hash         sequence: the waiting envelope
seen       set          days; the hash ``seen:<day>`` has id: ``<sequence> <version or 0> <address>``
payments   hash         id: the money record
paying     sorted set   ``<address>\0<place><id>`` of payments, in lexical order
states     set          states; the sorted set ``states:<state>`` has ids of payments by their place
dead       hash         id: the dead letter
died       sorted set   id by its place
told       set          days; the hash ``told:<day>`` has id: the delivery reported last with the highest rank
audit      hash         id: the entry of the audit trail
noted      sorted set   id of an entry by its place
trail      sorted set   ``<address>\0<place><id>`` of entries, in lexical order
========== ============ ==================================================================================

Days are counted from 1970 (UTC). A delivery lies in the partition its id falls into, since a report knows no actor.

``count`` rises with each write of a partition and gives sequences and places. The process that writes hands in the
lowest number it may become, one above all it knows, so sequences rise over all partitions though no script sees two.
"""

from enum import Enum
from hashlib import sha1
from pathlib import Path
from zlib import crc32

import msgspec

from runtime.address import PARTITIONS

LAYOUT = 1
"""A change of the layout raises it; data of a newer one is refused, never guessed at."""

MISSING = b""
"""What scripts answer for what is not there."""

_SCRIPTS = Path(__file__).parent / "redis_lua"


class Script(Enum):
    """The scripts of a batch. ``forget`` frees room, so it runs when there is none; ``read`` runs at any time."""

    WRITE = ("write", "#!lua")
    READ = ("read", "#!lua flags=no-writes")
    FORGET = ("forget", "#!lua flags=allow-oom")

    def __init__(self, name: str, shebang: str) -> None:
        common, own = ((_SCRIPTS / f"{part}.lua").read_text("utf-8") for part in ("common", name))
        self.text = f"{shebang}\n{common}\n{own}"
        self.sha = sha1(self.text.encode(), usedforsecurity=False).hexdigest()


BEGIN = "#!lua\n" + (_SCRIPTS / "begin.lua").read_text("utf-8")


def own(partition: int) -> str:
    """The key a partition is known by; scripts find its others beside it."""
    return f"vimbiso:{{p{partition}}}:own"


def partition_of_delivery(id_: str) -> int:
    """Where a delivery of that id lies."""
    return crc32(id_.encode()) % PARTITIONS


def labelled(label: str, value: bytes) -> bytes:
    """A value with what scripts must know of it."""
    text = label.encode()
    return b"%d:%s%s" % (len(text), text, value)


def without_label(value: bytes) -> bytes:
    """The value alone."""
    length, _, rest = value.partition(b":")
    return rest[int(length) :]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery without its id, as scripts read and compare it. ``at`` in microseconds since 1970.

    ``body`` is in base64: scripts know no bytes.
    """

    rank: int
    status: str
    at: int
    ours: str | None = None
    error: int | None = None
    body: str | None = None
