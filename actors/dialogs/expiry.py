"""How long a conversation may be left alone, and where it waits afterwards. Pure; the one rule about it.

It is asked three times: a durable timer moves a conversation that is over into a safe place, silently; every message is
measured by it again, because a timer may come late; and a message that was on its way for longer is not acted on. A
command under way and a payment being found out are waited for without end.
"""

from datetime import datetime, timedelta
from typing import get_args

import msgspec

from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.doubts import Doubting
from actors.dialogs.outside import Outside
from actors.dialogs.states import AnyState, MoneyScreen, Position, Settling, Waiting, visit_of

_MONEY = frozenset(get_args(MoneyScreen))
_ENDLESS = frozenset({Outside, *get_args(Waiting), *get_args(Settling)})
"""Asked for several times a message: a set of classes is looked up, where a union of sixty is gone through."""


class Lifetimes(msgspec.Struct, frozen=True, kw_only=True):
    """How long a screen stands without a word: ``money`` where money is about to be moved, ``other`` elsewhere."""

    money: timedelta = timedelta(minutes=5)
    other: timedelta = timedelta(minutes=15)

    def of(self, state: AnyState) -> timedelta:
        """How long this state stands."""
        asked = state.kept if isinstance(state, Doubting) else state
        return self.money if type(asked) in _MONEY else self.other

    def end(self, position: Position) -> datetime | None:
        """When it is over; ``None`` where nobody is, where it is over already, and for what is waited for."""
        if position.expired or type(position.state) in _ENDLESS:
            return None
        return position.touched + self.of(position.state)

    def over(self, position: Position, now: datetime) -> bool:
        """Whether nothing may be done on this screen any more, its last instant included."""
        end = self.end(position)
        return position.expired or (end is not None and now >= end)

    def too_late(self, state: AnyState, sent: datetime, now: datetime) -> bool:
        """Whether a message took so long that its sender has stopped waiting for it."""
        return now - sent > self.of(state)


LIFETIMES = Lifetimes()
"""Where nothing else is set."""


def left_alone(position: Position) -> Position:
    """Where the member's next word finds it: at the dashboard if somebody is logged in, else outside."""
    visit = visit_of(position.state)
    state = Outside() if visit is None else AtDashboard(visit.outdated())
    texted = msgspec.structs.replace(position.texted, page=0, menu="")
    return Position(state=state, screen="", touched=position.touched, expired=True, texted=texted)
