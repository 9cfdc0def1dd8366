"""What did not arrive, turn by turn and pure: when it is said again, when elsewhere, and when never."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors import effects
from actors.deliveries import PAUSES, is_kept, once_more
from actors.dialogs import texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.notices import TEMPLATE, Lately
from actors.dialogs.outside import Outside
from actors.dialogs.states import Position
from actors.dialogs.visit import Visit
from actors.effects import Say, SayAgain, Unsaid
from actors.member import MemberBehaviour
from actors.preferences import opted
from actors.remembered import MemberSnapshot, OptOut, Place
from channels.message import (
    Choice,
    Content,
    DeliveryStatus,
    IdentityChanged,
    InboundMessage,
    Notice,
    OutboundMessage,
    Peer,
    Preference,
    Trouble,
    Undelivered,
)
from runtime.address import Address
from runtime.envelope import Answer, Due, Envelope, Mail
from runtime.store import ARRIVED
from runtime.turn import Decision, Turn
from tests.actors.dialogs.people import NOON, PHONE, account, member

ADDRESS = Address(f"member:{PHONE}")
LINE = "twilio:+263771000001"
WHATSAPP = Peer("whatsapp", "line-1", PHONE)
SMS = Peer("sms", LINE, PHONE)
VISIT = Visit(phone=PHONE, member=member(account()), account_id=account().id, seen=NOON)
NOTICE = Say(WHATSAPP, OutboundMessage(text="Rudo: hello", template=TEMPLATE, parameters=("Rudo", "hello")))
SCREEN = OutboundMessage(text="What now?", choices=(Choice(key="a", title="A"),), screen="nonce-1")


class Life:
    """One member's actor, and the little of the world it needs: what was sent, and the timers that are set."""

    def __init__(self, snapshot: MemberSnapshot | None = None, text_line: str | None = LINE) -> None:
        self.behaviour = MemberBehaviour(text_line=text_line)
        self.snapshot = msgspec.msgpack.encode(snapshot or MemberSnapshot({}))
        self.timers: dict[str, datetime] = {}
        self.now, self.number = NOON, 0
        self.last = Decision(snapshot=b"")

    @property
    def remembered(self) -> MemberSnapshot:
        return msgspec.msgpack.decode(self.snapshot, type=MemberSnapshot)

    def take(self, mail: Mail) -> list[effects.Effect]:
        self.number += 1
        turn = Turn(f"{ADDRESS}/{self.number}", self.now, self.number)
        self.last = self.behaviour.receive(ADDRESS, self.snapshot, mail, turn)
        self.snapshot = self.last.snapshot
        if isinstance(mail, Due):
            del self.timers[mail.name]
        for name, at in self.last.timers:
            if at is not None:
                self.timers[name] = at
        return [effects.decode(owed.body) for owed in self.last.owes]

    def hear(self, content: Content, peer: Peer = WHATSAPP) -> list[effects.Effect]:
        message = InboundMessage(id=f"in-{self.number}", peer=peer, at=self.now, content=content)
        body = msgspec.msgpack.encode(message)
        return self.take(Envelope(id=message.id, address=ADDRESS, accepted_at=self.now, body=body))

    def fail(
        self, trouble: Trouble, tries: int = 0, peer: Peer = SMS, name: str = "twilio:SM1"
    ) -> list[effects.Effect]:
        return self.hear(Undelivered(name, trouble, tries), peer)

    def refuse(self, say: Say, trouble: Trouble, code: int | None = 131026) -> list[effects.Effect]:
        return self.take(Answer(f"{ADDRESS}/1#0", effects.encode(say), Unsaid(say, trouble, code)))

    def ring(self) -> list[effects.Effect]:
        name, self.now = min(self.timers.items(), key=lambda timer: timer[1])
        return self.take(Due(name, self.now))


def at(peer: Peer, state: Any, screen: str = "") -> MemberSnapshot:  # noqa: ANN401 - any state
    return MemberSnapshot({peer.channel: Place(peer, Position(state=state, screen=screen, touched=NOON))})


def test_the_store_knows_from_which_report_on_a_message_has_arrived() -> None:
    assert [one for one in DeliveryStatus if one.rank >= ARRIVED] == [DeliveryStatus.DELIVERED, DeliveryStatus.READ]


@pytest.mark.parametrize(
    ("trouble", "minutes"), [(Trouble.PASSING, [1, 5, 30]), (Trouble.ODD, [1])], ids=["passing", "odd"]
)
def test_what_may_still_arrive_is_said_again_after_growing_pauses_so_often_and_no_more(
    trouble: Trouble, minutes: list[int]
) -> None:
    life = Life(at(SMS, Outside(), "nonce-1"))
    for tries, pause in enumerate(minutes):
        began = life.now
        assert life.fail(trouble, tries, name=f"twilio:SM{tries}") == []
        assert life.ring() == [SayAgain(SMS, f"twilio:SM{tries}", tries + 1, "nonce-1")]
        assert life.now - began == timedelta(minutes=pause)
        assert life.remembered.again == {}
    assert life.fail(trouble, len(minutes)) == []
    assert life.last.note["then"] == "given up"
    assert life.timers == {}


@pytest.mark.parametrize("trouble", [Trouble.FINAL, Trouble.UNREACHABLE])
def test_what_will_never_arrive_is_not_said_again(trouble: Trouble) -> None:
    life = Life()
    assert life.fail(trouble) == []
    assert (life.timers, life.last.note["then"]) == ({}, "given up")


def test_what_whatsapp_could_not_bring_is_said_by_text_message_once_at_most() -> None:
    life = Life()
    assert life.fail(Trouble.UNREACHABLE, peer=WHATSAPP, name="wamid.1") == [SayAgain(SMS, "wamid.1", 1)]
    [instead] = life.refuse(NOTICE, Trouble.UNREACHABLE)
    words = f"{NOTICE.message.text}\n{texts.NOTICE_TYPED}"
    assert instead == Say(SMS, OutboundMessage(text=words), instead=True)
    assert life.last.dead is None
    assert life.refuse(instead, Trouble.UNREACHABLE) == []
    assert life.last.dead is not None
    assert life.fail(Trouble.UNREACHABLE) == []


@pytest.mark.parametrize(
    ("snapshot", "text_line"),
    [(MemberSnapshot({}), None), (MemberSnapshot({}, unwanted={"sms": OptOut(NOON, "carrier")}), LINE)],
    ids=["no line for text messages", "no text messages wanted"],
)
def test_where_there_is_no_other_way_a_refusal_is_a_dead_letter_as_ever(
    snapshot: MemberSnapshot, text_line: str | None
) -> None:
    life = Life(snapshot, text_line)
    assert life.fail(Trouble.UNREACHABLE, peer=WHATSAPP) == []
    assert life.refuse(NOTICE, Trouble.UNREACHABLE) == []
    dead = life.last.dead
    assert dead is not None
    assert (dead.id, dead.address, dead.cause) == (f"{ADDRESS}/1#0", ADDRESS, "whatsapp refused it, code 131026")
    assert dead.body == effects.encode(NOTICE)


def test_somebody_whose_number_is_hidden_is_sent_no_text_message() -> None:
    peer = Peer("whatsapp", "line-1", "ZW.8842017735501942")
    say = Say(peer, NOTICE.message)
    behaviour, address = MemberBehaviour(text_line=LINE), Address(f"member:{peer.name}")
    answer = Answer(f"{address}/1#0", effects.encode(say), Unsaid(say, Trouble.UNREACHABLE, 131026))
    decision = behaviour.receive(address, None, answer, Turn(f"{address}/2", NOON, 2))
    assert decision.owes == ()
    assert decision.dead is not None


def test_a_screen_and_a_question_in_words_stay_on_their_channel_and_news_do_not() -> None:
    news = Say(WHATSAPP, OutboundMessage(text="Your payment went through."))
    asking = Life(at(WHATSAPP, AtDashboard(VISIT)))
    assert asking.refuse(Say(WHATSAPP, SCREEN), Trouble.UNREACHABLE) == []
    assert asking.last.dead is not None
    assert asking.refuse(news, Trouble.UNREACHABLE) == []
    assert asking.last.dead is not None
    outside = Life(at(WHATSAPP, Outside()))
    assert outside.refuse(news, Trouble.UNREACHABLE) == [Say(SMS, news.message, instead=True)]


def test_a_notice_with_its_button_is_told_by_text_message_without_it() -> None:
    life = Life(at(WHATSAPP, AtDashboard(VISIT)))
    lately = Lately(heard={"whatsapp:line-1": NOON})
    shown = lately.telling(Notice(name="Rudo", text="hello"), WHATSAPP, NOON)
    assert shown.choices
    [instead] = life.refuse(Say(WHATSAPP, shown), Trouble.UNREACHABLE)
    assert isinstance(instead, Say)
    assert instead.message == OutboundMessage(text=f"{shown.text}\n{texts.NOTICE_TYPED}")


def test_what_is_not_wanted_is_an_opt_out_that_is_recorded_and_only_a_repeat_is_a_dead_letter() -> None:
    life = Life()
    assert life.refuse(NOTICE, Trouble.UNWANTED, 131050) == []
    assert life.last.dead is None
    assert life.remembered.unwanted == {"whatsapp": OptOut(NOON, "error 131050")}
    life.now += timedelta(hours=1)
    assert life.refuse(NOTICE, Trouble.UNWANTED, 131050) == []
    assert life.last.dead is not None
    assert life.remembered.unwanted == {"whatsapp": OptOut(NOON, "error 131050")}
    assert life.fail(Trouble.UNWANTED) == []
    assert life.remembered.unwanted["sms"] == OptOut(life.now, "delivery report")


def test_nothing_is_said_again_to_who_wants_no_more_of_it_or_may_be_somebody_else() -> None:
    for news in (Preference(wanted=False, source="carrier"), IdentityChanged("number")):
        life = Life()
        life.fail(Trouble.PASSING)
        life.hear(news, SMS)
        assert life.ring() == []
        assert life.fail(Trouble.PASSING, name="twilio:SM2") == []
        assert life.timers == {}


def test_what_was_said_before_the_phone_or_number_changed_is_said_nowhere_else_afterwards() -> None:
    life = Life(at(WHATSAPP, Outside()))
    life.hear(IdentityChanged("number"))
    assert life.fail(Trouble.UNREACHABLE, peer=WHATSAPP, name="wamid.1") == []
    assert life.refuse(Say(WHATSAPP, OutboundMessage(text="You hold 5.00 USD.")), Trouble.UNREACHABLE) == []
    assert life.last.dead is not None


def test_only_so_much_waits_to_be_said_again() -> None:
    life = Life()
    for number in range(100):
        life.fail(Trouble.PASSING, name=f"twilio:SM{number}")
    assert len(life.remembered.again) == 64
    rung = [life.ring() for _ in range(100)]
    assert rung[35] == []
    assert rung[36] == [SayAgain(SMS, "twilio:SM36", 1)]


@pytest.mark.parametrize(
    ("message", "screen", "said"),
    [
        (SCREEN, "nonce-1", True),
        (SCREEN, "nonce-2", False),
        (SCREEN, "", False),
        (OutboundMessage(text="What now? 1. A", screen="nonce-1"), "nonce-1", True),
        (OutboundMessage(text="What now? 1. A", screen="nonce-1"), "nonce-2", False),
        (OutboundMessage(text="Done."), "nonce-2", True),
    ],
)
def test_a_screen_is_not_shown_again_once_the_conversation_has_moved_on(
    message: OutboundMessage,
    screen: str,
    said: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    again = once_more(Say(SMS, message), SayAgain(SMS, "twilio:SM1", 2, screen))
    assert again == (Say(SMS, message, tries=2) if said else None)


def test_what_was_said_instead_is_not_said_instead_once_more_and_a_screen_never() -> None:
    assert once_more(NOTICE, SayAgain(SMS, "wamid.1", 1)) == Say(
        SMS, OutboundMessage(text=f"Rudo: hello\n{texts.NOTICE_TYPED}"), instead=True
    )
    assert once_more(msgspec.structs.replace(NOTICE, instead=True), SayAgain(SMS, "wamid.1", 1)) is None
    assert once_more(Say(WHATSAPP, SCREEN), SayAgain(SMS, "wamid.1", 1, "nonce-1")) is None


def test_chat_on_whatsapp_is_not_kept() -> None:
    assert [is_kept(say) for say in (NOTICE, Say(SMS, SCREEN), Say(WHATSAPP, SCREEN))] == [True, True, False]


class World(Life):
    """Life with channels: each message gets an id, its words are kept, and at most one report on it is believed.

    ``sent`` is every message that was sent: which of the notices, on which channel, and whether instead.
    """

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, Say] = {}
        self.sent: list[tuple[str, str, bool]] = []
        self.refusals: list[Trouble] = []

    def do(self, owed: list[effects.Effect]) -> None:
        for effect in owed:
            say = effect if isinstance(effect, Say) else None
            if isinstance(effect, SayAgain) and effect.of in self.kept:
                say = once_more(self.kept[effect.of], effect)
            if say is None:
                continue
            assert say.peer.channel not in self.remembered.unwanted
            if self.refusals:
                self.do(self.refuse(say, self.refusals.pop()))
                continue
            which = say.message.text.partition("notice ")[2].partition(" ")[0]
            self.sent.append((which, say.peer.channel, say.instead))
            self.kept[f"{say.peer.channel}:{len(self.sent)}"] = say

    def report(self, name: str, trouble: Trouble) -> None:
        say = self.kept[name]
        self.do(self.hear(Undelivered(name, trouble, say.tries), say.peer))


happenings = st.lists(
    st.one_of(
        st.tuples(st.just("notice"), st.sampled_from([WHATSAPP, SMS])),
        st.tuples(st.just("fail"), st.sampled_from(Trouble)),
        st.tuples(st.just("fail"), st.sampled_from([Trouble.PASSING, Trouble.ODD, Trouble.UNREACHABLE])),
        st.tuples(st.just("ring"), st.none()),
        st.tuples(st.just("refuse next"), st.sampled_from([Trouble.UNREACHABLE, Trouble.UNWANTED])),
        st.tuples(st.just("opt"), st.tuples(st.sampled_from([WHATSAPP, SMS]), st.booleans())),
    ),
    max_size=40,
)


@given(happenings)
def test_whatever_happens_no_message_is_sent_too_often_nor_unwanted_nor_twice_instead(
    happened: list[tuple[str, Any]],
) -> None:
    world, reported = World(), set[str]()
    for number, (what, how) in enumerate(happened):
        world.now += timedelta(seconds=1)
        waiting = [name for name in world.kept if name not in reported]
        if what == "notice":
            world.do(world.hear(Notice(name="Rudo", text=f"notice {number} "), how))
        elif what == "fail" and waiting:
            reported.add(waiting[0])
            world.report(waiting[0], how)
        elif what == "ring" and world.timers:
            world.do(world.ring())
        elif what == "refuse next":
            world.refusals = [how]
        elif what == "opt":
            world.hear(Preference(wanted=how[1], source="test"), how[0])
    for one in set(world.sent):
        assert world.sent.count(one) <= 1 + len(PAUSES[Trouble.PASSING])
    for which, channel, instead in set(world.sent):
        firsts = [
            say
            for say in world.kept.values()
            if f"notice {which} " in say.message.text and say.peer.channel == channel and say.tries == 0
        ]
        assert len(firsts) <= 1, "never told twice by the same channel"
        assert not (instead and channel != "sms")


def test_an_opt_out_outlives_a_snapshot_whose_places_cannot_be_read() -> None:
    snapshot = opted(at(SMS, Outside()), "sms", False, "error 21610", NOON)  # noqa: FBT003 - wants none
    parts = msgspec.msgpack.decode(msgspec.msgpack.encode(snapshot))
    parts["places"]["sms"]["position"]["state"]["type"] = "OfAnotherVersion"
    broken = msgspec.msgpack.encode(parts)
    life = Life()
    mail = Due("expiry:sms", NOON)
    with pytest.raises(msgspec.MsgspecError):
        life.behaviour.receive(ADDRESS, broken, mail, Turn(f"{ADDRESS}/1", NOON, 1))
    life.snapshot = life.behaviour.give_up(ADDRESS, broken, mail, Turn(f"{ADDRESS}/1", NOON, 1)).snapshot
    assert life.remembered.unwanted == snapshot.unwanted
