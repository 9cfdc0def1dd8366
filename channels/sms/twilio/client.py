"""The shell that calls Twilio's API: one POST a try, within one total time limit.

Twilio has no key by which it would take a message only once, so an answer that is lost leaves a doubt: the message may
have been taken. Such a doubt is kept under the message's reference, with the time of its first try. The next try of it
first looks through the messages Twilio has for that person, and takes one with the same words, made since then and not
known as another reference's, for the one in doubt. Only when there is none, it is sent again. While the look itself
fails nothing is sent. Doubts are kept in memory, a bounded number of them: a process that was killed sends again, since
a text that comes twice is better than none.

A call that was cancelled leaves a doubt like one without an answer; a connection that was never made leaves none.
Nothing is logged here, and errors name codes and statuses only: no token, no number, no words.
"""

from base64 import b64encode
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urlencode

import httpx

from channels.channel import NotDeliverable, NotSent
from channels.message import Receipt
from channels.plain import units
from channels.refusal import wished
from channels.sms.twilio.errors import failure
from channels.sms.twilio.wire import NAME, status_url
from channels.whatsapp.document import Malformed, decode_object, mapping

V = TypeVar("V")

LONGEST = 1600
"""Characters of a text. Twilio: error 21617."""

REMEMBERED = 4096
"""Doubts, and messages known to be somebody's, that are kept."""

_TOO_LONG = 21617
_PAGE = 100
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class TwilioProvider:
    """Text messages by Twilio; implements ``channels.sms.provider.Provider``.

    ``api_url`` and ``public_url`` (ours) have no slash at their ends. A sender that begins with ``MG`` is a messaging
    service. ``limit_seconds`` bounds each exchange from start to answer, by the transport of ``http``, which is asked
    for each of httpx's timeouts and for ``whole``.
    """

    name = NAME

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        api_url: str,
        account_sid: str,
        auth_token: str,
        public_url: str,
        now: Callable[[], datetime],
        limit_seconds: float = 10.0,
    ) -> None:
        self._http = http
        self._url = f"{api_url}/2010-04-01/Accounts/{account_sid}/Messages.json"
        credentials = b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self._headers = {"Authorization": f"Basic {credentials}"}
        self._public_url = public_url
        self._now = now
        self._limits = {"timeout": dict.fromkeys(("pool", "connect", "write", "read", "whole"), limit_seconds)}
        self._doubts = _Bounded[datetime]()
        self._known = _Bounded[str]()

    def __repr__(self) -> str:
        return f"<TwilioProvider {len(self._doubts)} in doubt>"

    async def send(self, ours: str, to: str, text: str, *, reference: str) -> Receipt:
        """Send it once. Raises ``NotSent`` or ``NotDeliverable``, with its kinds."""
        if units(text) > LONGEST:
            raise NotDeliverable("text too long", code=_TOO_LONG)
        since = self._doubts.get(reference)
        sid = None if since is None else await self._find(ours, to, text, since=since, reference=reference)
        if sid is None:
            sid = await self._send(ours, to, text, reference=reference, since=since)
        self._doubts.pop(reference, None)
        self._known.keep(sid, reference)
        return Receipt(f"{NAME}:{sid}")

    async def _send(self, ours: str, to: str, text: str, *, reference: str, since: datetime | None) -> str:
        fields = {
            "To": f"+{to}",
            _sender_field(ours): ours,
            "Body": text,
            "StatusCallback": status_url(self._public_url, reference),
        }
        self._doubts.keep(reference, since or self._now())
        headers = self._headers | {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            response = await self._asked("POST", self._url, urlencode(fields).encode(), headers)
        except _NeverLeft:
            self._believe(reference, since)
            raise
        if response.is_success:
            sid = _sid_in(_document(response))
            if sid is None:
                raise NotSent("an answer without a message id")
            return sid
        if not response.is_server_error:
            self._believe(reference, since)
        raise _failure(response)

    def _believe(self, reference: str, since: datetime | None) -> None:
        """This try left no message behind; an earlier one may have."""
        if since is None:
            self._doubts.pop(reference, None)

    async def _find(self, ours: str, to: str, text: str, *, since: datetime, reference: str) -> str | None:
        """The id of the message that an earlier try left behind, if it did. Raises ``NotSent``."""
        service = _sender_field(ours) != "From"
        # Not by date of sending: what is still queued has none. The newest come first, and one page is many.
        query = {"To": f"+{to}", "PageSize": str(_PAGE)}
        query |= {} if service else {"From": ours}
        response = await self._asked("GET", f"{self._url}?{urlencode(query)}", b"", self._headers)
        listed = _document(response).get("messages")
        if not response.is_success or not isinstance(listed, list):
            known = _failure(response) if not response.is_success else None
            raise known if isinstance(known, NotSent) else NotSent(f"no list of messages: HTTP {response.status_code}")
        sender = ("messaging_service_sid" if service else "from", ours)
        for sid in _like(map(mapping, listed), text, sender=sender, since=since):
            if self._known.get(sid) in (None, reference):
                return sid
        return None

    async def _asked(self, method: str, url: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
        try:
            return await self._http.request(method, url, content=content, headers=headers, extensions=self._limits)
        except _NEVER_LEFT as error:
            raise _NeverLeft(f"no connection: {type(error).__name__}") from error
        except httpx.HTTPError as error:
            raise NotSent(f"no answer: {type(error).__name__}") from error


class _NeverLeft(NotSent):
    """No byte of the call left."""


class _Bounded(OrderedDict[str, V]):
    """The last ``REMEMBERED`` that were kept."""

    def keep(self, key: str, value: V) -> None:
        """Keep it; the oldest goes."""
        self[key] = value
        while len(self) > REMEMBERED:
            self.popitem(last=False)


def _sender_field(ours: str) -> str:
    return "MessagingServiceSid" if ours.startswith("MG") else "From"


def _like(listed: Iterable[Mapping[str, object]], text: str, *, sender: tuple[str, str], since: datetime) -> list[str]:
    """Ids of messages of this sender with these words, made since then (Twilio tells whole seconds), oldest first."""
    field, ours = sender
    begin = since.replace(microsecond=0)
    found = [
        (made, sid)
        for fields in listed
        if fields.get("body") == text
        and fields.get(field) == ours
        and (sid := _sid_in(fields)) is not None
        and (made := _made(fields.get("date_created"))) is not None
        and made >= begin
    ]
    return [sid for _, sid in sorted(found)]


def _made(date: object) -> datetime | None:
    try:
        made = parsedate_to_datetime(date) if isinstance(date, str) else None
    except ValueError:
        return None
    return made.replace(tzinfo=made.tzinfo or UTC) if made else None


def _document(response: httpx.Response) -> Mapping[str, object]:
    document = decode_object(response.content)
    return {} if isinstance(document, Malformed) else document


def _sid_in(fields: Mapping[str, object]) -> str | None:
    sid = fields.get("sid")
    return sid if isinstance(sid, str) and sid else None


def _failure(response: httpx.Response) -> NotSent | NotDeliverable:
    code = _document(response).get("code")
    known = code if isinstance(code, int) and not isinstance(code, bool) else None
    return failure(response.status_code, known, retry_after=wished(response.headers.get("retry-after")))
