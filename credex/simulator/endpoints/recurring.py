"""Recurring payments: templates only, no nightly run pays them. ``details.code`` is the HTTP status as text."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from credex.model import AccountKind
from credex.money import Denomination
from credex.simulator.asking import SignedAsk
from credex.simulator.endpoints.charging import OPERATOR_HANDLE, charge_subscription
from credex.simulator.envelope import Failure, Outcome, Success
from credex.simulator.figures import grouped
from credex.simulator.records import AccountRecord, RecurringRecord

_SUBSCRIPTION = "MEMBERTIER_SUBSCRIPTION"
_PLEDGE = "DCO_GIVE"
_FREQUENCIES = {_SUBSCRIPTION: 28, _PLEDGE: 1}
_FAILURES = {400: "ERROR_VALIDATION", 403: "ERROR_UNAUTHORIZED", 404: "ERROR_NOT_FOUND", 409: "ERROR_VALIDATION"}


def create_recurring(ask: SignedAsk) -> Outcome:
    """A template. A subscription has fixed terms, is charged at once, and charged again by a repeat."""
    source = ask.fields.text("sourceAccountID")
    if source not in ask.world.accounts:
        return _failed(404, "No such account", blamed="sourceAccountID")
    if not ask.may_act(source):
        return _failed(403, "Not your account", blamed="sourceAccountID")
    refused = _terms_fault(ask)
    if refused:
        return refused
    target = _target(ask)
    if target is None:
        return _failed(404, "No such account", blamed="targetAccountID")
    if ask.fields.text("templateType") == _SUBSCRIPTION:
        charged = charge_subscription(ask, source)
        if isinstance(charged, Failure):
            return _failed(400, charged.reason)
        ask.world.enrol(replace(ask.member, tier=3))
    template = _template(ask, source, target)
    ask.world.recurring[template.id] = template
    details = _details(template)
    message = "Recurring payment set up"
    return Success(status=201, type="RECURRING_CREATED", subject=template.id, message=message, details=details)


def accept_recurring(ask: SignedAsk) -> Outcome:
    """The target agrees."""
    template = ask.world.recurring.get(ask.fields.text("recurringID"))
    if template is None:
        return _failed(404, "No such recurring payment", subject=ask.fields.text("recurringID"))
    if not ask.may_act(template.target):
        return _failed(403, "Not a party to this payment", subject=template.id)
    if template.status != "PENDING":
        return _failed(409, "Already decided", subject=template.id)
    return _moved(ask, template, status="ACTIVE", type_="RECURRING_ACCEPTED", message="Recurring payment accepted")


def cancel_recurring(ask: SignedAsk) -> Outcome:
    """Either side ends it."""
    template = ask.world.recurring.get(ask.fields.text("recurringID"))
    if template is None:
        return _failed(404, "No such recurring payment", subject=ask.fields.text("recurringID"))
    if not ask.may_act(template.source) and not ask.may_act(template.target):
        return _failed(403, "Not a party to this payment", subject=template.id)
    if template.status == "CANCELLED":
        return _failed(409, "Already decided", subject=template.id)
    return _moved(ask, template, status="CANCELLED", type_="RECURRING_CANCELLED", message="Recurring payment cancelled")


def get_recurring(ask: SignedAsk) -> Outcome:
    """The template, for an account that is party to it."""
    template = ask.world.recurring.get(ask.fields.text("recurringID"))
    if template is None:
        return _failed(404, "No such recurring payment", subject=ask.fields.text("recurringID"))
    account_id = ask.fields.text("accountID")
    if account_id not in {template.source, template.target} or not ask.may_act(account_id):
        return _failed(403, "Not a party to this payment", subject=template.id)
    return Success(
        type="RECURRING_RETRIEVED",
        subject=template.id,
        message="Recurring payment read",
        details=_details(template),
    )


def _terms_fault(ask: SignedAsk) -> Failure | None:
    fields = ask.fields
    kind = fields.text("templateType")
    if fields.whole("payFrequency", 0) != _FREQUENCIES.get(kind, fields.whole("payFrequency", 0)):
        return _failed(400, f"This template repeats every {_FREQUENCIES[kind]} days", blamed="payFrequency")
    needed = {"REGULAR": ("targetAccountID", "amount", "denomination"), _PLEDGE: ("DCOgiveInCXX", "DCOdenom")}
    missing = next((name for name in needed.get(kind, ()) if name not in fields), None)
    if missing:
        return _failed(400, f"{missing} is missing", blamed=missing)
    try:
        date.fromisoformat(fields.text("startDate"))
    except ValueError:
        return _failed(400, "The start date is not in the calendar", blamed="startDate")
    return None


def _target(ask: SignedAsk) -> AccountRecord | None:
    kind = ask.fields.text("templateType")
    if kind == _SUBSCRIPTION:
        return ask.world.account_by_handle(OPERATOR_HANDLE)
    if kind == _PLEDGE:
        accounts = ask.world.accounts.values()
        return next((account for account in accounts if account.kind is AccountKind.CREDEX_FOUNDATION), None)
    return ask.world.accounts.get(ask.fields.text("targetAccountID"))


def _template(ask: SignedAsk, source: str, target: AccountRecord) -> RecurringRecord:
    fields, kind = ask.fields, ask.fields.text("templateType")
    start = date.fromisoformat(fields.text("startDate"))
    amount, denomination = Decimal(1), Denomination.USD
    if kind == _PLEDGE:
        amount, denomination = fields.amount("DCOgiveInCXX"), fields.denomination("DCOdenom")
    elif kind != _SUBSCRIPTION:
        amount, denomination = fields.amount("amount"), fields.denomination("denomination")
    return RecurringRecord(
        id=ask.world.ids.next(),
        source=source,
        target=target.id,
        template=kind,
        days_between=fields.whole("payFrequency", 1),
        next_run=start + timedelta(days=_FREQUENCIES[kind]) if kind == _SUBSCRIPTION else start,
        amount=amount,
        denomination=denomination,
        status="PENDING" if kind == "REGULAR" else "ACTIVE",
    )


def _moved(ask: SignedAsk, template: RecurringRecord, *, status: str, type_: str, message: str) -> Success:
    moved = replace(template, status=status)
    ask.world.recurring[template.id] = moved
    return Success(type=type_, subject=moved.id, message=message, details=_details(moved))


def _details(template: RecurringRecord) -> dict[str, object]:
    return {
        "recurringID": template.id,
        "scheduleInfo": {
            "payFrequency": template.days_between,
            "nextRunDate": template.next_run.isoformat(),
            "amount": grouped(template.amount, template.denomination),
            "denomination": template.denomination,
            "status": template.status,
            "templateType": template.template,
        },
        "participants": {"sourceAccountID": template.source, "targetAccountID": template.target},
    }


def _failed(status: int, reason: str, *, blamed: str | None = None, subject: str | None = None) -> Failure:
    return Failure(status, _FAILURES[status], str(status), reason, blamed=blamed, subject=subject)
