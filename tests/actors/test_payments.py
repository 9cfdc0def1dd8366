"""Where a payment that was sent ends: one row an outcome, and nothing left out."""

from typing import get_args

import msgspec
import pytest
from hypothesis import given

from actors.payments import PaymentRecord, PaymentState, state_after
from credex.commands import MoneyCommand
from credex.model import OfferId
from credex.outcomes import (
    AccountFound,
    LoggedIn,
    NotAMember,
    OfferAccepted,
    OfferCancelled,
    OfferDeclined,
    OfferMade,
    Onboarded,
    Outcome,
    Refusal,
    Refused,
    Unavailable,
    Unclear,
)
from tests.actors.dialogs import strategies as some
from tests.actors.dialogs.people import RUDO, member

OFFER = OfferId("0ffe0000-0000-4000-8000-000000000001")

ENDS: list[tuple[Outcome, PaymentState]] = [
    (OfferMade(OFFER, None), PaymentState.DONE),
    (OfferAccepted(OFFER, None), PaymentState.DONE),
    (OfferDeclined(OFFER, None), PaymentState.DONE),
    (OfferCancelled(OFFER, None), PaymentState.DONE),
    (Refused(Refusal.NO_COVER, "Not enough."), PaymentState.REFUSED),
    (Unavailable("the breaker is open"), PaymentState.REFUSED),
    (Unclear("timeout"), PaymentState.UNKNOWN),
    (LoggedIn(member()), PaymentState.UNKNOWN),
    (NotAMember(), PaymentState.UNKNOWN),
    (Onboarded(member()), PaymentState.UNKNOWN),
    (AccountFound(RUDO), PaymentState.UNKNOWN),
]


@pytest.mark.parametrize(("outcome", "state"), ENDS, ids=lambda value: type(value).__name__)
def test_a_payment_ends_as_credex_core_said(outcome: Outcome, state: PaymentState) -> None:
    assert state_after(outcome) is state


def test_every_outcome_there_is_has_its_row() -> None:
    assert {type(outcome) for outcome, _ in ENDS} == set(get_args(Outcome))


@given(some.outcomes)
def test_only_proof_ends_a_payment_as_done_or_refused(outcome: Outcome) -> None:
    state = state_after(outcome)
    assert (state is PaymentState.DONE) == isinstance(
        outcome, OfferMade | OfferAccepted | OfferDeclined | OfferCancelled
    )
    assert (state is PaymentState.REFUSED) == isinstance(outcome, Refused | Unavailable)
    assert state not in {PaymentState.INTENT, PaymentState.SENT}


@given(some.offer_commands | some.answer_commands)
def test_a_stored_record_holds_the_very_command_digit_for_digit(command: MoneyCommand) -> None:
    record = PaymentRecord(command=command, consented_in="member:263770000001/7", ended="Unclear")
    stored = msgspec.msgpack.decode(msgspec.msgpack.encode(record), type=PaymentRecord)
    assert stored == record
    assert repr(stored.command) == repr(command)
