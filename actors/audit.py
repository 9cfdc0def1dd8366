"""The audit trail: what was consented to, on which screen, by which tap, and what became of it. Pure.

One entry a step of a payment. It holds the command (so the exact amount and receiver), the nonce of the screen and a
digest of the text it showed, and the id of the message that tapped it; nothing that a member wrote.
"""

import hashlib
from datetime import datetime
from enum import StrEnum

import msgspec

from actors.payments import PaymentRecord
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
    FROZEN = "frozen"
    """Of no payment: the phone or number changed, and money is held."""
    REOPENED = "reopened"
    """Of no payment: somebody has logged in since, and money is held no more."""


OF_A_MEMBER = frozenset({Step.FROZEN, Step.REOPENED})
"""Steps that are about no payment; ``kind_of`` reads their entries."""


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


_KIND_LENGTH = 64
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Facts)


def about(payment: str, record: PaymentRecord) -> Facts:
    """What every entry of a payment says."""
    account = record.before.account if record.before else None
    return Facts(payment=payment, command=record.command, turn=record.consented_in, account=account)


def entry(step: Step, facts: Facts, *, address: Address, at: datetime) -> AuditEntry:
    """The entry of this step; its id is the same however often it is made."""
    return AuditEntry(id=f"{facts.payment}:{step}", address=address, at=at, step=step, body=_encoder.encode(facts))


def entry_of_member(step: Step, turn: str, kind: str, *, address: Address, at: datetime) -> AuditEntry:
    """The entry of a step that is about no payment. ``kind`` is the provider's word for what changed."""
    return AuditEntry(id=f"{turn}:{step}", address=address, at=at, step=step, body=kind[:_KIND_LENGTH].encode())


def kind_of(entry: AuditEntry) -> str:
    """What changed, in the provider's word."""
    return entry.body.decode(errors="replace")


def facts_of(entry: AuditEntry) -> Facts:
    """What an entry says. Raises ``msgspec.ValidationError`` for bytes no version of this program wrote."""
    return _decoder.decode(entry.body)


def digest(shown: str) -> str:
    """A screen's text, recognisable and not readable."""
    return hashlib.sha256(shown.encode()).hexdigest()
