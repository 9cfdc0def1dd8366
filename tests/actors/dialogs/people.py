"""Invented people, accounts and offers."""

from datetime import UTC, date, datetime
from decimal import Decimal

from credex.model import (
    Account,
    AccountId,
    AccountKind,
    AccountName,
    Balances,
    Member,
    MemberId,
    Offer,
    OfferId,
    Phone,
)
from credex.money import Denomination, Money

NOON = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
PHONE = Phone("263770000001")
USD, ZWG, CXX = Denomination.USD, Denomination.ZWG, Denomination.CXX


def usd(amount: str) -> Money:
    return Money(Decimal(amount), USD)


def offer(number: int, amount: str = "5", *, secured: bool = True, due: date | None = None) -> Offer:
    return Offer(
        id=OfferId(f"0ffe0000-0000-4000-8000-{number:012}"),
        amount=usd(amount),
        counterparty=f"Rudo {number}",
        secured=secured,
        due=due,
    )


def offers(many: int) -> tuple[Offer, ...]:
    return tuple(offer(number, str(number)) for number in range(1, many + 1))


def account(
    handle: str = "tariro",
    name: str = "Tariro Moyo Personal",
    *,
    incoming: tuple[Offer, ...] = (),
    outgoing: tuple[Offer, ...] = (),
    secured: tuple[Money, ...] = (usd("1234.50"), Money(Decimal(20), ZWG)),
    kind: AccountKind = AccountKind.PERSONAL,
) -> Account:
    return Account(
        id=AccountId(f"acc-{handle}"),
        name=name,
        handle=handle,
        kind=kind,
        default_denomination=USD,
        owned=True,
        balances=Balances(
            secured=secured,
            payables=usd("-3"),
            receivables=usd("7.25"),
            net_unsecured=usd("4.25"),
            net_assets=usd("1238.75"),
        ),
        incoming=incoming,
        outgoing=outgoing,
    )


def member(*accounts: Account, tier: int = 1, left: str | None = "10") -> Member:
    return Member(
        id=MemberId("member-1"),
        first_name="Tariro",
        last_name="Moyo",
        handle=PHONE,
        tier=tier,
        remaining_usd=None if left is None else Decimal(left),
        default_denomination=USD,
        accounts=accounts or (account(),),
    )


def shop(number: int) -> Account:
    return account(f"shop_{number}", f"Shop {number}", kind=AccountKind.OPERATIONS)


RUDO = AccountName(AccountId("acc-rudo"), "Rudo Ncube Personal", "rudo")
