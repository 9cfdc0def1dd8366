"""The words that belong to the carriers, and are never commands of ours. Pure.

Carriers and providers act on a whole message that is one of these before we see it, and block or unblock our number;
so we read them in the same way. CTIA's messaging principles and Twilio's default keywords. A sentence that has such a
word inside is no such word. ``mira`` (Shona) and ``misa``, ``yekela`` (Ndebele) say stop as well, but no carrier takes
them for it, and people are called so.
"""

import unicodedata
from enum import StrEnum

from channels.plain import heard


class Reserved(StrEnum):
    """What a carrier takes such a word for."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    YES = "yes"
    """Joins again whoever has stopped; says nothing from anybody else."""


_STOPS = """
    stop|stopall|stop all|unsubscribe|cancel|end|quit|revoke|optout|opt out
"""
_WORDS = {
    **dict.fromkeys(_STOPS.strip().split("|"), Reserved.STOP),
    **dict.fromkeys(("start", "unstop"), Reserved.START),
    **dict.fromkeys(("help", "info"), Reserved.HELP),
    "yes": Reserved.YES,
}


_LOCAL_STOPS = frozenset({"mira", "misa", "yekela"})


def reserved(text: str) -> Reserved | None:
    """What a whole message means to carriers, if it is one of their words; case, ends and forms do not matter."""
    return _WORDS.get(_word(text))


def says_stop_here(text: str) -> bool:
    """Whether a whole message asks us to stop in a language of Zimbabwe."""
    return _word(text) in _LOCAL_STOPS


def _word(text: str) -> str:
    word = unicodedata.normalize("NFKC", heard(text)).casefold().strip(" \n\t.,!?\"'")
    return " ".join(word.split())
