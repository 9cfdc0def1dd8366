"""A stand-in for Kannel's sendsms: reads a POST as ``gw/smsbox.c`` does, remembers what came, can be told to fail.

A POST holds the text as its body and everything else in ``X-Kannel-`` headers; a form is refused. It keeps the address
of delivery reports, and fills it as the gateway does.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import trio

SENDSMS_URL = "http://gateway.test:13013/cgi-bin/sendsms"
USERNAME = "vimbiso-for-tests"
PASSWORD = "kannel-password-for-tests"
SHORT_CODE = "33333"

_FILLED = re.compile(r"%([aAbBcCdDfFiIkmMnoOPpqQrRsStTuvV#%])")
"""Escapes the gateway puts something else for; what stands behind other percent signs stays as it is."""

_LARGEST_MASK = 63
_PHONES = re.compile(r"[0-9 +-]+")
_URL = re.compile(r"https?://")


@dataclass(frozen=True, slots=True)
class Taken:
    """One message the gateway took, by the text the phone shows."""

    phone: str
    text: str
    coding: int
    mask: int
    reports_to: str


class KannelStandIn:
    """``respond`` is the whole interface, as ``LocalTransport`` wants it."""

    def __init__(self, *, has_iconv: bool = True) -> None:
        self.sent: dict[str, list[str]] = defaultdict(list)
        """What each phone got, by its digits."""
        self.taken: list[Taken] = []
        self.answers: dict[str, tuple[int, str]] = {}
        """How a message to a number is answered, instead of taking it."""
        self.failures: list[int] = []
        """HTTP statuses to answer the next sends with, instead of taking them."""
        self.lost = 0
        """How many of the next answers break off after the message was taken."""
        self.says = "0: Accepted for delivery"
        self._has_iconv = has_iconv
        self._news = trio.Event()

    async def respond(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer one HTTP request."""
        await trio.lowlevel.checkpoint()
        status, words = self._answer(method, path, headers, body)
        if status == 202 and self.lost:
            self.lost -= 1
            raise ConnectionError
        return status, {"content-type": "text/html"}, words.encode()

    async def wait_for(self, phone: str, count: int) -> None:
        """Wait until this many messages came to the phone. Bounded by the caller."""
        while len(self.sent[phone]) < count:
            await self._news.wait()

    def _answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        if self.failures:
            return self.failures.pop(0), "Temporal failure, try again later."
        refusal = _refusal(method, path, headers, body)
        if refusal is not None:
            return refusal
        phone = headers["x-kannel-to"].strip().removeprefix("+")
        if phone in self.answers:
            return self.answers[phone]
        coding = int(headers.get("x-kannel-coding", "0" if _content_type(headers)[0] == "text/plain" else "1"))
        try:
            text = body.decode(self._charset(headers) or {0: "utf-8", 1: "latin-1", 2: "utf-16-be"}[coding])
        except (LookupError, UnicodeDecodeError):
            return 400, "Charset or body misformed, rejected"
        self._take(Taken(phone, text, coding, int(headers.get("x-kannel-dlr-mask", "0")), _reports_to(headers)))
        return 202, self.says

    def _charset(self, headers: Mapping[str, str]) -> str:
        """The charset to convert from, empty if there is nothing to convert."""
        kind, charset = _content_type(headers)
        named = charset or ("ISO-8859-1" if kind == "text/plain" else "")
        if named and not self._has_iconv:
            raise LookupError
        return named

    def _take(self, taken: Taken) -> None:
        self.taken.append(taken)
        self.sent[taken.phone].append(taken.text)
        self._news.set()
        self._news = trio.Event()


def report_url(taken: Taken, bit: int) -> str | None:
    """The address the gateway fetches to tell ``bit`` of a message, ``None`` if it was not asked to tell it."""

    def filled(escape: re.Match[str]) -> str:
        assert escape[1] in "d%", f"the gateway would put something of its own for %{escape[1]}"
        return str(bit) if escape[1] == "d" else "%"

    return _FILLED.sub(filled, taken.reports_to) if taken.mask & bit else None


def _refusal(method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str] | None:
    phone, reports_to = headers.get("x-kannel-to", "").strip(), _reports_to(headers)
    account = (headers.get("x-kannel-username"), headers.get("x-kannel-password"))
    no_access = "Authorization failed for sendsms"
    checks = (
        (path.partition("?")[0] == "/cgi-bin/sendsms", 404, "Unknown request."),
        (method == "POST" and body, 403, no_access),  # anything else is read from the query, which we do not use
        (_content_type(headers)[0] in ("text/plain", "application/octet-stream"), 400, "Invalid content-type"),
        (account == (USERNAME, PASSWORD), 403, no_access),
        ("x-kannel-to" in headers, 400, "Missing receiver(s) number(s), rejected"),
        (phone, 400, "Empty receiver number not allowed, rejected"),
        (_PHONES.fullmatch(phone), 400, "Number(s) has/have been denied by white- and/or black-lists."),
        (headers.get("x-kannel-from", "").strip(), 400, "Sender missing and no global set, rejected"),
        (not reports_to or _URL.match(reports_to), 400, "DLR-URL field misformed, rejected"),
        (int(headers.get("x-kannel-dlr-mask", "-1")) <= _LARGEST_MASK, 400, "DLR-Mask field misformed, rejected"),
        (headers.get("x-kannel-coding", "0") in ("0", "1", "2"), 400, "Coding field misformed, rejected"),
    )
    return next(((status, words) for is_right, status, words in checks if not is_right), None)


def _content_type(headers: Mapping[str, str]) -> tuple[str, str]:
    kind, _, parameter = headers.get("content-type", "application/octet-stream").partition(";")
    return kind.strip(), parameter.partition("=")[2].strip('" ')


def _reports_to(headers: Mapping[str, str]) -> str:
    return headers.get("x-kannel-dlr-url", "")
