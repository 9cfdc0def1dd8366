"""The dashboards answers carry: a member, and all accounts or only the one acted on.

Core keeps tiers, allowances, account lists and balances for 30 seconds in some builds, and only ``createCredex`` drops
balances; ``keep_seconds`` turns that on. With 0 every answer is fresh.
"""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import TypeVar, cast

from credex.simulator import balances, rules
from credex.simulator.figures import formatted, number, signed
from credex.simulator.records import AccountRecord, CredexRecord, CredexState, MemberRecord
from credex.simulator.tables import Tables

T = TypeVar("T")


class Dashboards:
    """Renders dashboards of one world, with a memory as long as ``keep_seconds``."""

    def __init__(self, world: Tables, *, keep_seconds: float = 0) -> None:
        self._world = world
        self._keep = timedelta(seconds=keep_seconds)
        self._kept: dict[Hashable, tuple[datetime, object]] = {}

    def whole(self, member: MemberRecord, *, now: datetime) -> dict[str, object]:
        """The member with every account they may act for."""
        return {"member": self.member(member, now=now), "accounts": self.accounts(member, now=now)}

    def single(self, member: MemberRecord, account_id: str, *, now: datetime) -> dict[str, object]:
        """The member with one account only, as most answers show it."""
        return {"member": self.member(member, now=now), "accounts": [self._account(account_id, now)]}

    def member(self, member: MemberRecord, *, now: datetime) -> dict[str, object]:
        """The member's part; no limit is ``null``, for infinity is not JSON."""
        tier, remaining = self._remembered(("tier", member.id), now, lambda: self._standing(member.id))
        return {
            "memberID": member.id,
            "memberTier": tier,
            "remainingAvailableUSD": remaining,
            "firstname": member.first_name,
            "lastname": member.last_name,
            "memberHandle": member.handle,
            "defaultDenom": member.default_denomination,
        }

    def accounts(self, member: MemberRecord, *, now: datetime) -> list[dict[str, object]]:
        """Every account the member may act for."""
        ids = self._remembered(
            ("accounts", member.id), now, lambda: [account.id for account in self._world.accounts_for(member.id)]
        )
        return [self._account(account_id, now) for account_id in ids]

    def balances(self, account: AccountRecord, *, now: datetime) -> dict[str, object]:
        """The balances as text; without secured history the others lose their denomination."""
        return self._remembered(("balances", account.id), now, lambda: balance_data(self._world, account))

    def drop_balances(self) -> None:
        """Forget remembered balances, as core does after ``createCredex``."""
        self._kept = {key: kept for key, kept in self._kept.items() if "balances" not in cast("tuple[str, str]", key)}

    def _standing(self, member_id: str) -> tuple[int, int | float | None]:
        member = self._world.members[member_id]
        remaining = rules.remaining_today(self._world, member)
        return member.tier, None if remaining is None else number(remaining)

    def _account(self, account_id: str, now: datetime) -> dict[str, object]:
        account = self._world.accounts[account_id]
        hearer = self._world.members[account.send_offers_to]
        offers = [credex for credex in self._world.linked(account_id) if credex.state is CredexState.OFFERS]
        offers.sort(key=lambda credex: credex.number, reverse=True)
        return {
            "accountID": account.id,
            "accountName": account.name,
            "accountHandle": account.handle,
            "accountType": account.kind,
            "defaultDenom": account.default_denomination,
            "isOwnedAccount": True,
            "sendOffersTo": {
                "memberID": hearer.id,
                "firstname": hearer.first_name,
                "lastname": hearer.last_name,
            },
            "balanceData": self.balances(account, now=now),
            "pendingInData": [self._offer(c, account_id) for c in offers if c.receiver == account_id],
            "pendingOutData": [self._offer(c, account_id) for c in offers if c.issuer == account_id],
        }

    def _offer(self, credex: CredexRecord, account_id: str) -> dict[str, object]:
        amount = signed(credex.initial, debit=credex.issuer == account_id)
        offer: dict[str, object] = {
            "credexID": credex.id,
            "formattedInitialAmount": formatted(amount, credex.denomination),
            "counterpartyAccountName": self._world.accounts[credex.other_side(account_id)].name,
            "secured": credex.secured,
        }
        return offer if credex.due is None else {**offer, "dueDate": rules.printed_due(credex.due)}

    def _remembered(self, key: tuple[str, str], now: datetime, compute: Callable[[], T]) -> T:
        until, value = self._kept.get(key, (now, None))
        if until > now:
            return cast("T", value)
        fresh = compute()
        if self._keep:
            self._kept[key] = (now + self._keep, fresh)
        return fresh


def balance_data(world: Tables, account: AccountRecord) -> dict[str, object]:
    """``balanceData`` of an account, computed now."""
    credexes, default, rates = world.linked(account.id), account.default_denomination, world.rates
    secured = balances.secured_net(account.id, credexes)
    owed = balances.receivables(account.id, credexes, default, rates)
    owing = balances.payables(account.id, credexes, default, rates)
    figures = (owing, owed, owed - owing, balances.net_assets(account.id, credexes, default, rates))
    texts = [formatted(figure, default) for figure in figures] if secured else ["0.00"] * len(figures)
    return {
        "securedNetBalancesByDenom": [formatted(net, denomination) for denomination, net in secured.items()],
        "unsecuredBalancesInDefaultDenom": {
            "totalPayables": texts[0],
            "totalReceivables": texts[1],
            "netPayRec": texts[2],
        },
        "netCredexAssetsInDefaultDenom": texts[3],
    }
