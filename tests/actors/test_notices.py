"""Requests for notices: whatever the bytes, either a request that every channel can carry or all that is wrong."""

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.dialogs.notices import Lately
from actors.notices import CHANNELS, LONGEST_MESSAGE, LONGEST_NAME, Request, Way, Wrong, key_id, read, read_key
from channels.message import InboundMessage, Notice, Peer
from channels.plain import units
from channels.whatsapp.render import render

NOW = datetime(2026, 9, 20, 10, 0, 0, 250_000, tzinfo=UTC)
WAY = Way("whatsapp", "line-1")
GOOD = {
    "phoneNumber": "263770000301",
    "memberName": "Rudo",
    "message": "Tendai offers you 5.00 USD.",
    "channel": "whatsapp",
}
RUDO = Request(phone="263770000301", name="Rudo", message="Tendai offers you 5.00 USD.", channel="whatsapp")

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=20),
    st.sampled_from(["+263 77 000 0301", "whatsapp", "sms", " \u200b", "\u202e", "\ud800", "x" * 801, "a\n\tb    c"]),
    st.lists(st.integers(), max_size=2),
)
bodies = st.fixed_dictionaries(
    {}, optional={name: st.just(value) | values for name, value in GOOD.items()} | {"more": values}
)

odd_words = st.text(min_size=1) | st.sampled_from(["a\n\tb    c", "\u200b a", "5.00\u2028USD", "\ud800", "x\x00\r\ny"])
wordy = st.fixed_dictionaries(
    {name: st.just(value) for name, value in GOOD.items()} | {"memberName": odd_words, "message": odd_words}
)


def body(**changed: object) -> bytes:
    return json.dumps(GOOD | changed).encode()


def without(name: str) -> bytes:
    return json.dumps({key: value for key, value in GOOD.items() if key != name}).encode()


def test_a_request_is_read_and_other_fields_are_left_alone() -> None:
    assert read(body(more=[1])) == RUDO
    assert read(body(phoneNumber=" +263 77 000-0301 ")) == RUDO
    assert read(body(memberName=" Rudo\n", message=" Tendai offers you 5.00 USD. ")) == RUDO


@given(bodies)
def test_any_object_is_a_request_or_has_every_wrong_field_named(document: dict[str, object]) -> None:
    found = read(json.dumps(document).encode())
    if isinstance(found, Wrong):
        assert found.fields
        assert set(found.fields) <= set(GOOD)
        for name in GOOD:
            if document.get(name) is None:
                assert found.fields[name] == "missing"
            elif name not in found.fields:
                assert not isinstance(read(json.dumps(GOOD | {name: document[name]}).encode()), Wrong)
    else:
        assert all(isinstance(document[name], str) for name in GOOD)


@given(wordy, st.booleans(), st.sampled_from(CHANNELS))
def test_whatever_is_read_can_be_told_on_every_channel(
    document: dict[str, object],
    lately: bool,  # noqa: FBT001 - drawn
    channel: str,
) -> None:
    wanted = read(json.dumps(document).encode())
    if isinstance(wanted, Wrong):
        return
    [message] = [content_of(wanted)]
    peer = Peer(channel, "line-1", wanted.phone)
    lines = Lately(heard={f"{channel}:line-1": NOW}) if lately else Lately()
    told = lines.telling(message, peer, NOW)
    render(peer, told, "reference")
    assert bool(told.template) is (channel == "whatsapp" and not lately)
    for parameter in told.parameters:
        assert parameter.strip()
        assert not set(parameter) & set("\n\t\r")
        assert "    " not in parameter


@given(st.binary(max_size=40))
def test_any_bytes_are_refused_without_a_word_of_them(noise: bytes) -> None:
    found = read(b"\xff" + noise)
    assert isinstance(found, Wrong)
    assert found.fields == {}


@pytest.mark.parametrize("raw", [b"", b"[]", b'"x"', b"null", b"{", b'{"a": NaN}', b'{"a":' * 5000, b"\xff"])
def test_what_is_no_json_object_is_refused_as_a_whole(raw: bytes) -> None:
    assert isinstance(read(raw), Wrong)


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("value", [None, 5, True, [], {}, ""])
def test_a_field_that_is_missing_or_of_another_type_is_named(name: str, value: object) -> None:
    found = read(body(**{name: value}))
    assert isinstance(found, Wrong)
    assert list(found.fields) == [name]
    missing = read(without(name))
    assert isinstance(missing, Wrong)
    assert missing.fields == {name: "missing"}


@pytest.mark.parametrize("phone", ["0771234567", "12", "263 77 x", "ZW.8842017735501942", "2" * 16, "263\u0667\u0667"])
def test_a_phone_number_is_7_to_15_digits_with_the_country_code_first(phone: str) -> None:
    found = read(body(phoneNumber=phone))
    assert isinstance(found, Wrong)
    assert "country code" in found.fields["phoneNumber"]


@pytest.mark.parametrize(
    ("name", "longest"), [("memberName", LONGEST_NAME), ("message", LONGEST_MESSAGE)], ids=["name", "message"]
)
def test_lengths_are_counted_as_whatsapp_counts_them(name: str, longest: int) -> None:
    assert isinstance(read(body(**{name: "\U0001f600" * (longest // 2)})), Request)
    found = read(body(**{name: "\U0001f600" * (longest // 2) + "x"}))
    assert isinstance(found, Wrong)
    assert str(longest) in found.fields[name]


def test_the_longest_of_both_leaves_a_template_room_for_its_own_words() -> None:
    found = read(body(memberName="n" * LONGEST_NAME, message="m" * LONGEST_MESSAGE))
    assert isinstance(found, Request)
    told = Lately().telling(content_of(found), Peer("whatsapp", "l", found.phone), NOW)
    assert sum(map(units, told.parameters)) <= 1024 - 100


def test_a_notice_without_a_key_is_told_apart_by_its_words_and_the_second_it_came_in() -> None:
    first = RUDO.envelope(WAY, None, now=NOW)
    assert first.id == RUDO.envelope(WAY, None, now=NOW + timedelta(milliseconds=700)).id
    assert first.id != RUDO.envelope(WAY, None, now=NOW + timedelta(seconds=1)).id
    assert content_of(RUDO).mark == RUDO.digest


@pytest.mark.parametrize(
    "other", [{"name": "Tendai"}, {"message": "x"}, {"channel": "sms"}, {"phone": "263770000302"}], ids=str
)
def test_other_words_another_member_or_another_channel_are_another_notice(other: dict[str, str]) -> None:
    assert msgspec.structs.replace(RUDO, **other).digest != RUDO.digest


def test_a_notice_with_a_key_is_told_apart_by_that_alone() -> None:
    first = RUDO.envelope(WAY, "k-1", now=NOW)
    assert first.id == RUDO.envelope(WAY, "k-1", now=NOW + timedelta(days=1)).id
    assert first.id != RUDO.envelope(WAY, "k-2", now=NOW).id
    assert "k-1" not in first.id
    assert content_of(RUDO, key="k-1").mark == ""


def test_neither_the_number_nor_the_words_are_in_an_id() -> None:
    for key in (None, "k-1"):
        envelope = RUDO.envelope(WAY, key, now=NOW)
        for secret in ("263770000301", "Rudo", "Tendai"):
            assert secret not in envelope.id


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ('"8e03978e-40d5"', "8e03978e-40d5"),
        ("8e03978e-40d5", "8e03978e-40d5"),
        (" k ", "k"),
        ('"', '"'),
        ("k" * 255, "k" * 255),
        ("", None),
        ('""', None),
        ("k" * 256, None),
        ("schl\u00fcssel", None),
        ("a\x07b", None),
    ],
)
def test_a_key_comes_quoted_or_bare(header: str, key: str | None) -> None:
    assert read_key(header) == key


def test_a_key_is_known_by_a_digest() -> None:
    assert key_id("k-1") != key_id("k-2")
    assert key_id("k-1") == key_id("k-1")
    assert "k-1" not in key_id("k-1")


def content_of(wanted: Request, key: str | None = None) -> Notice:
    message = msgspec.msgpack.decode(wanted.envelope(WAY, key, now=NOW).body, type=InboundMessage)
    assert isinstance(message.content, Notice)
    return message.content
