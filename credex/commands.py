"""What we ask of credex-core. One class a question; frozen, storable, with no secret in it.

``MoneyCommand`` lists those that can move money: credex-core has no idempotency key, so these are sent at most once.
``ChangeCommand`` lists those that change something else. A repeat of one of them ends in the same state, if only by
being refused; so one whose answer was lost leaves a doubt that a fresh login settles.
"""

from datetime import date

import msgspec

from credex.model import AccountId, AccountKind, MemberId, OfferId, Phone, RecurringId
from credex.money import Denomination, Money


class Login(msgspec.Struct, frozen=True, tag=True):
    """Who is this phone? Answers ``LoggedIn`` with every account, or ``NotAMember``."""

    phone: Phone


class Onboard(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Join: a member of tier 1 with one personal account. A repeat answers that the phone is taken."""

    phone: Phone
    first_name: str
    last_name: str
    default_denomination: Denomination


class FindAccount(msgspec.Struct, frozen=True, tag=True):
    """Whose handle is this? ``handle`` in lower case. Answers ``AccountFound`` or ``Refused``."""

    phone: Phone
    handle: str


class ReadLedger(msgspec.Struct, frozen=True, tag=True):
    """What was accepted on this account, newest first: at most ``rows``, from row ``start`` on. Answers ``LedgerRead``.

    Rows count from 0.
    """

    phone: Phone
    account: AccountId
    rows: int
    start: int = 0


class ReadCredex(msgspec.Struct, frozen=True, tag=True):
    """One credex as this account sees it, whatever became of it. Answers ``CredexRead`` or ``Refused``."""

    phone: Phone
    account: AccountId
    credex: OfferId


class FindMember(msgspec.Struct, frozen=True, tag=True):
    """Which member has this handle? ``handle`` in lower case. Answers ``MemberFound`` or ``Refused``.

    Later versions of credex-core have dropped this question: it is ``Unavailable`` there.
    """

    phone: Phone
    handle: str


class OpenAccount(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Open one more account. A repeat is refused, since the handle is taken. Answers ``AccountOpened``."""

    phone: Phone
    kind: AccountKind
    name: str
    handle: str
    default_denomination: Denomination


class RenameAccount(msgspec.Struct, frozen=True, tag=True):
    """Give an account another name. Answers ``AccountRenamed``."""

    phone: Phone
    account: AccountId
    name: str


class AuthorizeMember(msgspec.Struct, frozen=True, tag=True):
    """Let the member with this handle act for an account. Answers ``MemberAuthorized``."""

    phone: Phone
    account: AccountId
    handle: str


class RevokeMember(msgspec.Struct, frozen=True, tag=True):
    """End a member's authority over an account. A repeat is refused. Answers ``MemberRevoked``."""

    phone: Phone
    account: AccountId
    member: MemberId


class SendOffersTo(msgspec.Struct, frozen=True, tag=True):
    """Say which of the members who may act for an account hears of its offers. Answers ``OffersRouted``."""

    phone: Phone
    account: AccountId
    member: MemberId


class OfferCredex(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Offer a credex: secured when ``due`` is ``None``. Never repeated blindly: a repeat is a second offer."""

    phone: Phone
    issuer: AccountId
    receiver: AccountId
    amount: Money
    due: date | None = None


class AcceptOffer(msgspec.Struct, frozen=True, tag=True):
    """Accept an incoming offer."""

    phone: Phone
    offer: OfferId


class AcceptOffers(msgspec.Struct, frozen=True, tag=True):
    """Accept several incoming offers of one account, each for itself. Answers ``OffersAccepted``."""

    phone: Phone
    account: AccountId
    offers: tuple[OfferId, ...]


class DeclineOffer(msgspec.Struct, frozen=True, tag=True):
    """Decline an incoming offer."""

    phone: Phone
    offer: OfferId


class CancelOffer(msgspec.Struct, frozen=True, tag=True):
    """Take back an outgoing offer that is still open."""

    phone: Phone
    offer: OfferId


class UpgradeTier(msgspec.Struct, frozen=True, tag=True):
    """Become a member of tier 3 for 1.00 USD, paid from this account. Never repeated blindly: a repeat pays again."""

    phone: Phone
    account: AccountId


class SetUpRecurring(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Pay the same amount, secured, every so many days from ``start`` on. Never repeated blindly: two would run."""

    phone: Phone
    source: AccountId
    target: AccountId
    amount: Money
    every_days: int
    start: date


class ReadRecurring(msgspec.Struct, frozen=True, tag=True):
    """A recurring payment, asked by an account that is party to it. Answers ``RecurringRead``."""

    phone: Phone
    account: AccountId
    recurring: RecurringId


class CancelRecurring(msgspec.Struct, frozen=True, tag=True):
    """End a recurring payment. A repeat is refused. Answers ``RecurringCancelled``."""

    phone: Phone
    recurring: RecurringId


MoneyCommand = OfferCredex | AcceptOffer | AcceptOffers | DeclineOffer | CancelOffer | UpgradeTier | SetUpRecurring
ChangeCommand = OpenAccount | RenameAccount | AuthorizeMember | RevokeMember | SendOffersTo | CancelRecurring
ReadCommand = FindAccount | FindMember | ReadLedger | ReadCredex | ReadRecurring
"""Those that change nothing and need the member's token."""
Command = Login | Onboard | ReadCommand | ChangeCommand | MoneyCommand


def moves_money(command: Command) -> bool:
    """Whether sending this twice could be felt in somebody's account."""
    return isinstance(command, MoneyCommand)


def leaves_doubt(command: Command) -> bool:
    """Whether it matters that its answer was lost: it may have been carried out, and a repeat is not the same."""
    return isinstance(command, MoneyCommand | ChangeCommand)
