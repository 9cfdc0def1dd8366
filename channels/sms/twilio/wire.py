"""Twilio's requests as messages and delivery reports. Pure; implements ``channels.sms.provider.Webhooks``.

Everything is signed, so everything that came goes into the check of the signature, known or not; then the parameters we
know are read and the rest is left alone. A parameter that comes with two different values has none. Twilio gives no
time with a message, so it is taken to be sent when it comes.

Only POST is taken: a signed GET and a signed POST can be the same bytes to the signature, and not the same message.

Ids are ``twilio:<MessageSid>``, of messages and reports alike. Which message of ours a report is about also stands in
the query of the address it comes to, where the send put it (``ours``).
"""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from channels.message import Content, DeliveryReport, DeliveryStatus, InboundMessage, Media, Peer, Preference, Text
from channels.plain import heard
from channels.sms.provider import CHANNEL, Posted, Received, Refused, line_of
from channels.sms.twilio.errors import trouble_of
from channels.sms.twilio.signature import Forged, Form, distinct, pairs, verify

NAME = "twilio"
PATH = "/sms/twilio"
STATUS = "/status"
OURS = "ours"

_ANSWER = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'

_STATUSES = {
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.READ,
    "undelivered": DeliveryStatus.FAILED,
    "failed": DeliveryStatus.FAILED,
    "canceled": DeliveryStatus.FAILED,
}
_UNDER_WAY = frozenset({"accepted", "scheduled", "queued", "sending"})
"""Statuses that say no more than the answer to the send did."""

_SIDS = ("MessageSid", "SmsMessageSid", "SmsSid")
_SID = re.compile(r"[A-Za-z0-9]{2,64}")
_PHONE = re.compile(r"\+?([1-9][0-9]{6,14})")
_SEPARATORS = re.compile(r"[\s().-]")
_LONGEST_LINE = 32
_LONGEST_REFERENCE = 200
_CODE = re.compile(r"[1-9][0-9]{0,8}")
_SHORTEST_BASE64 = 60
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_MEDIA = frozenset({"audio", "image", "video"})


def status_url(public_url: str, reference: str) -> str:
    """Where reports on the message of ours that has this reference are to come to."""
    return f"{public_url}{PATH}{STATUS}?{OURS}={quote(reference, safe='')}"


class TwilioWebhooks:
    """Reads Twilio's requests to ``public_url`` (without a slash at its end), signed with one of ``tokens``."""

    name = NAME
    path = PATH
    answer = ("text/xml", _ANSWER)

    def __init__(self, *, public_url: str, tokens: Sequence[str]) -> None:
        self._public_url = public_url
        self._tokens = tuple(tokens)

    def __repr__(self) -> str:
        return f"<TwilioWebhooks {self._public_url}{PATH}>"

    def messages(self, posted: Posted, *, now: datetime) -> Received | Refused:
        """Read a request to ``path``. Never raises."""
        form = self._form(posted)
        return form if isinstance(form, Refused) else _message(form, now)

    def reports(self, posted: Posted, *, now: datetime) -> Received | Refused:
        """Read a request to ``path`` with ``/status`` added. Never raises."""
        form = self._form(posted)
        return form if isinstance(form, Refused) else _report(form, posted.target, now)

    def _form(self, posted: Posted) -> Form | Refused:
        if posted.method != "POST":
            return Refused(405, "not a POST")
        verdict = verify(posted, public_url=self._public_url, tokens=self._tokens)
        return Refused(403, verdict.value) if isinstance(verdict, Forged) else verdict.form


def _message(form: Form, now: datetime) -> Received:
    sid, sender, ours = _sid(form), _one(form, "From"), _one(form, "To")
    if sid is None or not sender or not ours:
        return _ignored("malformed")
    if ":" in sender:
        return _ignored(sender.partition(":")[0] if sender.startswith("whatsapp:") else "sender")
    phone, line = _PHONE.fullmatch(_bare(sender)), _line(ours)
    if phone is None or line is None:
        return _ignored("sender" if phone is None else "line")
    opted = _one(form, "OptOutType").upper()
    if opted == "HELP":
        return _ignored("help")
    peer = Peer(CHANNEL, line_of(NAME, line), phone[1])
    return Received(messages=(InboundMessage(id=f"{NAME}:{sid}", peer=peer, at=now, content=_content(form, opted)),))


def _content(form: Form, opted: str) -> Content:
    if opted in ("STOP", "START"):
        return Preference(opted == "START", source="carrier")
    words = heard(_decoded(_one(form, "Body")))
    if words or not _count(_one(form, "NumMedia")):
        return Text(words)
    kind = _one(form, "MediaContentType0").partition("/")[0].lower()
    return Media(kind if kind in _MEDIA else "document")


def _report(form: Form, target: str, now: datetime) -> Received:
    sid = _sid(form)
    name = _one(form, "MessageStatus") or _one(form, "SmsStatus")
    if sid is None or not name:
        return _ignored("malformed")
    if name in _UNDER_WAY:
        return Received()
    status = _STATUSES.get(name)
    if status is None:
        return _ignored("status")
    failed = status is DeliveryStatus.FAILED
    error = _count(_one(form, "ErrorCode"))
    report = DeliveryReport(
        id=f"{NAME}:{sid}",
        status=status,
        at=now,
        ours=_ours(target),
        error=error,
        trouble=trouble_of(error) if failed else None,
    )
    return Received(reports=(report,))


def _ours(target: str) -> str | None:
    ours = _one(distinct(pairs(target.partition("?")[2])), OURS)
    return ours if 0 < len(ours) <= _LONGEST_REFERENCE and ours.isascii() and ours.isprintable() else None


def _sid(form: Form) -> str | None:
    sid = next((value for name in _SIDS if (value := _one(form, name))), "")
    return sid if _SID.fullmatch(sid) else None


def _one(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[0] if len(values) == 1 else ""


def _bare(number: str) -> str:
    """A number without what only makes it easier to read."""
    return _SEPARATORS.sub("", number)


def _line(ours: str) -> str | None:
    """Our number, short code or sender name, as it is to be sent from again."""
    line = _bare(ours) if ours.startswith("+") else ours.strip()
    return line if 0 < len(line) <= _LONGEST_LINE and line.isascii() and line.isprintable() else None


def _count(digits: str) -> int | None:
    return int(digits) if _CODE.fullmatch(digits) else None


def _decoded(body: str) -> str:
    """Some carriers hand a long message over in base64, and Twilio passes that on.

    Only what can hardly be anything else is decoded: long, nothing but base64 but for line breaks, and text when
    decoded, most of it ASCII.
    """
    packed = re.sub(r"[\r\n]", "", body).strip()
    if len(packed) < _SHORTEST_BASE64 or not _BASE64.fullmatch(packed):
        return body
    try:
        words = b64decode(packed, validate=True).decode()
    except (NotBase64, UnicodeDecodeError):
        return body
    readable = all(one.isprintable() or one in "\r\n" for one in words)
    return words if readable and 2 * sum(map(str.isascii, words)) > len(words) else body


def _ignored(reason: str) -> Received:
    return Received(ignored={reason: 1})
