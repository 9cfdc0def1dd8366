"""What a sentence tells, whatever its words: amounts, parties, days, counts. Pure.

By text message the same is said in fewer words. So of what a script has the bot say, only these must be told, in that
order, each in any of the forms a text message has for it:

    12.50 USD                             as it is
    Rudo Moyo Personal (@rudo_00101)      the handle, behind the name; of the listener's own account the handle will do
    Rudo Moyo Personal                    the name, of at most 20 letters; the same
    Sunday 4 Oct 2026                     or 4 Oct, or 4Oct
    3 offers                              the number
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_LONGEST_NAME = 18
"""What is left of a name that is cut to twenty letters, with two dots."""

_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_NAME = r"[A-Z]\w+\ Moyo(?:\ Personal)?|Shop\ \d+"
_FACT = re.compile(
    rf"""
      (?P<page> Page\ \d+(\ of\ \d+)?)
    | (?P<name> {_NAME}) (\ \(@(?P<theirs> \w+)\)?)?
    | @(?P<handle> \w+)
    | (?P<weekday> \w+day\ )?(?P<day> \d{{1,2}})\ (?P<month> {_MONTH})(?P<year> \ \d{{4}})?
    | (?P<amount> -?[\d,]*\d\.\d+(\ [A-Z]{{3}})?)
    | (?P<time> \d\d:\d\d)
    | (?P<denomination> \b(USD|ZWG|CAD|XAU|CXX)\b)
    | (?P<count> (?<![\w-])\d+\b)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told: the names and handles of their own accounts."""

    names: tuple[str, ...]
    handles: tuple[str, ...]


def facts(words: str, listener: Listener) -> Iterator[re.Pattern[str]]:
    """What each fact of these words may look like."""
    for found in _FACT.finditer(words):
        if not found["page"]:  # pages are others by text message
            yield re.compile("|".join(_forms(found, listener)))


def _forms(found: re.Match[str], listener: Listener) -> Iterator[str]:
    if name := found["name"]:
        handle = found["theirs"]
        yield re.escape(name[:_LONGEST_NAME]) + (rf"\S* \(?@{handle}" if handle else "")
        if name in listener.names:
            yield from (f"@{one}" for one in ((handle,) if handle else listener.handles))
    elif found["handle"]:
        yield f"@{found['handle']}"
    elif found["day"]:
        year = f"({found['year']})?" if found["year"] else ""
        yield rf"(?<!\d){found['day']} ?{found['month']}{year}"
    elif found["count"] or found["time"]:
        yield rf"(?<![\d.,:]){found[0]}(?![\d:]|[.,]\d)"
    else:
        yield rf"(?<![\d.,]){re.escape(found[0])}\b"


def missing(wanted: Iterable[tuple[re.Pattern[str], str]]) -> str:
    """The first that is not told in its place; empty if all are. Each comes with the text to find it in.

    The texts are equally long: the same with something blanked out, or not.
    """
    position = 0
    for fact, text in wanted:
        found = fact.search(text, position)
        if found is None:
            return fact.pattern
        position = found.end()
    return ""
