"""Plain text: lengths, cleaning, numbered menus and reading the answer back."""

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from channels.message import Choice, OutboundMessage
from channels.plain import fit, harmless, heard, numbered, one_line, read_choice, units

ACCEPT = Choice(key="accept", title="Accept Offers", says=("take", "yes"))
DECLINE = Choice(key="decline", title="Decline Offers", description="Say no to an offer", says=("no",))
SECURED = Choice(key="secured", title="Offer Secured Credex")
UNSECURED = Choice(key="unsecured", title="Offer Unsecured Credex")
MENU = (ACCEPT, DECLINE, SECURED, UNSECURED)

WORDS = st.text(st.characters(categories=("L", "M", "N", "Z")), min_size=1, max_size=12)
TITLES = st.lists(WORDS, min_size=1, max_size=12).map(
    lambda words: [f"{'abcdefghijkl'[number]}x {word}" for number, word in enumerate(words)]
)


def choices_of(titles: list[str]) -> list[Choice]:
    return [Choice(key=str(number), title=title) for number, title in enumerate(titles)]


@given(TITLES)
def test_every_choice_is_read_back_by_its_number_its_title_and_its_line(titles: list[str]) -> None:
    choices = choices_of(titles)
    lines = numbered(OutboundMessage(text="", choices=tuple(choices)), limit=10_000).splitlines()
    assert len(lines) == len(choices)
    for number, choice in enumerate(choices, 1):
        assert read_choice(str(number), choices) == choice
        assert read_choice(choice.title, choices) == choice
        assert read_choice(lines[number - 1], choices) == choice


@given(st.text(), TITLES)
def test_reading_a_choice_never_fails(text: str, titles: list[str]) -> None:
    choices = choices_of(titles)
    assert read_choice(text, choices) in (None, *choices)


@given(st.integers(0, 999), TITLES)
def test_a_number_not_on_the_menu_is_no_choice(number: int, titles: list[str]) -> None:
    assume(not 1 <= number <= len(titles))
    assert read_choice(str(number), choices_of(titles)) is None


@pytest.mark.parametrize(
    "typed", ["2", " 2. ", "2)", "(2)", "#2", "2:", "\uff12", "\uff12\uff0e", "\u0662", "\u06f2", "2\u200b", "\u00a02"]
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert read_choice(typed, MENU) == DECLINE


@pytest.mark.parametrize("typed", ["l", "I", "|"])
def test_one_letter_that_looks_like_one_is_one(typed: str) -> None:
    assert read_choice(typed, MENU) == ACCEPT


@pytest.mark.parametrize("typed", ["0", "5", "2.5", "2 5", "-2", "+2", "1e0", "two", "2 USD", "1234", "", "  ", "?"])
def test_what_is_not_a_number_on_the_menu_is_no_choice(typed: str) -> None:
    assert read_choice(typed, MENU) is None


@pytest.mark.parametrize(
    ("typed", "choice"),
    [
        ("accept offers", ACCEPT),
        (" ACCEPT  OFFERS! ", ACCEPT),
        ("“Decline Offers.”", DECLINE),
        ("2 Decline Offers", DECLINE),
        ("2. decline offers", DECLINE),
        ("take", ACCEPT),
        ("Yes!", ACCEPT),
        ("NO", DECLINE),
        ("dec", DECLINE),
        ("offer s", SECURED),
        ("Offer unsec", UNSECURED),
    ],
)
def test_a_title_a_synonym_and_a_beginning_are_read(typed: str, choice: Choice) -> None:
    assert read_choice(typed, MENU) == choice


@pytest.mark.parametrize("typed", ["offer", "ac", "d", "cept", "accept offers now", "yes please", "1 Decline Offers"])
def test_what_means_none_or_several_is_no_choice(typed: str) -> None:
    assert read_choice(typed, MENU) is None


def test_letters_make_a_beginning_and_digits_do_not() -> None:
    accounts = (Choice(key="a", title="100 USD"), Choice(key="b", title="200 USD"))
    assert read_choice("100", accounts) is None
    assert read_choice("100 u", accounts) is None
    assert read_choice("100 usd", accounts) == accounts[0]


def test_two_equal_titles_can_only_be_told_apart_by_number() -> None:
    twins = (Choice(key="a", title="Rudo"), Choice(key="b", title="Rudo"))
    assert read_choice("rudo", twins) is None
    assert read_choice("2", twins) == twins[1]


def test_a_title_that_is_a_number_beyond_the_menu_is_read_as_title() -> None:
    amounts = (Choice(key="five", title="5"), Choice(key="ten", title="10"))
    assert read_choice("10", amounts) == amounts[1]
    assert read_choice("2", amounts) == amounts[1]


def test_a_decorated_title_is_read_without_its_decoration() -> None:
    assert read_choice("home", (Choice(key="home", title="🏠 Home"),)) is not None


def test_a_title_of_nothing_but_marks_can_be_typed() -> None:
    assert read_choice(">>", (Choice(key="next", title=">>"), Choice(key="back", title="<<"))) is not None


def test_a_menu_is_numbered_lines_under_the_text() -> None:
    message = OutboundMessage(text="What now?", choices=(ACCEPT, DECLINE))
    assert numbered(message, limit=160) == "What now?\n1 Accept Offers\n2 Decline Offers: Say no to an offer"


def test_a_menu_too_long_loses_its_descriptions_first() -> None:
    message = OutboundMessage(text="What now?", choices=(ACCEPT, DECLINE))
    assert numbered(message, limit=50) == "What now?\n1 Accept Offers\n2 Decline Offers"


def test_without_its_descriptions_titles_may_stay_whole() -> None:
    message = OutboundMessage(text="What now?", choices=(SECURED, DECLINE))
    assert numbered(message, limit=50) == "What now?\n1 Offer Secured Credex\n2 Decline Offers"


def test_then_its_titles_are_shortened() -> None:
    message = OutboundMessage(text="What now?", choices=(SECURED, UNSECURED))
    assert numbered(message, limit=45) == "What now?\n1 Offer Secure..\n2 Offer Unsecu.."


def test_and_at_last_the_text_loses_whole_words() -> None:
    message = OutboundMessage(text="You offer 1,250.75 USD to Rudo", choices=(ACCEPT,))
    assert numbered(message, limit=38) == "You offer 1,250.75 ...\n1 Accept Offers"
    assert numbered(message, limit=37) == "You offer ...\n1 Accept Offers"


def test_without_choices_there_is_only_the_text() -> None:
    assert numbered(OutboundMessage(text=" Hello there "), limit=160) == "Hello there"
    assert numbered(OutboundMessage(text="Hello there"), limit=10) == "Hello ..."


@given(st.text(max_size=60), TITLES, st.integers(1, 200))
def test_a_menu_keeps_its_limit(text: str, titles: list[str], limit: int) -> None:
    assert units(numbered(OutboundMessage(text=text, choices=tuple(choices_of(titles))), limit=limit)) <= limit


@given(st.text(max_size=40), st.integers(0, 50))
def test_what_is_fitted_keeps_its_limit_and_begins_as_before(text: str, limit: int) -> None:
    fitted = fit(text, limit)
    assert units(fitted) <= limit
    assert fitted == text or text.startswith(fitted.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "limit", "fitted"),
    [
        ("Rudo Moyo", 9, "Rudo Moyo"),
        ("Rudo Moyo", 8, "Rudo Mo…"),
        ("Rudo Moyo", 6, "Rudo…"),
        ("👍👍👍", 6, "👍👍👍"),
        ("👍👍👍", 5, "👍👍…"),
        ("👍👍👍", 4, "👍…"),
        ("ab", 1, "…"),
        ("ab", 0, ""),
    ],
)
def test_a_long_name_is_shortened_between_characters(text: str, limit: int, fitted: str) -> None:
    assert fit(text, limit) == fitted


@given(st.text(st.characters()))
def test_units_are_those_of_utf_16(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(st.text(st.characters()))
def test_what_is_heard_can_be_stored(text: str) -> None:
    said = heard(text)
    said.encode()
    assert "\0" not in said
    assert heard(said) == said


def test_half_a_character_is_heard_as_a_mark_that_can_be_stored() -> None:
    assert heard("broken \ud83d emoji") == "broken \ufffd emoji"


@pytest.mark.parametrize("text", ["", " \u00a0\u200b\n", "\u200b \u2060 \ufeff", "\0", " \0 "])
def test_what_looks_empty_is_empty(text: str) -> None:
    assert heard(text) == ""


@given(st.text(st.characters()))
def test_what_is_shown_cannot_reorder_or_control_what_is_around_it(text: str) -> None:
    shown = harmless(text)
    shown.encode()
    forbidden = {*map(chr, range(0x20)), *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))} - {"\n"}
    assert not forbidden & set(shown)
    assert "\n" not in one_line(text)


def test_ordinary_text_is_shown_as_it_is() -> None:
    ordinary = "Ndatenda 🙏🏽 — café\n你好 \u200f\u05e2\u05d1"
    assert harmless(ordinary) == ordinary


def test_a_name_cannot_turn_an_amount_around() -> None:
    assert harmless("\u202e12.50\u2066\r\n\ttab\u2028end") == "12.50\n tab end"


def test_a_long_run_of_blanks_is_read_as_fast_as_any_other_text() -> None:
    typed = f"5{' ' * 4000}a\na"
    began = time.process_time()
    assert read_choice(typed, [Choice(key="a", title="Accept"), Choice(key="b", title="Back")]) is None
    assert time.process_time() - began < 1


@pytest.mark.parametrize("typed", ["2 Back", "(2) Back", "2. Back", "2 ) Back", "#2:  back"])
def test_a_line_of_the_menu_is_read_however_its_number_is_set_off(typed: str) -> None:
    choices = [Choice(key="a", title="Accept"), Choice(key="b", title="Back")]
    found = read_choice(typed, choices)
    assert found is not None
    assert found.key == "b"
