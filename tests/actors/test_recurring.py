"""Recurring payments as the member actor has them: remembered once set up, known to every conversation, or off."""

from datetime import date

import msgspec
import pytest

from actors import effects
from actors.dialogs.changes import ConfirmingChange, SubmittingChange
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.doubts import Doubting
from actors.dialogs.opening import AskingAccountName
from actors.dialogs.recurring_list import ReadingRecurring
from actors.dialogs.recurring_signing import SigningRecurring, SubmittingRecurring
from actors.dialogs.states import AnyState, Position, visit_of
from actors.dialogs.visit import Kept, Visit
from actors.effects import Ask
from actors.features import Features
from actors.member import MemberBehaviour, address_of, envelope_of
from actors.payments import Before
from actors.recurring import MOST, remembered
from actors.remembered import MemberSnapshot, Place
from channels.message import InboundMessage, Peer, Text
from credex.commands import AuthorizeMember, CancelRecurring, Command, ReadRecurring, SetUpRecurring
from credex.model import MemberId, MemberName, Recurring, RecurringId
from credex.outcomes import (
    MemberAuthorized,
    Outcome,
    RecurringCancelled,
    RecurringRead,
    RecurringSetUp,
    Refusal,
    Refused,
)
from runtime.envelope import Answer, Envelope
from runtime.turn import Decision, Turn
from tests.actors.dialogs.people import NOON, PHONE, RUDO, account, member, usd

ON, OFF = Features(recurring_payments=True), Features()
PEER = Peer("whatsapp", "line-1", PHONE)
ADDRESS = address_of(PEER)
COMMAND = SetUpRecurring(
    phone=PHONE, source=account().id, target=RUDO.id, amount=usd("5"), every_days=7, start=date(2026, 3, 5)
)
VISIT = Visit(phone=PHONE, member=member(account(), tier=4), account_id=account().id, seen=NOON, recurring=())
KEPT = Kept(RecurringId("rec-1"), account().id, "Rudo Ncube Personal (@rudo)")
HELPER = MemberName(MemberId("member-2"), "Rudo Ncube", "rudo")
AUTHORIZE = AuthorizeMember(PHONE, account().id, "rudo")


def recurring(number: int = 1, status: str = "ACTIVE") -> Recurring:
    return Recurring(
        id=RecurringId(f"rec-{number}"),
        amount=usd("5"),
        every_days=7,
        next_run=date(2026, 3, 5),
        status=status,
        source=account().id,
        target=RUDO.id,
    )


def at(state: AnyState, *kept: Kept, asked: str = "") -> bytes:
    position = Position(state=state, screen="", touched=NOON, asked=asked)
    return msgspec.msgpack.encode(MemberSnapshot({"whatsapp": Place(PEER, position)}, recurring=kept))


def says(text: str) -> Envelope:
    return envelope_of(InboundMessage(id="in-1", peer=PEER, at=NOON, content=Text(text)), accepted_at=NOON)


def answer(command: Command, outcome: Outcome | None, before: Before | None = None) -> Answer:
    asked = Ask(PEER, command, f"{ADDRESS}/6", NOON, before)
    return Answer(f"{ADDRESS}/6#0", effects.encode(asked), outcome, "")


def take(snapshot: bytes, mail: Envelope | Answer, features: Features = ON) -> Decision:
    return MemberBehaviour(features=features).receive(
        ADDRESS, snapshot, mail, Turn(id=f"{ADDRESS}/7", now=NOON, seed=7)
    )


def after(decision: Decision) -> MemberSnapshot:
    return msgspec.msgpack.decode(decision.snapshot, type=MemberSnapshot)


def known(decision: Decision) -> tuple[Kept, ...] | None:
    visit = visit_of(after(decision).places["whatsapp"].position.state)
    assert visit is not None
    return visit.recurring


def test_one_that_was_set_up_is_remembered_with_its_receiver_and_known_from_the_next_turn_on() -> None:
    submitting = SubmittingRecurring(VISIT, COMMAND, RUDO)
    snapshot = at(submitting, asked=f"{ADDRESS}/6")
    decision = take(snapshot, answer(COMMAND, RecurringSetUp(recurring()), submitting.before))
    assert after(decision).recurring == (KEPT,)
    assert [payment.state for payment in decision.payments] == ["done"]
    assert known(take(decision.snapshot, says("what?"))) == (KEPT,)


def test_it_is_remembered_although_nobody_waits_for_it_any_more() -> None:
    decision = take(at(AtDashboard(VISIT)), answer(COMMAND, RecurringSetUp(recurring())))
    assert [kept.id for kept in after(decision).recurring] == ["rec-1"]


@pytest.mark.parametrize(
    ("command", "outcome"),
    [
        (CancelRecurring(PHONE, KEPT.id), RecurringCancelled(KEPT.id)),
        (ReadRecurring(PHONE, KEPT.account, KEPT.id), RecurringRead(recurring(status="CANCELLED"))),
    ],
)
def test_one_that_has_ended_is_forgotten(command: Command, outcome: Outcome) -> None:
    assert after(take(at(AtDashboard(VISIT), KEPT), answer(command, outcome))).recurring == ()


def test_one_that_goes_on_stays_remembered() -> None:
    read = answer(ReadRecurring(PHONE, KEPT.account, KEPT.id), RecurringRead(recurring()))
    state = ReadingRecurring(VISIT, 0, (KEPT,))
    assert after(take(at(state, KEPT, asked=f"{ADDRESS}/6"), read)).recurring == (KEPT,)


def test_the_oldest_are_forgotten_first() -> None:
    kept: tuple[Kept, ...] = ()
    for number in range(MOST + 2):
        kept = remembered(kept, Ask(PEER, COMMAND, "t", NOON), RecurringSetUp(recurring(number)))
    assert len(kept) == MOST
    assert kept[0].id == "rec-2"


def test_where_they_are_off_conversations_know_of_none_and_nothing_is_forgotten() -> None:
    decision = take(at(AtDashboard(VISIT), KEPT), says("what?"), OFF)
    assert known(decision) is None
    assert after(decision).recurring == (KEPT,)


def test_one_that_was_about_to_be_signed_when_they_were_switched_off_is_not_sent() -> None:
    decision = take(at(SigningRecurring(VISIT, COMMAND, RUDO)), says("yes"), OFF)
    assert decision.payments == ()
    assert isinstance(after(decision).places["whatsapp"].position.state, AtDashboard)


def test_a_word_in_doubt_keeps_what_is_known() -> None:
    decision = take(at(Doubting("Hey", AskingAccountName(VISIT)), KEPT), says("help"))
    assert known(decision) == (KEPT,)


def test_the_log_line_of_a_consent_names_the_kind_of_change_and_nobody() -> None:
    confirming = ConfirmingChange(VISIT, AUTHORIZE, HELPER)
    consented = take(at(confirming), says("yes"))
    assert consented.note["asks"] == "AuthorizeMember"
    assert (consented.note["from"], consented.note["to"]) == ("ConfirmingChange", "SubmittingChange")
    submitting = SubmittingChange(VISIT, AUTHORIZE, HELPER)
    done = answer(AUTHORIZE, MemberAuthorized(account().id, HELPER.id))
    ended = take(at(submitting, asked=f"{ADDRESS}/6"), done)
    assert ended.note["trigger"] == "MemberAuthorized"
    assert "rudo" not in str((consented.note, ended.note)).casefold()


def test_a_change_whose_performing_broke_down_may_have_been_made() -> None:
    submitting = at(SubmittingChange(VISIT, AUTHORIZE, HELPER), asked=f"{ADDRESS}/6")
    assert take(submitting, answer(AUTHORIZE, None)).note["to"] == "FindingOutChange"
    refused = take(submitting, answer(AUTHORIZE, Refused(Refusal.FULL, "")))
    assert refused.note["to"] == "AtDashboard"
