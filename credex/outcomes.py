"""What credex-core said to a command, as values. Expected answers only: a bug is an exception.

``Refused`` proves that nothing happened. ``Unavailable`` says that nothing can have happened (no byte of a money
command left, or the command only reads). ``Unclear`` says that it may have happened: never to be read as failure.
"""

from enum import StrEnum

import msgspec

from credex.model import (
    Account,
    AccountId,
    AccountName,
    Credex,
    LedgerEntry,
    Member,
    MemberId,
    MemberName,
    OfferId,
    Recurring,
    RecurringId,
)
from credex.money import Money


class Success(msgspec.Struct, frozen=True):
    """credex-core did what it was asked. Whoever waits for one kind takes every other for no answer."""


class LoggedIn(Success, frozen=True, tag=True):
    """The member with all accounts."""

    member: Member


class NotAMember(msgspec.Struct, frozen=True, tag=True):
    """No member has this phone: the sign to offer membership."""


class Onboarded(Success, frozen=True, tag=True):
    """The new member."""

    member: Member


class AccountFound(Success, frozen=True, tag=True):
    """The account behind a handle."""

    account: AccountName


class LedgerRead(Success, frozen=True, tag=True):
    """Accepted credexes of an account, newest first. ``more`` is whether there are older ones."""

    entries: tuple[LedgerEntry, ...]
    more: bool


class CredexRead(Success, frozen=True, tag=True):
    """One credex in full."""

    credex: Credex


class MemberFound(Success, frozen=True, tag=True):
    """The member behind a handle."""

    member: MemberName


class AccountOpened(Success, frozen=True, tag=True):
    """The new account's id, and the account itself when the answer carried it."""

    id: AccountId
    account: Account | None


class AccountRenamed(Success, frozen=True, tag=True):
    """The account has the new name; the account itself when the answer carried it."""

    account: Account | None


class MemberAuthorized(Success, frozen=True, tag=True):
    """The member may act for the account now."""

    account: AccountId
    member: MemberId


class MemberRevoked(Success, frozen=True, tag=True):
    """The member may not act for the account any more."""

    account: AccountId
    member: MemberId


class OffersRouted(Success, frozen=True, tag=True):
    """The member hears of the account's offers now."""

    account: AccountId
    member: MemberId


class RecurringSetUp(Success, frozen=True, tag=True):
    """The recurring payment stands, as credex-core has it; ``PENDING`` until the other side agrees."""

    recurring: Recurring


class RecurringRead(Success, frozen=True, tag=True):
    """A recurring payment as it is now."""

    recurring: Recurring


class RecurringCancelled(Success, frozen=True, tag=True):
    """The recurring payment has ended."""

    recurring: RecurringId


class OfferMade(Success, frozen=True, tag=True):
    """The offer stands. ``account`` is the issuer's, fresh, when the answer carried it."""

    offer: OfferId
    account: Account | None


class OfferAccepted(Success, frozen=True, tag=True):
    """The offer became a debt. ``account`` is the acceptor's, fresh, when the answer carried it."""

    offer: OfferId
    account: Account | None


class OffersAccepted(Success, frozen=True, tag=True):
    """What became of each: now a debt, a debt before already, or not accepted.

    ``account`` is the acceptor's, fresh, when the answer carried it.
    """

    accepted: tuple[OfferId, ...]
    already: tuple[OfferId, ...]
    failed: tuple[OfferId, ...]
    account: Account | None


class OfferDeclined(Success, frozen=True, tag=True):
    """The offer is gone. ``account`` is the decliner's, fresh, when the answer carried it."""

    offer: OfferId
    account: Account | None


class OfferCancelled(Success, frozen=True, tag=True):
    """The offer is gone. ``account`` is the issuer's, fresh, when the answer carried it."""

    offer: OfferId
    account: Account | None


class TierUpgraded(Success, frozen=True, tag=True):
    """The charge is paid and the member has this tier."""

    tier: int


class Refusal(StrEnum):
    """Why credex-core refused, as far as its codes tell."""

    TIER_LIMIT = "tier_limit"
    NO_COVER = "no_cover"
    NOT_FOUND = "not_found"
    SAME_ACCOUNT = "same_account"
    NOT_ALLOWED = "not_allowed"
    DUPLICATE = "duplicate"
    GONE = "gone"
    """What it is about is unknown, was answered or ended before, or has expired."""
    FULL = "full"
    """No more members may act for the account."""
    DUE_DATE = "due_date"
    """The day is not one of those an unsecured credex may be due on."""
    INVALID = "invalid"
    OTHER = "other"


class Refused(msgspec.Struct, frozen=True, tag=True):
    """credex-core said no and nothing changed. ``reason`` is its own sentence, cut to 300 characters, one line."""

    refusal: Refusal
    reason: str
    available: Money | None = None


class Unavailable(msgspec.Struct, frozen=True, tag=True):
    """credex-core could not be asked, and nothing can have changed. ``cause`` is for logs, never for members.

    ``alive`` is whether it answered all the same (too many requests, say): then it is not down.
    """

    cause: str
    alive: bool = False


class Unclear(msgspec.Struct, frozen=True, tag=True):
    """The command may have been carried out. ``cause`` is for logs and operators, ``alive`` as in ``Unavailable``."""

    cause: str
    alive: bool = False


Outcome = (
    LoggedIn
    | NotAMember
    | Onboarded
    | AccountFound
    | MemberFound
    | LedgerRead
    | CredexRead
    | AccountOpened
    | AccountRenamed
    | MemberAuthorized
    | MemberRevoked
    | OffersRouted
    | OfferMade
    | OfferAccepted
    | OffersAccepted
    | OfferDeclined
    | OfferCancelled
    | TierUpgraded
    | RecurringSetUp
    | RecurringRead
    | RecurringCancelled
    | Refused
    | Unavailable
    | Unclear
)
