"""What dialog states are made of: events in, a ``Step`` out.

A state is a frozen ``msgspec.Struct`` holding exactly the data valid in it; the whole conversation is its name and its
fields, stored as they are. ``prompt()`` is what the member sees on arriving; ``on(event, turn)`` is what happens next.
Both are pure. A state with choices need not read typed text for them: the frame (``actors.dialogs.frame``) turns a
typed number, label, synonym into ``Chose`` before the state sees it, refuses taps of older screens, and answers the
words that work everywhere (menu, help).
"""

from datetime import datetime
from typing import Protocol

import msgspec

from actors.dialogs.quick import QuickOffer
from channels.message import OutboundMessage
from credex.commands import Command
from credex.outcomes import Outcome
from runtime.turn import Turn


class Heard(msgspec.Struct, frozen=True):
    """The member typed this, and it named none of the choices on the screen. Stripped; never empty."""

    text: str


class Chose(msgspec.Struct, frozen=True):
    """The member picked this choice of the current screen, by tap or by typing. Always a key of ``prompt()``."""

    key: str


class Unsupported(msgspec.Struct, frozen=True):
    """The member sent what the bot cannot read; ``kind`` names it (``image``, ``voice``, ``empty`` for blank text)."""

    kind: str


class Answered(msgspec.Struct, frozen=True):
    """credex-core's outcome of the command that this state is waiting for."""

    outcome: Outcome


Event = Heard | Chose | Unsupported | Answered


class Texted(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a position on a channel without buttons holds besides: the page shown last, and wrong codes.

    ``menu`` is what its numbers were told by when it was shown (``texting.menu_of``); ``rests`` is until when nothing
    can be signed here.
    """

    page: int = 0
    menu: str = ""
    wrong: int = 0
    rests: datetime | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Where the conversation goes.

    ``says`` are sentences put in front of the next prompt, in one message with it. ``asks`` is sent to credex-core; the
    next state then waits for its ``Answered``. ``prompts`` is false when the next state's prompt is not to be shown
    (a waiting state, which shows it only if the wait is long). ``opens`` names a door of the dashboard
    (``actors.dialogs.doors``) to go through at once, or an offer typed in one line to take up there: the dashboard
    knows its rows, not the dialogs behind them. ``texted`` is how the screen stands on a channel without buttons,
    if not at its first page.
    """

    state: "State"
    says: tuple[str, ...] = ()
    asks: Command | None = None
    prompts: bool = True
    opens: str | QuickOffer | None = None
    texted: Texted | None = None


class State(Protocol):
    """One place in a conversation."""

    def prompt(self) -> OutboundMessage:
        """The screen of this place, without its nonce."""
        ...

    def on(self, event: Event, turn: Turn) -> Step:
        """What this place makes of an event."""
        ...


def goto(state: State, *says: str) -> Step:
    """Move on; ``says`` goes in front of the new prompt."""
    return Step(state=state, says=says)


def stay(state: State, *says: str) -> Step:
    """Keep the place, say what was wrong, ask again."""
    return Step(state=state, says=says)


def ask(state: State, command: Command, *says: str) -> Step:
    """Send a command and wait for it in ``state``, whose prompt is shown only if that takes long."""
    return Step(state=state, says=says, asks=command, prompts=False)


def wait(state: State, *says: str) -> Step:
    """Keep waiting: say something, show no prompt."""
    return Step(state=state, says=says, prompts=False)
