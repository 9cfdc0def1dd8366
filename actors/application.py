"""The application: kernel, ports and web under one supervisor. The composition root of everything that runs.

Ports (store, credex-core, clock, channels) are handed in; ``actors.assembly`` chooses them for each command. Children
start in this order and stop in the reverse: the committer (the store), the actors, the web.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import structlog
import trio

from actors.core_guard import GuardedCore
from actors.dialogs.expiry import LIFETIMES, Lifetimes
from actors.features import EVERYTHING_SURE, Features
from actors.looker import Looker
from actors.member import MemberBehaviour, envelope_of
from actors.pacing import SharedPace
from actors.payer import Payer
from actors.performer import MemberPerformer
from actors.policies import OVERDUE, SENDING
from actors.status import Status
from actors.undelivered import Mailing, Returned
from actors.web.plain import Contain
from actors.web.server import WebServer
from channels.channel import Channel
from channels.message import InboundMessage
from credex.core import CredexCore
from runtime.breaker import Breaker
from runtime.budget import Budget
from runtime.child import Child
from runtime.clock import Clock
from runtime.committer import Committer
from runtime.envelope import Envelope
from runtime.intake import Intake
from runtime.intensity import Intensity
from runtime.receiver import TurnTaken
from runtime.retry import RetryPolicy
from runtime.store import AuditEntry, Deliveries, Delivery, Payment, Payments, Record, Store, Verdict
from runtime.supervisor import Supervisor
from runtime.system import ActorSystem, Limits

BUDGET = 45.0
"""Seconds for an orderly stop: longer than one call to credex-core may take, so that no payment is left unclear."""

INTENSITY = partial(Intensity, limit=200, period=60, each=20)
"""What is still an accident. A bug that meets ten members within a minute may stop the server; one member cannot."""

PATIENCE = 8.0
"""Seconds for a store that hangs while the process stops."""

HELD = frozenset({"ask", "look"})
"""No question to credex-core is begun while stopping: it is durable, and the next start asks it."""

_log = structlog.get_logger("vimbiso")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What the application stands on. ``looking`` is credex-core for settlement, if it is not ``core`` itself.

    ``pace`` is what keeps ``core`` to its rate limit; ``lifetimes`` is how long a screen may be left alone.
    ``text_line`` is our line for text messages to members whom another channel does not reach. ``secret`` is what codes
    that sign are made with: 16 random bytes or more (at most 64), new with every start.
    """

    store: Store
    core: CredexCore
    looking: CredexCore | None = None
    pace: SharedPace = field(default_factory=lambda: SharedPace(Budget()))
    clock: Clock
    owner: str
    secret: bytes
    lifetimes: Lifetimes = LIFETIMES
    limits: Limits = field(default_factory=Limits)
    features: Features = EVERYTHING_SURE
    text_line: str | None = None
    sending: RetryPolicy = SENDING
    inline_store: bool = False


class Application:
    """One chat server."""

    def __init__(self, ports: Ports) -> None:
        self.counts: Counter[str] = Counter()
        self._ports = ports
        self._channels: dict[str, Channel] = {}
        self._committer = Committer(
            ports.store, on_accepted=self._accepted, inline=ports.inline_store, patience_seconds=PATIENCE
        )
        self._supervisor = Supervisor(intensity=INTENSITY(), on_failure=_log_failure)
        breaker = Breaker()
        core = GuardedCore(ports.core, breaker, ports.pace.back)
        looking = GuardedCore(ports.looking or ports.core, breaker, ports.pace.back)
        self._looker = Looker(core=looking, clock=ports.clock)
        performer = MemberPerformer(
            channels=self._channels,
            core=core,
            payer=Payer(core=core, record=self._record, recorded=self._recorded, clock=ports.clock),
            looker=self._looker,
            clock=ports.clock,
            sending=ports.sending,
            delivery=self._delivery,
        )
        self.system = ActorSystem(
            committer=self._committer,
            behaviour=MemberBehaviour(ports.lifetimes, ports.features, ports.text_line),
            performer=performer,
            supervisor=self._supervisor,
            clock=ports.clock,
            owner=ports.owner,
            on_turn=turn_logger(),
            secret=ports.secret,
            limits=replace(ports.limits, held_in_drain=HELD, overdue_seconds={"ask": OVERDUE}),
        )
        self.status = Status(
            system=self.system,
            supervisor=self._supervisor,
            committer=self._committer,
            store=ports.store,
            breaker=breaker,
            pace=ports.pace,
            clock=ports.clock,
            counts=self.counts,
        )

    @property
    def intake(self) -> Intake:
        """The durable door."""
        return self.system.intake

    @property
    def returned(self) -> Mailing:
        """What makes mail of reports that a message did not arrive."""
        return Returned(self.intake.deliveries)

    @property
    def contain(self) -> Contain:
        """Absorbs failures as the supervisor does, for whoever answers from outside its children."""
        return self._supervisor.contain

    def attach(self, channel: Channel) -> None:
        """Let members be reached on this channel. Before ``run``."""
        self._channels[channel.name] = channel

    async def accept(self, message: InboundMessage) -> None:
        """Store one message for its member. Raises as ``Intake.accept``."""
        await self.intake.accept([envelope_of(message, accepted_at=self._ports.clock.now())])

    async def run(
        self,
        *,
        stop: trio.Event,
        web: WebServer | None = None,
        budget: float = BUDGET,
        task_status: "trio.TaskStatus[None]" = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Run until ``stop`` is set, then drain within ``budget`` seconds; ready when everything is up.

        Raises what the supervisor raises; a failure to start (store, port) comes out in an exception group.
        """
        children = [
            Child("committer", self._committer.run, drain=self._committer.close),
            Child("actors", self.system.run, drain=self._drain),
        ]
        if web is not None:
            children.append(Child("web", web.run, drain=web.drain))
        await self._supervisor.run(children, stop=stop, budget=budget, task_status=task_status)

    def _accepted(self, envelopes: Sequence[Envelope]) -> None:
        self.system.accepted(envelopes)

    async def _drain(self) -> None:
        self._looker.hurry()
        await self.system.drain()

    async def _record(self, payment: Payment, expects: str, entry: AuditEntry) -> Verdict:
        partition, epoch = self.system.ownership.of(payment.address)
        operation = Record(partition=partition, epoch=epoch, payment=payment, expects=expects, audit=(entry,))
        return await self._committer.submit(operation)

    async def _delivery(self, name: str) -> Delivery | None:
        found = await self._committer.submit(Deliveries((name,)))
        return found[0] if found else None

    async def _recorded(self, payment: Payment) -> bool:
        """Whether this very record is what is stored."""
        return payment in await self._committer.submit(Payments(payment.address))


def _log_failure(name: str, failure: BaseException) -> None:
    _log.warning("failure absorbed", where=name, exc_info=failure)


def turn_logger() -> Callable[[TurnTaken], None]:
    """What writes the one line of a turn. Bound once: otherwise structlog looks its settings up anew for every line."""
    return partial(_log_turn, _log.bind().info)


def _log_turn(tell: Callable[..., object], turn: TurnTaken) -> None:
    tell(
        "turn",
        address=turn.address,
        turn=turn.turn.rpartition("/")[2],
        mail=turn.mail,
        owes=turn.owes,
        milliseconds=round(turn.seconds * 1000, 2),
        **turn.note,
    )
