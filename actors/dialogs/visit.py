"""A visit: who is logged in, and which of their accounts they act for.

Every state after login holds one. What credex-core tells of one account is merged in, never put in place of the rest.
``seen`` is when the whole was last read; ``None`` once something happened that the copy at hand cannot know.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec

from actors.dialogs.wording import own_party
from credex.model import Account, AccountId, Member, OfferId, Phone, RecurringId
from credex.money import Denomination, Money

FRESH_FOR = timedelta(seconds=5)


class Kept(msgspec.Struct, frozen=True):
    """A recurring payment that was set up here: its id, the account that pays, and whom, by name."""

    id: RecurringId
    account: AccountId
    receiver: str


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """``account_id`` is one of ``member.accounts``, which is never empty (``arrivals.arrive`` sees to both).

    ``recurring`` are the recurring payments set up here, as far as they are remembered; ``None`` where they are off.
    The member actor sets it anew in every turn.
    """

    phone: Phone
    member: Member
    account_id: AccountId
    seen: datetime | None
    recurring: tuple[Kept, ...] | None = None

    @property
    def account(self) -> Account:
        """The account acted for."""
        return self.member.account(self.account_id) or self.member.accounts[0]

    @property
    def party(self) -> str:
        """The account acted for, as it is shown."""
        return own_party(self.account.name, self.account.handle)

    @property
    def several(self) -> bool:
        """Whether there is an account to switch to."""
        return len(self.member.accounts) > 1

    def fresh(self, now: datetime) -> bool:
        """Whether the figures are young enough to show without asking credex-core again."""
        return self.seen is not None and now - self.seen < FRESH_FOR

    def with_account(self, account: Account | None) -> "Visit":
        """Merge an account as an answer brought it; an answer without one leaves the copy at hand outdated."""
        if account is None:
            return self.outdated()
        return msgspec.structs.replace(self, member=self.member.with_account(account))

    def with_member(self, member: Member, now: datetime) -> "Visit":
        """Take a whole new reading, keeping the account acted for."""
        return msgspec.structs.replace(self, member=member, seen=now)

    def looked_at(self, member: Member | None, now: datetime) -> "Visit":
        """Take a reading made on the side, if there is one and it has the account acted for."""
        if member is None or member.account(self.account_id) is None:
            return self.outdated()
        return self.with_member(member, now)

    def acting_for(self, account_id: AccountId) -> "Visit":
        """Switch to another account of the member."""
        return msgspec.structs.replace(self, account_id=account_id)

    def without_offer(self, offer: OfferId) -> "Visit":
        """The same with an offer gone, whatever credex-core's cache still says."""
        return self.without_offers((offer,))

    def without_offers(self, offers: Collection[OfferId]) -> "Visit":
        """The same with several offers gone."""
        account = self.account
        changed = msgspec.structs.replace(
            account,
            incoming=tuple(each for each in account.incoming if each.id not in offers),
            outgoing=tuple(each for each in account.outgoing if each.id not in offers),
        )
        return msgspec.structs.replace(self, member=self.member.with_account(changed))

    def without_recurring(self, ended: RecurringId) -> "Visit":
        """The same without a recurring payment that has ended."""
        kept = tuple(one for one in self.recurring or () if one.id != ended)
        return msgspec.structs.replace(self, recurring=None if self.recurring is None else kept)

    def outdated(self) -> "Visit":
        """The same, to be read again before it is shown as news."""
        return msgspec.structs.replace(self, seen=None)

    def spent(self, amount: Money) -> "Visit":
        """Take an offer off the day's allowance, which answers to offers do not carry."""
        left = self.member.remaining_usd
        if left is None:
            return self
        if amount.denomination is not Denomination.USD:
            return self.outdated()
        member = msgspec.structs.replace(self.member, remaining_usd=max(left - amount.amount, Decimal(0)))
        return msgspec.structs.replace(self, member=member)
