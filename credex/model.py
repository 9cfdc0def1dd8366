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


class Balances(msgspec.Struct, frozen=True, kw_only=True):
    """What an account holds. ``secured`` has one entry a denomination; the rest is in the account's own."""

    secured: tuple[Money, ...]
    payables: Money
    receivables: Money
    net_unsecured: Money
    net_assets: Money


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One account a member may act for, with its open offers, newest first."""

    id: AccountId
    name: str
    handle: str
    kind: AccountKind
    default_denomination: Denomination
    owned: bool
    balances: Balances
    incoming: tuple[Offer, ...] = ()
    outgoing: tuple[Offer, ...] = ()


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A credex that was accepted, as the ledger of one account shows it.

    ``amount`` is negative where the account gave; ``at`` is when it was accepted, ``None`` if that cannot be read.
    """

    id: OfferId
    amount: Money
    counterparty: str
    at: datetime | None


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
