"""What is said as a text message: plain, cheap, and nothing lost that matters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.message import Choice, OutboundMessage
from channels.sms.segments import Encoding, encoding_of
from channels.sms.wording import LONGEST, plain, worded

LATIN = "".join(chr(code) for code in range(0x20, 0x180) if unicodedata.name(chr(code), "").startswith("LATIN"))
AFRICAN = "\u0253\u0257\u0199\u01b4\u014b\u0254\u025b\u0272\u1e3d\u1e4b\u0161"
"""Of Hausa, Ewe, Venda, Tswana and others."""
anything = st.text(max_size=60) | st.text("*_~ab @1.\n", max_size=30)


@given(anything)
def test_what_is_plain_already_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.text(LATIN + AFRICAN + AFRICAN.upper() + " .,?'-0123456789@\n", max_size=80))
def test_latin_letters_with_any_accents_fit_the_cheap_alphabet(text: str) -> None:
    assert encoding_of(plain(text)) is Encoding.GSM7


@pytest.mark.parametrize(
    "emoji", ["\U0001f600", "\u2705", "\U0001f1ff\U0001f1fc", "\U0001f468\u200d\U0001f469", "\u2764\ufe0f"]
)
def test_emoji_are_gone_with_the_blank_they_leave(emoji: str) -> None:
    assert plain(f"Rudo {emoji} Ncube {emoji}") == "Rudo Ncube"


@pytest.mark.parametrize("text", ["@moyo_store_2", "@_a_", "to @rudo_n and @moyo_s", "a_b_c", "2*3*4"])
def test_handles_and_figures_with_marks_inside_are_untouched(text: str) -> None:
    assert plain(text) == text


@given(st.from_regex("[a-z0-9_]{3,30}", fullmatch=True))
def test_no_handle_loses_an_underscore(handle: str) -> None:
    assert plain(f"To: Rudo @{handle}") == f"To: Rudo @{handle}"


@pytest.mark.parametrize(
    ("marked", "bare"),
    [("*5.00 USD*", "5.00 USD"), ("pay _now_", "pay now"), ("~old~ new", "old new")],
)
def test_marks_around_words_are_gone(marked: str, bare: str) -> None:
    assert plain(marked) == bare


def test_a_name_in_another_script_stays() -> None:
    assert plain("\u0420\u0443\u0434\u043e (@rudo)") == "\u0420\u0443\u0434\u043e (@rudo)"


@given(st.text(max_size=3000))
def test_a_whole_message_is_never_longer_than_ten_segments(text: str) -> None:
    message = OutboundMessage(text=text, choices=(Choice(key="a", title="One"), Choice(key="b", title="Two")))
    assert len(worded(message).encode("utf-16-le")) // 2 <= LONGEST
