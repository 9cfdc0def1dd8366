"""What the channels can carry: Meta's limits in UTF-16 units, and the letters of a plain text message."""

from channels.message import OutboundMessage, Peer
from channels.plain import units
from channels.whatsapp.render import render
from tests.actors.dialogs.people import PHONE

GSM_7 = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \n\r"
    "@\u00a3$\u00a5\u00e8\u00e9\u00f9\u00ec\u00f2\u00c7\u00d8\u00f8\u00c5\u00e5\u0394_\u03a6\u0393\u039b\u03a9\u03a0\u03a8\u03a3\u0398\u039e"
    "\u00c6\u00e6\u00df\u00c9\u00a4\u00a1\u00c4\u00d6\u00d1\u00dc\u00a7\u00bf\u00e4\u00f6\u00f1\u00fc\u00e0"
    "!\"#%&'()*+,-./:;<=>?"
)
"""3GPP 23.038, the basic table, one septet each. One letter beyond it halves what a text message holds."""

SMS_PARTS = 10
SMS_PART = 153
"""Septets in one of several parts; more than ten parts are not carried reliably."""


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
    """3GPP 23.038: letters of one septet only, in no more parts than operators carry."""
    assert set(text) <= GSM_7, f"{set(text) - GSM_7} would make it a message of 70 letters: {text!r}"
    assert len(text) <= SMS_PARTS * SMS_PART
