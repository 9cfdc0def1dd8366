"""getCredex and getLedger."""

from datetime import UTC, datetime

from credex.simulator.asking import SignedAsk
from credex.simulator.envelope import Failure, Outcome, Success, iso
from credex.simulator.figures import bare, formatted, grouped, signed
from credex.simulator.records import ACCEPTED_STATES, CredexRecord, CredexState

_DEFAULT_ROWS = 10


def get_credex(ask: SignedAsk) -> Outcome:
    """One credex as an account sees it. Whether that account is the caller's is not asked."""
    account_id = ask.fields.text("accountID")
    credex_id = ask.fields.text("credexID")
    credex = ask.world.credexes.get(credex_id)
    if credex is None or credex.state is CredexState.EXPIRED or account_id not in {credex.issuer, credex.receiver}:
        return Failure(404, "ERROR_NOT_FOUND", "NOT_FOUND", "Credex not found", subject=credex_id)
    debit = credex.issuer == account_id
    return Success(
        type="CREDEX_RETRIEVED",
        subject=credex.id,
        actor=account_id,
        message="Credex read",
        details={
            "amount": grouped(signed(credex.initial, debit=debit), credex.denomination),
            "denomination": credex.denomination,
            "securedCredex": credex.secured,
            "receiverAccountName": ask.world.accounts[credex.other_side(account_id)].name,
            "transactionType": credex.state,
            "status": _status(credex, debit=debit),
            "clearedAgainst": [],
        },
    )


def get_ledger(ask: SignedAsk) -> Outcome:
    """Accepted credexes of an account, the newest acceptance first; the answer's dashboard is not a dashboard."""
    account_id = ask.fields.text("accountID")
    start, rows = ask.fields.whole("startRow", 0), ask.fields.whole("numRows", _DEFAULT_ROWS)
    if not ask.may_act(account_id):
        reason = "No access to this account"
        return Failure(403, "ERROR_UNAUTHORIZED", "UNAUTHORIZED_ACCESS", reason, subject=account_id)
    if start < 0:
        reason = "The start row may not be negative"
        return Failure(400, "ERROR_VALIDATION", "INVALID_START_ROW", reason, blamed="startRow", subject=account_id)
    found = [credex for credex in ask.world.linked(account_id) if credex.state in ACCEPTED_STATES]
    found.sort(key=lambda credex: (credex.accepted_at or credex.created_at, credex.number), reverse=True)
    page = found[start : start + rows + 1]
    ledger = [_entry(ask, credex, account_id) for credex in page[:rows]]
    return Success(
        type="LEDGER_RETRIEVED",
        subject=account_id,
        message="Ledger read" if ledger else "Ledger is empty",
        details={"accountID": account_id, "ledger": ledger},
        dashboard={
            "ledger": ledger,
            "pagination": {"startRow": start, "numRows": rows, "hasMore": len(page) > rows},
        },
    )


def _status(credex: CredexRecord, *, debit: bool) -> dict[str, str]:
    amounts = {
        "outstandingAmount": credex.outstanding,
        "redeemedAmount": credex.redeemed,
        "defaultedAmount": credex.defaulted,
        "writtenOffAmount": credex.written_off,
    }
    moments = {
        "acceptedAt": credex.accepted_at,
        "declinedAt": credex.declined_at,
        "cancelledAt": credex.cancelled_at,
    }
    status = {name: formatted(signed(amount, debit=debit), credex.denomination) for name, amount in amounts.items()}
    status |= {name: iso(moment) for name, moment in moments.items() if moment is not None}
    return status if credex.due is None else {**status, "dueDate": credex.due.isoformat()}


def _entry(ask: SignedAsk, credex: CredexRecord, account_id: str) -> dict[str, object]:
    debit = credex.issuer == account_id
    amount = signed(credex.initial, debit=debit)
    counterparty = ask.world.accounts[credex.other_side(account_id)].name
    return {
        "credexID": credex.id,
        "timestamp": _native_time(credex.accepted_at or credex.created_at),
        "type": credex.state,
        "amount": bare(amount),
        "denomination": credex.denomination,
        "description": f"Payment {'to' if debit else 'from'} {counterparty}",
        "counterpartyAccountName": counterparty,
        "formattedAmount": formatted(amount, credex.denomination),
    }


def _native_time(moment: datetime) -> dict[str, object]:
    """The database's own date-time, which core lets through where it announces text."""
    utc = moment.astimezone(UTC)
    parts = {
        "year": utc.year,
        "month": utc.month,
        "day": utc.day,
        "hour": utc.hour,
        "minute": utc.minute,
        "second": utc.second,
        "nanosecond": utc.microsecond * 1000,
        "timeZoneOffsetSeconds": 0,
    }
    return {**{name: {"low": value, "high": 0} for name, value in parts.items()}, "timeZoneId": None}
