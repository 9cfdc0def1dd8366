r"""Is this webhook Meta's? The signature of a POST, and the handshake of a GET.

``X-Hub-Signature-256`` is ``sha256=`` and the HMAC-SHA256 of the body, keyed with the app secret, in lower-case hex.
It is taken over the bytes as they came: parsing and writing them again loses escapes (``\/``, ``\u0040``) and with
them the signature. Two secrets may be good at once, while one is being replaced. Without a secret nothing is genuine.

Nothing here tells anybody what the right signature or token would have been.
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

_PREFIX = b"sha256="
_LENGTH = len(_PREFIX) + 64
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class Genuine:
    """Signed with our secret number ``secret`` (0 is the current one, 1 the one before)."""

    secret: int


class Forged(Enum):
    """Not proven to be Meta's; the value is the HTTP status that says so. Meta tries again, so nothing is lost."""

    MISSING = 401
    WRONG = 403


Verdict = Genuine | Forged


def verify(body: bytes, header: str | bytes | None, secrets: Sequence[str]) -> Verdict:
    """Check ``X-Hub-Signature-256`` over the raw body, in constant time. Empty secrets never match."""
    if not header:
        return Forged.MISSING
    given = header if isinstance(header, bytes) else header.encode("ascii", "replace")
    if len(given) != _LENGTH or not given.startswith(_PREFIX):
        return Forged.WRONG
    for number, secret in enumerate(secrets):
        if secret and hmac.compare_digest(given, sign(body, secret)):
            return Genuine(number)
    return Forged.WRONG


def sign(body: bytes, secret: str) -> bytes:
    """The header Meta would send with ``body``."""
    return _PREFIX + hmac.digest(secret.encode(), body, "sha256").hex().encode()


def handshake(query: Mapping[str, str], token: str) -> str | None:
    """The challenge to answer a GET with, as plain text and nothing else; ``None`` (403) if it is not Meta's.

    A challenge of other characters than Meta's is refused, since it would be a stranger's words in our answer.
    """
    given = query.get("hub.verify_token", "")
    expected = bool(token) and hmac.compare_digest(_bytes(given), _bytes(token))
    challenge = query.get("hub.challenge", "")
    if expected and query.get("hub.mode") == "subscribe" and _CHALLENGE.fullmatch(challenge):
        return challenge
    return None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
