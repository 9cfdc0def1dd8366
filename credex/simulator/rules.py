"""Who may issue how much in a day, and until when: the tier limits and the due-date window.

Both go by core's day, which moves with the nightly job and not with the clock. Core's date arithmetic shifts a date by
a month and fails on dates that do not exist then (Jan 29-31, the 31st before a shorter month, all of December): on
such a core day the window is not enforced, and such a due date is printed as ``Invalid date``.
"""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from credex.money import Denomination
from credex.simulator.figures import convert
from credex.simulator.records import NOTHING, CredexState, MemberRecord
from credex.simulator.tables import Tables

MULTIPLE_ACCOUNTS_TIER = 3
AUTHORIZING_TIER = 4
MOST_AUTHORIZED = 5
"""Members who may act for one account, its owner included."""

_DAILY_USD = {1: Decimal(10), 2: Decimal(100)}
_COUNTED = frozenset({CredexState.OWES, CredexState.OFFERS})
_EARLIEST = timedelta(days=7)
_LATEST = timedelta(days=34)
_LAST_MONTH = 12


def daily_limit(tier: int) -> Decimal | None:
    """US dollars a member may issue on one core day; ``None`` is no limit."""
    return _DAILY_USD.get(tier)


def issued_today(world: Tables, owner: str) -> Decimal:
    """US dollars issued on this core day from all accounts the member owns: pending and accepted, of any kind."""
    credexes = [credex for account in world.accounts_owned(owner) for credex in world.linked(account.id)]
    owned = {account.id for account in world.accounts_owned(owner)}
    unique = {c.id: c for c in credexes if c.issuer in owned and c.day == world.today and c.state in _COUNTED}
    return sum((convert(c.initial, c.denomination, Denomination.USD, world.rates) for c in unique.values()), NOTHING)


def remaining_today(world: Tables, member: MemberRecord) -> Decimal | None:
    """US dollars the member may still issue on this core day; ``None`` is no limit."""
    limit = daily_limit(member.tier)
    return None if limit is None else max(NOTHING, limit - issued_today(world, member.id))


def within_limit(world: Tables, owner: MemberRecord, amount: Decimal, denomination: Denomination) -> bool:
    """Whether the owner's tier allows to issue this amount today."""
    limit = daily_limit(owner.tier)
    if limit is None:
        return True
    return issued_today(world, owner.id) + convert(amount, denomination, Denomination.USD, world.rates) <= limit


def may_open_account(world: Tables, owner: MemberRecord) -> bool:
    """Low tiers are refused at two accounts, so a second one slips in."""
    return owner.tier >= MULTIPLE_ACCOUNTS_TIER or len(world.accounts_owned(owner.id)) <= 1


def due_date(text: str, *, today: date) -> date | None:
    """The due date, if the calendar has it and it lies 7 to 34 days ahead of core's day."""
    try:
        due = date.fromisoformat(text)
    except ValueError:
        return None
    return due if slips(today) or today + _EARLIEST <= due <= today + _LATEST else None


def slips(day: date) -> bool:
    """Whether core's arithmetic fails on this date."""
    return day.month == _LAST_MONTH or day.day > monthrange(day.year, day.month + 1)[1]


def printed_due(due: date) -> str:
    """The due date as the pending lists show it."""
    return "Invalid date" if slips(due) else due.isoformat()
