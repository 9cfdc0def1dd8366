"""Long lists on a small screen: pages of rows with Next, Previous and a way back.

Meta: at most 10 rows in a list message, over all sections; row titles of at most 24 UTF-16 units.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from actors.dialogs import texts
from actors.dialogs.wording import shown
from channels.message import Choice
from channels.plain import units
from credex.money import Money

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
        return moves(following=self.number < self.last, preceding=self.number > 0, back=back)


def moves(*, following: bool, preceding: bool, back: bool) -> tuple[Choice, ...]:
    """The rows that turn a page where there is one to turn to, and the one that leaves the list."""
    section = texts.SECTION_MORE
    rows = []
    if following:
        rows.append(Choice(key=NEXT, title=texts.ROW_NEXT, section=section, says=("next", "more")))
    if preceding:
        rows.append(Choice(key=PREVIOUS, title=texts.ROW_PREVIOUS, section=section, says=("previous", "prev")))
    if back:
        rows.append(Choice(key=BACK, title=texts.ROW_BACK, section=section, says=("back", "dashboard")))
    return tuple(rows)


def page_of(items: Sequence[T], number: int, *, first: int = 0) -> Page[T]:
    """Cut a page that leaves room for a way back; a number beyond the end is the last page.

    ``first`` is 1 if the first page has a row of its own: it stands where other pages have their way to the one before.
    """
    room = ROWS - 1
    size = room if len(items) <= room - first else room - 2
    last = max(0, (len(items) - 1) // size)
    number = min(max(number, 0), last)
    return Page(tuple(items[number * size : (number + 1) * size]), number, last)


def distinct(titles: Iterable[str]) -> tuple[str, ...]:
    """Row titles cut to Meta's limit, the second of equal ones marked ``(2)``; the rows that move are taken already."""
    return _distinct((title,) for title in titles)


def amount_titles(amounts: Iterable[Money], *, said: Sequence[str] = ()) -> tuple[str, ...]:
    """The like for amounts, which are never cut: one too long is written shorter, or not shown in its row at all.

    ``said`` has a text with ``{amount}`` for each, which is left out where it makes the row too long.
    """
    spelled = [_spellings(amount) for amount in amounts]
    if said:
        spelled = [(text.format(amount=each[0]), *each) for text, each in zip(said, spelled, strict=True)]
    return _distinct(spelled)


def _spellings(amount: Money) -> tuple[str, ...]:
    plain, denomination = amount.digits.replace(",", ""), amount.denomination
    return str(amount), f"{plain} {denomination}", f"{plain}{denomination}", texts.LARGE_AMOUNT


def _distinct(titles: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """``titles`` are spellings of each row, the best one first."""
    rows: list[str] = []
    taken = {title.casefold() for title in (texts.ROW_NEXT, texts.ROW_PREVIOUS, texts.ROW_BACK)}
    for spellings in titles:
        row, copy = _fitting(spellings, ""), 1
        while row.casefold() in taken:
            copy += 1
            row = _fitting(spellings, f" ({copy})")
        taken.add(row.casefold())
        rows.append(row)
    return tuple(rows)


def _fitting(spellings: Sequence[str], mark: str) -> str:
    room = _TITLE - len(mark)
    whole = (spelling for spelling in spellings if units(spelling) <= room)
    return shown(next(whole, spellings[-1]), room) + mark
