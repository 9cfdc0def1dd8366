"""Worlds for tests and development: members with accounts, funded, with offers waiting, and what became of them.

Builders count seconds from the midnight of the day and ids derive from the seed, so the same calls make the same
world. They raise ``ValueError`` for what credex-core would not allow. Amounts are text, commas allowed.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from credex.model import AccountKind
from credex.money import Denomination
from credex.simulator.balances import secured_net
from credex.simulator.records import NOTHING, AccountRecord, CredexRecord, CredexState, MemberRecord, Terms
from credex.simulator.tables import Tables


class World(Tables):
    """Tables with hands to fill them and eyes to look into them."""

    def __init__(self, today: date, *, seed: int = 0) -> None:
        super().__init__(today, seed=seed)
        self._built = 0

    def add_member(
        self,
        phone: str,
        first: str,
        last: str,
        tier: int = 1,
        handle: str | None = None,
        default_denom: str = "USD",
    ) -> MemberRecord:
        """A member with a personal account; the handle is the phone's digits unless given."""
        handle = handle or phone
        if self.member_by_phone(phone) or self.member_by_handle(handle) or self.account_by_handle(handle):
            raise ValueError(f"{phone} or {handle} is taken")
        member = MemberRecord(
            id=self.ids.next(),
            phone=phone,
            first_name=first,
            last_name=last,
            handle=handle,
            tier=tier,
            default_denomination=Denomination(default_denom),
        )
        self.enrol(member)
        self.personal_account(member)
        return member

    def add_account(
        self,
        owner_phone: str,
        name: str,
        handle: str,
        kind: str = "OPERATIONS",
        denom: str = "USD",
        *,
        audited: bool = False,
    ) -> AccountRecord:
        """A further account of a member."""
        if self.account_by_handle(handle):
            raise ValueError(f"{handle} is taken")
        owner = self.member(owner_phone).id
        account = AccountRecord(
            id=self.ids.next(),
            name=name,
            handle=handle,
            kind=AccountKind(kind),
            default_denomination=Denomination(denom),
            owner=owner,
            authorized=(owner,),
            send_offers_to=owner,
            audited=audited,
        )
        self.keep(account)
        return account

    def authorize(self, handle: str, phone: str) -> None:
        """Let the member with this phone act for the account with this handle."""
        account = self.account(handle)
        self.keep(replace(account, authorized=(*account.authorized, self.member(phone).id)))

    def fund(self, handle: str, amount: str, denom: str = "USD") -> CredexRecord:
        """An accepted secured credex (``"1,234.50"``) from the audited account of that denomination."""
        return self.pay(self._audited(Denomination(denom)).handle, handle, amount, denom)

    def pay(self, from_handle: str, to_handle: str, amount: str, denom: str = "USD") -> CredexRecord:
        """A secured offer, accepted at once."""
        return self.accept(self.offer(from_handle, to_handle, amount, denom), at=self._moment())

    def offer(
        self,
        from_handle: str,
        to_handle: str,
        amount: str,
        denom: str = "USD",
        *,
        secured: bool = True,
        due: date | None = None,
    ) -> CredexRecord:
        """An open offer. Secured ones need cover; an unsecured one is due in 14 days unless told."""
        terms = Terms(
            issuer=self.account(from_handle).id,
            receiver=self.account(to_handle).id,
            amount=Decimal(amount.replace(",", "")),
            denomination=Denomination(denom),
            secured=secured,
            due=None if secured else due or self.today + timedelta(days=14),
        )
        securer = self.securer_for(terms) if secured else None
        if secured and securer is None:
            raise ValueError(f"{from_handle} has no cover for {amount} {denom}")
        return self.open_credex(terms, securer=securer, at=self._moment())

    def end_offer(self, to_handle: str, amount: str, how: str, denom: str = "USD") -> CredexRecord:
        """Have the oldest such open offer ``accepted``, ``declined``, ``cancelled`` or ``expired`` behind all backs."""
        wanted = Decimal(amount.replace(",", "")), Denomination(denom)
        opened = (one for one in self.offers_of(to_handle, "incoming") if (one.initial, one.denomination) == wanted)
        offer = next(opened, None)
        if offer is None:
            raise ValueError(f"no offer of {amount} {denom} waits for {to_handle}")
        if how == "expired":
            return self.expire(offer)
        ends = {"accepted": self.accept, "declined": self.decline, "cancelled": self.cancel}
        return ends[how](offer, at=self._moment())

    def member(self, phone: str) -> MemberRecord:
        """The member with this phone, who must exist."""
        member = self.member_by_phone(phone)
        if member is None:
            raise ValueError(f"nobody has the phone {phone}")
        return member

    def account(self, handle: str) -> AccountRecord:
        """The account with this handle, which must exist."""
        account = self.account_by_handle(handle)
        if account is None:
            raise ValueError(f"no account has the handle {handle}")
        return account

    def credexes_of(self, handle: str) -> list[CredexRecord]:
        """Every credex from or to the account, whatever its state, oldest first."""
        return self.linked(self.account(handle).id)

    def offers_of(self, handle: str, direction: Literal["incoming", "outgoing", "both"] = "both") -> list[CredexRecord]:
        """The account's open offers, oldest first."""
        own = self.account(handle).id
        wanted = {"incoming": (False,), "outgoing": (True,), "both": (True, False)}[direction]
        opened = (credex for credex in self.linked(own) if credex.state is CredexState.OFFERS)
        return [credex for credex in opened if (credex.issuer == own) in wanted]

    def secured_balance(self, handle: str, denom: str = "USD") -> Decimal:
        """The displayed secured balance of the account, unrounded."""
        own = self.account(handle).id
        return secured_net(own, self.linked(own)).get(Denomination(denom), NOTHING)

    def _audited(self, denomination: Denomination) -> AccountRecord:
        for account in self.accounts.values():
            if account.audited and account.default_denomination is denomination:
                return account
        code = denomination.lower()
        phone = f"2637709999{list(Denomination).index(denomination):02}"
        self.add_member(phone, "Audited", denomination, tier=5, handle=f"{code}_auditor")
        return self.add_account(phone, f"{denomination} Trust", f"{code}_trust", "TRUST", denomination, audited=True)

    def _moment(self) -> datetime:
        self._built += 1
        return datetime.combine(self.today, time(), UTC) + timedelta(seconds=self._built)
