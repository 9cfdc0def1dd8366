"""createCredex: checks in core's order, then a new offer. A repeat is a second, independent offer."""

from credex.simulator import rules
from credex.simulator.asking import SignedAsk
from credex.simulator.endpoints.charging import no_cover
from credex.simulator.endpoints.members import over_limit
from credex.simulator.envelope import BLANK_DASHBOARD, Failure, Outcome, Success
from credex.simulator.figures import formatted, grouped
from credex.simulator.records import CredexState, Terms


def create_credex(ask: SignedAsk) -> Outcome:
    """Same account, tier, due date, access, receiver, cover: the first that fails answers."""
    terms = _terms(ask)
    refused = (
        _same_account(terms)
        or _tier(ask, terms)
        or _due_date(ask, terms)
        or _access(ask, terms)
        or _receiver(ask, terms)
    )
    if refused:
        return refused
    securer = ask.world.securer_for(terms) if terms.secured else None
    if terms.secured and securer is None:
        return _failed("INSUFFICIENT_SECURED_BALANCE", no_cover(ask, terms), suggestion="Offer a smaller amount")
    credex = ask.world.open_credex(terms, securer=securer, at=ask.now)
    ask.views.drop_balances()
    kind = "Secured" if terms.secured else "Unsecured"
    return Success(
        type="CREDEX_CREATED",
        subject=credex.id,
        message=f"{kind} offer of {formatted(terms.amount, terms.denomination)} made",
        details={
            "credexID": credex.id,
            "amount": grouped(terms.amount, terms.denomination),
            "denomination": terms.denomination,
            "securedCredex": terms.secured,
            "receiverAccountID": terms.receiver,
            "receiverAccountName": ask.world.accounts[terms.receiver].name,
        },
        dashboard=ask.single(terms.issuer),
    )


def _terms(ask: SignedAsk) -> Terms:
    fields, due = ask.fields, ask.fields.maybe("dueDate")
    return Terms(
        issuer=fields.text("issuerAccountID"),
        receiver=fields.text("receiverAccountID"),
        amount=fields.amount("InitialAmount"),
        denomination=fields.denomination("Denomination"),
        secured=fields.flag("securedCredex"),
        due=rules.due_date(due, today=ask.world.today) if due else None,
        purpose=fields.text("credexType"),
        state=CredexState(fields.text("OFFERSorREQUESTS")),
    )


def _same_account(terms: Terms) -> Failure | None:
    if terms.issuer != terms.receiver:
        return None
    reason = "Issuer and receiver must differ"
    return Failure(
        400,
        "ERROR_VALIDATION",
        "INVALID_ACCOUNTS",
        reason,
        blamed="receiverAccountID",
        dashboard=BLANK_DASHBOARD,
    )


def _tier(ask: SignedAsk, terms: Terms) -> Failure | None:
    account = ask.world.accounts.get(terms.issuer)
    owner = ask.world.members[account.owner] if account else None
    if owner and rules.within_limit(ask.world, owner, terms.amount, terms.denomination):
        return None
    return over_limit(ask, owner)


def _due_date(ask: SignedAsk, terms: Terms) -> Failure | None:
    sent = ask.fields.maybe("dueDate")
    if terms.secured and sent:
        return _bad_due_date("INVALID_DUE_DATE", "A secured credex has no due date")
    if not terms.secured and not sent:
        return _bad_due_date("MISSING_DUE_DATE", "An unsecured credex needs a due date")
    if sent and terms.due is None:
        return _bad_due_date("INVALID_DUE_DATE", "The due date must lie between 1 and 5 weeks ahead")
    return None


def _access(ask: SignedAsk, terms: Terms) -> Failure | None:
    return None if ask.may_act(terms.issuer) else _failed("FORBIDDEN", "No access to the issuing account")


def _receiver(ask: SignedAsk, terms: Terms) -> Failure | None:
    return None if terms.receiver in ask.world.accounts else _failed("FORBIDDEN", "No such receiving account")


def _bad_due_date(code: str, reason: str) -> Failure:
    return Failure(400, "ERROR_VALIDATION", code, reason, blamed="dueDate")


def _failed(code: str, reason: str, *, suggestion: str | None = None) -> Failure:
    return Failure(400, "CREDEX_CREATE_FAILED", code, reason, suggestion=suggestion)
