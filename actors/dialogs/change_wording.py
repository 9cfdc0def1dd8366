"""How each change of an account is put into words, and whether a fresh reading shows that it was made.

credex-core does not tell who may act for an account, so of an authority whose answer was lost nobody can say whether
it stands; a repeat of any of these commands ends in the same state, and that is what is said then.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from actors.dialogs import texts
from actors.dialogs.visit import Visit
from credex.commands import (
    AuthorizeMember,
    CancelRecurring,
    ChangeCommand,
    Command,
    Login,
    OpenAccount,
    ReadRecurring,
    RenameAccount,
    RevokeMember,
    SendOffersTo,
)
from credex.model import Member
from credex.outcomes import (
    AccountOpened,
    AccountRenamed,
    LoggedIn,
    MemberAuthorized,
    MemberRevoked,
    OffersRouted,
    Outcome,
    RecurringCancelled,
    RecurringRead,
    Refusal,
    Success,
)

ENDED = "CANCELLED"
"""credex-core's word for a recurring payment that has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The sentences of one change. ``made`` is the success that says yes to it."""

    made: type[Success]
    sure: str
    yes: str
    doing: str
    done: str
    not_done: str
    unclear: str
    not_seen: str
    unknown: str
    refused: Mapping[Refusal, str]


def wording_of(command: ChangeCommand) -> Wording:
    """How this change is put into words."""
    return _WORDINGS[type(command)]


def question(command: ChangeCommand, visit: Visit) -> Command:
    """What to ask to learn whether the change was made."""
    if isinstance(command, CancelRecurring):
        return ReadRecurring(visit.phone, visit.account.id, command.recurring)
    return Login(visit.phone)


def seen(command: ChangeCommand, outcome: Outcome) -> bool | None:
    """Whether the answer to the question shows the change; ``None`` if it cannot tell."""
    if isinstance(outcome, RecurringRead):
        return outcome.recurring.status == ENDED if isinstance(command, CancelRecurring) else None
    return _in_dashboard(command, outcome.member) if isinstance(outcome, LoggedIn) else None


def _in_dashboard(command: ChangeCommand, member: Member) -> bool | None:
    match command:
        case OpenAccount(handle=handle):
            return any(account.handle == handle for account in member.accounts)
        case RenameAccount(account=account, name=name):
            renamed = member.account(account)
            return None if renamed is None else renamed.name == name
        case SendOffersTo(account=account, member=hearer):
            routed = member.account(account)
            return None if routed is None or routed.offers_to is None else routed.offers_to.id == hearer
        case AuthorizeMember() | RevokeMember() | CancelRecurring():
            return None


_NOT_OWNER = {Refusal.NOT_ALLOWED: texts.ONLY_OWNER}
_NO_MEMBER = {**_NOT_OWNER, Refusal.NOT_FOUND: texts.NO_MEMBER_OR_ACCOUNT}

_WORDINGS: Mapping[type[ChangeCommand], Wording] = {
    OpenAccount: Wording(
        made=AccountOpened,
        sure=texts.SURE_OPEN,
        yes=texts.YES_OPEN,
        doing=texts.CREATING,
        done=texts.OPENED,
        not_done=texts.NOT_OPENED,
        unclear=texts.OPEN_UNCLEAR,
        not_seen=texts.OPEN_NOT_SEEN,
        unknown=texts.OPEN_UNKNOWN,
        refused={Refusal.TIER_LIMIT: texts.ONE_ACCOUNT_ONLY, Refusal.DUPLICATE: texts.HANDLE_JUST_TAKEN},
    ),
    RenameAccount: Wording(
        made=AccountRenamed,
        sure=texts.SURE_RENAME,
        yes=texts.YES_RENAME,
        doing=texts.RENAMING,
        done=texts.RENAMED,
        not_done=texts.NOT_RENAMED,
        unclear=texts.RENAME_UNCLEAR,
        not_seen=texts.RENAME_NOT_SEEN,
        unknown=texts.RENAME_UNKNOWN,
        refused=_NOT_OWNER,
    ),
    AuthorizeMember: Wording(
        made=MemberAuthorized,
        sure=texts.SURE_AUTHORIZE,
        yes=texts.YES_AUTHORIZE,
        doing=texts.AUTHORIZING,
        done=texts.AUTHORIZED,
        not_done=texts.NOT_AUTHORIZED,
        unclear=texts.AUTHORIZE_UNCLEAR,
        not_seen=texts.AUTHORIZE_UNKNOWN,
        unknown=texts.AUTHORIZE_UNKNOWN,
        refused={**_NO_MEMBER, Refusal.TIER_LIMIT: texts.ADDING_NEEDS_TIER, Refusal.FULL: texts.FIVE_AT_MOST},
    ),
    RevokeMember: Wording(
        made=MemberRevoked,
        sure=texts.SURE_REVOKE,
        yes=texts.YES_REVOKE,
        doing=texts.REVOKING,
        done=texts.REVOKED,
        not_done=texts.NOT_REVOKED,
        unclear=texts.REVOKE_UNCLEAR,
        not_seen=texts.REVOKE_UNKNOWN,
        unknown=texts.REVOKE_UNKNOWN,
        refused={**_NO_MEMBER, Refusal.GONE: texts.CANNOT_ACT_NOW},
    ),
    SendOffersTo: Wording(
        made=OffersRouted,
        sure=texts.SURE_ROUTE,
        yes=texts.YES_ROUTE,
        doing=texts.ROUTING,
        done=texts.ROUTED,
        not_done=texts.NOT_ROUTED,
        unclear=texts.ROUTE_UNCLEAR,
        not_seen=texts.ROUTE_NOT_SEEN,
        unknown=texts.ROUTE_UNKNOWN,
        refused={**_NO_MEMBER, Refusal.GONE: texts.MUST_ACT_FIRST},
    ),
    CancelRecurring: Wording(
        made=RecurringCancelled,
        sure=texts.SURE_END,
        yes=texts.YES_END,
        doing=texts.ENDING,
        done=texts.ENDED,
        not_done=texts.NOT_ENDED,
        unclear=texts.END_UNCLEAR,
        not_seen=texts.END_NOT_SEEN,
        unknown=texts.END_UNKNOWN,
        refused={Refusal.NOT_FOUND: texts.NO_SUCH_RECURRING, Refusal.GONE: texts.RECURRING_ENDED_BEFORE},
    ),
}
