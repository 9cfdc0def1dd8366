"""Decoding: one parser, bounded nesting, no NaN, and never an exception."""

import json

import pytest

from channels.whatsapp.document import MAX_DEPTH, Malformed, decode_object, encode


def nested(depth: int, opening: str = "[", closing: str = "]") -> bytes:
    return f'{{"a":{opening * (depth - 1)}1{closing * (depth - 1)}}}'.encode()


def test_nesting_is_accepted_up_to_the_bound() -> None:
    assert not isinstance(decode_object(nested(MAX_DEPTH)), Malformed)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]"), ('{"a":[', "]}")])
def test_nesting_is_refused_from_twice_the_bound(opening: str, closing: str) -> None:
    levels = opening.count("[") + opening.count("{")
    body = nested(2 * MAX_DEPTH // levels + 2, opening, closing)
    assert decode_object(body) == Malformed("nested too deep")


@pytest.mark.parametrize("body", [b'{"a":' + b"[" * 100_000, b'{"a":' + b'{"a":' * 100_000, b"[" * 100_000])
def test_endless_nesting_that_never_closes_is_refused(body: bytes) -> None:
    assert decode_object(body) == Malformed("nested too deep")


def test_brackets_in_text_are_no_nesting() -> None:
    text = '[{"' * 1000 + "\\"
    assert decode_object(json.dumps({"a": text, "b": [[]]}).encode()) == {"a": text, "b": [[]]}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"a":1}x', "not JSON"),
        (b'{"a":NaN}', "not JSON"),
        (b'{"a":-Infinity}', "not JSON"),
        (b'{"a":' + b"9" * 5000 + b"}", "not JSON"),
        (b'{"a":"\x01"}', "not JSON"),
        (b'\xef\xbb\xbf{"a":1}', "not JSON"),
        (b'{"a":"\xff"}', "not UTF-8"),
        (b'{"a":"\xed\xa0\xbd"}', "not UTF-8"),
        (b"1", "not an object"),
        (b"null", "not an object"),
    ],
)
def test_what_is_no_json_object_says_why(body: bytes, reason: str) -> None:
    assert decode_object(body) == Malformed(reason)


def test_half_a_surrogate_pair_passes_and_can_be_written_again() -> None:
    document = decode_object(rb'{"a":"\ud83d"}')
    assert document == {"a": "\ud83d"}
    assert encode(document) == rb'{"a":"\ud83d"}'


def test_of_two_equal_keys_the_last_counts() -> None:
    assert decode_object(b'{"a":1,"a":2}') == {"a": 2}
