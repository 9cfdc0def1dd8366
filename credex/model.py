"""Members, accounts and offers, as credex-core describes them to a client.

Frozen values. credex-core answers an action with the one account it touched, so a ``Member`` is *merged* with what
comes back (``with_account``), never replaced by it.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType, Self

import msgspec

from credex.money import Denomination, Money

MemberId = NewType("MemberId", str)
AccountId = NewType("AccountId", str)
OfferId = NewType("OfferId", str)
RecurringId = NewType("RecurringId", str)
Phone = NewType("Phone", str)
"""2 to 15 digits, no leading zero, no plus sign (credex-core's login key)."""


class AccountKind(StrEnum):
    """What an account is for."""

    PERSONAL = "PERSONAL"
    TRUST = "TRUST"
    OPERATIONS = "OPERATIONS"
    CREDEX_FOUNDATION = "CREDEX_FOUNDATION"


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A credex that still waits for an answer; ``amount`` is positive whichever way it goes."""

    id: OfferId
    amount: Money
    counterparty: str
    secured: bool
    due: date | None = None


class MemberName(msgspec.Struct, frozen=True):
    """What is told of another member. ``handle`` is empty where only the name is told."""

    id: MemberId
    name: str
    handle: str = ""


class Balances(msgspec.Struct, frozen=True, kw_only=True):
    """What an account holds. ``secured`` has one entry a denomination; the rest is in the account's own."""

    secured: tuple[Money, ...]
    payables: Money
    receivables: Money
    net_unsecured: Money
    net_assets: Money


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One account a member may act for, with its open offers, newest first.

    ``owned`` is true for authorised members too in some versions of credex-core. ``offers_to`` hears of its offers.
    """

    id: AccountId
    name: str
    handle: str
    kind: AccountKind
    default_denomination: Denomination
    owned: bool
    balances: Balances
    incoming: tuple[Offer, ...] = ()
    outgoing: tuple[Offer, ...] = ()
    offers_to: MemberName | None = None


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A credex that was accepted, as the ledger of one account shows it.

    ``amount`` is negative where the account gave; ``at`` is when it was accepted, ``None`` if that cannot be read.
    """

    id: OfferId
    amount: Money
    counterparty: str
    at: datetime | None


class CredexState(StrEnum):
    """What became of a credex."""

    OFFERED = "OFFERS"
    REQUESTED = "REQUESTS"
    OWED = "OWES"
    """Accepted: a debt until it is cleared."""
    CLEARED = "CLEARED"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"


class Credex(msgspec.Struct, frozen=True, kw_only=True):
    """One credex in full, as one account sees it: every amount is negative where the account gave.

    ``counterparty`` is the other account's name. Times are ``None`` for what did not happen or cannot be read.
    """

    id: OfferId
    amount: Money
    counterparty: str
    secured: bool
    state: CredexState
    outstanding: Money
    redeemed: Money
    defaulted: Money
    written_off: Money
    due: date | None = None
    accepted_at: datetime | None = None
    declined_at: datetime | None = None
    cancelled_at: datetime | None = None


class Recurring(msgspec.Struct, frozen=True, kw_only=True):
    """A payment that repeats every so many days; ``status`` is credex-core's word (PENDING, ACTIVE, CANCELLED)."""

    id: RecurringId
    amount: Money
    every_days: int
    next_run: date
    status: str
    source: AccountId
    target: AccountId


class AccountName(msgspec.Struct, frozen=True):
    """What a look-up by handle tells of somebody else's account."""

    id: AccountId
    name: str
    handle: str


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A person on the ledger and every account they may act for.

    ``remaining_usd`` is what the tier still allows to be issued today, in US dollars; ``None`` is no limit.
    """

    id: MemberId
    first_name: str
    last_name: str
    handle: str
    tier: int
    remaining_usd: Decimal | None
    default_denomination: Denomination
    accounts: tuple[Account, ...]

    def account(self, account_id: AccountId) -> Account | None:
        """The account with this id, if the member may act for it."""
        return next((account for account in self.accounts if account.id == account_id), None)

    def with_account(self, changed: Account) -> Self:
        """Merge one account into the others; an account not known before is added last."""
        if self.account(changed.id) is None:
            return msgspec.structs.replace(self, accounts=(*self.accounts, changed))
        accounts = tuple(changed if account.id == changed.id else account for account in self.accounts)
        return msgspec.structs.replace(self, accounts=accounts)
