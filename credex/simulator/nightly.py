"""The nightly job: defaults, expiry, the next day. Rates stay as the world has them; no credcoin is offered."""

from datetime import date, timedelta

from credex.simulator.records import OPEN_STATES, CredexState
from credex.simulator.tables import Tables

_ONE_DAY = timedelta(days=1)


def close_day(world: Tables) -> None:
    """Close core's day: overdue unsecured debts default, offers made before yesterday expire, the date moves on."""
    for credex in list(world.credexes.values()):
        overdue = credex.due is not None and credex.due <= world.today
        if overdue and credex.state is CredexState.OWES and not credex.secured:
            world.default(credex)
        elif credex.state in OPEN_STATES and credex.day < world.today - _ONE_DAY:
            world.expire(credex)
    world.today += _ONE_DAY


def catch_up(world: Tables, today: date) -> None:
    """Run every job that is due by this date."""
    while world.today < today:
        close_day(world)
