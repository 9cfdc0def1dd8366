"""Every kind of refusal: later, and when, by another channel, or never."""

import pytest

from channels.channel import NotDeliverable, NotSent, Unreachable, Unwanted
from channels.message import Trouble
from channels.sms.africastalking.errors import failure, refused, trouble_of


@pytest.mark.parametrize(
    ("code", "word", "seconds"),
    [
        (401, "RiskHold", 3600),
        (405, "InsufficientBalance", 3600),
        (409, "DoNotDisturbRejection", 3600),
        (500, "InternalServerError", None),
        (501, "GatewayError", None),
        (502, "RejectedByGateway", 60),
    ],
)
def test_a_passing_refusal_is_tried_again(code: int, word: str, seconds: float | None) -> None:
    for error in (refused(code, "whatever"), refused(None, word), refused(None, word.upper())):
        assert isinstance(error, NotSent)
        assert (error.code, error.after_seconds, str(error)) == (code, seconds, word)


@pytest.mark.parametrize(
    ("code", "word", "kind"),
    [
        (402, "InvalidSenderId", NotDeliverable),
        (403, "InvalidPhoneNumber", Unreachable),
        (404, "UnsupportedNumberType", Unreachable),
        (406, "UserInBlacklist", Unwanted),
        (407, "CouldNotRoute", Unreachable),
    ],
)
def test_a_final_refusal_is_final(code: int, word: str, kind: type[NotDeliverable]) -> None:
    for error in (refused(code, ""), refused(None, word)):
        assert type(error) is kind
        assert (error.code, str(error)) == (code, word)


@pytest.mark.parametrize(
    ("code", "kind"),
    [(408, NotDeliverable), (499, NotDeliverable), (503, NotSent), (103, NotSent), (None, NotSent), (-1, NotSent)],
)
def test_a_code_that_is_not_in_the_table_goes_by_its_hundred(code: int | None, kind: type[Exception]) -> None:
    error = refused(code, "words of theirs")
    assert type(error) is kind
    assert error.code == code
    assert "theirs" not in str(error)


@pytest.mark.parametrize(
    ("status", "seconds"),
    [(401, 60), (402, 3600), (403, 60), (408, None), (425, None), (429, 30), (500, None), (503, None), (302, None)],
)
def test_an_http_status_about_us_or_a_server_is_tried_again(status: int, seconds: float | None) -> None:
    error = failure(status)
    assert isinstance(error, NotSent)
    assert (error.code, error.after_seconds) == (status, seconds)


@pytest.mark.parametrize("status", [400, 404, 413, 415])
def test_another_http_refusal_is_final(status: int) -> None:
    error = failure(status)
    assert type(error) is NotDeliverable
    assert error.code == status


def test_the_longer_pause_counts() -> None:
    assert [getattr(failure(429, retry_after=wish), "after_seconds", None) for wish in (5, 90)] == [30, 90]
    assert getattr(failure(503, retry_after=7), "after_seconds", None) == 7


@pytest.mark.parametrize(
    ("word", "trouble"),
    [
        ("UserInBlackList", Trouble.UNWANTED),
        ("UserInBlacklist", Trouble.UNWANTED),
        ("UserMemoryCapacityExceeded", Trouble.PASSING),
        ("CouldNotRoute", Trouble.UNREACHABLE),
        ("Sent", None),
        ("", None),
    ],
)
def test_a_word_is_known_in_any_case_or_not_at_all(word: str, trouble: Trouble | None) -> None:
    assert trouble_of(word) is trouble
