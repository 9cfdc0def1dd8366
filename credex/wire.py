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
    CancelOffer,
    Command,
    DeclineOffer,
    FindAccount,
    Login,
    OfferCredex,
    Onboard,
    ReadLedger,
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
    body: dict[str, object]
    match command:
        case Login():
            return login_request(command.phone)
        case Onboard():
            return _request("/onboardMember", _onboarding(command), Auth.CLIENT_KEY)
        case FindAccount():
            path, body = "/getAccountByHandle", {"accountHandle": command.handle}
        case ReadLedger():
            path, body = "/getLedger", {"accountID": command.account, "numRows": command.rows}
        case OfferCredex():
            path, body = "/createCredex", _offering(command)
        case AcceptOffer() | DeclineOffer() | CancelOffer():
            path, body = _ON_OFFERS[type(command)], {"credexID": command.offer}
        case UpgradeTier():
            path, body = "/hustler10k", {"personalAccountID": command.account}
        case unexpected:
            assert_never(unexpected)
    return _request(path, body, Auth.TOKEN)


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


def _request(path: str, body: dict[str, object], auth: Auth) -> Request:
    return Request(path, _ENCODER.encode(body), auth)
