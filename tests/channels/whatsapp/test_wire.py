"""The wire module beyond the examples: isolation, order, times, identity, and bytes of every kind."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.message import IdentityChanged, Media, Tap, Text, Trouble
from channels.whatsapp.document import Malformed
from channels.whatsapp.wire import Notification, parse
from tests.channels.whatsapp.examples import LINE, LINES, NOW, said

PHONE = "263771000222"
BSUID = "ZW.5512034987700001"
NOW_SECONDS = int(NOW.timestamp())

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
SPECIAL = st.sampled_from(["wamid.A", PHONE, BSUID, "text", "interactive", "button", "failed", "9" * 30])
ITEM = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("id", "from", "from_user_id", "timestamp", "type", "group_id", "status"), JSON | SPECIAL),
        **dict.fromkeys(("text", "interactive", "button", "system", "context", "audio", "errors"), JSON),
        **dict.fromkeys(("wa_id", "user_id", "biz_opaque_callback_data"), JSON | SPECIAL),
    },
)


def item(number: int = 1, /, **fields: object) -> dict[str, object]:
    words = {"type": "text", "text": {"body": f"words {number}"}}
    sent = {"from": PHONE, "id": f"wamid.{number}", "timestamp": str(NOW_SECONDS - 60)}
    return {**sent, **words, **fields}


def status(**fields: object) -> dict[str, object]:
    return {"id": "wamid.OURS", "status": "sent", "timestamp": str(NOW_SECONDS - 5), **fields}


def value(*messages: object, **others: object) -> dict[str, object]:
    return {"metadata": {"phone_number_id": LINE}, "messages": list(messages), **others}


def body_of(*values: object) -> bytes:
    changes = [{"field": "messages", "value": each} for each in values]
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}).encode()


def read(body: bytes) -> Notification:
    notification = parse(body, lines=LINES, received_at=NOW)
    assert isinstance(notification, Notification)
    return notification


def words(notification: Notification) -> list[str]:
    return [said(message) for message in notification.messages]


@given(st.binary())
def test_no_bytes_break_the_parser(body: bytes) -> None:
    assert isinstance(parse(body, lines=LINES, received_at=NOW), Notification | Malformed)


@given(JSON)
def test_no_json_breaks_the_parser(document: object) -> None:
    assert isinstance(parse(json.dumps(document).encode(), lines=LINES, received_at=NOW), Notification | Malformed)


@given(JSON, JSON, JSON, JSON, JSON)
def test_no_json_in_the_place_of_a_part_costs_its_neighbours(
    entry: object, change: object, part: object, message: object, report: object
) -> None:
    good = {"field": "messages", "value": value(item(1), message, item(2), statuses=[report, status()])}
    odd = {"field": "messages", "value": {"metadata": {"phone_number_id": LINE}, "messages": part, "statuses": part}}
    entries = [entry, {"changes": change}, {"changes": [change, odd, good]}]
    document = {"object": "whatsapp_business_account", "entry": entries}
    notification = read(json.dumps(document).encode())
    assert {"words 1", "words 2"} <= set(words(notification))
    assert "wamid.OURS" in {report.id for report in notification.reports}


@given(st.lists(ITEM, max_size=4))
def test_no_field_of_an_item_breaks_the_parser(items: list[dict[str, Any]]) -> None:
    notification = read(body_of(value(*items, statuses=items, contacts=items)))
    for message in notification.messages:
        message.id.encode()
        said(message).encode()
        assert message.at <= NOW


def test_a_line_that_is_not_ours_is_left_alone_and_its_neighbour_read() -> None:
    stranger = {**value(item(1)), "metadata": {"phone_number_id": "999"}}
    notification = read(body_of(stranger, value(item(2))))
    assert words(notification) == ["words 2"]
    assert notification.ignored == {"line": 1}


def test_a_change_without_its_line_is_set_aside_whole() -> None:
    (poison,) = read(body_of({"messages": [item()]})).poison
    assert json.loads(poison)["value"]["messages"] == [item()]


@pytest.mark.parametrize(
    "fields",
    [
        {"id": None},
        {"id": ""},
        {"id": "x" * 256},
        {"id": "wamid.\u00e9"},
        {"id": "wam\nid"},
        {"from": None},
        {"from": 263771000222},
        {"from": "Rudo"},
        {"from": "\uff10263"},
    ],
)
def test_an_item_without_a_usable_id_or_sender_is_set_aside(fields: dict[str, object]) -> None:
    notification = read(body_of(value(item(**fields), item(2))))
    assert words(notification) == ["words 2"]
    assert [json.loads(poison) for poison in notification.poison] == [item(**fields)]


@pytest.mark.parametrize(
    ("timestamp", "age"),
    [
        (str(NOW_SECONDS - 60), 60),
        (NOW_SECONDS - 60, 60),
        (float(NOW_SECONDS - 60), 60),
        (str((NOW_SECONDS - 60) * 1000), 60),
        ((NOW_SECONDS - 60) * 1000, 60),
        (str(NOW_SECONDS + 60), 0),
        (10**400, 0),
        (1e300, 0),
        ("9" * 400, 0),
        ("soon", 0),
        ("-5", 0),
        ("\u0665", 0),
        (-5, 0),
        (0, 0),
        (True, 0),
        (None, 0),
        ([], 0),
    ],
)
def test_a_time_is_read_in_all_its_forms_and_counts_as_now_if_it_is_none(timestamp: object, age: int) -> None:
    (message,) = read(body_of(value(item(timestamp=timestamp)))).messages
    assert NOW - message.at == timedelta(seconds=age)


def test_messages_come_in_the_order_they_were_sent_over_the_whole_body() -> None:
    late, early, middle = (item(number, timestamp=NOW_SECONDS - age) for number, age in ((1, 1), (2, 9), (3, 5)))
    same = item(4, timestamp=NOW_SECONDS - 5)
    assert words(read(body_of(value(late), value(early, middle, same)))) == ["words 2", "words 3", "words 4", "words 1"]


def test_a_clock_ahead_of_ours_does_not_mix_up_messages() -> None:
    second, first = item(2, timestamp=NOW_SECONDS + 9), item(1, timestamp=NOW_SECONDS + 8)
    assert words(read(body_of(value(second, first)))) == ["words 1", "words 2"]


@pytest.mark.parametrize(
    ("fields", "contacts", "sender"),
    [
        ({"from": "+263771000222"}, [], PHONE),
        ({"from": PHONE, "from_user_id": BSUID}, [], PHONE),
        ({"from": BSUID}, [], BSUID),
        ({"from": None, "from_user_id": BSUID}, [], BSUID),
        ({"from": None, "from_user_id": BSUID}, [{"user_id": BSUID, "wa_id": PHONE}], PHONE),
        ({"from": None, "from_user_id": BSUID}, [None, {"user_id": "ZW.1", "wa_id": "263771000333"}], BSUID),
        ({"from": BSUID}, [{"wa_id": BSUID}], BSUID),
        ({"from": "ZW.ENT.55120"}, "contacts", "ZW.ENT.55120"),
    ],
)
def test_a_sender_is_their_phone_if_known_else_their_user_id(
    fields: dict[str, object], contacts: object, sender: str
) -> None:
    (message,) = read(body_of(value(item(**fields), contacts=contacts))).messages
    assert message.peer.name == sender


@pytest.mark.parametrize(
    ("fields", "content"),
    [
        ({"text": {"body": " a\u0000b\ud83d "}}, Text("ab\ufffd")),
        ({"text": {"body": "\ud83d\ude4f"}}, Text("🙏")),
        ({"text": "boom"}, Media("unsupported")),
        ({"text": {"body": "x"}, "context": {"frequently_forwarded": True}}, Text("x", forwarded=True)),
        ({"type": ["text"]}, Media("unsupported")),
        ({"type": None}, Media("unsupported")),
        (
            {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "s1.yes"}}},
            Tap("s1.yes"),
        ),
        (
            {
                "type": "interactive",
                "interactive": {"type": "list_reply", "list_reply": {"id": "s1.a.b", "title": "A"}},
            },
            Tap("s1.a.b", "A"),
        ),
        ({"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {}}}, Media("unsupported")),
        ({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {}}}, Media("form")),
        ({"type": "button", "button": {"payload": "s1.yes", "text": "Yes"}}, Tap("s1.yes", "Yes")),
        ({"type": "button", "button": {"text": "Yes"}}, Tap("Yes", "Yes")),
        ({"type": "button", "button": {"payload": 5, "text": None}}, Media("unsupported")),
        ({"type": "audio", "audio": {"voice": True}}, Media("voice")),
        ({"type": "audio", "audio": {"voice": False}}, Media("audio")),
        ({"type": "audio"}, Media("audio")),
        ({"type": "location"}, Media("location")),
        ({"type": "order"}, Media("order")),
        ({"type": "video"}, Media("video")),
        ({"type": "reaction", "reaction": {"emoji": "👍"}}, Media("reaction")),
        ({"type": "system", "system": {"type": "user_changed_number"}}, IdentityChanged("user_changed_number")),
        ({"type": "system"}, IdentityChanged("unknown")),
    ],
)
def test_content_is_read_as_what_it_is(fields: dict[str, object], content: object) -> None:
    (message,) = read(body_of(value(item(**fields)))).messages
    assert message.content == content


@pytest.mark.parametrize(
    ("name", "ours"), [("sent", "sent"), ("delivered", "delivered"), ("read", "read"), ("played", "read")]
)
def test_statuses_are_read(name: str, ours: str) -> None:
    (report,) = read(body_of(value(statuses=[status(status=name, biz_opaque_callback_data="ref-1")]))).reports
    assert (report.id, report.status, report.ours, report.error) == ("wamid.OURS", ours, "ref-1", None)
    assert report.at == NOW - timedelta(seconds=5)


@pytest.mark.parametrize("name", ["deleted", "warned"])
def test_a_status_that_says_nothing_to_us_is_counted(name: str) -> None:
    notification = read(body_of(value(statuses=[status(status=name)])))
    assert notification.reports == ()
    assert notification.ignored == {"status": 1}


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ([{"code": 131047}], 131047),
        ([{"code": "131047"}], None),
        ([{"code": 2**40}], None),
        ([{}], None),
        ([None], None),
        ([], None),
        ({}, None),
    ],
)
def test_only_the_code_of_an_error_is_relied_on(errors: object, code: int | None) -> None:
    (report,) = read(body_of(value(statuses=[status(status="failed", errors=errors)]))).reports
    assert report.error == code
    assert report.trouble is (Trouble.FINAL if code else Trouble.ODD)


@pytest.mark.parametrize("name", ["sent", "delivered", "read"])
def test_only_what_failed_is_in_trouble(name: str) -> None:
    errors = [{"code": 131026}]
    (report,) = read(body_of(value(statuses=[status(status=name, errors=errors)]))).reports
    assert report.trouble is None
    (report,) = read(body_of(value(statuses=[status(status="failed", errors=errors)]))).reports
    assert report.trouble is Trouble.UNREACHABLE


def test_a_body_without_an_object_is_malformed() -> None:
    assert parse(b'{"entry":[]}', lines=LINES, received_at=NOW) == Malformed("no object named")


def test_a_thousand_messages_in_one_body_are_all_read() -> None:
    assert len(read(body_of(value(*map(item, range(1000))))).messages) == 1000
