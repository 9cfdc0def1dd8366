"""The verdict sees what it is there to see: each promise broken on purpose, one at a time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from actors import audit, effects
from actors.audit import Facts as Told
from actors.audit import Step
from actors.effects import Say
from actors.payments import Finding, PaymentRecord, PaymentState
from channels.message import OutboundMessage, Peer
from credex.commands import AcceptOffer, AcceptOffers, CancelOffer, DeclineOffer, MoneyCommand, OfferCredex, UpgradeTier
from credex.model import AccountId, OfferId, Phone
from credex.money import Denomination, Money
from credex.simulator.records import CredexState
from runtime.address import Address
from runtime.store import AuditEntry, DeadLetter, Owed, Payment, Seen
from tests.crash import verdict_money
from tests.crash.facts import Facts, Given
from tests.crash.people import Saying
from tests.crash.provider import Sent
from tests.crash.verdict import OVERDUE, violations

ANNA = "263770100001"
ADDRESS = Address(f"member:{ANNA}")
NOW = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)
OFFER = OfferCredex(
    phone=Phone(ANNA),
    issuer=AccountId("a"),
    receiver=AccountId("b"),
    amount=Money(Decimal("0.07"), Denomination.USD),
)
GIVEN = Given("c1", "a", "b", "0.07", "USD", CredexState.OFFERS)


def sent(id_: str, tried: int, answered: int | None, text: str = "hi", delivery: int = 0) -> Sent:
    return Sent(id_, ANNA, Saying(text), {}, tried, answered, delivery or tried)


def payment(id_: str, state: PaymentState, command: MoneyCommand = OFFER, *, ended: str = "") -> Payment:
    record = PaymentRecord(command=command, consented_in="t", at=NOW, ended=ended)
    return Payment(id=id_, address=ADDRESS, state=state, body=msgspec.msgpack.encode(record))


def consent(payment_id: str, tap: str = "m2", command: MoneyCommand = OFFER) -> AuditEntry:
    told = Told(payment=payment_id, command=command, turn="t", tap=tap)
    return audit.entry(Step.CONSENTED, told, address=ADDRESS, at=NOW)


WELL = Facts(
    now=NOW,
    sent=[sent("m1", 1, 2), sent("m2", 3, 4, "Sign and Send"), sent("m3", 5, 6)],
    history={ANNA: [Seen("m1", 10, 1), Seen("m2", 11, 2), Seen("m3", 12, 4)]},
    payments=[payment("p1", PaymentState.DONE)],
    trail=[consent("p1")],
    owed=[],
    dead=[],
    ledger=[GIVEN],
    references=[f"{ADDRESS}/1#0", f"{ADDRESS}/3#0", f"{ADDRESS}/4#1"],
    operator="ops",
)


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert violations(WELL) == []


SEEN = WELL.history[ANNA]
ACCEPT = AcceptOffer(phone=Phone(ANNA), offer=OfferId("c1"))
ACCEPT_ALL = AcceptOffers(Phone(ANNA), AccountId("a1"), (OfferId("c1"), OfferId("c2")))


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (replace(WELL, sent=[*WELL.sent, sent("m4", 7, None)]), "never answered with 200: m4"),
        (replace(WELL, sent=[*WELL.sent, sent("m4", 7, 8)]), "lost: m4 was answered with 200 and is not stored"),
        (replace(WELL, history={ANNA: [*SEEN[:2], Seen("m3", 12, None)]}), "lost: m3 .* never applied"),
        (replace(WELL, history={ANNA: [*SEEN, Seen("m3", 13, 5)]}), "accepted twice: m3"),
        (replace(WELL, history={ANNA: [*SEEN[:2], Seen("m3", 12, 2)]}), "two messages in one turn"),
        (replace(WELL, history={ANNA: [Seen("m1", 10, 2), Seen("m2", 11, 1), SEEN[2]]}), "m2 .* applied before m1"),
        (replace(WELL, history={ANNA: [Seen("m2", 10, 1), Seen("m1", 11, 2), SEEN[2]]}), "m2 was accepted before m1"),
        (replace(WELL, references=WELL.references[:2]), "silent: .* no answer to m3"),
        (replace(WELL, references=WELL.references[1:]), "silent: .* no answer to m1"),
        (replace(WELL, ledger=[GIVEN, msgspec.structs.replace(GIVEN, id="c2")]), "duplicate: 2 offers, 0.07 USD"),
        (replace(WELL, payments=[], trail=[]), "phantom: the ledger has an offer that no payment made"),
        (replace(WELL, payments=[payment("p1", PaymentState.REFUSED)]), "phantom: the ledger has an offer"),
        (replace(WELL, ledger=[]), "untrue: said to be made, and not in the ledger"),
        (
            replace(WELL, ledger=[msgspec.structs.replace(GIVEN, state=CredexState.OWES)]),
            "phantom: c1 is OWES, and nobody's payment did that",
        ),
        (
            replace(
                WELL,
                payments=[*WELL.payments, payment("p2", PaymentState.SETTLED, ACCEPT, ended=Finding.DONE)],
                trail=[*WELL.trail, consent("p2", "m3", ACCEPT)],
                sent=[*WELL.sent[:2], sent("m3", 5, 6, "Yes, Accept")],
            ),
            "untrue: c1 is OFFERS, though AcceptOffer is said to be done",
        ),
        (
            replace(
                WELL,
                payments=[*WELL.payments, payment("p2", PaymentState.DONE, ACCEPT_ALL)],
                trail=[*WELL.trail, consent("p2", "m3", ACCEPT_ALL)],
                sent=[*WELL.sent[:2], sent("m3", 5, 6, "Yes, Accept All")],
            ),
            "untrue: none of c1, c2 is accepted",
        ),
        (replace(WELL, trail=[consent("p1", "m1")]), "no consent: p1 stands on m1"),
        (replace(WELL, trail=[*WELL.trail, consent("p2")]), "signed once, paid twice: m2"),
        (replace(WELL, trail=[]), "no trail: p1"),
        (
            replace(WELL, payments=[payment("p1", PaymentState.UNKNOWN)], now=NOW + OVERDUE + timedelta(seconds=1)),
            "left open: p1 is unknown",
        ),
        (
            replace(
                WELL,
                owed=[
                    Owed(
                        id="e1",
                        lane="l",
                        body=effects.encode(Say(Peer("whatsapp", "1", ANNA), OutboundMessage(text="Good day."))),
                    )
                ],
            ),
            "left undone: e1",
        ),
        (
            replace(WELL, dead=[DeadLetter(id="m9", address=ADDRESS, at=NOW, cause="ValueError", body=b"")]),
            "given up: m9, ValueError",
        ),
    ],
)
def test_a_broken_promise_is_found(wrong: Facts, what: str) -> None:
    with pytest.raises(AssertionError, match=what):
        assert not violations(wrong), "\n".join(violations(wrong))


def test_one_signature_may_have_accepted_some_of_several() -> None:
    accepted = replace(
        WELL,
        ledger=[msgspec.structs.replace(GIVEN, state=CredexState.OWES)],
        payments=[*WELL.payments, payment("p2", PaymentState.DONE, ACCEPT_ALL)],
        trail=[*WELL.trail, consent("p2", "m3", ACCEPT_ALL)],
        sent=[*WELL.sent[:2], sent("m3", 5, 6, "Yes, Accept All")],
    )
    assert violations(accepted) == []


def declined_unread(*, settled: datetime, **change: object) -> Facts:
    """An offer that was declined at ``NOW``, and whose payment was settled as not done at some time."""
    given = msgspec.structs.replace(GIVEN, state=CredexState.DECLINED, times={"made": NOW, "declined": NOW})
    told = Told(payment="p1", command=OFFER, turn="t", ended=Finding.NOT_DONE)
    decline = DeclineOffer(phone=Phone(ANNA), offer=OfferId("c1"))
    facts = replace(
        WELL,
        payments=[
            payment("p1", PaymentState.SETTLED, ended=Finding.NOT_DONE),
            payment("p2", PaymentState.DONE, decline),
        ],
        trail=[
            consent("p1"),
            consent("p2", "m3", decline),
            audit.entry(Step.SETTLED, told, address=ADDRESS, at=settled),
        ],
        sent=[*WELL.sent[:2], sent("m3", 5, 6, "Yes, Decline")],
        ledger=[given],
    )
    return replace(facts, **change)  # type: ignore[arg-type]


def test_an_offer_declined_before_anybody_read_of_it_may_be_told_as_not_made() -> None:
    facts = declined_unread(settled=NOW + timedelta(minutes=2))
    assert violations(facts) == []
    assert verdict_money.declined_unread(facts).total() == 1


def test_an_offer_declined_after_it_was_told_as_not_made_came_too_late() -> None:
    [told] = violations(declined_unread(settled=NOW - timedelta(seconds=1)))
    assert told.startswith("phantom: the ledger has an offer that no payment made, 0.07 USD from a to b")


@pytest.mark.parametrize("state", [CredexState.OFFERS, CredexState.OWES, CredexState.CANCELLED])
def test_an_offer_that_can_be_read_may_not_be_told_as_not_made(state: CredexState) -> None:
    standing = msgspec.structs.replace(GIVEN, state=state, times={"made": NOW})
    told = violations(declined_unread(settled=NOW + timedelta(minutes=2), ledger=[standing]))
    assert any(one.startswith("phantom: the ledger has an offer that no payment made") for one in told)


def test_an_offer_signed_again_after_that_is_no_duplicate_and_two_that_stand_are() -> None:
    before = declined_unread(settled=NOW + timedelta(minutes=2))
    once_more = replace(
        before,
        payments=[*before.payments, payment("p3", PaymentState.DONE)],
        trail=[*before.trail, consent("p3", "m4")],
        sent=[*before.sent, sent("m4", 7, 8, "Sign and Send")],
        history={ANNA: [*SEEN, Seen("m4", 13, 5)]},
        references=[*WELL.references, f"{ADDRESS}/5#0"],
        ledger=[*before.ledger, msgspec.structs.replace(GIVEN, id="c2")],
    )
    assert violations(once_more) == []
    third = msgspec.structs.replace(GIVEN, id="c3")
    duplicate, phantom = violations(replace(once_more, ledger=[*once_more.ledger, third]))
    assert duplicate.startswith("duplicate: 3 offers, 0.07 USD")
    assert phantom.startswith("phantom: ")


def test_one_payment_accounts_for_one_offer_that_was_declined_unread() -> None:
    before = declined_unread(settled=NOW + timedelta(minutes=2))
    [once] = before.ledger
    told = violations(replace(before, ledger=[once, msgspec.structs.replace(once, id="c2")]))
    assert told[0].startswith("phantom: the ledger has an offer that no payment made, 0.07 USD from a to b")


def test_a_phantom_is_told_with_all_that_is_known_of_it() -> None:
    [told] = violations(declined_unread(settled=NOW - timedelta(seconds=1)))
    for part in (
        "ledger: c1 is DECLINED: made 12:00:00.000000, declined 12:00:00.000000",
        " done, signed at 12:00:00.000000: decline offer c1",
        " settled not done, signed at 12:00:00.000000: offer 0.07 USD, secured, from a to b",
        "trail: 11:59:59.000000 settled not done",
        "trail: 12:00:00.000000 consented",
    ):
        assert f"{part}\n" in f"{told}\n", told


UPGRADE = UpgradeTier(phone=Phone(ANNA), account=AccountId("a"))
CHARGE = Given("c9", "a", "ops", "1", "USD", CredexState.OWES)


def upgraded(state: PaymentState, *charges: Given, ended: str = "") -> Facts:
    return replace(
        WELL,
        payments=[*WELL.payments, payment("p2", state, UPGRADE, ended=ended)],
        trail=[*WELL.trail, consent("p2", "m3", UPGRADE)],
        sent=[*WELL.sent[:2], sent("m3", 5, 6, "Sign and Pay")],
        ledger=[GIVEN, *charges],
    )


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (upgraded(PaymentState.DONE, CHARGE), ""),
        (upgraded(PaymentState.SETTLED, CHARGE, ended=Finding.DONE), ""),
        (upgraded(PaymentState.SETTLED, ended=Finding.NOT_DONE), ""),
        (upgraded(PaymentState.PARKED, CHARGE), ""),
        (upgraded(PaymentState.PARKED), ""),
        (upgraded(PaymentState.DONE), "untrue: a was charged 0 times for an upgrade, 1 payments say so"),
        (
            upgraded(PaymentState.SETTLED, CHARGE, ended=Finding.NOT_DONE),
            "phantom: a was charged 1 times for an upgrade, 0 payments say so",
        ),
        (
            upgraded(PaymentState.DONE, CHARGE, msgspec.structs.replace(CHARGE, id="c10")),
            "phantom: a was charged 2 times for an upgrade, 1 payments say so",
        ),
    ],
)
def test_a_charge_for_an_upgrade_is_what_its_payment_says(facts: Facts, told: str) -> None:
    assert "\n".join(violations(facts)) == told


@pytest.mark.parametrize("ledger", [[], [GIVEN]])
def test_a_payment_that_is_still_looked_into_may_have_been_made_or_not(ledger: list[Given]) -> None:
    open_one = replace(WELL, payments=[payment("p1", PaymentState.UNKNOWN)], ledger=ledger)
    assert violations(open_one) == []


def test_messages_under_way_together_may_be_accepted_in_any_order() -> None:
    crossed = [sent("m1", 1, 4), sent("m2", 2, 3, "Sign and Send"), WELL.sent[2]]
    history = {ANNA: [Seen("m2", 10, 1), Seen("m1", 11, 2), SEEN[2]]}
    assert violations(replace(WELL, sent=crossed, history=history)) == []


@pytest.mark.parametrize(
    ("state", "ended", "well"),
    [(PaymentState.SETTLED, Finding.DONE, True), (PaymentState.DONE, "OfferDeclined", False)],
)
def test_what_was_read_as_no_longer_open_may_be_cancelled_or_declined_but_an_answer_is_taken_by_its_word(
    state: PaymentState,
    ended: str,
    well: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    decline = DeclineOffer(phone=Phone(ANNA), offer=OfferId("c1"))
    cancel = CancelOffer(phone=Phone(ANNA), offer=OfferId("c1"))
    both = replace(
        WELL,
        payments=[*WELL.payments, payment("p2", PaymentState.DONE, cancel), payment("p3", state, decline, ended=ended)],
        trail=[*WELL.trail, consent("p2", "m1", cancel), consent("p3", "m3", decline)],
        sent=[sent("m1", 1, 2, "Yes, Cancel Offer"), WELL.sent[1], sent("m3", 5, 6, "Yes, Decline")],
        ledger=[msgspec.structs.replace(GIVEN, state=CredexState.CANCELLED)],
    )
    assert (violations(both) == []) is well


def test_an_unsecured_offer_is_matched_by_what_it_moves() -> None:
    later = msgspec.structs.replace(OFFER, due=date(2031, 6, 1))
    assert violations(replace(WELL, payments=[payment("p1", PaymentState.DONE, later)])) == []
