"""What a simulated phone shows: ``Bubble``, and the pure rules that make one out of what is said.

A bubble is a value. It is numbered once, when it appears, and again (``changed``) whenever its status rises, so that
"what is new since change n" needs no log beside the bubbles themselves. Statuses follow WhatsApp's ticks: one when the
message left, two when the other side has it, two coloured ones when the other side has answered.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from channels.message import Choice, DeliveryStatus, OutboundMessage
from channels.plain import harmless, heard, one_line
from channels.simulator.counted import Counted

_BUTTONS_AT_MOST = 3
_E164 = re.compile(r"[1-9][0-9]{6,14}")


class Side(StrEnum):
    """Who speaks."""

    MEMBER = "member"
    BOT = "bot"


class Kind(StrEnum):
    """How a bubble looks."""

    TEXT = "text"
    BUTTONS = "buttons"
    LIST = "list"
    MEDIA = "media"


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A choice as the phone holds it. ``id`` is ``<screen>.<key>`` and comes back in the tap."""

    id: str
    title: str
    description: str = ""
    section: str = ""


class Bubble(msgspec.Struct, frozen=True, kw_only=True):
    """One message on one phone. ``number`` orders bubbles; ``changed`` is the change that made it as it is now.

    ``counted`` is there on what is said by text message.
    """

    number: int
    changed: int
    at: datetime
    channel: str
    phone: str
    side: Side
    text: str
    kind: Kind = Kind.TEXT
    choices: tuple[Offered, ...] = ()
    menu: str = ""
    template: str = ""
    counted: Counted | None = None
    status: DeliveryStatus = DeliveryStatus.SENT


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """What one side says, before it has a place in a conversation."""

    side: Side
    text: str
    kind: Kind = Kind.TEXT
    choices: tuple[Offered, ...] = ()
    menu: str = ""
    template: str = ""
    counted: Counted | None = None


def screen(message: OutboundMessage) -> Saying:
    """A message of the bot as a phone with buttons and lists shows it."""
    kind = kind_of(message)
    return Saying(
        side=Side.BOT,
        text=heard(harmless(message.text or " · ".join(message.parameters))),
        kind=kind,
        choices=tuple(_offered(message.screen, choice) for choice in message.choices),
        menu=message.menu if kind is Kind.LIST else "",
        template=message.template or "",
    )


def kind_of(message: OutboundMessage) -> Kind:
    """As ``channels.whatsapp.render``: up to three choices without descriptions are buttons, any others a list."""
    if not message.choices:
        return Kind.TEXT
    short = len(message.choices) <= _BUTTONS_AT_MOST and not any(choice.description for choice in message.choices)
    return Kind.BUTTONS if short else Kind.LIST


def parse_phone(text: str) -> str | None:
    """E.164 digits out of what a person types (``+263 77 123 4567``), or ``None``. ITU-T E.164: at most 15 digits."""
    digits = re.sub(r"[\s().+-]", "", text)
    return digits if _E164.fullmatch(digits) else None


def answered(bubbles: Iterable[Bubble]) -> bool:
    """Has the bot spoken since the member last did? True of a silent conversation; what was not accepted is over."""
    over = (DeliveryStatus.READ, DeliveryStatus.FAILED)
    return all(bubble.status in over for bubble in bubbles if bubble.side is Side.MEMBER)


def _offered(nonce: str, choice: Choice) -> Offered:
    return Offered(
        id=f"{nonce}.{choice.key}" if nonce else choice.key,
        title=one_line(choice.title),
        description=one_line(choice.description),
        section=one_line(choice.section),
    )
