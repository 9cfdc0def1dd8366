"""Greetings, both ways: the words that mean "take me home", and the words we open with.

The time of day is Zimbabwe's, UTC+2 all year. What is said derives from the turn's seed: the language by its weight,
then one of its phrases for the hour, or on a special day, four times in ten, the wish for it.
"""

from datetime import timedelta, timezone

from actors.dialogs.languages import Language, chance, language_of, one_of
from actors.dialogs.phrases import AT_ANY_TIME, BY_PERIOD, PATIENCE, WISHES, Period, greetings_said
from actors.dialogs.special_days import special_day
from runtime.turn import Turn

HARARE = timezone(timedelta(hours=2), "Africa/Harare")

HELP_WORDS = frozenset({"help", "info"})
LEAVING_WORDS = frozenset({"cancel"})
BACK_WORDS = frozenset({"back", "go back", "0"})
MENU_WORDS = frozenset({"menu", "memu", "home", "reset", "bal", "balance"})
_HEARD = frozenset(
    """
    hi|hie|hy|hey|hello|helo|hi there|hello there|hey there|good morning|good afternoon|good evening|start
    mhoro|mhoroi|makadii|makadini|mangwanani|masikati|manheru|ndeipi|sawubona|salibonani|livukile|litshonile
    jambo|habari|dumela|dumelang|bonjour|salut|hola|buenos dias
    """.replace("\n", "|")
    .replace("    ", "")
    .strip("|")
    .split("|")
)
GREETING_WORDS = _HEARD | {phrase.casefold() for phrase in greetings_said()}
"""What we say to open is among them: people answer a greeting with the same."""

_MORNING, _AFTERNOON, _EVENING, _NIGHT = 5, 12, 17, 20
_WISHES_IN_A_HUNDRED = 40


def plain_word(text: str) -> str:
    """A whole message brought to the form of the word sets: ``Hello `` and ``HELLO!`` are ``hello``."""
    return " ".join(text.casefold().strip(" \n\t.,!?").split())


def takes_home(word: str) -> bool:
    """Whether this whole message asks for the dashboard."""
    return word in MENU_WORDS or word in GREETING_WORDS


def may_take_home(word: str) -> bool:
    """Whether this whole message, or one word of it, asks for the dashboard: ``hello Rudo``, but not ``hi_shop``."""
    return takes_home(word) or any(takes_home(plain_word(part)) for part in word.split())


def greeting(turn: Turn) -> str:
    """``Mangwanani``, ``Good evening``, ``Happy New Year``: by the day and hour in Harare."""
    now, language = turn.now.astimezone(HARARE), language_of(turn)
    today = special_day(now.date())
    if today and chance(turn, "wish") < _WISHES_IN_A_HUNDRED:
        return WISHES[today].get(language, WISHES[today][Language.ENGLISH])
    fitting = BY_PERIOD.get(language, {}).get(_period(now.hour), ())
    return one_of((*AT_ANY_TIME[language], *fitting), turn, "greeting")


def patience(turn: Turn) -> str:
    """``Mirai zvishoma``: what asks somebody to wait a little."""
    return one_of(PATIENCE[language_of(turn)], turn, "patience")


def _period(hour: int) -> Period:
    if _MORNING <= hour < _AFTERNOON:
        return Period.MORNING
    if _AFTERNOON <= hour < _EVENING:
        return Period.AFTERNOON
    return Period.EVENING if _EVENING <= hour < _NIGHT else Period.NIGHT
