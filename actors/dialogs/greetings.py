"""Greetings, both ways: the words that mean "take me home", and the words we open with.

The time of day is Zimbabwe's, UTC+2 all year. Which greeting is said derives from the turn's seed.
"""

from datetime import timedelta, timezone

from runtime.turn import Turn

HARARE = timezone(timedelta(hours=2), "Africa/Harare")

HELP_WORDS = frozenset({"help", "info"})
LEAVING_WORDS = frozenset({"cancel"})
MENU_WORDS = frozenset({"menu", "home", "bal", "balance"})
GREETING_WORDS = frozenset(
    """
    hi|hie|hy|hey|hello|helo|hi there|hello there|hey there|good morning|good afternoon|good evening|start
    mhoro|mhoroi|makadii|makadini|mangwanani|masikati|manheru|ndeipi|sawubona|salibonani|livukile|litshonile
    jambo|habari|bonjour|salut|hola|buenos dias
    """.replace("\n", "|")
    .replace("    ", "")
    .strip("|")
    .split("|")
)

_ANY_TIME = ("Mhoro", "Salibonani", "Hello")
_BY_HOUR: tuple[tuple[int, tuple[str, ...]], ...] = (
    (5, ("Mangwanani", "Livukile", "Good morning")),
    (12, ("Masikati", "Litshonile", "Good afternoon")),
    (17, ("Manheru", "Litshonile", "Good evening")),
    (20, ("Manheru", "Good evening")),
)


def plain_word(text: str) -> str:
    """A whole message brought to the form of the word sets: ``Hello `` and ``HELLO!`` are ``hello``."""
    return " ".join(text.casefold().strip(" \n\t.,!?").split())


def takes_home(word: str) -> bool:
    """Whether this whole message asks for the dashboard."""
    return word in MENU_WORDS or word in GREETING_WORDS


def greeting(turn: Turn) -> str:
    """``Mangwanani``, ``Good evening``: by the hour in Harare, chosen by the turn's seed."""
    hour = turn.now.astimezone(HARARE).hour
    fitting = _BY_HOUR[-1][1]
    for first_hour, phrases in _BY_HOUR:
        if hour >= first_hour:
            fitting = phrases
    usable = _ANY_TIME + fitting
    return usable[turn.seed % len(usable)]
