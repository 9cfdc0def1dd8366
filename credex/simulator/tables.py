"""The tables of the simulated core, how they are looked up and how a credex moves through its life.

A credex starts as an offer (or a request) and is accepted, declined, cancelled or expires; an accepted one may be
cleared or default. Each step puts a new record in the table; whether the step is allowed was decided before.
"""

from dataclasses import replace
from datetime import date, datetime

from credex.model import AccountKind
from credex.simulator.balances import best_cover
from credex.simulator.figures import DAY_ZERO_RATES
from credex.simulator.ids import Ids
from credex.simulator.records import (
    NOTHING,
    AccountRecord,
    CredexRecord,
    CredexState,
    MemberRecord,
    RecurringRecord,
    Terms,
)


class Tables:
    """The tables. ``today`` is the core's day (its day node), which moves only with the nightly job."""

    def __init__(self, today: date, *, seed: int = 0) -> None:
        self.today = today
        self.rates = dict(DAY_ZERO_RATES)
        self.members: dict[str, MemberRecord] = {}
        self.accounts: dict[str, AccountRecord] = {}
        self.credexes: dict[str, CredexRecord] = {}
        self.recurring: dict[str, RecurringRecord] = {}
        self.ids = Ids(f"world {seed}")
        self._links: dict[str, list[str]] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.today} {len(self.members)} members {len(self.credexes)} credexes>"

    def member_by_phone(self, phone: str) -> MemberRecord | None:
        """The member who logs in with this phone."""
        return next((member for member in self.members.values() if member.phone == phone), None)

    def member_by_handle(self, handle: str) -> MemberRecord | None:
        """The member with this handle."""
        return next((member for member in self.members.values() if member.handle == handle), None)

    def account_by_handle(self, handle: str) -> AccountRecord | None:
        """The account with this handle."""
        return next((account for account in self.accounts.values() if account.handle == handle), None)

    def accounts_for(self, member_id: str) -> list[AccountRecord]:
        """Every account the member may act for, oldest first."""
        return [account for account in self.accounts.values() if member_id in account.authorized]

    def accounts_owned(self, member_id: str) -> list[AccountRecord]:
        """Every account the member owns, oldest first."""
        return [account for account in self.accounts.values() if account.owner == member_id]

    def may_act(self, member_id: str, account_id: str) -> bool:
        """Whether the member is authorised for the account; an unknown account is nobody's."""
        return account_id in self.accounts and member_id in self.accounts[account_id].authorized

    def linked(self, account_id: str) -> list[CredexRecord]:
        """Every credex from or to the account, oldest first."""
        return [self.credexes[credex_id] for credex_id in self._links.get(account_id, ())]

    def enrol(self, member: MemberRecord) -> None:
        """Add a member or replace the record of one."""
        self.members[member.id] = member

    def keep(self, account: AccountRecord) -> None:
        """Add an account or replace its record."""
        self.accounts[account.id] = account

    def personal_account(self, member: MemberRecord) -> AccountRecord:
        """Open the account every member starts with; its handle is the member's."""
        account = AccountRecord(
            id=self.ids.next(),
            name=f"{member.name} Personal",
            handle=member.handle,
            kind=AccountKind.PERSONAL,
            default_denomination=member.default_denomination,
            owner=member.id,
            authorized=(member.id,),
            send_offers_to=member.id,
        )
        self.keep(account)
        return account

    def open_credex(self, terms: Terms, *, securer: str | None, at: datetime) -> CredexRecord:
        """Write a new credex. The caller has checked that it may exist."""
        credex = CredexRecord(
            id=self.ids.next(),
            number=len(self.credexes) + 1,
            issuer=terms.issuer,
            receiver=terms.receiver,
            denomination=terms.denomination,
            initial=terms.amount,
            outstanding=terms.amount,
            purpose=terms.purpose,
            state=terms.state,
            day=self.today,
            created_at=at,
            securer=securer,
            due=terms.due,
        )
        self.credexes[credex.id] = credex
        for account_id in (credex.issuer, credex.receiver):
            self._links.setdefault(account_id, []).append(credex.id)
        return credex

    def accept(self, credex: CredexRecord, *, at: datetime) -> CredexRecord:
        """The offer becomes a debt."""
        return self._put(replace(credex, state=CredexState.OWES, accepted_at=at))

    def decline(self, credex: CredexRecord, *, at: datetime) -> CredexRecord:
        """The offer is turned down; nothing is outstanding any more."""
        return self._put(replace(credex, state=CredexState.DECLINED, outstanding=NOTHING, declined_at=at))

    def cancel(self, credex: CredexRecord, *, at: datetime) -> CredexRecord:
        """The offer is taken back; nothing is outstanding any more."""
        return self._put(replace(credex, state=CredexState.CANCELLED, outstanding=NOTHING, cancelled_at=at))

    def expire(self, credex: CredexRecord) -> CredexRecord:
        """The offer loses its link: neither pending nor declined."""
        return self._put(replace(credex, state=CredexState.EXPIRED))

    def clear(self, credex: CredexRecord) -> CredexRecord:
        """The whole debt is redeemed against others. No endpoint does this; a test may."""
        redeemed = credex.redeemed + credex.outstanding
        return self._put(replace(credex, state=CredexState.CLEARED, redeemed=redeemed, outstanding=NOTHING))

    def default(self, credex: CredexRecord) -> CredexRecord:
        """What is outstanding is also recorded as defaulted."""
        return self._put(replace(credex, defaulted=credex.outstanding))

    def wipe(self) -> None:
        """Forget everything but the day."""
        for table in (self.members, self.accounts, self.credexes, self.recurring, self._links):
            table.clear()

    def securer_for(self, terms: Terms) -> str | None:
        """Who can secure this credex: an audited issuer itself, else the best cover if it is enough."""
        if self.accounts[terms.issuer].audited:
            return terms.issuer
        cover = best_cover(terms.issuer, self.linked(terms.issuer), terms.denomination)
        return cover.securer if cover.amount >= float(terms.amount) else None

    def _put(self, credex: CredexRecord) -> CredexRecord:
        self.credexes[credex.id] = credex
        return credex
