"""How long a text message is, counted as carriers bill it: encoding, units and segments. Pure.

3GPP TS 23.038 (the 7-bit alphabet and its extension table) and TS 23.040 (concatenation, whose header takes 6 octets
of each segment's 140). A message with one character outside the 7-bit alphabet is sent whole in UCS-2, which counts
UTF-16 units. What counts as two in its encoding (an extension character, a surrogate pair) is never cut in half: it
moves to the next segment.
"""

from dataclasses import dataclass
from enum import StrEnum

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The alphabet: one septet each."""

EXTENSION = frozenset("\f^{}\\[~]|€")
"""Behind an escape: two septets each."""

_BEYOND_BMP = 0xFFFF


class Encoding(StrEnum):
    """How the message travels."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"

    @property
    def single(self) -> int:
        """Units of a message that is one segment."""
        return 160 if self is Encoding.GSM7 else 70

    @property
    def part(self) -> int:
        """Units of each segment of a longer one."""
        return 153 if self is Encoding.GSM7 else 67


@dataclass(frozen=True, slots=True)
class Measured:
    """A message as it is billed. ``units`` are septets, or UTF-16 units; ``parts`` what each segment carries."""

    encoding: Encoding
    units: int
    parts: tuple[str, ...]

    @property
    def segments(self) -> int:
        """How many are billed."""
        return len(self.parts)


def measure(text: str) -> Measured:
    """Count a message exactly as it is sent. An empty one is one empty segment."""
    encoding = encoding_of(text)
    sizes = [_size(character, encoding) for character in text]
    units = sum(sizes)
    parts = (text,) if units <= encoding.single else _cut(text, sizes, encoding.part)
    return Measured(encoding, units, parts)


def encoding_of(text: str) -> Encoding:
    """The cheapest encoding that can carry every character."""
    return Encoding.UCS2 if outside(text) else Encoding.GSM7


def outside(text: str) -> str:
    """The first character that the 7-bit alphabet lacks; empty if it has them all."""
    return next((one for one in text if one not in BASIC and one not in EXTENSION), "")


def _size(character: str, encoding: Encoding) -> int:
    if encoding is Encoding.GSM7:
        return 1 if character in BASIC else 2
    return 2 if ord(character) > _BEYOND_BMP else 1


def _cut(text: str, sizes: list[int], room: int) -> tuple[str, ...]:
    parts, begin, filled = [], 0, 0
    for place, size in enumerate(sizes):
        if filled + size > room:
            parts.append(text[begin:place])
            begin, filled = place, 0
        filled += size
    return (*parts, text[begin:])
