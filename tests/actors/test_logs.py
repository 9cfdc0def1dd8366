"""Logs: one JSON object a line, and no message text, token or whole number in any of them, whoever logs it."""

import json
import logging
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum

import pytest
import structlog
from hypercorn.config import Config
from hypercorn.logging import Logger
from hypothesis import given
from hypothesis import strategies as st

from actors import logs
from channels.message import Text
from runtime.errors import StoreUnavailable

NUMBER = "263771234567"
WAMID = "wamid.HBgMMjYzNzcxMjM0NTY3FQIAERgSMkE3RkY1NDcA"
GRAPH_TOKEN = "EAAGm0PX4ZCpsBAKZCFakeFakeFakeFake0123456789"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJtZW1iZXJJRCI6IjEifQ.c2lnbmF0dXJl"
SECRET_TEXT = "my sister owes me"


class Kind(Enum):
    """A value with a name, as turns log them."""

    HEARD = f"heard by {NUMBER}"


Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """What was logged since, parsed; everything as it was afterwards."""
    root = logging.getLogger()
    before, level, settings = root.handlers, root.level, structlog.get_config()
    with warnings.catch_warnings():
        logs.configure("INFO")
        yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
        logging.captureWarnings(capture=False)
    root.handlers = before
    root.setLevel(level)
    structlog.configure(**settings)


def logged(lines: Lines) -> dict[str, object]:
    (line,) = lines()
    return line


def test_a_line_is_one_json_object_with_event_level_and_time(lines: Lines) -> None:
    structlog.get_logger("vimbiso").info("turn", state="AskingAmount", ms=1.25, effects=["say"], version=7, last=None)
    line = logged(lines)
    assert datetime.fromisoformat(str(line.pop("at"))).tzinfo == UTC
    assert line == {
        "event": "turn",
        "level": "info",
        "state": "AskingAmount",
        "ms": 1.25,
        "effects": ["say"],
        "version": 7,
        "last": None,
    }


def test_the_level_holds(lines: Lines) -> None:
    structlog.get_logger().debug("small")
    logging.getLogger("quart.app").debug("small")
    assert lines() == []


def test_at_debug_our_own_debug_lines_appear_and_those_of_libraries_do_not(lines: Lines) -> None:
    logs.configure("debug")
    structlog.get_logger().debug("small")
    for library in ("httpcore.http11", "httpx", "hypercorn.error"):
        logging.getLogger(library).debug("send_request_headers Authorization: %s", GRAPH_TOKEN)
    logging.getLogger("httpx").info("HTTP Request: POST https://graph.example/?access_token=%s", GRAPH_TOKEN)
    assert logged(lines)["event"] == "small"


@pytest.mark.parametrize(
    "key",
    [
        *("text", "body", "token", "access_token", "accessToken", "Authorization", "x_api_key", "apiKey", "app_secret"),
        *("password", "messageText", "message", "payload", "prompt", "said", "firstname", "cookie", "APIKey"),
    ],
)
def test_a_telltale_key_hides_its_value(lines: Lines, key: str) -> None:
    structlog.get_logger().info("heard", **{key: SECRET_TEXT}, nested={key: [SECRET_TEXT]}, deep=[{key: SECRET_TEXT}])
    line = logged(lines)
    assert SECRET_TEXT not in json.dumps(line)
    assert line[key] == "[redacted]"


@pytest.mark.parametrize("key", ["phone", "phoneNumber", "msisdn", "recipient", "member"])
def test_a_number_under_its_key_shows_its_ends_only(lines: Lines, key: str) -> None:
    structlog.get_logger().info("heard", **{key: NUMBER})
    assert logged(lines)[key] == "263•••567"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (f"member:{NUMBER}", "member:263•••567"),
        (f"member:{NUMBER}/17", "member:263•••567/17"),
        ("member:ZW.8842abc", "member:ZW.•••abc"),
        ("member:ZW.88", "member:•••"),
        (f"+{NUMBER}", "263•••567"),
        ("+263 77 123 4567", "263•••567"),
        (int(NUMBER), "263•••567"),
        ([int(NUMBER)], ["263•••567"]),
        ({NUMBER: 1}, {"263•••567": 1}),
        (Decimal(NUMBER), "263•••567"),
        ("to ZW.8842abcdef now", "to ZW.•••def now"),
        ({int(NUMBER)}, ["263•••567"]),
        (Kind.HEARD, "heard by 263•••567"),
        ("Bearer opaque", "Bearer [redacted]"),
        (f"Bearer {JWT}", "Bearer [redacted]"),
        ("authorization: basic dXNlcjpwYXNz", "authorization: basic [redacted]"),
        (f"got {JWT}", "got [redacted]"),
        (f"got {GRAPH_TOKEN}", "got [redacted]"),
        (GRAPH_TOKEN, "[redacted]"),
        (WAMID, "wamid.•••RkY1NDcA"),
        ("https://core.example/login?phone=1&pin=2", "https://core.example/login?[redacted]"),
        ("GET /sms/africastalking/hunter2/status", "GET /sms/africastalking/[redacted]/status"),
        ("/sms/kannel/hunter2", "/sms/kannel/[redacted]"),
        ("to /sms/kannel/hunter2/status, again", "to /sms/kannel/[redacted]/status, again"),
        ("'https://chat.example/sms/another-one/hunter2?a'", "'https://chat.example/sms/another-one/[redacted]?a'"),
        ("/sms/kannel/hunter2%2Fmore", "/sms/kannel/[redacted]%2Fmore"),
        (
            "dlr-url=https%3A%2F%2Fchat%2Fsms%2fkannel%2Fhunter2%3Fa",
            "dlr-url=https%3A%2F%2Fchat%2Fsms%2fkannel%2F[redacted]%3Fa",
        ),
        ("/sms/kannel/status-hunter2", "/sms/kannel/[redacted]"),
        ("POST /sms/twilio/status", "POST /sms/twilio/status"),
        ("POST /sms/twilio", "POST /sms/twilio"),
        ("redis://:hunter2@redis:6379/0", "redis://[redacted]redis:6379/0"),
        (b"hunter2", "<bytes>"),
        (Text(SECRET_TEXT), "<Text>"),
        (ValueError(SECRET_TEXT), "<ValueError>"),
    ],
)
def test_values_that_give_somebody_away_are_masked_under_any_key(lines: Lines, value: object, shown: object) -> None:
    structlog.get_logger().info("noted", odd=value)
    assert logged(lines)["odd"] == shown


@pytest.mark.parametrize(
    "value",
    ["7c9e6679-7425-40de-944b-123456789012", "AskingAmount", "2026-11-23 12:00:00+00:00", 12345678, 99.5, True, None],
)
def test_values_that_give_nobody_away_stay(lines: Lines, value: object) -> None:
    structlog.get_logger().info("noted", odd=value)
    assert logged(lines)["odd"] == value


@given(
    before=st.text(max_size=20),
    number=st.from_regex(r"[1-9][0-9]{8,14}", fullmatch=True),
    after=st.text(max_size=20),
)
def test_no_whole_number_gets_out_whatever_stands_around_it(before: str, number: str, after: str) -> None:
    if "-" not in before:  # a number can be the end of a UUID, and then it is none
        assert number not in logs.scrubbed(before + number + after)


def test_bound_context_is_redacted_too(lines: Lines) -> None:
    with structlog.contextvars.bound_contextvars(phone=NUMBER, text=SECRET_TEXT):
        structlog.get_logger().bind(token=JWT).info("turn")
    assert logged(lines) | {"at": 0} == {
        "event": "turn",
        "level": "info",
        "phone": "263•••567",
        "text": "[redacted]",
        "token": "[redacted]",
        "at": 0,
    }


def test_an_exception_shows_its_type_and_its_path_but_not_its_words(lines: Lines) -> None:
    try:
        int(SECRET_TEXT)
    except ValueError:
        structlog.get_logger().exception("crashed")
    line = logged(lines)
    assert SECRET_TEXT not in json.dumps(line)
    assert isinstance(line["exception"], dict)
    assert line["exception"]["type"] == "ValueError"
    (passed,) = line["exception"]["at"]
    assert "test_logs.py" in passed
    assert "test_an_exception" in passed


def test_errors_that_speak_of_machines_keep_their_words(lines: Lines) -> None:
    error = StoreUnavailable(f"not written for {NUMBER}")
    error.__cause__ = OSError(28, "No space left on device")
    structlog.get_logger().error("crashed", exc_info=error)
    told = logged(lines)["exception"]
    assert isinstance(told, dict)
    assert told["words"] == "not written for 263•••567"
    assert told["because"]["words"] == "[Errno 28] No space left on device"


def test_exception_groups_are_told_to_the_last_one(lines: Lines) -> None:
    group = ExceptionGroup(SECRET_TEXT, [ValueError(SECRET_TEXT), ExceptionGroup("inner", [KeyError(SECRET_TEXT)])])
    structlog.get_logger().error("crashed", exc_info=group)
    line = logged(lines)
    assert SECRET_TEXT not in json.dumps(line)
    told = line["exception"]
    assert isinstance(told, dict)
    assert [inner["type"] for inner in told["holds"]] == ["ValueError", "ExceptionGroup"]
    assert told["holds"][1]["holds"][0]["type"] == "KeyError"


def test_exc_info_outside_of_an_exception_is_no_exception(lines: Lines) -> None:
    structlog.get_logger().info("calm", exc_info=True)
    assert "exception" not in logged(lines)


def test_foreign_loggers_speak_json_and_are_redacted(lines: Lines) -> None:
    try:
        int(SECRET_TEXT)
    except ValueError:
        logging.getLogger("quart.app").exception("Exception on request %s", f"POST /bot/notify?phone={NUMBER}")
    line = logged(lines)
    assert line["event"] == "Exception on request POST /bot/notify?[redacted]"
    assert (line["logger"], line["level"]) == ("quart.app", "error")
    assert SECRET_TEXT not in json.dumps(line)


def test_a_foreign_line_whose_arguments_do_not_fit_comes_without_them(lines: Lines) -> None:
    logging.getLogger("sloppy").warning("%d offers", SECRET_TEXT)
    assert logged(lines)["event"] == "%d offers"


def test_warnings_are_logged(lines: Lines) -> None:
    warnings.simplefilter("always")
    warnings.warn(f"{NUMBER} is deprecated", DeprecationWarning, stacklevel=1)
    line = logged(lines)
    assert line["logger"] == "py.warnings"
    assert NUMBER not in json.dumps(line)


async def test_hypercorns_access_log_is_json_without_query_headers_or_environment(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIENT_API_KEY", "hunter2")
    config = Config()
    config.accesslog, config.errorlog = logging.getLogger("hypercorn.access"), logging.getLogger("hypercorn.error")
    config.access_log_format = logs.ACCESS_FORMAT
    request = {
        "type": "http",
        "method": "GET",
        "path": "/sms/kannel/hunter2",
        "query_string": f"from={NUMBER}&text=hunter2".encode(),
        "headers": [(b"authorization", b"Bearer hunter2"), (b"referer", b"http://x/?hunter2")],
        "http_version": "1.1",
        "scheme": "http",
        "client": ("127.0.0.1", 1),
    }
    hypercorn = Logger(config)
    await hypercorn.access(request, {"status": 200, "headers": []}, 0.01)  # type: ignore[arg-type]  # what it reads
    await hypercorn.info("Running on %s", "http://127.0.0.1:8000")
    access, running = lines()
    assert access["event"] == "GET /sms/kannel/[redacted] 200 0.010000s"
    assert running["event"] == "Running on http://127.0.0.1:8000"
    assert "hunter2" not in json.dumps(access)


def test_masked_names_are_recognisable_but_not_whole() -> None:
    assert logs.masked(NUMBER) == "263•••567"
    assert logs.masked(f"member:{NUMBER}") == "member:263•••567"
    assert logs.masked("12345678") == "•••"
