"""credex-core's ledgers as entries. Pure.

A row's time is announced as text and is an object of the database's own, ``{year: {low, high}, ...}``; both are read,
and what is neither is no time. Rows in a denomination this client does not know are left out, as on dashboards.
"""

from datetime import datetime, timedelta, timezone

import msgspec

from credex.dashboards import Id, read_amount
from credex.model import LedgerEntry, OfferId
from credex.money import Denomination
from credex.payload import MalformedPayload, decode


class _Whole(msgspec.Struct):
    """A whole number of the database. ``high`` is never used by what is read here."""

    low: int


_Number = int | _Whole


class _Moment(msgspec.Struct, kw_only=True):
    year: _Number
    month: _Number
    day: _Number
    hour: _Number = 0
    minute: _Number = 0
    second: _Number = 0
    nanosecond: _Number = 0
    offset: _Number = msgspec.field(default=0, name="timeZoneOffsetSeconds")


class _Entry(msgspec.Struct, kw_only=True):
    id: Id = msgspec.field(name="credexID")
    amount: str = msgspec.field(name="formattedAmount")
    counterparty: str | None = msgspec.field(default=None, name="counterpartyAccountName")
    at: msgspec.Raw = msgspec.field(default=msgspec.Raw(b"null"), name="timestamp")


class _Ledger(msgspec.Struct):
    ledger: list[_Entry]


class _Pages(msgspec.Struct):
    more: bool = msgspec.field(name="hasMore")


class _Dashboard(msgspec.Struct):
    pagination: _Pages


def read_ledger(details: msgspec.Raw, dashboard: msgspec.Raw) -> tuple[tuple[LedgerEntry, ...], bool]:
    """The rows, newest first, and whether there are older ones. Raises ``MalformedPayload``."""
    rows = decode(details, _Ledger, part="ledger").ledger
    more = decode(dashboard, _Dashboard, part="pages").pagination.more
    return tuple(filter(None, map(_entry, rows))), more


def _entry(row: _Entry) -> LedgerEntry | None:
    amount = read_amount(row.amount, Denomination.USD)
    if amount is None:
        return None
    return LedgerEntry(id=OfferId(row.id), amount=amount, counterparty=row.counterparty or "", at=read_moment(row.at))


def read_moment(raw: msgspec.Raw) -> datetime | None:
    """A time in either shape; ``None`` for what is neither."""
    try:
        found = decode(raw, _Moment | datetime, part="time")  # type: ignore[arg-type]  # a union is a type to msgspec
        return _built(found) if isinstance(found, _Moment) else _aware(found)
    except (MalformedPayload, ValueError, OverflowError):
        return None


def _built(moment: _Moment) -> datetime:
    parts = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    year, month, day, hour, minute, second = map(_int, parts)
    zone = timezone(timedelta(seconds=_int(moment.offset)))
    return datetime(year, month, day, hour, minute, second, _int(moment.nanosecond) // 1000, tzinfo=zone)


def _int(number: _Number) -> int:
    return number.low if isinstance(number, _Whole) else number


def _aware(moment: object) -> datetime | None:
    return moment if isinstance(moment, datetime) and moment.tzinfo is not None else None
