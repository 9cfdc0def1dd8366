"""A member with a phone: reads the last message, and taps or types something sensible or senseless.

Amounts and receivers are few, so that payments like each other meet; a thumb slips, an old screen is scrolled up to, a
word is sent while the bot is at work.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import trio

from tests.simulation.history import History, Sent
from tests.simulation.networks import Networks
from tests.simulation.seeded import Random
from tests.simulation.weather import Weather
from tests.support import webhooks
from tests.support.graph import Shown

_PAUSES = (0, 0, 0.2, 0.5, 1, 2, 3, 5, 10, 30, 200)
_LONG_PAUSES = (600, 1000, 4000, 20_000)
_AMOUNTS = ("5", "5", "5.00 USD", "2.50", "USD 5", "40")
_NONSENSE = (
    "hi",
    "menu",
    "help",
    "cancel",
    "what?",
    "yes",
    "1",
    "2",
    "no",
    "",
    "5 zwg",
    "nan",
    "-1",
    "ok",
    "Hey",
    "ledger",
    "offers",
    "bal",
    "5=>rudo",
    "2.50->tendai",
    "pay 5,00 to rudo",
    "all",
    "next",
    "x" * 300,
)
_WANTED = (
    "offer_secured",
    "offer_secured",
    "offer_unsecured",
    "accept_offer",
    "decline_offer",
    "cancel_offer",
    "accept_all",
    "accept_all",
    "ledger",
    "switch_account",
    "manage_account",
    "upgrade",
    "help",
)
_RENAMES = ("manage_account", "rename_account")
CASTS: tuple[tuple[tuple[str, ...], ...], ...] = (((),), ((),), ((),), (("upgrade",),), (("offer_secured",), _RENAMES))
"""What the members of a world are bent on, by turns: what seldom meets by chance meets in some world."""
_MANAGING = (
    "rename_account",
    "create_account",
    "add_member",
    "remove_member",
    "offers_receiver",
    "recurring",
    "set_up",
)
_ANSWERS = (
    ("How much", _AMOUNTS),
    ("would you like to call", ("Dube Farm", "Gumbo Stall", "Al", "Moyo Transport")),
    ("Which handle", ("dube_farm", "gumbo_stall", "rudo", "no handle!")),
    ("Every how many days", ("7", "30", "400")),
    ("When is the first payment", ("Today", "2", "5 April 2025", "yesterday")),
    ("first name", ("Tariro", "Al", "Nyarai")),
    ("last name", ("Moyo", "Ncube")),
)
"""What is asked is known by these words; what is answered, now and then nonsense."""
_TYPED_YES = ("yes", "1", "y", "ok", "Sign and Send")


@dataclass(frozen=True, slots=True)
class Person:
    """A member. ``handles`` are accounts that are worth an offer to them, ``keen`` is a part of one of ``CASTS``."""

    number: str
    handles: tuple[str, ...]
    keen: tuple[str, ...]


class Phone:
    """One member's phone."""

    def __init__(
        self,
        person: Person,
        networks: Networks,
        *,
        history: History,
        weather: Weather,
        random: Random,
        now: Callable[[], datetime],
    ) -> None:
        self.number = person.number
        self._handles = person.handles
        self._networks = networks
        self._keen = person.keen
        self._history, self._weather, self._random, self._now = history, weather, random, now
        self._screens: list[Shown] = []
        self._count = 0
        self._news = trio.Event()

    def show(self, shown: Shown) -> None:
        """A message arrives."""
        self._screens.append(shown)
        self._news.set()

    async def live(self, actions: int) -> None:
        """Do so many things, and pause between them."""
        for _ in range(actions):
            await self._pause()
            self.act()

    async def _pause(self) -> None:
        """Mostly until there is something to read, but not for long."""
        random = self._random
        pause = random.choice(_LONG_PAUSES if random.random() < 0.02 else _PAUSES)
        if random.random() < 0.75:
            self._news = trio.Event()
            with trio.move_on_after(10):
                await self._news.wait()
        await trio.sleep(pause)

    def act(self) -> None:
        """One message."""
        random = self._random
        last = self._screens[-1] if self._screens else None
        if last is None:
            self._type(random.choice(("hi", "hi", "menu", "hello there")))
        elif random.random() < self._weather.senseless:
            self._be_senseless()
        elif last.choices:
            self._choose(last)
        else:
            self._type(self._answer_to(last.text))

    def _be_senseless(self) -> None:
        random = self._random
        kind = random.random()
        screens = [screen for screen in self._screens if screen.choices]
        if kind < 0.4 and screens:
            self._tap(random.choice(screens[-6:]), None)
        elif kind < 0.5:
            self._send("media", random.choice(("image", "sticker", "location")))
        elif kind < 0.56:
            self._send("system", "user_changed_number")
            self._type("hi")
        else:
            self._type(random.choice(_NONSENSE))

    def _choose(self, screen: Shown) -> None:
        random = self._random
        keys = {choice.partition(".")[2]: choice for choice, _ in screen.choices}
        if "confirm" in keys and random.random() < 0.8:
            if random.random() < 0.15:
                self._type(random.choice(_TYPED_YES))
                return
            self._tap(screen, keys["confirm"])
            while random.random() < 0.15:
                self._tap(screen, keys["confirm"])
            return
        bent = [keys[key] for key in self._keen if key in keys]
        if bent and random.random() < 0.7:
            self._tap(screen, random.choice(bent))
            return
        wanted = [keys[key] for key in (*_WANTED, *_MANAGING) if key in keys]
        if wanted and random.random() < 0.9:
            self._tap(screen, random.choice(wanted))
        elif random.random() < 0.2:
            self._type(str(random.randint(1, len(screen.choices))))
        else:
            self._tap(screen, None)

    def _answer_to(self, text: str) -> str:
        random = self._random
        if any(asked in text for asked in ("type the handle", "type their handle", "the member's handle")):
            return random.choice((*self._handles, *self._handles, "nobody_here"))
        for asked, answers in _ANSWERS:
            if asked in text:
                return random.choice(answers)
        return random.choice(("menu", "hi", "hello?", "menu", "1"))

    def _tap(self, screen: Shown, choice: str | None) -> None:
        choice = choice or self._random.choice(screen.choices)[0]
        title = next(title for key, title in screen.choices if key == choice)
        self._send(screen.kind, choice, title)

    def _type(self, text: str) -> None:
        self._send("text", text)

    def _send(self, kind: str, what: str, title: str = "") -> None:
        self._count += 1
        message = _message(self.number, kind, what, title, self._now())
        message["id"] = f"wamid.{self.number}.{self._count}"
        self._history.note(Sent(message["id"], self.number, kind, what))
        self._networks.take(message)


def _message(phone: str, kind: str, what: str, title: str, at: datetime) -> dict[str, Any]:
    if kind == "text":
        return webhooks.text(phone, what, at=at)
    if kind == "media":
        return webhooks.media(phone, what, at=at)
    if kind == "system":
        return webhooks.text(phone, "", at=at) | {"type": "system", "system": {"type": what}}
    return webhooks.tap(phone, kind, what, title, at=at)
