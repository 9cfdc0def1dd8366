"""What requests have in common: the path, forms, numbers, ids, times."""

from datetime import UTC, datetime
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sms.fields import form_at, form_of, id_in, moment, ours_in, phone_in, said
from channels.sms.provider import Refused
from tests.channels.sms.requests import NOW, posted

anything = st.binary(max_size=60)


@pytest.mark.parametrize(
    ("target", "is_ours"),
    [
        ("/sms/x/secret", True),
        ("/sms/x/secret?id=1", True),
        ("/sms/x/%73ecret", True),
        ("/sms/x/secre", False),
        ("/sms/x/secret/", False),
        ("/sms/x/secret/status", False),
        ("/sms/x/", False),
        ("/sms/x/secret%00", False),
        ("/sms/x/sécret", False),
        ("?/sms/x/secret", False),
        ("", False),
    ],
)
def test_a_request_is_at_a_path_only_with_its_secret(target: str, *, is_ours: bool) -> None:
    read = form_at(posted(target), "/sms/x/secret", secret="secret")
    assert isinstance(read, Refused) is not is_ours
    assert is_ours or read == Refused(404, "path")


def test_without_a_secret_no_request_is_at_its_path() -> None:
    assert form_at(posted("/sms/x/"), "/sms/x/", secret="") == Refused(404, "path")


def test_the_body_goes_over_the_query_and_the_first_of_a_name_counts() -> None:
    fields = form_of("/?a=1&b=2&b=3&empty=", b"a=4&a=5&c=%FF%00+x")
    assert fields == {"a": b"4", "b": b"2", "c": b"\xff\x00 x", "empty": b""}


@given(value=anything)
def test_bytes_come_through_a_form_unharmed(value: bytes) -> None:
    escaped = quote_from_bytes(value)
    assert form_of(f"/?text={escaped}", b"")["text"] == value
    assert form_of("/", f"text={escaped}".encode())["text"] == value


@given(target=st.text(max_size=60), body=anything, path=st.text(max_size=9), secret=st.text(max_size=9))
def test_no_request_whatever_raises(target: str, body: bytes, path: str, secret: str) -> None:
    form_at(posted(target, body), path, secret=secret)
    for value in form_of(target, body).values():
        assert moment(said(value), now=NOW) <= NOW
        for read in (id_in(value), phone_in(value), ours_in(value)):
            assert read is None or (read.isascii() and read.isprintable())


@pytest.mark.parametrize(
    ("value", "phone"),
    [
        (b"+263772123456", "263772123456"),
        (b"263772123456", "263772123456"),
        (b" 263772123456", "263772123456"),
        (b"00263772123456", "263772123456"),
        (b"0772123456", None),
        (b"33333", None),
        (b"Carrier", None),
        (b"+", None),
        ("+٢٦٣٧٧٢١٢٣٤٥٦".encode(), None),
        (b"+2637721234567890", None),
        (None, None),
    ],
)
def test_a_phone_number_is_international_or_none(value: bytes | None, phone: str | None) -> None:
    assert phone_in(value) == phone


@pytest.mark.parametrize(
    ("value", "ours"),
    [
        (b"33333", "33333"),
        (b"+263771000001", "+263771000001"),
        (b" 263771000001", "+263771000001"),
        (b" 33333", "33333"),
        (b"Credex", "Credex"),
        (b"Cr\xc3\xa9dex", None),
        (b"a\nb", None),
        (b"a" * 201, None),
        (b"", None),
    ],
)
def test_our_own_end_is_kept_as_it_is_written(value: bytes, ours: str | None) -> None:
    assert ours_in(value) == ours


@pytest.mark.parametrize(
    ("seconds", "at"),
    [
        ("1789898395", datetime(2026, 9, 20, 9, 59, 55, tzinfo=UTC)),
        (" 1789898395 ", datetime(2026, 9, 20, 9, 59, 55, tzinfo=UTC)),
        ("1789898401", NOW),
        ("1789898395000", NOW),
        ("0", NOW),
        ("-5", NOW),
        ("1.5", NOW),
        ("", NOW),
        ("9" * 5000, NOW),
    ],
)
def test_a_moment_is_never_later_than_now(seconds: str, at: datetime) -> None:
    assert moment(seconds, now=NOW) == at
