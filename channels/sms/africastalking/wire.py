"""What Africa's Talking posts: messages, delivery reports and opt-outs, as forms. Pure.

Nothing is signed: a secret in the path is all that tells these posts from anybody's. Opt-outs have a callback address
of their own in the dashboard, which may be either of our two: they are known by their fields. An opt-out has no id, so
it gets one of sender, person and day (UTC), and is the same however often it comes that day.

Ids: ``africastalking:<id>`` for messages and reports, the latter as in the receipt of the send. Reports carry no time
and no id of ours. A date without a zone is UTC.
"""

import re
from datetime import UTC, datetime

from channels.message import DeliveryReport, DeliveryStatus, Preference, Text, Trouble
from channels.plain import heard
from channels.sms.africastalking.errors import trouble_of
from channels.sms.fields import Form, form_at, id_in, one_message, ours_in, phone_in, said
from channels.sms.provider import Posted, Received, Refused

NAME = "africastalking"

_EPOCH = datetime.fromtimestamp(0, UTC)
_STATUSES = {
    "sent": DeliveryStatus.SENT,
    "submitted": DeliveryStatus.SENT,
    "success": DeliveryStatus.DELIVERED,
    "delivered": DeliveryStatus.DELIVERED,
    "failed": DeliveryStatus.FAILED,
    "rejected": DeliveryStatus.FAILED,
}
_UNDERWAY = frozenset({"buffered", "queued"})


class AfricasTalkingWebhooks:
    """Implements ``channels.sms.provider.Webhooks``.

    ``secret`` is the last part of ``path``, of characters that need no escape in a URL; an empty one refuses everybody.
    ``keyword`` is the word by which a shared short code knows that a message is for us: it is taken off the front.
    """

    name = NAME
    answer = ("text/plain; charset=utf-8", b"")

    def __init__(self, secret: str, *, keyword: str = "") -> None:
        self._secret = secret
        self._keyword = re.compile(rf"\A{re.escape(keyword)}(?:\s+|$)", re.IGNORECASE) if keyword else None

    def __repr__(self) -> str:
        return "<AfricasTalkingWebhooks>"

    @property
    def path(self) -> str:
        """Of inbound messages."""
        return f"/sms/{NAME}/{self._secret}"

    def messages(self, posted: Posted, *, now: datetime) -> Received | Refused:
        """Read an incoming message, or an opt-out. ``ignored``: ``id``, ``sender``, ``line``."""
        form = form_at(posted, self.path, secret=self._secret)
        if isinstance(form, Refused):
            return form
        if _is_opt_out(form):
            return _opt_out(form, now)
        return one_message(
            NAME,
            id_in(form.get("id")),
            sender=phone_in(form.get("from")),
            ours=ours_in(form.get("to")),
            at=_sent_at(said(form.get("date")), now),
            content=Text(self._without_keyword(heard(said(form.get("text"))))),
        )

    def reports(self, posted: Posted, *, now: datetime) -> Received | Refused:
        """Read a delivery report, or an opt-out. ``ignored``: ``id``, ``underway``, ``status``."""
        form = form_at(posted, f"{self.path}/status", secret=self._secret)
        if isinstance(form, Refused):
            return form
        return _opt_out(form, now) if _is_opt_out(form) else _report(form, now)

    def _without_keyword(self, text: str) -> str:
        return self._keyword.sub("", text, count=1) if self._keyword else text


def _is_opt_out(form: Form) -> bool:
    return {"phoneNumber", "senderId"} <= form.keys() and form.keys().isdisjoint({"from", "id", "status", "text"})


def _opt_out(form: Form, now: datetime) -> Received:
    sender, ours = phone_in(form.get("phoneNumber")), ours_in(form.get("senderId"))
    message_id = f"optout:{ours}:{sender}:{now.astimezone(UTC).date().isoformat()}"
    content = Preference(wanted=False, source="carrier")
    return one_message(NAME, message_id, sender=sender, ours=ours, at=now, content=content)


def _report(form: Form, now: datetime) -> Received:
    message_id, word = id_in(form.get("id")), said(form.get("status")).strip()
    if message_id is None:
        return Received(ignored={"id": 1})
    if word.casefold() in _UNDERWAY:
        return Received(ignored={"underway": 1})
    trouble = trouble_of(word)
    status = DeliveryStatus.FAILED if trouble else _STATUSES.get(word.casefold())
    if status is None:
        return Received(ignored={"status": 1})
    if status is DeliveryStatus.FAILED:
        trouble = trouble_of(said(form.get("failureReason")).strip()) or trouble or Trouble.ODD
    return Received(
        reports=(DeliveryReport(id=f"{NAME}:{message_id}", status=status, at=now, trouble=trouble),),
    )


def _sent_at(date: str, now: datetime) -> datetime:
    """When they sent it, as far as that can be read and has been; else ``now``."""
    try:
        read = datetime.fromisoformat(date.strip())
        read = read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return now
    return read if _EPOCH < read < now else now
