"""The member actor, turn by turn and pure: what is remembered, what is owed, and which record money leaves."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors import effects
from actors.audit import digest, facts_of
from actors.bookkeeping import BLOCKS_FOR, Paying
from actors.dialogs import texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.entry import LoggingIn
from actors.dialogs.outside import Outside
from actors.dialogs.settling import Settlement, news
from actors.dialogs.signing import SettlingOffer, SigningOffer, SubmittingOffer
from actors.dialogs.states import Position
from actors.dialogs.texting import code_of
from actors.dialogs.upgrading import SigningUpgrade
from actors.dialogs.visit import Visit
from actors.dialogs.words import brief
from actors.effects import Ask, LookInto, Say
from actors.member import MemberBehaviour, address_of, envelope_of, phone_of
from actors.payments import Before, Finding, PaymentRecord, PaymentState, reference
from actors.remembered import MemberSnapshot, Place
from actors.settlement import CACHED, SERVER_LIMIT, Doubt, Looked, pause
from channels.message import Content, IdentityChanged, InboundMessage, Notice, OutboundMessage, Peer, Tap, Text
from credex.commands import (
    AcceptOffer,
    CancelOffer,
    Command,
    DeclineOffer,
    Login,
    MoneyCommand,
    OfferCredex,
    UpgradeTier,
)
from credex.model import LedgerEntry, OfferId
from credex.outcomes import (
    LedgerRead,
    LoggedIn,
    NotAMember,
    OfferMade,
    Onboarded,
    Outcome,
    Refusal,
    Refused,
    TierUpgraded,
    Unavailable,
    Unclear,
)
from runtime.address import Address
from runtime.envelope import Answer, Envelope
from runtime.store import Payment
from runtime.turn import Decision, Turn
from tests.actors.dialogs import strategies as some
from tests.actors.dialogs.people import NOON, PHONE, RUDO, account, member, offers, usd

ADDRESS = Address(f"member:{PHONE}")
WHATSAPP = Peer("whatsapp", "line-1", PHONE)
SMS = Peer("sms", "12345", PHONE)
SENT_IN = f"{ADDRESS}/6"
VISIT = Visit(phone=PHONE, member=member(account()), account_id=account().id, seen=NOON)
OFFER = OfferCredex(phone=PHONE, issuer=account().id, receiver=RUDO.id, amount=usd("12.30"))
SUBMITTING = Position(state=SubmittingOffer(VISIT, OFFER, RUDO), screen="", touched=NOON, asked=SENT_IN)
OUTSIDE = Position(state=Outside(), screen="", touched=NOON)
DASHBOARD = Position(state=AtDashboard(VISIT), screen="abcd1234", touched=NOON)

T = TypeVar("T")
Take = Callable[[bytes | None, Envelope | Answer], Decision]


def turn(number: int = 7) -> Turn:
    return Turn(id=f"{ADDRESS}/{number}", now=NOON, seed=number)


def stored(*places: tuple[Peer, Position]) -> bytes:
    snapshot = MemberSnapshot({peer.channel: Place(peer, position) for peer, position in places})
    return msgspec.msgpack.encode(snapshot)


def places(decision: Decision) -> dict[str, Place]:
    return msgspec.msgpack.decode(decision.snapshot, type=MemberSnapshot).places


def mail(content: Content, peer: Peer = WHATSAPP) -> Envelope:
    message = InboundMessage(id="in-1", peer=peer, at=NOON, content=content)
    return envelope_of(message, accepted_at=NOON + timedelta(seconds=1))


def answer(body: object | None, *, to: Command, asked_in: str = SENT_IN, cause: str = "") -> Answer:
    return Answer(f"{asked_in}#0", effects.encode(Ask(WHATSAPP, to, asked_in, NOON)), body, cause)


def receive(snapshot: bytes | None, what: Envelope | Answer, *, address: Address = ADDRESS) -> Decision:
    return MemberBehaviour().receive(address, snapshot, what, turn())


def give_up(snapshot: bytes | None, what: Envelope | Answer) -> Decision:
    return MemberBehaviour().give_up(ADDRESS, snapshot, what, turn())


def said(decision: Decision) -> str:
    return "\n---\n".join(each.message.text for each in _owed(decision, Say))


def _owed(decision: Decision, kind: type[T]) -> list[T]:
    return [effect for effect in map(effects.decode, (owed.body for owed in decision.owes)) if isinstance(effect, kind)]


def ended(decision: Decision) -> tuple[Payment, PaymentRecord]:
    [payment] = decision.payments
    return payment, msgspec.msgpack.decode(payment.body, type=PaymentRecord)


def test_a_message_travels_to_the_actor_of_its_sender_under_its_own_id() -> None:
    message = InboundMessage(id="wamid.1", peer=WHATSAPP, at=NOON, content=Tap("s.key", "Label"))
    envelope = envelope_of(message, accepted_at=NOON + timedelta(seconds=2))
    assert (envelope.id, envelope.address) == ("wamid.1", "member:263770000001")
    assert envelope.accepted_at == NOON + timedelta(seconds=2)
    assert msgspec.msgpack.decode(envelope.body, type=InboundMessage) == message


def test_one_number_is_one_actor_whatever_the_channel() -> None:
    assert address_of(WHATSAPP) == address_of(SMS) == ADDRESS
    assert phone_of(ADDRESS) == PHONE


@pytest.mark.parametrize("name", ["ZW.8842017735501942", "263 77", "", "\u0662\u0666\u0663"])
def test_an_address_that_holds_no_number_has_no_phone(name: str) -> None:
    assert phone_of(Address(f"member:{name}")) is None


def test_somebody_whose_number_is_hidden_is_asked_for_it_and_credex_core_is_not_asked() -> None:
    peer = Peer("whatsapp", "line-1", "ZW.8842017735501942")
    decision = receive(None, mail(Text("hi"), peer), address=address_of(peer))
    assert said(decision) == texts.NEED_NUMBER
    assert _owed(decision, Ask) == []
    assert isinstance(places(decision)["whatsapp"].position.state, Outside)


def test_the_first_word_of_a_member_is_greeted_and_logged_in() -> None:
    decision = receive(None, mail(Text("hi")))
    assert [(owed.id, owed.lane) for owed in decision.owes] == [
        (f"{ADDRESS}/7#0", "say:whatsapp"),
        (f"{ADDRESS}/7#1", "ask"),
    ]
    assert _owed(decision, Ask) == [Ask(WHATSAPP, Login(PHONE), f"{ADDRESS}/7", turn().now)]
    assert decision.payments == ()
    assert places(decision)["whatsapp"].position.asked == f"{ADDRESS}/7"


def test_the_log_line_of_a_turn_names_states_and_kinds_and_nothing_said() -> None:
    decision = receive(None, mail(Text("hi, my name is Tariro")))
    assert decision.note == {
        "channel": "whatsapp",
        "trigger": "Text",
        "from": "-",
        "to": "LoggingIn",
        "asks": "Login",
    }


def test_the_snapshot_holds_neither_what_was_typed_nor_what_was_said() -> None:
    decision = receive(None, mail(Text("hello there, my friend")))
    assert b"friend" not in decision.snapshot
    assert b"credex" not in decision.snapshot.lower()


@given(some.positions(), some.positions())
def test_a_snapshot_comes_back_as_it_was_stored(one: Position, other: Position) -> None:
    snapshot = MemberSnapshot({"whatsapp": Place(WHATSAPP, one), "sms": Place(SMS, other)})
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(snapshot), type=MemberSnapshot) == snapshot


@given(st.data())
def test_what_a_turn_owes_is_numbered_in_order_and_money_has_its_record(data: st.DataObject) -> None:
    position = data.draw(some.positions())
    message = data.draw(some.said(position))
    snapshot = stored((message.peer, position))
    decision = receive(snapshot, envelope_of(message, accepted_at=NOON))
    assert [owed.id for owed in decision.owes] == [f"{ADDRESS}/7#{number}" for number in range(len(decision.owes))]
    told = [effects.decode(owed.body) for owed in decision.owes]
    for owed, effect in zip(decision.owes, told, strict=True):
        assert effect.peer == message.peer
        assert owed.lane == ("ask" if isinstance(effect, Ask) else f"say:{message.peer.channel}")
    money = {
        owed.id: effect.command
        for owed, effect in zip(decision.owes, told, strict=True)
        if isinstance(effect, Ask) and isinstance(effect.command, MoneyCommand)
    }
    assert {payment.id: _intent(payment) for payment in decision.payments} == money
    assert sum(isinstance(effect, Ask) for effect in told) <= 1


def _intent(payment: Payment) -> MoneyCommand:
    assert (payment.state, payment.address) == (PaymentState.INTENT, ADDRESS)
    record = msgspec.msgpack.decode(payment.body, type=PaymentRecord)
    assert (record.consented_in, record.ended) == (f"{ADDRESS}/7", "")
    return record.command


def test_the_tap_that_consents_leaves_the_intent_to_send_the_very_command_that_was_shown() -> None:
    signing = Position(state=SigningOffer(VISIT, OFFER, RUDO), screen="abcd1234", touched=NOON)
    decision = receive(stored((WHATSAPP, signing)), mail(Tap("abcd1234.confirm", "Sign and Send")))
    [asked] = [owed for owed in decision.owes if owed.lane == "ask"]
    before = Before(account=OFFER.issuer, counterparty=RUDO.name, tier=1)
    assert effects.decode(asked.body) == Ask(WHATSAPP, OFFER, f"{ADDRESS}/7", turn().now, before)
    [payment] = decision.payments
    assert (payment.id, _intent(payment)) == (asked.id, OFFER)


def test_each_channel_keeps_its_own_place() -> None:
    decision = receive(stored((WHATSAPP, DASHBOARD)), mail(Text("hi"), SMS))
    assert places(decision)["whatsapp"] == Place(WHATSAPP, DASHBOARD)
    assert isinstance(places(decision)["sms"].position.state, LoggingIn)
    assert {owed.lane for owed in decision.owes} == {"ask"}, "a greeting by itself is too dear"


def test_a_number_that_changed_hands_is_forgotten_on_every_channel_and_told_nothing() -> None:
    decision = receive(stored((WHATSAPP, DASHBOARD), (SMS, DASHBOARD)), mail(IdentityChanged("number")))
    assert decision.owes == ()
    assert places(decision) == {"whatsapp": Place(WHATSAPP, OUTSIDE), "sms": Place(SMS, OUTSIDE)}


def test_a_member_who_writes_from_another_line_of_ours_is_answered_there() -> None:
    moved = Peer("whatsapp", "line-2", PHONE)
    decision = receive(stored((WHATSAPP, DASHBOARD)), mail(Text("help"), moved))
    assert places(decision)["whatsapp"].peer == moved
    assert [say.peer for say in _owed(decision, Say)] == [moved]


def test_an_outcome_finds_the_state_that_waits_for_it_and_ends_its_payment() -> None:
    decision = receive(stored((WHATSAPP, SUBMITTING)), answer(OfferMade(OfferId("offer-1"), account()), to=OFFER))
    assert "You offered 12.30 USD" in said(decision)
    payment, record = ended(decision)
    assert (payment.id, payment.address, payment.state) == (f"{SENT_IN}#0", ADDRESS, PaymentState.DONE)
    assert record == PaymentRecord(command=OFFER, consented_in=SENT_IN, at=NOON, ended="OfferMade")


def test_an_outcome_without_money_leaves_no_payment() -> None:
    waiting = Position(state=LoggingIn(phone=PHONE), screen="", touched=NOON, asked=SENT_IN)
    decision = receive(stored((WHATSAPP, waiting)), answer(LoggedIn(member()), to=Login(PHONE)))
    assert decision.payments == ()
    assert isinstance(places(decision)["whatsapp"].position.state, AtDashboard)
    assert decision.note["trigger"] == "LoggedIn"


def test_money_news_that_comes_too_late_is_told_where_the_member_is_now_and_ends_its_payment() -> None:
    late = answer(OfferMade(OfferId("offer-1"), None), to=OFFER)
    decision = receive(stored((WHATSAPP, DASHBOARD)), late)
    assert said(decision).startswith(texts.LATE_OFFER_MADE)
    assert isinstance(places(decision)["whatsapp"].position.state, AtDashboard)
    assert ended(decision)[0].state == PaymentState.DONE


def test_an_outcome_of_an_earlier_command_does_not_answer_the_later_one() -> None:
    earlier = answer(Refused(Refusal.NO_COVER, "No."), to=OFFER, asked_in=f"{ADDRESS}/2")
    decision = receive(stored((WHATSAPP, SUBMITTING)), earlier)
    assert places(decision)["whatsapp"].position == msgspec.structs.replace(SUBMITTING, touched=NOON)
    assert said(decision) == ""
    payment, _ = ended(decision)
    assert (payment.id, payment.state) == (f"{ADDRESS}/2#0", PaymentState.REFUSED)


@pytest.mark.parametrize("snapshot", [None, stored((SMS, DASHBOARD))], ids=["no snapshot", "another channel"])
def test_an_outcome_nobody_waits_for_changes_nothing_but_ends_its_payment(snapshot: bytes | None) -> None:
    decision = receive(snapshot, answer(OfferMade(OfferId("offer-1"), None), to=OFFER))
    assert decision.owes == ()
    assert decision.snapshot == (snapshot or stored())
    payment, record = ended(decision)
    assert (payment.state, record.ended) == (PaymentState.DONE, "OfferMade")


def overdue(to: Command, passed: int = 2) -> Answer:
    return msgspec.structs.replace(answer(None, to=to), final=False, passed=passed)


def test_an_outcome_that_takes_long_is_told_of_and_still_waited_for() -> None:
    decision = receive(stored((WHATSAPP, SUBMITTING)), overdue(OFFER))
    assert said(decision) == texts.SLOW_SIGNED
    assert places(decision)["whatsapp"].position == msgspec.structs.replace(SUBMITTING, told=2)
    assert (decision.payments, decision.audit, decision.note["trigger"]) == ((), (), "slow")


def test_that_a_call_takes_a_moment_is_told_once_even_if_it_is_begun_again_after_a_crash() -> None:
    decision = receive(stored((WHATSAPP, SUBMITTING)), overdue(OFFER, passed=1))
    assert texts.SENDING_OFFER in said(decision)
    assert said(receive(decision.snapshot, overdue(OFFER, passed=1))) == ""
    assert said(receive(decision.snapshot, overdue(OFFER, passed=2))) == texts.SLOW_SIGNED


@pytest.mark.parametrize("snapshot", [None, stored((SMS, SUBMITTING)), stored((WHATSAPP, DASHBOARD))])
def test_that_an_outcome_takes_long_is_not_told_where_nobody_waits_for_it(snapshot: bytes | None) -> None:
    decision = receive(snapshot, overdue(OFFER))
    assert (decision.owes, decision.payments) == ((), ())


def test_that_an_outcome_takes_long_is_given_up_without_a_word_and_the_outcome_is_not() -> None:
    snapshot = stored((WHATSAPP, SUBMITTING))
    decision = give_up(snapshot, overdue(OFFER))
    assert (decision.snapshot, decision.owes, decision.payments) == (snapshot, (), ())


def test_a_login_nobody_waits_for_changes_nothing() -> None:
    decision = receive(None, answer(NotAMember(), to=Login(PHONE)))
    assert (decision.owes, decision.payments, places(decision)) == ((), (), {})


def test_money_whose_sending_broke_down_may_have_moved_and_is_told_so() -> None:
    decision = receive(stored((WHATSAPP, SUBMITTING)), answer(None, to=OFFER, cause="KeyError"))
    assert "I do not know yet" in said(decision)
    payment, record = ended(decision)
    assert (payment.state, record.ended) == (PaymentState.UNKNOWN, "Unclear")


def test_a_question_that_broke_down_changed_nothing_and_is_told_so() -> None:
    waiting = Position(state=LoggingIn(phone=PHONE), screen="", touched=NOON, asked=SENT_IN)
    decision = receive(stored((WHATSAPP, waiting)), answer(None, to=Login(PHONE), cause="KeyError"))
    assert said(decision).startswith(texts.LEDGER_AWAY)
    assert (decision.note["trigger"], decision.payments) == ("Unavailable", ())


def test_what_is_no_outcome_at_all_is_never_read_as_proof() -> None:
    decision = receive(stored((WHATSAPP, SUBMITTING)), answer({"ok": True}, to=OFFER))
    assert ended(decision)[0].state == PaymentState.UNKNOWN


def test_the_answer_to_another_question_ends_a_payment_as_unknown() -> None:
    decision = receive(stored((WHATSAPP, SUBMITTING)), answer(Onboarded(member()), to=OFFER))
    assert "I do not know yet" in said(decision)
    assert ended(decision)[0].state == PaymentState.UNKNOWN


@pytest.mark.parametrize("take", [receive, give_up])
def test_a_message_that_could_not_even_be_tried_is_owed_no_more_and_nothing_else_changes(take: Take) -> None:
    snapshot = stored((WHATSAPP, DASHBOARD))
    unsaid = Answer("x#0", effects.encode(Say(WHATSAPP, OutboundMessage(text="Hello"))), None, "KeyError")
    decision = take(snapshot, unsaid)
    assert (decision.snapshot, decision.owes, decision.payments) == (snapshot, (), ())


def test_a_message_given_up_before_anybody_was_known_is_apologised_for() -> None:
    decision = give_up(None, mail(Text("hi")))
    assert said(decision).startswith(texts.SORRY)
    assert isinstance(places(decision)["whatsapp"].position.state, Outside)
    assert _owed(decision, Ask) == []


def test_a_snapshot_nobody_can_read_is_given_up_with_an_apology_and_a_fresh_start() -> None:
    with pytest.raises(msgspec.MsgspecError):
        receive(b"from another version", mail(Text("hi")))
    decision = give_up(b"from another version", mail(Text("hi")))
    assert said(decision).startswith(texts.SORRY)
    assert list(places(decision)) == ["whatsapp"]


def test_a_message_given_up_leads_to_the_dashboard_on_the_channel_it_came_by() -> None:
    decision = give_up(stored((WHATSAPP, DASHBOARD), (SMS, SUBMITTING)), mail(Text("crash")))
    assert said(decision).startswith(texts.SORRY)
    assert isinstance(places(decision)["whatsapp"].position.state, AtDashboard)
    assert places(decision)["sms"] == Place(SMS, SUBMITTING)
    assert decision.note["trigger"] == "given up"


def test_a_message_given_up_while_money_moves_does_not_say_that_it_failed() -> None:
    decision = give_up(stored((WHATSAPP, SUBMITTING)), mail(Text("crash")))
    assert said(decision).startswith(texts.SORRY_SENDING)
    assert decision.payments == ()


def test_an_outcome_given_up_still_ends_its_payment_as_credex_core_said() -> None:
    broken = answer(OfferMade(OfferId("offer-1"), None), to=OFFER)
    decision = give_up(stored((WHATSAPP, SUBMITTING)), broken)
    assert said(decision).startswith(texts.SORRY_SENDING)
    assert isinstance(places(decision)["whatsapp"].position.state, AtDashboard)
    assert ended(decision)[0].state == PaymentState.DONE


def test_a_login_given_up_is_apologised_for_and_leaves_no_payment() -> None:
    waiting = Position(state=LoggingIn(phone=PHONE), screen="", touched=NOON, asked=SENT_IN)
    decision = give_up(stored((WHATSAPP, waiting)), answer(LoggedIn(member()), to=Login(PHONE)))
    assert said(decision).startswith(texts.SORRY)
    assert decision.payments == ()


@given(some.positions(), st.none() | some.outcomes, some.offer_commands | some.answer_commands)
def test_giving_up_never_raises_and_leaves_a_place_where_nothing_is_waited_for(
    position: Position, outcome: object, command: Command
) -> None:
    for what in (mail(Text("crash")), answer(outcome, to=command)):
        after = places(give_up(stored((WHATSAPP, position)), what))["whatsapp"].position
        assert isinstance(after.state, AtDashboard | Outside)
        assert after.asked == ""


SETTLING = Position(state=SettlingOffer(VISIT, OFFER, RUDO), screen="", touched=NOON)
SIGNING = Position(state=SigningOffer(VISIT, OFFER, RUDO), screen="abcd1234", touched=NOON)
PAYMENT = f"{SENT_IN}#0"
BEFORE = Before(account=account().id, counterparty=RUDO.name, tier=1)
UPGRADE = UpgradeTier(PHONE, account().id)
CONSENT = Tap("abcd1234.confirm", "Sign and Send")


def paying(*places: tuple[Peer, Position], **changes: object) -> bytes:
    under_way = msgspec.structs.replace(Paying(payment=PAYMENT, since=NOON), **changes)
    snapshot = msgspec.msgpack.decode(stored(*places), type=MemberSnapshot)
    return msgspec.msgpack.encode(MemberSnapshot(snapshot.places, under_way))


def paid(decision: Decision) -> Paying | None:
    return msgspec.msgpack.decode(decision.snapshot, type=MemberSnapshot).paying


def looked_into(
    finding_in: LedgerRead | None, command: MoneyCommand = OFFER, *, body: object = "", looks: int = 0, tier: int = 1
) -> Answer:
    """The answer to a look, ``SERVER_LIMIT`` after the doubt began."""
    record = PaymentRecord(command=command, consented_in=SENT_IN, at=NOON, before=BEFORE)
    doubt = Doubt(payment=PAYMENT, record=record, since=NOON - SERVER_LIMIT, answered=False, looks=looks)
    read = Looked(at=NOON, member=member(account(), tier=tier), ledger=finding_in) if finding_in else body
    return Answer("look#0", effects.encode(LookInto(WHATSAPP, doubt, NOON)), read)


NOTHING = LedgerRead((), more=False)
MADE = LedgerRead((LedgerEntry(id=OfferId("o"), amount=usd("-12.30"), counterparty=RUDO.name, at=NOON),), more=False)
TWICE = LedgerRead((*MADE.entries, msgspec.structs.replace(MADE.entries[0], id=OfferId("o2"))), more=False)


def test_an_answer_that_is_lost_owes_a_look_keeps_the_payment_and_says_so() -> None:
    asked = Answer(PAYMENT, effects.encode(Ask(WHATSAPP, OFFER, SENT_IN, NOON, BEFORE)), Unclear("timeout"))
    decision = receive(paying((WHATSAPP, SUBMITTING)), asked)
    payment, record = ended(decision)
    assert (payment.id, payment.state, record.before) == (PAYMENT, PaymentState.UNKNOWN, BEFORE)
    [look] = _owed(decision, LookInto)
    assert (look.peer, look.doubt.payment, look.doubt.record, look.doubt.answered) == (WHATSAPP, PAYMENT, record, False)
    assert NOON < look.at <= NOON + timedelta(seconds=5)
    assert [owed.lane for owed in decision.owes] == ["look", "say:whatsapp"]
    assert [owed.id for owed in decision.owes] == [f"{ADDRESS}/7#0", f"{ADDRESS}/7#1"]
    assert isinstance(places(decision)["whatsapp"].position.state, SettlingOffer)
    assert paid(decision) == Paying(payment=PAYMENT, since=NOON, in_doubt=True)


def test_a_refusal_that_leaves_the_offer_open_is_read_and_only_dashboards_are_waited_out() -> None:
    command = AcceptOffer(PHONE, OfferId("o"))
    decision = receive(paying(), answer(Refused(Refusal.GONE, "Already accepted"), to=command))
    assert ended(decision)[0].state == PaymentState.UNKNOWN
    assert [look.doubt.answered for look in _owed(decision, LookInto)] == [True]


@pytest.mark.parametrize("outcome", [OfferMade(OfferId("o"), None), Refused(Refusal.NO_COVER, "No."), Unavailable("x")])
def test_an_answer_that_leaves_no_doubt_owes_no_look_and_lets_the_next_be_signed(outcome: Outcome) -> None:
    decision = receive(paying((WHATSAPP, SUBMITTING)), answer(outcome, to=OFFER))
    assert _owed(decision, LookInto) == []
    assert paid(decision) is None


@pytest.mark.parametrize(
    ("reading", "state", "how", "told"),
    [
        (MADE, PaymentState.SETTLED, "done", "your offer went through"),
        (NOTHING, PaymentState.SETTLED, "not done", "was not made"),
        (TWICE, PaymentState.PARKED, "unsure", reference(PAYMENT)),
    ],
    ids=["made", "not made", "twice"],
)
def test_what_a_look_told_ends_the_payment_and_is_told(
    reading: LedgerRead, state: PaymentState, how: str, told: str
) -> None:
    decision = receive(paying((WHATSAPP, SETTLING), in_doubt=True), looked_into(reading))
    payment, record = ended(decision)
    assert (payment.id, payment.state, record.ended) == (PAYMENT, state, how)
    assert told in said(decision)
    assert paid(decision) is None
    assert _owed(decision, Ask) == []
    [entry] = decision.audit
    assert (entry.id, entry.step) == (f"{PAYMENT}:{state}", state)
    assert facts_of(entry).ended == how


def test_a_look_that_told_nothing_owes_the_next_one_later_and_changes_nothing() -> None:
    snapshot = paying((WHATSAPP, SETTLING), in_doubt=True)
    decision = receive(snapshot, looked_into(None, body=Looked(at=NOON), looks=3))
    [look] = _owed(decision, LookInto)
    assert (look.doubt.looks, look.at) == (4, NOON + pause(look.doubt, turn().seed))
    assert (decision.snapshot, decision.payments, decision.audit) == (snapshot, (), ())
    assert len(decision.owes) == 1


@pytest.mark.parametrize("body", [None, {"ok": True}])
def test_a_look_that_broke_down_is_one_made_in_vain(body: object) -> None:
    decision = receive(paying((WHATSAPP, SETTLING), in_doubt=True), looked_into(None, body=body))
    assert len(_owed(decision, LookInto)) == 1
    assert decision.payments == ()


def test_a_finding_given_up_is_an_operators_and_keeps_nobody_waiting() -> None:
    decision = give_up(paying((WHATSAPP, SETTLING), in_doubt=True), looked_into(MADE))
    assert ended(decision)[0].state == PaymentState.PARKED
    assert said(decision).startswith(texts.SORRY_SENDING)
    assert paid(decision) is None


def test_an_answer_given_up_that_leaves_a_doubt_is_found_out_all_the_same() -> None:
    decision = give_up(paying((WHATSAPP, SUBMITTING)), answer(Unclear("timeout"), to=OFFER))
    assert ended(decision)[0].state == PaymentState.UNKNOWN
    assert len(_owed(decision, LookInto)) == 1
    assert [owed.id for owed in decision.owes] == [f"{ADDRESS}/7#{number}" for number in range(len(decision.owes))]


@pytest.mark.parametrize(
    ("in_doubt", "told"), [(False, texts.BUSY_SENDING), (True, texts.BUSY_CHECKING)], ids=["on its way", "in doubt"]
)
def test_while_a_payment_is_open_nothing_is_signed_on_any_channel(in_doubt: bool, told: str) -> None:  # noqa: FBT001
    snapshot = paying((WHATSAPP, SUBMITTING), (SMS, SIGNING), in_doubt=in_doubt)
    code = code_of(SIGNING.screen, SIGNING.state.prompt().text)
    decision = receive(snapshot, mail(Text(f"pay {code}"), SMS))
    assert told in said(decision)
    assert _owed(decision, Ask) == []
    assert (decision.payments, decision.audit) == ((), ())
    assert isinstance(places(decision)["sms"].position.state, SigningOffer)


@pytest.mark.parametrize("row", ["offer_secured", "offer_unsecured", "accept_offer", "decline_offer", "cancel_offer"])
def test_while_a_payment_is_open_no_dialog_of_money_is_begun(row: str) -> None:
    full = account(incoming=offers(1), outgoing=offers(1))
    home = Position(
        state=AtDashboard(msgspec.structs.replace(VISIT, member=member(full))), screen="abcd1234", touched=NOON
    )
    decision = receive(paying((WHATSAPP, home)), mail(Tap(f"abcd1234.{row}", "x")))
    assert texts.BUSY_SENDING in said(decision)
    assert isinstance(places(decision)["whatsapp"].position.state, AtDashboard)
    assert _owed(decision, Ask) == []


def test_while_a_payment_is_open_no_offer_in_one_line_is_begun() -> None:
    home = Position(state=AtDashboard(VISIT), screen="abcd1234", touched=NOON)
    decision = receive(paying((WHATSAPP, home)), mail(Text("5=>rudo")))
    assert texts.BUSY_SENDING in said(decision)
    assert _owed(decision, Ask) == []


def test_a_door_of_money_found_closed_on_the_way_back_from_credex_core_is_told() -> None:
    waiting = LoggingIn(phone=PHONE, account_id=account().id, door="accept_offer")
    position = Position(state=waiting, screen="", touched=NOON, asked=SENT_IN)
    full = LoggedIn(member(account(incoming=offers(1))))
    decision = receive(paying((WHATSAPP, position), in_doubt=True), answer(full, to=Login(PHONE)))
    assert texts.BUSY_CHECKING in said(decision)
    assert isinstance(places(decision)["whatsapp"].position.state, AtDashboard)


def test_no_payment_keeps_others_waiting_for_ever() -> None:
    old = NOON - BLOCKS_FOR - timedelta(seconds=1)
    decision = receive(paying((WHATSAPP, SIGNING), since=old, in_doubt=True), mail(CONSENT))
    assert len(decision.payments) == 1
    assert paid(decision) == Paying(payment=decision.payments[0].id, since=NOON)


def test_the_end_of_an_earlier_payment_does_not_free_the_later_one() -> None:
    later = paying((WHATSAPP, DASHBOARD), payment="later")
    assert paid(receive(later, looked_into(MADE))) == Paying(payment="later", since=NOON)
    assert paid(receive(later, answer(Unclear("x"), to=OFFER))) == Paying(payment="later", since=NOON)


def test_somebody_who_got_the_number_hears_nothing_of_the_payment_before() -> None:
    decision = receive(paying((WHATSAPP, SETTLING), in_doubt=True), mail(IdentityChanged("number")))
    ended_up = receive(decision.snapshot, looked_into(NOTHING))
    assert said(ended_up) == ""
    assert ended(ended_up)[0].state == PaymentState.SETTLED


def test_a_member_whose_conversation_is_over_hears_it_all_the_same() -> None:
    outside = Position(state=Outside(), screen="", touched=NOON)
    decision = receive(paying((WHATSAPP, outside), in_doubt=True), looked_into(NOTHING))
    assert said(decision) == texts.LATE_OFFER_NOT_MADE


def test_a_finding_for_a_channel_nobody_remembers_ends_the_payment() -> None:
    decision = receive(None, looked_into(MADE))
    assert ended(decision)[0].state == PaymentState.SETTLED


@pytest.mark.parametrize(
    ("command", "done", "not_done"),
    [
        (OFFER, texts.LATE_OFFER_MADE, texts.LATE_OFFER_NOT_MADE),
        (AcceptOffer(PHONE, OfferId("o")), texts.LATE_ACCEPTED, texts.LATE_NOT_ANSWERED),
        (DeclineOffer(PHONE, OfferId("o")), texts.LATE_NO_LONGER_OPEN, texts.LATE_NOT_ANSWERED),
        (CancelOffer(PHONE, OfferId("o")), texts.LATE_NO_LONGER_OPEN, texts.LATE_NOT_ANSWERED),
        (UPGRADE, texts.LATE_UPGRADED, texts.LATE_NOT_UPGRADED),
    ],
    ids=lambda value: type(value).__name__,
)
def test_news_of_a_payment_names_what_it_was(command: MoneyCommand, done: str, not_done: str) -> None:
    def of(finding: Finding) -> str:
        return news(Settlement(command=command, finding=finding, reference="ref-1", member=None))

    assert (of(Finding.DONE), of(Finding.NOT_DONE), of(Finding.GONE)) == (done, not_done, texts.LATE_OFFER_GONE)
    assert "ref-1" in of(Finding.UNSURE)


def test_the_tap_that_consents_is_in_the_trail_with_its_screen() -> None:
    decision = receive(stored((WHATSAPP, SIGNING)), mail(CONSENT))
    [entry], [payment] = decision.audit, decision.payments
    assert (entry.id, entry.step, entry.address, entry.at) == (f"{payment.id}:consented", "consented", ADDRESS, NOON)
    facts = facts_of(entry)
    assert (facts.payment, facts.command, facts.turn) == (payment.id, OFFER, f"{ADDRESS}/7")
    assert (facts.account, facts.tap, facts.screen) == (OFFER.issuer, "in-1", "abcd1234")
    assert facts.shown == digest(SIGNING.state.prompt().text)


def test_what_credex_core_said_is_in_the_trail() -> None:
    decision = receive(paying((WHATSAPP, SUBMITTING)), answer(Refused(Refusal.NO_COVER, "Not enough"), to=OFFER))
    [entry] = decision.audit
    assert (entry.step, facts_of(entry).said) == ("answered", "Refused no_cover")
    assert facts_of(receive(None, answer(Unclear("timeout"), to=OFFER)).audit[0]).said == "Unclear timeout"
    assert facts_of(receive(None, answer(OfferMade(OfferId("o"), None), to=OFFER)).audit[0]).said == "OfferMade"


@pytest.mark.parametrize(
    ("outcome", "state", "looks"),
    [
        (TierUpgraded(3), PaymentState.DONE, 0),
        (Refused(Refusal.NO_COVER, "1.00 USD cannot be secured"), PaymentState.REFUSED, 0),
        (Unclear("timeout"), PaymentState.UNKNOWN, 1),
    ],
    ids=["done", "refused", "unclear"],
)
def test_an_upgrade_goes_by_the_same_rules(outcome: Outcome, state: PaymentState, looks: int) -> None:
    decision = receive(paying((WHATSAPP, DASHBOARD)), answer(outcome, to=UPGRADE))
    assert ended(decision)[0].state == state
    assert len(_owed(decision, LookInto)) == looks
    assert said(decision).startswith(texts.LATE_UPGRADED if state is PaymentState.DONE else "")


@pytest.mark.parametrize(("tier", "how"), [(3, "done"), (1, "not done")])
def test_an_upgrade_in_doubt_is_settled_by_the_members_tier(tier: int, how: str) -> None:
    decision = receive(paying((WHATSAPP, DASHBOARD), in_doubt=True), looked_into(NOTHING, UPGRADE, tier=tier))
    assert ended(decision)[1].ended == how
    assert said(decision).startswith(texts.LATE_UPGRADED if how == "done" else texts.LATE_NOT_UPGRADED)


SIGNING_UPGRADE = Position(state=SigningUpgrade(VISIT, UPGRADE), screen="abcd1234", touched=NOON)


def signs_by_text(position: Position, after: Decision, *, read: timedelta = timedelta(0)) -> Decision:
    """The consent to what stands there, some time later, where the figures were read then."""
    known = msgspec.msgpack.decode(after.snapshot, type=MemberSnapshot)
    visit = msgspec.structs.replace(VISIT, seen=NOON + read)
    position = msgspec.structs.replace(position, state=msgspec.structs.replace(position.state, visit=visit))
    known = msgspec.structs.replace(known, places=known.places | {"sms": Place(SMS, position)})
    code = code_of(position.screen, position.state.prompt().text)
    consent = mail(Text(f"pay {code}"), SMS)
    return MemberBehaviour().receive(ADDRESS, msgspec.msgpack.encode(known), consent, turn(8))


@pytest.mark.parametrize(
    "end", [answer(TierUpgraded(3), to=UPGRADE), looked_into(NOTHING, UPGRADE, tier=3)], ids=["told", "found"]
)
def test_an_upgrade_is_not_paid_again_where_the_figures_may_be_from_before_it(end: Answer) -> None:
    upgraded = receive(paying((WHATSAPP, DASHBOARD)), end)
    again = signs_by_text(SIGNING_UPGRADE, upgraded, read=CACHED)
    assert [ask.command for ask in _owed(again, Ask)] == [Login(PHONE)]
    assert again.payments == ()
    assert said(again).startswith(brief(texts.UPGRADED_SINCE))
    known = signs_by_text(SIGNING_UPGRADE, upgraded, read=CACHED + timedelta(seconds=1))
    assert [ask.command for ask in _owed(known, Ask)] == [UPGRADE]


@pytest.mark.parametrize(
    "end",
    [answer(Refused(Refusal.NO_COVER, ""), to=UPGRADE), looked_into(NOTHING, UPGRADE), looked_into(MADE)],
    ids=["refused", "not found", "an offer"],
)
def test_what_was_no_upgrade_is_in_no_upgrades_way(end: Answer) -> None:
    again = signs_by_text(SIGNING_UPGRADE, receive(paying((WHATSAPP, DASHBOARD)), end))
    assert [ask.command for ask in _owed(again, Ask)] == [UPGRADE]


def test_what_was_there_before_an_offer_is_what_any_channel_knows() -> None:
    made = msgspec.structs.replace(VISIT, member=member(account(outgoing=offers(2))))
    there = Position(state=AtDashboard(made), screen="abcd1234", touched=NOON)
    decision = signs_by_text(SIGNING, receive(stored((WHATSAPP, there)), mail(Text("hm"))))
    [ask] = _owed(decision, Ask)
    assert ask.before == msgspec.structs.replace(BEFORE, pending=tuple(offer.id for offer in offers(2)))


NOTICE = Notice("Tariro", "An offer waits.", "mark-1")


def test_a_notice_makes_the_figures_of_every_channel_outdated_and_is_told_on_its_own() -> None:
    decision = receive(stored((WHATSAPP, DASHBOARD), (SMS, SUBMITTING)), mail(NOTICE, SMS))
    after = places(decision)
    for place, before in ((after["whatsapp"], DASHBOARD), (after["sms"], SUBMITTING)):
        assert isinstance(place.position.state, AtDashboard | SubmittingOffer)
        assert place.position.state.visit.seen is None
        assert (place.position.touched, place.position.asked) == (before.touched, before.asked)
    assert [say.peer for say in _owed(decision, Say)] == [SMS]
    assert "An offer waits." in said(decision)
    assert _owed(decision, Ask) == []


def test_a_notice_to_somebody_unheard_of_leaves_no_conversation_behind() -> None:
    decision = receive(None, mail(NOTICE))
    assert places(decision) == {}
    assert [say.message.template for say in _owed(decision, Say)] == ["incoming_notification"]


def test_a_notice_told_before_is_not_told_again_and_changes_nothing() -> None:
    first = receive(stored((WHATSAPP, DASHBOARD)), mail(NOTICE))
    again = receive(first.snapshot, mail(NOTICE))
    assert (again.snapshot, again.owes) == (first.snapshot, ())


def test_a_member_who_has_just_written_is_within_the_window_and_one_whose_number_changed_is_not() -> None:
    wrote = receive(None, mail(Text("hi")))
    assert said(receive(wrote.snapshot, mail(NOTICE))).startswith("Hello Tariro.")
    assert _owed(receive(wrote.snapshot, mail(NOTICE)), Say)[0].message.choices
    changed = receive(wrote.snapshot, mail(IdentityChanged("number")))
    assert _owed(receive(changed.snapshot, mail(NOTICE)), Say)[0].message.template


def test_a_notice_is_no_word_of_the_member() -> None:
    told = receive(None, mail(NOTICE))
    again = receive(told.snapshot, mail(Notice("Tariro", "Another.", "mark-2")))
    assert _owed(again, Say)[0].message.template


def test_a_notice_given_up_is_told_to_nobody_and_moves_nothing() -> None:
    before = stored((WHATSAPP, SUBMITTING))
    decision = give_up(before, mail(NOTICE))
    assert decision.owes == ()
    assert places(decision)["whatsapp"].position == SUBMITTING
    assert give_up(b"unreadable", mail(NOTICE)).owes == ()


def test_a_snapshot_from_before_there_were_notices_is_read() -> None:
    place = msgspec.to_builtins(Place(WHATSAPP, DASHBOARD))
    old = msgspec.msgpack.encode({"places": {"whatsapp": place}, "paying": None})
    assert _owed(receive(old, mail(NOTICE)), Say)[0].message.template
