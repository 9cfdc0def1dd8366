"""Anything that is said as one text message: plain, and in the 7-bit alphabet wherever that can hold it. Pure.

What marks words up elsewhere (``*bold*``, ``_slanted_``, ``~struck~``) means nothing here and goes, and so does what
only decorates. Letters the alphabet lacks lose their accents if they have some; those of other scripts stay, since a
name is worth a dearer message.
"""

import re
import unicodedata

from channels.message import OutboundMessage
from channels.plain import harmless, heard, numbered
from channels.sms.plain_alphabet import towards_gsm7

LONGEST = 1530
"""Characters: ten segments, which is what providers take."""

_MARKED = re.compile(r"(?<![\w*_~@])([*_~])(?=\S)([^*_~\n]+?)(?<=\S)\1(?![\w*_~])")
_DECORATION = frozenset({"So", "Sk", "Cn", "Co", "Cs"})
_JOINERS = re.compile("[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_BLANKS = re.compile(" {2,}")
_AT_ENDS = re.compile(" *\n *")


def worded(message: OutboundMessage) -> str:
    """The whole message, its choices as a numbered menu, at most ``LONGEST`` characters. Empty if nothing is left."""
    return plain(numbered(message, limit=LONGEST))


def plain(text: str) -> str:
    """The text without marks and decoration, and as near to the 7-bit alphabet as it goes."""
    bare = _JOINERS.sub("", _MARKED.sub(r"\2", harmless(text)))
    near = "".join(one for one in towards_gsm7(bare) if unicodedata.category(one) not in _DECORATION or one == "^")
    return heard(_AT_ENDS.sub("\n", _BLANKS.sub(" ", near)))
