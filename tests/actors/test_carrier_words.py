"""STOP, START, HELP and YES by text message: recorded, answered once, and never a command of ours."""

import msgspec
import pytest

from actors import effects
from actors.dialogs import texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.onboarding import AskingFirstName, AskingLastName
from actors.dialogs.states import Position
from actors.effects import Ask, Say
from actors.remembered import MemberSnapshot, OptOut, Place
from channels.message import Content, Notice, Peer, Preference, Text
from runtime.turn import Decision
from tests.actors.dialogs.people import NOON, PHONE
from tests.actors.test_preferences import SIGNING, SMS, WHATSAPP, hear, remembered, stored

TWILIO = Peer("sms", "twilio:+15005550006", PHONE)


def said(decision: Decision) -> list[str]:
    found = [effects.decode(owed.body) for owed in decision.owes]
    return [effect.message.text for effect in found if isinstance(effect, Say)]


def asks(decision: Decision) -> list[Ask]:
    return [effect for effect in (effects.decode(owed.body) for owed in decision.owes) if isinstance(effect, Ask)]


FULLWIDTH = "\uff33\uff34\uff2f\uff30"


@pytest.mark.parametrize(
    "word", ["STOP", "stop.", " Unsubscribe ", "CANCEL", "End", "quit!", FULLWIDTH, "stop all", "Mira"]
)
def test_a_word_that_stops_is_recorded_answered_once_and_closes_what_one_word_signs(word: str) -> None:
    decision = hear(stored(SMS), Text(word), SMS)
    assert said(decision) == [texts.SMS_STOPPED]
    assert remembered(decision).unwanted == {"sms": OptOut(NOON, "word")}
    assert isinstance(remembered(decision).places["sms"].position.state, AtDashboard)
    assert asks(decision) == []


@pytest.mark.parametrize("words", ["please stop it", "stop rudo", "the end", "cancel offers", "yes please"])
def test_a_sentence_with_such_a_word_inside_is_none(words: str) -> None:
    assert remembered(hear(stored(SMS), Text(words), SMS)).unwanted == {}


def test_after_a_stop_notices_are_not_told_until_start() -> None:
    notice = Notice("Tariro", "An offer waits.")
    stopped = hear(stored(SMS), Text("STOP"), SMS)
    assert said(hear(stopped.snapshot, notice, SMS)) == []
    started = hear(stopped.snapshot, Text("START"), SMS)
    assert said(started) == [texts.SMS_STARTED]
    assert len(said(hear(started.snapshot, notice, SMS))) == 1


def test_yes_joins_again_whoever_has_stopped_and_signs_nothing_of_anybody() -> None:
    assert asks(hear(stored(SMS), Text("YES"), SMS)) == []
    assert remembered(hear(stored(SMS), Text("YES"), SMS)).places["sms"].position.state == SIGNING.state
    stopped = hear(stored(SMS), Text("STOP"), SMS)
    assert remembered(hear(stopped.snapshot, Text("yes"), SMS)).unwanted == {}


@pytest.mark.parametrize("word", ["HELP", "info?"])
def test_help_is_answered_once_and_moves_nothing(word: str) -> None:
    decision = hear(stored(SMS), Text(word), SMS)
    assert said(decision) == [texts.SMS_HELP]
    assert remembered(decision).places["sms"].position == SIGNING


def test_where_the_provider_answers_stop_and_start_itself_we_do_not() -> None:
    stopped = hear(stored(TWILIO), Text("STOP"), TWILIO)
    assert (said(stopped), list(remembered(stopped).unwanted)) == ([], ["sms"])
    started = hear(stopped.snapshot, Text("START"), TWILIO)
    assert (said(started), remembered(started).unwanted) == ([], {})
    assert said(hear(stored(TWILIO), Text("HELP"), TWILIO)) == [texts.SMS_HELP]


@pytest.mark.parametrize("content", [Text("STOP"), Preference(wanted=False, source="carrier")])
def test_other_channels_are_left_alone(content: Content) -> None:
    stopped = hear(stored(SMS, WHATSAPP), content, SMS)
    assert list(remembered(stopped).unwanted) == ["sms"]
    assert remembered(stopped).places["whatsapp"].position.state == SIGNING.state


def test_on_whatsapp_these_words_are_words_like_others() -> None:
    assert remembered(hear(stored(WHATSAPP), Text("STOP"), WHATSAPP)).unwanted == {}


def test_who_is_called_like_a_local_word_for_stop_can_join() -> None:
    asking = Position(state=AskingFirstName(phone=PHONE), screen="abcd1234", touched=NOON)
    before = msgspec.msgpack.encode(MemberSnapshot({"sms": Place(SMS, asking)}))
    decision = hear(before, Text("Mira"), SMS)
    assert remembered(decision).unwanted == {}
    assert isinstance(remembered(decision).places["sms"].position.state, AskingLastName)
