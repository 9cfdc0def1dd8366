"""What a dashboard already tells about an amount: spares a question to credex-core, and the member a wait.

Only where the dashboard is sure. The day's allowance is in US dollars, so it judges dollar amounts alone. Secured
balances are looked up by their exact denomination; trust accounts and the foundation secure their own offers without
limit, so for them only credex-core knows.
"""

from decimal import Decimal

from actors.dialogs import texts
from actors.dialogs.visit import Visit
from actors.dialogs.wording import own_party
from credex.model import AccountKind
from credex.money import Denomination, Money

_PROMISING_TIER = 2
_SECURES_ITSELF = frozenset({AccountKind.TRUST, AccountKind.CREDEX_FOUNDATION})


def objection(visit: Visit, amount: Money, *, secured: bool = True) -> str | None:
    """Why this account cannot offer that much, or ``None`` if credex-core should be asked."""
    return _allowance(visit, amount) or (_cover(visit, amount) if secured else None)


def promise_objection(visit: Visit) -> str | None:
    """Why this member cannot offer unsecured credex at all, or ``None``."""
    return texts.UNSECURED_NEEDS_TIER if visit.member.tier < _PROMISING_TIER else None


def _allowance(visit: Visit, amount: Money) -> str | None:
    left = visit.member.remaining_usd
    if left is None or amount.denomination is not Denomination.USD or amount.amount <= left:
        return None
    return texts.OVER_ALLOWANCE.format(left=Money(left, Denomination.USD), amount=amount)


def _cover(visit: Visit, amount: Money) -> str | None:
    account = visit.account
    if account.kind in _SECURES_ITSELF:
        return None
    name = own_party(account.name, account.handle)
    held = [money for money in account.balances.secured if money.denomination is amount.denomination]
    available = Money(sum((money.amount for money in held), Decimal(0)), amount.denomination)
    if amount.amount <= available.amount:
        return None
    if available.amount <= 0:
        return texts.NO_BALANCE.format(account=name, denomination=amount.denomination)
    return texts.OVER_BALANCE.format(account=name, available=available, amount=amount)
