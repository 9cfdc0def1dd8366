"""How a notice is told, when it is not told again, and the way from it to the offers that wait.

Meta: outside the service window only an approved template may be sent, whose parameters hold no line break, no tab and
no more than four spaces in a row. Within it, and where there are no templates, it is a plain message.

Its one button has a fixed id, unlike those of screens: it is not the answer to a question and never expires, since all
it does is to open a list that is read anew. A channel without buttons has it typed, and not as a number: a number is
the answer to the screen the member was at.

The window in which the same notice is told once begins with the first of them and not at a round time, so no repeat
slips through at an edge. It is remembered by a digest, never by its words.
"""

from datetime import UTC, datetime, timedelta
from typing import Self

import msgspec

from actors.dialogs import texts
from actors.dialogs.greetings import plain_word
from actors.dialogs.wording import brief_name
from actors.dialogs.words import Words, brief, full, joined
from channels.message import Choice, IdentityChanged, InboundMessage, Notice, OutboundMessage, Peer
from channels.plain import by_words, one_line
from channels.sms.wording import plain

ONCE_FOR = timedelta(minutes=10)
"""So long after a notice the same one is taken for a repeat, unless its caller has given it a key of its own."""

SERVICE_WINDOW = timedelta(hours=24) - timedelta(minutes=5)
"""Meta: 24 hours from a person's last message. The margin is for the way there."""

TEMPLATE = "incoming_notification"
VIEW_WORDS = frozenset({"view", "accept/view", plain_word(texts.NOTICE_VIEW)})
"""Whole messages that do what the button does."""

_SCREEN, _VIEW = "notice", "view"
BUTTON = f"{_SCREEN}.{_VIEW}"
"""What a tap on the button brings back. No nonce of a screen looks like this."""

_WITHOUT_BUTTONS = frozenset({"sms"})
_MOST_REMEMBERED = 64
_ROOM_FOR_ALL, _ROOM_FOR_MESSAGE = 255, 225
_NEVER = datetime.min.replace(tzinfo=UTC)


class Lately(msgspec.Struct, frozen=True):
    """What notices have to know of a member.

    ``heard`` is when they wrote last, by line of ours; ``told`` is when each notice was first told, by its mark.
    """

    heard: dict[str, datetime] = {}
    told: dict[str, datetime] = {}

    def after(self, said: InboundMessage, now: datetime) -> Self:
        """They have written. Somebody new with this number or device has not yet."""
        line = _line(said.peer)
        heard = {name: at for name, at in self.heard.items() if name != line}
        if not isinstance(said.content, IdentityChanged):
            heard[line] = max(min(said.at, now), self.heard.get(line, _NEVER))
        return msgspec.structs.replace(self, heard=heard)

    def knows(self, notice: Notice, at: datetime) -> bool:
        """Whether this is a repeat of what was told."""
        first = self.told.get(notice.mark)
        return first is not None and abs(at - first) < ONCE_FOR

    def knowing(self, notice: Notice, at: datetime) -> Self:
        """The same with this one told. Only so many are remembered, however many there are."""
        if not notice.mark:
            return self
        kept = [(mark, first) for mark, first in self.told.items() if at - first < ONCE_FOR and mark != notice.mark]
        return msgspec.structs.replace(self, told=dict([*kept, (notice.mark, at)][-_MOST_REMEMBERED:]))

    def telling(self, notice: Notice, peer: Peer, now: datetime) -> OutboundMessage:
        """The message to send."""
        name = Words(notice.name, lambda: brief_name(notice.name))
        message = Words(notice.text, lambda: _shortened(notice.text, _ROOM_FOR_MESSAGE))
        told = texts.NOTICE.format(name=name, message=message)
        if peer.channel in _WITHOUT_BUTTONS:
            return OutboundMessage(text=brief(joined("\n", (told, texts.NOTICE_TYPED))))
        text = full(told)
        if now - self.heard.get(_line(peer), _NEVER) < SERVICE_WINDOW:
            return OutboundMessage(text=text, choices=(Choice(key=_VIEW, title=texts.NOTICE_VIEW),), screen=_SCREEN)
        return OutboundMessage(text=text, template=TEMPLATE, parameters=(one_line(notice.name), one_line(notice.text)))


def _shortened(message: str, room: int) -> str:
    """As much as a text message has room for, whole words only: what it is about is seen in the list of offers."""
    return by_words(one_line(plain(message)), room)


def is_notice(message: OutboundMessage) -> bool:
    """Whether it is one, as it is told where there are buttons or templates."""
    return message.template == TEMPLATE or message.screen == _SCREEN


def by_text(message: OutboundMessage) -> OutboundMessage | None:
    """The same words where there are neither buttons nor templates; ``None`` for a screen, which asks something."""
    if is_notice(message):
        return OutboundMessage(text=f"{_shortened(message.text, _ROOM_FOR_ALL)}\n{texts.NOTICE_TYPED}")
    return None if message.choices or message.screen else OutboundMessage(text=message.text)


def _line(peer: Peer) -> str:
    return f"{peer.channel}:{peer.line}"
