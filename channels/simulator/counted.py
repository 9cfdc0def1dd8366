"""What a simulated phone tells of a text message's length: counts of ``channels.sms.segments``, and plain words."""

import unicodedata

import msgspec

from channels.sms.segments import Encoding, Measured, measure, outside

_UNSEEN = frozenset("CMZ")
"""General categories of characters that show nothing of themselves."""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """One text message as it is billed.

    ``units`` of the ``room`` that its segments have; ``parts`` what each of them carries. ``because`` is the first
    character that the 7-bit alphabet lacks, fit to be shown; empty in GSM-7. ``words`` say all of it in one line.
    """

    encoding: Encoding
    units: int
    room: int
    parts: tuple[str, ...]
    because: str
    words: str

    @property
    def segments(self) -> str:
        """``1 segment``, ``2 segments``."""
        return _segments(len(self.parts))


def counted(text: str) -> Counted:
    """Count a text exactly as it is sent."""
    measured = measure(text)
    encoding, many = measured.encoding, measured.segments
    because = _shown(outside(text))
    return Counted(
        encoding=encoding,
        units=measured.units,
        room=encoding.single if many == 1 else many * encoding.part,
        parts=measured.parts,
        because=because,
        words=_words(measured, len(text)) + (f", because of {because}" if because else ""),
    )


def _words(measured: Measured, characters: int) -> str:
    encoding, units = measured.encoding, measured.units
    if measured.segments == 1:
        return f"{units} of {encoding.single}, {encoding}, 1 segment"
    count_as = "" if units == characters else f" that count as {units}"
    return f"{_segments(measured.segments)} ({encoding}, {characters} characters{count_as})"


def _segments(many: int) -> str:
    return f"{many} segment{'' if many == 1 else 's'}"


def _shown(character: str) -> str:
    if not character:
        return ""
    code = f"U+{ord(character):04X}"
    return code if unicodedata.category(character)[0] in _UNSEEN else f"{character} ({code})"
