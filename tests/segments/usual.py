"""Usual people, amounts and lists, to fill any state and any sentence with. All invented."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import msgspec

from actors.dialogs import texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.ledger_pages import LedgerPage
from actors.dialogs.recurring_list import Listed
from actors.dialogs.visit import Kept, Visit
from actors.dialogs.wording import counterparty, due_day, near_day, own_party, party, said
from actors.dialogs.words import both
from credex.model import (
    Account,
    AccountId,
    AccountName,
    Credex,
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
from tests.actors.dialogs import people
from tests.actors.dialogs.people import NOON, RUDO, usd
from tests.actors.dialogs.worst import Filling

_DUE = date(2026, 3, 25)
_NAME = "Rudo Ncube"


def _offer(number: int, *, secured: bool = True) -> Offer:
    one = people.offer(number, f"{4 * number}.50", secured=secured, due=None if secured else _DUE)
    return msgspec.structs.replace(one, counterparty=_NAME)


def _account(*, busy: bool) -> Account:
    offers = (_offer(1), _offer(2, secured=False)) if busy else ()
    one = people.account(incoming=offers, outgoing=(_offer(3),) if busy else ())
    one = msgspec.structs.replace(one, offers_to=MemberName(MemberId("member-1"), "Tariro Moyo", people.PHONE))
    if busy:
        return one
    nothing, held = usd("0"), usd("1238.75")
    balances = msgspec.structs.replace(
        one.balances, payables=nothing, receivables=nothing, net_unsecured=nothing, net_assets=held
    )
    return msgspec.structs.replace(one, balances=balances)


def _visit(*, busy: bool) -> Visit:
    accounts = (_account(busy=busy), *((people.shop(1),) if busy else ()))
    member = people.member(*accounts)
    kept = (Kept(RecurringId("recurring-1"), accounts[0].id, f"{RUDO.name} (@{RUDO.handle})"),)
    return Visit(phone=people.PHONE, member=member, account_id=accounts[0].id, seen=NOON, recurring=kept)


BUSY = _visit(busy=True)
QUIET = AtDashboard(_visit(busy=False))
"""Home, where nothing waits and nothing is owed."""

_PAYMENT = Recurring(
    id=RecurringId("recurring-1"),
    amount=usd("12.50"),
    every_days=7,
    next_run=_DUE,
    status="ACTIVE",
    source=BUSY.account.id,
    target=RUDO.id,
)
_ENTRIES = tuple(
    LedgerEntry(id=OfferId(f"entry-{number}"), amount=usd(f"{3 * number - 10}.50"), counterparty=_NAME, at=NOON)
    for number in range(7)
)

USUAL = Filling(
    values={
        Phone: people.PHONE,
        AccountId: BUSY.account.id,
        Account: BUSY.account,
        AccountName: RUDO,
        Member: BUSY.member,
        MemberName: MemberName(MemberId("member-2"), _NAME, "rudo"),
        Visit: BUSY,
        Money: usd("12.50"),
        tuple[Money, ...]: (usd("1500"), usd("1.5")),
        Credex: Credex(
            id=OfferId("entry-1"),
            amount=usd("-12.50"),
            counterparty=_NAME,
            secured=False,
            state=CredexState.OWED,
            outstanding=usd("7.50"),
            redeemed=usd("5"),
            defaulted=usd("0"),
            written_off=usd("0"),
            due=_DUE,
            accepted_at=NOON,
            declined_at=None,
            cancelled_at=None,
        ),
        Offer: BUSY.account.incoming[1],
        LedgerPage: LedgerPage(entries=_ENTRIES),
        tuple[LedgerEntry, ...]: _ENTRIES,
        tuple[Listed, ...]: tuple(Listed(one, _PAYMENT) for one in BUSY.recurring or ()),
        tuple[Kept, ...]: BUSY.recurring,
        datetime: NOON,
        date: _DUE,
        Decimal: Decimal("12.50"),
        bool: False,
        int: 1,
    },
    words={
        "first_name": "Tariro",
        "last_name": "Moyo",
        "handle": "moyo_store",
        "name": "Moyo Store",
        "counterparty": _NAME,
        "word": "Hey",
        "receiver": f"{RUDO.name} (@{RUDO.handle})",
        "terms": f"12.50 USD, secured, every week\nNext on: 25 Mar 2026\nTo: {RUDO.name} (@{RUDO.handle})",
        "reason": "The account is closed.",
        "status": "ACTIVE",
        "door": "offer_secured",
        "due": "25 Mar",
    },
    pick=lambda kind: next(iter(kind)),
)

_OWN = own_party(BUSY.account.name, BUSY.account.handle)
_RECEIVER = party(RUDO.name, RUDO.handle)
_DETAILS = texts.OPENED_DETAILS.format(denomination="USD", kind="Business or Project")

PLACES: Mapping[str, str] = {
    "account": _OWN,
    "issuer": _OWN,
    "source": _OWN,
    "receiver": _RECEIVER,
    "counterparty": counterparty(_NAME),
    "person": party(_NAME, "rudo"),
    "hearer": texts.HEARER.format(person=party(_NAME, "rudo")),
    "opened": party("Moyo Store", "moyo_store"),
    "details": _DETAILS,
    "kind": "Business or Project",
    "payment": USUAL.words["terms"],
    "first_name": "Tariro",
    "last_name": "Moyo",
    "handle": "rudo",
    "name": "Moyo Store",
    "amount": "12.50 USD",
    "amounts": "1,500.00 USD or 1.50 USD",
    "available": "7.25 USD",
    "left": "7.25 USD",
    "net": "1,238.75 USD",
    "daily": "10.00 USD",
    "price": "1.00 USD",
    "limits": "20.00 USD, 500.00 ZWG, 25.00 CAD",
    "hours": "1 hour",
    "denomination": "USD",
    "denominations": ", ".join(Denomination),
    "decimals": "2 decimals",
    "accounts": "2 accounts",
    "every": "every week",
    "start": "25 Mar 2026",
    "day": due_day(_DUE),
    "first": "11 Mar 2026",
    "last": "25 Mar 2026",
    "earliest": near_day(date(2026, 3, 11)),
    "latest": near_day(date(2026, 4, 7)),
    "words": "18 Mar",
    "numbers": "18/3/2026",
    "weeks": "2 weeks",
    "at": "4 Mar 2026, 12:00",
    "page": "1",
    "pages": "2",
    "tier": "1",
    "terms": "secured",
    "reason": said("The account is closed."),
    "reference": "7kq2m0p4x1",
    "word": "Hey",
    "typed": "Moyo's Store",
    "kept": "Moyos Store",
    "greeting": "Mangwanani",
    "patience": "Mirai zvishoma",
    "ledger": texts.LEDGER_AWAY,
    "told": texts.OFFER_UNKNOWN.format(amount="12.50 USD", issuer=_OWN, receiver=_RECEIVER),
    "count": "3",
    "offers": "3 offers",
    "waiting": both("3 offers wait", "3"),
    "message": "Rudo Ncube offers you 12.50 USD, secured.",
    "code": "4821",
    "doing": texts.SENDING_OFFER,
}
"""What usually stands in a place of a sentence."""
