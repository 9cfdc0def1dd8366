"""A stand-in for Africa's Talking's messaging API: strict about fields, remembers what phones got, can be told to fail.

Its answers are worded as the real ones: missing fields and a wrong key in plain text, no ``Accept`` in XML, the rest
in JSON with HTTP 201, whatever became of the recipients.
"""

from collections import defaultdict
from collections.abc import Mapping
from urllib.parse import parse_qs

import msgspec
import trio

API_URL = "https://api.africastalking.test"
USERNAME = "vimbiso-for-tests"
API_KEY = "africastalking-key-for-tests"
SHORT_CODE = "33333"

_WORDS = {
    100: "Processed",
    101: "Success",
    102: "Queued",
    401: "RiskHold",
    402: "InvalidSenderId",
    403: "InvalidPhoneNumber",
    404: "UnsupportedNumberType",
    405: "InsufficientBalance",
    406: "UserInBlacklist",
    407: "CouldNotRoute",
    409: "DoNotDisturbRejection",
    500: "InternalServerError",
    501: "GatewayError",
    502: "RejectedByGateway",
}


class AfricasTalkingStandIn:
    """``respond`` is the whole interface, as ``LocalTransport`` wants it."""

    def __init__(self, *, senders: tuple[str, ...] = (SHORT_CODE,)) -> None:
        self.sent: dict[str, list[str]] = defaultdict(list)
        """What each phone got, by its digits."""
        self.ids: list[str] = []
        """Of all that was taken, in order, bare."""
        self.codes: dict[str, int] = {}
        """What becomes of messages to a number: 101 unless it is here."""
        self.failures: list[int] = []
        """HTTP statuses to answer the next sends with, instead of taking them."""
        self.lost = 0
        """How many of the next answers break off after the message was taken."""
        self._senders = senders
        self._news = trio.Event()

    async def respond(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Answer one HTTP request."""
        await trio.lowlevel.checkpoint()
        if self.failures:
            return _plain(self.failures.pop(0), "Something went wrong")
        form = {name: values[0] for name, values in parse_qs(body.decode("ascii"), errors="strict").items()}
        refusal = _refusal(f"{method} {path}", headers, form)
        if refusal is not None:
            return refusal
        if headers.get("accept") != "application/json":
            return 201, {"content-type": "application/xml"}, b"<AfricasTalkingResponse/>"
        answer = self._answer(form)
        if self.lost:
            self.lost -= 1
            raise ConnectionError
        return 201, {"content-type": "application/json; charset=utf-8"}, msgspec.json.encode(answer)

    async def wait_for(self, phone: str, count: int) -> None:
        """Wait until this many messages came to the phone. Bounded by the caller."""
        while len(self.sent[phone]) < count:
            await self._news.wait()

    def _answer(self, form: Mapping[str, str]) -> object:
        if form.get("from", SHORT_CODE) not in self._senders:
            return {"SMSMessageData": {"Message": "InvalidSenderId", "Recipients": []}}
        recipients = [self._recipient(number, form["message"]) for number in form["to"].split(",")]
        taken = sum(recipient["messageId"] != "None" for recipient in recipients)
        message = f"Sent to {taken}/{len(recipients)} Total Cost: USD {taken / 100:.4f}"
        return {"SMSMessageData": {"Message": message, "Recipients": recipients}}

    def _recipient(self, number: str, message: str) -> dict[str, object]:
        phone = number.removeprefix("+")
        is_number = number.startswith("+") and phone.isdigit() and not phone.startswith("0")
        code = self.codes.get(phone, 101) if is_number else 403
        told: dict[str, object] = {"statusCode": code, "number": number, "status": _WORDS[code]}
        if code not in (100, 101, 102):
            return told | {"cost": "0", "messageId": "None"}
        self.ids.append(f"ATXid_{len(self.ids) + 1}")
        self.sent[phone].append(message)
        self._news.set()
        self._news = trio.Event()
        return told | {"cost": "USD 0.0100", "messageId": self.ids[-1], "messageParts": 1}


def _refusal(
    call: str, headers: Mapping[str, str], form: Mapping[str, str]
) -> tuple[int, dict[str, str], bytes] | None:
    missing = [name for name in ("username", "to", "message") if name not in form]
    account = (headers.get("apiKey"), form.get("username", USERNAME))
    checks = (
        (call == "POST /version1/messaging", 404, "The requested resource could not be found."),
        (account == (API_KEY, USERNAME), 401, "The supplied authentication is invalid"),
        (headers.get("content-type") == "application/x-www-form-urlencoded", 415, "Content-Type is not supported."),
        (not missing, 400, f"Request is missing required form field '{''.join(missing[:1])}'"),
    )
    return next((_plain(status, words) for is_right, status, words in checks if not is_right), None)


def _plain(status: int, words: str) -> tuple[int, dict[str, str], bytes]:
    return status, {"content-type": "text/plain; charset=utf-8"}, words.encode()
