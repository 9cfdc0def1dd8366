"""What we say as a Graph API payload, within Meta's limits. Pure.

A screen of up to three choices without descriptions is a message with buttons, any other screen a list; without
choices it is text, and outside the service window a template. Every limit is checked here, because Meta refuses the
whole message for one letter too many and the member would hear nothing. Nothing is ever cut: a screen that does not
fit is a mistake of who wrote it (``RenderRefused``), who can shorten names with ``channels.plain.fit`` or turn pages.

Limits are counted in UTF-16 units after cleaning. They are Meta's; where its pages disagree, the smaller one.
"""

from collections.abc import Sequence
from itertools import groupby

from channels.channel import NotDeliverable
from channels.message import Choice, OutboundMessage, Peer
from channels.plain import harmless, heard, one_line, units
from channels.whatsapp.identity import bsuid_in, phone_in

MAX_TEXT = 4096
MAX_BODY = 1024
"""The text above buttons or a list, and the filled-in words of a template."""
MAX_ROWS = 10
_MAX_BUTTONS = 3
_MAX_MENU = 20
_MAX_BUTTON_TITLE = 20
_MAX_ROW_TITLE = 24
_MAX_SECTION_TITLE = 24
_MAX_DESCRIPTION = 72
_MAX_BUTTON_ID = 256
_MAX_ROW_ID = 200
_MAX_REFERENCE_BYTES = 512

Json = dict[str, object]


class RenderRefused(NotDeliverable):
    """Meta would refuse this message. Whoever wrote it is at fault; the error names the limit, never the words."""


def render(peer: Peer, message: OutboundMessage, reference: str) -> Json:
    """The payload for ``POST /<line>/messages``. ``reference`` comes back in statuses. Raises ``RenderRefused``."""
    payload: Json = {"messaging_product": "whatsapp", "recipient_type": "individual", **_recipient(peer)}
    if reference:
        _at_most(_MAX_REFERENCE_BYTES, len(reference.encode("utf-8", "surrogatepass")), "bytes of reference")
        payload["biz_opaque_callback_data"] = reference
    if message.template is not None:
        return payload | {"type": "template", "template": _template(message.template, message.parameters)}
    if message.choices:
        return payload | {"type": "interactive", "interactive": _interactive(message)}
    return payload | {"type": "text", "text": {"body": _words(message.text, MAX_TEXT, "text"), "preview_url": False}}


def _recipient(peer: Peer) -> Json:
    """People who hide their number are reached by ``recipient``; Meta reads ``to`` as a phone number."""
    phone = phone_in(peer.name)
    if phone is not None:
        return {"to": phone}
    if bsuid_in(peer.name) is None:
        raise RenderRefused("the peer is neither a phone number nor a user id")
    return {"recipient": peer.name}


def _interactive(message: OutboundMessage) -> Json:
    body = {"text": _words(message.text, MAX_BODY, "text over choices")}
    if len(message.choices) <= _MAX_BUTTONS and not any(choice.description for choice in message.choices):
        return {"type": "button", "body": body, "action": {"buttons": _buttons(message)}}
    menu = _label(message.menu, _MAX_MENU, "menu label")
    return {"type": "list", "body": body, "action": {"button": menu, "sections": _sections(message)}}


def _buttons(message: OutboundMessage) -> list[Json]:
    ids = _ids(message, _MAX_BUTTON_ID)
    titles = [_label(choice.title, _MAX_BUTTON_TITLE, "button title") for choice in message.choices]
    _all_different(titles, "button titles")
    return [
        {"type": "reply", "reply": {"id": choice_id, "title": title}}
        for choice_id, title in zip(ids, titles, strict=True)
    ]


def _sections(message: OutboundMessage) -> list[Json]:
    """Neighbours of one section stand under its title, so that rows keep the order their numbers are read in."""
    _at_most(MAX_ROWS, len(message.choices), "rows in a list")
    rows = zip(message.choices, _ids(message, _MAX_ROW_ID), strict=True)
    groups = [(title, [_row(*row) for row in group]) for title, group in groupby(rows, lambda row: row[0].section)]
    if len(groups) == 1 and not groups[0][0]:
        return [{"rows": groups[0][1]}]
    return [{"title": _label(title, _MAX_SECTION_TITLE, "section title"), "rows": group} for title, group in groups]


def _row(choice: Choice, choice_id: str) -> Json:
    row: Json = {"id": choice_id, "title": _label(choice.title, _MAX_ROW_TITLE, "row title")}
    if choice.description:
        row["description"] = _label(choice.description, _MAX_DESCRIPTION, "row description")
    return row


def _ids(message: OutboundMessage, limit: int) -> list[str]:
    ids = [f"{message.screen}.{choice.key}" if message.screen else choice.key for choice in message.choices]
    for choice_id in ids:
        _at_most(limit, units(choice_id), "characters in a choice's id")
        if not choice_id.isascii() or not choice_id.isprintable() or choice_id != choice_id.strip() or not choice_id:
            raise RenderRefused("a choice's id is not printable ASCII")
    _all_different(ids, "ids of choices")
    return ids


def _template(name: str, parameters: Sequence[str]) -> Json:
    """Meta allows no line breaks in a parameter and none to be empty."""
    filled = [_label(parameter, MAX_BODY, "template parameter") for parameter in parameters]
    _at_most(MAX_BODY, sum(map(units, filled)), "characters in a template's parameters")
    template: Json = {"name": name, "language": {"code": "en_US"}}
    if filled:
        template["components"] = [
            {"type": "body", "parameters": [{"type": "text", "text": parameter} for parameter in filled]}
        ]
    return template


def _words(text: str, limit: int, what: str) -> str:
    return _checked(heard(harmless(text)), limit, what)


def _label(text: str, limit: int, what: str) -> str:
    return _checked(one_line(text), limit, what)


def _checked(text: str, limit: int, what: str) -> str:
    if not text:
        raise RenderRefused(f"empty {what}")
    _at_most(limit, units(text), f"characters in {what}")
    return text


def _at_most(limit: int, count: int, what: str) -> None:
    if count > limit:
        raise RenderRefused(f"{count} {what}, at most {limit}")


def _all_different(values: Sequence[str], what: str) -> None:
    if len(set(values)) != len(values):
        raise RenderRefused(f"{what} are not all different")
