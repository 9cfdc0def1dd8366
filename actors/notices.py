"""Notices as they come in: the request that another system makes, and the envelope for the member's actor. Pure.

A caller who gives a key says by it which requests are one; the store knows the key's id for eight days. Without a key
the same words to the same member on the same channel are one for a while (``actors.dialogs.notices``): the id of such a
request changes every second, so the store drops repeats within it and the actor, which knows the first, all later ones.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256

import msgspec

from actors.member import envelope_of
from channels.message import InboundMessage, Notice, Peer
from channels.plain import harmless, heard, one_line, units
from channels.simulator.conversation import parse_phone
from channels.whatsapp.document import Malformed, decode_object
from runtime.envelope import Envelope

CHANNELS = ("whatsapp", "sms")
"""What a caller may call for; which of them are there is the server's to say."""

LONGEST_NAME = 100
LONGEST_MESSAGE = 800
"""In UTF-16 units. Meta: 1024 for all words of a template together, its own among them."""

LONGEST_KEY = 255
_DIGEST = 32

_MISSING = "missing"


class Way(msgspec.Struct, frozen=True):
    """How members are reached: ``Peer.channel`` and ``Peer.line``."""

    channel: str
    line: str


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Tell this member this. ``channel`` is one of ``CHANNELS``."""

    phone: str
    name: str
    message: str
    channel: str

    @property
    def digest(self) -> str:
        """The same for the same words to the same member on the same channel; tells nothing of them."""
        return _digest(self.phone, self.channel, self.name, self.message)

    def envelope(self, way: Way, key: str | None, *, now: datetime) -> Envelope:
        """The notice on its way to the member's actor."""
        name = f"{self.digest}:{int(now.timestamp())}" if key is None else key_id(key)
        notice = Notice(name=self.name, text=self.message, mark=self.digest if key is None else "")
        peer = Peer(channel=way.channel, line=way.line, name=self.phone)
        said = InboundMessage(id=f"notify:{name}", peer=peer, at=now, content=notice)
        return envelope_of(said, accepted_at=now)


class Wrong(msgspec.Struct, frozen=True):
    """Not a request. ``fields`` has what is wrong with each, by its name in the body."""

    why: str
    fields: Mapping[str, str] = {}


def read(body: bytes) -> Request | Wrong:
    """Read ``{phoneNumber, memberName, message, channel}``; other fields are left alone. Never raises."""
    document = decode_object(body)
    if isinstance(document, Malformed):
        return Wrong(f"The body is no JSON object: {document.reason}.")
    values: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for field, (attribute, reader) in _FIELDS.items():
        value = document.get(field)
        if value is None:
            wrong[field] = _MISSING
        elif not isinstance(value, str):
            wrong[field] = "must be a string"
        else:
            try:
                values[attribute] = reader(value)
            except _Unfit as unfit:
                wrong[field] = str(unfit)
    return Wrong("Some fields are missing or wrong.", wrong) if wrong else Request(**values)


def read_key(header: str) -> str | None:
    """The value of ``Idempotency-Key``, quoted as its standard has it or bare; ``None`` if it can be no key.

    IETF draft-ietf-httpapi-idempotency-key-header: a string of printable ASCII in double quotes.
    """
    key = header.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    return key if 0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable() else None


def key_id(key: str) -> str:
    """What a key is known by: callers may have put into it what is nobody else's business."""
    return _digest("key", key)


class _Unfit(Exception):
    """Its text says what a field must be."""


def _phone(value: str) -> str:
    phone = parse_phone(value.strip())
    if phone is None:
        raise _Unfit("must be 7 to 15 digits with the country code first, like 263771234567")
    return phone


def _name(value: str) -> str:
    return _words(one_line(heard(value)), LONGEST_NAME)


def _message(value: str) -> str:
    return _words(harmless(value), LONGEST_MESSAGE)


def _words(value: str, limit: int) -> str:
    words = heard(value)
    if not words:
        raise _Unfit("must not be empty")
    if units(words) > limit:
        raise _Unfit(f"must have at most {limit} characters")
    return words


def _channel(value: str) -> str:
    if value not in CHANNELS:
        raise _Unfit(f"must be one of {', '.join(CHANNELS)}")
    return value


_FIELDS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "phoneNumber": ("phone", _phone),
    "memberName": ("name", _name),
    "message": ("message", _message),
    "channel": ("channel", _channel),
}


def _digest(*parts: str) -> str:
    return sha256(msgspec.json.encode(parts)).hexdigest()[:_DIGEST]
