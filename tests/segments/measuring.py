"""Every screen and every sentence as a text message, measured: with usual people in it, and with the worst."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from actors.dialogs import texting, texts
from actors.dialogs.briefs import HINTS
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.notices import Lately
from actors.dialogs.states import AnyState
from actors.dialogs.wording import counterparty, due_day, near_day, own_party, party
from actors.dialogs.words import both, brief, places
from actors.notices import LONGEST_MESSAGE, LONGEST_NAME
from channels.message import Notice, Peer
from channels.sms.menu import Page
from channels.sms.segments import Encoding, Measured, measure
from channels.sms.wording import plain
from tests.actors.dialogs import people, worst
from tests.actors.dialogs.test_texts_fit import LONGEST, PIECES, found, is_sentence
from tests.segments import usual

SCREEN = "abcd1234"
NO_SENTENCES = PIECES | HINTS | {"WORKING", "NOTICE", "SMS_OWES", "SMS_OWED", "SMS_NET"}
"""What is never said by text message, or only as a part of something that is measured here."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a screen page by page, or a sentence, whose pages are one."""

    name: str
    usual: tuple[Measured, ...]
    worst: tuple[Measured, ...]

    @property
    def segments(self) -> int:
        """Of the dearest page of the usual case."""
        return max(page.segments for page in self.usual)

    @property
    def plain(self) -> bool:
        """Whether the 7-bit alphabet holds all of it."""
        return {page.encoding for page in (*self.usual, *self.worst)} == {Encoding.GSM7}


def screens() -> Iterator[Row]:
    """Every state there is, in every shape."""
    for kind in get_args(AnyState):
        for shape, state in states_of(kind):
            yield Row(shape, *(tuple(measure(page.text) for page in laid(each)) for each in state))


def states_of(kind: type[AnyState]) -> Iterator[tuple[str, tuple[AnyState, AnyState]]]:
    """By name: the usual state and the worst one of that shape."""
    shapes = zip(worst.states_of(kind, usual.USUAL), worst.states_of(kind), strict=True)
    for (shape, common), (_, longest) in shapes:
        yield f"{kind.__name__} {shape}".rstrip(), (common, longest)
        if kind is AtDashboard:
            yield f"{kind.__name__} quiet", (usual.QUIET, longest)


def laid(state: AnyState) -> tuple[Page, ...]:
    """All pages of its screen."""
    return texting.laid_out(state, state.prompt(), SCREEN)


def sentences() -> Iterator[Row]:
    """What is said in front of screens, by the name of the text; one of several under a name has its number."""
    longest, seen = worst_places(), Counter[str]()
    for name, text in found():
        if not is_sentence(name, text) or name in NO_SENTENCES or name.startswith("_"):
            continue
        seen[name] += 1
        title = name if seen[name] == 1 else f"{name} {seen[name]}"
        yield Row(title, *((_measured(text, words),) for words in (usual.PLACES, longest)))
    yield Row("NOTICE", *((_noticed(name, message),) for name, message in _NOTICES))


def worst_places() -> Mapping[str, str]:
    """The longest of what may stand in a place, with its brief form where it has one."""
    account = own_party(worst.ACCOUNT_NAME, worst.HANDLE)
    day = worst.LONGEST_DAY
    filled = {place: words(str(worst.LONGEST_MONEY)) for place, words in LONGEST.items()}
    return filled | {
        "account": account,
        "issuer": account,
        "source": account,
        "counterparty": counterparty(worst.WORDS["counterparty"]),
        "name": worst.ACCOUNT_NAME,
        "day": due_day(day),
        "terms": texts.TERMS_PROMISED.format(day=due_day(day)),
        "earliest": near_day(day),
        "latest": near_day(day),
        "waiting": both(LONGEST["waiting"](""), str(worst.OFFERS)),
        "at": "31 Dec 2026, 23:59",
        "start": "31 Dec 2026",
        "told": max((_unknown(text, account) for text in _UNKNOWN), key=lambda each: len(brief(each))),
    }


def _unknown(text: str, account: str) -> str:
    receiver = party(worst.ACCOUNT_NAME, worst.HANDLE)
    offers = LONGEST["offers"]("")
    return text.format(
        amount=worst.LONGEST_MONEY, issuer=account, account=account, receiver=receiver, offers=offers, price="1.00 USD"
    )


_UNKNOWN = (texts.OFFER_UNKNOWN, texts.ANSWER_UNKNOWN, texts.ALL_UNKNOWN, texts.UPGRADE_UNKNOWN)
_NOTICES = (
    ("Tariro Moyo", "Rudo Ncube offers you 12.50 USD, secured."),
    ("W" * LONGEST_NAME, "Rudo Ncube offers you 12.50 USD, secured. " * (LONGEST_MESSAGE // 42)),
)


def _measured(text: str, words: Mapping[str, str]) -> Measured:
    return measure(plain(brief(text.format(**words) if places(text) else text)))


def _noticed(name: str, message: str) -> Measured:
    told = Lately().telling(Notice(name, message), Peer("sms", "12345", worst.PHONE), people.NOON)
    return measure(plain(told.text))
