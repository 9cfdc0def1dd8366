"""A person whose phone only knows text, and what they read there.

They type the number of a row, ``9`` until it is on the page, ``0`` where the way is back, and the code where a question
signs; every other person types titles where those are taken. They turn pages as well to read what they are told.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from actors.dialogs import texts
from channels.sms.reserved import reserved
from tests.support import notices
from tests.transcripts.facts import Listener, facts, missing
from tests.transcripts.screens import Screen, screen
from tests.transcripts.script import Answers, Notifies, Said, Sends, Taps, TapsNothing, Types
from tests.transcripts.stage import Stage, handle_of

_MOST_PAGES = 12
_MOST_TEXTS = 2
"""So many text messages at most are one message elsewhere: what is said, and the screen that follows."""

_TOO_DEAR = re.compile(r"(?:Sending|Reading|Upgrading|Looking|Welcome to credex)\b")
"""A greeting, and what is done while a member waits, are not said by text message: too little for their price."""

_DIGITS = "0123456789"
_WRITTEN = {
    "{code}": _DIGITS,
    "{code in letters}": "OI23456789",
    "{code in wide digits}": "".join(chr(0xFF10 + digit) for digit in range(10)),
    "{code in Arabic digits}": "".join(chr(0x0660 + digit) for digit in range(10)),
}


class Texter:
    """All persons of one scenario. ``filled`` puts handles into words."""

    def __init__(
        self, stage: Stage, phone: Callable[[str], str], filled: Callable[[str], str], *, by_title: bool
    ) -> None:
        self._stage = stage
        self._phone = phone
        self._filled = filled
        self._by_title = by_title
        self._seen: dict[str, int] = {}
        self._codes: dict[str, list[str]] = {}
        self._newest: dict[str, Screen] = {}

    async def exchange(self, line: Said, expected: Sequence[Answers]) -> None:
        """Say it, and see that all is told that must be."""
        phone = self._phone(line.person)
        match line:
            case Types(_, text):
                await self._stage.sms(phone, self._filled(self._with_codes(phone, text)))
            case Taps(_, title, older, times, then):
                await self._stage.sms(phone, await self._pick(phone, title, older), times)
                if then is not None:
                    await self._stage.wait(then[0])
                    await self._stage.sms(phone, self._with_codes(phone, then[1]))
            case Notifies(person, text, _, times, key):
                body = notices.request(phone, self._filled(text), name=person, channel="sms")
                for _ in range(times):
                    headers = {} if key is None else {"Idempotency-Key": f"{key}-{phone}"}
                    assert await self._stage.notify(body, headers) == 200
            case TapsNothing() | Sends():
                raise AssertionError(f"not by text message: {line}")
        await self._check(phone, line, [answer for answer in expected if not _only_elsewhere(answer)])

    async def _pick(self, phone: str, title: str, older: int) -> str:
        while not older and phone in self._newest:
            shown = self._newest[phone]
            by_title = self._by_title and not reserved(title)
            typed = shown.typed_for(title, by_title=by_title)
            if typed is not None:
                return typed
            if not shown.more:
                break
            await self._turn_the_page(phone)
        codes = self._codes.get(phone, [])
        if title.startswith(("Yes, ", "Sign and ")) and len(codes) > older:
            return codes[-1 - older]  # of a screen that is gone
        return title

    async def _turn_the_page(self, phone: str) -> list[Screen]:
        await self._stage.sms(phone, "9")
        return await self._told(phone)

    async def _told(self, phone: str) -> list[Screen]:
        seen = self._seen.get(phone, 0)
        told = (await self._stage.messages(phone, seen))[seen:]
        self._seen[phone] = seen + len(told)
        assert all(shown.kind == "sms" for shown in told), told
        screens = [screen(shown.text) for shown in told]
        if screens:
            self._newest[phone] = screens[-1]
        self._codes.setdefault(phone, []).extend(each.code for each in screens if each.code)
        return screens

    async def _check(self, phone: str, line: Said, expected: Sequence[Answers]) -> None:
        told = await self._told(phone)
        shown = "\n".join(each.text for each in told)
        assert bool(told) == bool(expected), f"after {line}, the bot said {shown!r}, not {expected}"
        assert len(told) <= _MOST_TEXTS * len(expected), f"after {line}: {shown!r}"
        own = self._own(line.person, phone)
        while wrong := self._wrong(told, expected, own):
            assert told[-1].more, f"{wrong}, after {line}, the bot said {shown!r}"
            assert len(told) < _MOST_PAGES, f"{wrong}, after {line}, on any page"
            told += await self._turn_the_page(phone)
            shown += f"\n---\n{told[-1].text}"
        titles = {title for answer in expected for title in answer.without if title != texts.ROW_NEXT}
        assert not any(each.row(title) for title in titles for each in told), f"{titles} are shown: {shown!r}"

    def _wrong(self, told: Sequence[Screen], expected: Sequence[Answers], own: Listener) -> str:
        text, bare = "\n".join(each.text for each in told), "\n".join(each.bare for each in told)
        wanted = ((each, text if answer.by_sms else bare) for answer in expected for each in self._wanted(answer, own))
        unsaid = missing(wanted)
        titles = (title for answer in expected for title in answer.choices)
        unshown = [title for title in titles if not any(each.typed_for(title, by_title=False) for each in told)]
        return f"{unsaid!r} is missing" if unsaid else f"{unshown} cannot be picked" if unshown else ""

    def _wanted(self, answer: Answers, own: Listener) -> Iterator[re.Pattern[str]]:
        for words in map(self._filled, answer.words):
            yield from (re.compile(re.escape(words)),) if answer.by_sms else facts(words, own)

    def _own(self, person: str, phone: str) -> Listener:
        shops = tuple(f"Shop {number}" for number in range(2, 50))
        names = (f"{person} Moyo Personal", f"{person} Moyo", *shops)
        return Listener(names, (handle_of(person, phone), phone, r"shop\d+_"))

    def _with_codes(self, phone: str, text: str) -> str:
        codes = [code.split()[-1] for code in self._codes.get(phone, [])]
        if "{wrong code}" in text:
            return text.replace("{wrong code}", next(one for one in map(str, range(1000, 9999)) if one not in codes))
        if "{older code}" in text:
            return text.replace("{older code}", codes[-2])
        for mark, digits in _WRITTEN.items():
            if mark in text:
                written = codes[-1].translate(str.maketrans("0123456789", digits))
                assert digits == _DIGITS or written != codes[-1], "this code cannot be written otherwise"
                text = text.replace(mark, written)
        return text


def _only_elsewhere(answer: Answers) -> bool:
    return not answer.by_sms and bool(answer.words) and _TOO_DEAR.match(answer.words[0]) is not None
