"""The WhatsApp webhook: a raw ASGI callable in front of Quart, whose plain requests do without even that.

It does four things in this order and nothing else: bound the size, check the signature over the raw bytes, read the
notification, store every message in it. 200 is said after the store has it; 503 makes the provider come again. Signed
bytes that nobody understands are kept in quarantine and answered 200, since a repeat would bring the same bytes.

Raw because it is the hot path: the framework's request objects cost more than everything this module does. It is also a
``PlainApplication`` (``actors.web.plain``), which takes the same requests without a server's objects.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import trio

from actors.notifications import held
from actors.undelivered import Mailing
from channels.whatsapp import signature
from channels.whatsapp.signature import Forged, Genuine
from runtime.clock import Clock
from runtime.envelope import Envelope
from runtime.errors import Closed, StoreUnavailable
from runtime.intake import Intake

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

PATH = "/bot/webhook"
LARGEST_BODY = 4 * 1024 * 1024
"""Meta sends up to 3 MB in one notification."""
SLOWEST_BODY = 10.0
"""Seconds from the head of a request to its answer; storing has its own, shorter limit within it."""
_LONGEST_LENGTH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatsAppWebhook:
    """Everything the webhook needs. ``secrets`` are the app secrets in force, the current one first.

    ``returned`` makes mail of reports that a message did not arrive.
    """

    intake: Intake
    clock: Clock
    lines: frozenset[str]
    secrets: Sequence[str]
    verify_token: str
    counts: Counter[str]
    returned: Mailing
    path: str = PATH
    largest: int = LARGEST_BODY
    slowest: float = SLOWEST_BODY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request to the webhook's path."""
        match scope["method"]:
            case "POST":
                await _respond(send, *await self._notified(scope, receive))
            case "GET" | "HEAD":
                await _respond(send, *self._handshake(scope["query_string"]))
            case _:
                await _respond(send, 405, b"method not allowed")

    def _handshake(self, query: bytes) -> tuple[int, bytes]:
        challenge = signature.handshake(dict(parse_qsl(query.decode("ascii", "replace"))), self.verify_token)
        return (403, b"forbidden") if challenge is None else (200, challenge.encode())

    async def _notified(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        headers = dict(scope["headers"])
        if _is_packed(headers):
            return _PACKED
        with trio.move_on_after(SLOWEST_BODY):
            body = await _read(headers, receive)
            if body is None:
                return 413, b"too large"
            return await self.answer(headers, body)
        return 408, b"too slow"

    async def answer(self, headers: Mapping[bytes, bytes], body: bytes) -> tuple[int, bytes]:
        """Status and text for a whole notification. Takes as long as ``Intake.accept`` may."""
        if _is_packed(headers):
            return _PACKED
        match signature.verify(body, headers.get(b"x-hub-signature-256"), self.secrets):
            case Forged() as forged:
                self.counts[f"signature {forged.name.lower()}"] += 1
                return forged.value, b"not signed by us"
            case Genuine(number):
                self.counts["signed with the previous secret"] += bool(number)
                return await self._store(body)

    async def _store(self, body: bytes) -> tuple[int, bytes]:
        now = self.clock.now()
        found = held(body, lines=self.lines, now=now)
        self.counts.update(found.counted)
        try:
            envelopes: Sequence[Envelope] = found.envelopes
            if found.failed:
                envelopes = [*envelopes, *await self.returned(found.failed, now)]
            await self.intake.accept(envelopes, reports=found.reports, letters=found.letters)
        except (StoreUnavailable, Closed):
            return 503, b"not stored"
        return 200, b"stored"


async def _read(headers: Mapping[bytes, bytes], receive: Receive) -> bytes | None:
    """The whole body, or ``None`` if it is larger than we take. Never holds more than the limit."""
    if not _fits(headers.get(b"content-length", b"0")):
        return None
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        event = await receive()
        part: bytes = event.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            return None
        parts.append(part)
        more = event.get("more_body", False)
    return b"".join(parts)


_PACKED = 415, b"content encodings are not supported"


def _is_packed(headers: Mapping[bytes, bytes]) -> bool:
    return headers.get(b"content-encoding", b"identity") != b"identity"


def _fits(announced: bytes) -> bool:
    """Whether a body of this length is taken. Thousands of digits are not even read: Python refuses to."""
    return announced.isdigit() and len(announced) <= _LONGEST_LENGTH and int(announced) <= LARGEST_BODY


async def _respond(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
