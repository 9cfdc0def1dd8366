"""The WhatsApp webhook examples and what we expect of each, in our own types.

``webhook_examples.json`` holds whole requests with the policy a good server follows. Its words are mapped to ours here,
in one place, for tests of the wire and for tests of the whole server alike:

- a sender is their phone number if known, else their user id; an id is ``wa:<line>:<wamid>``;
- replies of buttons, lists and templates are ``Tap``; a picture, an edit, a reaction is ``Media``;
- a group message is left alone; a status of a message we do not know is reported like any other;
- bytes that are signed but no JSON are kept and answered 200; a challenge we would not echo, like a wrong token, 403.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from channels.message import (
    DeliveryReport,
    IdentityChanged,
    InboundMessage,
    Media,
    Notice,
    Preference,
    Tap,
    Text,
    Undelivered,
)

WEBHOOK_PATH = "/bot/webhook"

_FILE: dict[str, Any] = json.loads(Path(__file__).with_name("webhook_examples.json").read_text())
_META: dict[str, Any] = _FILE["meta"]

APP_SECRET: str = _META["secrets"]["whatsapp_app_secret"]
VERIFY_TOKEN: str = _META["secrets"]["whatsapp_verify_token"]
LINE: str = _META["numbers"]["phone_number_id"]
LINES: tuple[str, ...] = (LINE, _META["numbers"]["phone_number_id_2"])
NOW = datetime.fromtimestamp(_META["clock_epoch"], UTC)

_CONTENTS: Mapping[str, tuple[str, str | None]] = {
    "text": ("Text", None),
    "request_welcome": ("Text", "hi"),
    "button_reply": ("Tap", None),
    "list_reply": ("Tap", None),
    "template_button": ("Tap", None),
    "identity_change": ("IdentityChanged", None),
    "reaction_removed": ("Media", "reaction"),
}
_STATUSES = {
    "wa_verify_html_challenge": {403},
    "wa_verify_wrong_mode": {403},
    "wa_sig_no_prefix": {403},
    "wa_json_deep_nesting": {200},
    "wa_json_wrong_types": {200},
    "wa_json_root_null": {200},
    "wa_json_root_array": {200},
    "wa_json_utf8_bom": {200},
    "wa_body_invalid_utf8": {200},
    "wa_json_nan": {200},
}
"""Where our interfaces are more exact than the example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedMessage:
    """A message that must come out. ``says`` is its text, choice or media kind, ``None`` if anything will do."""

    id: str
    line: str
    sender: str
    content: str
    says: str | None
    forwarded: bool = False

    def as_seen(self, message: InboundMessage) -> "ExpectedMessage":
        """``message`` in this form, knowing no more than this expectation does: equal if it is what was expected."""
        content = message.content
        return ExpectedMessage(
            id=message.id,
            line=message.peer.line,
            sender=message.peer.name,
            content=type(content).__name__,
            says=None if self.says is None else said(message),
            forwarded=isinstance(content, Text) and content.forwarded,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedReport:
    """A delivery report that must come out. ``ours`` is the reference it carries."""

    id: str
    status: str
    ours: str | None = None
    error: int | None = None

    @classmethod
    def of(cls, report: DeliveryReport) -> "ExpectedReport":
        """``report`` in this form."""
        return cls(id=report.id, status=report.status.value, ours=report.ours, error=report.error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One request and what must come of it. ``messages`` is ``None`` where the example does not say."""

    name: str
    method: str
    query_string: str
    headers: Mapping[str, str]
    statuses: frozenset[int]
    messages: tuple[ExpectedMessage, ...] | None
    reports: tuple[ExpectedReport, ...]
    answer: str | None
    after: str | None
    signature_valid: bool | None

    @property
    def body(self) -> bytes:
        """The bytes of the request, made anew each time: one of them is 8 MB."""
        return _body(_BY_NAME[self.name])

    @property
    def query(self) -> dict[str, str]:
        """The decoded query of a GET."""
        return dict(parse_qsl(self.query_string, keep_blank_values=True))


def said(message: InboundMessage) -> str:
    """The words of a message: its text, choice, media kind or kind of change."""
    match message.content:
        case Text(body):
            return body
        case Tap(choice):
            return choice
        case Media(kind) | IdentityChanged(kind):
            return kind
        case Notice(text=text):
            return text
        case Preference(source=source):
            return source
        case Undelivered(id=name):
            return name


def _body(raw: Mapping[str, Any]) -> bytes:
    if "raw_body_base64" in raw:
        return base64.b64decode(raw["raw_body_base64"])
    text: str = raw["raw_body"] or ""
    expand = raw.get("raw_body_expand", [])
    for token in expand if isinstance(expand, list) else [expand]:
        text = text.replace(token["token"], token["unit"] * token["count"])
    return text.encode()


def _example(raw: Mapping[str, Any]) -> Example:
    expect: dict[str, Any] = raw["expect"]
    statuses = _STATUSES.get(raw["name"]) or expect.get("http_status_any_of") or {expect["http_status"]}
    events = expect.get("events")
    return Example(
        name=raw["name"],
        method=raw["method"],
        query_string=urlsplit(raw["url"]).query,
        headers=raw["headers"],
        statuses=frozenset(statuses),
        messages=None if events is None else tuple(_message(event) for event in events if not _is_left_alone(event)),
        reports=_reports(raw["name"], expect),
        answer=expect.get("http_body"),
        after=raw.get("deliver_after"),
        signature_valid=raw.get("signature_valid"),
    )


def _is_left_alone(event: Mapping[str, Any]) -> bool:
    return bool(event["kind"] == "ignored_group")


def _message(event: Mapping[str, Any]) -> ExpectedMessage:
    line = event.get("phone_number_id", LINE)
    content, says = _CONTENTS.get(event["kind"], ("Media", event["kind"]))
    if content == "Text":
        says = says or event.get("text_sanitised", event.get("text"))
    elif content == "Tap":
        says = event.get("reply_id")
    return ExpectedMessage(
        id=f"wa:{line}:{event['external_id']}",
        line=line,
        sender=event.get("sender_phone") or event["sender_bsuid"],
        content=content,
        says=says,
        forwarded=event.get("forwarded", False),
    )


def _reports(name: str, expect: Mapping[str, Any]) -> tuple[ExpectedReport, ...]:
    if name == "wa_status_unknown_wamid":
        return (ExpectedReport(id="wamid.VU5LTk9XTg==", status="delivered"),)
    return tuple(
        ExpectedReport(
            id=update["external_id"], status=update["to"], ours=update.get("our_id"), error=update.get("code")
        )
        for update in expect.get("status_updates", ())
    )


_BY_NAME: dict[str, dict[str, Any]] = {raw["name"]: raw for raw in _FILE["examples"]}

EXAMPLES: tuple[Example, ...] = tuple(map(_example, _FILE["examples"]))
