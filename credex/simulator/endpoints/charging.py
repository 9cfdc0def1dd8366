"""The subscription charge: 1.00 USD, secured, to the operator's account, accepted on its behalf at once."""

from decimal import Decimal

from credex.money import Denomination
from credex.simulator.asking import SignedAsk
from credex.simulator.balances import best_cover
from credex.simulator.envelope import Failure
from credex.simulator.figures import formatted
from credex.simulator.records import CredexRecord, Terms

OPERATOR_HANDLE = "greatsun_ops"


def charge_subscription(ask: SignedAsk, account_id: str) -> CredexRecord | Failure:
    """The accepted charge. It does not ask the daily limit and knows no earlier charge."""
    operator = ask.world.account_by_handle(OPERATOR_HANDLE)
    if operator is None:
        return Failure(500, "ERROR_INTERNAL", "GREATSUN_ACCOUNT_NOT_FOUND", "Operator account not present")
    if not ask.may_act(account_id) or account_id == operator.id:
        return Failure(500, "ERROR_INTERNAL", "CREDEX_CREATE_FAILED", "The charge could not be made")
    terms = Terms(issuer=account_id, receiver=operator.id, amount=Decimal(1), denomination=Denomination.USD)
    securer = ask.world.securer_for(terms)
    if securer is None:
        return Failure(400, "ERROR_VALIDATION", "INSUFFICIENT_SECURED_BALANCE", no_cover(ask, terms))
    return ask.world.accept(ask.world.open_credex(terms, securer=securer, at=ask.now), at=ask.now)


def no_cover(ask: SignedAsk, terms: Terms) -> str:
    """What is said when no single securer stands for the amount."""
    cover = best_cover(terms.issuer, ask.world.linked(terms.issuer), terms.denomination)
    wanted, most = formatted(terms.amount, terms.denomination), formatted(Decimal(cover.amount), terms.denomination)
    return f"{wanted} cannot be secured, the most possible is {most}"
