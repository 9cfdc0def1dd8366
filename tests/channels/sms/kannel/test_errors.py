"""Every kind of answer: taken, later, and when, by another channel, or never."""

import pytest

from channels.channel import NotDeliverable, NotSent, Unreachable
from channels.sms.kannel.errors import failure


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (202, b"0: Accepted for delivery"),
        (202, b"3: Queued for later delivery"),
        (202, b"Sent."),
        (202, b"Sent. Message splits: 2"),
        (200, b"0: Accepted for delivery"),
    ],
)
def test_a_taken_message_is_no_failure(status: int, body: bytes) -> None:
    assert failure(status, body) is None


@pytest.mark.parametrize(
    ("status", "body", "code", "seconds"),
    [
        (503, b"Temporal failure, try again later.", 503, None),
        (500, b"Sending failed.", 500, None),
        (599, b"", 599, None),
        (302, b"", 302, None),
        (403, b"Authorization failed for sendsms", 403, 60),
        (401, b"", 401, 60),
        (404, b"Unknown request.", 404, 60),
        (405, b"", 405, 60),
        (408, b"", 408, None),
        (429, b"", 429, 30),
        (503, b"4: later", 4, None),
    ],
)
def test_what_passes_or_is_about_us_is_tried_again(status: int, body: bytes, code: int, seconds: float | None) -> None:
    error = failure(status, body)
    assert isinstance(error, NotSent)
    assert (error.code, error.after_seconds) == (code, seconds)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [(202, b"", None), (202, b"1: Refused", 1), (200, b"<html>", None), (200, b"Sent.", None), (204, b"", None)],
)
def test_success_that_does_not_say_taken_is_not_believed(status: int, body: bytes, code: int | None) -> None:
    error = failure(status, body)
    assert isinstance(error, NotSent)
    assert error.code == code


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, b"Missing receiver number, rejected", NotDeliverable, 400),
        (400, b"Charset or body misformed, rejected", NotDeliverable, 400),
        (400, b"7: Refused", NotDeliverable, 7),
        (403, b"Forbidden by policy", NotDeliverable, 403),
        (415, b"Unsupported content-type, rejected", NotDeliverable, 415),
        (403, b"Not routable. Do not try again.", Unreachable, 403),
        (400, b"Number(s) has/have been denied by white- and/or black-lists.", Unreachable, 400),
    ],
)
def test_another_refusal_is_final(status: int, body: bytes, kind: type[NotDeliverable], code: int) -> None:
    error = failure(status, body)
    assert type(error) is kind
    assert error.code == code
    assert "Refused" not in str(error)


def test_the_longer_pause_counts() -> None:
    pauses = [failure(status, b"", retry_after=wish) for status, wish in ((429, 5), (429, 90), (503, 7))]
    assert [getattr(error, "after_seconds", None) for error in pauses] == [30, 90, 7]
