"""What is said in several languages: greetings by the time of day, wishes on special days, words that ask for patience.

Respectful throughout. Shona, Ndebele and Setswana address a stranger or an elder in the plural: *Mhoroi* and not
*Mhoro*, *Salibonani* and not *Sawubona*, *Dumelang* and not *Dumela*, *Mirai* and not *Mira*. Nothing here tells a man
from a woman or an old member from a young one, which leaves out *Shikamoo*, said only to elders. Farewells that look
like greetings are left out too: *Good night* and *Lilale kuhle* are said on parting. Plain letters only, so that none
makes a text message dearer.

Phrases stand before a full stop. Some are questions by their words, as *Makadii* and *Ndeipi* are, but said as *How do
you do* is: nobody waits for an answer.
"""

from collections.abc import Mapping
from enum import StrEnum

from actors.dialogs.languages import Language


class Period(StrEnum):
    """A part of the day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


class SpecialDay(StrEnum):
    """A day with a wish of its own."""

    INDEPENDENCE = "independence"
    HEROES = "heroes"
    DEFENCE_FORCES = "defence_forces"
    UNITY = "unity"
    CHRISTMAS = "christmas"
    NEW_YEARS_EVE = "new_years_eve"
    NEW_YEAR = "new_year"


AT_ANY_TIME: Mapping[Language, tuple[str, ...]] = {
    Language.SHONA: ("Mhoroi", "Makadii", "Makadini", "Kwaziwai"),
    Language.NDEBELE: ("Salibonani",),
    Language.ENGLISH: ("Hello",),
    Language.SWAHILI: ("Jambo", "Habari"),
    Language.SETSWANA: ("Dumelang",),
    Language.STREET: ("Ndeipi", "Hesi", "Heita"),
}

# Litshonile is said from midday until dark. After dark Shona and English keep the evening's greeting, Ndebele has none.
BY_PERIOD: Mapping[Language, Mapping[Period, tuple[str, ...]]] = {
    Language.SHONA: {
        Period.MORNING: ("Mangwanani", "Mangwanani akanaka"),
        Period.AFTERNOON: ("Masikati", "Masikati akanaka"),
        Period.EVENING: ("Manheru", "Manheru akanaka"),
        Period.NIGHT: ("Manheru",),
    },
    Language.NDEBELE: {
        Period.MORNING: ("Livukile",),
        Period.AFTERNOON: ("Litshonile",),
        Period.EVENING: ("Litshonile",),
    },
    Language.ENGLISH: {
        Period.MORNING: ("Good morning", "Good day"),
        Period.AFTERNOON: ("Good afternoon", "Good day"),
        Period.EVENING: ("Good evening",),
        Period.NIGHT: ("Good evening",),
    },
    Language.SWAHILI: {
        Period.MORNING: ("Habari za asubuhi",),
        Period.AFTERNOON: ("Habari za mchana",),
        Period.EVENING: ("Habari za jioni",),
        Period.NIGHT: ("Habari za usiku",),
    },
}

# Only what people do say; a language without a set phrase for the day wishes in English. Heroes' Day and Defence
# Forces Day remember the dead, so nobody is wished a happy one.
WISHES: Mapping[SpecialDay, Mapping[Language, str]] = {
    SpecialDay.INDEPENDENCE: {Language.ENGLISH: "Happy Independence Day"},
    SpecialDay.HEROES: {Language.ENGLISH: "Good wishes on Heroes' Day"},
    SpecialDay.DEFENCE_FORCES: {Language.ENGLISH: "Good wishes on Defence Forces Day"},
    SpecialDay.UNITY: {Language.ENGLISH: "Good wishes on Unity Day"},
    SpecialDay.CHRISTMAS: {
        Language.ENGLISH: "Merry Christmas",
        Language.SHONA: "Kisimusi yakanaka",
        Language.NDEBELE: "Ukhisimusi omuhle",
        Language.SWAHILI: "Krismasi njema",
    },
    SpecialDay.NEW_YEARS_EVE: {Language.ENGLISH: "Good wishes on New Year's Eve"},
    SpecialDay.NEW_YEAR: {
        Language.ENGLISH: "Happy New Year",
        Language.SHONA: "Gore idzva rakanaka",
        Language.NDEBELE: "Umnyaka omutsha omuhle",
        Language.SWAHILI: "Heri ya mwaka mpya",
    },
}

PATIENCE: Mapping[Language, tuple[str, ...]] = {
    Language.SHONA: ("Mirai zvishoma", "Ndapota mirai zvishoma", "Chimbomirai zvishoma"),
    Language.NDEBELE: ("Lindani kancane", "Ngicela lilinde kancane"),
    Language.ENGLISH: ("One moment please", "Just a moment please"),
    Language.SWAHILI: ("Tafadhali subiri kidogo", "Subiri kidogo"),
    Language.SETSWANA: ("Tswee-tswee letang",),
    Language.STREET: ("Chimbomira zvishoma",),
}


def greetings_said() -> frozenset[str]:
    """Every greeting and wish here, so that a member may answer in kind."""
    by_period = (phrases for periods in BY_PERIOD.values() for phrases in periods.values())
    wishes = (tuple(wishes.values()) for wishes in WISHES.values())
    return frozenset(phrase for phrases in (*AT_ANY_TIME.values(), *by_period, *wishes) for phrase in phrases)
