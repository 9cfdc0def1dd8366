"""What is told when a look-up by handle did not bring what was looked for."""

from actors.dialogs import texts
from actors.dialogs.refusals import ledger, why
from credex.outcomes import Outcome, Refusal, Refused


def not_found(outcome: Outcome, handle: str, *, unknown: str) -> str:
    """``unknown`` is the sentence, about ``{handle}``, for a handle that nobody has."""
    if not isinstance(outcome, Refused):
        return texts.LOOK_UP_FAILED.format(ledger=ledger(outcome))
    if outcome.refusal is Refusal.NOT_FOUND:
        return unknown.format(handle=handle)
    if outcome.refusal is Refusal.INVALID:
        return texts.HANDLE_RULE
    return texts.LOOK_UP_REFUSED.format(handle=handle, reason=why(outcome))
