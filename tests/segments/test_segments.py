"""A screen is one text message of one segment, two where its facts need them, and never more."""

from typing import get_args

import pytest

from actors.dialogs import texting, texts
from actors.dialogs.recurring_signing import SigningRecurring
from actors.dialogs.signing import SigningOffer
from actors.dialogs.states import CONSENT, AnyState
from actors.dialogs.upgrading import SigningUpgrade
from tests.segments.measuring import SCREEN, laid, screens, sentences, states_of
from tests.segments.table import table

MOST = 2
SCREENS, SENTENCES = tuple(screens()), tuple(sentences())

DEARER = {
    "AtDashboard": "six figures in their currencies and ten rows, of which a page holds eight",
    "ShowingLedger": "seven entries, each with its amount, the other side and the time",
}
"""Screens that usually take more than one segment, and why."""


def test_no_page_of_any_screen_takes_more_than_two_segments_whatever_is_on_it() -> None:
    for row in SCREENS:
        assert all(page.segments <= MOST for page in (*row.usual, *row.worst)), row


def test_every_screen_is_usually_one_segment_unless_there_is_a_reason() -> None:
    dearer = {row.name for row in SCREENS if sum(page.segments for page in row.usual) > 1}
    assert dearer == set(DEARER)


@pytest.mark.parametrize("kind", sorted(CONSENT, key=str), ids=lambda kind: kind.__name__)
def test_what_is_signed_for_stands_on_one_page_with_its_code_line(kind: type[AnyState]) -> None:
    line = texts.SMS_SIGN if kind in {SigningOffer, SigningRecurring, SigningUpgrade} else texts.SMS_CONFIRM
    for name, states in states_of(kind):
        for state in states:
            [page] = laid(state)
            code = texting.code_of(SCREEN, state.prompt().text)
            assert page.text.endswith(f"\n{line.format(code=code)}\n0 Back"), name


def test_every_sentence_is_usually_one_segment_and_at_most_two() -> None:
    for row in SENTENCES:
        assert [page.segments for page in row.usual] == [1], row
        assert all(page.segments <= MOST for page in row.worst), row


def test_everything_is_in_the_alphabet_that_costs_half_for_names_in_latin_letters() -> None:
    assert [row.name for row in (*SCREENS, *SENTENCES) if not row.plain] == []


def test_every_state_is_measured_and_so_is_every_sentence() -> None:
    assert {row.name.partition(" ")[0] for row in SCREENS} == {kind.__name__ for kind in get_args(AnyState)}
    assert {"HELP", "CONFIRM_OFFER", "NOTICE", "AMOUNT_RULES", "SMS_STAMP"} <= {row.name for row in SENTENCES}
    assert len(SENTENCES) > 300


def test_the_table_has_a_line_for_each_and_sums_up_in_the_last() -> None:
    lines = table(SCREENS, SENTENCES).splitlines()
    assert sum(line.startswith("SigningOffer ") for line in lines) == 2
    assert lines[-1].startswith(f"{len(SCREENS)} screens: usually ")
    assert lines[-1].endswith("0 of more.")
