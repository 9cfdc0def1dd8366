"""credex-core in memory: one call in, one answer out, with as much trouble as the fault plan orders.

``respond`` is the whole interface, for a transport in process as for the HTTP face. The work of a request is one step
without an ``await``; only faults wait, on Trio's clock. ``calls`` remembers what arrived.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import trio

from credex.simulator import nightly
from credex.simulator.dashboards import Dashboards
from credex.simulator.envelope import Failure, wrapped
from credex.simulator.exchange import Answer, Body, BrokenJson, Request, generic, message_only, read_json
from credex.simulator.faults import Fault, FaultPlan, Rule
from credex.simulator.gate import Gate
from credex.simulator.ids import Ids
from credex.simulator.limiter import Limiter
from credex.simulator.tokens import Tokens
from credex.simulator.world import World

_DENIAL = Failure(400, "ERROR_VALIDATION", "VALIDATION_ERROR", "The ledger does not like this today")

Encoded = tuple[int, dict[str, str], bytes]

_GARBAGE = "<html>upstream"
_HARDENING = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that arrived; ``body`` is its JSON, or ``None`` when that was broken."""

    method: str
    path: str
    body: Body | None


class CoreSimulator:
    """A credex-core over one world. ``now`` tells the time and must be aware.

    ``rate_limit`` is requests a minute and address (``None``: off), ``keep_seconds`` how long dashboards may be stale,
    ``nightly_job`` runs the nightly job when the clock passes midnight (else only ``world.today`` and forceDCO count).
    """

    def __init__(  # noqa: PLR0913 - each is one switch of the simulated server
        self,
        world: World,
        *,
        now: Callable[[], datetime],
        client_key: str,
        faults: FaultPlan | None = None,
        seed: int = 0,
        rate_limit: int | None = 30,
        dev_key: str | None = None,
        keep_seconds: float = 0,
        nightly_job: bool = False,
    ) -> None:
        self.world = world
        self.faults = faults or FaultPlan()
        self.calls: list[Call] = []
        self._now = now
        self._nightly_job = nightly_job
        self._late: list[tuple[datetime, Request]] = []
        self._request_ids = Ids(f"requests {seed}")
        self._gate = Gate(
            world=world,
            views=Dashboards(world, keep_seconds=keep_seconds),
            tokens=Tokens(hashlib.sha256(f"{seed} {client_key}".encode()).digest()),
            limiter=Limiter(rate_limit),
            client_key=client_key,
            dev_key=dev_key,
        )

    def __repr__(self) -> str:
        return f"<CoreSimulator {self.world!r} {len(self.calls)} calls>"

    def calls_to(self, path: str) -> list[Call]:
        """The requests that arrived on this path."""
        return [call for call in self.calls if call.path == path]

    def catch_up(self) -> None:
        """Do what time has brought: late writes that are due, and the nightly job. Every request does so first."""
        now = self._now()
        due = [request for moment, request in self._late if moment <= now]
        self._late = [(moment, request) for moment, request in self._late if moment > now]
        for request in due:
            self._gate.answer(request, now=now)
        if self._nightly_job:
            nightly.catch_up(self.world, now.date())

    async def respond(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, *, remote: str = "127.0.0.1"
    ) -> Encoded:
        """Status, lower-case headers and body.

        Raises ``ConnectionRefusedError`` or ``ConnectionResetError`` where the plan says so. Cancelled while a fault
        waits, the request is dropped: work not done by then is not done.
        """
        await trio.lowlevel.checkpoint()
        lowered = {name.lower(): value for name, value in headers.items()}
        request = Request(method=method.upper(), path=path, headers=lowered, body=body, remote=remote)
        rule = self.faults.strike(path)
        if rule is not None and rule.fault is Fault.REFUSED:
            raise ConnectionRefusedError(f"{path}: nobody listens")
        parsed = read_json(body)
        self.calls.append(Call(request.method, path, None if isinstance(parsed, BrokenJson) else parsed))
        if rule is None:
            return self._finished(self._work(request))
        await trio.sleep(rule.before)
        answer = self._troubled(request, rule)
        await trio.sleep(rule.after)
        if answer is None:
            raise ConnectionResetError(f"{path}: the answer is lost")
        return self._finished(answer)

    def _work(self, request: Request) -> Answer:
        self.catch_up()
        return self._gate.answer(request, now=self._now())

    def _finished(self, answer: Answer) -> Encoded:
        headers = {**_HARDENING, "x-request-id": self._request_ids.next(), **answer.headers}
        return replace(answer, headers=headers).encoded()

    def _troubled(self, request: Request, rule: Rule) -> Answer | None:  # noqa: C901, PLR0911 - one case a fault
        match rule.fault:
            case Fault.SLOW | Fault.SLOW_AFTER:
                return self._work(request)
            case Fault.LATE_WRITE | Fault.SLOW_WRITE:
                self._late.append((self._now() + timedelta(seconds=rule.seconds), request))
                return None
            case Fault.REFUSED | Fault.LOST_BEFORE:
                return None
            case Fault.LOST_AFTER:
                self._work(request)
                return None
            case Fault.ERROR_BEFORE:
                return generic(rule.status, "Internal Server Error")
            case Fault.DENIED:
                return wrapped(_DENIAL, caller="system", now=self._now())
            case Fault.ERROR_AFTER:
                self._work(request)
                return generic(rule.status, "Internal Server Error")
            case Fault.TOO_MANY:
                retry_after = {"retry-after": str(int(rule.seconds))}
                return Answer(429, "Too many requests, please try again later.", retry_after)
            case Fault.UNAUTHENTICATED:
                return message_only(401, "Token expired")
            case Fault.GARBAGE_BEFORE:
                return Answer(200, _GARBAGE)
            case Fault.GARBAGE_AFTER:
                self._work(request)
                return Answer(200, _GARBAGE)
