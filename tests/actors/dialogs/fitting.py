"""What the channels can carry: Meta's limits in UTF-16 units, and the letters of a plain text message."""

from channels.message import OutboundMessage, Peer
from channels.plain import units
from channels.sms.segments import Encoding, measure
from channels.whatsapp.render import render
from tests.actors.dialogs.people import PHONE

SMS_UNITS = 1530
"""Ten segments of 153 septets: more are not carried reliably."""


def check_limits(message: OutboundMessage) -> None:
    """Meta: the most a text, buttons or a list may hold, in UTF-16 units; and its renderer takes it."""
    assert message.text.strip()
    assert units(message.text) <= (1024 if message.choices else 4096)
    titles = [choice.title for choice in message.choices]
    keys = [choice.key for choice in message.choices]
    render(Peer("whatsapp", "line", PHONE), message, "reference")
    described = any(choice.description or choice.section for choice in message.choices)
    title_limit = 24 if described else 20
    assert len(titles) <= (10 if described else 3)
    assert len({title.casefold() for title in titles}) == len(titles)
    assert len(set(keys)) == len(keys)
    assert units(message.menu) <= 20
    for choice in message.choices:
        assert 0 < units(choice.title.strip()) <= title_limit
        assert units(choice.description) <= 72
        assert units(choice.section) <= 24
        assert 0 < len(f"{message.screen}.{choice.key}") <= 200
        assert bool(choice.section) is described


def check_text_message(text: str) -> None:
    """3GPP 23.038: letters of one septet only, so none makes the message dearer, in few enough segments."""
    measured = measure(text)
    assert measured.encoding is Encoding.GSM7
    assert measured.units == len(text) <= SMS_UNITS
