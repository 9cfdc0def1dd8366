"""What stands before the controllers: size, JSON, rate, key or token, path, schema, in credex-core's order.

``Gate.answer`` takes no time and never waits, so between a check and its write nothing else can happen.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime

from credex.simulator.asking import Ask, SignedAsk
from credex.simulator.dashboards import Dashboards
from credex.simulator.envelope import Failure, wrapped
from credex.simulator.exchange import BODY_LIMIT, Answer, Body, BrokenJson, Request, generic, message_only, read_json
from credex.simulator.limiter import Limiter
from credex.simulator.routes import DEV, OPEN, SIGNED, Route
from credex.simulator.tables import Tables
from credex.simulator.tokens import Denied, Tokens
from credex.simulator.validation import Fields, checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The HTTP side of one core. An absent ``dev_key`` closes the development paths, an empty client key is a 500."""

    world: Tables
    views: Dashboards
    tokens: Tokens
    limiter: Limiter
    client_key: str
    dev_key: str | None = None

    def answer(self, request: Request, *, now: datetime) -> Answer:
        """The answer, with the rate limit's headers."""
        answer = self._answer(request, now)
        headers = {**self.limiter.headers(request.remote, now=now), **answer.headers}
        return replace(answer, headers=headers)

    def _answer(self, request: Request, now: datetime) -> Answer:
        if len(request.body) > BODY_LIMIT:
            return generic(413, "request entity too large")
        body = read_json(request.body)
        if isinstance(body, BrokenJson):
            return generic(400, body.reason)
        return self.limiter.take(request.remote, now=now) or self._routed(request, body, now)

    def _routed(self, request: Request, body: Body, now: datetime) -> Answer:
        if (request.method, request.path) == ("GET", "/health"):
            return Answer(200, {"status": "healthy"})
        posted = request.path if request.method == "POST" else ""
        if posted in OPEN:
            return self._keyed(request) or self._open(OPEN[posted], body, now)
        if posted in DEV:
            return self._developing(request) or self._open(DEV[posted], body, now)
        return self._signed(request, SIGNED.get(posted), body, now)

    def _open(self, route: Route[Ask], body: Body, now: datetime) -> Answer:
        fields = checked(route.schema, body)
        outcome = fields if isinstance(fields, Failure) else route.controller(self._ask(fields, now))
        return wrapped(outcome, caller="system", now=now)

    def _signed(self, request: Request, route: Route[SignedAsk] | None, body: Body, now: datetime) -> Answer:
        bearer = self.tokens.read(request.headers.get("authorization"), now=now)
        if isinstance(bearer, Denied):
            return message_only(401, bearer.message)
        member = self.world.members.get(bearer.member_id)
        if member is None:
            return message_only(401, "Invalid token")
        refreshed = {"authorization": f"Bearer {self.tokens.refresh(bearer, now=now)}"}
        if route is None:
            return replace(generic(404, "Not Found"), headers=refreshed)
        fields = checked(route.schema, body)
        if isinstance(fields, Failure):
            return replace(wrapped(fields, caller=member.id, now=now), headers=refreshed)
        ask = SignedAsk(world=self.world, views=self.views, tokens=self.tokens, now=now, fields=fields, member=member)
        return replace(wrapped(route.controller(ask), caller=member.id, now=now), headers=refreshed)

    def _ask(self, fields: Fields, now: datetime) -> Ask:
        return Ask(world=self.world, views=self.views, tokens=self.tokens, now=now, fields=fields)

    def _keyed(self, request: Request) -> Answer | None:
        if not self.client_key:
            return message_only(500, "Client key not configured")
        sent = request.headers.get("x-client-api-key", "")
        return None if _same(sent, self.client_key) else message_only(401, "Unauthorized client")

    def _developing(self, request: Request) -> Answer | None:
        sent = request.headers.get("x-dev-admin-key", "")
        allowed = self.dev_key is not None and _same(sent, self.dev_key)
        return None if allowed else message_only(401, "Admin key rejected")


def _same(sent: str, expected: str) -> bool:
    return hmac.compare_digest(sent.encode(), expected.encode())
