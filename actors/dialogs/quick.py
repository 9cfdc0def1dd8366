"""Offers typed in one line: ``0.5=>rudo``, ``5->rudo=24 Dec``, ``pay 5 to rudo``, ``rudo#<account id>``, ``@rudo``.

Pure. Only the shape is read here, and only a whole message is one. What was typed as amount, handle and day goes to
the very questions that would have asked for it, so their rules hold for it too.
"""

import re
import unicodedata

import msgspec

from channels.plain import heard
from credex.money import Denomination


class QuickOffer(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """An offer as typed. ``handle`` in lower case; ``amount`` and ``due`` are empty where they are to be asked yet."""

    handle: str
    amount: str = ""
    secured: bool = True
    due: str = ""


_HANDLE = r"@?\s?(?P<handle>[a-z0-9_]{3,30})"
_MARK = "[a-z]{0,10}[$\u20ac\xa3\xa5]|[a-z]{1,10}"
_AMOUNT = rf"(?P<amount>[+-]?\s?(?:{_MARK})?\s?[+-]?(?:\d[\d.,]{{0,30}}|[.,]\d{{1,30}})\s?(?:\(?(?:{_MARK})\)?)?)"
_SECURED, _UNSECURED = r"={1,2}>", r"-{1,2}>"
_SHAPES = tuple(
    re.compile(shape, re.ASCII)
    for shape in (
        rf"{_AMOUNT}\s?{_SECURED}\s?{_HANDLE}",
        rf"{_AMOUNT}\s?(?P<unsecured>{_UNSECURED})\s?{_HANDLE}(?:\s?=\s?(?P<due>[^=<>]{{1,30}}))?",
        rf"(?:pay|send|offer) {_AMOUNT} to {_HANDLE}",
        rf"(?:pay|send|offer) (?:to )?{_HANDLE} {_AMOUNT}",
        rf"{_HANDLE}#[a-z0-9-]{{4,64}}",
        r"@\s?(?P<handle>[a-z0-9_]{3,30})",
    )
)
_ARROWS = (
    (re.compile("[\u21d2\u27f9]"), "=>"),
    (re.compile("[\u2192\u27f6\u279c\u2794\u27a1]\ufe0f?"), "->"),
    (re.compile("[\u2010-\u2015\u2212](?=>)"), "-"),
)
_CURRENCIES = frozenset(code.casefold() for code in Denomination) | {"zig"}
_PHONE_DIGITS = 8
"""A handle of digits alone is a phone number; fewer are more likely an amount."""


def read_quick(text: str) -> QuickOffer | None:
    """The offer that this whole message is, or ``None``."""
    typed = _folded(text)
    for shape in _SHAPES:
        found = shape.fullmatch(typed)
        if found is not None:
            return _offer(found)
    return None


def _offer(found: re.Match[str]) -> QuickOffer | None:
    parts = found.groupdict()
    handle, amount = parts["handle"], parts.get("amount") or ""
    before = found.string[: found.start("handle")]
    named = before.rstrip().endswith(("@", ">", " to")) or not before
    if not named and (handle in _CURRENCIES or (handle.isdigit() and len(handle) < _PHONE_DIGITS)):
        return None
    return QuickOffer(
        handle=handle, amount=amount.strip(), secured=not parts.get("unsecured"), due=(parts.get("due") or "").strip()
    )


def _folded(text: str) -> str:
    """One line in lower case, with plain arrows and single blanks."""
    for arrow, plain in _ARROWS:
        text = arrow.sub(plain, text)
    folded = " ".join(heard(unicodedata.normalize("NFKC", text)).casefold().split())
    return folded.rstrip(".! ")
