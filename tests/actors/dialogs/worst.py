"""The longest of everything a member may be shown, and any state made of it.

``state_of`` builds a state by the types of its fields, so a state or a field added later is built as well. A word that
can be no longer than here is named in ``WORDS``, by the field or the placeholder it fills.
"""

import types
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple, NewType, TypeVar, Union, get_args, get_origin

import msgspec

from actors.dialogs.acts import Act
from actors.dialogs.authority import AskingMember, ChoosingMember, LookingUpMember, Purpose
from actors.dialogs.changes import ConfirmingChange, FindingOutChange, SubmittingChange
from actors.dialogs.doubts import Doubting
from actors.dialogs.ledger import ShowingEntry
from actors.dialogs.offer import AskingAmount, Terms
from actors.dialogs.offers import MOST, PickingOffer, ReviewingOffer, SettlingAnswer, SubmittingAnswer
from actors.dialogs.recurring_list import Listed
from actors.dialogs.several import SettlingSeveral, SigningSeveral, SubmittingSeveral
from actors.dialogs.signing import SettlingOffer, SigningOffer, SubmittingOffer
from actors.dialogs.states import AnyState
from actors.dialogs.visit import Kept
from credex.commands import ChangeCommand
from credex.model import (
    Account,
    AccountId,
    AccountKind,
    Balances,
    CredexState,
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
        amount=LONGEST_MONEY if number == 0 else money(tuple(Denomination)[number % len(Denomination)]),
        counterparty=WORDS["counterparty"],
        secured=number % 7 == 1,
        due=None if number % 7 in {1, 2} else LONGEST_DAY - timedelta(days=number % 28),
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


class Filling(NamedTuple):
    """What a state is filled with: values by type, words by the name of a field, and which of an enum."""

    values: Mapping[object, Any]
    words: Mapping[str, str]
    pick: Callable[[type[Enum]], Enum]


def _longest(kind: type[Enum]) -> Enum:
    return max(kind, key=lambda each: len(str(each.value)))


WORST = Filling(_VALUES, WORDS, _longest)


def state_of(kind: Callable[..., S], filling: Filling = WORST) -> S:
    """A state, or any other struct, of the longest values its fields can have, or of others."""
    fields = msgspec.structs.fields(kind)  # type: ignore[arg-type] # states are structs
    return kind(**{field.name: _value(field.type, f"{kind.__name__}.{field.name}", filling) for field in fields})


def states_of(kind: type[AnyState], filling: Filling = WORST) -> Iterator[tuple[str, AnyState]]:
    """The state in every shape it can have, each with what tells it from the others."""
    state: Any = state_of(kind, filling)
    shapes = next((shapes for kinds, shapes in _SHAPES if isinstance(state, kinds)), None)
    if shapes is None:
        yield "", state
        return
    for name, changed in shapes(state, filling):
        yield name, msgspec.structs.replace(state, **changed)


Shapes = Iterator[tuple[str, dict[str, Any]]]


def _acts(state: Any, _: Filling) -> Shapes:  # noqa: ANN401 - several states
    return ((act, {"command": act.command(PHONE, state.offer.id)}) for act in Act)


def _dues(state: Any, _: Filling) -> Shapes:  # noqa: ANN401 - several states
    dues = {"secured": None, "unsecured": LONGEST_DAY}
    return ((name, {"command": msgspec.structs.replace(state.command, due=due)}) for name, due in dues.items())


def _entries(state: ShowingEntry, filling: Filling) -> Shapes:
    """At worst with every moment and amount, else with those that such an entry has."""
    nothing = Money(Decimal(0), state.credex.amount.denomination)
    never: dict[str, Any] = {"accepted_at": None, "redeemed": nothing}
    lacks = {CredexState.OWED: {}, CredexState.CLEARED: {"outstanding": nothing}}
    for each in CredexState:
        usual = {} if filling is WORST else lacks.get(each, never)
        yield each, {"credex": msgspec.structs.replace(state.credex, state=each, **usual)}


def _several(state: Any, _: Filling) -> Shapes:  # noqa: ANN401 - several states
    some = tuple(offer.id for offer in state.visit.account.incoming[-MOST:])
    yield "", {"command": msgspec.structs.replace(state.command, offers=some)}


_SHAPES: tuple[tuple[Any, Callable[[Any, Filling], Shapes]], ...] = (
    (
        PickingOffer,
        lambda _state, _: ((f"{act} {page}", {"act": act, "page": page}) for act in Act for page in (0, 9, 99)),
    ),
    (
        ConfirmingChange | SubmittingChange | FindingOutChange,
        lambda _, filling: ((each.__name__, {"command": state_of(each, filling)}) for each in get_args(ChangeCommand)),
    ),
    (
        ChoosingMember | AskingMember | LookingUpMember,
        lambda _state, _: ((each, {"purpose": each}) for each in Purpose),
    ),
    (ReviewingOffer | SubmittingAnswer | SettlingAnswer, _acts),
    (SigningOffer | SubmittingOffer | SettlingOffer, _dues),
    (
        AskingAmount,
        lambda _state, _: (
            (name, {"terms": Terms(secured=secured)}) for name, secured in (("secured", True), ("unsecured", False))
        ),
    ),
    (Doubting, lambda _state, _: ((door or "menu", {"door": door}) for door in (None, "ledger"))),
    (ShowingEntry, _entries),
    (SigningSeveral | SubmittingSeveral | SettlingSeveral, _several),
)


def _value(kind: Any, where: str, filling: Filling) -> Any:  # noqa: ANN401, PLR0911 - any type a field may have
    if kind in filling.values:
        return filling.values[kind]
    if get_origin(kind) in (Union, types.UnionType):
        return _value(next(each for each in get_args(kind) if each is not types.NoneType), where, filling)
    if get_origin(kind) is tuple:
        return (_value(get_args(kind)[0], where, filling),) * 2
    if isinstance(kind, NewType):
        return _words(where, filling) if where.rpartition(".")[2] in filling.words else ID
    if kind is str:
        return _words(where, filling)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return filling.pick(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return state_of(kind, filling)
    raise AssertionError(f"{where} is a {kind}: say in tests/actors/dialogs/worst.py what its longest value is")


def _words(where: str, filling: Filling) -> str:
    name, words = where.rpartition(".")[2], filling.words
    assert name in words or name == "notes", f"say in WORDS of tests/actors/dialogs/worst.py how long {where} may be"
    return words.get(name, "A note.")
