"""A webhook's body as messages and delivery reports. Pure; on the path of every webhook.

A body holds entries, an entry changes, a change messages and statuses, any number of each, and both kinds may stand
side by side. Each change goes by its own ``metadata.phone_number_id``: two of our lines may share one body, and what
is for a line that is not ours is counted and left alone. One item that makes no sense is set aside as raw JSON
(``poison``) and costs its neighbours nothing; only a body that is no notification at all is ``Malformed``.

Ids: ``InboundMessage.id`` is ``wa:<line>:<wamid>``, unique over lines and channels. ``DeliveryReport.id`` is the bare
wamid, as in the receipt of the send it reports on.

Order: messages come out by the time they were sent, those of one second in the order of the body. A time in the
future counts as now, and so does one that cannot be read: the words still count.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from channels.message import DeliveryReport, DeliveryStatus, InboundMessage, Peer
from channels.whatsapp.content import content_of
from channels.whatsapp.document import Malformed, decode_object, encode, mapping
from channels.whatsapp.errors import trouble
from channels.whatsapp.identity import sender_of

CHANNEL = "whatsapp"

_STATUSES = {
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.READ,
    "played": DeliveryStatus.READ,
    "failed": DeliveryStatus.FAILED,
}
_FIELDS_TO_NAME = frozenset(
    {
        "account_alerts",
        "account_review_update",
        "account_update",
        "business_capability_update",
        "message_template_quality_update",
        "message_template_status_update",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
        "user_preferences",
    }
)
"""Fields an operator may want to hear of; the rest are counted together, so that counters stay few."""

_LONGEST_ID = 255
_CODES_END = 2**31
_MILLISECONDS_FROM = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What a body held.

    ``ignored`` counts what was left alone, by reason: ``object``, ``field`` or ``field:<name>``, ``line``, ``group``,
    ``echo``, ``status`` and ``errors``. ``poison`` is for quarantine: items with no id, no sender or no sense.
    """

    messages: tuple[InboundMessage, ...] = ()
    reports: tuple[DeliveryReport, ...] = ()
    poison: tuple[bytes, ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)


def parse(body: bytes, *, lines: Collection[str], received_at: datetime) -> Notification | Malformed:
    """Read the body of a POST whose signature is good. Never raises.

    ``lines`` are the phone number ids that are ours. No message is later than ``received_at`` (aware UTC).
    """
    document = decode_object(body)
    if isinstance(document, Malformed):
        return document
    kind = document.get("object")
    if not isinstance(kind, str):
        return Malformed("no object named")
    if kind != "whatsapp_business_account":
        return Notification(ignored={"object": 1})
    entries = document.get("entry")
    if not isinstance(entries, list):
        return Malformed("entry is not a list")
    reading = _Reading(lines, received_at)
    for entry in entries:
        reading.read_entry(entry)
    return reading.notification()


class _Reading:
    """One body on its way to a ``Notification``."""

    __slots__ = ("_ignored", "_lines", "_messages", "_now", "_poison", "_received_at", "_reports")

    def __init__(self, lines: Collection[str], received_at: datetime) -> None:
        self._lines = lines
        self._received_at = received_at
        self._now = received_at.timestamp()
        self._messages: list[tuple[float, InboundMessage]] = []
        self._reports: list[DeliveryReport] = []
        self._poison: list[bytes] = []
        self._ignored: dict[str, int] = {}

    def notification(self) -> Notification:
        self._messages.sort(key=lambda sent: sent[0])
        return Notification(
            messages=tuple([message for _, message in self._messages]),
            reports=tuple(self._reports),
            poison=tuple(self._poison),
            ignored=self._ignored,
        )

    def read_entry(self, entry: object) -> None:
        if not isinstance(entry, dict):
            self._set_aside(entry)
            return
        for change in self._list(entry.get("changes")):
            if isinstance(change, dict):
                self._read_change(change)
            else:
                self._set_aside(change)

    def _read_change(self, change: Mapping[str, object]) -> None:
        name = change.get("field")
        if name != "messages":
            self._ignore(_ignored_field(name))
            return
        value = mapping(change.get("value"))
        line = mapping(value.get("metadata")).get("phone_number_id")
        if not isinstance(line, str):
            self._set_aside(change)
            return
        if line not in self._lines:
            self._ignore("line")
            return
        if value.get("errors"):
            self._ignore("errors")
        contacts = value.get("contacts")
        for item in self._list(value.get("messages")):
            self._read_message(line, item, contacts)
        for item in self._list(value.get("statuses")):
            self._read_status(item)

    def _read_message(self, line: str, item: object, contacts: object) -> None:
        fields = mapping(item)
        if fields.get("group_id"):
            self._ignore("group")
            return
        wamid = _id_in(fields.get("id"))
        sender = sender_of(fields, contacts)
        if wamid is None or sender is None:
            self._set_aside(item)
            return
        sent = _seconds(fields.get("timestamp"), default=self._now)
        message = InboundMessage(
            id=f"wa:{line}:{wamid}",
            peer=Peer(CHANNEL, line, sender),
            at=self._moment(sent),
            content=content_of(fields),
        )
        self._messages.append((sent, message))

    def _read_status(self, item: object) -> None:
        fields = mapping(item)
        wamid = _id_in(fields.get("id"))
        name = fields.get("status")
        if wamid is None or not isinstance(name, str):
            self._set_aside(item)
            return
        status = _STATUSES.get(name)
        if status is None:
            self._ignore("status")
            return
        error = _error_code(fields.get("errors"))
        report = DeliveryReport(
            id=wamid,
            status=status,
            at=self._moment(_seconds(fields.get("timestamp"), default=self._now)),
            ours=_id_in(fields.get("biz_opaque_callback_data")),
            error=error,
            trouble=trouble(error) if status is DeliveryStatus.FAILED else None,
        )
        self._reports.append(report)

    def _moment(self, seconds: float) -> datetime:
        return datetime.fromtimestamp(seconds, UTC) if seconds < self._now else self._received_at

    def _list(self, value: object) -> Iterable[object]:
        if isinstance(value, list):
            return value
        if value is not None:
            self._set_aside(value)
        return ()

    def _set_aside(self, item: object) -> None:
        self._poison.append(encode(item))

    def _ignore(self, reason: str) -> None:
        self._ignored[reason] = self._ignored.get(reason, 0) + 1


def _ignored_field(name: object) -> str:
    if name == "smb_message_echoes":
        return "echo"
    return f"field:{name}" if isinstance(name, str) and name in _FIELDS_TO_NAME else "field"


def _id_in(value: object) -> str | None:
    """An id as providers and we write them: printable ASCII. Anything else could not be stored or found again."""
    if isinstance(value, str) and 0 < len(value) <= _LONGEST_ID and value.isascii() and value.isprintable():
        return value
    return None


def _seconds(value: object, *, default: float) -> float:
    """Unix seconds from a string or number of seconds or milliseconds; ``default`` if it is no time after 1970."""
    if isinstance(value, str):
        # Longer digits are no time, and very long ones would be refused by ``float`` only after much work.
        seconds = float(value) if value.isascii() and value.isdigit() and len(value) < _LONGEST_ID else 0.0
    elif isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf:
        seconds = float(min(value, 10**18))
    else:
        return default
    if seconds >= _MILLISECONDS_FROM:
        seconds /= 1000
    return seconds if seconds > 0 else default


def _error_code(errors: object) -> int | None:
    """Only the code of an error is sure to be there."""
    first = errors[0] if isinstance(errors, list) and errors else None
    code = mapping(first).get("code")
    return code if isinstance(code, int) and not isinstance(code, bool) and 0 <= code < _CODES_END else None
