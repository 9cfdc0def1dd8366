"""How core cleans a field before judging it: one reader a kind of field.

A reader turns what JSON held into the cleaned value, or says why it is unfit (``Unfit``). Cleaning is generous and
sometimes odd: apostrophes and accents vanish from names *before* their letters are counted, foreign characters vanish
from ids, and text in unknown tags is escaped before anything else.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from credex.money import Denomination


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why the value is refused, in a validator's words."""

    reason: str


Reader = Callable[[object], object]
"""From a JSON value to the cleaned value or ``Unfit``."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
_PHONE = re.compile(r"[1-9]\d{1,14}", re.ASCII)
_HANDLE = re.compile(r"[a-z0-9_]{3,30}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)([^<>]*)>")
_KEPT_TAGS = frozenset({"a", "b", "br", "code", "div", "em", "i", "li", "ol", "p", "pre", "span", "strong", "u", "ul"})
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_RADIX = re.compile(r"0(x[0-9a-f]+|o[0-7]+|b[01]+)", re.IGNORECASE)
_NAME_BOUNDS = range(3, 51)


def uuid(value: object) -> object:
    """An id; whatever is neither hexadecimal nor a hyphen is dropped first."""
    kept = re.sub(r"[^0-9a-fA-F-]", "", value) if isinstance(value, str) else ""
    return kept if _UUID.fullmatch(kept) else Unfit("Invalid UUID format")


def phone(value: object) -> object:
    """Digits of an international number."""
    if not isinstance(value, str):
        return Unfit("The phone could not be read")
    digits = re.sub(r"[^0-9]", "", _escaped(value.strip()))
    return digits if _PHONE.fullmatch(digits) else Unfit("The phone is not an international number")


def person_name(value: object) -> object:
    """Plain latin letters, blanks and hyphens, 3 to 50 of them."""
    return _name(value, r"[^A-Za-z \-]")


def account_name(value: object) -> object:
    """As a person's name, digits allowed."""
    return _name(value, r"[^A-Za-z0-9 \-]")


def handle(value: object) -> object:
    """Lower-cased; a-z, 0-9 and underscore, 3 to 30."""
    if not isinstance(value, str):
        return Unfit("The handle could not be read")
    cleaned = value.strip().lower()
    return cleaned if _HANDLE.fullmatch(cleaned) else Unfit("Handles use 3 to 30 of a-z, 0-9 and underscore")


def denomination(value: object) -> object:
    """A denomination in any case."""
    code = value.strip().upper() if isinstance(value, str) else ""
    return Denomination.__members__.get(code) or Unfit("Unknown denomination")


def amount(value: object) -> object:
    """Above zero and finite, as JavaScript would convert it; no upper bound, any number of decimals."""
    figure = _js_number(value)
    if figure is None or not figure.is_finite() or not math.isfinite(float(figure)):
        return Unfit("Must be a number")
    return figure if figure > 0 else Unfit("Must be above zero")


def whole(least: int) -> Reader:
    """A whole number, ``least`` or more."""

    def read(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            return Unfit(f"Must be a whole number from {least} up")
        return value

    return read


def integer(value: object) -> object:
    """Any whole number."""
    return Unfit("Must be a whole number") if isinstance(value, bool) or not isinstance(value, int) else value


def flag(value: object) -> object:
    """A real JSON boolean."""
    return value if isinstance(value, bool) else Unfit("Must be true or false")


def one_of(*allowed: str) -> Reader:
    """One of these words, in this case."""

    def read(value: object) -> object:
        cleaned = value.strip() if isinstance(value, str) else value
        return cleaned if cleaned in allowed else Unfit(f"Must be one of {', '.join(allowed)}")

    return read


def day(value: object) -> object:
    """``YYYY-MM-DD`` in digits; whether the calendar has it is judged elsewhere. Empty text is no date."""
    cleaned = value.strip() if isinstance(value, str) else None
    return cleaned if cleaned is not None and (not cleaned or _DATE.fullmatch(cleaned)) else Unfit("Must be YYYY-MM-DD")


def ids_or_nothing(value: object) -> object:
    """A tuple of ids, each cleaned; what is no list, or an empty one, is left for the controller to refuse."""
    if not isinstance(value, list) or not value:
        return value
    ids = tuple(uuid(each) for each in value)
    return next((each for each in ids if isinstance(each, Unfit)), ids)


def _name(value: object, dropped: str) -> object:
    if not isinstance(value, str):
        return Unfit("The name could not be read")
    cleaned = re.sub(dropped, "", _escaped(value.strip()))
    return cleaned if len(cleaned) in _NAME_BOUNDS else Unfit(f"A name needs 3 to 50 letters, got {len(cleaned)}")


def _escaped(text: str) -> str:
    def escape(tag: re.Match[str]) -> str:
        return tag[0] if tag[2].lower() in _KEPT_TAGS else f"&lt;{tag[0][1:-1]}&gt;"

    return _TAG.sub(escape, text)


def _js_number(value: object) -> Decimal | None:
    if isinstance(value, str):
        return _js_text(value.strip())
    return Decimal(value) if isinstance(value, int | Decimal) else None


def _js_text(text: str) -> Decimal | None:
    if _RADIX.fullmatch(text):
        return Decimal(int(text, 0))
    if text and not _NUMBER.fullmatch(text):
        return None
    return Decimal(text or 0) if math.isfinite(float(text or 0)) else None
