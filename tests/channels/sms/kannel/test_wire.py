"""What Kannel fetches or posts, read: messages in every encoding, reports, and what is neither."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.message import DeliveryStatus, Peer, Text, Trouble
from channels.sms.kannel.wire import KannelWebhooks
from channels.sms.provider import Posted, Received, Refused, Webhooks
from tests.channels.sms.requests import NOW, PHONE, fetched, form, message, posted, report

SECRET = "kannel-shared-key-91-8c1f0d2a77"
PATH = f"/sms/kannel/{SECRET}"
STATUS = f"{PATH}/status"
HOOKS: Webhooks = KannelWebhooks(SECRET)
BALANCE: dict[str, str | bytes] = {
    "id": "0b6e2f3a-2f2e-4c37-9b7a-0c7d3c8f1a01",
    "sender": f"+{PHONE}",
    "to": "33333",
    "ts": "1789898395",
    "charset": "UTF-8",
    "coding": "0",
    "text": "BAL",
}


def words(text: bytes, charset: str = "", coding: str = "") -> str:
    content = message(
        HOOKS.messages(fetched(PATH, BALANCE | {"text": text, "charset": charset, "coding": coding}), now=NOW)
    ).content
    assert isinstance(content, Text)
    return content.body


@pytest.mark.parametrize("make", [fetched, form])
def test_a_message_is_read_whole_from_a_query_or_a_form(
    make: Callable[[str, Mapping[str, str | bytes]], Posted],
) -> None:
    came = message(HOOKS.messages(make(PATH, BALANCE), now=NOW))
    assert came.id == "kannel:0b6e2f3a-2f2e-4c37-9b7a-0c7d3c8f1a01"
    assert came.peer == Peer("sms", "kannel:33333", PHONE)
    assert came.at == datetime(2026, 9, 20, 9, 59, 55, tzinfo=UTC)
    assert came.content == Text("BAL")


def test_a_message_as_it_stands_on_the_wire_is_read() -> None:
    target = f"{PATH}?id=k-1&sender=+263772123456&to=33333&ts=1789898395&charset=UTF-8&coding=0&text=pay+5%0Ato+%40rudo"
    came = message(HOOKS.messages(posted(target, method="GET"), now=NOW))
    assert (came.peer.name, came.content) == (PHONE, Text("pay 5\nto @rudo"))


def test_a_post_with_its_parameters_in_the_query_is_read_too() -> None:
    target = fetched(PATH, BALANCE).target
    assert message(HOOKS.messages(posted(target), now=NOW)).content == Text("BAL")


@pytest.mark.parametrize("ts", ["1789898401", "1789898395000", "", "yesterday", "0", "-1"])
def test_a_time_that_is_none_or_not_yet_is_now(ts: str) -> None:
    assert message(HOOKS.messages(fetched(PATH, BALANCE | {"ts": ts}), now=NOW)).at == NOW


@pytest.mark.parametrize(
    ("text", "charset", "coding", "said"),
    [
        ("é 🙏".encode(), "UTF-8", "0", "é 🙏"),
        ("é 🙏".encode(), "utf8", "", "é 🙏"),
        ("é 🙏".encode(), "", "", "é 🙏"),
        ("é 🙏".encode(), "UTF-8", "2", "é 🙏"),  # written anew by the gateway
        ("é ü".encode("latin-1"), "ISO-8859-1", "0", "é ü"),
        ("é ü".encode("latin-1"), "", "0", "é ü"),
        ("é ü".encode("latin-1"), "UTF-8", "0", "é ü"),  # its name is wrong
        ("é ü".encode("latin-1"), "8-BIT", "1", "é ü"),
        ("5 €".encode("cp1252"), "windows-1252", "0", "5 €"),
        ("BAL".encode("utf-16-be"), "UTF-16BE", "2", "BAL"),
        ("BAL".encode("utf-16-be"), "", "2", "BAL"),
        ("BAL".encode("utf-16-be"), "UTF-8", "2", "BAL"),  # its name is wrong
        ("Ła".encode("utf-16-be"), "UTF-8", "2", "Ła"),  # its name is wrong, and yet it could be right
        ("é 🙏 日本".encode("utf-16-be"), "UTF-16BE", "2", "é 🙏 日本"),
        ("日本".encode("utf-16-be"), "", "2", "日本"),
        ("\ufeffBAL".encode("utf-16-be"), "", "2", "BAL"),
        ("BAL".encode("utf-16-le"), "UTF-16LE", "2", "BAL"),
        ("日本".encode("utf-16-be"), "klingon", "2", "日本"),
        ("é".encode(), "klingon", "0", "é"),
        (b"\x00B\x00A\x00", "UTF-16BE", "2", "BA\ufffd"),
        (b"\xd8\x00\x00A", "UTF-16BE", "2", "\ufffdA"),
        (b"\x81", "windows-1252", "0", "\x81"),
        (b"BAL", "rot13", "0", "BAL"),
        (b"BAL", "zip", "0", "BAL"),
        (b"", "", "", ""),
    ],
)
def test_text_is_read_by_its_charset_and_coding(text: bytes, charset: str, coding: str, said: str) -> None:
    assert words(text, charset, coding) == said


def test_a_long_message_comes_whole() -> None:
    assert words(b"a" * 400, "UTF-8", "0") == "a" * 400


def test_a_message_without_its_text_is_an_empty_one() -> None:
    without = {name: value for name, value in BALANCE.items() if name not in ("text", "ts", "charset", "coding")}
    assert message(HOOKS.messages(fetched(PATH, without), now=NOW)).content == Text("")


def test_a_message_that_comes_twice_has_one_id() -> None:
    first, second = (message(HOOKS.messages(fetched(PATH, BALANCE), now=NOW)) for _ in range(2))
    assert first.id == second.id


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [("id", "", "id"), ("sender", "131", "sender"), ("sender", "Carrier", "sender"), ("to", "", "line")],
)
def test_what_has_no_id_no_sender_or_no_line_is_counted(field: str, value: str, reason: str) -> None:
    assert HOOKS.messages(fetched(PATH, BALANCE | {field: value}), now=NOW) == Received(ignored={reason: 1})


@pytest.mark.parametrize(
    "target", ["/sms/kannel/nope", "/sms/kannel/", f"{PATH}/", STATUS, f"/sms/kannel/?key={SECRET}"]
)
def test_a_message_with_a_forged_secret_is_refused(target: str) -> None:
    assert HOOKS.messages(form(target, BALANCE), now=NOW) == Refused(404, "path")


def test_a_report_with_a_forged_secret_is_refused() -> None:
    forged = fetched("/sms/kannel/nope/status", {"ours": "out_01J8ZQ", "status": "1"})
    assert HOOKS.reports(forged, now=NOW) == Refused(404, "path")


def test_without_a_secret_everybody_is_refused() -> None:
    assert KannelWebhooks("").messages(fetched("/sms/kannel/", BALANCE), now=NOW) == Refused(404, "path")


@pytest.mark.parametrize(
    ("bit", "status", "trouble", "error"),
    [
        ("1", DeliveryStatus.DELIVERED, None, None),
        ("2", DeliveryStatus.FAILED, Trouble.FINAL, 2),
        ("8", DeliveryStatus.SENT, None, None),
        ("16", DeliveryStatus.FAILED, Trouble.ODD, 16),
        (" 1", DeliveryStatus.DELIVERED, None, None),
    ],
)
def test_a_report_says_how_far_a_message_got(
    bit: str, status: DeliveryStatus, trouble: Trouble | None, error: int | None
) -> None:
    came = report(HOOKS.reports(fetched(STATUS, {"ours": "out_01J8ZQ", "status": bit}), now=NOW))
    assert (came.id, came.ours, came.at) == ("kannel:out_01J8ZQ", "out_01J8ZQ", NOW)
    assert (came.status, came.trouble, came.error) == (status, trouble, error)


def test_an_id_of_ours_comes_back_as_it_was_whatever_is_in_it() -> None:
    ours = "member:263772123456/turn 7?a=b&c=%41+#1"
    came = report(HOOKS.reports(fetched(STATUS, {"ours": ours, "status": "1"}), now=NOW))
    assert (came.ours, came.id) == (ours, f"kannel:{ours}")


@pytest.mark.parametrize(
    ("bit", "reason"),
    [
        ("4", "underway"),
        ("32", "underway"),
        ("64", "status"),
        ("0", "status"),
        ("3", "status"),
        ("%d", "status"),
        ("", "status"),
    ],
)
def test_a_report_that_tells_nothing_new_is_counted(bit: str, reason: str) -> None:
    received = HOOKS.reports(fetched(STATUS, {"ours": "out_01J8ZR", "status": bit}), now=NOW)
    assert received == Received(ignored={reason: 1})


def test_a_report_on_no_message_is_counted() -> None:
    assert HOOKS.reports(fetched(STATUS, {"status": "1"}), now=NOW) == Received(ignored={"id": 1})


@given(target=st.sampled_from([PATH, STATUS, f"{PATH}?id=1"]) | st.text(max_size=80), body=st.binary(max_size=200))
def test_no_request_whatever_raises(target: str, body: bytes) -> None:
    request = Posted(method="POST", target=target, headers={}, body=body)
    for read in (HOOKS.messages(request, now=NOW), HOOKS.reports(request, now=NOW)):
        assert isinstance(read, Received | Refused)


@given(
    text=st.binary(max_size=40),
    charset=st.sampled_from(["", "UTF-8", "ISO-8859-1", "UTF-16BE", "UTF-16LE", "ascii", "cp1252"])
    | st.text(max_size=9),
    coding=st.sampled_from(["", "0", "1", "2", "9"]),
)
def test_no_text_whatever_raises_or_could_not_be_stored(text: bytes, charset: str, coding: str) -> None:
    said = words(text, charset, coding)
    assert "\0" not in said
    said.encode()


@given(words_said=st.text(max_size=40).filter(lambda text: not set(text) & {"\0"}))
def test_whatever_is_said_in_ucs2_is_understood(words_said: str) -> None:
    assert words(words_said.encode("utf-16-be", "replace"), "UTF-16BE", "2") == words(
        words_said.encode("utf-8", "replace"), "UTF-8", "0"
    )


def test_its_answer_is_empty_and_its_repr_tells_no_secret() -> None:
    assert HOOKS.answer == ("text/plain; charset=utf-8", b"")
    assert (HOOKS.name, HOOKS.path) == ("kannel", PATH)
    assert SECRET not in repr(HOOKS)
