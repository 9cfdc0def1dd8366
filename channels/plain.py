"""Plain text: what a bubble may hold, how long it is, and a screen's choices as a numbered menu.

Every channel shows the same choices; where there are no buttons they are lines of text, and a typed answer works
everywhere. ``numbered`` writes the menu and ``read_choice`` reads the answer back: whatever the menu shows as ``2``
is what ``2`` means. A number that is not on the menu is no choice, so that an amount is never taken for one.

Lengths are counted in UTF-16 units, as WhatsApp and UCS-2 text messages count: an emoji is two.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

from channels.message import Choice, OutboundMessage

_BLANK = (
    " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
)
"""White space, and what only looks like nothing: a message of these is an empty message."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ODD_SPACE = re.compile("[\t\v\f\x1c-\x1f\x85\u2028\u2029]")
_UNSAFE = re.compile("[\x00-\x08\r\x0e-\x1b\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"[#(]?\s*(\d{1,3})\s*[.):\]]?")
_MENU_LINE = re.compile(rf"{_NUMBER.pattern}\s+(.+)")
_LOOKALIKE = {"l": 1, "I": 1, "|": 1}
_PREFIX_LETTERS = 3


def heard(text: str) -> str:
    """Text from outside, fit to be stored and compared: no NUL, lone surrogates as U+FFFD, blank ends cut off."""
    if "\0" in text:
        text = text.replace("\0", "")
    if not text.isascii():
        text = _LONE_SURROGATE.sub("\ufffd", text)
    return text.strip(_BLANK)


def harmless(text: str) -> str:
    """Text safe to show: without control characters and without marks that reorder what is around them.

    Names are chosen by strangers, and a right-to-left override in one could turn ``12.50`` into ``05.21``. Newlines
    stay, tabs and odder breaks become a space.
    """
    return _UNSAFE.sub("", _ODD_SPACE.sub(" ", text))


def one_line(text: str) -> str:
    """``harmless`` on one line, for labels: any run of white space is one space."""
    return " ".join(harmless(text).split())


def units(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text) if text.isascii() else len(text) + len(_BEYOND_BMP.findall(text))


def fit(text: str, limit: int, *, mark: str = "…") -> str:
    """``text`` if it has at most ``limit`` UTF-16 units, else as much of its beginning as fits before ``mark``.

    For names and labels only: never cut a sentence that holds an amount.
    """
    if units(text) <= limit:
        return text
    room = limit - units(mark)
    if room < 0:
        return ""
    return _beginning(text, room).rstrip(_BLANK) + mark


def _beginning(text: str, room: int) -> str:
    cut = text[:room]
    while units(cut) > room:
        cut = cut[: len(cut) - max(1, (units(cut) - room) // 2)]
    return cut


def numbered(message: OutboundMessage, *, limit: int) -> str:
    """The whole screen as text of at most ``limit`` UTF-16 units: what is said, then ``1 Title`` on a line each.

    If it is too long, first the descriptions go, then titles are shortened, and at last the text loses words at its
    end: never a part of a word, so that no amount is shown with digits missing.
    """
    text = harmless(message.text).strip(_BLANK)
    if not message.choices:
        return by_words(text, limit)
    for line in (_described, _titled):
        menu = "\n".join(line(number, choice) for number, choice in enumerate(message.choices, 1))
        whole = f"{text}\n{menu}" if text else menu
        if units(whole) <= limit:
            return whole
    shortest = "\n".join(_shortened(number, choice) for number, choice in enumerate(message.choices, 1))
    kept = by_words(text, limit - units(shortest) - 1)
    return f"{kept}\n{shortest}" if kept else fit(shortest, limit, mark="...")


def _described(number: int, choice: Choice) -> str:
    description = one_line(choice.description)
    return f"{_titled(number, choice)}: {description}" if description else _titled(number, choice)


def _titled(number: int, choice: Choice) -> str:
    return f"{number} {one_line(choice.title)}"


def _shortened(number: int, choice: Choice) -> str:
    return f"{number} {fit(one_line(choice.title), 14, mark='..')}"


def by_words(text: str, limit: int) -> str:
    """``text`` if it has at most ``limit`` UTF-16 units, else as many whole words of its beginning, and ``...``."""
    if units(text) <= limit:
        return text
    kept = _beginning(text, max(0, limit - len(" ...")) + 1)
    whole_words = re.match(r"(?s)(.*)\s", kept)
    return f"{whole_words[1].rstrip(_BLANK)} ..." if whole_words and whole_words[1].strip(_BLANK) else ""


def read_choice(text: str, choices: Sequence[Choice]) -> Choice | None:
    """Which choice typed text means, ``None`` if none or more than one.

    In this order: its number on the menu (``2``, ``2.``, ``(2)``, any script's digits, and ``l`` for 1 when that is
    all there is), its whole title or its line of the menu, one of the words it ``says``, the beginning of its title
    if no other title begins so (three letters at least). Case, accents' encoding, ends and spacing do not matter.
    """
    typed = heard(unicodedata.normalize("NFKC", text))
    number = _number(typed)
    if number is not None and 1 <= number <= len(choices):
        return choices[number - 1]
    words = _folded(typed)
    if not words:
        return None
    return (
        _only(choices, lambda choice: _folded(choice.title) == words)
        or _menu_line(typed, choices)
        or _only(choices, lambda choice: any(_folded(said) == words for said in choice.says))
        or _begun(words, choices)
    )


def _number(typed: str) -> int | None:
    if typed in _LOOKALIKE:
        return _LOOKALIKE[typed]
    found = _NUMBER.fullmatch(typed)
    return int(found[1]) if found else None


def _menu_line(typed: str, choices: Sequence[Choice]) -> Choice | None:
    found = _MENU_LINE.fullmatch(typed)
    named = choices[int(found[1]) - 1 : int(found[1])] if found and int(found[1]) else ()
    return _only(named, lambda choice: found is not None and _folded(choice.title) == _folded(found[2]))


def _begun(words: str, choices: Sequence[Choice]) -> Choice | None:
    if sum(map(str.isalpha, words)) < _PREFIX_LETTERS:
        return None
    return _only(choices, lambda choice: _folded(choice.title).startswith(words))


def _only(choices: Sequence[Choice], fits: Callable[[Choice], bool]) -> Choice | None:
    found = [choice for choice in choices if fits(choice)]
    return found[0] if len(found) == 1 else None


def _folded(text: str) -> str:
    """For comparing: case and compatibility forms folded, single spaces, no punctuation around unless it is all."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    line = one_line(heard(folded))
    begin, end = 0, len(line)
    while begin < end and not line[begin].isalnum():
        begin += 1
    while end > begin and not _ends_word(line[end - 1]):
        end -= 1
    return line[begin:end] or line


def _ends_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")
