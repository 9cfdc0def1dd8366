"""A credex and a recurring payment in full, as credex-core tells them in the details of an answer. Pure.

Amounts are grouped text, with their denomination beside them or behind them; times are text or the database's own
objects, like a ledger's; a due date may read ``Invalid date``.
"""

from datetime import date

import msgspec

from credex.dashboards import Id, read_amount, read_day
from credex.ledgers import read_moment
from credex.model import AccountId, Credex, CredexState, OfferId, Recurring, RecurringId
from credex.money import Denomination, Money
from credex.payload import MalformedPayload, decode

_NO_TIME = msgspec.Raw(b"null")


class _Status(msgspec.Struct, kw_only=True):
    outstanding: str = msgspec.field(name="outstandingAmount")
    redeemed: str = msgspec.field(name="redeemedAmount")
    defaulted: str = msgspec.field(name="defaultedAmount")
    written_off: str = msgspec.field(name="writtenOffAmount")
    accepted: msgspec.Raw = msgspec.field(default=_NO_TIME, name="acceptedAt")
    declined: msgspec.Raw = msgspec.field(default=_NO_TIME, name="declinedAt")
    cancelled: msgspec.Raw = msgspec.field(default=_NO_TIME, name="cancelledAt")
    due: str | None = msgspec.field(default=None, name="dueDate")


class _Credex(msgspec.Struct, kw_only=True):
    amount: str
    denomination: Denomination
    status: _Status
    state: CredexState = msgspec.field(name="transactionType")
    secured: bool | None = msgspec.field(default=None, name="securedCredex")
    counterparty: str | None = msgspec.field(default=None, name="receiverAccountName")


class _Schedule(msgspec.Struct, kw_only=True):
    every_days: int = msgspec.field(name="payFrequency")
    next_run: date = msgspec.field(name="nextRunDate")
    amount: str
    denomination: Denomination
    status: str


class _Parties(msgspec.Struct):
    source: Id = msgspec.field(name="sourceAccountID")
    target: Id = msgspec.field(name="targetAccountID")


class _Recurring(msgspec.Struct):
    id: Id = msgspec.field(name="recurringID")
    schedule: _Schedule = msgspec.field(name="scheduleInfo")
    parties: _Parties = msgspec.field(name="participants")


def read_credex(credex: OfferId, details: msgspec.Raw) -> Credex:
    """The credex of that id. Raises ``MalformedPayload``."""
    told = decode(details, _Credex, part="credex")
    status, denomination = told.status, told.denomination
    return Credex(
        id=credex,
        amount=_money(told.amount, denomination),
        counterparty=told.counterparty or "",
        secured=bool(told.secured),
        state=told.state,
        outstanding=_money(status.outstanding, denomination),
        redeemed=_money(status.redeemed, denomination),
        defaulted=_money(status.defaulted, denomination),
        written_off=_money(status.written_off, denomination),
        due=read_day(status.due),
        accepted_at=read_moment(status.accepted),
        declined_at=read_moment(status.declined),
        cancelled_at=read_moment(status.cancelled),
    )


def read_recurring(details: msgspec.Raw) -> Recurring:
    """The recurring payment. Raises ``MalformedPayload``."""
    told = decode(details, _Recurring, part="recurring")
    schedule = told.schedule
    return Recurring(
        id=RecurringId(told.id),
        amount=_money(schedule.amount, schedule.denomination),
        every_days=schedule.every_days,
        next_run=schedule.next_run,
        status=schedule.status,
        source=AccountId(told.parties.source),
        target=AccountId(told.parties.target),
    )


def _money(text: str, denomination: Denomination) -> Money:
    money = read_amount(text, denomination)
    if money is None or money.denomination is not denomination:
        raise MalformedPayload("amount")
    return money
