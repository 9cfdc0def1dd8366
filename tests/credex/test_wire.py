"""Commands as HTTP requests."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credex.commands import Command, OfferCredex
from credex.money import Denomination, Money
from credex.wire import Auth, request_for
from tests.credex.spoken import (
    ACCEPT,
    ACCEPT_ALL,
    AUTHORIZE,
    CANCEL,
    DECLINE,
    END_REPEAT,
    FIND,
    FIND_MEMBER,
    KUDZAI,
    LEDGER,
    LOGIN,
    LOOK,
    LOOK_AT_REPEAT,
    MEMBER,
    OFFER,
    ONBOARD,
    OPEN,
    OTHER_OFFER,
    PAY,
    PHONE,
    RECURRING,
    RENAME,
    REPEAT,
    REVOKE,
    ROUTE,
    TARIRO,
    UPGRADE,
)

PAYMENT = {
    "issuerAccountID": TARIRO,
    "receiverAccountID": KUDZAI,
    "Denomination": "USD",
    "InitialAmount": 5.00,
    "credexType": "PURCHASE",
    "OFFERSorREQUESTS": "OFFERS",
    "securedCredex": True,
}
OPENING = {
    "accountType": "OPERATIONS",
    "accountName": "Moyo Farm",
    "accountHandle": "moyo_farm",
    "defaultDenom": "USD",
}
REPEATING = {
    "sourceAccountID": TARIRO,
    "targetAccountID": KUDZAI,
    "templateType": "REGULAR",
    "payFrequency": 28,
    "startDate": "2025-03-01",
    "amount": 5.00,
    "denomination": "USD",
    "securedCredex": True,
}
ONBOARDING = {"firstname": "Tariro", "lastname": "Moyo", "phone": PHONE, "defaultDenom": "USD"}


@pytest.mark.parametrize(
    ("command", "path", "body", "auth"),
    [
        (LOGIN, "/login", {"phone": PHONE}, Auth.CLIENT_KEY),
        (ONBOARD, "/onboardMember", ONBOARDING, Auth.CLIENT_KEY),
        (FIND, "/getAccountByHandle", {"accountHandle": "kudzai_n"}, Auth.TOKEN),
        (PAY, "/createCredex", PAYMENT, Auth.TOKEN),
        (ACCEPT, "/acceptCredex", {"credexID": OFFER}, Auth.TOKEN),
        (DECLINE, "/declineCredex", {"credexID": OFFER}, Auth.TOKEN),
        (CANCEL, "/cancelCredex", {"credexID": OFFER}, Auth.TOKEN),
        (LEDGER, "/getLedger", {"accountID": TARIRO, "numRows": 50, "startRow": 0}, Auth.TOKEN),
        (UPGRADE, "/hustler10k", {"personalAccountID": TARIRO}, Auth.TOKEN),
        (ACCEPT_ALL, "/acceptCredexBulk", {"credexIDs": [OFFER, OTHER_OFFER]}, Auth.TOKEN),
        (REPEAT, "/createRecurring", REPEATING, Auth.TOKEN),
        (FIND_MEMBER, "/getMemberByHandle", {"memberHandle": "kudzai_n"}, Auth.TOKEN),
        (LOOK, "/getCredex", {"credexID": OFFER, "accountID": TARIRO}, Auth.TOKEN),
        (LOOK_AT_REPEAT, "/getRecurring", {"recurringID": RECURRING, "accountID": TARIRO}, Auth.TOKEN),
        (OPEN, "/createAccount", OPENING, Auth.TOKEN),
        (RENAME, "/updateAccount", {"accountID": TARIRO, "accountName": "Moyo Dairy"}, Auth.TOKEN),
        (
            AUTHORIZE,
            "/authorizeForAccount",
            {"accountID": TARIRO, "memberHandleToBeAuthorized": "kudzai_n"},
            Auth.TOKEN,
        ),
        (
            REVOKE,
            "/unauthorizeForAccount",
            {"accountID": TARIRO, "memberIDtoBeUnauthorized": MEMBER},
            Auth.TOKEN,
        ),
        (ROUTE, "/updateSendOffersTo", {"accountID": TARIRO, "memberIDtoSendOffers": MEMBER}, Auth.TOKEN),
        (END_REPEAT, "/cancelRecurring", {"recurringID": RECURRING}, Auth.TOKEN),
    ],
)
def test_each_command_has_its_path_its_body_and_its_key(
    command: Command, path: str, body: dict[str, object], auth: Auth
) -> None:
    request = request_for(command)
    assert (request.path, msgspec.json.decode(request.body), request.auth) == (path, body, auth)


def test_an_unsecured_offer_names_its_due_date() -> None:
    request = request_for(msgspec.structs.replace(PAY, due=date(2025, 2, 24)))
    assert msgspec.json.decode(request.body) == {**PAYMENT, "securedCredex": False, "dueDate": "2025-02-24"}


def test_a_request_shown_in_a_log_or_a_traceback_shows_no_phone() -> None:
    assert PHONE not in repr(request_for(LOGIN))


@given(st.sampled_from(Denomination), st.integers(1, 10**15))
def test_an_amount_is_sent_as_a_number_with_exactly_its_digits(denomination: Denomination, units: int) -> None:
    amount = Decimal(units).scaleb(-denomination.places)
    command = OfferCredex(phone=PHONE, issuer=TARIRO, receiver=KUDZAI, amount=Money(amount, denomination))
    assert f'"InitialAmount":{amount:f},'.encode() in request_for(command).body
