"""Why credex-core refused, or was not even asked, in plain words."""

from actors.dialogs import texts
from actors.dialogs.wording import said
from credex.outcomes import Outcome, Refusal, Refused, Unavailable


def why(refused: Refused) -> str:  # noqa: C901, PLR0911 - one sentence a refusal
    """One or two sentences a member can act on; credex-core's own where it knows more than its code tells."""
    match refused.refusal:
        case Refusal.TIER_LIMIT:
            return texts.REFUSED_TIER_LIMIT
        case Refusal.NO_COVER:
            available = refused.available
            return texts.REFUSED_NO_COVER_BUT.format(available=available) if available else texts.REFUSED_NO_COVER
        case Refusal.DUE_DATE:
            return texts.REFUSED_DUE_DATE
        case Refusal.NOT_FOUND:
            return texts.REFUSED_NOT_FOUND
        case Refusal.SAME_ACCOUNT:
            return texts.REFUSED_SAME_ACCOUNT
        case Refusal.NOT_ALLOWED:
            return texts.REFUSED_NOT_ALLOWED
        case Refusal.DUPLICATE:
            return texts.REFUSED_DUPLICATE
        case Refusal.GONE:
            return texts.REFUSED_GONE
        case Refusal.FULL:
            return texts.REFUSED_FULL
        case Refusal.INVALID | Refusal.OTHER:
            return texts.REFUSED_OTHER.format(reason=said(refused.reason)) if refused.reason else texts.REFUSED_UNSAID


def ledger(outcome: Outcome) -> str:
    """How the ledger is, if it gave no answer worth the name."""
    return texts.LEDGER_BUSY if isinstance(outcome, Unavailable) and outcome.alive else texts.LEDGER_AWAY
