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
    AcceptOffers,
    AuthorizeMember,
    CancelOffer,
    CancelRecurring,
    Command,
    DeclineOffer,
    FindAccount,
    FindMember,
    Login,
    OfferCredex,
    Onboard,
    OpenAccount,
    ReadCredex,
    ReadLedger,
    ReadRecurring,
    RenameAccount,
    RevokeMember,
    SendOffersTo,
    SetUpRecurring,
    UpgradeTier,
)
from credex.outcomes import Refusal
from credex.successes import SUCCESSES

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

_BY_SCHEMA = {Answered(command, 400, "ERROR_VALIDATION", "VALIDATION_ERROR"): Refusal.INVALID for command in SUCCESSES}

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
    Answered(OfferCredex, 400, "ERROR_VALIDATION", "MISSING_DUE_DATE"): Refusal.DUE_DATE,
    Answered(OfferCredex, 400, "ERROR_VALIDATION", "INVALID_DUE_DATE"): Refusal.DUE_DATE,
    Answered(OfferCredex, 403, "ERROR_UNAUTHORIZED", "TIER_LIMIT_EXCEEDED"): Refusal.TIER_LIMIT,
    Answered(OfferCredex, 400, "CREDEX_CREATE_FAILED", "MISSING_PARAMS"): Refusal.INVALID,
    Answered(OfferCredex, 400, "CREDEX_CREATE_FAILED", "FORBIDDEN"): Refusal.NOT_ALLOWED,
    Answered(OfferCredex, 400, "CREDEX_CREATE_FAILED", "INSUFFICIENT_SECURED_BALANCE"): Refusal.NO_COVER,
    Answered(AcceptOffer, *_ACCEPT): Refusal.GONE,
    Answered(DeclineOffer, *_DECLINE): Refusal.GONE,
    Answered(CancelOffer, *_CANCEL): Refusal.GONE,
    Answered(ReadLedger, 403, "ERROR_UNAUTHORIZED", "UNAUTHORIZED_ACCESS"): Refusal.NOT_ALLOWED,
    Answered(ReadLedger, 400, "ERROR_VALIDATION", "INVALID_START_ROW"): Refusal.INVALID,
    Answered(ReadCredex, 404, "ERROR_NOT_FOUND", "NOT_FOUND"): Refusal.NOT_FOUND,
    Answered(FindMember, 404, "ERROR_NOT_FOUND", "NOT_FOUND"): Refusal.NOT_FOUND,
    Answered(AcceptOffers, 400, "ERROR_VALIDATION", "BULK_ACCEPT_FAILED"): Refusal.GONE,
    Answered(AcceptOffers, 400, "ERROR_VALIDATION", "MISSING_PARAMS"): Refusal.INVALID,
    Answered(AcceptOffers, 400, "ERROR_VALIDATION", "INVALID_PARAMS"): Refusal.INVALID,
    Answered(OpenAccount, 403, "ERROR_UNAUTHORIZED", "TIER_LIMIT_EXCEEDED"): Refusal.TIER_LIMIT,
    Answered(OpenAccount, 409, "ERROR_VALIDATION", "HANDLE_EXISTS"): Refusal.DUPLICATE,
    Answered(OpenAccount, 404, "ERROR_NOT_FOUND", "MEMBER_NOT_FOUND"): Refusal.NOT_FOUND,
    Answered(RenameAccount, 404, "ERROR_NOT_FOUND", "ACCOUNT_NOT_FOUND"): Refusal.NOT_FOUND,
    Answered(RenameAccount, 403, "ERROR_UNAUTHORIZED", "UNAUTHORIZED"): Refusal.NOT_ALLOWED,
    Answered(RenameAccount, 409, "ERROR_VALIDATION", "HANDLE_EXISTS"): Refusal.DUPLICATE,
    Answered(RenameAccount, 400, "ERROR_VALIDATION", "NO_UPDATE_DATA"): Refusal.INVALID,
    Answered(AuthorizeMember, 403, "ACCOUNT_AUTHORIZATION_FAILED", "UNAUTHORIZED"): Refusal.NOT_ALLOWED,
    Answered(AuthorizeMember, 403, "ACCOUNT_AUTHORIZATION_FAILED", "TIER_REQUIREMENT"): Refusal.TIER_LIMIT,
    Answered(AuthorizeMember, 400, "ERROR_VALIDATION", "LIMIT_EXCEEDED"): Refusal.FULL,
    Answered(AuthorizeMember, 404, "ERROR_NOT_FOUND", "NOT_FOUND"): Refusal.NOT_FOUND,
    Answered(RevokeMember, 404, "ERROR_NOT_FOUND", "ACCOUNT_NOT_FOUND"): Refusal.NOT_FOUND,
    Answered(RevokeMember, 404, "ERROR_NOT_FOUND", "NOT_FOUND"): Refusal.NOT_FOUND,
    Answered(RevokeMember, 403, "ERROR_UNAUTHORIZED", "UNAUTHORIZED"): Refusal.NOT_ALLOWED,
    Answered(RevokeMember, 400, "ERROR_VALIDATION", "UNAUTHORIZE_FAILED"): Refusal.GONE,
    Answered(SendOffersTo, 404, "ERROR_NOT_FOUND", "ACCOUNT_NOT_FOUND"): Refusal.NOT_FOUND,
    Answered(SendOffersTo, 404, "ERROR_NOT_FOUND", "NOT_FOUND"): Refusal.NOT_FOUND,
    Answered(SendOffersTo, 403, "ERROR_UNAUTHORIZED", "UNAUTHORIZED"): Refusal.NOT_ALLOWED,
    Answered(SendOffersTo, 400, "ERROR_VALIDATION", "UPDATE_FAILED"): Refusal.GONE,
    Answered(UpgradeTier, 400, "ERROR_VALIDATION", "MISSING_PARAMS"): Refusal.INVALID,
    Answered(UpgradeTier, 400, "ERROR_VALIDATION", "INSUFFICIENT_SECURED_BALANCE"): Refusal.NO_COVER,
}

_RECURRING = {
    (400, "ERROR_VALIDATION", "400"): Refusal.INVALID,
    (403, "ERROR_UNAUTHORIZED", "403"): Refusal.NOT_ALLOWED,
    (404, "ERROR_NOT_FOUND", "404"): Refusal.NOT_FOUND,
    (409, "ERROR_VALIDATION", "409"): Refusal.GONE,
}
"""Recurring payments repeat the status as their code. A template of ours (REGULAR) is one write, after every check."""

_OF_RECURRING = {
    Answered(command, *answer): refusal
    for command in (SetUpRecurring, ReadRecurring, CancelRecurring)
    for answer, refusal in _RECURRING.items()
}

REFUSALS: dict[Answered, Refusal] = _BY_SCHEMA | _BY_OPERATION | _OF_RECURRING
"""Error answers that prove that nothing happened, and what they mean."""

BY_READING = frozenset({Refusal.GONE})
"""Refusals that leave open whether the ledger is as the command wanted it."""
