"""A screen as text messages: what is said, a numbered menu, and reading the answer back. Pure.

A page is one text message of one segment where all of it fits into one, else of at most two. What does not fit comes
on further pages: ``9`` shows the next, ``0`` goes back. Numbers begin anew on every page and belong to the page shown
last: ``Page.keys`` says what they mean there, so what is shown as ``2`` is what ``2`` means.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from channels.message import Choice
from channels.plain import heard
from channels.sms.segments import measure
from channels.sms.wording import plain

MOST_SEGMENTS = 2
MOST_ROWS = 8
MORE, BACK = "9", "0"

_LINES = re.compile("\n{2,}")
_NUMBER = re.compile(r"[#(]?\s*(\d{1,3})\s*[.):\]]?")
_LOOKALIKE = str.maketrans({"l": "1", "I": "1", "i": "1", "|": "1", "O": "0", "o": "0"})


class Turning(Enum):
    """What a number means that picks no choice."""

    MORE = "more"
    """Show the next page."""
    BACK = "back"
    """Go back, where no choice of the screen is the way back."""
    NOTHING = "nothing"
    """No such number is on the menu."""


@dataclass(frozen=True, slots=True)
class Page:
    """One text message of a screen.

    ``keys`` are the choices numbered 1, 2, 3 on it. ``more`` is the choice that ``9`` picks, empty if it shows the next
    page of this screen, ``None`` if there is nothing more; ``back`` likewise for ``0``.
    """

    text: str
    keys: tuple[str, ...] = ()
    more: str | None = None
    back: str | None = None

    def means(self, number: int) -> str | Turning:
        """What typing it picks, by key, or does."""
        if number == int(BACK) and self.back is not None:
            return self.back or Turning.BACK
        if number == int(MORE) and self.more is not None:
            return self.more or Turning.MORE
        return self.keys[number - 1] if 1 <= number <= len(self.keys) else Turning.NOTHING


@dataclass(frozen=True, slots=True)
class Labels:
    """What a menu is made with: the words of ``9`` and ``0``, and a choice as one line that is ``plain`` already."""

    more: str
    back: str
    row: Callable[[Choice], str]


def fits(text: str) -> bool:
    """Whether it takes no more segments than a screen may."""
    return measure(text).segments <= MOST_SEGMENTS


def pages(
    text: str, choices: Sequence[Choice], labels: Labels, *, leads_back: bool, last: str = ""
) -> tuple[Page, ...]:
    """Lay a screen out; there is always at least one page.

    The first choice that ``says`` *back* is ``0``, the one that ``says`` *more* is ``9`` once all others are shown;
    ``leads_back`` offers ``0`` where no choice is the way back. ``last`` is a line that stands below all that is said.
    """
    back = next((choice.key for choice in choices if "back" in choice.says), "" if leads_back else None)
    more = next((choice.key for choice in choices if "more" in choice.says), None)
    rows = [(each.key, labels.row(each)) for each in choices if each.key not in (back, more)]
    text, laid = _LINES.sub("\n", plain(text)), list[Page]()
    said = f"{text}\n{last}".strip()
    while True:
        whole = _page(said, rows, labels, more, back)
        if len(rows) <= MOST_ROWS and fits(whole.text):
            return (*laid, whole)
        if not laid:
            *parts, text = in_parts(text, _page(last, [], labels, "", back).text)
            laid += (_page(part, [], labels, "", back) for part in parts)
            said = f"{text}\n{last}".strip()
            if parts:
                continue
        many = _most(said, rows, labels, back)
        laid.append(_page(said, rows[:many], labels, "", back))
        said, rows = "", rows[many:]


def in_parts(text: str, ends: str = "") -> list[str]:
    """The text in parts that each fit, with the lines that each ``ends`` with.

    Cut between lines if that leaves no part half empty, else behind a comma, else between words.
    """
    parts, rest = [], text
    while not fits(f"{rest}\n{ends}"):
        cut = len(rest)
        while not fits(f"{rest[:cut]}\n{ends}"):
            cut -= max(1, (cut - 100) // 20)
        ways = (rest.rfind(end, cut // 2, cut) + len(end.strip()) for end in ("\n", ", ", " "))
        cut = next((way for way in ways if way > cut // 2), cut)
        parts.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*parts, rest]


def number_in(typed: str) -> int | None:
    """The number that is all of a message: in any script's digits, dotted or bracketed, or one look-alike letter."""
    text = heard(unicodedata.normalize("NFKC", typed))
    if len(text) == 1:
        text = text.translate(_LOOKALIKE)
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def digits_in(typed: str) -> str:
    """Digits as they were meant, in a code: look-alike letters are the digits they look like, blanks are nothing."""
    text = unicodedata.normalize("NFKC", typed).translate(_LOOKALIKE)
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text if not one.isspace())


def _page(said: str, rows: Sequence[tuple[str, str]], labels: Labels, more: str | None, back: str | None) -> Page:
    lines = [said] if said else []
    lines += [f"{number} {row}" for number, (_, row) in enumerate(rows, 1)]
    lines += [f"{MORE} {labels.more}"] if more is not None else []
    lines += [f"{BACK} {labels.back}"] if back is not None else []
    return Page("\n".join(lines), tuple(key for key, _ in rows), more, back)


def _most(said: str, rows: Sequence[tuple[str, str]], labels: Labels, back: str | None) -> int:
    """How many rows go on a page that has more after it: at least one, unless what is said leaves no room for any."""
    many = min(MOST_ROWS, len(rows))
    while many > 1 and not fits(_page(said, rows[:many], labels, "", back).text):
        many -= 1
    if many == 1 and said and not fits(_page(said, rows[:1], labels, "", back).text):
        return 0
    return many
