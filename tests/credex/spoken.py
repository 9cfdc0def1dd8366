"""What credex-core says, as JSON: building blocks for tests. Invented people and numbers."""

from datetime import date

import msgspec

from credex.commands import (
    AcceptOffer,
    AcceptOffers,
    AuthorizeMember,
    CancelOffer,
    CancelRecurring,
    Command,
    DeclineOffer,
    FindAccount,
    FindMember,
    Login,
    OfferCredex,
    Onboard,
    OpenAccount,
    ReadCredex,
    ReadLedger,
    ReadRecurring,
    RenameAccount,
    RevokeMember,
    SendOffersTo,
    SetUpRecurring,
    UpgradeTier,
)
from credex.model import AccountId, AccountKind, MemberId, OfferId, Phone, RecurringId
from credex.money import Denomination, Money, parse_money

PHONE = Phone("263770000101")
TARIRO = AccountId("5b9f2a10-7c3d-4e8f-9a1b-2c3d4e5f6a7b")
KUDZAI = AccountId("c1d2e3f4-a5b6-4c7d-8e9f-0a1b2c3d4e5f")
OFFER = OfferId("e7b1c2d3-4f50-4a61-8b72-9c83ad94be05")
OTHER_OFFER = OfferId("0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")
RECURRING = RecurringId("4d3c2b1a-0f9e-4d8c-8b7a-6f5e4d3c2b1a")
MEMBER = MemberId("3f0c9a52-6d0e-4b7a-9a55-1c2f7e1b0d11")


def usd(text: str) -> Money:
    money = parse_money(text, default=Denomination.USD)
    assert isinstance(money, Money)
    return money


LOGIN = Login(PHONE)
ONBOARD = Onboard(phone=PHONE, first_name="Tariro", last_name="Moyo", default_denomination=Denomination.USD)
FIND = FindAccount(PHONE, "kudzai_n")
PAY = OfferCredex(phone=PHONE, issuer=TARIRO, receiver=KUDZAI, amount=usd("5.00"))
ACCEPT = AcceptOffer(PHONE, OFFER)
DECLINE = DeclineOffer(PHONE, OFFER)
CANCEL = CancelOffer(PHONE, OFFER)
LEDGER = ReadLedger(PHONE, TARIRO, 50)
UPGRADE = UpgradeTier(PHONE, TARIRO)
ACCEPT_ALL = AcceptOffers(PHONE, TARIRO, (OFFER, OTHER_OFFER))
REPEAT = SetUpRecurring(
    phone=PHONE, source=TARIRO, target=KUDZAI, amount=usd("5.00"), every_days=28, start=date(2025, 3, 1)
)
FIND_MEMBER = FindMember(PHONE, "kudzai_n")
LOOK = ReadCredex(PHONE, TARIRO, OFFER)
LOOK_AT_REPEAT = ReadRecurring(PHONE, TARIRO, RECURRING)
OPEN = OpenAccount(
    phone=PHONE,
    kind=AccountKind.OPERATIONS,
    name="Moyo Farm",
    handle="moyo_farm",
    default_denomination=Denomination.USD,
)
RENAME = RenameAccount(PHONE, TARIRO, "Moyo Dairy")
AUTHORIZE = AuthorizeMember(PHONE, TARIRO, "kudzai_n")
REVOKE = RevokeMember(PHONE, TARIRO, MEMBER)
ROUTE = SendOffersTo(PHONE, TARIRO, MEMBER)
END_REPEAT = CancelRecurring(PHONE, RECURRING)
READ_COMMANDS = (FIND, FIND_MEMBER, LEDGER, LOOK, LOOK_AT_REPEAT)
CHANGE_COMMANDS = (OPEN, RENAME, AUTHORIZE, REVOKE, ROUTE, END_REPEAT)
MONEY_COMMANDS = (PAY, ACCEPT, ACCEPT_ALL, DECLINE, CANCEL, UPGRADE, REPEAT)
COMMANDS: tuple[Command, ...] = (LOGIN, ONBOARD, *READ_COMMANDS, *CHANGE_COMMANDS, *MONEY_COMMANDS)


def envelope(kind: str, *, about: str | None = None, details: object = None, dashboard: object = None) -> bytes:
    action = {
        "id": about,
        "type": kind,
        "timestamp": "2025-02-10T09:15:30.000Z",
        "actor": "system",
        "details": {} if details is None else details,
    }
    data = {"action": action, "dashboard": {} if dashboard is None else dashboard}
    return msgspec.json.encode({"message": "said for people", "data": data})


def refusal(kind: str, code: str, reason: str = "No, because") -> bytes:
    return envelope(kind, details={"code": code, "reason": reason, "field": "phone"})


def offer(**changes: object) -> dict[str, object]:
    return {
        "credexID": OFFER,
        "formattedInitialAmount": "5.00 USD",
        "counterpartyAccountName": "Kudzai Ncube Personal",
        "secured": True,
    } | changes


def account(**changes: object) -> dict[str, object]:
    return {
        "accountID": TARIRO,
        "accountName": "Tariro Moyo Personal",
        "accountHandle": PHONE,
        "accountType": "PERSONAL",
        "defaultDenom": "USD",
        "isOwnedAccount": True,
        "sendOffersTo": {"memberID": "someone", "firstname": "Tariro", "lastname": "Moyo"},
        "balanceData": balances(),
        "pendingInData": [],
        "pendingOutData": [],
    } | changes


def balances(**changes: object) -> dict[str, object]:
    return {
        "securedNetBalancesByDenom": ["1,234.50 USD"],
        "unsecuredBalancesInDefaultDenom": {
            "totalPayables": "-0.00 USD",
            "totalReceivables": "12.50 USD",
            "netPayRec": "12.50 USD",
        },
        "netCredexAssetsInDefaultDenom": "1,247.00 USD",
    } | changes


def dashboard(*accounts: dict[str, object], **changes: object) -> dict[str, object]:
    member = {
        "memberID": "3f0c9a52-6d0e-4b7a-9a55-1c2f7e1b0d11",
        "memberTier": 1,
        "remainingAvailableUSD": 10,
        "firstname": "Tariro",
        "lastname": "Moyo",
        "memberHandle": PHONE,
        "defaultDenom": "USD",
    } | changes
    return {"member": member, "accounts": list(accounts or (account(),))}


def welcome(token: str = "first.token") -> bytes:  # noqa: S107 - invented
    details = {"memberID": "3f0c9a52-6d0e-4b7a-9a55-1c2f7e1b0d11", "phone": PHONE, "token": token}
    return envelope("MEMBER_LOGIN", details=details, dashboard=dashboard())


def created() -> bytes:
    details = {"amount": "5.00", "denomination": "USD", "receiverAccountID": KUDZAI}
    return envelope("CREDEX_CREATED", about=OFFER, details=details, dashboard=dashboard())


def found() -> bytes:
    details = {"accountID": KUDZAI, "accountName": "Kudzai Ncube Personal", "accountHandle": "kudzai_n"}
    return envelope("ACCOUNT_FOUND", about=KUDZAI, details=details)


def entry(**changes: object) -> dict[str, object]:
    return {
        "credexID": OFFER,
        "timestamp": moment(),
        "type": "OWES",
        "amount": "-5",
        "denomination": "USD",
        "description": "Payment to Kudzai Ncube Personal",
        "counterpartyAccountName": "Kudzai Ncube Personal",
        "formattedAmount": "-5.00 USD",
    } | changes


def moment(**changes: object) -> dict[str, object]:
    """10 February 2025, 9:15:30.5 UTC, as the database has it."""
    parts = {"year": 2025, "month": 2, "day": 10, "hour": 9, "minute": 15, "second": 30, "nanosecond": 500_000_000}
    whole = {name: {"low": number, "high": 0} for name, number in {**parts, "timeZoneOffsetSeconds": 0}.items()}
    return whole | {"timeZoneId": None} | changes


def ledger(*entries: object, more: object = False) -> bytes:
    pages = {"ledger": list(entries), "pagination": {"startRow": 0, "numRows": 50, "hasMore": more}}
    details = {"accountID": TARIRO, "ledger": list(entries)}
    return envelope("LEDGER_RETRIEVED", about=TARIRO, details=details, dashboard=pages)


def upgraded(tier: object = 3) -> bytes:
    return envelope("HUSTLER_10K_ENROLLED", about=OFFER, details={"credexID": OFFER, "newTier": tier})
