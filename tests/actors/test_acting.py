"""One choice of account on all of a member's channels: followed where nothing is under way, and never silently."""

import msgspec

from actors.acting import following
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.entry import LoggingIn
from actors.dialogs.offer import AskingAmount
from actors.dialogs.states import Position, visit_of
from actors.dialogs.visit import Visit
from actors.remembered import MemberSnapshot, Place
from channels.message import Peer, Text
from credex.commands import Login
from credex.model import AccountId
from credex.outcomes import LoggedIn
from runtime.turn import Decision
from tests.actors.dialogs.people import NOON, PHONE, account, member
from tests.actors.test_member import SENT_IN, SMS, WHATSAPP, answer, mail, receive, said

SHOP = account("moyo_shop", "Moyo Shop")
BOTH = member(account(), SHOP)
VISIT = Visit(phone=PHONE, member=BOTH, account_id=account().id, seen=NOON)


def at_dashboard(visit: Visit = VISIT) -> Position:
    return Position(state=AtDashboard(visit), screen="abcd1234", touched=NOON)


def snapshot(*places: tuple[Peer, Position], acting: AccountId | None = None) -> bytes:
    known = {peer.channel: Place(peer, position) for peer, position in places}
    return msgspec.msgpack.encode(MemberSnapshot(known, acting=acting))


def remembered(decision: Decision) -> MemberSnapshot:
    return msgspec.msgpack.decode(decision.snapshot, type=MemberSnapshot)


def account_on(decision: Decision, peer: Peer) -> AccountId | None:
    visit = visit_of(remembered(decision).places[peer.channel].position.state)
    return visit.account_id if visit else None


def switched_on_whatsapp() -> bytes:
    before = snapshot((WHATSAPP, at_dashboard()), (SMS, at_dashboard()))
    choosing = receive(before, mail(Text("switch account"))).snapshot
    return receive(choosing, mail(Text("Moyo Shop"))).snapshot


def test_an_account_chosen_on_one_channel_is_remembered_for_all() -> None:
    assert msgspec.msgpack.decode(switched_on_whatsapp(), type=MemberSnapshot).acting == SHOP.id


def test_a_number_typed_on_another_channel_is_not_acted_on_for_an_account_that_was_not_on_its_screen() -> None:
    decision = receive(switched_on_whatsapp(), mail(Text("1"), SMS))
    [login] = [each for each in (remembered(decision).places["sms"].position.state,) if isinstance(each, LoggingIn)]
    assert login.account_id == SHOP.id
    assert "other chat" in login.notes[0]
    assert "moyo_shop" in login.notes[0]


def test_a_question_under_way_on_another_channel_keeps_the_account_it_was_asked_for() -> None:
    asking = Position(state=AskingAmount(VISIT), screen="abcd1234", touched=NOON)
    decision = receive(snapshot((SMS, asking), acting=SHOP.id), mail(Text("5"), SMS))
    assert account_on(decision, SMS) == account().id


def test_who_logs_in_on_a_second_channel_acts_for_the_account_chosen_on_the_first() -> None:
    logging_in = Position(state=LoggingIn(phone=PHONE), screen="", touched=NOON, asked=SENT_IN)
    decision = receive(snapshot((WHATSAPP, logging_in), acting=SHOP.id), answer(LoggedIn(BOTH), to=Login(PHONE)))
    assert account_on(decision, WHATSAPP) == SHOP.id
    assert "@moyo_shop" in said(decision)


def test_an_account_that_is_no_longer_the_members_is_not_followed() -> None:
    assert following(at_dashboard(), AccountId("gone")) == at_dashboard()
    assert following(None, SHOP.id) is None
