"""Which path asks for what and who answers it. ``OPEN`` needs the client key, ``SIGNED`` a token, ``DEV`` a dev key."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from credex.simulator import cleaning as clean
from credex.simulator.asking import Ask, SignedAsk
from credex.simulator.endpoints import (
    accounts,
    answering,
    authority,
    development,
    members,
    offering,
    reading,
    recurring,
)
from credex.simulator.envelope import Outcome
from credex.simulator.validation import Field, Schema

A = TypeVar("A", bound=Ask)


@dataclass(frozen=True, slots=True)
class Route(Generic[A]):
    """A controller and the schema its body passes first."""

    controller: Callable[[A], Outcome]
    schema: Schema = ()


_ACCOUNT = Field("accountID", clean.uuid)
_CREDEX = (Field("credexID", clean.uuid),)
_PHONE = Field("phone", clean.phone)
_RECURRING = Field("recurringID", clean.uuid)
_PLEDGE = (
    Field("DCOgiveInCXX", clean.amount, required=False),
    Field("DCOdenom", clean.denomination, required=False),
)

OPEN: dict[str, Route[Ask]] = {
    "/login": Route(members.login, (_PHONE,)),
    "/onboardMember": Route(
        members.onboard_member,
        (
            Field("firstname", clean.person_name),
            Field("lastname", clean.person_name),
            _PHONE,
            Field("defaultDenom", clean.denomination),
        ),
    ),
}

DEV: dict[str, Route[Ask]] = {
    "/devadmin/forceDCO": Route(development.force_dco),
    "/devadmin/clearDevDBs": Route(development.clear_dev_dbs),
}

_MEMBERS: dict[str, Route[SignedAsk]] = {
    "/getMemberDashboardByPhone": Route(members.get_member_dashboard_by_phone, (_PHONE,)),
    "/getMemberByHandle": Route(members.get_member_by_handle, (Field("memberHandle", clean.handle),)),
    "/authForTierSpendLimit": Route(
        members.auth_for_tier_spend_limit,
        (
            Field("issuerAccountID", clean.uuid),
            Field("Amount", clean.amount),
            Field("Denomination", clean.denomination),
            Field("securedCredex", clean.flag),
        ),
    ),
    "/hustler10k": Route(members.hustler10k, (Field("personalAccountID", clean.uuid, required=False),)),
}

_ACCOUNTS: dict[str, Route[SignedAsk]] = {
    "/getAccountByHandle": Route(accounts.get_account_by_handle, (Field("accountHandle", clean.handle),)),
    "/getBalances": Route(accounts.get_balances, (_ACCOUNT,)),
    "/getLedger": Route(
        reading.get_ledger,
        (
            _ACCOUNT,
            Field("numRows", clean.whole(1), required=False),
            Field("startRow", clean.integer, required=False),
        ),
    ),
    "/createAccount": Route(
        accounts.create_account,
        (
            Field("accountType", clean.one_of("PERSONAL", "TRUST", "OPERATIONS")),
            Field("accountName", clean.account_name),
            Field("accountHandle", clean.handle),
            Field("defaultDenom", clean.denomination),
            *_PLEDGE,
        ),
    ),
    "/updateAccount": Route(
        accounts.update_account,
        (
            _ACCOUNT,
            Field("accountName", clean.account_name, required=False),
            Field("accountHandle", clean.handle, required=False),
            Field("defaultDenom", clean.denomination, required=False),
            *_PLEDGE,
        ),
    ),
    "/authorizeForAccount": Route(
        authority.authorize_for_account, (_ACCOUNT, Field("memberHandleToBeAuthorized", clean.handle))
    ),
    "/unauthorizeForAccount": Route(
        authority.unauthorize_for_account, (_ACCOUNT, Field("memberIDtoBeUnauthorized", clean.uuid))
    ),
    "/updateSendOffersTo": Route(
        authority.update_send_offers_to, (_ACCOUNT, Field("memberIDtoSendOffers", clean.uuid))
    ),
}

_CREDEXES: dict[str, Route[SignedAsk]] = {
    "/createCredex": Route(
        offering.create_credex,
        (
            Field("issuerAccountID", clean.uuid),
            Field("receiverAccountID", clean.uuid),
            Field("Denomination", clean.denomination),
            Field("InitialAmount", clean.amount),
            Field("credexType", clean.one_of("PURCHASE", "GIFT", "DCO_GIVE", "DCO_RECEIVE")),
            Field("OFFERSorREQUESTS", clean.one_of("OFFERS", "REQUESTS")),
            Field("securedCredex", clean.flag),
            Field("dueDate", clean.day, required=False),
        ),
    ),
    "/acceptCredex": Route(answering.accept_credex, _CREDEX),
    "/acceptCredexBulk": Route(
        answering.accept_credex_bulk, (Field("credexIDs", clean.ids_or_nothing, required=False),)
    ),
    "/declineCredex": Route(answering.decline_credex, _CREDEX),
    "/cancelCredex": Route(answering.cancel_credex, _CREDEX),
    "/getCredex": Route(reading.get_credex, (*_CREDEX, _ACCOUNT)),
}

_RECURRINGS: dict[str, Route[SignedAsk]] = {
    "/createRecurring": Route(
        recurring.create_recurring,
        (
            Field("sourceAccountID", clean.uuid),
            Field("targetAccountID", clean.uuid, required=False),
            Field("templateType", clean.one_of("REGULAR", "DCO_GIVE", "MEMBERTIER_SUBSCRIPTION")),
            Field("payFrequency", clean.whole(1)),
            Field("startDate", clean.day),
            Field("duration", clean.whole(1), required=False),
            Field("amount", clean.amount, required=False),
            Field("denomination", clean.denomination, required=False),
            Field("securedCredex", clean.flag, required=False),
            *_PLEDGE,
            Field("memberTier", clean.integer, required=False),
        ),
    ),
    "/acceptRecurring": Route(recurring.accept_recurring, (_RECURRING,)),
    "/cancelRecurring": Route(recurring.cancel_recurring, (_RECURRING,)),
    "/getRecurring": Route(recurring.get_recurring, (_RECURRING, _ACCOUNT)),
}

SIGNED: dict[str, Route[SignedAsk]] = {**_MEMBERS, **_ACCOUNTS, **_CREDEXES, **_RECURRINGS}
