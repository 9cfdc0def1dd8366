"""Nobody is logged in: whatever is said next starts afresh (``actors.dialogs.hearing`` sees to that)."""

import msgspec

from actors.dialogs import texts
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, stay
from channels.message import OutboundMessage
from runtime.turn import Turn


class Outside(msgspec.Struct, frozen=True, tag=True):
    """Before the first word, after an outage, after the phone changed hands."""

    def prompt(self) -> OutboundMessage:
        """How to begin."""
        return OutboundMessage(text=texts.OUTSIDE)

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """Nothing happens here."""
        match event:
            case Heard() | Chose() | Unsupported() | Answered():
                return stay(self)
