"""Every text, filled in with the longest of everything, fits every channel.

Texts are found by looking into ``actors.dialogs.texts``, states by looking into ``AnyState``: one added later is
checked without anybody remembering. A placeholder this test does not know fails it until ``LONGEST`` says how long its
words may be.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from string import Formatter
from typing import get_args

import msgspec
import pytest

from actors.dialogs import texts
from actors.dialogs.phrases import PATIENCE, greetings_said
from actors.dialogs.states import AnyState
from actors.dialogs.wording import count, full_day, party, said, shown
from actors.notices import LONGEST_MESSAGE, LONGEST_NAME
from channels.message import Choice, OutboundMessage
from channels.plain import numbered, units
from channels.whatsapp.render import RenderRefused
from credex.money import Denomination
from tests.actors.dialogs import worst
from tests.actors.dialogs.fitting import SMS_UNITS, check_limits, check_text_message

LONGEST_DAY = max((full_day(date(2026, 9, number)) for number in range(20, 27)), key=len)
TWO_NAMES = worst.WORDS["counterparty"]
PARTY = party(TWO_NAMES, worst.HANDLE)


def _named(*beginnings: str) -> list[str]:
    return [text for name, text in found() if name.startswith(beginnings)]


def _longest(options: list[str], amount: str) -> str:
    return max((filled(text, amount) for text in options), key=units)


LONGEST: Mapping[str, Callable[[str], str]] = {
    "account": lambda _: PARTY,
    "issuer": lambda _: PARTY,
    "receiver": lambda _: PARTY,
    "counterparty": lambda _: shown(TWO_NAMES),
    "first_name": lambda _: worst.PERSONAL_NAME,
    "last_name": lambda _: worst.PERSONAL_NAME,
    "handle": lambda _: worst.HANDLE,
    "amount": lambda amount: amount,
    "amounts": lambda amount: texts.OR.join((amount, amount)),
    "available": lambda amount: amount,
    "left": lambda amount: amount,
    "net": lambda amount: f"-{amount}",
    "denomination": lambda _: "USD",
    "denominations": lambda _: ", ".join(Denomination),
    "decimals": lambda _: count(4, texts.ONE_DECIMAL, texts.MANY_DECIMALS),
    "accounts": lambda _: count(worst.ACCOUNTS, texts.ONE_ACCOUNT, texts.MANY_ACCOUNTS),
    "person": lambda _: PARTY,
    "hearer": lambda _: texts.HEARER.format(person=PARTY),
    "opened": lambda _: party(worst.ACCOUNT_NAME, worst.HANDLE),
    "details": lambda _: texts.OPENED_DETAILS.format(denomination="USD", kind=max(texts.KINDS.values(), key=len)),
    "kind": lambda _: max(texts.KINDS.values(), key=len),
    "payment": lambda amount: filled(texts.RECURRING_PAYMENT, amount),
    "every": lambda _: texts.EVERY_WEEKS.format(count=52),
    "start": lambda _: LONGEST_DAY,
    "source": lambda _: PARTY,
    "page": lambda _: str(worst.OFFERS),
    "pages": lambda _: str(worst.OFFERS),
    "day": lambda _: LONGEST_DAY,
    "words": lambda _: "31 Dec",
    "numbers": lambda _: "31/12/2026",
    "earliest": lambda _: LONGEST_DAY,
    "latest": lambda _: LONGEST_DAY,
    "weeks": lambda _: count(4, texts.ONE_WEEK, texts.MANY_WEEKS),
    "tier": lambda _: "99",
    "daily": lambda _: "100.00 USD",
    "price": lambda _: "1.00 USD",
    "terms": lambda amount: _longest(_named("TERMS_"), amount),
    "reason": lambda _: said("w" * 1000),
    "reference": lambda _: "f" * 10,
    "word": lambda _: shown("w" * 1000, 30),
    "typed": lambda _: shown("w" * 1000, 60),
    "kept": lambda _: shown("w" * 1000, 60),
    "greeting": lambda _: max(greetings_said(), key=units),
    "patience": lambda _: max((phrase for phrases in PATIENCE.values() for phrase in phrases), key=units),
    "ledger": lambda amount: _longest(_named("LEDGER_"), amount),
    "told": lambda amount: _longest(
        [texts.OFFER_UNKNOWN, texts.ANSWER_UNKNOWN, texts.ALL_UNKNOWN, texts.UPGRADE_UNKNOWN], amount
    ),
    "count": lambda _: str(worst.OFFERS),
    "offers": lambda _: count(worst.OFFERS, texts.ONE_OFFER, texts.MANY_OFFERS),
    "waiting": lambda _: count(worst.OFFERS, texts.ONE_TO_ANSWER, texts.MANY_TO_ANSWER),
    "first": lambda _: LONGEST_DAY,
    "last": lambda _: LONGEST_DAY,
    "at": lambda _: f"{LONGEST_DAY}, 23:59 in Harare",
    "name": lambda _: "w" * max(LONGEST_NAME, len(worst.ACCOUNT_NAME)),
    "message": lambda _: "w" * LONGEST_MESSAGE,
    "code": lambda _: "0000",
    "limits": lambda amount: ", ".join([amount] * 3),
    "hours": lambda _: count(24, texts.ONE_HOUR, texts.MANY_HOURS),
    "doing": lambda amount: _longest([text for _, text in found() if text.endswith("...")], amount),
}
"""By the name of a placeholder: its longest words, given the longest amount."""

CUT_BY_ITS_SCREEN = {"KEEP_WORD": 20, "OFFER_FROM": 72, "OFFER_TO": 72, "ENTRY_FROM": 72, "ENTRY_TO": 72} | {
    "NEXT_PAYMENT_HINT": 72,
    "NOT_AGREED_HINT": 72,
}
"""Labels and hints whose words their screen cuts to this length."""

PIECES = {
    "OR",
    "PAGE",
    "NAME_NOT_CHECKED",
    "TOTAL",
    "LISTED_OFFER",
    "MORE_OFFERS",
    "GIVEN",
    "RECEIVED",
    "IN_HARARE",
    "CREDEX_OFFERED",
    "CREDEX_REQUESTED",
    "CREDEX_DUE",
    "CREDEX_UNSECURED",
}
"""Parts of a sentence that look like labels."""


def found() -> Iterator[tuple[str, str]]:
    """Every text there is, by its name; those of a table by the table's name."""
    for name, value in vars(texts).items():
        if not name.isupper():
            continue
        several = value.values() if isinstance(value, Mapping) else value if isinstance(value, tuple) else (value,)
        for text in several:
            assert isinstance(text, str), (
                f"{name} of texts.py holds {text!r}, which is no text: say here how to read it"
            )
            yield name, text


def filled(text: str, amount: str) -> str:
    """A text with the longest words in all its places."""
    places = [place for _, place, _, _ in Formatter().parse(text) if place is not None]
    unknown = sorted(set(places) - set(LONGEST))
    assert not unknown, f"say in LONGEST of test_texts_fit.py how long {unknown} of {text!r} may be"
    return text.format(**{place: LONGEST[place](amount) for place in places})


COUNTED = ("ONE_", "MANY_")
HINTS = ("TERMS_", "OFFER_FROM", "OFFER_TO", "ENTRY_FROM", "ENTRY_TO")
ROW = Choice(key="k", title="Title", section="Section")
BUTTON = Choice(key="k", title="Title")


def is_sentence(name: str, text: str) -> bool:
    inside = any(inner in text for inner in (": ", ". ", "\n"))
    return inside or text.endswith((".", "?", ":")) or name in PIECES or name.startswith("SMS_")


def screen_with(name: str, text: str, longest: str) -> OutboundMessage:
    """A text where it stands on a screen. What is neither sentence, hint nor heading has to fit on a button."""
    said, menu, choice = "Text.", "Menu", BUTTON
    if is_sentence(name, text):
        said = longest
    elif name.endswith("_MENU"):
        menu = longest
    elif name.startswith("SECTION_"):
        choice = msgspec.structs.replace(ROW, description="Hint", section=longest)
    elif name.startswith(COUNTED):
        choice = msgspec.structs.replace(ROW, description=count(worst.OFFERS, longest, longest))
        said = choice.description
    elif name.endswith("_HINT") or name.startswith(HINTS):
        choice = msgspec.structs.replace(ROW, description=longest)
    elif name.startswith("ROW_"):
        choice = msgspec.structs.replace(ROW, description="Hint", title=longest)
    else:
        choice = msgspec.structs.replace(BUTTON, title=longest)
    return OutboundMessage(text=said, choices=(choice,), menu=menu, screen="abcd1234")


@pytest.mark.parametrize("denomination", Denomination)
def test_every_text_fits_every_channel_with_the_longest_words_in_it(denomination: Denomination) -> None:
    amount = str(worst.money(denomination))
    for name, text in found():
        longest = filled(text, amount)
        longest = shown(longest, CUT_BY_ITS_SCREEN.get(name, units(longest) or 1))
        message = screen_with(name, text, longest)
        try:
            check_limits(message)
            check_text_message(numbered(message, limit=SMS_UNITS))
        except (AssertionError, RenderRefused) as failure:
            raise AssertionError(f"{name} does not fit, {units(longest)} units: {longest!r}") from failure


def test_the_longest_amounts_have_twelve_digits_and_all_their_places() -> None:
    assert [str(worst.money(each)) for each in (Denomination.USD, Denomination.CXX, Denomination.XAU)] == [
        "999,999,999,999.99 USD",
        "999,999,999,999.999 CXX",
        "999,999,999,999.9999 XAU",
    ]


def test_no_text_counts_by_itself_so_that_one_is_never_said_of_many_or_many_of_one() -> None:
    """``wording.count`` puts a number before its noun; here are only the nouns."""
    verbs = {"is", "was", "has", "does"}
    for name, text in found():
        nouns = re.findall(r"(?:\{[a-z_]+\}|(?<![.,\d])\b1) ([a-z]+s)\b", text)
        assert set(nouns) <= verbs, f"{name} counts {nouns} by itself"
    counted = [name.partition("_")[0] for name, text in found() if name.startswith(COUNTED) and text.islower()]
    assert counted.count("ONE") == counted.count("MANY") > 0


def test_texts_are_found_by_themselves_wherever_they_stand() -> None:
    names = {name for name, _ in found()}
    assert {"GREETING", "AMOUNT_RULES", "ONE_WAITS", "_CHECKING"} <= names
    assert len(list(found())) > 150


def test_a_place_nobody_said_the_length_of_is_named() -> None:
    with pytest.raises(AssertionError, match=r"say in LONGEST of test_texts_fit.py how long \['mystery'\]"):
        filled("A {mystery} in {amount}.", "5.00 USD")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("A_LABEL", "W" * 21),
        ("A_MENU", "W" * 21),
        ("SECTION_A", "W" * 25),
        ("A_HINT", "W" * 73),
        ("A", "W" * 1024 + "."),
    ],
)
def test_a_text_that_is_too_long_for_its_place_does_not_fit(name: str, text: str) -> None:
    check_limits(screen_with(name, text, text[1:]))
    with pytest.raises((AssertionError, RenderRefused)):
        check_limits(screen_with(name, text, text))


@pytest.mark.parametrize("text", ["\u2026", "na\u00efve", "\u201cquoted\u201d", "[brackets]", "a ~ b", "\u20ac"])
def test_letters_that_make_a_text_message_dearer_are_known(text: str) -> None:
    with pytest.raises(AssertionError):
        check_text_message(text)


@pytest.mark.parametrize("kind", get_args(AnyState), ids=lambda kind: kind.__name__)
def test_every_screen_fits_every_channel_with_the_longest_of_everything(kind: type[AnyState]) -> None:
    for _, state in worst.states_of(kind):
        message = msgspec.structs.replace(state.prompt(), screen="abcd1234")
        check_limits(message)
        menu = numbered(message, limit=SMS_UNITS)
        check_text_message(menu)
        assert menu.startswith(message.text), "nothing is cut off"
