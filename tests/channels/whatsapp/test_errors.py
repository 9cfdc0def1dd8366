"""Every kind of refusal: later, and when, or never."""

import pytest

from channels.channel import NotDeliverable, NotSent, Unreachable, Unwanted
from channels.message import Trouble
from channels.whatsapp.errors import failure, trouble


def refusal(code: object, **fields: object) -> dict[str, object]:
    return {"error": {"message": "words of Meta's", "code": code, **fields}}


@pytest.mark.parametrize(
    ("code", "seconds"),
    [
        (0, 60),
        (190, 60),
        (3, 60),
        (10, 60),
        (200, 60),
        (299, 60),
        (131005, 60),
        (1, None),
        (2, None),
        (131000, None),
        (131016, None),
        (133004, None),
        (131053, None),
        (4, 30),
        (613, 30),
        (80007, 30),
        (130429, 2),
        (131056, 6),
        (131057, 60),
        (131048, 3600),
        (131031, 3600),
        (368, 3600),
        ("131056", 6),
    ],
)
@pytest.mark.parametrize("status", [400, 403, 429, 500])
def test_a_passing_refusal_is_tried_again_whatever_its_http_status(
    status: int, code: object, seconds: float | None
) -> None:
    error = failure(status, refusal(code))
    assert isinstance(error, NotSent)
    assert (error.code, error.after_seconds) == (int(str(code)), seconds)


@pytest.mark.parametrize(
    "code",
    [
        *(33, 100, 130472, 131008, 131009, 131021, 131026, 131030, 131047, 131049, 131050, 131051),
        *(131062, 131063, 131064, 132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018),
    ],
)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
def test_a_final_refusal_is_final_whatever_its_http_status(status: int, code: int) -> None:
    error = failure(status, refusal(code))
    assert isinstance(error, NotDeliverable)
    assert error.code == code
    assert "Meta's words" not in str(error)


@pytest.mark.parametrize("status", [401, 403, 408, 425, 429, 500, 502, 503, 504, 302])
@pytest.mark.parametrize("answer", [{}, refusal(987654), {"error": "a string"}, refusal("x"), refusal("9" * 5000)])
def test_without_a_known_code_the_http_status_decides_for_later(status: int, answer: dict[str, object]) -> None:
    assert isinstance(failure(status, answer), NotSent)


@pytest.mark.parametrize("status", [400, 404, 405, 413])
@pytest.mark.parametrize("answer", [{}, refusal(987654), {"error": []}, refusal(None), refusal("")])
def test_without_a_known_code_the_http_status_decides_for_never(status: int, answer: dict[str, object]) -> None:
    assert isinstance(failure(status, answer), NotDeliverable)


def test_an_unknown_code_that_says_it_is_transient_is_tried_again() -> None:
    assert isinstance(failure(400, refusal(987654, is_transient=True)), NotSent)


@pytest.mark.parametrize(("wish", "seconds"), [(None, 6), (2, 6), (90, 90)])
def test_the_longer_pause_counts(wish: float | None, seconds: float) -> None:
    error = failure(429, refusal(131056), retry_after=wish)
    assert isinstance(error, NotSent)
    assert error.after_seconds == seconds


def test_a_throttled_call_waits_without_being_told_so() -> None:
    error = failure(429, {})
    assert isinstance(error, NotSent)
    assert error.after_seconds == 30


@pytest.mark.parametrize(
    ("code", "kind"),
    [(131026, Unreachable), (130472, Unreachable), (131050, Unwanted), (131047, NotDeliverable), (987, NotDeliverable)],
)
def test_a_refusal_says_whether_another_channel_may_help_or_nothing_is_wanted(
    code: int, kind: type[NotDeliverable]
) -> None:
    assert type(failure(400, refusal(code))) is kind


@pytest.mark.parametrize(
    ("code", "helps"),
    [
        (131026, Trouble.UNREACHABLE),
        (130472, Trouble.UNREACHABLE),
        (131050, Trouble.UNWANTED),
        (131016, Trouble.PASSING),
        (131048, Trouble.PASSING),
        (130429, Trouble.PASSING),
        (131000, Trouble.ODD),
        (None, Trouble.ODD),
        (131047, Trouble.FINAL),
        (131049, Trouble.FINAL),
        (132001, Trouble.FINAL),
        (987654, Trouble.FINAL),
    ],
)
def test_a_code_that_comes_with_a_failed_status_tells_what_helps(code: int | None, helps: Trouble) -> None:
    assert trouble(code) is helps
