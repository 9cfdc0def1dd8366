"""Webhooks as Meta sends them: built, numbered, signed."""

import hashlib
import hmac
import itertools
from datetime import datetime
from typing import Any

import msgspec

from tests.support.graph import LINE

SECRET = "app-secret-for-tests"
VERIFY_TOKEN = "verify-token-for-tests"

_numbers = itertools.count(1)


def signature(body: bytes, secret: str = SECRET) -> str:
    """The value of ``X-Hub-Signature-256``."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def text(phone: str, body: str, *, at: datetime) -> dict[str, Any]:
    """A typed message."""
    return _message(phone, at) | {"type": "text", "text": {"body": body}}


def tap(phone: str, kind: str, choice: str, title: str, *, at: datetime) -> dict[str, Any]:
    """A tap on a button (``kind`` is ``buttons``) or a row (``list``)."""
    reply = "button_reply" if kind == "buttons" else "list_reply"
    interactive = {"type": reply, reply: {"id": choice, "title": title}}
    return _message(phone, at) | {"type": "interactive", "interactive": interactive}


def media(phone: str, kind: str, *, at: datetime) -> dict[str, Any]:
    """An image, audio, sticker, or a location."""
    content = {"latitude": -17.8, "longitude": 31.0} if kind == "location" else {"id": "880011", "mime_type": "x/y"}
    return _message(phone, at) | {"type": kind, kind: content}


def status(message_id: str, kind: str, phone: str, *, at: datetime, code: int | None = None) -> dict[str, Any]:
    """A delivery status, with the code of an error if it failed."""
    errors = {} if code is None else {"errors": [{"code": code}]}
    return {"id": message_id, "status": kind, "timestamp": str(int(at.timestamp())), "recipient_id": phone} | errors


def notification(*messages: dict[str, Any], statuses: tuple[dict[str, Any], ...] = (), line: str = LINE) -> bytes:
    """One POST with these messages and statuses."""
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "263771000001", "phone_number_id": line},
    }
    if messages:
        senders = dict.fromkeys(message["from"] for message in messages)
        value["contacts"] = [{"profile": {"name": "Somebody"}, "wa_id": sender} for sender in senders]
        value["messages"] = list(messages)
    if statuses:
        value["statuses"] = list(statuses)
    entry = [{"id": "209871234567890", "changes": [{"field": "messages", "value": value}]}]
    return msgspec.json.encode({"object": "whatsapp_business_account", "entry": entry})


def _message(phone: str, at: datetime) -> dict[str, Any]:
    return {"from": phone, "id": f"wamid.in.{next(_numbers)}", "timestamp": str(int(at.timestamp()))}
