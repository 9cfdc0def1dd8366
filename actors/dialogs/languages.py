"""The languages a chat is opened in, and how one is drawn.

Only greetings and the words that ask for patience come in several languages; what a member has to understand exactly
is English. Nothing is remembered of a member's language, so it is drawn anew for each turn, from the turn's seed: the
same turn, told again after a crash, says the same.
"""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from runtime.turn import Turn

T = TypeVar("T")


class Language(StrEnum):
    """What members speak, in Zimbabwe first. ``STREET`` is the Shona and Ndebele of the young."""

    SHONA = "shona"
    NDEBELE = "ndebele"
    ENGLISH = "english"
    SWAHILI = "swahili"
    SETSWANA = "setswana"
    STREET = "street"


WEIGHTS: Mapping[Language, int] = {
    Language.SHONA: 45,
    Language.NDEBELE: 25,
    Language.ENGLISH: 10,
    Language.SWAHILI: 8,
    Language.SETSWANA: 7,
    Language.STREET: 5,
}
"""In a hundred."""


def language_of(turn: Turn) -> Language:
    """The language of this turn, by ``WEIGHTS``."""
    rest = chance(turn, "language")
    for language, weight in WEIGHTS.items():
        if rest < weight:
            return language
        rest -= weight
    raise AssertionError("the weights are a hundred together")


def chance(turn: Turn, what: str) -> int:
    """A number from 0 to 99, equally likely, the same for the same seed; independent for each ``what``."""
    return _number(turn, what) % 100


def one_of(options: Sequence[T], turn: Turn, what: str) -> T:
    """One of them, equally likely, the same for the same seed."""
    return options[_number(turn, what) % len(options)]


def _number(turn: Turn, what: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{what}:{turn.seed}".encode()).digest()[:8])
