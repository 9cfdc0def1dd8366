"""The records the simulated core keeps. Frozen: a change puts a new record in the world's table."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from credex.model import AccountKind
from credex.money import Denomination

NOTHING = Decimal(0)


class CredexState(StrEnum):
    """How a credex is linked to its accounts. ``EXPIRED`` is ours: core merely deletes the link of an old offer."""

    OFFERS = "OFFERS"
    REQUESTS = "REQUESTS"
    OWES = "OWES"
    CLEARED = "CLEARED"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


OPEN_STATES = frozenset({CredexState.OFFERS, CredexState.REQUESTS})
ACCEPTED_STATES = frozenset({CredexState.OWES, CredexState.CLEARED})


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRecord:
    """A person; the phone is the login key."""

    id: str
    phone: str
    first_name: str
    last_name: str
    handle: str
    tier: int
    default_denomination: Denomination

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """An account with its owner, who may act for it (owner first) and who hears of its offers.

    An audited account has unlimited cover: it is where secured credexes come from.
    """

    id: str
    name: str
    handle: str
    kind: AccountKind
    default_denomination: Denomination
    owner: str
    authorized: tuple[str, ...]
    send_offers_to: str
    audited: bool = False
    pledge: Decimal | None = None
    pledge_denomination: Denomination | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a new credex is to say. ``due`` belongs to unsecured ones."""

    issuer: str
    receiver: str
    amount: Decimal
    denomination: Denomination
    secured: bool = True
    due: date | None = None
    purpose: str = "PURCHASE"
    state: CredexState = CredexState.OFFERS


@dataclass(frozen=True, slots=True, kw_only=True)
class CredexRecord:
    """One debt note: ``issuer`` owes ``receiver``. ``number`` counts credexes; ``day`` is core's, not the clock's."""

    id: str
    number: int
    issuer: str
    receiver: str
    denomination: Denomination
    initial: Decimal
    outstanding: Decimal
    purpose: str
    state: CredexState
    day: date
    created_at: datetime
    securer: str | None = None
    due: date | None = None
    redeemed: Decimal = NOTHING
    defaulted: Decimal = NOTHING
    written_off: Decimal = NOTHING
    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def secured(self) -> bool:
        """Whether a securing account stands behind it."""
        return self.securer is not None

    def other_side(self, account_id: str) -> str:
        """The account on the other side of ``account_id``."""
        return self.receiver if account_id == self.issuer else self.issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringRecord:
    """A template of repeated payments; ``status`` is PENDING, ACTIVE or CANCELLED."""

    id: str
    source: str
    target: str
    template: str
    days_between: int
    next_run: date
    amount: Decimal
    denomination: Denomination
    status: str
