"""Money: an exact amount with its denomination, written and read one way.

Amounts are ``Decimal`` with at most the denomination's places, so the amount shown, the amount sent and the amount
compared are the same digits. Text typed by a member becomes ``Money``, says why it cannot (``Unreadable``), or what it
may mean (``Ambiguous``): where a comma could be a point, guessing could multiply an amount by a hundred.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

import msgspec


class Denomination(StrEnum):
    """The denominations credex-core knows."""

    CXX = "CXX"
    CAD = "CAD"
    USD = "USD"
    XAU = "XAU"
    ZWG = "ZWG"

    @property
    def places(self) -> int:
        """Decimal places (credex-core: CXX 3, XAU 4, the others 2)."""
        return _PLACES.get(self, 2)


_PLACES = {Denomination.CXX: 3, Denomination.XAU: 4}
_STEPS = {one: Decimal(1).scaleb(-one.places) for one in Denomination}


class Money(msgspec.Struct, frozen=True, order=False):
    """``amount`` of ``denomination``; may be negative or zero, as a balance is."""

    amount: Decimal
    denomination: Denomination

    def __str__(self) -> str:
        """As credex-core writes it: ``1,234.50 USD``, halves away from zero, never ``-0.00``."""
        return f"{self.digits} {self.denomination}"

    @property
    def digits(self) -> str:
        """The amount alone, grouped, with the denomination's places: ``1,234.50``."""
        rounded = self.amount.quantize(_STEPS[self.denomination], ROUND_HALF_UP)
        return f"{rounded or abs(rounded):,f}"

    def __abs__(self) -> "Money":
        return Money(abs(self.amount), self.denomination)


class AmountFault(StrEnum):
    """Why typed text is not an amount of money."""

    NOT_AN_AMOUNT = "not_an_amount"
    NO_NUMBER = "no_number"
    SEVERAL_NUMBERS = "several_numbers"
    EXPONENT = "exponent"
    UNDERSCORE = "underscore"
    OTHER_DIGITS = "other_digits"
    SEPARATORS = "separators"
    UNKNOWN_DENOMINATION = "unknown_denomination"
    TWO_DENOMINATIONS = "two_denominations"
    NOT_POSITIVE = "not_positive"
    TOO_MANY_DECIMALS = "too_many_decimals"
    TOO_LARGE = "too_large"


class Unreadable(msgspec.Struct, frozen=True):
    """The text is no amount, because of ``fault``; ``denomination`` is set where the rule depends on it."""

    fault: AmountFault
    denomination: Denomination | None = None


class Ambiguous(msgspec.Struct, frozen=True):
    """The text may mean any of ``readings``, the likeliest first: one or two, none of which may be taken unasked."""

    readings: tuple[Money, ...]


_MARK = "[A-Za-z]*[$\u20ac\xa3\xa5]|[A-Za-z]+"  # euro, pound and yen are read to be refused as currencies
_SHAPE = re.compile(
    rf"(?P<sign>[+-])?\s?(?P<before>{_MARK})?\s?(?P<inner>[+-])?(?P<number>[0-9.,]+)\s?(?P<after>\(?(?:{_MARK})\)?)?",
)
_PLAIN = re.compile(r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+")
_COMMA = re.compile(r"(?P<whole>[0-9]*),(?P<part>[0-9]+)")
_POINTS = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+,(?P<part>[0-9]+)|(?:\.[0-9]{3}){2,})")
_DECIMALS_OF_CENTS = 2
_LARGEST = Decimal(10) ** 12

# ZiG is what everybody calls the currency whose code is ZWG.
_OTHER_NAMES = {
    "$": Denomination.USD,
    "US$": Denomination.USD,
    "USD$": Denomination.USD,
    "C$": Denomination.CAD,
    "CA$": Denomination.CAD,
    "CAD$": Denomination.CAD,
    "ZIG": Denomination.ZWG,
}

_SIGNS_OF_A_FAULT: tuple[tuple[re.Pattern[str], AmountFault], ...] = (
    (re.compile("[0-9]_|_[0-9]"), AmountFault.UNDERSCORE),
    (re.compile("[0-9]\\.?[eE][+-]?[0-9]"), AmountFault.EXPONENT),
    (re.compile("[0-9][.,]? .*[0-9]"), AmountFault.SEVERAL_NUMBERS),
)


def parse_money(text: str, *, default: Denomination) -> Money | Ambiguous | Unreadable:
    """Read ``5``, ``5.00``, ``5 USD``, ``USD5``, ``$5``, ``US$5``, ``zwg 5`` and ``1,234.50``.

    ``5,00`` and ``1.234,50`` are ambiguous, and so is ``1,234`` where a denomination has three decimals. Exponents,
    underscores, ``nan``, digits of other scripts and more decimals than the denomination has are refused.
    """
    typed = " ".join(text.replace("\u2212", "-").split())
    match = _SHAPE.fullmatch(typed)
    if match is None or not any(map(str.isdigit, match["number"])) or (match["sign"] and match["inner"]):
        return Unreadable(_fault(typed))
    named = {read_denomination(word, default=default) for word in (match["before"], match["after"]) if word}
    denomination = named.pop() if named else default
    if denomination is None or None in named:
        return Unreadable(AmountFault.UNKNOWN_DENOMINATION)
    if named:
        return Unreadable(AmountFault.TWO_DENOMINATIONS)
    if "-" in (match["sign"], match["inner"]):
        return Unreadable(AmountFault.NOT_POSITIVE)
    return _read(match["number"], denomination)


def read_denomination(word: str | None, *, default: Denomination) -> Denomination | None:
    """``usd``, ``(ZWG)``, ``US$`` or ``$`` as a denomination; ``default`` for no word, ``None`` for an unknown one."""
    if not word:
        return default
    name = word.strip("()").upper()
    return _OTHER_NAMES.get(name) or Denomination.__members__.get(name)


def _fault(typed: str) -> AmountFault:
    if any(char.isnumeric() and not char.isascii() for char in typed):
        return AmountFault.OTHER_DIGITS
    if not any(map(str.isdigit, typed)):
        return AmountFault.NO_NUMBER
    fitting = (fault for pattern, fault in _SIGNS_OF_A_FAULT if pattern.search(typed))
    return next(fitting, AmountFault.NOT_AN_AMOUNT)


def _read(number: str, denomination: Denomination) -> Money | Ambiguous | Unreadable:
    meant = _comma_as_point(number, denomination.places)
    if _PLAIN.fullmatch(number):
        plain = _checked(Decimal(number.replace(",", "")), denomination)
        if not meant:
            return plain
        meant.append(Decimal(number.replace(",", "")))
    if not meant:
        return Unreadable(AmountFault.SEPARATORS)
    readings = [_checked(amount, denomination) for amount in meant]
    usable = tuple(reading for reading in readings if isinstance(reading, Money))
    return Ambiguous(usable) if usable else readings[0]


def _comma_as_point(number: str, places: int) -> list[Decimal]:
    """What ``5,00``, ``1.234,50`` and ``1.234.567`` may mean; for ``5,00`` also without its comma."""
    grouped = _POINTS.fullmatch(number)
    if grouped:
        whole, _, part = number.replace(".", "").partition(",")
        return [_with_decimals(whole, part, places)]
    comma = _COMMA.fullmatch(number)
    if comma is None:
        return []
    whole, part = comma["whole"], comma["part"]
    from_one = whole.strip("0") != "" and not whole.startswith("0")
    if from_one and len(part) > max(places, _DECIMALS_OF_CENTS):
        return []
    meant = [_with_decimals(whole or "0", part, places)]
    if from_one and len(part) <= _DECIMALS_OF_CENTS:
        meant.append(Decimal(whole + part))
    return meant


def _with_decimals(whole: str, part: str, places: int) -> Decimal:
    """Zeros beyond the denomination's places say nothing."""
    return Decimal(f"{whole}.{part[:places]}{part[places:].rstrip('0')}")


def _checked(amount: Decimal, denomination: Denomination) -> Money | Unreadable:
    if amount <= 0:
        return Unreadable(AmountFault.NOT_POSITIVE)
    if amount >= _LARGEST:
        return Unreadable(AmountFault.TOO_LARGE)
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > denomination.places:
        return Unreadable(AmountFault.TOO_MANY_DECIMALS, denomination)
    return Money(amount, denomination)
