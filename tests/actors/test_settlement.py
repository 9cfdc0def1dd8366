"""What reading tells of a payment in doubt: found, not found, gone, or nobody's to tell."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.payments import Before, Finding, PaymentRecord
from actors.settlement import CACHED, ENOUGH_LOOKS, PATIENCE, SERVER_LIMIT, Doubt, Looked, judge, pause
from credex.commands import (
    AcceptOffer,
    AcceptOffers,
    CancelOffer,
    DeclineOffer,
    MoneyCommand,
    OfferCredex,
    SetUpRecurring,
    UpgradeTier,
)
from credex.model import LedgerEntry, Member, Offer
from credex.money import Denomination, Money
from credex.outcomes import LedgerRead
from tests.actors.dialogs import strategies as some
from tests.actors.dialogs.people import NOON, PHONE, RUDO, account, member, offer, usd

ISSUER = account().id
OFFER = OfferCredex(phone=PHONE, issuer=ISSUER, receiver=RUDO.id, amount=usd("5"))
DUE = date(2026, 3, 20)
UNSECURED = msgspec.structs.replace(OFFER, due=DUE)
OLD = offer(1)
BEFORE = Before(account=ISSUER, pending=(OLD.id,), counterparty=RUDO.name, tier=1)
ANSWERED = offer(1)
ACCEPT, DECLINE = AcceptOffer(PHONE, ANSWERED.id), DeclineOffer(PHONE, ANSWERED.id)
CANCEL = CancelOffer(PHONE, ANSWERED.id)
UPGRADE = UpgradeTier(PHONE, ISSUER)


def made(number: int, amount: str = "5", **changes: object) -> Offer:
    return msgspec.structs.replace(offer(number, amount), counterparty=RUDO.name, **changes)


def entry(
    number: int, amount: str = "-5", at: datetime | None = NOON, counterparty: str = RUDO.name, currency: str = "USD"
) -> LedgerEntry:
    money = Money(Decimal(amount), Denomination(currency))
    return LedgerEntry(id=offer(number).id, amount=money, counterparty=counterparty, at=at)


def doubt(command: MoneyCommand = OFFER, *, answered: bool = False, looks: int = 0) -> Doubt:
    record = PaymentRecord(command=command, consented_in="t", at=NOON, before=BEFORE)
    return Doubt(payment="p", record=record, since=NOON, answered=answered, looks=looks)


def looked(
    *outgoing: Offer,
    ledger: tuple[LedgerEntry, ...] = (),
    incoming: tuple[Offer, ...] = (),
    after: timedelta = timedelta(0),
    tier: int = 1,
    more: bool = False,
) -> Looked:
    read = member(account(outgoing=outgoing, incoming=incoming), tier=tier)
    return Looked(at=NOON + after, member=read, ledger=LedgerRead(ledger, more))


def in_vain(after: timedelta, *, tried: bool = True) -> Looked:
    return Looked(at=NOON + after, tried=tried)


@pytest.mark.parametrize("reading", [looked(made(2), OLD), looked(OLD, ledger=(entry(2),))], ids=["open", "accepted"])
def test_one_new_offer_that_is_what_was_asked_for_was_made(reading: Looked) -> None:
    assert judge(doubt(), reading) is Finding.DONE


def test_an_offer_accepted_between_the_two_readings_is_one_and_not_two() -> None:
    assert judge(doubt(), looked(made(2), ledger=(entry(2),))) is Finding.DONE


@pytest.mark.parametrize(
    "reading",
    [
        looked(made(2), made(3)),
        looked(made(2), ledger=(entry(3),)),
        looked(ledger=(entry(2), entry(3))),
        looked(ledger=(entry(2, at=None),)),
        looked(made(2), ledger=(entry(3, at=None),)),
        looked(ledger=(entry(2, at=NOON - timedelta(seconds=40)),)),
    ],
    ids=[
        "two open",
        "one open, one accepted",
        "two accepted",
        "one of unknown age",
        "one and one of unknown age",
        "one of shortly before",
    ],
)
def test_two_of_a_kind_or_one_of_unknown_age_are_for_an_operator(reading: Looked) -> None:
    assert judge(doubt(), reading) is Finding.UNSURE


OTHERS = [
    looked(OLD),
    looked(msgspec.structs.replace(OLD, amount=usd("5"), counterparty=RUDO.name)),
    looked(made(2, "5.01")),
    looked(msgspec.structs.replace(made(2), amount=Money(Decimal(5), Denomination.ZWG))),
    looked(made(2, secured=False, due=DUE)),
    looked(incoming=(made(2),)),
    looked(ledger=(entry(2, "5"),)),
    looked(ledger=(entry(2, "-5.01"),)),
    looked(ledger=(entry(2, currency="ZWG"),)),
    looked(ledger=(entry(2, at=NOON - timedelta(days=1)),)),
    looked(ledger=(entry(1),)),
]


@pytest.mark.parametrize("reading", OTHERS)
def test_what_was_there_before_or_is_something_else_is_not_what_was_asked_for(reading: Looked) -> None:
    assert judge(doubt(), reading) is Finding.OPEN
    late = msgspec.structs.replace(reading, at=NOON + SERVER_LIMIT)
    assert judge(doubt(), late) is Finding.NOT_DONE


@pytest.mark.parametrize(
    "reading",
    [
        looked(msgspec.structs.replace(made(2), counterparty="Rudo Stall")),
        looked(ledger=(entry(2, counterparty="Rudo Stall"),)),
    ],
    ids=["open", "accepted"],
)
def test_one_to_another_name_may_be_the_receivers_new_one_and_is_for_an_operator(reading: Looked) -> None:
    assert judge(doubt(), reading) is Finding.OPEN
    late = msgspec.structs.replace(reading, at=NOON + SERVER_LIMIT)
    assert judge(doubt(), late) is Finding.UNSURE


@pytest.mark.parametrize(
    ("due", "finding"), [(DUE, Finding.DONE), (None, Finding.DONE), (date(2026, 3, 21), Finding.OPEN)]
)
def test_an_unsecured_offer_is_known_by_its_due_date_unless_that_cannot_be_read(
    due: date | None, finding: Finding
) -> None:
    assert judge(doubt(UNSECURED), looked(made(2, secured=False, due=due))) is finding
    assert judge(doubt(UNSECURED), looked(made(2))) is Finding.OPEN


def test_nothing_found_counts_only_when_credex_core_cannot_be_at_work_any_more() -> None:
    just_before = SERVER_LIMIT - timedelta(microseconds=1)
    assert judge(doubt(), looked(after=just_before)) is Finding.OPEN
    assert judge(doubt(), looked(after=SERVER_LIMIT)) is Finding.NOT_DONE
    assert judge(doubt(), looked(made(2), after=SERVER_LIMIT)) is Finding.DONE


def test_a_ledger_that_does_not_reach_back_far_enough_tells_nothing() -> None:
    assert judge(doubt(), looked(ledger=(entry(9, "-7"),), more=True, after=SERVER_LIMIT)) is Finding.OPEN
    whole = (entry(9, "-7"), entry(8, "-7", at=NOON - timedelta(days=1)))
    assert judge(doubt(), looked(ledger=whole, more=True, after=SERVER_LIMIT)) is Finding.NOT_DONE


def test_a_ledger_that_cannot_be_read_is_waited_for_and_then_an_operator_is_asked() -> None:
    patient = doubt(looks=ENOUGH_LOOKS)
    assert judge(patient, in_vain(PATIENCE - timedelta(seconds=1))) is Finding.OPEN
    assert judge(patient, in_vain(PATIENCE)) is Finding.UNSURE
    assert judge(doubt(looks=ENOUGH_LOOKS - 1), in_vain(2 * PATIENCE)) is Finding.OPEN
    assert judge(patient, in_vain(PATIENCE, tried=False)) is Finding.OPEN
    assert judge(patient, looked(after=PATIENCE)) is Finding.NOT_DONE


def test_a_member_who_may_not_act_for_the_account_any_more_tells_nothing_of_it() -> None:
    other = Looked(at=NOON + SERVER_LIMIT, member=member(account("other")), ledger=LedgerRead((), more=False))
    assert judge(doubt(), other) is Finding.OPEN


def test_without_what_was_there_before_nobody_can_tell() -> None:
    bare = PaymentRecord(command=OFFER, consented_in="t", at=NOON)
    assert judge(msgspec.structs.replace(doubt(), record=bare), looked(made(2))) is Finding.UNSURE


ENTRY = (entry(1, "1", at=NOON - timedelta(days=9)),)


@pytest.mark.parametrize(
    ("command", "pending", "accepted", "gone"),
    [
        (ACCEPT, looked(incoming=(ANSWERED,)), Finding.DONE, Finding.GONE),
        (DECLINE, looked(incoming=(ANSWERED,)), Finding.GONE, Finding.DONE),
        (CANCEL, looked(ANSWERED), Finding.GONE, Finding.DONE),
    ],
    ids=["accept", "decline", "cancel"],
)
def test_an_answer_is_told_by_whether_the_offer_still_waits_or_is_on_the_ledger(
    command: MoneyCommand, pending: Looked, accepted: Finding, gone: Finding
) -> None:
    assert judge(doubt(command), pending) is Finding.OPEN
    assert judge(doubt(command), msgspec.structs.replace(pending, at=NOON + SERVER_LIMIT)) is Finding.NOT_DONE
    assert judge(doubt(command), looked(ledger=ENTRY)) is accepted
    assert judge(doubt(command), msgspec.structs.replace(pending, ledger=LedgerRead(ENTRY, more=True))) is accepted
    assert judge(doubt(command), looked()) is gone


@pytest.mark.parametrize(
    ("reading", "at_once", "at_last"),
    [
        (looked(incoming=(ANSWERED, OLD)), Finding.OPEN, Finding.NOT_DONE),
        (looked(incoming=(OLD,), ledger=ENTRY), Finding.OPEN, Finding.DONE),
        (looked(ledger=ENTRY), Finding.DONE, Finding.DONE),
        (looked(), Finding.GONE, Finding.GONE),
    ],
)
def test_several_acceptances_are_done_as_far_as_they_went(reading: Looked, at_once: Finding, at_last: Finding) -> None:
    several = doubt(AcceptOffers(PHONE, ISSUER, (ANSWERED.id, OLD.id)))
    assert judge(several, reading) is at_once
    assert judge(several, msgspec.structs.replace(reading, at=NOON + SERVER_LIMIT)) is at_last


def test_a_recurring_payment_cannot_be_told_by_reading() -> None:
    command = SetUpRecurring(
        phone=PHONE, source=ISSUER, target=ISSUER, amount=OFFER.amount, every_days=7, start=NOON.date()
    )
    assert judge(doubt(command), looked()) is Finding.UNSURE


def test_after_an_answer_only_old_dashboards_are_waited_out() -> None:
    answered = doubt(ACCEPT, answered=True)
    assert judge(answered, looked(incoming=(ANSWERED,), after=CACHED - timedelta(seconds=1))) is Finding.OPEN
    assert judge(answered, looked(incoming=(ANSWERED,), after=CACHED)) is Finding.NOT_DONE


@pytest.mark.parametrize(
    ("reading", "at_once", "at_last"),
    [
        (looked(tier=3), Finding.DONE, Finding.DONE),
        (looked(tier=4), Finding.DONE, Finding.DONE),
        (looked(OLD), Finding.OPEN, Finding.NOT_DONE),
        (looked(made(2, "1")), Finding.OPEN, Finding.UNSURE),
        (looked(ledger=(entry(2, "-1", counterparty="Operator"),)), Finding.OPEN, Finding.UNSURE),
        (looked(ledger=(entry(2, "1"),)), Finding.OPEN, Finding.NOT_DONE),
        (looked(ledger=(entry(2, "-1", at=NOON - timedelta(days=1)),)), Finding.OPEN, Finding.NOT_DONE),
    ],
)
def test_an_upgrade_is_told_by_the_tier_and_a_charge_without_it_is_for_an_operator(
    reading: Looked, at_once: Finding, at_last: Finding
) -> None:
    assert judge(doubt(UPGRADE), reading) is at_once
    assert judge(doubt(UPGRADE), msgspec.structs.replace(reading, at=NOON + SERVER_LIMIT)) is at_last


def test_an_upgrade_of_a_member_who_had_the_tier_before_cannot_be_told() -> None:
    before = msgspec.structs.replace(BEFORE, tier=3)
    record = PaymentRecord(command=UPGRADE, consented_in="t", at=NOON, before=before)
    assert judge(msgspec.structs.replace(doubt(), record=record), looked(tier=3)) is Finding.UNSURE


def test_the_looks_grow_apart_and_eight_of_them_last_as_long_as_the_server_may() -> None:
    pauses = [pause(doubt(looks=number), 0) for number in range(12)]
    assert pauses == sorted(pauses)
    assert sum(pauses[:8], timedelta(0)) == SERVER_LIMIT


@given(st.integers(0, 2**64 - 1), st.integers(0, 99))
def test_looks_of_many_are_spread_by_their_seeds_a_little_and_never_earlier(seed: int, looks: int) -> None:
    earliest, this = pause(doubt(looks=looks), 0), pause(doubt(looks=looks), seed)
    assert earliest <= this < earliest * 1.125
    assert pause(doubt(looks=looks), 999) > earliest


@given(
    st.one_of(some.offer_commands, some.answer_commands, st.just(UPGRADE)),
    st.none() | some.members(at_least=1),
    st.none() | st.builds(LedgerRead, st.lists(some.ledger_entries, max_size=4).map(tuple), st.booleans()),
    st.integers(0, 10**5).map(lambda seconds: timedelta(seconds=seconds)),
    st.sampled_from([CACHED, SERVER_LIMIT]),
)
def test_no_reading_calls_a_payment_not_done_while_it_may_still_come(
    command: MoneyCommand, read: Member | None, ledger: LedgerRead | None, waited: timedelta, limit: timedelta
) -> None:
    theirs = BEFORE if read is None else msgspec.structs.replace(BEFORE, account=read.accounts[0].id)
    record = PaymentRecord(command=command, consented_in="t", at=NOON, before=theirs)
    question = msgspec.structs.replace(doubt(answered=limit == CACHED, looks=ENOUGH_LOOKS), record=record)
    finding = judge(question, Looked(at=NOON + waited, member=read, ledger=ledger))
    assert finding is not Finding.NOT_DONE or waited >= limit
    if read is None or ledger is None:
        assert finding is (Finding.UNSURE if waited >= PATIENCE else Finding.OPEN)
