"""Numbers as credex-core prints them.

US-English grouping, halves away from zero, decimals by denomination. A negative that rounds to nothing keeps its minus
(``-0.00 USD``), as does a zero on the debit side: a client meets that text, so it is kept.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal

from credex.money import Denomination

_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
"""Room for the largest double: core sets no upper bound on an amount."""

Rates = Mapping[Denomination, Decimal]
"""What one unit of a denomination is worth in CXX."""

DAY_ZERO_RATES: Rates = {
    Denomination.CXX: Decimal(1),
    Denomination.CAD: Decimal(1),
    Denomination.USD: Decimal("1.4"),
    Denomination.XAU: Decimal(4200),
    Denomination.ZWG: Decimal("0.05"),
}


def grouped(amount: Decimal, denomination: Denomination) -> str:
    """``1,234.50``."""
    return f"{amount.quantize(Decimal(1).scaleb(-denomination.places), context=_WIDE):,f}"


def formatted(amount: Decimal, denomination: Denomination) -> str:
    """``1,234.50 USD``."""
    return f"{grouped(amount, denomination)} {denomination}"


def signed(amount: Decimal, *, debit: bool) -> Decimal:
    """The amount as this side sees it; a debit of nothing is ``-0``."""
    return amount.copy_negate() if debit else amount


def bare(amount: Decimal) -> str:
    """``5`` or ``-3.25``: a number as JavaScript writes it."""
    return f"{amount.normalize(_WIDE):f}"


def number(amount: Decimal) -> int | float:
    """For JSON, where JavaScript writes a whole number without a point."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def convert(amount: Decimal, source: Denomination, target: Denomination, rates: Rates) -> Decimal:
    """The same value in another denomination, through CXX; untouched when there is nothing to convert."""
    return amount if source is target else amount * rates[source] / rates[target]
