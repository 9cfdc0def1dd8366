"""One credex in words, as the account sees it that looks at it. Pure."""

from collections.abc import Iterator
from datetime import datetime

from actors.dialogs import texts
from actors.dialogs.wording import counterparty, day, moment
from actors.dialogs.words import joined
from credex.model import Credex, CredexState
from credex.money import Money

_STATES = {
    CredexState.OFFERED: texts.CREDEX_OFFERED,
    CredexState.REQUESTED: texts.CREDEX_REQUESTED,
    CredexState.OWED: texts.CREDEX_OWED,
    CredexState.CLEARED: texts.CREDEX_CLEARED,
    CredexState.DECLINED: texts.CREDEX_DECLINED,
    CredexState.CANCELLED: texts.CREDEX_CANCELLED,
}
_ACCEPTED = frozenset({CredexState.OWED, CredexState.CLEARED})


def described(credex: Credex, account: str) -> str:
    """Everything that says something, a line each. ``account`` is the one that looks at it, as it is shown."""
    given = credex.amount.amount < 0
    heading = (texts.GIVEN if given else texts.RECEIVED).format(amount=abs(credex.amount))
    sides = texts.CREDEX_GIVEN if given else texts.CREDEX_RECEIVED
    lines = (
        heading,
        sides.format(account=account, counterparty=counterparty(credex.counterparty)),
        _terms(credex),
        _STATES[credex.state],
        *_amounts(credex),
        *_moments(credex),
    )
    return joined("\n", lines)


def _terms(credex: Credex) -> str:
    if credex.secured:
        return texts.CREDEX_SECURED
    return texts.CREDEX_DUE.format(day=day(credex.due)) if credex.due else texts.CREDEX_UNSECURED


def _amounts(credex: Credex) -> Iterator[str]:
    """What is outstanding of an offer nobody has accepted says nothing."""
    told: list[tuple[str, Money]] = [
        (texts.REDEEMED, credex.redeemed),
        (texts.DEFAULTED, credex.defaulted),
        (texts.WRITTEN_OFF, credex.written_off),
    ]
    if credex.state in _ACCEPTED:
        told.insert(0, (texts.OUTSTANDING, credex.outstanding))
    return (text.format(amount=abs(amount)) for text, amount in told if amount.amount)


def _moments(credex: Credex) -> Iterator[str]:
    if credex.accepted_at or credex.state in _ACCEPTED:
        yield _at(texts.ACCEPTED_AT, credex.accepted_at)
    if credex.declined_at or credex.state is CredexState.DECLINED:
        yield _at(texts.DECLINED_AT, credex.declined_at)
    if credex.cancelled_at or credex.state is CredexState.CANCELLED:
        yield _at(texts.CANCELLED_AT, credex.cancelled_at)


def _at(text: str, when: datetime | None) -> str:
    return text.format(at=texts.IN_HARARE.format(at=moment(when)) if when else texts.UNKNOWN_DATE)
