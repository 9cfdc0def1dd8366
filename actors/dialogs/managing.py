"""Managing the account acted for: a menu of what can be changed, with what the ledger tells of who may act for it.

credex-core tells who hears of an account's offers, and that this member may act for it; not who else may, and in some
versions not who owns it. So rows for owners are shown to everybody it calls an owner, and its refusal is told.
"""

import msgspec

from actors.dialogs import texts
from actors.dialogs.authority import Purpose, add_member, choose_member
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.opening import open_account
from actors.dialogs.paging import BACK
from actors.dialogs.recurring_list import at_recurring
from actors.dialogs.renaming import rename
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, goto, stay
from actors.dialogs.visit import Visit
from actors.dialogs.wording import hearer
from channels.message import Choice, OutboundMessage
from runtime.turn import Turn


class ManagingAccount(msgspec.Struct, frozen=True, tag=True):
    """The menu."""

    visit: Visit

    def prompt(self) -> OutboundMessage:
        """The account, and a row for everything possible."""
        visit = self.visit
        return OutboundMessage(
            text=texts.MANAGING.format(account=visit.party, hearer=hearer(visit.account)),
            choices=(*(_OWNER_ROWS if visit.account.owned else ()), *_member_rows(visit)),
            menu=texts.MANAGE_MENU,
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002, PLR0911 - every state has this shape; one a row
        """Go where the row leads."""
        match event:
            case Chose("rename_account"):
                return rename(self.visit)
            case Chose("add_member"):
                return add_member(self.visit)
            case Chose("remove_member"):
                return choose_member(self.visit, Purpose.REMOVE)
            case Chose("offers_receiver"):
                return choose_member(self.visit, Purpose.HEAR)
            case Chose("create_account"):
                return open_account(self.visit)
            case Chose("recurring"):
                return at_recurring(self.visit)
            case Chose():
                return goto(AtDashboard(self.visit))
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)


def manage_account(visit: Visit) -> Step:
    """Open the menu from the dashboard."""
    return goto(ManagingAccount(visit))


def _row(key: str, title: str, hint: str, section: str = texts.SECTION_ACCOUNT, *says: str) -> Choice:
    return Choice(key=key, title=title, description=hint, section=section, says=says)


_OWNER_ROWS = (
    _row("rename_account", texts.RENAME, texts.RENAME_HINT),
    _row("add_member", texts.ADD_MEMBER, texts.ADD_MEMBER_HINT),
    _row("remove_member", texts.REMOVE_MEMBER, texts.REMOVE_MEMBER_HINT),
    _row("offers_receiver", texts.HEARS, texts.HEARS_HINT),
)


def _member_rows(visit: Visit) -> tuple[Choice, ...]:
    recurring = () if visit.recurring is None else (_row("recurring", texts.RECURRING, texts.RECURRING_HINT),)
    return (
        *recurring,
        _row("create_account", texts.CREATE, texts.CREATE_HINT, texts.SECTION_NEW),
        _row(BACK, texts.ROW_BACK, "", texts.SECTION_MORE, "back", "dashboard"),
    )
