"""The shell that calls Africa's Talking's messaging API: one POST a message, one try, one total time limit.

A call that times out or breaks off may have been taken all the same. It is ``NotSent``: the API takes no id of ours by
which it could tell a second try from a second message, so this is at least once, and a text that comes twice is better
than none. HTTP success says nothing either: the message is taken only if its recipient's own code says so.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

import httpx

from channels.channel import NotDeliverable, NotSent
from channels.message import Receipt
from channels.refusal import wished
from channels.sms.africastalking.errors import TAKEN, failure, refused, trouble_of
from channels.sms.africastalking.wire import NAME
from channels.sms.posting import Post
from channels.whatsapp.document import Malformed, decode_object, mapping

_CODE = re.compile(r"[0-9]{1,9}")
_ID = re.compile(r"[!-~]{1,200}")
_NO_ID = "None"
"""What they write where a refused recipient has no id."""


class AfricasTalking:
    """Text messages by Africa's Talking; implements ``channels.sms.provider.Provider``.

    ``api_url`` is ``https://api.africastalking.com``, or the sandbox's. ``limit_seconds`` bounds a send from start to
    answer, by the transport of ``http``.
    """

    name = NAME

    def __init__(
        self, http: httpx.AsyncClient, *, api_url: str, username: str, api_key: str, limit_seconds: float = 10.0
    ) -> None:
        self._post = Post(http, limit_seconds=limit_seconds)
        self._url = f"{api_url.rstrip('/')}/version1/messaging"
        self._username = username
        self._headers = {
            b"apiKey": api_key.encode(),
            b"Accept": b"application/json",
            b"Content-Type": b"application/x-www-form-urlencoded",
        }

    def __repr__(self) -> str:
        return f"<AfricasTalking {self._url}>"

    async def send(self, ours: str, to: str, text: str, *, reference: str) -> Receipt:  # noqa: ARG002 - never given back
        """Send it once. Raises ``NotSent``, ``NotDeliverable``, ``Unreachable`` or ``Unwanted``."""
        fields = {
            "username": self._username,
            "to": f"+{to}",
            **({"from": ours} if ours else {}),
            "message": text,
            "bulkSMSMode": "1",
            "enqueue": "1",
        }
        response = await self._post(self._url, urlencode(fields, errors="replace").encode(), self._headers)
        answer = decode_object(response.content)
        told = {} if isinstance(answer, Malformed) else mapping(answer.get("SMSMessageData"))
        if not told:
            raise failure(response.status_code, retry_after=wished(response.headers.get("retry-after")))
        recipient = _recipient(told.get("Recipients"), to)
        if recipient is None:
            raise _nobody(told.get("Message"), response)
        return _receipt(recipient)


def _recipient(recipients: object, to: str) -> Mapping[str, object] | None:
    """The one who is meant: by number, for all may be told of; the only one, however its number is written."""
    listed = [mapping(recipient) for recipient in recipients] if isinstance(recipients, list) else []
    meant = [recipient for recipient in listed if str(recipient.get("number", "")).lstrip("+") == to]
    found = meant or (listed if len(listed) == 1 else [])
    return next((recipient for recipient in found if _code(recipient) in TAKEN), found[0] if found else None)


def _receipt(recipient: Mapping[str, object]) -> Receipt:
    code, message_id, word = _code(recipient), recipient.get("messageId"), str(recipient.get("status", ""))
    if code not in TAKEN and not (code is None and word == "Success"):
        raise refused(code, word)
    if not isinstance(message_id, str) or message_id == _NO_ID or not _ID.fullmatch(message_id):
        raise NotSent("an answer without a message id", code=code)
    return Receipt(f"{NAME}:{message_id}")


def _nobody(message: object, response: httpx.Response) -> NotSent | NotDeliverable:
    """Nobody was tried: ``Message`` may be the reason in one word. Any other words are not repeated."""
    word = str(message).strip()
    if response.is_success or trouble_of(word):
        return refused(None, word)
    return failure(response.status_code, retry_after=wished(response.headers.get("retry-after")))


def _code(recipient: Mapping[str, object]) -> int | None:
    code = recipient.get("statusCode")
    if isinstance(code, str) and _CODE.fullmatch(code):
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else None
