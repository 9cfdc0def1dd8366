"""The channel between phones and the application."""

import pytest
import trio
import trio.testing

from channels.channel import Channel, NotDeliverable
from channels.message import DeliveryStatus, InboundMessage, Media, OutboundMessage, Peer, Tap, Text
from channels.simulator.channel import REMEMBERED, NotAccepted, SimulatorChannel
from channels.simulator.conversation import Kind
from tests.channels.simulator.phones import MENU, NOON, RUDO, TAPIWA, Application, channel, conversations, peer


async def test_what_a_member_types_reaches_the_application() -> None:
    application = Application()
    await channel(application).say(TAPIWA, "  hi\0\ud800 ")
    (message,) = application.accepted
    assert (message.peer, message.at) == (Peer("simulator", "simulator", TAPIWA), NOON)
    assert isinstance(message.content, Text)
    assert message.content.body.startswith("hi")
    message.content.body.encode()


async def test_a_tap_names_the_choice_and_shows_its_label() -> None:
    application = Application()
    phone = channel(application)
    await phone.tap(TAPIWA, "s1.offer", "Offer Secured Credex")
    assert application.accepted[0].content == Tap("s1.offer", "Offer Secured Credex")
    assert phone.conversations.of("simulator", TAPIWA)[0].text == "Offer Secured Credex"


async def test_a_picture_is_media() -> None:
    application = Application()
    phone = channel(application)
    await phone.send_media(TAPIWA, "image")
    assert application.accepted[0].content == Media("image")
    assert phone.conversations.of("simulator", TAPIWA)[0].kind is Kind.MEDIA


async def test_every_message_has_an_id_of_its_own_that_no_other_run_gives() -> None:
    application = Application()
    phone = channel(application)
    for _ in range(2):
        await phone.say(TAPIWA, "hi")
    receipt = await phone.send(peer(TAPIWA), MENU, reference="r")
    ids = {receipt.id, *(message.id for message in application.accepted)}
    assert len(ids) == 3
    assert all("run1" in each for each in ids)


async def test_the_second_tick_comes_when_the_message_is_durable() -> None:
    durable = trio.Event()

    async def deliver(_: InboundMessage) -> None:
        await durable.wait()

    phone = SimulatorChannel(conversations(), deliver=deliver, validate=Application().validate)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(phone.say, TAPIWA, "hi")
        await trio.testing.wait_all_tasks_blocked()
        assert phone.conversations.of("simulator", TAPIWA)[0].status is DeliveryStatus.SENT
        durable.set()
    assert phone.conversations.of("simulator", TAPIWA)[0].status is DeliveryStatus.DELIVERED


async def test_a_message_that_could_not_be_stored_says_so_and_can_be_delivered_again() -> None:
    application = Application()
    phone = channel(application)
    application.full = True
    with pytest.raises(NotAccepted):
        await phone.say(TAPIWA, "hi")
    assert phone.conversations.of("simulator", TAPIWA)[0].status is DeliveryStatus.FAILED
    application.full = False
    assert await phone.again(1)
    assert phone.conversations.of("simulator", TAPIWA)[0].status is DeliveryStatus.DELIVERED


async def test_delivered_again_is_the_same_message_under_the_same_id() -> None:
    application = Application()
    phone = channel(application)
    bubble = await phone.say(TAPIWA, "hi")
    assert await phone.again(bubble.number)
    first, second = application.accepted
    assert first == second


async def test_only_recent_messages_can_be_delivered_again() -> None:
    phone = channel(Application())
    for _ in range(REMEMBERED + 1):
        await phone.say(TAPIWA, "hi")
    assert not await phone.again(1)
    assert await phone.again(2)


async def test_what_whatsapp_would_refuse_is_refused_and_not_shown() -> None:
    phone = channel(Application())
    with pytest.raises(NotDeliverable):
        await phone.send(peer(TAPIWA), OutboundMessage(text="x" * 101), reference="r")
    assert phone.conversations.since(0) == ()


async def test_the_bot_is_heard_on_the_phone_it_speaks_to() -> None:
    phone = channel(Application())
    await phone.send(peer(RUDO), MENU, reference="r")
    (bubble,) = phone.conversations.of("simulator", RUDO)
    assert (bubble.text, bubble.kind, len(bubble.choices)) == ("What next?", Kind.BUTTONS, 2)


async def test_a_phone_without_buttons_shows_the_words_of_its_plain_rendering() -> None:
    application = Application()
    sms = SimulatorChannel(
        conversations(),
        deliver=application.deliver,
        validate=application.validate,
        plain=lambda message: f"{message.text} 1 2",
        name="sms",
        line="12345",
    )
    await sms.send(Peer("sms", "12345", TAPIWA), MENU, reference="r")
    (bubble,) = sms.conversations.of("sms", TAPIWA)
    assert (bubble.text, bubble.kind, bubble.choices) == ("What next? 1 2", Kind.TEXT, ())
    assert not sms.has_buttons
    await sms.say(TAPIWA, "1")
    assert application.accepted[0].peer == Peer("sms", "12345", TAPIWA)


async def test_sending_is_a_checkpoint_and_a_cancelled_message_is_not_shown() -> None:
    phone: Channel = channel(Application(), known := conversations())
    with trio.CancelScope() as scope:
        scope.cancel()
        await phone.send(peer(TAPIWA), MENU, reference="r")
    assert scope.cancelled_caught
    assert known.since(0) == ()
