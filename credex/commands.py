"""What we ask of credex-core. One class a question; frozen, storable, with no secret in it.

``MoneyCommand`` lists those that can move money: credex-core has no idempotency key, so these are sent at most once.
"""

from datetime import date

import msgspec

from credex.model import AccountId, OfferId, Phone
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
    """What was accepted on this account, newest first, at most ``rows``. Answers ``LedgerRead``."""

    phone: Phone
    account: AccountId
    rows: int


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


MoneyCommand = OfferCredex | AcceptOffer | DeclineOffer | CancelOffer | UpgradeTier
Command = Login | Onboard | FindAccount | ReadLedger | MoneyCommand


def moves_money(command: Command) -> bool:
    """Whether sending this twice could be felt in somebody's account."""
    return isinstance(command, MoneyCommand)
