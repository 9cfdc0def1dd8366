"""Text in the 7-bit alphabet, so that a message costs half: what has an equal there is replaced by it. Pure.

Order matters: composed first (a decomposed é is not in the alphabet, the composed one is), then what is in it stays,
then the table, then letters without their accents and strokes. What is left (emoji, other scripts) is dropped by
``in_gsm7`` and kept by ``towards_gsm7``: a name in another script is worth a dearer message, decoration is not.
"""

import re
import unicodedata

from channels.sms.segments import BASIC, EXTENSION

_EQUALS = {
    **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("•·●▪◦", "-"),
    **dict.fromkeys(
        "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " "
    ),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufe0f\ufeff\u00ad", ""),
    **dict.fromkeys("→⇒➜", "->"),
    **dict.fromkeys("←⇐", "<-"),
    "…": "...",
    "×": "x",
    "÷": "/",
    "✓": "OK",
    "✔": "OK",
    "✗": "X",
    "ç": "c",
    "đ": "d",
    "Đ": "D",
    "ł": "l",
    "Ł": "L",
    "œ": "oe",
    "Œ": "OE",
    "ı": "i",
    "ĸ": "k",
    "ŉ": "'n",
    "ŋ": "n",
    "Ŋ": "N",
    "ſ": "s",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "Th",
    "ɔ": "o",
    "Ɔ": "O",
    "ɛ": "e",
    "Ɛ": "E",
    "ə": "e",
    "Ə": "E",
    "™": "(TM)",
    "©": "(C)",
    "®": "(R)",
}

_LATIN = re.compile(r"LATIN (SMALL|CAPITAL) LETTER ([A-Z]{1,2})(?: WITH .+)?")


def in_gsm7(text: str) -> str:
    """Everything in the alphabet; what has no equal there is gone, with the blank it leaves behind."""
    kept = "".join(character if _fits(character) else "" for character in towards_gsm7(text))
    return "\n".join(" ".join(line.split(" ")).strip(" ") for line in _single_spaces(kept).split("\n"))


def towards_gsm7(text: str) -> str:
    """As much of it in the alphabet as has an equal there; the rest as it was."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(map(_nearest, composed))


def _nearest(character: str) -> str:
    if _fits(character):
        return character
    if character in _EQUALS:
        return _EQUALS[character]
    bare = "".join(one for one in unicodedata.normalize("NFKD", character) if not unicodedata.combining(one))
    if bare and all(map(_fits, bare)):
        return bare
    named = _LATIN.fullmatch(unicodedata.name(character, ""))  # a stroke or a hook is no accent to Unicode
    return (named[2] if named[1] == "CAPITAL" else named[2].lower()) if named else character


def _fits(character: str) -> bool:
    return character in BASIC or character in EXTENSION


def _single_spaces(text: str) -> str:
    while "  " in text:
        text = text.replace("  ", " ")
    return text
