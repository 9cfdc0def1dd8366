"""The simulator's page: phones in the browser, fed live by ``actors.web.simulator_stream``.

The page acts for anybody, so only pages of this very origin may post (JSON only, which no other site can send without
asking first, and the browser's own word on where the request comes from). It is mounted by ``vimbiso dev`` alone.
"""

from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

import msgspec
import trio
from quart import Blueprint, Response, request

from actors.web.simulator_stream import LiveBubbles
from channels.plain import heard
from channels.simulator.channel import NotAccepted, SimulatorChannel
from channels.simulator.conversation import parse_phone

LONGEST_BODY = 32 * 1024

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

Short = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class _Posted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    phone: Annotated[str, msgspec.Meta(max_length=40)]
    channel: str = ""


class _Said(_Posted, frozen=True, kw_only=True):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]


class _Tapped(_Posted, frozen=True, kw_only=True):
    choice: Short
    label: Short


class _Pictured(_Posted, frozen=True, kw_only=True):
    kind: Short


class _Repeated(_Posted, frozen=True, kw_only=True):
    number: int


P = TypeVar("P", bound=_Posted)


class _Refused(Exception):
    """The page asked for something that cannot be done; it is told why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


def simulator_blueprint(
    channel: SimulatorChannel, people: Sequence[tuple[str, str]], *, sms: SimulatorChannel | None = None
) -> Blueprint:
    """The page and its endpoints under ``/simulator``.

    ``people`` are (phone, label) pairs that a phone can be given to. With ``sms``, which shares ``channel``'s
    conversations, the page also has phones that only know text.
    """
    blueprint = Blueprint("simulator", __name__, url_prefix="/simulator", static_folder="static")
    desk = _Desk(channel, people, sms)
    blueprint.before_request(_refuse_strangers)
    blueprint.after_request(_guard)
    blueprint.register_error_handler(_Refused, _explain)
    blueprint.register_error_handler(NotAccepted, _try_again)
    for path, view in (("", _page), ("/setup", desk.setup), ("/events", desk.events)):
        blueprint.add_url_rule(path, view.__name__, view, methods=["GET"])
    for view in (desk.say, desk.count, desk.tap, desk.media, desk.again):
        blueprint.add_url_rule(f"/{view.__name__}", view.__name__, view, methods=["POST"])
    return blueprint


class _Desk:
    """The views, and the channels behind them."""

    def __init__(
        self, channel: SimulatorChannel, people: Sequence[tuple[str, str]], sms: SimulatorChannel | None
    ) -> None:
        self._default = channel
        self._channels = {each.name: each for each in (channel, sms) if each is not None}
        self._people = tuple(people)

    async def setup(self) -> Response:
        """What a page needs before its first phone."""
        return _json(
            {
                "channels": [
                    {"name": each.name, "title": "WhatsApp" if each.has_buttons else "SMS", "buttons": each.has_buttons}
                    for each in self._channels.values()
                ],
                "people": [{"phone": phone, "label": label} for phone, label in self._people],
            }
        )

    async def events(self) -> Response:
        """All phones, live; resumes after ``Last-Event-ID`` or ``?after=``."""
        known = request.headers.get("Last-Event-ID") or request.args.get("after", "")
        response = Response(LiveBubbles(self._default.conversations, known), content_type="text/event-stream")
        response.timeout = None
        response.headers["X-Accel-Buffering"] = "no"
        return response

    async def say(self) -> Response:
        """``{phone, text}``."""
        said = await _read(_Said)
        if not heard(said.text):
            raise _Refused(400, "There is nothing to send: write something first.")
        bubble = await self._channel(said).say(_phone(said), said.text)
        return _json({"number": bubble.number})

    async def count(self) -> Response:
        """``{phone, text}``: how long it would be as a text message; ``null`` where nobody counts. Sends nothing."""
        typed = await _read(_Said)
        return _json(self._channel(typed).count(typed.text))

    async def tap(self) -> Response:
        """``{phone, choice, label}``."""
        tapped = await _read(_Tapped)
        channel = self._channel(tapped)
        if not channel.has_buttons:
            raise _Refused(400, "This phone has no buttons: type the number instead.")
        bubble = await channel.tap(_phone(tapped), tapped.choice, tapped.label)
        return _json({"number": bubble.number})

    async def media(self) -> Response:
        """``{phone, kind}``."""
        pictured = await _read(_Pictured)
        bubble = await self._channel(pictured).send_media(_phone(pictured), pictured.kind)
        return _json({"number": bubble.number})

    async def again(self) -> Response:
        """``{phone, number}``: the provider delivers this message a second time."""
        repeated = await _read(_Repeated)
        _phone(repeated)
        if not await self._channel(repeated).again(repeated.number):
            raise _Refused(404, "This message is too old to be delivered again.")
        return _json({"number": repeated.number})

    def _channel(self, posted: _Posted) -> SimulatorChannel:
        if not posted.channel:
            return self._default
        if posted.channel not in self._channels:
            raise _Refused(400, f"There is no channel {posted.channel!r} here; there is: {', '.join(self._channels)}.")
        return self._channels[posted.channel]


async def _page() -> Response:
    page = await trio.Path(Path(__file__).parent, "static", "simulator.html").read_text(encoding="utf-8")
    return Response(page, content_type="text/html; charset=utf-8")


async def _refuse_strangers() -> None:
    if not _cannot_be_rebound(urlsplit(f"//{request.host}").hostname or ""):
        raise _Refused(403, "Open this page as localhost or by the machine's number, not by a name.")
    if request.method != "POST":
        return
    if not _same_origin():
        raise _Refused(403, "Only the simulator's own page may post here.")
    if request.mimetype != "application/json":
        raise _Refused(415, "Send JSON, with the content type application/json.")


def _cannot_be_rebound(host: str) -> bool:
    """A stranger's page can have its own name point here (DNS rebinding); it cannot be called localhost or a number."""
    try:
        return host == "localhost" or bool(ip_address(host))
    except ValueError:
        return False


def _same_origin() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


async def _read(kind: type[P]) -> P:
    body = await request.get_data()
    if len(body) > LONGEST_BODY:
        raise _Refused(413, f"At most {LONGEST_BODY} bytes fit here.")
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _Refused(400, f"That is not what this address understands: {error}") from error


def _phone(posted: _Posted) -> str:
    phone = parse_phone(posted.phone)
    if phone is None:
        raise _Refused(400, "A phone number is 7 to 15 digits with the country code first, like 263 77 123 4567.")
    return phone


async def _guard(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response


async def _explain(refused: _Refused) -> Response:
    return _json({"error": refused.why}, status=refused.status)


async def _try_again(_: NotAccepted) -> Response:
    return _json({"error": "The server could not store the message. Try again in a moment."}, status=503)


def _json(value: object, *, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status=status, content_type="application/json")
