"""Where a member lands once credex-core has told who they are."""

from datetime import datetime

from actors.dialogs import texts
from actors.dialogs.accounts import ChoosingAccount
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.outside import Outside
from actors.dialogs.state import Step, goto
from actors.dialogs.visit import Kept, Visit
from credex.model import Account, AccountId, AccountKind, Member, Phone


def arrive(
    phone: Phone,
    member: Member,
    now: datetime,
    *says: str,
    account_id: AccountId | None = None,
    recurring: tuple[Kept, ...] | None = None,
) -> Step:
    """The dashboard of the account asked for or of the only one; the list of accounts where there is a choice."""
    if not member.accounts:
        return goto(Outside(), *says, texts.NO_ACCOUNT)
    asked = member.account(account_id) if account_id else None
    account = asked or _usual(member)
    visit = Visit(phone=phone, member=member, account_id=account.id, seen=now, recurring=recurring)
    if asked is None and visit.several:
        return goto(ChoosingAccount(visit=visit, arriving=True), *says)
    return goto(AtDashboard(visit), *says)


def _usual(member: Member) -> Account:
    personal = (account for account in member.accounts if account.kind is AccountKind.PERSONAL)
    return next(personal, member.accounts[0])
