"""The life of a payment: where each event leads, and from every state what no event may do."""

from datetime import date
from decimal import Decimal
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.payments import (
    FINAL,
    Finding,
    Found,
    PaymentEvent,
    PaymentRecord,
    PaymentState,
    Ruled,
    Said,
    Sending,
    after,
    reference,
)
from credex.commands import MoneyCommand
from credex.model import AccountId, Credex, CredexState, MemberId, MemberName, OfferId, Recurring, RecurringId
from credex.money import Denomination, Money
from credex.outcomes import (
    AccountFound,
    AccountOpened,
    AccountRenamed,
    CredexRead,
    LedgerRead,
    LoggedIn,
    MemberAuthorized,
    MemberFound,
    MemberRevoked,
    NotAMember,
    OfferAccepted,
    OfferCancelled,
    OfferDeclined,
    OfferMade,
    OffersAccepted,
    OffersRouted,
    Onboarded,
    Outcome,
    RecurringCancelled,
    RecurringRead,
    RecurringSetUp,
    Refusal,
    Refused,
    TierUpgraded,
    Unavailable,
    Unclear,
)
from tests.actors.dialogs import strategies as some
from tests.actors.dialogs.people import RUDO, member

OFFER = OfferId("0ffe0000-0000-4000-8000-000000000001")

DUE = Money(Decimal(5), Denomination.USD)
RECURRING = Recurring(
    id=RecurringId("r"),
    amount=DUE,
    every_days=28,
    next_run=date(2025, 3, 1),
    status="PENDING",
    source=AccountId("a"),
    target=AccountId("b"),
)
CREDEX = Credex(
    id=OFFER,
    amount=DUE,
    counterparty="Rudo Dube Personal",
    secured=True,
    state=CredexState.OWED,
    outstanding=DUE,
    redeemed=DUE,
    defaulted=DUE,
    written_off=DUE,
)

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
    (LedgerRead((), more=False), PaymentState.UNKNOWN),
    (TierUpgraded(3), PaymentState.DONE),
    (Refused(Refusal.GONE, "Already accepted."), PaymentState.UNKNOWN),
    (OffersAccepted((OFFER,), (), (), None), PaymentState.DONE),
    (RecurringSetUp(RECURRING), PaymentState.DONE),
    (RecurringRead(RECURRING), PaymentState.UNKNOWN),
    (RecurringCancelled(RECURRING.id), PaymentState.UNKNOWN),
    (CredexRead(CREDEX), PaymentState.UNKNOWN),
    (MemberFound(MemberName(MemberId("m"), "Rudo Dube", "rudo")), PaymentState.UNKNOWN),
    (AccountOpened(AccountId("a"), None), PaymentState.UNKNOWN),
    (AccountRenamed(None), PaymentState.UNKNOWN),
    (MemberAuthorized(AccountId("a"), MemberId("m")), PaymentState.UNKNOWN),
    (MemberRevoked(AccountId("a"), MemberId("m")), PaymentState.UNKNOWN),
    (OffersRouted(AccountId("a"), MemberId("m")), PaymentState.UNKNOWN),
]

ORDER = {
    PaymentState.INTENT: 0,
    PaymentState.SENT: 1,
    PaymentState.DONE: 2,
    PaymentState.REFUSED: 2,
    PaymentState.UNKNOWN: 2,
    PaymentState.PARKED: 3,
    PaymentState.SETTLED: 4,
}


@pytest.mark.parametrize(("outcome", "state"), ENDS, ids=lambda value: type(value).__name__)
def test_a_payment_ends_as_credex_core_said(outcome: Outcome, state: PaymentState) -> None:
    assert after(PaymentState.SENT, Said(outcome)) is state
    assert after(PaymentState.INTENT, Said(outcome)) is state


def test_every_outcome_there_is_has_its_row() -> None:
    assert {type(outcome) for outcome, _ in ENDS} == set(get_args(Outcome))


@pytest.mark.parametrize(
    ("finding", "state"),
    [
        (Finding.DONE, PaymentState.SETTLED),
        (Finding.NOT_DONE, PaymentState.SETTLED),
        (Finding.GONE, PaymentState.SETTLED),
        (Finding.OPEN, PaymentState.UNKNOWN),
        (Finding.UNSURE, PaymentState.PARKED),
    ],
)
def test_reading_settles_a_payment_or_parks_it(finding: Finding, state: PaymentState) -> None:
    assert after(PaymentState.UNKNOWN, Found(finding)) is state


states = st.sampled_from(PaymentState)
events: st.SearchStrategy[PaymentEvent] = st.one_of(
    st.just(Sending()),
    st.builds(Said, some.outcomes),
    st.builds(Found, st.sampled_from(Finding)),
    st.builds(Ruled, st.booleans()),
)


@given(st.sampled_from(sorted(FINAL)), events)
def test_nothing_leads_from_a_final_state_anywhere(state: PaymentState, event: PaymentEvent) -> None:
    assert after(state, event) is state


@given(states, events)
def test_nothing_that_was_sent_is_ever_to_be_sent_again(state: PaymentState, event: PaymentEvent) -> None:
    to = after(state, event)
    assert (to is PaymentState.INTENT) <= (state is PaymentState.INTENT)
    assert (to is PaymentState.SENT) <= (state in {PaymentState.INTENT, PaymentState.SENT})


@given(states, events)
def test_a_payment_only_ever_moves_on(state: PaymentState, event: PaymentEvent) -> None:
    assert ORDER[after(state, event)] >= ORDER[state]


@given(states, events)
def test_only_an_operator_moves_what_is_parked(state: PaymentState, event: PaymentEvent) -> None:
    if state is PaymentState.PARKED and not isinstance(event, Ruled):
        assert after(state, event) is PaymentState.PARKED
    if isinstance(event, Ruled) and state is not PaymentState.PARKED:
        assert after(state, event) is state


@given(states, events)
def test_done_and_refused_come_from_an_answer_and_settled_from_reading_or_an_operator(
    state: PaymentState, event: PaymentEvent
) -> None:
    to = after(state, event)
    if to is not state and to in {PaymentState.DONE, PaymentState.REFUSED}:
        assert isinstance(event, Said)
    if to is not state and to is PaymentState.SETTLED:
        assert isinstance(event, Found | Ruled)


@given(some.outcomes)
def test_only_proof_ends_a_payment_as_done_or_refused(outcome: Outcome) -> None:
    state = after(PaymentState.SENT, Said(outcome))
    done = OfferMade | OfferAccepted | OffersAccepted | OfferDeclined | OfferCancelled | TierUpgraded | RecurringSetUp
    assert (state is PaymentState.DONE) == isinstance(outcome, done)
    refused = isinstance(outcome, Refused) and outcome.refusal is not Refusal.GONE
    assert (state is PaymentState.REFUSED) == (refused or isinstance(outcome, Unavailable))
    assert state not in {PaymentState.INTENT, PaymentState.SENT}


def test_a_reference_is_short_always_the_same_and_gives_no_number_away() -> None:
    name = reference("member:263770000001/7#1")
    assert (name, len(name)) == (reference("member:263770000001/7#1"), 10)
    assert name != reference("member:263770000001/8#1")
    assert "2637" not in name


@given(some.offer_commands | some.answer_commands)
def test_a_stored_record_holds_the_very_command_digit_for_digit(command: MoneyCommand) -> None:
    record = PaymentRecord(command=command, consented_in="member:263770000001/7", ended="Unclear")
    stored = msgspec.msgpack.decode(msgspec.msgpack.encode(record), type=PaymentRecord)
    assert stored == record
    assert repr(stored.command) == repr(command)
