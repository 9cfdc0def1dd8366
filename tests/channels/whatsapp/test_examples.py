"""Every WhatsApp webhook example, replayed on the signature and wire modules."""

from datetime import timedelta

import pytest

from channels.whatsapp.document import Malformed
from channels.whatsapp.signature import Forged, Genuine, handshake, verify
from channels.whatsapp.wire import Notification, parse
from tests.channels.whatsapp.examples import (
    APP_SECRET,
    EXAMPLES,
    LINES,
    NOW,
    VERIFY_TOKEN,
    Example,
    ExpectedReport,
)

POSTS = [example for example in EXAMPLES if example.method == "POST"]
GETS = [example for example in EXAMPLES if example.method == "GET"]
MALFORMED = {
    "wa_json_deep_nesting": "nested too deep",
    "wa_json_wrong_types": "entry is not a list",
    "wa_json_root_null": "not an object",
    "wa_json_root_array": "not an object",
    "wa_json_utf8_bom": "not JSON",
    "wa_body_invalid_utf8": "not UTF-8",
    "wa_json_nan": "not JSON",
    "wa_content_encoding_gzip": "not UTF-8",
}
REFUSED_BEFORE_PARSING = {"wa_sig_no_prefix", "wa_body_over_limit_8MB"}
UNDERSTOOD = [example for example in POSTS if example.name not in MALFORMED.keys() | REFUSED_BEFORE_PARSING]
IGNORED = {
    "wa_group_message": {"group": 1},
    "wa_interactive_missing_body_value_errors": {"errors": 1},
    "wa_multi_entry_multi_change_two_numbers": {"field:account_update": 1},
    "wa_field_template_status_paused": {"field:message_template_status_update": 1},
    "wa_field_user_preferences_stop": {"field:user_preferences": 1},
    "wa_field_unknown": {"field": 1},
    "wa_field_smb_message_echo": {"echo": 1},
    "wa_unknown_phone_number_id": {"line": 1},
    "wa_wrong_object": {"object": 1},
}


def named(name: str) -> Example:
    return next(example for example in EXAMPLES if example.name == name)


def read(example: Example) -> Notification:
    notification = parse(example.body, lines=LINES, received_at=NOW)
    assert isinstance(notification, Notification)
    return notification


@pytest.mark.parametrize("example", GETS, ids=lambda example: example.name)
def test_a_handshake_is_answered_with_its_challenge_or_not_at_all(example: Example) -> None:
    answer = handshake(example.query, VERIFY_TOKEN)
    assert answer == example.answer
    assert example.statuses == ({200} if answer else {403})


@pytest.mark.parametrize("example", POSTS, ids=lambda example: example.name)
def test_a_signature_is_good_exactly_when_the_example_says_so(example: Example) -> None:
    verdict = verify(example.body, example.headers.get("X-Hub-Signature-256"), [APP_SECRET])
    assert verdict == (Genuine(0) if example.signature_valid else Forged.WRONG)


@pytest.mark.parametrize("example", UNDERSTOOD, ids=lambda example: example.name)
def test_an_example_is_understood_as_expected(example: Example) -> None:
    notification = read(example)
    if example.messages is not None:
        assert len(notification.messages) == len(example.messages)
        seen = [
            expected.as_seen(message) for expected, message in zip(example.messages, notification.messages, strict=True)
        ]
        assert seen == list(example.messages)
    assert [ExpectedReport.of(report) for report in notification.reports] == list(example.reports)
    assert notification.ignored == IGNORED.get(example.name, {})
    assert bool(notification.poison) == (example.name == "wa_batch_with_poison_item")


@pytest.mark.parametrize("name", MALFORMED)
def test_bytes_that_are_no_notification_say_why(name: str) -> None:
    assert parse(named(name).body, lines=LINES, received_at=NOW) == Malformed(MALFORMED[name])


def test_a_poisonous_item_is_kept_as_it_came() -> None:
    (poison,) = read(named("wa_batch_with_poison_item")).poison
    assert poison == b'{"from":12345,"id":null,"timestamp":"not-a-number","type":["text"],"text":"boom"}'


def test_a_message_delivered_six_days_late_keeps_the_time_it_was_sent() -> None:
    (message,) = read(named("wa_message_six_days_old_retry")).messages
    assert NOW - message.at == timedelta(days=6)


def test_a_message_from_the_future_was_sent_now() -> None:
    (message,) = read(named("wa_timestamp_in_future")).messages
    assert message.at == NOW
