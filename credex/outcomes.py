"""What credex-core said to a command, as values. Expected answers only: a bug is an exception.

``Refused`` proves that nothing happened. ``Unavailable`` says that nothing can have happened (no byte of a money
command left, or the command only reads). ``Unclear`` says that it may have happened: never to be read as failure.
"""

from enum import StrEnum

import msgspec

from credex.model import Account, AccountName, LedgerEntry, Member, OfferId
from credex.money import Money


class LoggedIn(msgspec.Struct, frozen=True, tag=True):
    """The member with all accounts."""

    member: Member


class NotAMember(msgspec.Struct, frozen=True, tag=True):
    """No member has this phone: the sign to offer membership."""


class Onboarded(msgspec.Struct, frozen=True, tag=True):
    """The new member."""

    member: Member


class AccountFound(msgspec.Struct, frozen=True, tag=True):
    """The account behind a handle."""

    account: AccountName


class LedgerRead(msgspec.Struct, frozen=True, tag=True):
    """Accepted credexes of an account, newest first. ``more`` is whether there are older ones."""

    entries: tuple[LedgerEntry, ...]
    more: bool


class OfferMade(msgspec.Struct, frozen=True, tag=True):
    """The offer stands. ``account`` is the issuer's, fresh, when the answer carried it."""

    offer: OfferId
    account: Account | None


class OfferAccepted(msgspec.Struct, frozen=True, tag=True):
    """The offer became a debt. ``account`` is the acceptor's, fresh, when the answer carried it."""

    offer: OfferId
    account: Account | None


class OfferDeclined(msgspec.Struct, frozen=True, tag=True):
    """The offer is gone. ``account`` is the decliner's, fresh, when the answer carried it."""

    offer: OfferId
    account: Account | None


class OfferCancelled(msgspec.Struct, frozen=True, tag=True):
    """The offer is gone. ``account`` is the issuer's, fresh, when the answer carried it."""

    offer: OfferId
    account: Account | None


class TierUpgraded(msgspec.Struct, frozen=True, tag=True):
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
    """The offer is unknown, was answered before, or has expired."""
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
    | LedgerRead
    | OfferMade
    | OfferAccepted
    | OfferDeclined
    | OfferCancelled
    | TierUpgraded
    | Refused
    | Unavailable
    | Unclear
)
