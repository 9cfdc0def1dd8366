"""All that is known at the end of a run, for the verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from credex.simulator.records import CredexState
from runtime.store import AuditEntry, DeadLetter, Owed, Payment, Seen
from tests.crash.provider import Sent


class Given(msgspec.Struct, frozen=True):
    """A credex of the ledger, as its issuer gave it. ``times`` are when it was made and what became of it."""

    id: str
    issuer: str
    receiver: str
    amount: str
    denomination: str
    state: CredexState
    times: dict[str, datetime] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``references`` name the effects that sent what members got; ``operator`` is the account that upgrades pay."""

    now: datetime
    sent: Sequence[Sent]
    history: Mapping[str, Sequence[Seen]]
    payments: Sequence[Payment]
    trail: Sequence[AuditEntry]
    owed: Sequence[Owed]
    dead: Sequence[DeadLetter]
    ledger: Sequence[Given]
    references: Sequence[str]
    operator: str
