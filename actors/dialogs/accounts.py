"""Choosing which account to act for, for anyone who has more than one."""

import msgspec

from actors.dialogs import texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.names import read_handle
from actors.dialogs.paging import BACK, NEXT, PREVIOUS, distinct, page_of
from actors.dialogs.quick import QuickOffer
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, goto, stay
from actors.dialogs.visit import Visit
from actors.dialogs.wording import own_party, shown
from actors.dialogs.words import joined
from channels.message import Choice, OutboundMessage
from credex.model import Account, AccountId
from runtime.turn import Turn

_HINT_LIMIT = 72


class ChoosingAccount(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A list of accounts. ``arriving`` right after login, when there is no dashboard yet to go back to.

    ``door`` is where the member was going.
    """

    visit: Visit
    arriving: bool
    page: int = 0
    door: str | QuickOffer | None = None

    def prompt(self) -> OutboundMessage:
        """One row an account."""
        page = page_of(self.visit.member.accounts, self.page)
        titles = distinct(account.name.strip() or account.handle for account in page.items)
        rows = tuple(_row(account, title) for account, title in zip(page.items, titles, strict=True))
        question = texts.CHOOSE_ACCOUNT.format(first_name=shown(self.visit.member.first_name))
        return OutboundMessage(
            text=joined("\n", (question, page.label)),
            choices=(*rows, *page.moves(back=not self.arriving)),
            menu=texts.ACCOUNTS_MENU,
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Turn the page, go back, or act for the account chosen."""
        match event:
            case Chose(key):
                return self._chosen(key)
            case Heard(text):
                named = self.named(text)
                return stay(self, texts.PICK_ONE) if named is None else self._acting_for(named.id)
            case Unsupported() | Answered():
                return stay(self)

    def named(self, text: str) -> Account | None:
        """By handle every account can be chosen, whatever page it is on."""
        handle = read_handle(text)
        return next((account for account in self.visit.member.accounts if account.handle == handle), None)

    def _chosen(self, key: str) -> Step:
        number = page_of(self.visit.member.accounts, self.page).number
        if key == NEXT:
            return goto(msgspec.structs.replace(self, page=number + 1))
        if key == PREVIOUS:
            return goto(msgspec.structs.replace(self, page=number - 1))
        if key == BACK:
            return goto(AtDashboard(self.visit))
        return self._acting_for(AccountId(key))

    def _acting_for(self, account_id: AccountId) -> Step:
        visit = self.visit.acting_for(account_id)
        account = visit.account
        text = texts.NOW_ACTING_FOR.format(account=own_party(account.name, account.handle))
        return Step(state=AtDashboard(visit), says=(text,), opens=self.door)


def choose_account(visit: Visit) -> Step:
    """Open the list from the dashboard."""
    return goto(ChoosingAccount(visit=visit, arriving=False))


def _row(account: Account, title: str) -> Choice:
    hint = texts.ACCOUNT_HINT.format(handle=account.handle, net=account.balances.net_assets)
    return Choice(
        key=account.id,
        title=title,
        description=shown(hint, _HINT_LIMIT),
        section=texts.SECTION_ACCOUNTS,
        says=(account.handle, f"@{account.handle}"),
    )
