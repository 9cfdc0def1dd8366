"""Small pieces of sentences: a party to a credex, a count of things, a day.

Names and reasons are written by strangers: here they are brought to one line, rid of invisible marks and cut, so that
none can forge a line of a confirmation or push the amount off the screen.
"""

from datetime import date, datetime

from actors.dialogs import texts
from actors.dialogs.greetings import HARARE
from actors.dialogs.words import Words
from channels.plain import fit, one_line
from channels.sms.wording import plain
from credex.model import Account, MemberName

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NAME_LIMIT = 60
_BRIEF_NAME_LIMIT = 20
_HANDLE_LIMIT = 32
_REASON_LIMIT = 300
_BRIEF_REASON_LIMIT = 80


def shown(name: str, limit: int = _NAME_LIMIT) -> str:
    """Somebody else's words on one line of at most ``limit`` UTF-16 units; never empty."""
    return fit(one_line(name), limit, mark="...") or "-"


def said(reason: str) -> str:
    """credex-core's own sentence; in brief it is cut sooner."""
    return Words(shown(reason, _REASON_LIMIT), lambda: shown(plain(reason), _BRIEF_REASON_LIMIT))


def party(name: str, handle: str) -> str:
    """``Tariro Moyo Personal (@tariro)``; in brief, ``Tariro Moyo Perso.. @tariro``."""
    return Words(
        f"{shown(name)} (@{shown(handle, _HANDLE_LIMIT)})",
        lambda: f"{brief_name(name)} @{shown(handle, _HANDLE_LIMIT)}",
    )


def own_party(name: str, handle: str) -> str:
    """The same for the account one acts for; in brief its handle alone."""
    return Words(party(name, handle), lambda: f"@{shown(handle, _HANDLE_LIMIT)}")


def counterparty(name: str) -> str:
    """Somebody else's name; in brief it is cut."""
    return Words(shown(name), lambda: brief_name(name))


def brief_name(name: str) -> str:
    """Somebody's name in brief: near to the 7-bit alphabet, and cut."""
    return fit(one_line(plain(name)), _BRIEF_NAME_LIMIT, mark="..") or "-"


def named(person: MemberName | None) -> str:
    """A member by name and handle, or by what of the two is known."""
    if person is None:
        return "-"
    if not person.handle:
        return shown(person.name)
    if not person.name:
        return texts.NAME_NOT_CHECKED.format(handle=shown(person.handle, _HANDLE_LIMIT))
    return party(person.name, person.handle)


def hearer(account: Account) -> str:
    """Who hears of an account's offers, in a sentence."""
    told = account.offers_to
    return texts.NO_HEARER if told is None else texts.HEARER.format(person=named(told))


def day(when: date) -> str:
    """``5 Mar 2026``, whatever the machine's locale."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def short_day(when: date) -> str:
    """``5Mar``."""
    return f"{when.day}{_MONTHS[when.month - 1]}"


def moment(when: datetime) -> str:
    """``5 Mar 2026, 14:05``, in Harare."""
    there = when.astimezone(HARARE)
    return f"{day(there)}, {there:%H:%M}"


def full_day(when: date) -> str:
    """``Thursday 5 Mar 2026``."""
    return f"{_WEEKDAYS[when.weekday()]} {day(when)}"


def due_day(when: date) -> str:
    """The same; in brief ``5 Mar 2026``."""
    return Words(full_day(when), lambda: day(when))


def near_day(when: date) -> str:
    """The same of a day within a few weeks; in brief ``5 Mar``."""
    return Words(full_day(when), lambda: f"{when.day} {_MONTHS[when.month - 1]}")


def count(number: int, one: str, many: str) -> str:
    """``1 offer waits``, ``2 offers wait``."""
    return f"{number} {one if number == 1 else many}"
