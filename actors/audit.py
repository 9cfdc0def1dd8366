"""The audit trail: what was consented to, on which screen, by which tap, and what became of it. Pure.

One entry a step of a payment. It holds the command (so the exact amount and receiver), the nonce of the screen and a
digest of the text it showed, and the id of the message that tapped it; nothing that a member wrote.
"""

import hashlib
from datetime import datetime
from enum import StrEnum

import msgspec

from credex.commands import MoneyCommand
from credex.model import AccountId
from runtime.address import Address
from runtime.store import AuditEntry


class Step(StrEnum):
    """Which step of a payment an entry is about. A payment takes each at most once."""

    CONSENTED = "consented"
    SENT = "sent"
    ANSWERED = "answered"
    SETTLED = "settled"
    PARKED = "parked"
    OPERATOR = "operator"


class Facts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an entry says. ``said`` is the kind of credex-core's outcome and its cause, ``ended`` what it means."""

    payment: str
    command: MoneyCommand
    turn: str
    account: AccountId | None = None
    screen: str = ""
    shown: str = ""
    tap: str = ""
    said: str = ""
    ended: str = ""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Facts)


def entry(step: Step, facts: Facts, *, address: Address, at: datetime) -> AuditEntry:
    """The entry of this step; its id is the same however often it is made."""
    return AuditEntry(id=f"{facts.payment}:{step}", address=address, at=at, step=step, body=_encoder.encode(facts))


def facts_of(entry: AuditEntry) -> Facts:
    """What an entry says. Raises ``msgspec.ValidationError`` for bytes no version of this program wrote."""
    return _decoder.decode(entry.body)


def digest(shown: str) -> str:
    """A screen's text, recognisable and not readable."""
    return hashlib.sha256(shown.encode()).hexdigest()
