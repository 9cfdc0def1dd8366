"""Rows of a menu in few words: what a channel without buttons shows of a choice.

A list holds facts, and every one stays: amounts, days, times and handles whole. What is cut is names, and what goes is
what the row says twice. A day is written ``5Mar26``.
"""

import re

from actors.dialogs import briefs, texts
from channels.message import Choice
from channels.plain import fit, one_line
from channels.sms.wording import plain

_TITLES = {getattr(texts, name): row for name, row in briefs.ROWS.items()}
_BARE = frozenset(getattr(texts, name) for name in briefs.BARE_SECTIONS)
_SAID_BY_ITS_TO_OR_FROM = tuple(text.partition("{")[0] for text in (texts.GIVEN, texts.RECEIVED))
_DAY = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]{2}) 20(\d\d)\b(?:, (?=\d\d:\d\d))?")
_FACT = re.compile(r"@|\b\d[\d.,]* ?[A-Z]{3}\b|\b\d{1,2}[A-Z][a-z]{2}\d\d\b|\b\d\d:\d\d\b")
_BEFORE_NAMES = tuple(text.partition("{")[0] for text in (texts.OFFER_FROM, texts.OFFER_TO))
_NAME_LIMIT = 20


def row(choice: Choice) -> str:
    """One line without its number."""
    title = one_line(choice.title)
    if title in _TITLES:
        return _TITLES[title]
    description = one_line(choice.description)
    if not description or choice.section in _BARE:
        return plain(title)
    for word in _SAID_BY_ITS_TO_OR_FROM:
        title = title.removeprefix(word)
    return plain(f"{title} {_short(plain(description))}")


def also_named(title: str) -> str | None:
    """The other title that a choice goes by here, if it has one."""
    return _TITLES.get(title)


def _short(description: str) -> str:
    return ", ".join(map(_part, _DAY.sub(lambda day: f"{day[1]}{day[2]}{day[3]} ", description).split(", ")))


def _part(part: str) -> str:
    if _FACT.search(part):
        return part.strip()
    before = next((before for before in _BEFORE_NAMES if part.startswith(before)), "")
    return before + fit(part[len(before) :], _NAME_LIMIT, mark="..")
