"""Accounts: the look-up by handle, balances, opening and changing one."""

from dataclasses import replace
from decimal import Decimal

from credex.model import AccountKind
from credex.simulator import rules
from credex.simulator.asking import SignedAsk
from credex.simulator.envelope import Failure, Outcome, Success, iso
from credex.simulator.figures import number
from credex.simulator.records import AccountRecord

_UPDATES = ("accountName", "accountHandle", "defaultDenom", "DCOgiveInCXX", "DCOdenom")


def get_account_by_handle(ask: SignedAsk) -> Outcome:
    """The name behind an account's handle; the dashboard stays empty, so a client keeps its own."""
    handle = ask.fields.text("accountHandle")
    account = ask.world.account_by_handle(handle)
    if account is None:
        reason = f"No account has the handle {handle}"
        return Failure(404, "ERROR_NOT_FOUND", "ACCOUNT_NOT_FOUND", reason, actor="system")
    return Success(
        type="ACCOUNT_FOUND",
        subject=account.id,
        actor="system",
        message="Account found",
        details={"accountID": account.id, "accountName": account.name, "accountHandle": account.handle},
    )


def get_balances(ask: SignedAsk) -> Outcome:
    """The balances alone."""
    account_id = ask.fields.text("accountID")
    if not ask.may_act(account_id):
        return no_such_account(account_id)
    balances = ask.views.balances(ask.world.accounts[account_id], now=ask.now)
    return Success(
        type="BALANCES_RETRIEVED",
        subject=account_id,
        message="Balances read",
        details={"accountID": account_id, "balances": balances},
        dashboard={"balanceData": balances},
    )


def create_account(ask: SignedAsk) -> Outcome:
    """A further account; the handle guards against a repeat."""
    fields = ask.fields
    refused = _half_pledge(ask)
    if refused:
        return refused
    if not rules.may_open_account(ask.world, ask.member):
        reason = "This tier allows no further accounts"
        return Failure(403, "ERROR_UNAUTHORIZED", "TIER_LIMIT_EXCEEDED", reason)
    if ask.world.account_by_handle(fields.text("accountHandle")):
        return _handle_taken()
    account = AccountRecord(
        id=ask.world.ids.next(),
        name=fields.text("accountName"),
        handle=fields.text("accountHandle"),
        kind=AccountKind(fields.text("accountType")),
        default_denomination=fields.denomination("defaultDenom"),
        owner=ask.member.id,
        authorized=(ask.member.id,),
        send_offers_to=ask.member.id,
        pledge=fields.amount("DCOgiveInCXX") if "DCOgiveInCXX" in fields else None,
        pledge_denomination=fields.denomination("DCOdenom") if "DCOdenom" in fields else None,
    )
    ask.world.keep(account)
    return Success(
        status=201,
        type="ACCOUNT_CREATED",
        subject=account.id,
        message="Account opened",
        details={
            "accountID": account.id,
            "accountName": account.name,
            "accountHandle": account.handle,
            "defaultDenom": account.default_denomination,
            "ownerID": account.owner,
        },
        dashboard=ask.single(account.id),
    )


def update_account(ask: SignedAsk) -> Outcome:
    """Change what was sent; only the owner may."""
    account_id = ask.fields.text("accountID")
    refused = _half_pledge(ask) or _nothing_to_update(ask) or owner_only(ask, account_id) or _handle_clash(ask)
    if refused:
        return refused
    account = _changed(ask, ask.world.accounts[account_id])
    ask.world.keep(account)
    told = {name: _json(ask.fields.raw(name)) for name in _UPDATES if name in ask.fields}
    return Success(
        type="ACCOUNT_UPDATED",
        subject=account_id,
        message="Account updated",
        details={"accountID": account_id, **told, "updatedAt": iso(ask.now)},
        dashboard=ask.single(account_id),
    )


def owner_only(ask: SignedAsk, account_id: str) -> Failure | None:
    """Refuses an unknown account and anybody but its owner."""
    account = ask.world.accounts.get(account_id)
    if account is None:
        return no_such_account(account_id)
    if account.owner == ask.member.id:
        return None
    reason = "Only the owner may do this"
    return Failure(403, "ERROR_UNAUTHORIZED", "UNAUTHORIZED", reason, subject=account_id)


def no_such_account(account_id: str) -> Failure:
    """The account is unknown."""
    return Failure(404, "ERROR_NOT_FOUND", "ACCOUNT_NOT_FOUND", "No such account", subject=account_id)


def _changed(ask: SignedAsk, account: AccountRecord) -> AccountRecord:
    fields = ask.fields
    account = replace(
        account,
        name=fields.maybe("accountName") or account.name,
        handle=fields.maybe("accountHandle") or account.handle,
    )
    if "defaultDenom" in fields:
        account = replace(account, default_denomination=fields.denomination("defaultDenom"))
    if "DCOgiveInCXX" in fields:
        pledge, denomination = fields.amount("DCOgiveInCXX"), fields.denomination("DCOdenom")
        account = replace(account, pledge=pledge, pledge_denomination=denomination)
    return account


def _half_pledge(ask: SignedAsk) -> Failure | None:
    if ("DCOgiveInCXX" in ask.fields) == ("DCOdenom" in ask.fields):
        return None
    reason = "A daily pledge needs an amount and a denomination"
    return Failure(400, "ERROR_VALIDATION", "VALIDATION_ERROR", reason, blamed="DCOgiveInCXX")


def _nothing_to_update(ask: SignedAsk) -> Failure | None:
    if any(name in ask.fields for name in _UPDATES):
        return None
    return Failure(400, "ERROR_VALIDATION", "NO_UPDATE_DATA", "Nothing to update")


def _handle_clash(ask: SignedAsk) -> Failure | None:
    handle = ask.fields.maybe("accountHandle")
    holder = ask.world.account_by_handle(handle) if handle else None
    return _handle_taken() if holder and holder.id != ask.fields.text("accountID") else None


def _handle_taken() -> Failure:
    return Failure(409, "ERROR_VALIDATION", "HANDLE_EXISTS", "That handle is taken", blamed="accountHandle")


def _json(value: object) -> object:
    return number(value) if isinstance(value, Decimal) else value
