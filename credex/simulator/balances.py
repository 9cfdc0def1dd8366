"""Balances and cover of one account, recomputed from its credexes each time; nothing is stored.

Two figures differ on purpose. The *displayed* secured balance takes the account's own open offers off and ignores
incoming ones. The *cover* of a new secured offer counts incoming open offers in, and comes from one securing account
alone: covers of several securers do not add up. Cover is summed in doubles and compared without tolerance, so
0.70 + 0.10 received does not cover 0.80.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from credex.money import Denomination
from credex.simulator.figures import Rates, convert
from credex.simulator.records import ACCEPTED_STATES, NOTHING, CredexRecord, CredexState

_COVERING = frozenset({CredexState.OWES, CredexState.OFFERS})


@dataclass(frozen=True, slots=True)
class Cover:
    """The most one securer stands for; ``securer`` is ``None`` when nobody does."""

    securer: str | None
    amount: float


def secured_net(account_id: str, credexes: Iterable[CredexRecord]) -> dict[Denomination, Decimal]:
    """Net secured balance for each denomination with secured history, zeros included."""
    nets: dict[Denomination, Decimal] = {}
    for credex in credexes:
        outgoing = credex.issuer == account_id
        counted = credex.state in ACCEPTED_STATES or (outgoing and credex.state is CredexState.OFFERS)
        if credex.secured and counted:
            change = -credex.outstanding if outgoing else credex.outstanding
            nets[credex.denomination] = nets.get(credex.denomination, NOTHING) + change
    return nets


def payables(account_id: str, credexes: Iterable[CredexRecord], target: Denomination, rates: Rates) -> Decimal:
    """What the account owes unsecured, accepted credexes only."""
    owed = (c for c in _owing(credexes) if not c.secured and c.issuer == account_id)
    return _total(owed, target, rates)


def receivables(account_id: str, credexes: Iterable[CredexRecord], target: Denomination, rates: Rates) -> Decimal:
    """What is owed to the account unsecured, accepted credexes only."""
    owed = (c for c in _owing(credexes) if not c.secured and c.receiver == account_id)
    return _total(owed, target, rates)


def net_assets(account_id: str, credexes: Iterable[CredexRecord], target: Denomination, rates: Rates) -> Decimal:
    """Everything owed to the account less everything it owes; open offers do not count."""
    owing = list(_owing(credexes))
    incoming = _total((c for c in owing if c.receiver == account_id), target, rates)
    return incoming - _total((c for c in owing if c.issuer == account_id), target, rates)


def best_cover(account_id: str, credexes: Iterable[CredexRecord], denomination: Denomination) -> Cover:
    """The securer with the largest net cover in this denomination."""
    covers: dict[str, float] = defaultdict(float)
    for credex in credexes:
        if credex.securer is not None and credex.denomination is denomination and credex.state in _COVERING:
            amount = float(credex.outstanding)
            covers[credex.securer] += -amount if credex.issuer == account_id else amount
    if not covers:
        return Cover(None, 0.0)
    securer = max(covers, key=lambda name: covers[name])
    return Cover(securer, covers[securer])


def _owing(credexes: Iterable[CredexRecord]) -> Iterable[CredexRecord]:
    return (credex for credex in credexes if credex.state is CredexState.OWES)


def _total(credexes: Iterable[CredexRecord], target: Denomination, rates: Rates) -> Decimal:
    return sum((convert(c.outstanding, c.denomination, target, rates) for c in credexes), NOTHING)
