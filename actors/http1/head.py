"""The grammar of a plain head; pure.

h11 follows every turn that HTTP/1.1 can take, and costs more than everything else an exchange does. Nearly all heads
are plain: whole in one read, unfolded, with one length and nothing that changes what the connection is. Those are
recognised here by regular expression, on either side of a connection; what is not evidently plain is left to h11.
"""

import re

Headers = list[tuple[bytes, bytes]]

_NAME = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_VISIBLE = rb"[\x21-\x7e\x80-\xff]"
_VALUE = rb"(?:" + _VISIBLE + rb"(?:[\t\x20-\x7e\x80-\xff]*" + _VISIBLE + rb")?)?"

FIELDS = rb"(?:" + _NAME + rb":[ \t]*+" + _VALUE + rb"\r\n)+"
"""The lines of one header or more, as a regular expression."""
NO_LENGTH = -1
"""Of a head that is not plain about the length of its body; no body has it."""

_FIELD = re.compile(rb"(" + _NAME + rb"):[ \t]*+(" + _VALUE + rb")\r\n")
_LENGTH = re.compile(rb"[0-9]{1,12}")
_OF_THE_CONNECTION = frozenset({b"connection", b"content-length", b"expect", b"transfer-encoding", b"upgrade"})


def fields(block: bytes) -> Headers:
    """The headers in a block that ``FIELDS`` matched."""
    found: Headers = _FIELD.findall(block)
    return found


def length(headers: Headers) -> int | None:
    """The declared length. ``None`` without one; ``NO_LENGTH`` where the headers say anything further."""
    declared = None
    for name, value in headers:
        key = name.lower()
        if key not in _OF_THE_CONNECTION or (key == b"connection" and value.lower() == b"keep-alive"):
            continue
        if key != b"content-length" or declared is not None or not _LENGTH.fullmatch(value):
            return NO_LENGTH
        declared = int(value)
    return declared


def hosts(headers: Headers) -> int:
    """How many ``Host`` headers there are: a plain request has one."""
    return [name.lower() for name, _ in headers].count(b"host")
