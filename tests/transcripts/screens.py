"""A text message as a person reads it: what is said, the rows of its menu, and the code that signs. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from actors.dialogs import briefs, texts
from channels.sms.wording import plain

_LINE = re.compile(r"(\d) .+")
_CODE = re.compile(r"\b((?:PAY|OK) \d{4})\b")
_SHORTENED = {getattr(texts, name): plain(row) for name, row in briefs.ROWS.items()}
_WAYS_BACK = frozenset(
    {texts.ROW_BACK, texts.BACK_TO_OFFERS, texts.BACK_TO_LEDGER, texts.GO_BACK, texts.DO_NOT_SIGN, texts.JOIN_EDIT}
    | {texts.ANOTHER_AMOUNT}
)
VIEW = "view"
"""What a notice says to type."""

_ENTRY = re.compile(r"(?P<way>Received|Given) (?P<amount>.+)")
_CONFIRMS = re.compile(r"(?:Yes, |Sign and ).+")


@dataclass(frozen=True, slots=True)
class Screen:
    """One text message. ``rows`` are numbered from 1; ``code`` is all that is typed to sign, empty if nothing is.

    ``bare`` is the text with blanks for the menu's own numbers.
    """

    text: str
    bare: str
    rows: tuple[str, ...]
    more: bool
    back: bool
    code: str

    def typed_for(self, title: str, *, by_title: bool) -> str | None:
        """What picks the choice with this title; ``None`` if it is not on this page."""
        row = self.row(title)
        if row is not None:
            number, shown = row
            return shown if by_title else str(number)
        if self.back and title in _WAYS_BACK:
            return "0"
        if self.more and title == texts.ROW_NEXT:
            return "next" if by_title else "9"
        if title == texts.NOTICE_VIEW and VIEW in self.text:
            return VIEW
        return self.code if self.code and _CONFIRMS.fullmatch(title) else None

    def row(self, title: str) -> tuple[int, str] | None:
        """The number of the row for this title, and what is typed instead: its words without what describes them."""
        for described in ("", r":? (?!\().+"):
            for number, row in enumerate(self.rows, 1):
                for typed, shown in _forms(title):
                    if re.fullmatch(shown + described, row):
                        return number, typed
        return None


def _forms(title: str) -> Iterator[tuple[str, str]]:
    """A title as it is typed, and what its row begins with."""
    yield title, re.escape(title)
    if title in _SHORTENED:
        yield _SHORTENED[title], re.escape(_SHORTENED[title])
    if found := _ENTRY.fullmatch(title):
        yield title, re.escape(found["amount"]) + ("(?= from)" if found["way"] == "Received" else "(?= to)")


def screen(text: str) -> Screen:
    """Read it from the end: the menu stands below all that is said."""
    lines = text.split("\n")
    back = _turns(lines, 0)
    more = _turns(lines, 9)
    rows: list[str] = []
    for number in count(_number(lines), -1):
        if number <= 0 or _number(lines) != number:
            break
        rows.insert(0, lines.pop()[2:])
    said = "\n".join(lines)
    bare = said + re.sub(r"(?m)^\d ", "  ", text[len(said) :])
    codes = _CODE.findall(text)
    return Screen(text, bare, tuple(rows), more, back, codes[-1] if codes else "")


def _turns(lines: list[str], number: int) -> bool:
    if _number(lines) != number:
        return False
    lines.pop()
    return True


def _number(lines: list[str]) -> int:
    """Of the last line, -1 if it has none."""
    found = lines and _LINE.fullmatch(lines[-1])
    return int(found[1]) if found else -1
