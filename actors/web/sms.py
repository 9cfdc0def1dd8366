"""The webhooks of all providers of text messages: ``<path>`` for messages, ``<path>/status`` for delivery reports.

How a request is read, and whether it is the provider's at all, is its ``Webhooks``' to say; here are the bounds around
it and the store behind it. 200 is said once everything in a request is durable, with what the provider takes for no
answer to the member; 503 asks it to come again. A report that a message failed may be news for its member's actor: what
``undelivered`` makes of such reports is stored with them.

=====  =============================================================================================================
408    the body is not there within ``SLOWEST_BODY``
413    more than ``LARGEST_BODY``
415    compressed
503    not stored
=====  =============================================================================================================

Whatever else is refused is the provider's reader's own. Nothing of a request is logged or echoed: paths hold secrets.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import trio
from quart import Blueprint, Response, request

from actors.notifications import held_texts
from actors.undelivered import Mailing
from actors.web.body import is_packed, read_body
from channels.message import DeliveryReport, DeliveryStatus
from channels.sms.provider import CHANNEL, Posted, Received, Refused, Webhooks
from runtime.clock import Clock
from runtime.envelope import Envelope
from runtime.errors import Closed, StoreUnavailable
from runtime.intake import Intake

LARGEST_BODY = 64 * 1024
SLOWEST_BODY = 10.0
"""Seconds from the head of a request to its answer; storing has its own, shorter limit within it."""

METHODS = ("GET", "POST")


async def nobody_told(_failed: Sequence[DeliveryReport], _now: datetime) -> Sequence[Envelope]:
    """No mail."""
    await trio.lowlevel.checkpoint()
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsDoor:
    """Everything the webhooks need."""

    intake: Intake
    clock: Clock
    webhooks: Sequence[Webhooks]
    counts: Counter[str]
    undelivered: Mailing = nobody_told

    def blueprint(self) -> Blueprint:
        """The routes."""
        blueprint = Blueprint("sms", __name__)
        for webhooks in self.webhooks:
            name, path = webhooks.name, webhooks.path
            view = partial(self._answer, webhooks, webhooks.messages)
            blueprint.add_url_rule(path, f"{name}_messages", view, methods=METHODS)
            view = partial(self._answer, webhooks, webhooks.reports)
            blueprint.add_url_rule(f"{path}/status", f"{name}_reports", view, methods=METHODS)
            lost = partial(self._lost, name)
            blueprint.add_url_rule(f"/{CHANNEL}/{name}/<path:_elsewhere>", f"{name}_lost", lost, methods=METHODS)
        return blueprint

    async def _lost(self, name: str, _elsewhere: str) -> Response:
        """Counted: a provider that was given a wrong address would otherwise go unnoticed."""
        await trio.lowlevel.checkpoint()
        self.counts[f"{name} path"] += 1
        return _plain(404, "refused")

    async def _answer(self, webhooks: Webhooks, read: Callable[..., Received | Refused]) -> Response:
        if is_packed():
            return _plain(415, "content encodings are not supported")
        with trio.move_on_after(SLOWEST_BODY):
            body = await read_body(LARGEST_BODY)
            if body is None:
                return _plain(413, "too large")
            return await self._taken(webhooks, read, _posted(body))
        return _plain(408, "too slow")

    async def _taken(self, webhooks: Webhooks, read: Callable[..., Received | Refused], posted: Posted) -> Response:
        now = self.clock.now()
        match read(posted, now=now):
            case Refused(status, why):
                self.counts[f"{webhooks.name} {why}"] += 1
                return _plain(status, "refused")
            case Received() as received:
                held = held_texts(received, webhooks.name, now=now)
                self.counts.update(held.counted)
                failed = [report for report in received.reports if report.status is DeliveryStatus.FAILED]
                try:
                    news = await self.undelivered(failed, now) if failed else ()
                    await self.intake.accept([*held.envelopes, *news], reports=held.reports)
                except (StoreUnavailable, Closed):
                    return _plain(503, "not stored")
                kind, answer = webhooks.answer
                return Response(answer, 200, content_type=kind)


def _posted(body: bytes) -> Posted:
    scope = request.scope
    query = bytes(scope["query_string"])
    target = bytes(scope["raw_path"]) + (b"?" + query if query else b"")
    return Posted(
        method=request.method,
        target=target.decode("utf-8", "replace"),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
    )


def _plain(status: int, words: str) -> Response:
    return Response(words, status, content_type="text/plain; charset=utf-8")
