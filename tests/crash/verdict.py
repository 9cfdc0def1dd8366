"""What may not have happened, whatever was killed. Pure: from what members did, what is stored, what the ledger says.

A payment may still be open when a run ends: reading the ledger takes its time before "not made" is certain. That is no
fault as long as it is younger than ``OVERDUE``.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import msgspec

from actors import effects
from actors.effects import LookInto
from actors.payments import FINAL, PaymentRecord, PaymentState
from actors.settlement import SERVER_LIMIT
from tests.crash.facts import Facts
from tests.crash.provider import Sent
from tests.crash.verdict_money import violations as money_violations

OVERDUE = SERVER_LIMIT + timedelta(seconds=150)
"""The last look falls up to so long after the limit: pauses between looks grow, and a killed server takes none."""


def violations(facts: Facts) -> list[str]:
    """Every broken promise, one line each; none is the only good answer."""
    return [
        *_lost(facts),
        *_twice(facts),
        *_out_of_order(facts),
        *_unanswered(facts),
        *money_violations(facts),
        *_left_open(facts),
    ]


def _lost(facts: Facts) -> Iterator[str]:
    applied = {seen.id: seen.version for history in facts.history.values() for seen in history}
    for sent in facts.sent:
        if sent.answered is None:
            yield f"never answered with 200: {sent.id}"
        elif sent.id not in applied:
            yield f"lost: {sent.id} was answered with 200 and is not stored"
        elif applied[sent.id] is None:
            yield f"lost: {sent.id} was answered with 200 and never applied"


def _twice(facts: Facts) -> Iterator[str]:
    ids = Counter(seen.id for history in facts.history.values() for seen in history)
    yield from (f"accepted twice: {id_}" for id_, count in ids.items() if count > 1)
    for phone, history in facts.history.items():
        versions = Counter(seen.version for seen in history if seen.version is not None)
        yield from (f"two messages in one turn: {phone}/{at}" for at, count in versions.items() if count > 1)


def _out_of_order(facts: Facts) -> Iterator[str]:
    sequences = {seen.id: seen.sequence for history in facts.history.values() for seen in history}
    for phone, history in facts.history.items():
        for first, second in pairwise(sorted(history, key=lambda seen: seen.sequence)):
            if first.version is not None and second.version is not None and second.version < first.version:
                yield f"out of order: {second.id} of {phone} was applied before {first.id}"
    for phone in facts.history:
        mine = [sent for sent in facts.sent if sent.phone == phone and sent.id in sequences]
        for earlier, later in pairwise(mine):
            if _before(earlier, later) and sequences[later.id] < sequences[earlier.id]:
                yield f"out of order: {later.id} was accepted before {earlier.id}, though sent after its 200"


def _before(first: Sent, second: Sent) -> bool:
    """Whether it was sent before, beyond doubt: in one delivery, or after the other's answer."""
    if first.delivery == second.delivery:
        return True
    return first.answered is not None and second.tried is not None and first.answered < second.tried


def _unanswered(facts: Facts) -> Iterator[str]:
    """Each message was answered in its turn, or, if credex-core had to be asked, in one before the next message's."""
    spoken: dict[str, set[int]] = {f"member:{phone}": set() for phone in facts.history}
    for reference in facts.references:
        address, _, turn = reference.rpartition("/")
        spoken[address].add(int(turn.partition("#")[0]))
    for phone, history in facts.history.items():
        turns = [(seen.version, seen.id) for seen in history if seen.version is not None]
        said = spoken[f"member:{phone}"]
        last = max((version for version, _ in turns), default=0)
        for (version, id_), (following, _) in pairwise([*sorted(turns), (max(said, default=last), "")]):
            if said.isdisjoint(range(version, following + 1)):
                yield f"silent: {phone} got no answer to {id_}"


def _left_open(facts: Facts) -> Iterator[str]:
    ends = FINAL | {PaymentState.PARKED}
    for payment in facts.payments:
        record = msgspec.msgpack.decode(payment.body, type=PaymentRecord)
        if payment.state not in ends and (record.at is None or facts.now - record.at > OVERDUE):
            yield f"left open: {payment.id} is {payment.state} since {record.at}"
    for effect in facts.owed:
        if not isinstance(effects.decode(effect.body), LookInto):
            yield f"left undone: {effect.id} is still owed"
    yield from (f"given up: {letter.id}, {letter.cause}" for letter in facts.dead)
