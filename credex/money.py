"""Money: an exact amount with its denomination, written and read one way.

Amounts are ``Decimal`` with at most the denomination's places, so the amount shown, the amount sent and the amount
compared are the same digits. Text typed by a member becomes ``Money`` or says why it cannot (``Unreadable``).
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
        rounded = self.amount.quantize(Decimal(1).scaleb(-self.denomination.places), ROUND_HALF_UP)
        return f"{rounded or abs(rounded):,f}"

    def __abs__(self) -> "Money":
        return Money(abs(self.amount), self.denomination)


class AmountFault(StrEnum):
    """Why typed text is not an amount of money."""

    NOT_AN_AMOUNT = "not_an_amount"
    UNKNOWN_DENOMINATION = "unknown_denomination"
    NOT_POSITIVE = "not_positive"
    TOO_MANY_DECIMALS = "too_many_decimals"
    TOO_LARGE = "too_large"
    AMBIGUOUS_COMMA = "ambiguous_comma"


class Unreadable(msgspec.Struct, frozen=True):
    """The text is no amount, because of ``fault``; ``denomination`` is set where the rule depends on it."""

    fault: AmountFault
    denomination: Denomination | None = None


_NUMBER = r"[+-]?(?:(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)"
_SHAPE = re.compile(
    rf"(?P<before>[A-Za-z]{{2,}}|\$)?\s*(?P<number>{_NUMBER})\s*(?P<after>\(?[A-Za-z]{{2,}}\)?)?",
    re.ASCII,
)
_COMMA_DECIMAL = re.compile(r"(?:[A-Za-z]{3}|\$)?\s*(?:\d+,\d{1,2}|0+,\d+)\s*(?:[A-Za-z]{3})?", re.ASCII)
_LARGEST = Decimal(10) ** 12


def parse_money(text: str, *, default: Denomination) -> Money | Unreadable:
    """Read ``5``, ``5.00``, ``5 USD``, ``USD5``, ``$5``, ``zwg 5`` and ``1,234.50``.

    Exponents, underscores, ``nan``, digits of other scripts and more decimals than the denomination has are refused.
    """
    if _COMMA_DECIMAL.fullmatch(text.strip()):
        return Unreadable(AmountFault.AMBIGUOUS_COMMA)
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        return Unreadable(AmountFault.NOT_AN_AMOUNT)
    before, after = match["before"], match["after"]
    if before and after:
        return Unreadable(AmountFault.NOT_AN_AMOUNT)
    denomination = read_denomination(before or after, default=default)
    if denomination is None:
        return Unreadable(AmountFault.UNKNOWN_DENOMINATION)
    return _checked(Decimal(match["number"].replace(",", "")), denomination)


def read_denomination(word: str | None, *, default: Denomination) -> Denomination | None:
    """``usd``, ``(ZWG)`` or ``$`` as a denomination; ``default`` for no word, ``None`` for an unknown one."""
    if not word:
        return default
    if word == "$":
        return Denomination.USD
    return Denomination.__members__.get(word.strip("()").upper())


def _checked(amount: Decimal, denomination: Denomination) -> Money | Unreadable:
    if amount <= 0:
        return Unreadable(AmountFault.NOT_POSITIVE)
    if amount >= _LARGEST:
        return Unreadable(AmountFault.TOO_LARGE)
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > denomination.places:
        return Unreadable(AmountFault.TOO_MANY_DECIMALS, denomination)
    return Money(amount, denomination)
