"""Counting text messages as carriers do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.segments import BASIC, EXTENSION, Encoding, encoding_of, measure, outside

GSM = "".join(sorted(BASIC | EXTENSION))
any_text = st.text(alphabet=GSM + "ç…–“😀👍🏽日\u0301", max_size=400)


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", Encoding.GSM7, 0, 1),
        ("a" * 160, Encoding.GSM7, 160, 1),
        ("a" * 161, Encoding.GSM7, 161, 2),
        ("a" * 306, Encoding.GSM7, 306, 2),
        ("a" * 307, Encoding.GSM7, 307, 3),
        ("€" * 80, Encoding.GSM7, 160, 1),
        ("€" * 81, Encoding.GSM7, 162, 2),
        ("a" * 159 + "€", Encoding.GSM7, 161, 2),
        ("ç" + "a" * 69, Encoding.UCS2, 70, 1),
        ("ç" + "a" * 70, Encoding.UCS2, 71, 2),
        ("ç" + "a" * 133, Encoding.UCS2, 134, 2),
        ("ç" + "a" * 134, Encoding.UCS2, 135, 3),
        ("😀" * 35, Encoding.UCS2, 70, 1),
        ("😀" * 36, Encoding.UCS2, 72, 2),
        ("a\r\nb", Encoding.GSM7, 4, 1),
        ("e\u0301", Encoding.UCS2, 2, 1),
        ("é", Encoding.GSM7, 1, 1),
        ("[^]" + "ç", Encoding.UCS2, 4, 1),
        ("Sent USD 12.50 to Rudo M. Bal USD 87.50. Ref 7KQ2 20Sep 12:04", Encoding.GSM7, 61, 1),
    ],
)
def test_a_message_is_counted_as_it_is_billed(text: str, encoding: Encoding, units: int, segments: int) -> None:
    measured = measure(text)
    assert (measured.encoding, measured.units, measured.segments) == (encoding, units, segments)


def test_the_alphabet_has_its_127_letters_and_ten_more_behind_the_escape() -> None:
    assert len(BASIC) == 127
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION


def test_an_escaped_character_is_not_cut_in_half() -> None:
    first, second = measure("a" * 152 + "€" + "b" * 20).parts
    assert (first, second) == ("a" * 152, "€" + "b" * 20)


def test_a_pair_of_surrogates_is_not_cut_in_half() -> None:
    first, second = measure("a" * 66 + "😀" + "b" * 10).parts
    assert (first, second) == ("a" * 66, "😀" + "b" * 10)


@given(any_text)
def test_the_parts_are_the_message_and_each_has_room(text: str) -> None:
    measured = measure(text)
    assert "".join(measured.parts) == text
    room = measured.encoding.single if measured.segments == 1 else measured.encoding.part
    for part in measured.parts:
        assert _units(part, measured.encoding) <= room
    for part, following in zip(measured.parts, measured.parts[1:], strict=False):
        assert _units(part + following[0], measured.encoding) > room


@given(any_text)
def test_units_in_ucs2_are_those_of_utf16(text: str) -> None:
    if encoding_of(text) is Encoding.UCS2:
        assert measure(text).units == len(text.encode("utf-16-be")) // 2


def _units(text: str, encoding: Encoding) -> int:
    if encoding is Encoding.UCS2:
        return len(text.encode("utf-16-be")) // 2
    return sum(2 if character in EXTENSION else 1 for character in text)


@given(any_text)
def test_exactly_a_message_with_a_character_outside_the_alphabet_is_sent_in_ucs2(text: str) -> None:
    first = outside(text)
    assert (encoding_of(text) is Encoding.UCS2) == bool(first)
    assert not first or not outside(text[: text.index(first)])
