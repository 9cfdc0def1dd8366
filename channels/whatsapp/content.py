"""What one WhatsApp message says: an item of ``messages[]`` as ``Content``.

Types come and go without notice, so nothing here fails: what is not understood is ``Media("unsupported")``, and the
member is told what the bot can read. A reaction, an edit or a deleted message is media too: it says something, but
never "yes", and never changes what was done on the words before it. Opening the chat for the first time
(``request_welcome``) is a greeting.

Every system message counts as a change of identity. Meta added one kind of those in 2026 without a version; taking an
unknown one for harmless could leave money open to whoever got a recycled number.
"""

from collections.abc import Callable, Mapping
from typing import Final

from channels.message import Content, IdentityChanged, Media, Tap, Text
from channels.plain import heard
from channels.whatsapp.document import mapping

UNSUPPORTED: Final = Media("unsupported")

_MEDIA = {
    name: Media(name)
    for name in (
        *("image", "audio", "video", "document", "sticker"),
        *("location", "contacts", "order", "reaction", "edit", "revoke"),
    )
}
_VOICE = Media("voice")
_FORM = Media("form")


def content_of(item: Mapping[str, object]) -> Content:
    """What ``item`` says. Media kinds are Meta's type names, but ``voice`` for a voice note and ``form`` for a Flow."""
    kind = item.get("type")
    if not isinstance(kind, str):
        return UNSUPPORTED
    read = _READERS.get(kind)
    return read(item) if read is not None else _MEDIA.get(kind, UNSUPPORTED)


def _text(item: Mapping[str, object]) -> Content:
    body = mapping(item.get("text")).get("body")
    if not isinstance(body, str):
        return UNSUPPORTED
    context = mapping(item.get("context"))
    return Text(heard(body), forwarded=bool(context.get("forwarded") or context.get("frequently_forwarded")))


def _interactive(item: Mapping[str, object]) -> Content:
    """The object is missing when somebody forwards an interactive message; then ``value.errors`` says so."""
    interactive = mapping(item.get("interactive"))
    kind = interactive.get("type")
    if kind in ("button_reply", "list_reply"):
        reply = mapping(interactive.get(str(kind)))
        return _tap(reply.get("id"), reply.get("title"))
    return _FORM if kind == "nfm_reply" else UNSUPPORTED


def _template_button(item: Mapping[str, object]) -> Content:
    button = mapping(item.get("button"))
    return _tap(button.get("payload") or button.get("text"), button.get("text"))


def _tap(choice: object, label: object) -> Content:
    ours = heard(choice) if isinstance(choice, str) else ""
    return Tap(ours, heard(label) if isinstance(label, str) else "") if ours else UNSUPPORTED


def _audio(item: Mapping[str, object]) -> Content:
    return _VOICE if mapping(item.get("audio")).get("voice") is True else _MEDIA["audio"]


def _system(item: Mapping[str, object]) -> Content:
    kind = mapping(item.get("system")).get("type")
    return IdentityChanged(heard(kind) if isinstance(kind, str) else "unknown")


def _welcome(_item: Mapping[str, object]) -> Content:
    return Text("hi")


_READERS: dict[str, Callable[[Mapping[str, object]], Content]] = {
    "text": _text,
    "interactive": _interactive,
    "button": _template_button,
    "audio": _audio,
    "system": _system,
    "request_welcome": _welcome,
}
