"""Bringing text into the 7-bit alphabet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.plain_alphabet import in_gsm7, towards_gsm7
from channels.sms.segments import Encoding, encoding_of


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("“Rudo’s” – 5…", '"Rudo\'s" - 5...'),
        ("a\u00a0b\tc", "a b c"),
        ("café, Müller, Ñandú", "café, Müller, Ñandu"),
        ("e\u0301", "é"),
        ("façade, Çelik", "facade, Çelik"),
        ("• one → two", "- one -> two"),
        ("Paid 👍🏽 today", "Paid today"),
        ("✓ done", "OK done"),
        ("{[€]}", "{[€]}"),
        ("line\r\nnext  word", "line\nnext word"),
        ("Łukasz Œuvre", "Lukasz OEuvre"),
        ("１２", "12"),
    ],
)
def test_what_has_an_equal_is_replaced_by_it(text: str, plain: str) -> None:
    assert in_gsm7(text) == plain


def test_a_name_in_another_script_is_kept_where_nothing_may_be_lost() -> None:
    assert towards_gsm7("日本 – ok") == "日本 - ok"


@given(st.text(max_size=200))
def test_the_result_is_in_the_alphabet_and_stays_as_it_is(text: str) -> None:
    plain = in_gsm7(text)
    assert encoding_of(plain) is Encoding.GSM7
    assert in_gsm7(plain) == plain


@given(st.from_regex(r"[A-Za-z0-9.,:;!?@#%&*()+/=<>$ -]{0,80}", fullmatch=True))
def test_an_amount_or_a_handle_is_never_changed(text: str) -> None:
    assert towards_gsm7(text) == text
