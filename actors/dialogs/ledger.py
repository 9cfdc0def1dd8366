"""The ledger of the account: what was accepted, newest first, a page at a time, and each entry in full.

Only the page shown is kept. What cannot be read leaves it as it is; the dashboard is not touched by any of this.
``actors.dialogs.ledger_pages`` says how a page is found while the ledger grows.
"""

import msgspec

from actors.dialogs import ledger_pages, texts
from actors.dialogs.credexes import described
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.ledger_pages import LedgerPage, Turning
from actors.dialogs.paging import BACK, NEXT, PREVIOUS, amount_titles, moves
from actors.dialogs.refusals import ledger, why
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, ask, goto, stay, wait
from actors.dialogs.visit import Visit
from actors.dialogs.wording import moment, shown
from actors.dialogs.words import joined
from channels.message import Choice, OutboundMessage
from credex.commands import ReadCredex, ReadLedger
from credex.model import Credex, LedgerEntry, OfferId
from credex.outcomes import (
    CredexRead,
    LedgerRead,
    NotAMember,
    Outcome,
    Refused,
    Success,
    Unavailable,
    Unclear,
)
from runtime.turn import Turn

_COUNTERPARTY_IN_HINT = 45


class ReadingLedger(msgspec.Struct, frozen=True, tag=True):
    """A page is being read."""

    visit: Visit
    turning: Turning

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=texts.READING_ENTRIES)

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome)
            case Heard() | Chose() | Unsupported():
                return wait(self, texts.STILL_READING_ENTRIES)

    def _answered(self, outcome: Outcome) -> Step:
        match outcome:
            case LedgerRead():
                page = self.turning.page(outcome)
                if page is None:
                    return _read(self.visit, ledger_pages.newest(self.turning.shown), texts.ENTRIES_MOVED)
                return goto(ShowingLedger(self.visit, page))
            case Refused():
                return self._unread(joined(" ", (texts.ENTRIES_REFUSED, why(outcome))))
            case Unavailable() | Unclear() | NotAMember() | Success():
                return self._unread(texts.ENTRIES_UNREAD.format(ledger=ledger(outcome)))

    def _unread(self, told: str) -> Step:
        page = self.turning.shown
        return goto(AtDashboard(self.visit) if page is None else ShowingLedger(self.visit, page), told)


class ShowingLedger(msgspec.Struct, frozen=True, tag=True):
    """A page of it."""

    visit: Visit
    page: LedgerPage

    def prompt(self) -> OutboundMessage:
        """One row an entry."""
        page = self.page
        said = [texts.GIVEN if _given(entry) else texts.RECEIVED for entry in page.entries]
        titles = amount_titles((abs(entry.amount) for entry in page.entries), said=said)
        rows = tuple(_row(entry, title) for entry, title in zip(page.entries, titles, strict=True))
        heading = texts.ENTRIES_OF if rows else texts.NO_ENTRIES
        label = texts.ENTRIES_PAGE.format(page=page.number) if page.more or page.number > 1 else ""
        return OutboundMessage(
            text=joined("\n", (heading.format(account=self.visit.party), label)),
            choices=(*rows, *moves(following=page.more, preceding=page.number > 1, back=True)),
            menu=texts.ENTRIES_MENU,
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Turn the page, go back, or read an entry in full."""
        match event:
            case Chose(key):
                return self._chosen(key)
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)

    def _chosen(self, key: str) -> Step:
        if key == NEXT:
            return _read(self.visit, ledger_pages.older(self.page))
        if key == PREVIOUS:
            return _read(self.visit, ledger_pages.newer(self.page))
        if key == BACK:
            return goto(AtDashboard(self.visit))
        visit, credex = self.visit, OfferId(key)
        return ask(ReadingEntry(visit, self.page), ReadCredex(visit.phone, visit.account.id, credex))


class ReadingEntry(msgspec.Struct, frozen=True, tag=True):
    """An entry of ``page`` is being read in full."""

    visit: Visit
    page: LedgerPage

    def prompt(self) -> OutboundMessage:
        """That it is being done."""
        return OutboundMessage(text=texts.READING_ENTRY)

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Wait for the outcome, whatever is said meanwhile."""
        match event:
            case Answered(outcome):
                return self._answered(outcome)
            case Heard() | Chose() | Unsupported():
                return wait(self, texts.STILL_READING_ENTRY)

    def _answered(self, outcome: Outcome) -> Step:
        page = ShowingLedger(self.visit, self.page)
        match outcome:
            case CredexRead(credex):
                return goto(ShowingEntry(self.visit, self.page, credex))
            case Refused():
                return goto(page, joined(" ", (texts.ENTRY_REFUSED, why(outcome))))
            case Unavailable() | Unclear() | NotAMember() | Success():
                return goto(page, texts.ENTRY_UNREAD.format(ledger=ledger(outcome)))


class ShowingEntry(msgspec.Struct, frozen=True, tag=True):
    """An entry of ``page`` in full."""

    visit: Visit
    page: LedgerPage
    credex: Credex

    def prompt(self) -> OutboundMessage:
        """All there is to say of it, and two ways back."""
        return OutboundMessage(
            text=described(self.credex, self.visit.party),
            choices=(
                Choice(key="ledger", title=texts.BACK_TO_LEDGER, says=("back", "ledger", "no", "n")),
                Choice(key=BACK, title=texts.ROW_BACK, says=("dashboard",)),
            ),
        )

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Back to the very page it was picked from, or home."""
        match event:
            case Chose("ledger"):
                return goto(ShowingLedger(self.visit, self.page))
            case Chose():
                return goto(AtDashboard(self.visit))
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)


def open_ledger(visit: Visit) -> Step:
    """Open the newest page from the dashboard."""
    return _read(visit, ledger_pages.newest())


def _read(visit: Visit, turning: Turning, *says: str) -> Step:
    start, many = turning.rows
    command = ReadLedger(visit.phone, visit.account.id, many, start)
    return ask(ReadingLedger(visit, turning), command, *says)


def _given(entry: LedgerEntry) -> bool:
    return entry.amount.amount < 0


def _row(entry: LedgerEntry, title: str) -> Choice:
    hint = texts.ENTRY_TO if _given(entry) else texts.ENTRY_FROM
    counterparty = shown(entry.counterparty, _COUNTERPARTY_IN_HINT)
    at = moment(entry.at) if entry.at else texts.UNKNOWN_DATE
    return Choice(
        key=entry.id,
        title=title,
        description=hint.format(counterparty=counterparty, at=at),
        section=texts.SECTION_ENTRIES,
        says=(str(abs(entry.amount)),),
    )
