"""Who may act for an account, and who hears of its offers."""

from dataclasses import replace

from credex.simulator import rules
from credex.simulator.asking import SignedAsk
from credex.simulator.endpoints.accounts import owner_only
from credex.simulator.envelope import Failure, Outcome, Success

_FAILED = "ACCOUNT_AUTHORIZATION_FAILED"


def authorize_for_account(ask: SignedAsk) -> Outcome:
    """Let another member act for the account; a repeat changes nothing."""
    account = ask.world.accounts.get(ask.fields.text("accountID"))
    helper = ask.world.member_by_handle(ask.fields.text("memberHandleToBeAuthorized"))
    if account is None or helper is None:
        return _missing()
    if account.owner != ask.member.id:
        return Failure(403, _FAILED, "UNAUTHORIZED", "Only the owner may do this", subject=account.id)
    if ask.member.tier < rules.AUTHORIZING_TIER:
        return Failure(403, _FAILED, "TIER_REQUIREMENT", "Tier 4 is needed to add helpers", subject=account.id)
    if helper.id not in account.authorized:
        if len(account.authorized) >= rules.MOST_AUTHORIZED:
            reason = "Five members already act for this account"
            return Failure(400, "ERROR_VALIDATION", "LIMIT_EXCEEDED", reason, subject=account.id)
        ask.world.keep(replace(account, authorized=(*account.authorized, helper.id)))
    return Success(
        type="ACCOUNT_AUTHORIZED",
        subject=account.id,
        message="Member may now act for the account",
        details={"accountID": account.id, "memberIdAuthorized": helper.id},
        dashboard=ask.single(account.id),
    )


def unauthorize_for_account(ask: SignedAsk) -> Outcome:
    """End a member's authority; a repeat is an error and changes nothing."""
    account_id, helper = ask.fields.text("accountID"), ask.fields.text("memberIDtoBeUnauthorized")
    refused = owner_only(ask, account_id)
    if refused:
        return refused
    if helper not in ask.world.members:
        return _missing()
    account = ask.world.accounts[account_id]
    if helper == account.owner or helper not in account.authorized:
        reason = "Could not remove the authorisation"
        return Failure(400, "ERROR_VALIDATION", "UNAUTHORIZE_FAILED", reason, subject=account_id)
    ask.world.keep(
        replace(
            account,
            authorized=tuple(member for member in account.authorized if member != helper),
            send_offers_to=account.owner if account.send_offers_to == helper else account.send_offers_to,
        )
    )
    return Success(
        type="ACCOUNT_UNAUTHORIZED",
        subject=account_id,
        message="Member may no longer act for the account",
        details={"accountID": account_id, "memberIdUnauthorized": helper},
        dashboard=ask.single(account_id),
    )


def update_send_offers_to(ask: SignedAsk) -> Outcome:
    """Name the authorised member who hears of offers."""
    account_id, hearer = ask.fields.text("accountID"), ask.fields.text("memberIDtoSendOffers")
    refused = owner_only(ask, account_id)
    if refused:
        return refused
    if hearer not in ask.world.members:
        return _missing()
    account = ask.world.accounts[account_id]
    if hearer not in account.authorized:
        reason = "Could not change the recipient"
        return Failure(400, "ERROR_VALIDATION", "UPDATE_FAILED", reason, subject=account_id)
    ask.world.keep(replace(account, send_offers_to=hearer))
    return Success(
        type="SEND_OFFERS_UPDATED",
        subject=account_id,
        message="Offers now go to another member",
        details={"accountID": account_id, "sendOffersTo": hearer},
    )


def _missing() -> Failure:
    return Failure(404, "ERROR_NOT_FOUND", "NOT_FOUND", "Account or member unknown")
