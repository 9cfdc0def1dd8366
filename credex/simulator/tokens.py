"""Session tokens: HS256 with the time of the last activity inside, so nothing is remembered between requests.

A token dies 300 seconds after its *own* ``lastActivity`` and 6 hours after the login, whatever its holder did since.
Each authenticated request gets a fresh one in a response header; a client that ignores it is logged out in 5 minutes.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

IDLE_SECONDS = 300
LIFE_SECONDS = 6 * 60 * 60


@dataclass(frozen=True, slots=True)
class Bearer:
    """A valid token's member and its absolute end."""

    member_id: str
    issued: int
    absolute_expiry: int


@dataclass(frozen=True, slots=True)
class Denied:
    """Why a token does not count, in the words of the 401."""

    message: str


class Tokens:
    """Issues and reads tokens of one secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def issue(self, member_id: str, *, now: datetime) -> str:
        """A token of a new session."""
        second = int(now.timestamp())
        return self._sign(Bearer(member_id, second, second + LIFE_SECONDS), second)

    def refresh(self, bearer: Bearer, *, now: datetime) -> str:
        """The same session, active now."""
        return self._sign(bearer, int(now.timestamp()))

    def read(self, authorization: str | None, *, now: datetime) -> Bearer | Denied:
        """Judge an ``Authorization`` header: its second word counts, the first may be anything."""
        words = (authorization or "").split()
        if len(words) < 2:  # noqa: PLR2004 - scheme and token
            return Denied("Authentication required")
        claims = self._claims(words[1])
        if claims is None:
            return Denied("Invalid token")
        bearer, active = claims
        second = now.timestamp()
        if second - active > IDLE_SECONDS or second > bearer.absolute_expiry:
            return Denied("Token expired")
        return bearer

    def _sign(self, bearer: Bearer, active: int) -> str:
        claims = {
            "memberID": bearer.member_id,
            "iat": bearer.issued,
            "lastActivity": active,
            "absoluteExpiry": bearer.absolute_expiry,
        }
        unsigned = f"{_encode({'alg': 'HS256', 'typ': 'JWT'})}.{_encode(claims)}"
        return f"{unsigned}.{self._signature(unsigned)}"

    def _claims(self, token: str) -> tuple[Bearer, int] | None:
        unsigned, _, signature = token.rpartition(".")
        if not hmac.compare_digest(self._signature(unsigned).encode(), signature.encode()):
            return None
        claims = json.loads(_unpadded_decode(unsigned.partition(".")[2]))
        bearer = Bearer(claims["memberID"], claims["iat"], claims["absoluteExpiry"])
        return bearer, int(claims["lastActivity"])

    def _signature(self, unsigned: str) -> str:
        return _unpadded(hmac.digest(self._secret, unsigned.encode(), hashlib.sha256))


def _encode(part: Mapping[str, object]) -> str:
    return _unpadded(json.dumps(part, separators=(",", ":")).encode())


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unpadded_decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
