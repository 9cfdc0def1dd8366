"""Plays a scenario on a stage: a running server with hands on credex-core, Graph and time.

The stage is either the application in this process, in virtual time, or ``vimbiso serve`` and ``vimbiso core`` as
processes; the director does not know which. People get phone numbers of their own, so scenarios can share a server.
"""

import re
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any
from zlib import crc32

import trio

from actors.dialogs.notices import BUTTON
from tests.support import notices, webhooks
from tests.support.graph import Shown
from tests.transcripts.script import Answers, Notifies, Said, Scenario, Sends, Stages, Taps, TapsNothing, Types
from tests.transcripts.stage import Sentences, Stage, handle_of
from tests.transcripts.texter import Texter


class Hand(Enum):
    """How people pick a choice of the screen before them. Older screens can only be tapped."""

    TAPS = "taps"
    TYPES_LABELS = "types labels"
    TYPES_NUMBERS = "types numbers"
    TEXTS = "texts"
    """By text message, where there is nothing to tap (``texter``)."""


class Director:
    """One performance of one scenario. ``cast_number`` keeps its phone numbers apart from others'."""

    def __init__(self, stage: Stage, cast_number: int, *, hand: Hand = Hand.TAPS) -> None:
        self._stage = stage
        self._hand = hand
        self._first_phone = 263_780_000_000 + cast_number * 100
        self._phones: dict[str, str] = {}
        self._seen: dict[str, int] = {}
        self._sentences = Sentences(self._stage, self.phone)

    async def play(self, scenario: Scenario) -> None:
        """Play every line. Fails with the line that did not hold."""
        by_sms = self._hand is Hand.TEXTS
        by_title = crc32(str(scenario).encode()) % 2 == 0
        texter = Texter(self._stage, self.phone, self._filled, by_title=by_title)
        lines = list(scenario.texted if by_sms else scenario.lines)
        while lines:
            line = lines.pop(0)
            match line:
                case Stages(sentence):
                    await self._sentences.carry_out(sentence)
                case Answers():
                    raise AssertionError(f"{scenario}: an answer to nobody: {line}")
                case Types() | Taps() | TapsNothing() | Sends() | Notifies():
                    expected: list[Answers] = []
                    while lines and isinstance(lines[0], Answers):
                        expected.append(lines.pop(0))  # type: ignore[arg-type]  # just looked at
                    await (texter.exchange if by_sms else self._exchange)(line, expected)

    async def _exchange(self, line: Said, expected: list[Answers]) -> None:
        phone = self.phone(line.person)
        match line:
            case Notifies():
                await self._notify(phone, line)
            case Types() | Taps() | TapsNothing() | Sends():
                await self._write(phone, line)
        seen = self._seen.get(phone, 0)
        told = (await self._stage.messages(phone, seen + len(expected)))[seen:]
        self._seen[phone] = seen + len(told)
        assert len(told) == len(expected), f"after {line}:\n" + "\n".join(f"  {shown}" for shown in told)
        for shown, answer in zip(told, expected, strict=True):
            self._check(shown, answer, line)

    async def _notify(self, phone: str, line: Notifies) -> None:
        body = notices.request(phone, self._filled(line.text), name=line.person, channel=line.channel)
        headers = {} if line.key is None else {"Idempotency-Key": f"{line.key}-{phone}"}

        async def ask() -> None:
            assert await self._stage.notify(body, headers) == 200

        await _at_once(ask, line.times)

    async def _write(self, phone: str, line: Types | Taps | TapsNothing | Sends) -> None:
        now = self._stage.now()
        times = 1
        then: tuple[float, str] | None = None
        message: dict[str, Any]
        match line:
            case Types(_, text):
                message = webhooks.text(phone, self._filled(text), at=now)
            case Sends(_, kind):
                message = webhooks.media(phone, kind, at=now)
            case TapsNothing():
                message = webhooks.tap(phone, "buttons", "zzzzzzzz.confirm", "Sign and Send", at=now)
            case Taps(_, title, older, times, then):
                so_far = await self._stage.messages(phone, 0)
                screens = [shown for shown in so_far if shown.choice(title)]
                assert len(screens) > older, f"no screen shows [{title}]"
                screen = screens[-1 - older]
                message = self._pick(phone, screen, title, current=screen is so_far[-1] and times == 1)
        await self._deliver(message, times)
        if then is not None:
            await self._stage.wait(then[0])
            await self._deliver(webhooks.text(phone, then[1], at=self._stage.now()), 1)

    def _pick(self, phone: str, screen: Shown, title: str, *, current: bool) -> dict[str, Any]:
        now, titles = self._stage.now(), [label for _, label in screen.choices]
        if screen.choice(title) == BUTTON and self._hand is Hand.TYPES_NUMBERS:
            current = False  # a number is for the screen before the notice
        match self._hand if current else Hand.TAPS:
            case Hand.TAPS:
                return webhooks.tap(phone, screen.kind, screen.choice(title) or "", title, at=now)
            case Hand.TYPES_LABELS:
                return webhooks.text(phone, title, at=now)
            case Hand.TYPES_NUMBERS:
                return webhooks.text(phone, str(titles.index(title) + 1), at=now)
            case Hand.TEXTS:
                raise AssertionError("a texter picks in another way")

    async def _deliver(self, message: dict[str, Any], times: int) -> None:
        body = webhooks.notification(message)

        async def deliver() -> None:
            assert await self._stage.post(body) == 200

        await _at_once(deliver, times)

    def phone(self, person: str) -> str:
        """The phone number of a person of this scenario."""
        return self._phones.setdefault(person, str(self._first_phone + len(self._phones)))

    def _filled(self, text: str) -> str:
        """``{Rudo}`` is Rudo's handle in this scenario."""
        return re.sub(r"\{(\w+)\}", lambda found: handle_of(found[1], self.phone(found[1])), text)

    def _check(self, shown: Shown, answer: Answers, line: object) -> None:
        where = f"after {line}, the bot said {shown}"
        if answer.kind is not None:
            assert shown.kind == answer.kind, where
        position = 0
        for words in map(self._filled, answer.words):
            found = shown.text.find(words, position)
            assert found >= 0, f"{words!r} is missing: {where}"
            position = found + len(words)
        titles = [title for _, title in shown.choices]
        assert set(answer.choices) <= set(titles), where
        assert not set(answer.without) & set(titles), where


async def _at_once(what: Callable[[], Awaitable[None]], times: int) -> None:
    async with trio.open_nursery() as nursery:
        for _ in range(times):
            nursery.start_soon(what)
