"""Transcripts as text, and how to read them. Pure.

A file holds scenarios. A line is one of:

    Scenario 14: "5" alone is five US dollars      begins a scenario; the number is its name
    Given Tendai is a member of tier 1             what is so before; see ``director`` for the sentences
    When credex-core is down                       what happens around the conversation
    Then credex-core got createCredex 1 time       what must be so afterwards
    Tendai: hi                                     Tendai types
    Tendai: [Sign and Send]                        Tendai taps, on the newest screen that has it
    Tendai: [Sign and Send] on an older screen     … on the screen before that one
    Tendai: [Sign and Send] delivered 2 times      … and the provider delivers that tap twice, in parallel
    Tendai: [Sign and Send], 5 seconds later: well?  … and types before it is answered; only in virtual time
    Tendai sends an image                          image, audio, sticker, location
    Tendai by sms: view                            Tendai types on a phone that only knows text
    Notify Tendai by whatsapp: An offer waits      another system has Tendai told something; ``sms`` as well
    Notify Tendai by whatsapp 2 times: …           … and asks twice, in parallel
    Notify Tendai by whatsapp with key k1: …       … with a key that tells repeats apart
    Bot: Please check … 5.00 USD [Cancel]          the next message must have these words in this order, and these
                                                   choices (others may be there); ``Bot (list):`` also says its kind
                                                   (text, buttons, list, template, sms)
    Bot: … without [Accept Offers]                 … and must not have this choice
    # a remark

After every line of a person the bot's messages must be exactly the ``Bot`` lines that follow, in that order.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Types:
    """A person types."""

    person: str
    text: str
    by_sms: bool = False


@dataclass(frozen=True, slots=True)
class Notifies:
    """Another system has a person told something; it asks ``times``."""

    person: str
    text: str
    channel: str
    times: int = 1
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Taps:
    """A person taps a choice by its title; ``older`` is how many screens with that title to go back.

    The provider delivers it ``times``. ``then`` is what they type after so many seconds, answered or not.
    """

    person: str
    title: str
    older: int
    times: int = 1
    then: tuple[float, str] | None = None


@dataclass(frozen=True, slots=True)
class TapsNothing:
    """A person taps a button the server has never sent, or has forgotten."""

    person: str


@dataclass(frozen=True, slots=True)
class Sends:
    """A person sends what is not text."""

    person: str
    kind: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What the bot must say next."""

    kind: str | None
    words: tuple[str, ...]
    choices: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stages:
    """A Given, When or Then sentence."""

    sentence: str


Said = Types | Taps | TapsNothing | Sends | Notifies
Line = Said | Answers | Stages


@dataclass(slots=True)
class Scenario:
    """One conversation."""

    number: str
    title: str
    lines: list[Line] = field(default_factory=list)

    @property
    def needs_time(self) -> bool:
        """Whether minutes pass or moments count in it: then only a virtual clock can play it."""
        return any(
            (isinstance(line, Stages) and re.search(r"minutes? (may )?pass", line.sentence))
            or (isinstance(line, Taps) and line.then is not None)
            for line in self.lines
        )

    @property
    def needs_sms(self) -> bool:
        """Whether a phone that only knows text is in it."""
        return any(
            (isinstance(line, Types) and line.by_sms) or (isinstance(line, Notifies) and line.channel == "sms")
            for line in self.lines
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class NotATranscript(Exception):
    """A line that means nothing; tests must not pass over it."""


_HEAD = re.compile(r"Scenario (?P<number>[\w.]+): (?P<title>.+)")
_BOT = re.compile(r"Bot(?: \((?P<kind>text|buttons|list|template|sms)\))?: (?P<rest>.+)")
_SENDS = re.compile(r"(?P<person>\w+) sends an? (?P<kind>image|audio|sticker|location)")
_TAPS = re.compile(
    r"(?P<person>\w+): \[(?P<title>[^]]+)\](?P<older>(?: on an older screen)?)"
    r"(?: delivered (?P<times>\d+) times)?(?:, (?P<after>\d+) seconds later: (?P<then>.+))?"
)
_TYPES = re.compile(r"(?P<person>\w+)(?P<by_sms>(?: by sms)?): (?P<text>.*)")
_NOTIFIES = re.compile(
    r"Notify (?P<person>\w+) by (?P<channel>whatsapp|sms)(?: with key (?P<key>\w+))?(?: (?P<times>\d+) times)?: "
    r"(?P<text>.+)"
)
_UNKNOWN_TAP = re.compile(r"(?P<person>\w+) taps a button nobody knows")
_CHOICE = re.compile(r"\[([^]]+)\]")


def read(path: Path) -> list[Scenario]:
    """Every scenario of a file, in order. Raises ``NotATranscript``."""
    scenarios: list[Scenario] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = raw.strip()
        if not text or text.startswith("#"):
            continue
        if head := _HEAD.fullmatch(text):
            scenarios.append(Scenario(head["number"], head["title"]))
        elif not scenarios:
            raise NotATranscript(f"{path.name}:{number}: a line before the first scenario")
        else:
            scenarios[-1].lines.append(_line(text, f"{path.name}:{number}"))
    return scenarios


def _line(text: str, where: str) -> Line:
    if text.startswith(("Given ", "When ", "Then ", "And ")):
        sentence = text.partition(" ")[2]
        unknown = _UNKNOWN_TAP.fullmatch(sentence)
        return TapsNothing(unknown["person"]) if unknown else Stages(sentence)
    if found := _BOT.fullmatch(text):
        return _answers(found["kind"], found["rest"])
    if found := _SENDS.fullmatch(text):
        return Sends(found["person"], found["kind"])
    if found := _TAPS.fullmatch(text):
        then = (float(found["after"]), found["then"]) if found["then"] else None
        return Taps(found["person"], found["title"], int(bool(found["older"])), int(found["times"] or 1), then)
    if found := _NOTIFIES.fullmatch(text):
        return Notifies(found["person"], found["text"], found["channel"], int(found["times"] or 1), found["key"])
    if found := _TYPES.fullmatch(text):
        return Types(found["person"], found["text"], bool(found["by_sms"]))
    raise NotATranscript(f"{where}: {text}")


def _answers(kind: str | None, rest: str) -> Answers:
    shown, _, without = rest.partition(" without ")
    words = tuple(word.strip() for word in _CHOICE.sub("", shown).split("…") if word.strip())
    return Answers(kind, words, tuple(_CHOICE.findall(shown)), tuple(_CHOICE.findall(without)))
