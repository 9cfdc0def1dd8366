"""The length of a text message in plain words."""

import pytest

from channels.message import OutboundMessage, Peer
from channels.simulator.channel import SimulatorChannel
from channels.simulator.counted import counted
from channels.sms.segments import Encoding
from channels.sms.wording import worded
from tests.channels.simulator.phones import MENU, TAPIWA, Application, channel, conversations, peer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "0 of 160, GSM-7, 1 segment"),
        ("a" * 153, "153 of 160, GSM-7, 1 segment"),
        ("a" * 214, "2 segments (GSM-7, 214 characters)"),
        ("[" * 100, "2 segments (GSM-7, 100 characters that count as 200)"),
        ("Tőke", "4 of 70, UCS-2, 1 segment, because of ő (U+0151)"),
        ("ő😀" * 40, "2 segments (UCS-2, 80 characters that count as 120), because of ő (U+0151)"),
        ("a\u200bb", "3 of 70, UCS-2, 1 segment, because of U+200B"),
        ("a\u0301", "2 of 70, UCS-2, 1 segment, because of U+0301"),
        ("a\u00a0b", "3 of 70, UCS-2, 1 segment, because of U+00A0"),
    ],
)
def test_a_length_says_what_it_costs_and_which_character_made_it_dear(text: str, words: str) -> None:
    assert counted(text).words == words


def test_the_parts_are_what_the_segments_carry_and_the_room_is_all_of_theirs() -> None:
    length = counted("a" * 152 + "€" + "b")
    assert (length.parts, length.units, length.room) == (("a" * 152 + "€" + "b",), 155, 160)
    length = counted("a" * 152 + "€" + "b" * 20)
    assert (length.parts, length.units, length.room) == (("a" * 152, "€" + "b" * 20), 174, 306)
    assert (length.encoding, length.because, length.segments) == (Encoding.GSM7, "", "2 segments")


def sms(application: Application) -> SimulatorChannel:
    return SimulatorChannel(
        conversations(), deliver=application.deliver, validate=application.validate, plain=worded, name="sms"
    )


async def test_a_phone_for_text_messages_counts_what_goes_either_way() -> None:
    phone = sms(Application())
    said = await phone.say(TAPIWA, " hi 😀 ")
    await phone.send(Peer("sms", "simulator", TAPIWA), OutboundMessage(text="*Tőke* says “hi”"), reference="r")
    heard, answer = phone.conversations.of("sms", TAPIWA)
    assert said.counted == heard.counted == counted("hi 😀") == phone.count(" hi 😀 ")
    assert answer.text == 'Toke says "hi"'
    assert answer.counted == counted(answer.text)


async def test_a_picture_is_no_text_message_and_is_not_counted() -> None:
    assert (await sms(Application()).send_media(TAPIWA, "image")).counted is None


async def test_a_phone_with_buttons_counts_nothing() -> None:
    phone = channel(Application())
    await phone.say(TAPIWA, "hi")
    await phone.tap(TAPIWA, "s1.offer", "Offer Secured Credex")
    await phone.send(peer(TAPIWA), MENU, reference="r")
    assert [bubble.counted for bubble in phone.conversations.of("simulator", TAPIWA)] == [None, None, None]
    assert phone.count("hi") is None
