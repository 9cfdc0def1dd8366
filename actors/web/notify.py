"""``POST /bot/notify``: credex-core, or a system beside it, has a member told something.

200 is said once the notice is durable; from there on it is mail of the member's actor like any other. Who may is
decided before a byte of the body is looked at. Every answer is JSON: ``{"error": …}``, with ``fields`` by name where
fields are wrong, or ``{"status": "accepted", "reference": …}``, where the reference is the same for a repeat.

=====  =============================================================================================================
400    no JSON object; fields missing, wrong or too long (all are named); an ``Idempotency-Key`` that is no key
401    no ``apiKey``
403    a wrong one, or ``NOTIFY_API_KEY`` is not set and nobody may
408    the body is not there within ``SLOWEST_BODY``
413    more than ``LARGEST_BODY``
415    not ``application/json``, or compressed
422    a channel this server has not; a key that came with another body before (as its standard has it)
503    not stored: come again, it counts once
=====  =============================================================================================================

Nothing of a request is logged or echoed: neither numbers nor words, and no name of a key.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import trio
from quart import Blueprint, request

from actors.notices import CHANNELS, LONGEST_KEY, Request, Way, Wrong, key_id, read, read_key
from actors.web.body import is_packed, read_body
from runtime.clock import Clock
from runtime.errors import Closed, StoreUnavailable
from runtime.intake import Intake

PATH = "/bot/notify"
LARGEST_BODY = 16 * 1024
SLOWEST_BODY = 10.0
"""Seconds from the head of a request to the end of its body."""

Reply = tuple[dict[str, Any], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyDoor:
    """Everything the endpoint needs. ``ways`` are the ``CHANNELS`` that are there; without ``key`` it is closed."""

    intake: Intake
    clock: Clock
    ways: Mapping[str, Way]
    key: str | None

    @property
    def state(self) -> str:
        """For operators."""
        if self.key is None:
            return "closed: NOTIFY_API_KEY is not set"
        return f"open for {' and '.join(self.ways) or 'no channel'}"

    def blueprint(self) -> Blueprint:
        """The route."""
        blueprint = Blueprint("notify", __name__)
        blueprint.add_url_rule(PATH, "notify", self._notify, methods=["POST"])
        return blueprint

    async def _notify(self) -> Reply:
        barred = self._barred(request.headers.get("apiKey"))
        if barred is not None:
            return barred
        if request.mimetype != "application/json" or is_packed():
            return _error(415, "Send plain JSON, with the content type application/json.")
        with trio.move_on_after(SLOWEST_BODY):
            body = await read_body(LARGEST_BODY)
            return _TOO_LARGE if body is None else await self._asked(body, request.headers.get("Idempotency-Key"))
        return _error(408, "The body did not arrive in time.")

    def _barred(self, given: str | None) -> Reply | None:
        if self.key is None:
            return _error(403, "NOTIFY_API_KEY is not set on this server, so this endpoint is closed.")
        if given is None:
            return _error(401, "Send the key in the header apiKey.")
        if not hmac.compare_digest(given.encode(), self.key.encode()):
            return _error(403, "The header apiKey holds a wrong key.")
        return None

    async def _asked(self, body: bytes, header: str | None) -> Reply:
        wanted = read(body)
        if isinstance(wanted, Wrong):
            return {"error": wanted.why, "fields": dict(wanted.fields)}, 400
        way = self.ways.get(wanted.channel)
        if way is None:
            here = ", ".join(channel for channel in CHANNELS if channel in self.ways) or "none"
            return _error(422, f"The channel {wanted.channel} is not set up on this server. Set up: {here}.")
        key = None if header is None else read_key(header)
        if header is not None and key is None:
            return _error(400, f"An Idempotency-Key has 1 to {LONGEST_KEY} printable ASCII characters.")
        try:
            return await self._accept(wanted, way, key)
        except (StoreUnavailable, Closed):
            return _error(503, "Not stored. Send it again in a moment: it counts once.")

    async def _accept(self, wanted: Request, way: Way, key: str | None) -> Reply:
        now = self.clock.now()
        if key is not None:
            # First of all, and apart from the notice: another body may be for another member, who lies elsewhere.
            first = await self.intake.first(f"notify:{key_id(key)}", wanted.digest, at=now)
            if first != wanted.digest:
                return _error(422, "This Idempotency-Key came with another body before.")
        await self.intake.accept([wanted.envelope(way, key, now=now)])
        return {"status": "accepted", "reference": wanted.digest}, 200


def _error(status: int, why: str) -> Reply:
    return {"error": why}, status


_TOO_LARGE = _error(413, f"At most {LARGEST_BODY} bytes fit here.")
