"""Text messages go out by the provider that our end of the conversation names."""

import pytest
import trio

from channels.channel import Channel, NotDeliverable
from channels.message import Choice, OutboundMessage, Peer, Receipt
from channels.sms.channel import SmsChannel
from channels.sms.segments import Encoding, encoding_of

RUDO = "263770000301"


class Pigeons:
    """Carries whatever it is given."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.carried: list[tuple[str, str, str, str]] = []

    async def send(self, ours: str, to: str, text: str, *, reference: str) -> Receipt:
        await trio.lowlevel.checkpoint()
        self.carried.append((ours, to, text, reference))
        return Receipt(f"{self.name}:{len(self.carried)}")


async def test_a_message_goes_out_by_the_provider_its_line_names_from_our_end_there() -> None:
    white, grey = Pigeons("white"), Pigeons("grey")
    channel: Channel = SmsChannel({"white": white, "grey": grey})
    assert channel.name == "sms"
    receipt = await channel.send(Peer("sms", "grey:+1:5", RUDO), OutboundMessage(text="hello"), reference="m#0")
    assert receipt == Receipt("grey:1")
    assert (white.carried, grey.carried) == ([], [("+1:5", RUDO, "hello", "m#0")])


@pytest.mark.parametrize("line", ["black:33333", "33333", "", "white:", ":33333"])
async def test_a_line_of_no_provider_is_not_deliverable(line: str) -> None:
    white = Pigeons("white")
    with pytest.raises(NotDeliverable):
        await SmsChannel({"white": white}).send(Peer("sms", line, RUDO), OutboundMessage(text="hi"), reference="m#0")
    assert white.carried == []


async def test_choices_are_a_numbered_menu_in_letters_that_cost_half() -> None:
    white = Pigeons("white")
    screen = OutboundMessage(text="Send “5.00 USD”? 🙏", choices=(Choice(key="y", title="Sign and Send"),))
    await SmsChannel({"white": white}).send(Peer("sms", "white:1", RUDO), screen, reference="m#0")
    [(_, _, text, _)] = white.carried
    assert text.endswith("1 Sign and Send")
    assert encoding_of(text) is Encoding.GSM7


def test_its_repr_names_its_providers() -> None:
    assert repr(SmsChannel({"white": Pigeons("white")})) == "<SmsChannel white>"
