"""Transcripts as text, and how to read them. Pure.

A file holds scenarios. A line is one of:

    Scenario 14: "5" alone is five US dollars      begins a scenario; the number is its name
    Scenario T1 by sms: a bare digit pays nothing  … that is played by text message only
    Given Tendai is a member of tier 1             what is so before; see ``director`` for the sentences
    When credex-core is down                       what happens around the conversation
    Then credex-core got createCredex 1 time       what must be so afterwards
    Tendai: hi                                     Tendai types
    Tendai: [Sign and Send]                        Tendai taps, on the newest screen that has it
    Tendai: [Sign and Send] on an older screen     … on the screen before that one
    Tendai: [Sign and Send] delivered 2 times      … and the provider delivers that tap twice, in parallel
    Tendai: [Sign and Send], 5 seconds later: well?  … and types before it is answered; only in virtual time
    Tendai sends an image                          image, audio, sticker, location
    Notify Tendai by whatsapp: An offer waits      another system has Tendai told something; ``sms`` as well
    Notify Tendai by whatsapp 2 times: …           … and asks twice, in parallel
    Notify Tendai by whatsapp with key k1: …       … with a key that tells repeats apart
    Bot: Please check … 5.00 USD [Cancel]          the next message must have these words in this order, and these
                                                   choices (others may be there); ``Bot (list):`` also says its kind
                                                   (text, buttons, list, template)
    Bot: … without [Accept Offers]                 … and must not have this choice
    # a remark

After every line of a person the bot's messages must be exactly the ``Bot`` lines that follow, in that order.

By text message everybody types, and of a ``Bot`` line only the facts must be told (see ``facts``). Where more is said
there, or something else, the script says so:

    Tendai: yes | by sms: [Sign and Send]          what is done there instead
    Tendai sends an image | not by sms             nothing, and what the bot says to it is left out as well
    Sms: To sign reply PAY [Cancel]                what is said there instead of the ``Bot`` line above, in these words;
                                                   where there is none above, what is said there only
    Tendai: PAY {code}                             ``{code}`` is in the last question that signs, ``{older code}`` in
                                                   the one before, ``{wrong code}`` in none; ``{code in letters}``,
                                                   ``{code in wide digits}`` and ``{code in Arabic digits}`` are the
                                                   first, written otherwise
    Given by sms everything can be seen            how far text messages go; everything can be signed where this is not
"""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from actors.dialogs.allowance import May, Texting


@dataclass(frozen=True, slots=True)
class Types:
    """A person types."""

    person: str
    text: str


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
    """What the bot must say next. ``by_sms``: by text message, in these very words."""

    kind: str | None
    words: tuple[str, ...]
    choices: tuple[str, ...]
    without: tuple[str, ...]
    by_sms: bool = False


@dataclass(frozen=True, slots=True)
class Stages:
    """A Given, When or Then sentence."""

    sentence: str


Said = Types | Taps | TapsNothing | Sends | Notifies
Line = Said | Answers | Stages


@dataclass(slots=True)
class Scenario:
    """One conversation. ``texted`` is how it goes where everybody writes text messages."""

    number: str
    title: str
    only_by_sms: bool = False
    lines: list[Line] = field(default_factory=list)
    texted: list[Line] = field(default_factory=list)

    @property
    def needs_time(self) -> bool:
        """Whether minutes pass or moments count in it: then only a virtual clock can play it."""
        return any(
            (isinstance(line, Stages) and re.search(r"minutes? (may )?pass", line.sentence))
            or (isinstance(line, Taps) and line.then is not None)
            for line in self.lines
        )

    @property
    def not_by_sms(self) -> str:
        """Why it cannot be played by text message; empty if it can."""
        said = any(isinstance(line, Said) for line in self.texted)
        return next(filter(None, map(_why_not, self.texted)), "" if said else "its words belong to the carriers")

    @property
    def texting(self) -> Texting:
        """How far text messages go in it."""
        said = (_FAR.get(line.sentence) for line in self.lines if isinstance(line, Stages))
        return Texting(may=next(filter(None, said), May.ALL))

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class NotATranscript(Exception):
    """A line that means nothing; tests must not pass over it."""


_FAR = {
    "by sms nothing is answered": May.OFF,
    "by sms everything can be seen": May.VIEW,
    "by sms up to the limits can be signed": May.LIMITED,
}
_HEAD = re.compile(r"Scenario (?P<number>[\w.]+)(?P<by_sms>(?: by sms)?): (?P<title>.+)")
_MARKED = re.compile(r"(?P<line>(?P<who>\w+).+?) \| (?:(?P<not>not by sms)|by sms: (?P<instead>.+))")
_BOT = re.compile(r"Bot(?: \((?P<kind>text|buttons|list|template|sms)\))?: (?P<rest>.+)")
_SENDS = re.compile(r"(?P<person>\w+) sends an? (?P<kind>image|audio|sticker|location)")
_TAPS = re.compile(
    r"(?P<person>\w+): \[(?P<title>[^]]+)\](?P<older>(?: on an older screen)?)"
    r"(?: delivered (?P<times>\d+) times)?(?:, (?P<after>\d+) seconds later: (?P<then>.+))?"
)
_TYPES = re.compile(r"(?P<person>\w+): (?P<text>.*)")
_NOTIFIES = re.compile(
    r"Notify (?P<person>\w+) by (?P<channel>whatsapp|sms)(?: with key (?P<key>\w+))?(?: (?P<times>\d+) times)?: "
    r"(?P<text>.+)"
)
_UNKNOWN_TAP = re.compile(r"(?P<person>\w+) taps a button nobody knows")
_CHOICE = re.compile(r"\[([^]]+)\]")
_ELSEWHERE = re.compile(
    r"""
      the\ last\ message\ to\ .+   # what WhatsApp reports of its messages
    | somebody\ posts\ .+         # WhatsApp's signatures
    """,
    re.VERBOSE,
)
_UNSAID = Stages("nothing is said here by sms")
"""Stands in ``Scenario.texted`` for what is not, and takes the answers with it."""


def read(path: Path) -> list[Scenario]:
    """Every scenario of a file, in order. Raises ``NotATranscript``."""
    scenarios: list[Scenario] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = raw.strip()
        if not text or text.startswith("#"):
            continue
        if head := _HEAD.fullmatch(text):
            scenarios.append(Scenario(head["number"], head["title"], only_by_sms=bool(head["by_sms"])))
        elif not scenarios:
            raise NotATranscript(f"{path.name}:{number}: a line before the first scenario")
        else:
            _add(scenarios[-1], text, f"{path.name}:{number}")
    return scenarios


def _add(scenario: Scenario, text: str, where: str) -> None:
    if text.startswith("Sms: "):
        return _add_said_by_sms(scenario, _answers(None, text.removeprefix("Sms: ")))
    marked = _MARKED.fullmatch(text)
    line = _line(marked["line"] if marked else text, where)
    scenario.lines.append(line)
    if marked is None:
        unsaid = isinstance(line, Answers) and bool(scenario.texted) and scenario.texted[-1] is _UNSAID
        scenario.texted += [] if unsaid else [line]
    elif marked["not"]:
        scenario.texted.append(_UNSAID)
    else:
        scenario.texted.append(_line(f"{marked['who']}: {marked['instead']}", where))
    return None


def _add_said_by_sms(scenario: Scenario, said: Answers) -> None:
    said = replace(said, by_sms=True)
    above = scenario.texted[-1] if scenario.texted else None
    if isinstance(above, Answers) and not above.by_sms and above is scenario.lines[-1]:
        scenario.texted.pop()
        if not said.choices and not said.without:
            said = replace(said, choices=above.choices, without=above.without)
    scenario.texted.append(said)
    if scenario.only_by_sms:
        scenario.lines.append(said)


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
        return Types(found["person"], found["text"])
    raise NotATranscript(f"{where}: {text}")


def _answers(kind: str | None, rest: str) -> Answers:
    shown, _, without = rest.partition(" without ")
    words = tuple(word.strip() for word in _CHOICE.sub("", shown).split("…") if word.strip())
    return Answers(kind, words, tuple(_CHOICE.findall(shown)), tuple(_CHOICE.findall(without)))


def _why_not(line: Line) -> str:
    match line:
        case Sends():
            return "a text message is nothing but text"
        case TapsNothing():
            return "there is nothing to tap"
        case Answers(kind="template"):
            return "there are no templates"
        case Stages(sentence) if _ELSEWHERE.fullmatch(sentence):
            return "that is how WhatsApp's webhooks go"
        case Types() | Taps() | Notifies() | Answers() | Stages():
            return ""
