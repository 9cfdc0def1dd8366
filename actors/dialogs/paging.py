"""Long lists on a small screen: pages of rows with Next, Previous and a way back.

Meta: at most 10 rows in a list message, over all sections; row titles of at most 24 UTF-16 units.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from actors.dialogs import texts
from actors.dialogs.wording import shown
from channels.message import Choice

T = TypeVar("T")

NEXT = "next"
PREVIOUS = "prev"
BACK = "return_to_dashboard"

ROWS = 10
_TITLE = 24


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page. ``number`` counts from 0."""

    items: tuple[T, ...]
    number: int
    last: int

    @property
    def label(self) -> str:
        """``Page 2 of 3``; empty when there is but one page."""
        return texts.PAGE.format(page=self.number + 1, pages=self.last + 1) if self.last else ""

    def moves(self, *, back: bool) -> tuple[Choice, ...]:
        """The rows that turn the page, and the one that leaves the list."""
        section = texts.SECTION_MORE
        moves = []
        if self.number < self.last:
            moves.append(Choice(key=NEXT, title=texts.ROW_NEXT, section=section, says=("next", "more")))
        if self.number > 0:
            moves.append(Choice(key=PREVIOUS, title=texts.ROW_PREVIOUS, section=section, says=("previous", "prev")))
        if back:
            moves.append(Choice(key=BACK, title=texts.ROW_BACK, section=section, says=("back", "dashboard")))
        return tuple(moves)


def page_of(items: Sequence[T], number: int) -> Page[T]:
    """Cut a page that leaves room for a way back; a number beyond the end is the last page."""
    room = ROWS - 1
    size = room if len(items) <= room else room - 2
    last = max(0, (len(items) - 1) // size)
    number = min(max(number, 0), last)
    return Page(tuple(items[number * size : (number + 1) * size]), number, last)


def distinct(titles: Iterable[str]) -> tuple[str, ...]:
    """Row titles cut to Meta's limit, the second of equal ones marked ``(2)``; the rows that move are taken already."""
    rows: list[str] = []
    taken = {title.casefold() for title in (texts.ROW_NEXT, texts.ROW_PREVIOUS, texts.ROW_BACK)}
    for title in titles:
        row, copy = shown(title, _TITLE), 1
        while row.casefold() in taken:
            copy += 1
            mark = f" ({copy})"
            row = shown(title, _TITLE - len(mark)) + mark
        taken.add(row.casefold())
        rows.append(row)
    return tuple(rows)
