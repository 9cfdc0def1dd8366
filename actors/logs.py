"""JSON logs on stderr, and the last line of defence for what members say.

Code logs constant event names with small values: states, ids, counts, masked addresses. What must never get out
(message text, tokens, whole phone numbers) is not handed to a logger in the first place; ``redacted`` is there for the
day somebody does it all the same. It goes by two rules. A value under a tell-tale key is dropped whatever it looks
like. In every other string, what looks like a number, a token, a WhatsApp id (it holds the sender's number in
base64), a query string or a secret in a path is masked. Objects are logged as their type, since a ``repr`` shows their
fields, and an exception as its type and the lines it passed: its words may quote what a member typed, so only errors
that are known to speak of machines keep theirs.

Other people's loggers (hypercorn, Quart, httpx) go the same way, from ``INFO`` up: their debug lines hold headers.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from types import TracebackType

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from channels.channel import ChannelError
from runtime.errors import RuntimeFault

ACCESS_FORMAT = "%(m)s %(U)s %(s)s %(L)ss"
"""For hypercorn's access log: method, path, status, seconds. No query string, no headers, no address."""

GONE = "[redacted]"

TELLING = frozenset(
    {"apikey", "authorization", "body", "caption", "content", "cookie", "description", "firstname", "heard", "label"}
    | {"lastname", "message", "name", "password", "payload", "prompt", "query", "raw", "said", "says", "secret"}
    | {"signature", "text", "title", "token"},
)
"""Words in a key that give its value away, as in ``access_token`` or ``messageText``."""

NUMBERS = frozenset({"member", "msisdn", "peer", "phone", "recipient", "sender"})
"""Words in a key whose value is a person's number: shown masked."""

_SPEAK_OF_MACHINES = (RuntimeFault, ChannelError, OSError, TypeError, AttributeError, ImportError)

_HARMLESS = 20
"""Letters alone reveal nothing until there are as many as in a token: a shortcut for names of states and events."""

_SHORTEST_NUMBER = 10**8
"""Smaller ones are nobody's phone."""

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

_REVEALING = re.compile(
    r"""
      (?P<uuid>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)
    | (?P<member>\bmember:[^\s/"']+)
    | (?P<scheme>\b(?:bearer|basic)\s+)[\w.~+/=-]+
    | (?P<jwt>\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?)
    | (?P<graph>\bEAA\w{20,})
    | (?P<wamid>\bwamid\.[\w+/=-]+)
    | (?P<userid>\b(?-i:[A-Z]{2}\.(?:ENT\.)?[A-Z0-9]*\d[A-Za-z0-9]{5,}))
    | (?P<path>(?:/|%2F)sms(?:/|%2F)[\w-]+(?:/|%2F))(?!status(?:[/\s"'?%]|$))(?:(?!%2F|%3F)[^/\s"'?])+
    | (?P<user>://)[^/\s"'@]+@
    | (?P<query>\?)[^\s"'?]*=[^\s"']*
    | (?P<number>\+\d(?:[ ().-]{0,2}\d){7,} | \d{9,})
    """,
    re.VERBOSE | re.IGNORECASE,
)

_STAYS = frozenset({"scheme", "path", "user", "query"})
"""Groups above that hold what stands before the secret, not the secret."""


def configure(level: str) -> None:
    """Log from ``level`` (``DEBUG`` … ``CRITICAL``) up, one JSON object a line. Once, before anything runs."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *_processors()],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=_Lines,
    )
    handler = _Stderr()
    name = structlog.stdlib.add_logger_name
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[name, _without_record, *_processors()]))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(threshold, logging.INFO))
    for talkative in ("httpx", "httpcore"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def masked(who: str) -> str:
    """An address, a number or a user id, recognisable but not whole: ``member:263•••567``."""
    kind, colon, name = who.rpartition(":")
    return f"{kind}{colon}{_ends(name)}"


def scrubbed(text: str) -> str:
    """The text with everything in it that looks like a number or a secret masked."""
    if len(text) < _HARMLESS and text.isalpha():
        return text
    return _REVEALING.sub(_cover, text)


def redacted(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The structlog processor: the same keys with nothing left in the values that must not get out."""
    return {key: _under(key, value) for key, value in event.items()}


class _Tells(Enum):
    """What a key says about its value."""

    NOTHING = 0
    NUMBER = 1
    VALUE = 2


class _Lines:
    """What structlog writes to. Looks ``sys.stderr`` up each time, so that whoever replaces it gets the lines."""

    def __init__(self, *_name: str) -> None:
        pass

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")

    debug = info = warning = error = critical = msg


class _Stderr(logging.Handler):
    """Writes a foreign record; one whose arguments do not fit its words goes out with the words alone."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except (TypeError, ValueError, KeyError):
            record.args = ()
            line = self.format(record)
        sys.stderr.write(line + "\n")


def _processors() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        _exception_told,
        redacted,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.JSONRenderer(serializer=_json),
    ]


def _without_record(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    return structlog.stdlib.ProcessorFormatter.remove_processors_meta(logger, method, event)


def _exception_told(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    elif error is True:
        error = sys.exception()
    if isinstance(error, BaseException):
        event["exception"] = _told(error)
    return event


def _told(error: BaseException) -> dict[str, object]:
    told: dict[str, object] = {"type": type(error).__qualname__, "at": _passed(error.__traceback__)}
    if isinstance(error, _SPEAK_OF_MACHINES):
        told["words"] = str(error)
    if isinstance(error, BaseExceptionGroup):
        told["holds"] = [_told(inner) for inner in error.exceptions]
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        told["because"] = _told(before)
    return told


def _passed(tb: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(tb)]


def _json(event: EventDict, **_options: object) -> str:
    try:
        return msgspec.json.encode(event).decode()
    except UnicodeEncodeError:  # half a surrogate pair, which only the standard library writes
        return json.dumps(event)


def _under(key: str, value: object) -> object:
    tells = _told_by(key)
    if tells is _Tells.VALUE:
        return GONE
    if tells is _Tells.NUMBER and isinstance(value, str | int):
        return masked(str(value))
    return _plain(value)


@lru_cache(maxsize=1024)
def _told_by(key: str) -> _Tells:
    words = {word.lower() for word in _WORDS.findall(key)}
    if words & NUMBERS:
        return _Tells.NUMBER
    if words & TELLING or key.replace("_", "").lower() in TELLING or {"api", "key"} <= words:
        return _Tells.VALUE
    return _Tells.NOTHING


def _plain(value: object) -> object:  # noqa: PLR0911 - one a kind of value
    if type(value) is str:  # nearly all are
        return scrubbed(value)
    if type(value) is int and 0 <= value < _SHORTEST_NUMBER:
        return value
    match value:
        case None | bool() | float():
            return value
        case Enum():
            return _plain(value.value)
        case str() | int() | Decimal() | date():
            cover = scrubbed(str(value))
            return value if isinstance(value, int) and cover == str(value) else cover
        case Mapping():
            return {scrubbed(str(key)): _under(str(key), inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(inner) for inner in value]
        case _:  # its repr might show anything
            return f"<{type(value).__name__}>"


def _ends(name: str) -> str:
    return f"{name[:3]}•••{name[-3:]}" if len(name) >= 9 else "•••"  # noqa: PLR2004 - E.164 numbers have 9 digits or more


def _cover(found: re.Match[str]) -> str:
    whole, kind = found.group(), found.lastgroup or ""
    match kind:
        case "uuid":
            return whole
        case "member":
            return masked(whole)
        case "wamid":
            return f"wamid.•••{whole[-8:]}"
        case "number" | "userid":
            return _ends(whole.lstrip("+"))
        case _:  # a secret, with or without what stands before it
            before = found.group(kind) if kind in _STAYS else ""
            return f"{before}{GONE}"
