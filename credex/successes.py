"""What credex-core says when it did what it was asked, as outcomes. Pure; every function raises ``MalformedPayload``.

The type of the action must be the one that belongs to the command; what it is about is in the action's details, and
what an account looks like afterwards in the dashboard, which may be empty.
"""

from typing import Annotated, assert_never

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
from credex.dashboards import Id, read_member, read_touched_account
from credex.details import read_credex, read_recurring
from credex.ledgers import read_ledger
from credex.model import AccountId, AccountName, MemberId, MemberName, OfferId
from credex.outcomes import (
    AccountFound,
    AccountOpened,
    AccountRenamed,
    CredexRead,
    LedgerRead,
    LoggedIn,
    MemberAuthorized,
    MemberFound,
    MemberRevoked,
    OfferAccepted,
    OfferCancelled,
    OfferDeclined,
    OfferMade,
    OffersAccepted,
    OffersRouted,
    Onboarded,
    Outcome,
    RecurringCancelled,
    RecurringRead,
    RecurringSetUp,
    TierUpgraded,
)
from credex.payload import MalformedPayload, decode


class Action(msgspec.Struct):
    """What was done: its type, what it was done to, and its details."""

    type: str
    id: Id | None = None
    details: msgspec.Raw = msgspec.Raw(b"{}")


class Body(msgspec.Struct):
    """The part of an answer that speaks: ``data``."""

    action: Action
    dashboard: msgspec.Raw = msgspec.Raw(b"{}")


class _Credex(msgspec.Struct):
    id: Id | None = msgspec.field(default=None, name="credexID")


class _Found(msgspec.Struct):
    id: Id = msgspec.field(name="accountID")
    name: str = msgspec.field(name="accountName")
    handle: str = msgspec.field(name="accountHandle")


class _FoundMember(msgspec.Struct):
    id: Id = msgspec.field(name="memberID")
    name: str = msgspec.field(name="memberName")
    handle: str = msgspec.field(name="memberHandle")


class _Opened(msgspec.Struct):
    id: Id = msgspec.field(name="accountID")


class _Authorized(msgspec.Struct):
    member: Id = msgspec.field(name="memberIdAuthorized")


class _Failed(msgspec.Struct):
    id: Id = msgspec.field(name="credexID")
    error: str = ""


class _Summary(msgspec.Struct, kw_only=True):
    accepted: list[Id]
    already: list[Id] = msgspec.field(default_factory=list, name="alreadyAccepted")
    failed: list[_Failed] = msgspec.field(default_factory=list)


class _Several(msgspec.Struct):
    summary: _Summary


class _Upgrade(msgspec.Struct):
    tier: Annotated[int, msgspec.Meta(ge=1, le=99)] = msgspec.field(name="newTier")


SUCCESSES: dict[type[Command], str] = {
    Login: "MEMBER_LOGIN",
    Onboard: "MEMBER_ONBOARDED",
    FindAccount: "ACCOUNT_FOUND",
    FindMember: "MEMBER_FOUND",
    ReadLedger: "LEDGER_RETRIEVED",
    ReadCredex: "CREDEX_RETRIEVED",
    ReadRecurring: "RECURRING_RETRIEVED",
    OpenAccount: "ACCOUNT_CREATED",
    RenameAccount: "ACCOUNT_UPDATED",
    AuthorizeMember: "ACCOUNT_AUTHORIZED",
    RevokeMember: "ACCOUNT_UNAUTHORIZED",
    SendOffersTo: "SEND_OFFERS_UPDATED",
    CancelRecurring: "RECURRING_CANCELLED",
    OfferCredex: "CREDEX_CREATED",
    AcceptOffer: "CREDEX_ACCEPTED",
    AcceptOffers: "CREDEX_BULK_ACCEPTED",
    DeclineOffer: "CREDEX_DECLINED",
    CancelOffer: "CREDEX_CANCELLED",
    UpgradeTier: "HUSTLER_10K_ENROLLED",
    SetUpRecurring: "RECURRING_CREATED",
}
"""The type that says yes to each command."""


def success(command: Command, body: Body) -> Outcome:
    """What a 2xx answer to this command says."""
    if body.action.type != SUCCESSES[type(command)]:
        raise MalformedPayload("success")
    match command:
        case Login():
            return LoggedIn(read_member(body.dashboard))
        case Onboard():
            return Onboarded(read_member(body.dashboard))
        case FindAccount() | FindMember() | ReadLedger() | ReadCredex() | ReadRecurring():
            return _read(command, body)
        case OpenAccount() | RenameAccount() | AuthorizeMember() | RevokeMember() | SendOffersTo() | CancelRecurring():
            return _changed(command, body)
        case (
            OfferCredex()
            | AcceptOffer()
            | AcceptOffers()
            | DeclineOffer()
            | CancelOffer()
            | UpgradeTier()
            | SetUpRecurring()
        ):
            return _moved(command, body)
        case unexpected:
            assert_never(unexpected)


def _read(command: ReadCommand, body: Body) -> Outcome:
    details = body.action.details
    match command:
        case FindAccount():
            found = decode(details, _Found, part="details")
            return AccountFound(AccountName(AccountId(found.id), found.name, found.handle))
        case FindMember():
            who = decode(details, _FoundMember, part="details")
            return MemberFound(MemberName(MemberId(who.id), who.name, who.handle))
        case ReadLedger():
            return LedgerRead(*read_ledger(details, body.dashboard))
        case ReadCredex(credex=credex):
            return CredexRead(read_credex(_same(credex, body.action), details))
        case ReadRecurring(recurring=wanted):
            recurring = read_recurring(details)
            if recurring.id != wanted:
                raise MalformedPayload("recurring")
            return RecurringRead(recurring)
        case unexpected:
            assert_never(unexpected)


def _changed(command: ChangeCommand, body: Body) -> Outcome:
    details, dashboard = body.action.details, body.dashboard
    match command:
        case OpenAccount():
            opened = AccountId(decode(details, _Opened, part="details").id)
            return AccountOpened(opened, read_touched_account(dashboard, opened))
        case RenameAccount(account=account):
            return AccountRenamed(read_touched_account(dashboard, account))
        case AuthorizeMember(account=account):
            member = MemberId(decode(details, _Authorized, part="details").member)
            return MemberAuthorized(account, member)
        case RevokeMember(account=account, member=member):
            return MemberRevoked(account, member)
        case SendOffersTo(account=account, member=member):
            return OffersRouted(account, member)
        case CancelRecurring(recurring=recurring):
            return RecurringCancelled(recurring)
        case unexpected:
            assert_never(unexpected)


def _moved(command: MoneyCommand, body: Body) -> Outcome:  # noqa: PLR0911 - one a command
    match command:
        case OfferCredex():
            return OfferMade(_made(body.action), read_touched_account(body.dashboard, command.issuer))
        case AcceptOffer():
            return OfferAccepted(_same(command.offer, body.action), read_touched_account(body.dashboard))
        case AcceptOffers():
            return _accepted(command, body)
        case DeclineOffer():
            return OfferDeclined(_same(command.offer, body.action), read_touched_account(body.dashboard))
        case CancelOffer():
            return OfferCancelled(_same(command.offer, body.action), read_touched_account(body.dashboard))
        case UpgradeTier():
            return TierUpgraded(decode(body.action.details, _Upgrade, part="details").tier)
        case SetUpRecurring():
            return RecurringSetUp(read_recurring(body.action.details))
        case unexpected:
            assert_never(unexpected)


def _accepted(command: AcceptOffers, body: Body) -> OffersAccepted:
    """credex-core counts those accepted before among the failed, and tells them by its sentence alone."""
    summary = decode(body.action.details, _Several, part="summary").summary
    accepted = {OfferId(one) for one in summary.accepted}
    already = {OfferId(one) for one in summary.already}
    already |= {OfferId(one.id) for one in summary.failed if "already been accepted" in one.error}
    failed = {OfferId(one.id) for one in summary.failed} - already
    asked = set(command.offers)
    if not accepted or accepted | already | failed != asked or accepted & (already | failed):
        raise MalformedPayload("summary")
    return OffersAccepted(
        accepted=tuple(one for one in command.offers if one in accepted),
        already=tuple(one for one in command.offers if one in already),
        failed=tuple(one for one in command.offers if one in failed),
        account=read_touched_account(body.dashboard, command.account),
    )


def _made(action: Action) -> OfferId:
    made = action.id or decode(action.details, _Credex, part="details").id
    if made is None:
        raise MalformedPayload("offer")
    return OfferId(made)


def _same(offer: OfferId, action: Action) -> OfferId:
    """An answer that names another offer than the one asked about answers something else."""
    if action.id not in {None, offer}:
        raise MalformedPayload("offer")
    return offer
