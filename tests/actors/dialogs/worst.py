"""The longest of everything a member may be shown, and any state made of it.

``state_of`` builds a state by the types of its fields, so a state or a field added later is built as well. A word that
can be no longer than here is named in ``WORDS``, by the field or the placeholder it fills.
"""

import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, NewType, TypeVar, Union, get_args, get_origin

import msgspec

from actors.dialogs.recurring_list import Listed
from actors.dialogs.visit import Kept
from credex.model import (
    Account,
    AccountId,
    AccountKind,
    Balances,
    LedgerEntry,
    Member,
    MemberId,
    MemberName,
    Offer,
    OfferId,
    Phone,
    Recurring,
    RecurringId,
)
from credex.money import Denomination, Money
from tests.actors.dialogs.people import NOON

S = TypeVar("S")

TWELVE_DIGITS = {2: "999999999999.99", 3: "999999999999.999", 4: "999999999999.9999"}
HANDLE = "w" * 30
ACCOUNT_NAME = "W" * 50
PERSONAL_NAME = "W" * 50
LONGEST_DAY = date(2026, 12, 31)
PHONE = Phone("9" * 15)
ID = "00000000-0000-4000-8000-000000000000"
ACCOUNTS, OFFERS = 40, 120


def money(denomination: Denomination, *, owed: bool = False) -> Money:
    """Twelve digits and every decimal."""
    amount = Decimal(TWELVE_DIGITS[denomination.places])
    return Money(-amount if owed else amount, denomination)


LONGEST_MONEY = max(map(money, Denomination), key=lambda each: len(str(each)))
LONGEST_DEBT = Money(-LONGEST_MONEY.amount, LONGEST_MONEY.denomination)

WORDS: Mapping[str, str] = {
    "first_name": PERSONAL_NAME,
    "last_name": PERSONAL_NAME,
    "handle": HANDLE,
    "name": ACCOUNT_NAME,
    "counterparty": f"{PERSONAL_NAME} {PERSONAL_NAME}",
    "word": "w" * 4096,
    "receiver": f"{ACCOUNT_NAME} (@{HANDLE})",
    "terms": f"{'9' * 24} XAU, secured, every 52 weeks\nNext on: 31 Dec 2026\nTo: {ACCOUNT_NAME} (@{HANDLE})",
    "reason": "w" * 300,
    "status": "PENDING",
    "door": "offer_secured",
    "due": "w" * 30,
}


def offer(number: int) -> Offer:
    return Offer(
        id=OfferId(f"{number:08}{ID[8:]}"),
        amount=LONGEST_MONEY,
        counterparty=WORDS["counterparty"],
        secured=False,
        due=LONGEST_DAY,
    )


def account(number: int = 0) -> Account:
    several = tuple(offer(each) for each in range(OFFERS)) if number == 0 else ()
    return Account(
        id=AccountId(f"{number:08}{ID[8:]}"),
        name=f"{number:02}".ljust(len(ACCOUNT_NAME), "W"),
        handle=f"{number:02}".ljust(len(HANDLE), "w"),
        kind=AccountKind.CREDEX_FOUNDATION,
        default_denomination=LONGEST_MONEY.denomination,
        owned=True,
        balances=Balances(
            secured=tuple(money(denomination, owed=True) for denomination in Denomination),
            payables=LONGEST_DEBT,
            receivables=LONGEST_MONEY,
            net_unsecured=LONGEST_DEBT,
            net_assets=LONGEST_DEBT,
        ),
        incoming=several,
        outgoing=several,
        offers_to=MemberName(MemberId(ID), f"{PERSONAL_NAME} {PERSONAL_NAME}", HANDLE),
    )


def member() -> Member:
    return Member(
        id=MemberId(ID),
        first_name=PERSONAL_NAME,
        last_name=PERSONAL_NAME,
        handle=HANDLE,
        tier=1,
        remaining_usd=money(Denomination.USD).amount,
        default_denomination=LONGEST_MONEY.denomination,
        accounts=tuple(account(number) for number in range(ACCOUNTS)),
    )


def entry(number: int) -> LedgerEntry:
    return LedgerEntry(id=offer(number).id, amount=LONGEST_DEBT, counterparty=WORDS["counterparty"], at=NOON)


MEMBER = member()

_VALUES: Mapping[object, object] = {
    Phone: PHONE,
    AccountId: MEMBER.accounts[0].id,
    Money: LONGEST_MONEY,
    tuple[Money, ...]: (LONGEST_MONEY, Money(LONGEST_MONEY.amount - 1, LONGEST_MONEY.denomination)),
    tuple[LedgerEntry, ...]: tuple(map(entry, range(7))),
    Offer: MEMBER.accounts[0].incoming[0],
    Account: MEMBER.accounts[0],
    Member: MEMBER,
    tuple[Listed, ...]: tuple(
        Listed(
            Kept(RecurringId(f"{number:08}{ID[8:]}"), AccountId(ID), WORDS["receiver"]),
            Recurring(
                id=RecurringId(ID),
                amount=LONGEST_MONEY,
                every_days=364,
                next_run=LONGEST_DAY,
                status="PENDING",
                source=AccountId(ID),
                target=AccountId(ID),
            ),
        )
        for number in range(7)
    ),
    tuple[Kept, ...]: tuple(
        Kept(RecurringId(f"{number:08}{ID[8:]}"), MEMBER.accounts[0].id, WORDS["receiver"]) for number in range(40)
    ),
    datetime: NOON,
    date: LONGEST_DAY,
    Decimal: LONGEST_MONEY.amount,
    bool: True,
    int: 3,
}


def state_of(kind: Callable[..., S]) -> S:
    """A state, or any other struct, of the longest values its fields can have."""
    fields = msgspec.structs.fields(kind)  # type: ignore[arg-type] # states are structs
    return kind(**{field.name: _value(field.type, f"{kind.__name__}.{field.name}") for field in fields})


def _value(kind: Any, where: str) -> Any:  # noqa: ANN401, PLR0911 - any type a field may have
    if kind in _VALUES:
        return _VALUES[kind]
    if get_origin(kind) in (Union, types.UnionType):
        return _value(next(each for each in get_args(kind) if each is not types.NoneType), where)
    if get_origin(kind) is tuple:
        return (_value(get_args(kind)[0], where),) * 2
    if isinstance(kind, NewType):
        return _words(where) if where.rpartition(".")[2] in WORDS else ID
    if kind is str:
        return _words(where)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return max(kind, key=lambda each: len(str(each.value)))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return state_of(kind)
    raise AssertionError(f"{where} is a {kind}: say in tests/actors/dialogs/worst.py what its longest value is")


def _words(where: str) -> str:
    name = where.rpartition(".")[2]
    assert name in WORDS or name == "notes", f"say in WORDS of tests/actors/dialogs/worst.py how long {where} may be"
    return WORDS.get(name, "A note.")
