"""What providers' requests have in common: a path with a secret in it, a form, numbers, ids, times, a message. Pure.

A form is read to bytes, not to text: which encoding they are in is for each provider to say. Nothing here raises,
whatever the request holds.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote_to_bytes

from channels.message import Content, InboundMessage, Peer
from channels.sms.provider import CHANNEL, Posted, Received, Refused, line_of

Form = Mapping[str, bytes]
"""Fields by name, percent-escapes undone."""

_LONGEST_ID = 200
_PHONE = re.compile(r"(?:\+|00)?([1-9][0-9]{6,14})")
_EPOCH_DIGITS = 12


def form_at(posted: Posted, path: str, *, secret: str) -> Form | Refused:
    """The fields of a request to ``path``, which holds ``secret``; anything else is refused.

    In constant time, since who knows the secret is believed. Without a secret everybody is refused.
    """
    came = unquote_to_bytes(posted.target.partition("?")[0].encode("utf-8", "replace"))
    if hmac.compare_digest(came, path.encode("utf-8", "replace")) and secret:
        return form_of(posted.target, posted.body)
    return Refused(HTTPStatus.NOT_FOUND, "path")


def form_of(target: str, body: bytes) -> Form:
    """The fields of a request: those of the query, and over them those of the body.

    Of fields with one name the first counts.
    """
    query = _fields(target.partition("?")[2].encode("utf-8", "replace"))
    return {**query, **_fields(body)} if body else query


def _fields(encoded: bytes) -> dict[str, bytes]:
    # Latin-1 has a character for every byte, so that bytes come through text unharmed.
    pairs = parse_qsl(encoded.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    return {name: value.encode("latin-1") for name, value in reversed(pairs)}


def said(value: bytes | None) -> str:
    """A field that providers write in UTF-8; what is none of it is replaced."""
    return (value or b"").decode("utf-8", "replace")


def id_in(value: bytes | None) -> str | None:
    """An id as providers and we write them: printable ASCII. Anything else could not be stored or found again."""
    words = said(value).strip()
    return words if 0 < len(words) <= _LONGEST_ID and words.isascii() and words.isprintable() else None


def phone_in(value: bytes | None) -> str | None:
    """The digits of an international phone number; its ``+`` may have become a blank on the way."""
    found = _PHONE.fullmatch(said(value).strip())
    return found[1] if found else None


def ours_in(value: bytes | None) -> str | None:
    """Our own number, short code or sender name; a number whose ``+`` has become a blank gets it back."""
    ours = id_in(value)
    lost = ours is not None and said(value).startswith(" ") and _PHONE.fullmatch(ours) is not None
    return f"+{ours}" if lost else ours


def moment(seconds: str, *, now: datetime) -> datetime:
    """Unix seconds in digits as aware UTC; ``now`` if they are later, or no time after 1970."""
    words = seconds.strip()
    read = int(words) if words.isascii() and words.isdigit() and len(words) <= _EPOCH_DIGITS else 0
    return datetime.fromtimestamp(read, UTC) if 0 < read < now.timestamp() else now


def one_message(
    name: str, message_id: str | None, *, sender: str | None, ours: str | None, at: datetime, content: Content
) -> Received:
    """A message by the provider ``name``. What has no id, no sender or no line of ours is counted by what it lacks."""
    if message_id is None:
        return Received(ignored={"id": 1})
    if sender is None:
        return Received(ignored={"sender": 1})
    if ours is None:
        return Received(ignored={"line": 1})
    peer = Peer(CHANNEL, line_of(name, ours), sender)
    return Received(messages=(InboundMessage(id=f"{name}:{message_id}", peer=peer, at=at, content=content),))
