"""A screen laid out in pages, and numbers read back as what was shown."""

from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from channels.message import Choice
from channels.sms.menu import MOST_ROWS, Labels, Page, Turning, fits, number_in, pages
from channels.sms.segments import measure
from channels.sms.wording import plain

LABELS = Labels(more="More", back="Back", row=lambda choice: plain(f"{choice.title} {choice.description}"))

said = st.text(max_size=60) | st.integers(0, 60).map(lambda many: "Pay 12.50 USD to Rudo, now.\n" * many)
titles = st.text("abcdefgh \u00e9\u20ac", min_size=1, max_size=24)
hints = st.sampled_from(["", "from Rudo, secured", "w" * 72, "\u0420\u0443\u0434\u043e"])
ways = st.sampled_from([(), ("back",), ("next", "more")])


@st.composite
def menus(draw: st.DrawFn) -> list[Choice]:
    rows = draw(st.lists(st.tuples(titles, hints), max_size=25))
    made = [Choice(key=f"key {number}", title=title, description=hint) for number, (title, hint) in enumerate(rows)]
    if draw(st.booleans()):
        made.append(Choice(key="the way back", title="Back to Dashboard", says=("back",)))
    if draw(st.booleans()):
        made.append(Choice(key="the next ones", title="Next", says=("next", "more")))
    return made


lasts = st.sampled_from(["", "To sign reply PAY 4821"])


def walked(laid: Sequence[Page]) -> list[str]:
    """What can be picked by going through all pages, number by number."""
    found: list[str] = []
    for number, page in enumerate(laid):
        for typed in range(100):
            meaning = page.means(typed)
            if isinstance(meaning, str):
                found.append(meaning)
        assert (page.means(9) is Turning.MORE) is (number < len(laid) - 1)
    return found


@given(said, menus(), st.booleans(), lasts)
def test_every_page_fits_if_each_row_does(text: str, choices: list[Choice], leads_back: bool, last: str) -> None:  # noqa: FBT001 - drawn
    laid = pages(text, choices, LABELS, leads_back=leads_back, last=last)
    assume(all(fits(f"8 {LABELS.row(choice)}\n9 More\n0 Back") for choice in choices))
    assert all(fits(page.text) for page in laid), [(page.text, measure(page.text).segments) for page in laid]


@given(said, menus(), st.booleans(), lasts)
def test_every_choice_is_reached_by_a_number_and_no_number_means_two_things(
    text: str,
    choices: list[Choice],
    leads_back: bool,  # noqa: FBT001 - drawn
    last: str,
) -> None:
    laid = pages(text, choices, LABELS, leads_back=leads_back, last=last)
    assert set(walked(laid)) == {choice.key for choice in choices}
    ordinary = [key for page in laid for key in page.keys]
    assert len(ordinary) == len(set(ordinary))
    for page in laid:
        assert len(page.keys) <= MOST_ROWS


@given(said, menus(), st.booleans(), lasts)
def test_what_is_shown_as_a_number_is_what_the_number_means(
    text: str,
    choices: list[Choice],
    leads_back: bool,  # noqa: FBT001 - drawn
    last: str,
) -> None:
    rows = {choice.key: LABELS.row(choice) for choice in choices}
    for page in pages(text, choices, LABELS, leads_back=leads_back, last=last):
        turning = (page.more is not None) + (page.back is not None)
        lines = page.text.split("\n")
        shown = lines[len(lines) - len(page.keys) - turning :]
        for number, line in enumerate(shown[: len(page.keys)], 1):
            assert line == f"{number} {rows[str(page.means(number))]}"
        assert shown[len(page.keys) :] == ["9 More"] * (page.more is not None) + ["0 Back"] * (page.back is not None)
        assert page.means(len(page.keys) + 1) in {Turning.NOTHING, page.more, Turning.MORE}


@given(said, menus(), st.booleans())
def test_all_that_is_said_is_shown_once_and_in_order(text: str, choices: list[Choice], leads_back: bool) -> None:  # noqa: FBT001 - drawn
    laid = pages(text, choices, LABELS, leads_back=leads_back, last="To sign reply PAY 4821")
    shown = " ".join(page.text for page in laid)
    at = 0
    for word in plain(text).split():
        found = shown.find(word, at)
        assert found >= 0
        at = found + len(word)
    assert "To sign reply PAY 4821" in shown


def test_a_long_text_is_cut_between_lines_so_that_an_amount_stands_with_its_currency() -> None:
    text = "\n".join(f"{number},234,567.89 USD from Rudo Ncube, secured" for number in range(1, 10))
    first, second = pages(text, (), LABELS, leads_back=True)
    assert [line for page in (first, second) for line in page.text.split("\n") if line not in {"9 More", "0 Back"}] == (
        text.split("\n")
    )


def test_where_nothing_leads_back_zero_means_nothing() -> None:
    [page] = pages("Hello.", [Choice(key="a", title="One")], LABELS, leads_back=False)
    assert page.text == "Hello.\n1 One"
    assert [page.means(number) for number in (0, 1, 2, 9)] == [Turning.NOTHING, "a", Turning.NOTHING, Turning.NOTHING]


def test_back_and_more_are_the_choices_of_the_screen_where_it_has_them() -> None:
    choices = [
        Choice(key="a", title="One"),
        Choice(key="next", title="Next", says=("next", "more")),
        Choice(key="home", title="Back to Dashboard", says=("back",)),
    ]
    [page] = pages("Which?", choices, LABELS, leads_back=True)
    assert page.text == "Which?\n1 One\n9 More\n0 Back"
    assert (page.means(9), page.means(0)) == ("next", "home")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2", 2),
        (" 2. ", 2),
        ("2)", 2),
        ("(2)", 2),
        ("#2", 2),
        ("\uff12", 2),
        ("\u0662", 2),
        ("l", 1),
        ("I", 1),
        ("O", 0),
        ("0", 0),
        ("12", 12),
        ("", None),
        ("ll", None),
        ("2 USD", None),
        ("1234", None),
        ("-1", None),
        ("two", None),
    ],
)
def test_a_number_is_read_however_it_is_typed_and_nothing_else_is_one(typed: str, number: int | None) -> None:
    assert number_in(typed) == number


@given(st.text(max_size=20))
def test_any_text_is_a_number_from_0_to_999_or_none(text: str) -> None:
    number = number_in(text)
    assert number is None or 0 <= number <= 999
