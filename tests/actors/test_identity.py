"""After a change of phone or number money is held and nothing given away; and timers follow the screens."""

from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actors import effects
from actors.audit import kind_of
from actors.bookkeeping import Paying
from actors.dialogs import texts
from actors.dialogs.changes import SubmittingChange
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.expiry import Lifetimes
from actors.dialogs.outside import Outside
from actors.dialogs.signing import SettlingOffer, SigningOffer, SubmittingOffer
from actors.dialogs.states import Position
from actors.effects import Ask, Say
from actors.member import MemberBehaviour, envelope_of
from actors.remembered import MemberSnapshot, Place
from channels.message import Content, IdentityChanged, InboundMessage, Peer, Tap, Text
from credex.commands import AuthorizeMember, Login, moves_money
from credex.model import MemberId, OfferId
from credex.outcomes import LoggedIn, MemberAuthorized, NotAMember, OfferMade, Onboarded, Refusal, Refused, Unavailable
from runtime.envelope import Answer, Due, Envelope
from runtime.turn import Decision, Turn
from tests.actors.dialogs import strategies as some
from tests.actors.dialogs.people import NOON, PHONE, RUDO, account, member
from tests.actors.test_member import (
    ADDRESS,
    DASHBOARD,
    MADE,
    NOTHING,
    OFFER,
    SENT_IN,
    SMS,
    SUBMITTING,
    VISIT,
    WHATSAPP,
    looked_into,
)

SIGNING = Position(state=SigningOffer(VISIT, OFFER, RUDO), screen="abcd1234", touched=NOON)
SETTLING = Position(state=SettlingOffer(VISIT, OFFER, RUDO), screen="", touched=NOON)
EXPIRY = Due("expiry:whatsapp", NOON + timedelta(minutes=5))
few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


class Life:
    """One member's actor over several turns."""

    def __init__(self, *places: tuple[Peer, Position], paying: Paying | None = None) -> None:
        found = {peer.channel: Place(peer, position) for peer, position in places}
        self.snapshot: bytes | None = msgspec.msgpack.encode(MemberSnapshot(found, paying))
        self.now: datetime = NOON
        self.last = Decision(snapshot=b"")
        self._turns = 6

    @property
    def remembered(self) -> MemberSnapshot:
        return msgspec.msgpack.decode(self.snapshot or b"", type=MemberSnapshot)

    @property
    def said(self) -> str:
        return "\n---\n".join(one.message.text for one in self._owed() if isinstance(one, Say))

    @property
    def asks(self) -> list[Ask]:
        return [one for one in self._owed() if isinstance(one, Ask)]

    def _owed(self) -> list[effects.Effect]:
        return [effects.decode(owed.body) for owed in self.last.owes]

    def takes(self, mail: Envelope | Answer | Due) -> "Life":
        self._turns += 1
        turn = Turn(id=f"{ADDRESS}/{self._turns}", now=self.now, seed=self._turns)
        self.last = MemberBehaviour().receive(ADDRESS, self.snapshot, mail, turn)
        self.snapshot = self.last.snapshot
        return self

    def hears(self, content: Content | str, peer: Peer = WHATSAPP) -> "Life":
        content = Text(content) if isinstance(content, str) else content
        message = InboundMessage(id=f"in-{self._turns}", peer=peer, at=self.now, content=content)
        return self.takes(envelope_of(message, accepted_at=self.now))

    def core_answers(self, outcome: object) -> "Life":
        [ask] = self.asks
        return self.takes(Answer(f"{ask.turn}#0", effects.encode(ask), outcome))


def changed(*places: tuple[Peer, Position], paying: Paying | None = None) -> Life:
    return Life(*places, paying=paying).hears(IdentityChanged("user_changed_number"))


def paid_for() -> Life:
    return changed((WHATSAPP, SETTLING), paying=Paying(payment=f"{SENT_IN}#0", since=NOON, in_doubt=True))


@pytest.mark.parametrize("content", [Tap("abcd1234.confirm"), Text("yes"), Text("5"), Tap("old00000.offer_secured")])
def test_the_next_word_is_told_that_money_is_held_and_how_to_go_on(content: Content) -> None:
    life = changed((WHATSAPP, SIGNING)).hears(content)
    assert life.said == f"{texts.FROZEN}\n\n{texts.OUTSIDE}"
    assert life.asks == []
    assert life.last.payments == ()
    assert life.hears("and now?").said.startswith(texts.FROZEN)


@pytest.mark.parametrize("word", ["hi", "menu", "Mhoro!"])
def test_a_greeting_opens_the_account_and_frees_money_once_credex_core_has_answered(word: str) -> None:
    life = changed((WHATSAPP, SIGNING)).hears(word)
    assert texts.FROZEN in life.said
    assert [ask.command for ask in life.asks] == [Login(PHONE)]
    assert life.remembered.frozen == NOON
    life.core_answers(LoggedIn(member()))
    assert life.remembered.frozen is None
    assert texts.FROZEN not in life.said
    assert isinstance(life.remembered.places["whatsapp"].position.state, AtDashboard)


def test_help_is_given_and_frees_nothing() -> None:
    life = changed((WHATSAPP, DASHBOARD)).hears("help")
    assert life.said.startswith(f"{texts.FROZEN}\n\n{texts.HELP}")
    assert life.remembered.frozen is not None


@pytest.mark.parametrize("outcome", [Unavailable("no route"), NotAMember(), Refused(Refusal.OTHER, "no")])
def test_a_login_that_fails_frees_nothing(outcome: object) -> None:
    assert changed((WHATSAPP, SIGNING)).hears("hi").core_answers(outcome).remembered.frozen is not None


def test_somebody_new_who_becomes_a_member_is_free() -> None:
    life = changed((WHATSAPP, SIGNING)).hears("hi").core_answers(NotAMember())
    for word in ("1", "Tariro", "Moyo", "1"):
        life.hears(word)
    assert life.core_answers(Onboarded(member())).remembered.frozen is None


def test_a_login_begun_before_the_change_frees_nothing_and_is_told_nothing() -> None:
    life = Life().hears("hi")
    [ask] = life.asks
    life.hears(IdentityChanged("customer_identity_changed"))
    life.takes(Answer(f"{ask.turn}#0", effects.encode(ask), LoggedIn(member())))
    assert life.remembered.frozen is not None
    assert life.said == ""
    assert isinstance(life.remembered.places["whatsapp"].position.state, Outside)


def test_no_screen_of_any_channel_works_any_more() -> None:
    life = changed((WHATSAPP, DASHBOARD), (SMS, SIGNING)).hears("yes", SMS)
    assert life.asks == []
    assert life.said.startswith(texts.FROZEN)


def test_the_trail_notes_that_money_is_held_and_that_it_is_no_more() -> None:
    life = changed((WHATSAPP, DASHBOARD))
    [entry] = life.last.audit
    assert (entry.step, kind_of(entry), entry.address) == ("frozen", "user_changed_number", ADDRESS)
    [entry] = life.hears("hi").core_answers(LoggedIn(member())).last.audit
    assert entry.step == "reopened"
    assert life.hears("menu").last.audit == ()


@pytest.mark.parametrize("looks", [MADE, NOTHING], ids=["made", "not made"])
def test_what_became_of_a_payment_is_told_to_nobody_before_somebody_has_logged_in(looks: object) -> None:
    life = paid_for().takes(looked_into(looks))  # type: ignore[arg-type]  # a reading
    assert [payment.state for payment in life.last.payments] == ["settled"]
    assert life.said == ""
    assert "earlier" not in life.hears("what?").said
    assert "earlier" not in life.hears("hi").said
    life.core_answers(LoggedIn(member()))
    assert "earlier offer" in life.said
    assert RUDO.name not in life.said
    assert "12.30" not in life.said
    assert life.remembered.untold == ()


def test_what_is_found_while_they_log_in_is_told_when_they_have() -> None:
    life = paid_for().hears("hi")
    [ask] = life.asks
    assert life.takes(looked_into(MADE)).said == ""
    life.takes(Answer(f"{ask.turn}#0", effects.encode(ask), LoggedIn(member())))
    assert texts.LATE_OFFER_MADE in life.said


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (OfferMade(OfferId("o"), account()), texts.LATE_OFFER_MADE),
        (Unavailable("no route"), texts.LATE_OFFER_NOT_MADE),
        (Refused(Refusal.NO_COVER, ""), texts.LATE_OFFER_NOT_MADE),
    ],
)
def test_an_outcome_that_comes_after_the_change_waits_for_a_login(outcome: object, told: str) -> None:
    life = changed((WHATSAPP, SUBMITTING), paying=Paying(payment=f"{SENT_IN}#0", since=NOON))
    life.takes(Answer(f"{SENT_IN}#0", effects.encode(Ask(WHATSAPP, OFFER, SENT_IN, NOON)), outcome))
    assert life.said == ""
    assert len(life.last.payments) == 1
    assert told in life.hears("hi").core_answers(LoggedIn(member())).said


CHANGE = AuthorizeMember(PHONE, account().id, "rudo")
CHANGING = Position(state=SubmittingChange(VISIT, CHANGE), screen="", touched=NOON, asked=SENT_IN)


@pytest.mark.parametrize(
    ("place", "outcome", "told"),
    [
        (SUBMITTING, OfferMade(OfferId("o"), account()), texts.LATE_OFFER_MADE),
        (CHANGING, MemberAuthorized(account().id, MemberId("m")), texts.LATE_AUTHORIZED),
    ],
)
def test_an_outcome_that_comes_while_somebody_logs_in_or_joins_is_told_once_and_to_a_member(
    place: Position, outcome: object, told: str
) -> None:
    command = OFFER if place is SUBMITTING else CHANGE
    late = Answer(f"{SENT_IN}#0", effects.encode(Ask(WHATSAPP, command, SENT_IN, NOON)), outcome)
    life = changed((WHATSAPP, place)).hears("hi")
    [login] = life.asks
    assert life.takes(late).said == ""
    said = life.takes(Answer(f"{login.turn}#0", effects.encode(login), LoggedIn(member()))).said
    assert said.count(told) == 1
    assert life.remembered.untold == ()
    assert changed((WHATSAPP, place)).takes(late).remembered.untold == (told,)
    stranger = changed((WHATSAPP, place)).hears("hi").core_answers(NotAMember()).takes(late)
    assert stranger.said == ""
    assert stranger.remembered.untold == (told,)


mails = st.one_of(
    st.sampled_from(["yes", "1", "2", "hi", "menu", "5", "rudo", "help", "cancel", "Tariro"]).map(Text),
    st.sampled_from(["confirm", "cancel", "offer_secured", "become"]).map(lambda key: Tap(f"{some.SCREEN}.{key}")),
    some.outcomes,
    st.just(EXPIRY),
    st.sampled_from(["this screen", "an hour", "changed again"]),
)


@given(st.data(), some.positions() | some.positions(some.signing), some.positions(), st.lists(mails, max_size=12))
@few
def test_no_money_command_leaves_between_a_change_of_identity_and_the_next_completed_login(
    data: st.DataObject, position: Position, other: Position, mail: list[object]
) -> None:
    life = changed((WHATSAPP, position), (SMS, other))
    asked: list[Ask] = []
    held = True
    for one in mail:
        peer = data.draw(st.sampled_from([WHATSAPP, SMS]))
        ask = data.draw(st.sampled_from([None, *asked]))
        let_in = _happens(life, one, peer, ask)
        if held and not let_in:
            assert life.remembered.frozen is not None
            assert not any(moves_money(ask.command) for ask in life.asks)
        held = one == "changed again" or (held and not let_in)
        asked += life.asks


def _happens(life: Life, what: object, peer: Peer, ask: Ask | None) -> bool:
    """Whether it was a login that was waited for. An outcome answers ``ask``."""
    life.last = Decision(snapshot=b"")
    match what:
        case Text() | Tap():
            life.hears(what, peer)
        case Due():
            life.takes(what)
        case "this screen":
            life.hears(Tap(f"{life.remembered.places[peer.channel].position.screen}.confirm"), peer)
        case "an hour":
            life.now += timedelta(hours=1)
        case "changed again":
            life.hears(IdentityChanged("again"), peer)
        case outcome if ask is not None:
            waits = life.remembered.places[ask.peer.channel].position.asked == ask.turn
            life.takes(Answer(f"{ask.turn}#0", effects.encode(ask), outcome))
            return waits and isinstance(outcome, LoggedIn | Onboarded)
        case _:
            pass
    return False


# Timers


def timers(decision: Decision) -> dict[str, datetime | None]:
    return dict(decision.timers)


def test_a_turn_sets_the_timer_of_the_screen_it_shows() -> None:
    life = Life((WHATSAPP, DASHBOARD)).hears("1")
    assert timers(life.last) == {"expiry:whatsapp": NOON + timedelta(minutes=5)}


def test_an_active_conversation_sets_its_timer_once_and_again_only_when_it_has_rung() -> None:
    life = Life((WHATSAPP, DASHBOARD)).hears("help")
    end = NOON + timedelta(minutes=15)
    assert timers(life.last) == {"expiry:whatsapp": end}
    life.now += timedelta(seconds=10)
    assert life.hears("menu").last.timers == ()
    assert life.core_answers(LoggedIn(member())).last.timers == ()
    touched, life.now = life.now, end
    life.takes(Due("expiry:whatsapp", end))
    assert timers(life.last) == {"expiry:whatsapp": touched + timedelta(minutes=15)}
    assert not life.remembered.places["whatsapp"].position.expired


def test_a_screen_about_money_sets_an_earlier_timer_instead() -> None:
    life = Life((WHATSAPP, DASHBOARD)).hears("help")
    life.now += timedelta(minutes=1)
    assert timers(life.hears("1").last) == {"expiry:whatsapp": life.now + timedelta(minutes=5)}


def test_a_timer_that_should_have_rung_is_not_waited_for() -> None:
    life = Life((WHATSAPP, DASHBOARD)).hears("help")
    life.now += timedelta(hours=1)
    life.hears("hi").core_answers(LoggedIn(member()))
    assert timers(life.last) == {"expiry:whatsapp": life.now + timedelta(minutes=15)}


def test_a_turn_that_changes_nothing_about_time_sets_no_timer() -> None:
    assert Life().hears("hi").last.timers == ()
    assert Life((WHATSAPP, SUBMITTING)).hears("well?").last.timers == ()


def test_a_change_of_identity_leaves_timers_that_find_nothing_to_end() -> None:
    life = changed((WHATSAPP, DASHBOARD), (SMS, SIGNING))
    assert life.last.timers == ()
    life.now = EXPIRY.at
    before = life.remembered
    assert life.takes(EXPIRY).remembered == before


def test_a_timer_that_rings_moves_its_conversation_silently_and_no_other() -> None:
    life = Life((WHATSAPP, SIGNING), (SMS, SIGNING))
    life.now = EXPIRY.at
    life.takes(EXPIRY)
    assert (life.last.owes, life.last.timers) == ((), ())
    whatsapp, sms = (life.remembered.places[channel].position for channel in ("whatsapp", "sms"))
    assert whatsapp.expired
    assert isinstance(whatsapp.state, AtDashboard)
    assert sms == SIGNING


def test_a_timer_that_rings_too_soon_by_present_settings_is_set_anew() -> None:
    life = Life((WHATSAPP, SIGNING)).takes(EXPIRY)
    assert life.remembered.places["whatsapp"].position == SIGNING
    assert timers(life.last) == {EXPIRY.name: EXPIRY.at}


@pytest.mark.parametrize("position", [SUBMITTING, SETTLING], ids=["under way", "being found out"])
def test_a_stray_timer_moves_nothing_that_is_waited_for(position: Position) -> None:
    life = Life((WHATSAPP, position))
    life.now += timedelta(hours=1)
    before = life.snapshot
    assert life.takes(EXPIRY).snapshot == before
    assert life.last.timers == ()


def test_a_timer_of_a_channel_nobody_remembers_does_nothing() -> None:
    life = Life((WHATSAPP, SIGNING)).takes(Due("expiry:carrier pigeon", NOON))
    assert (life.last.owes, life.last.timers) == ((), ())


def test_a_timer_that_breaks_the_conversation_is_given_up_in_silence() -> None:
    turn = Turn(id=f"{ADDRESS}/7", now=EXPIRY.at, seed=7)
    decision = MemberBehaviour().give_up(ADDRESS, b"\xff", EXPIRY, turn)
    assert (decision.owes, decision.payments) == ((), ())


def test_lifetimes_come_from_the_settings() -> None:
    behaviour = MemberBehaviour(Lifetimes(money=timedelta(seconds=7), other=timedelta(seconds=9)))
    snapshot = msgspec.msgpack.encode(MemberSnapshot({"whatsapp": Place(WHATSAPP, DASHBOARD)}))
    said = InboundMessage(id="in-1", peer=WHATSAPP, at=NOON, content=Text("1"))
    turn = Turn(id=f"{ADDRESS}/7", now=NOON, seed=7)
    decision = behaviour.receive(ADDRESS, snapshot, envelope_of(said, accepted_at=NOON), turn)
    assert timers(decision) == {"expiry:whatsapp": NOON + timedelta(seconds=7)}


def test_a_payment_signed_before_is_still_the_one_that_keeps_others_waiting() -> None:
    life = paid_for()
    assert life.remembered.paying is not None
    assert life.remembered.paying.known is False
    assert isinstance(SUBMITTING.state, SubmittingOffer)


@pytest.mark.parametrize("snapshot", [Life((WHATSAPP, SIGNING)).snapshot, b"from another version", None])
def test_a_change_that_broke_every_time_it_was_taken_holds_money_all_the_same(snapshot: bytes | None) -> None:
    said = InboundMessage(id="in-9", peer=WHATSAPP, at=NOON, content=IdentityChanged("user_changed_number"))
    turn = Turn(id=f"{ADDRESS}/9", now=NOON, seed=9)
    decision = MemberBehaviour().give_up(ADDRESS, snapshot, envelope_of(said, accepted_at=NOON), turn)
    after = msgspec.msgpack.decode(decision.snapshot, type=MemberSnapshot)
    assert after.frozen == NOON
    assert isinstance(after.places["whatsapp"].position.state, Outside)
    assert decision.owes == ()
    assert [entry.step for entry in decision.audit] == ["frozen"]


def test_a_timer_that_broke_every_time_it_was_taken_is_not_set_again_for_the_moment_that_is_past() -> None:
    turn = Turn(id=f"{ADDRESS}/9", now=EXPIRY.at + timedelta(minutes=1), seed=9)
    snapshot = Life((WHATSAPP, SIGNING)).snapshot
    decision = MemberBehaviour().give_up(ADDRESS, snapshot, EXPIRY, turn)
    assert (decision.snapshot, decision.timers) == (snapshot, ())


@given(st.data(), some.positions(some.signing | some.consenting | some.waiting) | some.positions(), some.positions())
@few
def test_after_a_change_nothing_but_a_login_is_asked_on_any_channel_whatever_is_said_or_comes_in(
    data: st.DataObject, one: Position, other: Position
) -> None:
    life = changed((WHATSAPP, one), (SMS, other))
    ask = Ask(WHATSAPP, CHANGE, one.asked or SENT_IN, NOON)
    assert life.takes(Answer(f"{ask.turn}#0", effects.encode(ask), data.draw(some.outcomes))).asks == []
    for _ in range(3):
        said = data.draw(some.said(one))
        life.hears(said.content, data.draw(st.sampled_from([WHATSAPP, SMS])))
        assert all(isinstance(ask.command, Login) for ask in life.asks)
        assert life.last.payments == ()
        assert life.remembered.frozen == NOON


def test_a_snapshot_whose_conversations_nobody_can_read_still_holds_money_and_knows_of_a_payment_in_doubt() -> None:
    paying = Paying(payment=f"{SENT_IN}#0", since=NOON, in_doubt=True)
    parts = msgspec.msgpack.decode(changed((WHATSAPP, SETTLING), paying=paying).snapshot or b"")
    parts["places"]["whatsapp"]["position"]["state"] = {"type": "OfAnotherVersion"}
    life = Life()
    life.snapshot = msgspec.msgpack.encode(parts)
    said = InboundMessage(id="in-9", peer=WHATSAPP, at=NOON, content=Text("yes"))
    turn = Turn(id=f"{ADDRESS}/9", now=NOON, seed=9)
    mail = envelope_of(said, accepted_at=NOON)
    with pytest.raises(msgspec.MsgspecError):
        life.takes(mail)
    life.snapshot = MemberBehaviour().give_up(ADDRESS, life.snapshot, mail, turn).snapshot
    assert life.remembered.frozen == NOON
    assert life.remembered.paying == msgspec.structs.replace(paying, known=False)
    assert texts.FROZEN in life.hears("yes").said
