"""The shell that calls the Graph API: one POST a message, one try, one total time limit.

A call that times out or breaks off may have been taken all the same. It is ``NotSent``: a chat text that comes twice
is better than none, and the sender alone decides how often. Nothing is logged here, and errors name codes and
statuses only: no token, no number, no words.
"""

import httpx

from channels.channel import NotSent
from channels.message import OutboundMessage, Peer, Receipt
from channels.refusal import wished
from channels.whatsapp.document import Malformed, decode_object, encode, mapping
from channels.whatsapp.errors import failure
from channels.whatsapp.render import render


class WhatsAppChannel:
    """WhatsApp by the Cloud API; implements ``channels.channel.Channel``.

    ``api_url`` is the Graph address with its version (``https://graph.facebook.com/v25.0``); our line comes with each
    peer. ``limit_seconds`` bounds a send from start to answer, by the transport of ``http``, which is asked for each of
    httpx's timeouts and for ``whole``.
    """

    name = "whatsapp"

    def __init__(
        self, http: httpx.AsyncClient, *, api_url: str, access_token: str, limit_seconds: float = 10.0
    ) -> None:
        self._http = http
        self._api_url = api_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {access_token}", "Content-Type": "application/json"}
        self._limits = {"timeout": dict.fromkeys(("pool", "connect", "write", "read", "whole"), limit_seconds)}

    def __repr__(self) -> str:
        return f"<WhatsAppChannel {self._api_url}>"

    async def send(self, peer: Peer, message: OutboundMessage, *, reference: str) -> Receipt:
        """Say it once. Raises ``NotSent`` or ``NotDeliverable`` (of which ``RenderRefused`` is one)."""
        content = encode(render(peer, message, reference))
        response = await self._post(f"{self._api_url}/{peer.line}/messages", content)
        document = decode_object(response.content)
        answer = {} if isinstance(document, Malformed) else document
        if not response.is_success:
            raise failure(response.status_code, answer, retry_after=wished(response.headers.get("retry-after")))
        message_id = _message_id(answer)
        if message_id is None:
            raise NotSent("an answer without a message id")
        return Receipt(message_id)

    async def _post(self, url: str, content: bytes) -> httpx.Response:
        try:
            return await self._http.post(url, content=content, headers=self._headers, extensions=self._limits)
        except httpx.HTTPError as error:
            raise NotSent(f"no answer: {type(error).__name__}") from error


def _message_id(answer: object) -> str | None:
    messages = mapping(answer).get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    message_id = mapping(first).get("id")
    return message_id if isinstance(message_id, str) and message_id else None
