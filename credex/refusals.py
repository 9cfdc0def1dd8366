"""What proves that credex-core did nothing: a table of answers, each known to come before anything is written.

An error from credex-core is no proof by itself: some of its codes are raised after a write (``DB_ERROR``,
``INTERNAL_ERROR``), and a 5xx may come from a proxy that lost the real answer. So a refusal is believed only if its
status, type and code stand here, for this very command. What is not here is trouble, not refusal.

Sources: the tables of credex-core's operations (era C), read from its code and not from its published reference, whose
finer codes the code never sends. Deliberately absent for ``createCredex``: ``SECURED_AUTH_FAILED``, ``DUE_DATE_ERROR``,
``DB_ERROR`` and ``INTERNAL_ERROR``, which report faults of its own and not decisions. For ``hustler10k``: every 5xx, as
the charge, its acceptance and the new tier are three writes, and ``CREDEX_ACCEPT_FAILED`` and ``TIER_UPDATE_FAILED``
come after the first.

A refusal to accept, decline or cancel (``GONE``) says that this call did nothing, but not what became of the offer,
which may have been answered before, also the way that was wanted. ``BY_READING`` names those: what is so is read.
"""

from typing import NamedTuple

from credex.commands import (
    AcceptOffer,
    CancelOffer,
    Command,
    DeclineOffer,
    FindAccount,
    Login,
    OfferCredex,
    Onboard,
    ReadLedger,
    UpgradeTier,
)
from credex.outcomes import Refusal

TURNED_AWAY = frozenset({401, 413, 429})
"""Statuses given before any operation runs: token and key check, size limit, rate limit. Proof as well."""


class Answered(NamedTuple):
    """What an error answer is known by."""

    command: type[Command]
    status: int
    type: str
    code: str


_ACCEPT = (400, "ERROR_INTERNAL", "ACCEPT_FAILED")
"""Every failure to accept, whatever its cause; a second accept changes nothing."""
_DECLINE = (404, "ERROR_NOT_FOUND", "NOT_FOUND")
"""Unknown, foreign, answered or expired: credex-core does not tell them apart."""
_CANCEL = (400, "ERROR_INTERNAL", "CANCEL_FAILED")
"""The same as for declining, under another name."""

_BY_SCHEMA = {
    Answered(command, 400, "ERROR_VALIDATION", "VALIDATION_ERROR"): Refusal.INVALID
    for command in (
        Login,
        Onboard,
        FindAccount,
        ReadLedger,
        OfferCredex,
        AcceptOffer,
        DeclineOffer,
        CancelOffer,
        UpgradeTier,
    )
}

_BY_OPERATION = {
    Answered(Login, 400, "ERROR_VALIDATION", "MISSING_PHONE"): Refusal.INVALID,
    Answered(Login, 400, "ERROR_VALIDATION", "INVALID_PHONE"): Refusal.INVALID,
    Answered(Onboard, 400, "ERROR_VALIDATION", "MISSING_PHONE"): Refusal.INVALID,
    Answered(Onboard, 400, "ERROR_VALIDATION", "INVALID_PHONE"): Refusal.INVALID,
    Answered(Onboard, 400, "ERROR_VALIDATION", "INVALID_DENOMINATION"): Refusal.INVALID,
    Answered(Onboard, 400, "ERROR_VALIDATION", "MISSING_PARAMS"): Refusal.INVALID,
    Answered(Onboard, 409, "ERROR_VALIDATION", "DUPLICATE_PHONE"): Refusal.DUPLICATE,
    Answered(Onboard, 409, "ERROR_VALIDATION", "DUPLICATE_HANDLE"): Refusal.DUPLICATE,
    Answered(FindAccount, 400, "ERROR_VALIDATION", "INVALID_HANDLE"): Refusal.INVALID,
    Answered(FindAccount, 404, "ERROR_NOT_FOUND", "ACCOUNT_NOT_FOUND"): Refusal.NOT_FOUND,
    Answered(OfferCredex, 400, "ERROR_VALIDATION", "INVALID_ACCOUNTS"): Refusal.SAME_ACCOUNT,
    Answered(OfferCredex, 400, "ERROR_VALIDATION", "MISSING_DUE_DATE"): Refusal.INVALID,
    Answered(OfferCredex, 400, "ERROR_VALIDATION", "INVALID_DUE_DATE"): Refusal.INVALID,
    Answered(OfferCredex, 403, "ERROR_UNAUTHORIZED", "TIER_LIMIT_EXCEEDED"): Refusal.TIER_LIMIT,
    Answered(OfferCredex, 400, "CREDEX_CREATE_FAILED", "MISSING_PARAMS"): Refusal.INVALID,
    Answered(OfferCredex, 400, "CREDEX_CREATE_FAILED", "FORBIDDEN"): Refusal.NOT_ALLOWED,
    Answered(OfferCredex, 400, "CREDEX_CREATE_FAILED", "INSUFFICIENT_SECURED_BALANCE"): Refusal.NO_COVER,
    Answered(AcceptOffer, *_ACCEPT): Refusal.GONE,
    Answered(DeclineOffer, *_DECLINE): Refusal.GONE,
    Answered(CancelOffer, *_CANCEL): Refusal.GONE,
    Answered(ReadLedger, 403, "ERROR_UNAUTHORIZED", "UNAUTHORIZED_ACCESS"): Refusal.NOT_ALLOWED,
    Answered(UpgradeTier, 400, "ERROR_VALIDATION", "MISSING_PARAMS"): Refusal.INVALID,
    Answered(UpgradeTier, 400, "ERROR_VALIDATION", "INSUFFICIENT_SECURED_BALANCE"): Refusal.NO_COVER,
}

REFUSALS: dict[Answered, Refusal] = _BY_SCHEMA | _BY_OPERATION
"""Error answers that prove that nothing happened, and what they mean."""

BY_READING = frozenset({Refusal.GONE})
"""Refusals that leave open whether the ledger is as the command wanted it."""
