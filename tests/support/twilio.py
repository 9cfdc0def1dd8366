"""A stand-in for Twilio: takes and lists messages as its API does, and posts webhooks signed as it signs them.

It is as strict as Twilio: what is missing or wrong in a message is refused with Twilio's codes.
"""

import itertools
import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha1
from hmac import digest
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import msgspec
import trio

from channels.sms.twilio.client import TwilioProvider

ACCOUNT = "AC00000000000000000000000000007e57"
TOKEN = "twilio-token-for-tests"
PREVIOUS = "twilio-token-before"
OURS = "+15005550006"
SERVICE = "MG00000000000000000000000000007e57"
PUBLIC = "https://chat.example.test"
MESSAGES, REPORTS = "/sms/twilio", "/sms/twilio/status"

_LONGEST = 1600
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One message as Twilio keeps it. ``ours`` is the number, name or messaging service it was sent from."""

    sid: str
    to: str
    ours: str
    body: str
    callback: str
    made: datetime

    def told(self) -> dict[str, Any]:
        """As the API tells it."""
        service = self.ours.startswith("MG")
        return {
            "sid": self.sid,
            "to": self.to,
            "from": None if service else self.ours,
            "messaging_service_sid": self.ours if service else None,
            "body": self.body,
            "status": "queued",
            "direction": "outbound-api",
            "date_created": format_datetime(self.made.replace(microsecond=0)),
            "date_sent": None,
            "error_code": None,
        }


class TwilioStandIn:
    """``respond`` is the whole interface. ``now`` is Twilio's own clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.taken: list[Taken] = []
        self.asked: list[str] = []
        """Methods of the calls that came, in order."""
        self.refusals: list[tuple[int, int]] = []
        """HTTP statuses and codes to answer the next calls with."""
        self.opted_out: set[str] = set()
        """Numbers, with their ``+``, that have Twilio refuse every message."""
        self.losing = 0
        """How many of the next messages are taken without an answer coming back."""
        self.deaf = 0
        """How many of the next calls break off before anything is taken."""
        self._now = now

    @property
    def sent(self) -> Mapping[str, list[str]]:
        """Texts by the number they were sent to, without its ``+``."""
        texts: dict[str, list[str]] = defaultdict(list)
        for message in self.taken:
            texts[message.to.removeprefix("+")].append(message.body)
        return texts

    async def respond(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer one HTTP request."""
        await trio.lowlevel.checkpoint()
        self.asked.append(method)
        if self.deaf:
            self.deaf -= 1
            raise ConnectionResetError
        status, answer = self._answer(method, path, headers, body)
        if method == "POST" and status == 201 and self.losing:
            self.losing -= 1
            raise ConnectionResetError
        return status, {"content-type": "application/json"}, msgspec.json.encode(answer)

    def _answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, Any]]:
        target = urlsplit(path)
        if headers.get("authorization") != f"Basic {b64encode(f'{ACCOUNT}:{TOKEN}'.encode()).decode()}":
            return _refused(401, 20003)
        if target.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return _refused(404, 20404)
        if self.refusals:
            return _refused(*self.refusals.pop(0))
        if method == "GET":
            return 200, {"messages": self._listed(dict(parse_qsl(target.query)))}
        assert headers.get("content-type") == "application/x-www-form-urlencoded"
        fields = dict(parse_qsl(body.decode(), strict_parsing=True))
        wrong = self._wrong(fields)
        if wrong is not None:
            return _refused(400, wrong)
        message = Taken(
            sid=sid(),
            to=fields["To"],
            ours=fields.get("MessagingServiceSid") or fields["From"],
            body=fields["Body"],
            callback=fields["StatusCallback"],
            made=self._now(),
        )
        self.taken.append(message)
        return 201, message.told()

    def _wrong(self, fields: Mapping[str, str]) -> int | None:
        to, ours = fields.get("To", ""), fields.get("MessagingServiceSid") or fields.get("From", "")
        callback = urlsplit(fields.get("StatusCallback", ""))
        wrong = {
            21604: not to,
            21603: not ours,
            21602: not fields.get("Body"),
            21211: not re.fullmatch(r"\+[1-9]\d{6,14}", to),
            21606: ours not in (OURS, SERVICE),
            21617: len(fields.get("Body", "")) > _LONGEST,
            21609: callback.scheme != "https" or not callback.hostname,
            21610: to in self.opted_out,
        }
        return next((code for code, is_wrong in wrong.items() if is_wrong), None)

    def _listed(self, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """Newest first, as Twilio lists them."""
        return [
            message.told()
            for message in reversed(self.taken)
            if message.to == query.get("To", message.to) and message.ours == query.get("From", message.ours)
        ][: int(query.get("PageSize", "50"))]


def provider(http: httpx.AsyncClient, now: Callable[[], datetime], *, token: str = TOKEN) -> TwilioProvider:
    """Our way out by Twilio, with the right credentials."""
    return TwilioProvider(
        http, api_url="https://twilio.test", account_sid=ACCOUNT, auth_token=token, public_url=PUBLIC, now=now
    )


def _refused(status: int, code: int) -> tuple[int, dict[str, Any]]:
    return status, {"code": code, "message": "words of Twilio's", "status": status}


def sid() -> str:
    """A new id of a message."""
    return f"SM{next(_numbers):032x}"


def signature(url: str, form: Mapping[str, str] | list[tuple[str, str]], token: str = TOKEN) -> str:
    """``X-Twilio-Signature`` of a form posted to ``url``."""
    fields = list(form.items()) if isinstance(form, Mapping) else form
    text = url + "".join(name + value for name, value in sorted(set(fields)))
    return b64encode(digest(token.encode(), text.encode(), sha1)).decode()


def text(phone: str, body: str, **fields: str) -> dict[str, str]:
    """The form of an incoming message."""
    number = sid()
    return {
        "ToCountry": "US",
        "ToState": "",
        "SmsMessageSid": number,
        "NumMedia": "0",
        "SmsSid": number,
        "SmsStatus": "received",
        "Body": body,
        "FromCountry": "ZW",
        "To": OURS,
        "NumSegments": "1",
        "MessageSid": number,
        "AccountSid": ACCOUNT,
        "From": f"+{phone}",
        "ApiVersion": "2010-04-01",
    } | fields


def status(message: str, value: str, **fields: str) -> dict[str, str]:
    """The form of a delivery report on the message of this id."""
    return {
        "SmsSid": message,
        "SmsStatus": value,
        "MessageStatus": value,
        "To": "+263770000301",
        "MessageSid": message,
        "AccountSid": ACCOUNT,
        "From": OURS,
        "ApiVersion": "2010-04-01",
    } | fields


def signed(
    form: Mapping[str, str] | list[tuple[str, str]], target: str = MESSAGES, *, token: str = TOKEN
) -> tuple[dict[str, str], bytes]:
    """Headers and body of a webhook."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "User-Agent": "TwilioProxy/1.1",
        "X-Twilio-Signature": signature(PUBLIC + target, form, token),
    }
    return headers, urlencode(form).encode()
