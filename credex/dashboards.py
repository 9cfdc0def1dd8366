"""credex-core's dashboards as ``Member`` and ``Account``. Pure.

Its amounts are text made for people: ``"1,234.50 USD"``, outbound ones with a minus, zeros as ``"-0.00 USD"``, and bare
``"0.00"`` for an account without history, which then means the account's own denomination. Empty lists of offers may be
``{}``, ``secured`` and ``dueDate`` may be absent, and a due date may read ``Invalid date``.

Amounts in a denomination this client does not know are left out, one by one: a new denomination must not lock a member
out of the others. Anything else that is not as agreed is ``MalformedPayload``: half a dashboard would be a wrong one.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec

from credex.model import Account, AccountId, AccountKind, Balances, Member, MemberId, MemberName, Offer, OfferId
from credex.money import Denomination, Money
from credex.payload import MalformedPayload, decode

Id = Annotated[str, msgspec.Meta(pattern=r"\A[0-9A-Za-z_-]{1,64}\Z")]
"""Ids are UUIDs today; all that is relied on is that they are short and plain."""


class _Offer(msgspec.Struct, kw_only=True):
    id: Id = msgspec.field(name="credexID")
    amount: str = msgspec.field(name="formattedInitialAmount")
    counterparty: str | None = msgspec.field(default=None, name="counterpartyAccountName")
    secured: bool | None = None
    due: str | None = msgspec.field(default=None, name="dueDate")


class _Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """``{}``: an empty list, in some versions."""


_Offers = list[_Offer] | _Nothing


class _Unsecured(msgspec.Struct):
    payables: str = msgspec.field(name="totalPayables")
    receivables: str = msgspec.field(name="totalReceivables")
    net: str = msgspec.field(name="netPayRec")


class _Balances(msgspec.Struct):
    secured: list[str] = msgspec.field(name="securedNetBalancesByDenom")
    unsecured: _Unsecured = msgspec.field(name="unsecuredBalancesInDefaultDenom")
    net_assets: str = msgspec.field(name="netCredexAssetsInDefaultDenom")


class _Hearer(msgspec.Struct):
    id: Id | None = msgspec.field(default=None, name="memberID")
    first_name: str | None = msgspec.field(default=None, name="firstname")
    last_name: str | None = msgspec.field(default=None, name="lastname")


class _Account(msgspec.Struct, kw_only=True):
    id: Id = msgspec.field(name="accountID")
    name: str = msgspec.field(name="accountName")
    handle: str = msgspec.field(name="accountHandle")
    kind: str = msgspec.field(name="accountType")
    default_denomination: Denomination = msgspec.field(name="defaultDenom")
    balances: _Balances = msgspec.field(name="balanceData")
    owned: bool = msgspec.field(default=False, name="isOwnedAccount")
    incoming: _Offers = msgspec.field(name="pendingInData")
    outgoing: _Offers = msgspec.field(name="pendingOutData")
    offers_to: _Hearer | None = msgspec.field(default=None, name="sendOffersTo")


class _Member(msgspec.Struct, kw_only=True):
    id: Id = msgspec.field(name="memberID")
    tier: Annotated[int, msgspec.Meta(ge=1, le=99)] = msgspec.field(name="memberTier")
    first_name: str = msgspec.field(name="firstname")
    last_name: str = msgspec.field(name="lastname")
    handle: str = msgspec.field(name="memberHandle")
    default_denomination: Denomination = msgspec.field(name="defaultDenom")
    remaining_usd: Decimal | None = msgspec.field(default=None, name="remainingAvailableUSD")


class _Dashboard(msgspec.Struct):
    member: _Member
    accounts: list[_Account]


class _Accounts(msgspec.Struct):
    accounts: list[_Account] = []


def read_member(raw: msgspec.Raw) -> Member:
    """A whole dashboard, as login and onboarding send it. Raises ``MalformedPayload``."""
    dashboard = decode(raw, _Dashboard, part="dashboard")
    member = dashboard.member
    return Member(
        id=MemberId(member.id),
        first_name=member.first_name,
        last_name=member.last_name,
        handle=member.handle,
        tier=member.tier,
        remaining_usd=_allowance(member.remaining_usd),
        default_denomination=member.default_denomination,
        accounts=tuple(_account(account) for account in dashboard.accounts),
    )


def read_touched_account(raw: msgspec.Raw, wanted: AccountId | None = None) -> Account | None:
    """The account that an action touched: ``wanted``, or the only one there is.

    ``None`` if the dashboard is empty or unreadable: the action stands whatever its dashboard looks like.
    """
    try:
        accounts = decode(raw, _Accounts, part="dashboard").accounts
        if wanted is None:
            return _account(accounts[0]) if len(accounts) == 1 else None
        return next((_account(account) for account in accounts if account.id == wanted), None)
    except MalformedPayload:
        return None


def _account(account: _Account) -> Account:
    return Account(
        id=AccountId(account.id),
        name=account.name,
        handle=account.handle,
        kind=_kind(account.kind),
        default_denomination=account.default_denomination,
        owned=account.owned,
        balances=_balances(account.balances, account.default_denomination),
        incoming=_offers(account.incoming, account.default_denomination),
        outgoing=_offers(account.outgoing, account.default_denomination),
        offers_to=_hearer(account.offers_to),
    )


def _hearer(hearer: _Hearer | None) -> MemberName | None:
    if hearer is None or not hearer.id:
        return None
    name = " ".join(part for part in (hearer.first_name, hearer.last_name) if part)
    return MemberName(MemberId(hearer.id), name)


def _kind(name: str) -> AccountKind:
    # Only PERSONAL is treated apart by anyone; credex-core's reference also names BUSINESS, its code refuses it.
    return AccountKind.__members__.get(name, AccountKind.OPERATIONS)


def _balances(balances: _Balances, default: Denomination) -> Balances:
    unsecured = balances.unsecured
    secured = [read_amount(text, default) for text in balances.secured]
    order = tuple(Denomination)
    return Balances(
        secured=tuple(sorted(filter(None, secured), key=lambda money: order.index(money.denomination))),
        payables=_known_money(unsecured.payables, default),
        receivables=_known_money(unsecured.receivables, default),
        net_unsecured=_known_money(unsecured.net, default),
        net_assets=_known_money(balances.net_assets, default),
    )


def _offers(offers: _Offers, default: Denomination) -> tuple[Offer, ...]:
    if not isinstance(offers, list):
        return ()
    return tuple(filter(None, (_offer(offer, default) for offer in offers)))


def _offer(offer: _Offer, default: Denomination) -> Offer | None:
    amount = read_amount(offer.amount, default)
    if amount is None:
        return None
    return Offer(
        id=OfferId(offer.id),
        amount=abs(amount),
        counterparty=offer.counterparty or "",
        secured=bool(offer.secured),
        due=read_day(offer.due),
    )


_AMOUNT = re.compile(
    r"(?P<number>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,6})?)(?: (?P<code>[A-Z]{3,8}))?",
    re.ASCII,
)
_LONGEST = 24
"""Digits and signs of an amount that ``Decimal`` still rounds exactly in its default context of 28 digits."""


def read_amount(text: str, default: Denomination) -> Money | None:
    """``"-1,234.50 USD"``, or ``"0.00"`` in the denomination that is the account's own.

    ``None`` for a denomination not known here. Raises ``MalformedPayload``.
    """
    match = _AMOUNT.fullmatch(text)
    if match is None or len(match["number"]) > _LONGEST:
        raise MalformedPayload("amount")
    denomination = Denomination.__members__.get(match["code"]) if match["code"] else default
    if denomination is None:
        return None
    amount = Decimal(match["number"].replace(",", ""))
    return Money(amount or abs(amount), denomination)  # -0.00 is 0.00


def _known_money(text: str, default: Denomination) -> Money:
    money = read_amount(text, default)
    if money is None:
        raise MalformedPayload("amount")
    return money


def _allowance(remaining: Decimal | None) -> Decimal | None:
    if remaining is None:
        return None
    if not remaining.is_finite() or remaining.adjusted() > _LONGEST or len(remaining.as_tuple().digits) > _LONGEST:
        raise MalformedPayload("allowance")
    return max(remaining, Decimal(0))


def read_day(text: str | None) -> date | None:
    """A printed day; ``None`` too for what is no date: credex-core prints ``Invalid date`` for some calendar days."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
