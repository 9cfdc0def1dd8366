"""What Kannel fetches or posts: messages and delivery reports, as parameters. Pure.

Nothing is signed: a secret in the path is all that tells these requests from anybody's. What the gateway is to be told,
so that its parameters are ours (``sms-service`` group; reports need no setting, their address goes with each message)::

    get-url = "https://…/sms/kannel/<secret>?id=%I&sender=%p&to=%P&ts=%T&charset=%C&coding=%c&text=%b"
    max-messages = 0
    omit-empty = true
    concatenation = true

A gateway texts what it is answered to the member, and an empty answer as a warning unless it is set so.

Text is in the encoding that ``charset`` names, since a gateway may have written UCS-2 (``coding`` 2) anew in UTF-8.
A name that is unknown, or wrong for these bytes, counts as none; then ``coding`` 2 is UTF-16BE, and the rest UTF-8 or,
if it is not, Latin-1, which is anything. A long message comes whole, its parts put together by the gateway.

Ids: ``kannel:<id>`` for messages; for reports ``kannel:<ours>``, as in the receipt of the send, for the gateway has no
id of its own to give. Reports carry no time.
"""

from datetime import datetime

from channels.message import DeliveryReport, DeliveryStatus, Text, Trouble
from channels.plain import heard
from channels.sms.fields import Form, form_at, id_in, moment, one_message, ours_in, phone_in, said
from channels.sms.provider import Posted, Received, Refused

NAME = "kannel"

_UCS2 = "2"
_STATUSES = {
    "1": (DeliveryStatus.DELIVERED, None),
    "2": (DeliveryStatus.FAILED, Trouble.FINAL),
    "8": (DeliveryStatus.SENT, None),
    "16": (DeliveryStatus.FAILED, Trouble.ODD),
}
_UNDERWAY = frozenset({"4", "32"})
"""Waiting at the carrier; the word of a carrier on the way."""

_ENCODINGS = {
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1"), "latin-1"),
    **dict.fromkeys(("us-ascii", "ascii"), "ascii"),
    **dict.fromkeys(("windows-1252", "cp1252"), "cp1252"),
    **dict.fromkeys(("utf-16be", "utf-16-be", "ucs-2", "ucs2", "iso-10646-ucs-2", "ucs-2be"), "utf-16-be"),
    **dict.fromkeys(("utf-16le", "utf-16-le", "ucs-2le"), "utf-16-le"),
}


class KannelWebhooks:
    """Implements ``channels.sms.provider.Webhooks``.

    ``secret`` is the last part of ``path``, of characters that need no escape in a URL; an empty one refuses everybody.
    """

    name = NAME
    answer = ("text/plain; charset=utf-8", b"")

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def __repr__(self) -> str:
        return "<KannelWebhooks>"

    @property
    def path(self) -> str:
        """Of inbound messages."""
        return f"/sms/{NAME}/{self._secret}"

    def messages(self, posted: Posted, *, now: datetime) -> Received | Refused:
        """Read an incoming message. ``ignored``: ``id``, ``sender``, ``line``."""
        form = form_at(posted, self.path, secret=self._secret)
        if isinstance(form, Refused):
            return form
        return one_message(
            NAME,
            id_in(form.get("id")),
            sender=phone_in(form.get("sender")),
            ours=ours_in(form.get("to")),
            at=moment(said(form.get("ts")), now=now),
            content=Text(heard(_text(form))),
        )

    def reports(self, posted: Posted, *, now: datetime) -> Received | Refused:
        """Read a delivery report. ``ignored``: ``id``, ``underway``, ``status``."""
        form = form_at(posted, f"{self.path}/status", secret=self._secret)
        if isinstance(form, Refused):
            return form
        ours, bit = id_in(form.get("ours")), said(form.get("status")).strip()
        if ours is None:
            return Received(ignored={"id": 1})
        if bit in _UNDERWAY:
            return Received(ignored={"underway": 1})
        if bit not in _STATUSES:
            return Received(ignored={"status": 1})
        status, trouble = _STATUSES[bit]
        error = int(bit) if status is DeliveryStatus.FAILED else None
        report = DeliveryReport(id=f"{NAME}:{ours}", status=status, at=now, ours=ours, error=error, trouble=trouble)
        return Received(reports=(report,))


def _text(form: Form) -> str:
    raw = form.get("text", b"")
    is_ucs2 = said(form.get("coding")).strip() == _UCS2
    named = _ENCODINGS.get(said(form.get("charset")).strip().casefold())
    if is_ucs2 and b"\0" in raw and named != "utf-16-le":  # no words have this byte in any other encoding
        named = "utf-16-be"
    for encoding in (named, None if is_ucs2 else "utf-8"):
        if encoding is not None:
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
    return raw.decode("utf-16-be", "replace") if is_ucs2 else raw.decode("latin-1")
