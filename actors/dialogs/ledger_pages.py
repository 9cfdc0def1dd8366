"""Pages of a ledger that grows while it is read. Pure.

credex-core counts rows from the newest, so an entry accepted between two readings moves all others down by one: the
next page by number would begin with the row that ended the last one, and the page before would leave one out. So a page
is held on to by an entry on it. The reading asks for that entry again and for what lies beyond, with some rows to spare
for what has come meanwhile, and the page begins right after it (or ends right before it): nothing is shown twice and
nothing is left out, however many have come. Only if the entry is not among the rows (more than ``SPARE`` have come)
does the ledger begin anew at its newest page, and the member is told so. The first page is always the newest one.

Pages are numbered by the steps taken from the first. How many there are nobody knows: credex-core tells but whether
there are more.
"""

from typing import NamedTuple

import msgspec

from credex.model import LedgerEntry, OfferId
from credex.outcomes import LedgerRead

ROWS = 7
"""Meta: ten rows in a list, and three of them turn the page and lead back."""

SPARE = 7
"""As many entries as may come between two readings."""

_SECOND = 2


class LedgerPage(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown, and all that is kept of a ledger. ``start`` is the row of its first entry, ``number`` from 1.

    ``more`` is whether there are older entries.
    """

    entries: tuple[LedgerEntry, ...]
    start: int = 0
    number: int = 1
    more: bool = False


class Rows(NamedTuple):
    """The rows to be read."""

    start: int
    many: int


class Turning(msgspec.Struct, frozen=True, kw_only=True):
    """A page on its way: ``number``, beyond the entry ``held`` of the page ``shown``. Without ``held``, the newest."""

    number: int = 1
    held: OfferId | None = None
    shown: LedgerPage | None = None

    @property
    def rows(self) -> Rows:
        """The rows that hold it."""
        page = self.shown
        if page is None or self.held is None:
            return Rows(0, ROWS)
        if self.number > page.number:
            return Rows(page.start + len(page.entries) - 1, 1 + ROWS + SPARE)
        return Rows(max(0, page.start - ROWS), ROWS + 1 + SPARE)

    def page(self, read: LedgerRead) -> LedgerPage | None:
        """The page as it was read; ``None`` if the entry held is not among the rows, or nothing lies beyond it."""
        entries, page = read.entries, self.shown
        if page is None or self.held is None:
            return LedgerPage(entries=entries[:ROWS], more=read.more or len(entries) > ROWS)
        at = next((number for number, entry in enumerate(entries) if entry.id == self.held), None)
        if at is None:
            return None
        older = self.number > page.number
        begin, end = (at + 1, at + 1 + ROWS) if older else (max(0, at - ROWS), at)
        found = entries[begin:end]
        if not found:
            return None
        more = read.more or len(entries) > end
        return LedgerPage(entries=found, start=self.rows.start + begin, number=self.number, more=more)


def newest(shown: LedgerPage | None = None) -> Turning:
    """To the first page. ``shown`` is what stays if it cannot be read."""
    return Turning(shown=shown)


def older(page: LedgerPage) -> Turning:
    """To the page after this one."""
    return Turning(number=page.number + 1, held=page.entries[-1].id, shown=page)


def newer(page: LedgerPage) -> Turning:
    """To the page before this one."""
    if page.number <= _SECOND:
        return newest(page)
    return Turning(number=page.number - 1, held=page.entries[0].id, shown=page)
