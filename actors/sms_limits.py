"""Reading the settings that say what text messages may do, with what is wrong in plain words. Pure."""

import re
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator
from pydantic_settings import NoDecode

from actors.dialogs.allowance import USUAL_LIMITS, May
from credex.money import Denomination, Money, parse_money

_BETWEEN = re.compile(r",(?![0-9])|(?<![0-9]),|;")
"""Not a comma inside a number: ``1,000 USD`` is one amount."""

_NAMES_NO_DENOMINATION = re.compile("[^A-Za-z$]*")
_KNOWN = ", ".join(Denomination)


def parse_may(text: str) -> May:
    """How far text messages go. Raises ``ValueError``."""
    try:
        return May(text.casefold())
    except ValueError:
        raise ValueError(f"{text!r} is none of {', '.join(May)}") from None


def parse_limits(text: str) -> tuple[Money, ...]:
    """``20 USD, 500 ZWG``: one amount for each denomination that may be signed for at all. Raises ``ValueError``."""
    limits = tuple(_amount(part.strip()) for part in _BETWEEN.split(text) if part.strip())
    if not limits:
        raise ValueError("names no amount: give some, like 20 USD, 500 ZWG")
    named = [limit.denomination for limit in limits]
    twice = sorted({each.value for each in named if named.count(each) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} is there twice: give one amount for each denomination")
    return limits


def _amount(part: str) -> Money:
    if _NAMES_NO_DENOMINATION.fullmatch(part):
        raise ValueError(f"{part!r} names no denomination: write it as 20 USD ({_KNOWN})")
    read = parse_money(part, default=Denomination.USD)
    if isinstance(read, Money):
        return read
    raise ValueError(f"{part!r} cannot be read as an amount above zero: write each as 20 USD ({_KNOWN})")


def _may(value: object) -> May | None:
    return parse_may(value) if isinstance(value, str) else None


def _limits(value: object) -> tuple[Money, ...]:
    return parse_limits(value) if isinstance(value, str) else USUAL_LIMITS


def _listed(limits: tuple[Money, ...]) -> str:
    return "; ".join(map(str, limits))


SmsMay = Annotated[May | None, PlainValidator(_may)]
"""A setting that ``parse_may`` reads; ``None`` where it is not set."""

SmsLimits = Annotated[tuple[Money, ...], NoDecode, PlainValidator(_limits), PlainSerializer(_listed, when_used="json")]
"""A setting that ``parse_limits`` reads."""
