"""Commands as credex-core's HTTP requests. Pure; ``credex.answers`` is the way back.

Every call is ``POST <base>/<operation>`` with a JSON body. ``login`` and ``onboardMember`` are opened by the client
key, everything else by the member's token. Amounts are JSON numbers with exactly the digits of the ``Decimal``: no
float ever stands between what a member confirmed and what is sent.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import assert_never

import msgspec

from credex.commands import (
    AcceptOffer,
    AcceptOffers,
    AuthorizeMember,
    CancelOffer,
    CancelRecurring,
    ChangeCommand,
    Command,
    DeclineOffer,
    FindAccount,
    FindMember,
    Login,
    MoneyCommand,
    OfferCredex,
    Onboard,
    OpenAccount,
    ReadCommand,
    ReadCredex,
    ReadLedger,
    ReadRecurring,
    RenameAccount,
    RevokeMember,
    SendOffersTo,
    SetUpRecurring,
    UpgradeTier,
)
from credex.model import Phone


class Auth(Enum):
    """What opens an operation."""

    CLIENT_KEY = "client_key"
    TOKEN = "token"  # noqa: S105 - the name of a kind, not a secret


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP POST, but for the base address and the secret that ``auth`` names."""

    path: str
    body: bytes = field(repr=False)
    auth: Auth


_ENCODER = msgspec.json.Encoder(decimal_format="number")
_ON_OFFERS = {AcceptOffer: "/acceptCredex", DeclineOffer: "/declineCredex", CancelOffer: "/cancelCredex"}


def login_request(phone: Phone) -> Request:
    """The request that turns a phone into a token and a dashboard."""
    return _request("/login", {"phone": phone}, Auth.CLIENT_KEY)


def request_for(command: Command) -> Request:
    """The request that asks for this command."""
    match command:
        case Login():
            return login_request(command.phone)
        case Onboard():
            return _request("/onboardMember", _onboarding(command), Auth.CLIENT_KEY)
        case FindAccount() | FindMember() | ReadLedger() | ReadCredex() | ReadRecurring():
            return _request(*_reading(command), Auth.TOKEN)
        case OpenAccount() | RenameAccount() | AuthorizeMember() | RevokeMember() | SendOffersTo() | CancelRecurring():
            return _request(*_changing(command), Auth.TOKEN)
        case (
            OfferCredex()
            | AcceptOffer()
            | AcceptOffers()
            | DeclineOffer()
            | CancelOffer()
            | UpgradeTier()
            | SetUpRecurring()
        ):
            return _request(*_moving(command), Auth.TOKEN)
        case unexpected:
            assert_never(unexpected)


def _reading(command: ReadCommand) -> tuple[str, dict[str, object]]:
    match command:
        case FindAccount(handle=handle):
            return "/getAccountByHandle", {"accountHandle": handle}
        case FindMember(handle=handle):
            return "/getMemberByHandle", {"memberHandle": handle}
        case ReadLedger(account=account, rows=rows, start=start):
            return "/getLedger", {"accountID": account, "numRows": rows, "startRow": start}
        case ReadCredex(account=account, credex=credex):
            return "/getCredex", {"credexID": credex, "accountID": account}
        case ReadRecurring(account=account, recurring=recurring):
            return "/getRecurring", {"recurringID": recurring, "accountID": account}
        case unexpected:
            assert_never(unexpected)


def _changing(command: ChangeCommand) -> tuple[str, dict[str, object]]:
    match command:
        case OpenAccount():
            return "/createAccount", _opening(command)
        case RenameAccount(account=account, name=name):
            return "/updateAccount", {"accountID": account, "accountName": name}
        case AuthorizeMember(account=account, handle=handle):
            return "/authorizeForAccount", {"accountID": account, "memberHandleToBeAuthorized": handle}
        case RevokeMember(account=account, member=member):
            return "/unauthorizeForAccount", {"accountID": account, "memberIDtoBeUnauthorized": member}
        case SendOffersTo(account=account, member=member):
            return "/updateSendOffersTo", {"accountID": account, "memberIDtoSendOffers": member}
        case CancelRecurring(recurring=recurring):
            return "/cancelRecurring", {"recurringID": recurring}
        case unexpected:
            assert_never(unexpected)


def _moving(command: MoneyCommand) -> tuple[str, dict[str, object]]:
    match command:
        case OfferCredex():
            return "/createCredex", _offering(command)
        case AcceptOffer() | DeclineOffer() | CancelOffer():
            return _ON_OFFERS[type(command)], {"credexID": command.offer}
        case AcceptOffers(offers=offers):
            return "/acceptCredexBulk", {"credexIDs": offers}
        case UpgradeTier(account=account):
            return "/hustler10k", {"personalAccountID": account}
        case SetUpRecurring():
            return "/createRecurring", _repeating(command)
        case unexpected:
            assert_never(unexpected)


def _onboarding(command: Onboard) -> dict[str, object]:
    return {
        "firstname": command.first_name,
        "lastname": command.last_name,
        "phone": command.phone,
        "defaultDenom": command.default_denomination,
    }


def _offering(command: OfferCredex) -> dict[str, object]:
    terms: dict[str, object] = {
        "issuerAccountID": command.issuer,
        "receiverAccountID": command.receiver,
        "Denomination": command.amount.denomination,
        "InitialAmount": command.amount.amount,
        "credexType": "PURCHASE",
        "OFFERSorREQUESTS": "OFFERS",
        "securedCredex": command.due is None,
    }
    # A due date on a secured credex is refused, so the key is absent and not null.
    return terms if command.due is None else {**terms, "dueDate": command.due.isoformat()}


def _opening(command: OpenAccount) -> dict[str, object]:
    return {
        "accountType": command.kind,
        "accountName": command.name,
        "accountHandle": command.handle,
        "defaultDenom": command.default_denomination,
    }


def _repeating(command: SetUpRecurring) -> dict[str, object]:
    return {
        "sourceAccountID": command.source,
        "targetAccountID": command.target,
        "templateType": "REGULAR",
        "payFrequency": command.every_days,
        "startDate": command.start.isoformat(),
        "amount": command.amount.amount,
        "denomination": command.amount.denomination,
        "securedCredex": True,
    }


def _request(path: str, body: dict[str, object], auth: Auth) -> Request:
    return Request(path, _ENCODER.encode(body), auth)
