"""Accept, decline, cancel. A repeat is an error and changes nothing; the error does not say what went before.

Every refused accept is ``ACCEPT_FAILED``, a refused decline is ``ERROR_NOT_FOUND`` and a refused cancel
``ERROR_INTERNAL``, whatever the reason. For requests, decline and cancel change sides.
"""

from credex.simulator.asking import SignedAsk
from credex.simulator.envelope import BLANK_DASHBOARD, Failure, Outcome, Success
from credex.simulator.figures import bare, formatted
from credex.simulator.records import ACCEPTED_STATES, OPEN_STATES, CredexRecord, CredexState

_GONE = "Credex not found or already processed"


def accept_credex(ask: SignedAsk) -> Outcome:
    """The offer becomes a debt, if the caller may act for the receiver."""
    credex_id = ask.fields.text("credexID")
    accepted = _accepted(ask, credex_id)
    if isinstance(accepted, str):
        return Failure(400, "ERROR_INTERNAL", "ACCEPT_FAILED", accepted, subject=credex_id)
    kind = "Secured" if accepted.secured else "Unsecured"
    return Success(
        type="CREDEX_ACCEPTED",
        subject=accepted.id,
        message=f"{kind} credex of {formatted(accepted.initial, accepted.denomination)} accepted",
        details={
            "credexID": accepted.id,
            "amount": bare(accepted.initial),
            "denomination": accepted.denomination,
            "securedCredex": accepted.secured,
            "acceptorAccountID": accepted.receiver,
        },
        dashboard=ask.single(accepted.receiver),
    )


def accept_credex_bulk(ask: SignedAsk) -> Outcome:
    """Each for itself; those accepted before count as failed."""
    ids = ask.fields.raw("credexIDs")
    if ids is None:
        return Failure(400, "ERROR_VALIDATION", "MISSING_PARAMS", "Credex ids are missing", blamed="credexIDs")
    if not isinstance(ids, tuple):
        return Failure(400, "ERROR_VALIDATION", "INVALID_PARAMS", "Credex ids are needed", blamed="credexIDs")
    results = [(credex_id, _accepted(ask, credex_id)) for credex_id in ids]
    accepted = [result for _, result in results if isinstance(result, CredexRecord)]
    failed = [{"credexID": credex_id, "error": result} for credex_id, result in results if isinstance(result, str)]
    if not accepted:
        reason = "None of the credexes could be accepted"
        return Failure(400, "ERROR_VALIDATION", "BULK_ACCEPT_FAILED", reason)
    summary = {"accepted": [credex.id for credex in accepted], "alreadyAccepted": [], "failed": failed}
    return Success(
        type="CREDEX_BULK_ACCEPTED",
        subject=None,
        message=f"{len(accepted)} of {len(results)} accepted",
        details={
            "summary": summary,
            "totalProcessed": len(results),
            "successCount": len(accepted),
            "failureCount": len(failed),
        },
        dashboard=ask.single(accepted[0].receiver),
    )


def decline_credex(ask: SignedAsk) -> Outcome:
    """The receiver turns the offer down."""
    credex_id = ask.fields.text("credexID")
    credex = _open_for(ask, credex_id, offer_side="receiver")
    if credex is None:
        return Failure(404, "ERROR_NOT_FOUND", "NOT_FOUND", _GONE, subject=credex_id, dashboard=BLANK_DASHBOARD)
    closed = ask.world.decline(credex, at=ask.now)
    side = _side(closed, credex, offer_side="receiver")
    return _closed(ask, closed, side, type_="CREDEX_DECLINED", words=("Offer declined", "Declined by receiver"))


def cancel_credex(ask: SignedAsk) -> Outcome:
    """The issuer takes the offer back."""
    credex_id = ask.fields.text("credexID")
    credex = _open_for(ask, credex_id, offer_side="issuer")
    if credex is None:
        return Failure(400, "ERROR_INTERNAL", "CANCEL_FAILED", _GONE, subject=credex_id)
    closed = ask.world.cancel(credex, at=ask.now)
    side = _side(closed, credex, offer_side="issuer")
    return _closed(ask, closed, side, type_="CREDEX_CANCELLED", words=("Offer cancelled", "Cancelled by issuer"))


def _accepted(ask: SignedAsk, credex_id: str) -> CredexRecord | str:
    credex = ask.world.credexes.get(credex_id)
    if credex is None:
        return "Credex not found"
    if credex.state in ACCEPTED_STATES:
        return "Credex has already been accepted"
    if credex.state is not CredexState.OFFERS:
        return "Credex is in an invalid state"
    if not ask.may_act(credex.receiver):
        return "Accept refused, authorisation missing"
    return ask.world.accept(credex, at=ask.now)


def _open_for(ask: SignedAsk, credex_id: str, *, offer_side: str) -> CredexRecord | None:
    credex = ask.world.credexes.get(credex_id)
    if credex is None or credex.state not in OPEN_STATES:
        return None
    return credex if ask.may_act(_side(credex, credex, offer_side=offer_side)) else None


def _side(credex: CredexRecord, before: CredexRecord, *, offer_side: str) -> str:
    receiving = (offer_side == "receiver") is (before.state is CredexState.OFFERS)
    return credex.receiver if receiving else credex.issuer


def _closed(ask: SignedAsk, credex: CredexRecord, side: str, *, type_: str, words: tuple[str, str]) -> Success:
    return Success(
        type=type_,
        subject=credex.id,
        message=words[0],
        details={
            "amount": bare(credex.outstanding),
            "denomination": credex.denomination,
            "securedCredex": False,
            "receiverAccountID": credex.receiver,
            "reason": words[1],
        },
        dashboard=ask.single(side),
    )
