"""A stand-in for Meta's Graph API: takes messages as Meta would, remembers them by recipient, can be told to fail."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import trio

LINE = "301234567890123"
TOKEN = "graph-token-for-tests"


@dataclass(slots=True)
class Shown:
    """One message as the member's phone shows it. ``choices`` are (id, title) in order."""

    id: str
    kind: str
    text: str
    choices: list[tuple[str, str]] = field(default_factory=list)

    def choice(self, title: str) -> str | None:
        """The id behind a title."""
        return next((key for key, shown in self.choices if shown == title), None)


class GraphStandIn:
    """``respond`` is the whole interface, in process and behind a server."""

    def __init__(self) -> None:
        self.sent: dict[str, list[Shown]] = defaultdict(list)
        self.references: list[str] = []
        self.failures: list[int] = []
        """Statuses to answer the next sends with, instead of taking them."""
        self.refusals: list[int] = []
        """Codes to refuse the next sends with, as Meta does: with HTTP 400."""
        self._count = 0
        self._news = trio.Event()

    async def respond(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer one HTTP request."""
        await trio.lowlevel.checkpoint()
        assert method == "POST"
        assert re.fullmatch(r"/v\d+\.\d+/\d+/messages", path), path
        assert headers.get("authorization") == f"Bearer {TOKEN}"
        if self.failures:
            return self.failures.pop(0), {}, b'{"error":{"code":131000,"message":"try later"}}'
        if self.refusals:
            return 400, {}, msgspec.json.encode({"error": {"code": self.refusals.pop(0), "message": "no"}})
        payload = msgspec.json.decode(body)
        self._count += 1
        recipient = payload.get("to") or payload["recipient"]
        message_id = f"wamid.out.{self._count}"
        self.sent[recipient].append(_shown(message_id, payload))
        self.references.append(payload.get("biz_opaque_callback_data", ""))
        self._news.set()
        self._news = trio.Event()
        answer = {"messaging_product": "whatsapp", "messages": [{"id": message_id}]}
        return 200, {"content-type": "application/json"}, msgspec.json.encode(answer)

    async def wait_for(self, recipient: str, count: int) -> None:
        """Wait until this many messages were sent to the recipient. Bounded by the caller."""
        while len(self.sent[recipient]) < count:
            await self._news.wait()


def _shown(message_id: str, payload: dict[str, Any]) -> Shown:
    if payload["type"] == "text":
        return Shown(message_id, "text", payload["text"]["body"])
    if payload["type"] == "template":
        return Shown(message_id, "template", _filled(payload["template"]))
    interactive = payload["interactive"]
    action = interactive["action"]
    if interactive["type"] == "button":
        choices = [(button["reply"]["id"], button["reply"]["title"]) for button in action["buttons"]]
        return Shown(message_id, "buttons", interactive["body"]["text"], choices)
    rows = [(row["id"], row["title"]) for section in action["sections"] for row in section["rows"]]
    return Shown(message_id, "list", interactive["body"]["text"], rows)


def _filled(template: dict[str, Any]) -> str:
    """The template's name and what fills it."""
    [body] = template["components"]
    words = [parameter["text"] for parameter in body["parameters"]]
    assert (body["type"], template["language"]) == ("body", {"code": "en_US"})
    return " | ".join([template["name"], *words])
