"""Who wrote: a phone number where the payload gives one, else Meta's business-scoped user id (BSUID).

Since 2026 people may hide their number behind a username, and then ``from`` and ``wa_id`` are missing or hold the
BSUID itself. A BSUID is opaque: it is never cut down to digits. Contacts need not come in the order of messages, so
they are matched by id, never by position.
"""

import re
from collections.abc import Mapping

from channels.whatsapp.document import mapping

_BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_PHONE = re.compile(r"\+?([1-9][0-9]{3,19})")


def bsuid_in(value: object) -> str | None:
    """``value`` if it is a BSUID (``ZW.884…``: a country code, a dot, letters and digits)."""
    return value if isinstance(value, str) and _BSUID.fullmatch(value) else None


def phone_in(value: object) -> str | None:
    """The digits of ``value`` if it is an international phone number."""
    found = _PHONE.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None


def sender_of(message: Mapping[str, object], contacts: object) -> str | None:
    """The name of who sent ``message`` (phone digits, else BSUID), ``None`` if it says neither.

    ``contacts`` is the list beside the message; it may know the number of a BSUID.
    """
    sender = message.get("from")
    phone = phone_in(sender)
    if phone is not None:
        return phone
    bsuid = bsuid_in(message.get("from_user_id")) or bsuid_in(sender)
    return (_phone_beside(bsuid, contacts) or bsuid) if bsuid is not None else None


def _phone_beside(bsuid: str, contacts: object) -> str | None:
    for contact in map(mapping, contacts if isinstance(contacts, list) else ()):
        if bsuid in (contact.get("user_id"), contact.get("wa_id")):
            return phone_in(contact.get("wa_id"))
    return None
