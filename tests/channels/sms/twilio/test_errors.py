"""Every kind of refusal, at once and later."""

import pytest

from channels.channel import NotDeliverable, NotSent, Unreachable, Unwanted
from channels.message import Trouble
from channels.sms.twilio.errors import failure, trouble_of


@pytest.mark.parametrize(
    ("code", "seconds"),
    [
        (14107, 5),
        (20003, 60),
        (20004, 60),
        (20005, 3600),
        (20404, 60),
        (20429, 5),
        (20500, None),
        (20503, None),
        (21611, 60),
        (21703, 60),
        (30001, 60),
        (30002, 3600),
        (30022, 60),
        (63018, 60),
    ],
)
@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
def test_a_passing_refusal_is_tried_again_whatever_its_http_status(
    status: int, code: int, seconds: float | None
) -> None:
    error = failure(status, code)
    assert isinstance(error, NotSent)
    assert (error.code, error.after_seconds) == (code, seconds)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *((code, NotDeliverable) for code in (20001, 21212, 21266, 21408, 21602, 21603, 21604, 21606, 21609, 21617)),
        *((code, Unreachable) for code in (21211, 21217, 21265, 21612, 21614)),
        (21610, Unwanted),
    ],
)
@pytest.mark.parametrize("status", [400, 403, 500])
def test_a_final_refusal_is_final_and_of_its_kind(status: int, code: int, kind: type[NotDeliverable]) -> None:
    error = failure(status, code)
    assert type(error) is kind
    assert error.code == code


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (30001, Trouble.PASSING),
        (30002, Trouble.PASSING),
        (30003, Trouble.PASSING),
        (30017, Trouble.PASSING),
        (30022, Trouble.PASSING),
        (30023, Trouble.PASSING),
        (30036, Trouble.PASSING),
        (63018, Trouble.PASSING),
        (30008, Trouble.ODD),
        (30009, Trouble.ODD),
        (30410, Trouble.ODD),
        (30500, Trouble.ODD),
        (30004, Trouble.FINAL),
        (30007, Trouble.FINAL),
        (30010, Trouble.FINAL),
        (30012, Trouble.FINAL),
        (30019, Trouble.FINAL),
        (30024, Trouble.FINAL),
        (30032, Trouble.FINAL),
        (30034, Trouble.FINAL),
        (30005, Trouble.UNREACHABLE),
        (30006, Trouble.UNREACHABLE),
        (21614, Trouble.UNREACHABLE),
        (21610, Trouble.UNWANTED),
        (12345, None),
        (None, None),
    ],
)
def test_a_code_that_comes_later_says_what_would_help(code: int | None, trouble: Trouble | None) -> None:
    assert trouble_of(code) is trouble


@pytest.mark.parametrize("status", [302, 401, 403, 408, 425, 429, 500, 502, 503])
@pytest.mark.parametrize("code", [None, 12345])
def test_without_a_known_code_the_http_status_decides_for_later(status: int, code: int | None) -> None:
    error = failure(status, code)
    assert isinstance(error, NotSent)
    assert error.code == code


@pytest.mark.parametrize("status", [400, 404, 405, 413])
@pytest.mark.parametrize("code", [None, 12345])
def test_without_a_known_code_the_http_status_decides_for_never(status: int, code: int | None) -> None:
    assert type(failure(status, code)) is NotDeliverable


@pytest.mark.parametrize(
    ("status", "code", "wish", "seconds"),
    [(429, 20429, None, 5), (429, 20429, 2, 5), (429, 20429, 90, 90), (429, None, None, 5), (401, None, None, 60)],
)
def test_the_longer_pause_counts(status: int, code: int | None, wish: float | None, seconds: float) -> None:
    error = failure(status, code, retry_after=wish)
    assert isinstance(error, NotSent)
    assert error.after_seconds == seconds
