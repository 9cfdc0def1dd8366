"""A member's payments as a turn sees them: records, audit entries, and the question that settles a doubt. Pure.

A member has at most one payment under way or in doubt, over all channels: a second one like it could not be told from
the first. ``Paying`` remembers it, and for how long it keeps others from being signed.
"""

from datetime import datetime, timedelta

import msgspec

from actors import audit
from actors.audit import Facts, Step
from actors.dialogs import texts
from actors.effects import Ask, LookInto
from actors.payments import Finding, Found, PaymentRecord, PaymentState, Said, after
from actors.settlement import PATIENCE, Doubt, Looked, judge
from credex.commands import MoneyCommand
from credex.outcomes import Outcome, Refused, Unavailable, Unclear
from runtime.address import Address
from runtime.store import AuditEntry, Payment
from runtime.turn import Turn

BLOCKS_FOR = 2 * PATIENCE
"""Whatever goes wrong, no longer: by then it is settled, or an operator's."""


class Paying(msgspec.Struct, frozen=True, kw_only=True):
    """A payment under way, or in doubt. ``known`` is false once somebody else may have the member's number."""

    payment: str
    since: datetime
    in_doubt: bool = False
    known: bool = True


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """A payment's step: its record and its entry in the trail, to be committed together."""

    payment: Payment
    entry: AuditEntry

    @property
    def state(self) -> PaymentState:
        """Where the payment stands after it."""
        return PaymentState(self.payment.state)


class Tap(msgspec.Struct, frozen=True):
    """How it was consented to: the message that did, and the nonce and text of the screen it was about."""

    message: str
    screen: str
    shown: str


def busy(paying: Paying | None, now: datetime) -> str | None:
    """Why nothing can be signed now, if so."""
    if paying is None or now - paying.since > BLOCKS_FOR:
        return None
    return texts.BUSY_CHECKING if paying.in_doubt else texts.BUSY_SENDING


def consented(payment_id: str, ask: Ask, command: MoneyCommand, tap: Tap | None) -> Booked:
    """A tap that consents, in the turn that ``ask`` names."""
    record = PaymentRecord(command=command, consented_in=ask.turn, at=ask.at, before=ask.before)
    facts = _facts(payment_id, record)
    if tap is not None:
        facts = msgspec.structs.replace(facts, tap=tap.message, screen=tap.screen, shown=audit.digest(tap.shown))
    return _book(Step.CONSENTED, PaymentState.INTENT, record, facts, ask.at)


def answered(payment_id: str, ask: Ask, command: MoneyCommand, outcome: Outcome, turn: Turn) -> Booked:
    """credex-core's answer, or that there was none."""
    kind = type(outcome).__name__
    record = PaymentRecord(command=command, consented_in=ask.turn, at=ask.at, before=ask.before, ended=kind)
    facts = msgspec.structs.replace(_facts(payment_id, record), said=f"{kind} {_detail(outcome)}".strip())
    return _book(Step.ANSWERED, after(PaymentState.SENT, Said(outcome)), record, facts, turn.now)


def doubt(payment_id: str, booked: Booked, outcome: Outcome, turn: Turn) -> Doubt:
    """The question that is left after such an answer."""
    record = msgspec.msgpack.decode(booked.payment.body, type=PaymentRecord)
    return Doubt(payment=payment_id, record=record, since=turn.now, answered=isinstance(outcome, Refused))


def found(look: LookInto, body: object, turn: Turn) -> Finding:
    """What a look told. One that broke down was made in vain."""
    looked = body if isinstance(body, Looked) else Looked(at=turn.now)
    return judge(look.doubt, looked)


def settled(look: LookInto, finding: Finding, turn: Turn) -> Booked:
    """The end of a doubt, or its way to an operator."""
    state = after(PaymentState.UNKNOWN, Found(finding))
    record = msgspec.structs.replace(look.doubt.record, ended=finding)
    facts = msgspec.structs.replace(_facts(look.doubt.payment, record), ended=finding)
    step = Step.PARKED if state is PaymentState.PARKED else Step.SETTLED
    return _book(step, state, record, facts, turn.now)


def look_again(look: LookInto, turn: Turn, pause: timedelta) -> LookInto:
    """The next look."""
    again = msgspec.structs.replace(look.doubt, looks=look.doubt.looks + 1)
    return LookInto(look.peer, again, turn.now + pause)


def _facts(payment_id: str, record: PaymentRecord) -> Facts:
    account = record.before.account if record.before else None
    return Facts(payment=payment_id, command=record.command, turn=record.consented_in, account=account)


def _book(step: Step, state: PaymentState, record: PaymentRecord, facts: Facts, at: datetime) -> Booked:
    address = Address(f"member:{record.command.phone}")
    body = msgspec.msgpack.encode(record)
    payment = Payment(id=facts.payment, address=address, state=state, body=body)
    return Booked(payment=payment, entry=audit.entry(step, facts, address=address, at=at))


def _detail(outcome: Outcome) -> str:
    if isinstance(outcome, Refused):
        return outcome.refusal
    return outcome.cause if isinstance(outcome, Unavailable | Unclear) else ""
