"""Who wants no messages: what is recorded, what is kept quiet, and which question is closed. Pure."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from actors import effects
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.signing import SigningOffer
from actors.dialogs.states import Position
from actors.dialogs.visit import Visit
from actors.effects import Say
from actors.member import MemberBehaviour
from actors.preferences import opted
from actors.remembered import MemberSnapshot, OptOut, Place
from channels.message import Content, InboundMessage, Notice, Peer, Preference
from credex.commands import OfferCredex
from credex.money import Denomination, Money
from runtime.address import Address
from runtime.envelope import Envelope
from runtime.turn import Decision, Turn
from tests.actors.dialogs.people import NOON, PHONE, RUDO, account, member

ADDRESS = Address(f"member:{PHONE}")
WHATSAPP = Peer("whatsapp", "line-1", PHONE)
SMS = Peer("sms", "12345", PHONE)
VISIT = Visit(phone=PHONE, member=member(account()), account_id=account().id, seen=NOON)
OFFER = OfferCredex(
    phone=PHONE, issuer=account().id, receiver=RUDO.id, amount=Money(Decimal("12.30"), Denomination.USD)
)
SIGNING = Position(state=SigningOffer(VISIT, OFFER, RUDO), screen="abcd1234", touched=NOON)
STOP, START = Preference(wanted=False, source="carrier"), Preference(wanted=True, source="carrier")


def stored(*peers: Peer, **more: object) -> bytes:
    snapshot = MemberSnapshot({peer.channel: Place(peer, SIGNING) for peer in peers})
    return msgspec.msgpack.encode(msgspec.structs.replace(snapshot, **more))


def hear(snapshot: bytes | None, content: Content, peer: Peer, *, give_up: bool = False) -> Decision:
    said = InboundMessage(id="in-1", peer=peer, at=NOON, content=content)
    mail = Envelope(id="in-1", address=ADDRESS, accepted_at=NOON, body=msgspec.msgpack.encode(said))
    behaviour = MemberBehaviour()
    return (behaviour.give_up if give_up else behaviour.receive)(ADDRESS, snapshot, mail, Turn(f"{ADDRESS}/7", NOON, 7))


def remembered(decision: Decision) -> MemberSnapshot:
    return msgspec.msgpack.decode(decision.snapshot, type=MemberSnapshot)


@pytest.mark.parametrize("give_up", [False, True])
def test_an_opt_out_is_recorded_by_channel_and_taken_back_and_nothing_is_answered(
    give_up: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    stopped = hear(None, STOP, SMS, give_up=give_up)
    assert (stopped.owes, remembered(stopped).unwanted) == ((), {"sms": OptOut(NOON, "carrier")})
    assert stopped.note == {"channel": "sms", "trigger": "Preference", "wanted": "no", "source": "carrier"}
    both = hear(stopped.snapshot, STOP, WHATSAPP, give_up=give_up)
    started = hear(both.snapshot, START, SMS, give_up=give_up)
    assert (started.owes, set(remembered(started).unwanted)) == ((), {"whatsapp"})
    assert remembered(started).lately.heard == {}, "the provider has spoken, not the member"


def test_of_two_opt_outs_the_first_stands() -> None:
    first = opted(MemberSnapshot({}), "sms", False, "member", NOON)  # noqa: FBT003 - wants none
    second = opted(first, "sms", False, "carrier", NOON + timedelta(days=1))  # noqa: FBT003 - wants none
    assert second.unwanted == {"sms": OptOut(NOON, "member")}


def test_a_notice_that_is_not_wanted_is_not_said_nor_said_elsewhere_and_makes_figures_old_all_the_same() -> None:
    fresh = Position(state=AtDashboard(VISIT), screen="abcd1234", touched=NOON)
    snapshot = MemberSnapshot({"whatsapp": Place(WHATSAPP, fresh)}, unwanted={"sms": OptOut(NOON, "carrier")})
    quiet = hear(msgspec.msgpack.encode(snapshot), Notice(name="Rudo", text="An offer waits.", mark="m"), SMS)
    assert (quiet.owes, quiet.note["trigger"]) == ((), "Notice unwanted")
    state = remembered(quiet).places["whatsapp"].position.state
    assert isinstance(state, AtDashboard)
    assert state.visit == VISIT.outdated()
    again = hear(hear(quiet.snapshot, START, SMS).snapshot, Notice(name="Rudo", text="An offer waits.", mark="m"), SMS)
    [said] = [effects.decode(owed.body) for owed in again.owes]
    assert isinstance(said, Say), "it was not told before"
    assert said.peer == SMS


def test_an_opt_out_of_text_messages_closes_a_question_that_one_word_signs_and_none_elsewhere() -> None:
    stopped = hear(stored(SMS, WHATSAPP), STOP, SMS)
    places = remembered(stopped).places
    assert isinstance(places["sms"].position.state, AtDashboard)
    assert places["sms"].position.expired
    assert places["whatsapp"].position.state == SIGNING.state
    assert stopped.timers == ()
    assert remembered(hear(stored(WHATSAPP), STOP, WHATSAPP)).places["whatsapp"].position.state == SIGNING.state
    dashboard = Position(state=AtDashboard(VISIT), screen="abcd1234", touched=NOON)
    moved = opted(MemberSnapshot({"sms": Place(SMS, dashboard)}), "sms", False, "member", NOON)  # noqa: FBT003 - none
    assert moved.places["sms"].position == dashboard
