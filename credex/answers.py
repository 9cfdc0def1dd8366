"""credex-core's HTTP answers as outcomes. Pure, and it raises nothing, whatever came.

A real answer is an envelope, ``{message, data: {action: {id, type, details}, dashboard}}``, and is known by
``data.action.type``; the status alone says little. Everything that answers before or instead of credex-core's own
operations speaks otherwise: ``{message}`` from the token check, plain text from the rate limit, three fields from its
last resort, a web page from a proxy. Those are ``Trouble``.

Success needs a 2xx *and* the right type (``credex.successes``). A refusal must be in the table (``credex.refusals``).
All else is trouble, which becomes ``Unclear`` for what changes something, unless it is harmless: nothing can have been
done then.
"""

import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import NamedTuple

import msgspec

from credex.commands import Command, Login, Onboard, leaves_doubt
from credex.outcomes import NotAMember, Outcome, Refused, Unavailable, Unclear
from credex.payload import MalformedPayload, decode
from credex.refusals import REFUSALS, TURNED_AWAY, Answered
from credex.successes import SUCCESSES, Body, success

_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``token`` is the refreshed one, ``after_seconds`` the wait asked for; both from headers."""

    status: int
    body: bytes = field(repr=False)
    token: str | None = field(default=None, repr=False)
    after_seconds: float | None = None

    @property
    def passing(self) -> bool:
        """Whether asking the same again, later, may well be answered."""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR or self.status == HTTPStatus.TOO_MANY_REQUESTS

    @property
    def good(self) -> bool:
        """Any 2xx."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def unauthorized(self) -> bool:
        """No token, a stale one, or a wrong client key. Asked for before any operation, so nothing was done."""
        return self.status == HTTPStatus.UNAUTHORIZED


_FAULTS_FROM = 500


class Trouble(NamedTuple):
    """No usable answer. ``harmless`` is whether it is certain that nothing was done; ``cause`` holds no content.

    ``alive`` is whether credex-core did answer, and not with a fault of its own: then it is no outage.
    """

    cause: str
    harmless: bool = False
    alive: bool = False


class _Envelope(msgspec.Struct):
    data: Body
    message: msgspec.Raw = msgspec.Raw(b'""')


class _Fault(msgspec.Struct):
    code: str = ""
    reason: str = ""


class _Grant(msgspec.Struct):
    token: str


def read_answer(command: Command, answer: Answer) -> Outcome | Trouble:
    """What the answer to this command says."""
    if answer.status in TURNED_AWAY:
        return Trouble(f"HTTP {answer.status}", harmless=True, alive=True)
    try:
        envelope = decode(answer.body, _Envelope, part="envelope")
        if answer.good:
            return success(command, envelope.data)
        return _failure(command, answer.status, envelope)
    except MalformedPayload as fault:
        return Trouble(f"HTTP {answer.status}, {fault}", alive=answer.status < _FAULTS_FROM)


def conclude(command: Command, reading: Outcome | Trouble) -> Outcome:
    """Trouble as an outcome: ``Unclear`` if something may have been done, ``Unavailable`` otherwise."""
    if not isinstance(reading, Trouble):
        return reading
    if leaves_doubt(command) and not reading.harmless:
        return Unclear(reading.cause, alive=reading.alive)
    return Unavailable(reading.cause, alive=reading.alive)


def granted_token(answer: Answer) -> str | None:
    """The token that an answer brings: in the details of a login or onboarding, else refreshed in the header.

    It is good whatever the rest of the answer looks like.
    """
    if not answer.good:
        return answer.token
    try:
        action = decode(answer.body, _Envelope, part="envelope").data.action
        if action.type not in {SUCCESSES[Login], SUCCESSES[Onboard]}:
            return answer.token
        return _plain_token(decode(action.details, _Grant, part="details").token) or answer.token
    except MalformedPayload:
        return answer.token


def refreshed_token(header: str | None) -> str | None:
    """The token of an ``Authorization: Bearer …`` response header, if it is one."""
    _, _, token = (header or "").strip().partition(" ")
    return _plain_token(token.strip())


def wait_seconds(header: str | None) -> float | None:
    """``Retry-After`` in seconds. Its other form, a date, is not sent by credex-core and not read."""
    return float(header) if header and re.fullmatch(r"[0-9]{1,6}", header) else None


def _plain_token(token: str) -> str | None:
    # It goes into a header again, so nothing but what RFC 6750 allows there.
    return token if re.fullmatch(r"[A-Za-z0-9._~+/-]{1,4096}={0,2}", token) else None


def _failure(command: Command, status: int, envelope: _Envelope) -> Outcome | Trouble:
    action = envelope.data.action
    fault = decode(action.details, _Fault, part="details")
    if isinstance(command, Login) and (status, action.type) == (HTTPStatus.NOT_FOUND, "ERROR_NOT_FOUND"):
        return NotAMember()
    refusal = REFUSALS.get(Answered(type(command), status, action.type, fault.code))
    if refusal is None:
        return Trouble(f"HTTP {status} {_mark(fault.code)}".rstrip(), alive=status < _FAULTS_FROM)
    return Refused(refusal, _sentence(fault.reason or _message(envelope)))


def _message(envelope: _Envelope) -> str:
    try:
        return decode(envelope.message, str, part="message")
    except MalformedPayload:
        return ""


def _sentence(text: str) -> str:
    """One line that can be shown: no control characters, blanks as one, cut."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:_LONGEST_REASON].rstrip()


def _mark(code: str) -> str:
    """An error code for logs, if it looks like one and not like content."""
    return code if re.fullmatch(r"[A-Z][A-Z_]{0,39}", code) else ""
