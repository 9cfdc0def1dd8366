"""What is said, whatever the channel: inbound and outbound messages, receipts and deliveries.

Values only. A channel's ``wire`` module makes ``InboundMessage`` out of a provider's payload; its ``render`` module
makes the provider's payload out of ``OutboundMessage``. Choices are the same everywhere: a channel shows them as
buttons, a list or a numbered menu, and a typed number, label or synonym answers as well as a tap.
"""

from datetime import datetime
from enum import StrEnum

import msgspec


class Peer(msgspec.Struct, frozen=True):
    """Who we talk to on which channel.

    ``line`` is our own end (a WhatsApp phone number id, a short code), ``name`` theirs: E.164 digits, or a WhatsApp
    business-scoped user id (``ZW.884…``) for people who hide their number.
    """

    channel: str
    line: str
    name: str


class Text(msgspec.Struct, frozen=True, tag=True):
    """Typed words, cleaned of NUL and lone surrogates, stripped; may be empty."""

    body: str
    forwarded: bool = False


class Tap(msgspec.Struct, frozen=True, tag=True):
    """A button or row was tapped. ``choice`` is the id we gave it; ``label`` what the member saw."""

    choice: str
    label: str = ""


class Media(msgspec.Struct, frozen=True, tag=True):
    """Something the bot cannot read: an image, a voice note, a sticker, a place, a contact, an unknown kind."""

    kind: str


class IdentityChanged(msgspec.Struct, frozen=True, tag=True):
    """The provider says that person, number or device changed: money waits for a fresh start. Never answered."""

    kind: str


class Notice(msgspec.Struct, frozen=True, tag=True):
    """Another system has the member told ``text``. Not said by the member, and answers nothing.

    ``name`` is what the member is called. ``mark`` is what it is told apart by for a while; empty if its id alone does.
    """

    name: str
    text: str
    mark: str = ""


class Preference(msgspec.Struct, frozen=True, tag=True):
    """The provider says whether this person wants messages of ours here: they told it, or their carrier, so.

    ``source`` names who says it, for the record (``carrier``, ``error 21610``). Never answered: the provider has.
    """

    wanted: bool
    source: str


class Trouble(StrEnum):
    """Why a message that the provider had taken did not arrive, told by what helps."""

    PASSING = "passing"
    """The same may arrive later: try again, with growing pauses, a few times."""
    ODD = "odd"
    """The provider cannot say: one more try."""
    FINAL = "final"
    """The same will never arrive."""
    UNREACHABLE = "unreachable"
    """This person has no such phone, or is not on this channel: another channel may help."""
    UNWANTED = "unwanted"
    """This person wants no messages of ours here."""


class Undelivered(msgspec.Struct, frozen=True, tag=True):
    """A message of ours did not arrive. Not said by the member, and answers nothing.

    ``id`` is the provider's id of that message, as in its receipt; ``tries`` how often it was sent before.
    """

    id: str
    trouble: Trouble
    tries: int = 0


Content = Text | Tap | Media | IdentityChanged | Notice | Preference | Undelivered


class InboundMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message of one person. ``id`` is the provider's, unique for ever; ``at`` when they sent it (aware UTC)."""

    id: str
    peer: Peer
    at: datetime
    content: Content


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a member can pick. ``key`` comes back in the tap; ``says`` are typed words that mean the same."""

    key: str
    title: str
    description: str = ""
    section: str = ""
    says: tuple[str, ...] = ()


class OutboundMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What we say. With ``choices`` it is a screen; ``menu`` labels the button that opens a long list of them.

    ``screen`` is the nonce that ties a tap to this very screen: a channel sends it back in every tap as
    ``<screen>.<key>``. ``template`` names an approved template for messages outside the service window and
    ``parameters`` fill it; channels without templates say ``text``.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    menu: str = "Options"
    screen: str = ""
    template: str | None = None
    parameters: tuple[str, ...] = ()


class Receipt(msgspec.Struct, frozen=True):
    """The provider took the message. ``id`` is the provider's message id."""

    id: str


class DeliveryStatus(StrEnum):
    """How far a message got."""

    SENT = "sent"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"

    @property
    def rank(self) -> int:
        """Statuses come in any order and only ever rise: sent < failed < delivered < read."""
        return tuple(DeliveryStatus).index(self)


class DeliveryReport(msgspec.Struct, frozen=True, kw_only=True):
    """The provider's word on a message of ours. ``ours`` is the id we attached when sending, if it came back.

    ``trouble`` comes with ``FAILED`` where it is known what would help; ``error`` is the provider's code.
    """

    id: str
    status: DeliveryStatus
    at: datetime
    ours: str | None = None
    error: int | None = None
    trouble: Trouble | None = None
