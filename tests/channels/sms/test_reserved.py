"""The carriers' words: whole messages only, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.reserved import Reserved, reserved, says_stop_here


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        ("STOP", Reserved.STOP),
        (" Stop. ", Reserved.STOP),
        ("stop   all", Reserved.STOP),
        ("StopAll!", Reserved.STOP),
        ("unsubscribe", Reserved.STOP),
        ("CANCEL", Reserved.STOP),
        ("end", Reserved.STOP),
        ("quit", Reserved.STOP),
        ("opt out", Reserved.STOP),
        ("\uff33\uff34\uff2f\uff30", Reserved.STOP),
        ("start", Reserved.START),
        ("UNSTOP", Reserved.START),
        ("Help?", Reserved.HELP),
        ("info", Reserved.HELP),
        ("yes", Reserved.YES),
    ],
)
def test_a_whole_message_is_what_carriers_take_it_for(typed: str, meaning: Reserved) -> None:
    assert reserved(typed) is meaning


@pytest.mark.parametrize(
    "typed", ["", "please stop", "stop sending this", "cancel offers", "yes please", "0", "menu", "pay 4821"]
)
def test_a_sentence_with_such_a_word_inside_is_none(typed: str) -> None:
    assert reserved(typed) is None


@given(st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    assert reserved(text) in {None, *Reserved}
    assert reserved(text.upper()) in {None, *Reserved}


@pytest.mark.parametrize("typed", ["Mira", "yekela!", " MISA "])
def test_people_say_stop_in_their_own_words_which_no_carrier_knows(typed: str) -> None:
    assert says_stop_here(typed)
    assert reserved(typed) is None
    assert not says_stop_here(f"{typed} moyo")
