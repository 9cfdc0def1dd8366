"""A scripted conversation at the pure level: what a member says and credex-core answers, and what the bot makes of it.

``Talk`` keeps the position as it would be stored: encoded and decoded again at every turn. Time moves only when told.
"""

from datetime import datetime, timedelta

import msgspec

from actors.dialogs import frame
from actors.dialogs.allowance import May, Texting
from actors.dialogs.hearing import RULES, Rules
from actors.dialogs.settling import Settlement
from actors.dialogs.states import AnyState, Position
from actors.payments import Finding
from channels.message import Content, InboundMessage, OutboundMessage, Peer, Tap, Text
from credex.commands import Command, Login, MoneyCommand
from credex.model import Member, OfferId, Phone
from credex.outcomes import LoggedIn, Outcome
from runtime.turn import Turn
from tests.actors.dialogs.people import NOON, PHONE

EVERYTHING = Texting(may=May.ALL)


class Talk:
    """One member on one channel."""

    def __init__(
        self,
        *,
        channel: str = "whatsapp",
        phone: Phone | None = PHONE,
        now: datetime = NOON,
        texting: Texting = EVERYTHING,
    ) -> None:
        self.peer = Peer(channel=channel, line="line-1", name="263770000001")
        self.phone = phone
        self.now = now
        self.position: Position | None = None
        self.messages: tuple[OutboundMessage, ...] = ()
        self.asked: list[Command] = []
        self.rules = Rules(texting=texting) if channel == "sms" else RULES
        self._turns = 0

    @property
    def state(self) -> AnyState:
        assert self.position is not None
        return self.position.state

    @property
    def screen(self) -> OutboundMessage:
        """The last message of the last turn."""
        return self.messages[-1]

    @property
    def text(self) -> str:
        return "\n---\n".join(message.text for message in self.messages)

    @property
    def titles(self) -> list[str]:
        return [choice.title for choice in self.screen.choices]

    def user_says(self, text: str, *, forwarded: bool = False, ago: float = 0) -> "Talk":
        return self.user_sends(Text(text, forwarded=forwarded), ago=ago)

    def user_taps(self, title: str, *, on: OutboundMessage | None = None, ago: float = 0) -> "Talk":
        screen = on or self.screen
        choice = next(choice for choice in screen.choices if choice.title == title)
        return self.user_sends(Tap(f"{screen.screen}.{choice.key}", title), ago=ago)

    def user_sends(self, content: Content, *, ago: float = 0) -> "Talk":
        at = self.now - timedelta(seconds=ago)
        said = InboundMessage(id=f"in-{self._turns}", peer=self.peer, at=at, content=content)
        return self._took(frame.hear(self.position, said, self.phone, self._turn(), rules=self.rules))

    def core_answers(self, outcome: Outcome) -> "Talk":
        assert self.position is not None
        assert self.position.asked, "nothing was asked"
        return self._took(
            frame.answer(self.position, outcome, self._turn(), asked=self.position.asked, rules=self.rules)
        )

    def core_takes_a_moment(self) -> "Talk":
        """No word from credex-core yet for over a second."""
        return self.core_is_slow(passed=1)

    def core_is_slow(self, asked: str | None = None, passed: int = 2) -> "Talk":
        """No word from credex-core yet, over what was asked last or in that turn."""
        assert self.position is not None
        asked = asked or self.position.asked
        return self._took(frame.slow(self.position, self._turn(), asked=asked, passed=passed, rules=self.rules))

    def core_settles(self, finding: Finding, read: Member | None, *, accepted: tuple[OfferId, ...] = ()) -> "Talk":
        """What reading tells of the command that moved money last; ``accepted`` is on the ledger."""
        [command] = [command for command in self.asked if isinstance(command, MoneyCommand)][-1:]
        ended = Settlement(command=command, finding=finding, reference="ref-1", member=read, ledger=accepted)
        return self._took(frame.settled(self.position, ended, self._turn(), known=True, rules=self.rules))

    def breaks_down(self) -> "Talk":
        return self._took(frame.recover(self.position, self._turn(), rules=self.rules))

    def later(self, **much: float) -> "Talk":
        self.now += timedelta(**much)
        return self

    def logged_in_as(self, member: Member) -> "Talk":
        self.user_says("hi")
        assert isinstance(self.asked[-1], Login)
        return self.core_answers(LoggedIn(member))

    def bot_answers(self, *parts: str) -> "Talk":
        for part in parts:
            assert part in self.text, f"{part!r} is not in {self.text!r}"
        return self

    def bot_offers(self, *titles: str) -> "Talk":
        assert self.titles == list(titles)
        return self

    def bot_asks_core(self, command: Command) -> "Talk":
        assert self.asked[-1] == command
        return self

    def _turn(self) -> Turn:
        self._turns += 1
        return Turn(id=f"member:1/{self._turns}", now=self.now, seed=self._turns * 7)

    def _took(self, moved: frame.Moved) -> "Talk":
        stored = msgspec.msgpack.decode(msgspec.msgpack.encode(moved.position), type=Position)
        assert stored == moved.position
        self.position, self.messages = stored, moved.messages
        if moved.ask is not None:
            self.asked.append(moved.ask)
        return self
