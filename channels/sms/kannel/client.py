"""The shell that calls Kannel's sendsms: one POST a message, one try, one total time limit.

A call that times out or breaks off may have been taken all the same. It is ``NotSent``: the gateway does not look
whether it has seen a message before, so this is at least once, and a text that comes twice is better than none.

sendsms takes its parameters from the query of a GET or from the ``X-Kannel-`` headers of a POST, whose body is the
text; a form it refuses ("Invalid content-type"). Headers it is, so that no password, number or word stands in a URL,
where servers and proxies on the way would log it.

Text in the 7-bit alphabet goes as UTF-8 and says so. Anything else goes as UTF-16BE octets with no charset named: the
gateway then does not convert them, which some are built without being able to.
"""

from urllib.parse import quote

import httpx

from channels.channel import NotDeliverable
from channels.message import Receipt
from channels.refusal import wished
from channels.sms.kannel.errors import failure
from channels.sms.kannel.wire import NAME
from channels.sms.posting import Post
from channels.sms.segments import Encoding, encoding_of

_REPORTS = b"27"
"""Delivered 1, not delivered 2, taken by the carrier 8, refused by it 16."""


class Kannel:
    """Text messages by Kannel; implements ``channels.sms.provider.Provider``.

    ``sendsms_url`` is whole (``http://gateway:13013/cgi-bin/sendsms``), ``reports_url`` where delivery reports shall
    come to, from the outside (``https://…/sms/kannel/<secret>/status``). ``limit_seconds`` bounds a send from start to
    answer, by the transport of ``http``.
    """

    name = NAME

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        sendsms_url: str,
        username: str,
        password: str,
        reports_url: str,
        limit_seconds: float = 10.0,
    ) -> None:
        self._post = Post(http, limit_seconds=limit_seconds)
        self._url = sendsms_url
        self._reports_url = reports_url
        self._account = {b"X-Kannel-Username": username.encode(), b"X-Kannel-Password": password.encode()}

    def __repr__(self) -> str:
        return f"<Kannel {self._url}>"

    async def send(self, ours: str, to: str, text: str, *, reference: str) -> Receipt:
        """Send it once. Raises ``NotSent``, ``NotDeliverable`` or ``Unreachable``."""
        if not text:  # a POST without a body would be taken for a GET
            raise NotDeliverable("no text")
        body, coding, content_type = _encoded(text)
        headers = {
            **self._account,
            b"X-Kannel-From": ours.encode(),
            b"X-Kannel-To": f"+{to}".encode(),
            b"X-Kannel-Coding": coding,
            b"X-Kannel-DLR-Mask": _REPORTS,
            b"X-Kannel-DLR-Url": self._reports_to(reference).encode(),
            b"Content-Type": content_type,
        }
        response = await self._post(self._url, body, headers)
        error = failure(response.status_code, response.content, retry_after=wished(response.headers.get("retry-after")))
        if error is not None:
            raise error
        return Receipt(f"{NAME}:{reference}")

    def _reports_to(self, reference: str) -> str:
        """The address of reports on this message, where the gateway puts the report's bit for ``%d``.

        It would fill other escapes too, all of them letters: percent-escaped ASCII has a digit there, and stays.
        """
        return f"{self._reports_url}?ours={quote(reference, safe='')}&status=%d"


def _encoded(text: str) -> tuple[bytes, bytes, bytes]:
    if encoding_of(text) is Encoding.GSM7:
        return text.encode(), b"0", b"text/plain; charset=UTF-8"
    return text.encode("utf-16-be", "replace"), b"2", b"application/octet-stream"
