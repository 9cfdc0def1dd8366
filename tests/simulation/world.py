"""A world: members, processes and everything around them, from a seed; then a healing, after which all must be well.

``play`` runs a seed and returns what happened. The plot: a few members chat for minutes to days, some of them by text
message as well, while the weather is bad and processes come and go; then the weather clears, the networks deliver what
they still hold, and time passes until nothing is owed any more, or for so long that something is wrong.
"""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from typing import Any

import structlog
import trio

from credex.simulator.core import CoreSimulator
from credex.simulator.records import CredexRecord, RecurringRecord
from credex.simulator.seeds import founded_world
from runtime.clock import VirtualClock
from runtime.memory_store import MemoryStore
from runtime.store import AuditEntry, Backlog, Count, Counts, Timer, Timers, Trail
from runtime.system import Limits
from tests.simulation.connection import Shared
from tests.simulation.fate import Fate
from tests.simulation.history import Absorbed, History
from tests.simulation.networks import Networks
from tests.simulation.outside import CoreServer, GraphServer, TextServer
from tests.simulation.phone import CASTS, Person, Phone
from tests.simulation.process import CLIENT_KEY, Around
from tests.simulation.seeded import PARTITIONS, Random, run_seeded
from tests.simulation.text_phone import TextPhone
from tests.simulation.weather import Weather
from tests.support.embedded import START
from tests.support.graph import Shown

_NUMBERS = ("263770000301", "263770000302", "263770000303", "263770000304")
_NEWCOMER = "263770000305"
_HANDLES = ("rudo", "tendai", "chipo", "nyasha")
_NAMES = (("Rudo", "Moyo"), ("Tendai", "Ncube"), ("Chipo", "Dube"), ("Nyasha", "Gumbo"))
_LONGEST_HEALING = 400
_FEW = 2
"""So many members have time for long conversations."""
_HEALING_PAUSE = 60.0
_NEVER = 1e9


@dataclass(frozen=True, slots=True)
class Played:
    """What a seed came to. ``before`` and ``after`` are credex-core's ledger at the beginning and the end."""

    seed: int
    history: History
    before: dict[str, CredexRecord]
    after: dict[str, CredexRecord]
    recurring: tuple[RecurringRecord, ...]
    trail: tuple[AuditEntry, ...]
    counts: Counts
    timers: tuple[Timer, ...]
    seconds: float
    handles: dict[str, str]


def play(seed: int, tell: Callable[[str], object] | None = None) -> Played:
    """Run the world of this seed to its end."""
    clock = VirtualClock(START)
    history = History(clock.now, tell)
    with _logs_noted(history):
        return run_seeded(_World(seed, clock, history).run, seed)


class _World:
    def __init__(self, seed: int, clock: VirtualClock, history: History) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.weather = Weather.drawn(self.random)
        self.clock = clock
        self.history = history

    async def run(self) -> Played:
        """Everything, then the healing."""
        random, weather, history = self.random, self.weather, self.history
        start = self.clock.now()
        core = self._core()
        before = dict(core.world.credexes)
        shared = Shared(MemoryStore(), history, weather, random)
        async with trio.open_nursery() as nursery:
            fate = Fate(nursery, history=history, weather=weather, random=random)
            networks = Networks(nursery, fate.post, history=history, weather=weather, random=random)
            keen = dict(zip((*_NUMBERS, _NEWCOMER), cycle(self.random.choice(CASTS)), strict=False))
            phones, texters = self._phones(networks, keen), self._texters(networks, keen)

            def deliver(phone: str, _reference: str, shown: Shown) -> None:
                phones[phone].show(shown)
                networks.report(shown.id, phone, self.clock.now())

            def deliver_text(phone: str, reference: str, shown: Shown) -> None:
                if phone in texters:
                    texters[phone].show(shown)
                networks.report_text(reference)

            trouble: dict[str, Any] = {"history": history, "weather": weather, "random": random}
            core_server = CoreServer(nursery, fate.boundary, core, **trouble)
            graph = GraphServer(nursery, fate.boundary, deliver=deliver, **trouble)
            texts = TextServer(nursery, fate.boundary, deliver=deliver_text, **trouble)
            around = Around(shared, core_server, graph, texts, self.clock, history, self._limits(), nursery)
            nursery.start_soon(fate.keep, around)
            async with trio.open_nursery() as living:
                longest = random.choice((10, 13, 16, 24)) if len(phones) == _FEW else 10
                for phone in (*phones.values(), *texters.values()):
                    living.start_soon(phone.live, random.randint(5, longest))
            await self._heal(networks, core, shared)
            await fate.finish()
            nursery.cancel_scope.cancel()
        return self._played(core, before, shared, start)

    def _played(self, core: CoreSimulator, before: dict[str, CredexRecord], shared: Shared, start: datetime) -> Played:
        core.catch_up()
        counts, trail = shared.store.run([Count(), Trail(None, 1_000_000)])
        seconds = (self.clock.now() - start).total_seconds()
        handles = {account.id: account.handle for account in core.world.accounts.values()}
        timers = [timer for part in range(PARTITIONS) for timer in shared.store.run([Timers(part, 1000)])[0]]
        after = dict(core.world.credexes)
        return Played(
            seed=self.seed,
            history=self.history,
            before=before,
            after=after,
            recurring=tuple(core.world.recurring.values()),
            trail=trail,
            counts=counts,
            timers=tuple(timers),
            seconds=seconds,
            handles=handles,
        )

    async def _heal(self, networks: Networks, core: CoreSimulator, shared: Shared) -> None:
        self.weather.clear()
        core.faults.clear()
        networks.release()
        await networks.under_way.zero()
        for _ in range(_LONGEST_HEALING):
            await trio.sleep(_HEALING_PAUSE)
            partitions = range(PARTITIONS)
            busy = shared.store.run([ask(partition) for partition in partitions for ask in (Backlog, _first_timer)])
            if not any(busy):
                return

    def _limits(self) -> Limits:
        random = self.random
        # Without crashes nothing may depend on somebody looking for strays.
        sweep = random.choice((300, 7200, 7200)) if self.weather.crashes else _NEVER
        return Limits(
            mailbox=random.choice((1, 2, 4, 64)),
            most_live=random.choice((1, 2, 100)),
            idle_seconds=random.choice((5, 900)),
            sweep_seconds=sweep,
        )

    def _phones(self, networks: Networks, keen: dict[str, tuple[str, ...]]) -> dict[str, Phone]:
        trouble: dict[str, Any] = {"history": self.history, "weather": self.weather, "random": self.random}
        people = [*_NUMBERS[: self.random.choice((2, 2, 3, 4))]]
        handles = _HANDLES[: len(people)]
        if self.random.random() < 0.3:
            people.append(_NEWCOMER)
        trouble["now"] = self.clock.now
        return {number: Phone(Person(number, handles, keen[number]), networks, **trouble) for number in people}

    def _texters(self, networks: Networks, keen: dict[str, tuple[str, ...]]) -> dict[str, TextPhone]:
        """In some worlds somebody writes by text message as well."""
        random = self.random
        trouble: dict[str, Any] = {"history": self.history, "weather": self.weather, "random": random}
        people = _NUMBERS[: random.choice((0, 0, 1, 2))]
        trouble["now"] = self.clock.now
        return {each: TextPhone(Person(each, _HANDLES[:3], keen[each]), networks, **trouble) for each in people}

    def _core(self) -> CoreSimulator:
        random = self.random
        world = founded_world(START.date(), seed=self.seed)
        for number, handle, (first, last) in zip(_NUMBERS, _HANDLES, _NAMES, strict=True):
            world.add_member(number, first, last, tier=random.choice((1, 3, 5)), handle=handle)
            world.fund(handle, "100.00")
        if random.random() < 0.2:
            world.add_account(_NUMBERS[0], "Rudo Stall", "rudo_stall")
            world.fund("rudo_stall", "50.00")
        gifts = [("rudo", "tendai"), ("tendai", "rudo"), ("rudo", "tendai")]
        if random.random() < 0.3:
            gifts *= 3
        for giver, taker in gifts:
            if random.random() < 0.6:
                world.offer(giver, taker, "5.00")
        return CoreSimulator(
            world,
            now=self.clock.now,
            client_key=CLIENT_KEY,
            seed=self.seed,
            rate_limit=random.choice((None, None, 30)),
            keep_seconds=random.choice((0, 0, 30)),
        )


def _first_timer(partition: int) -> Timers:
    return Timers(partition, 1)


class _logs_noted:  # noqa: N801 - used as a function
    """Failures that the application logs are part of the history; nothing else is rendered."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._kept: dict[str, Any] = {}

    def __enter__(self) -> None:
        self._kept = structlog.get_config()
        structlog.configure(
            processors=[self._note], wrapper_class=structlog.BoundLogger, cache_logger_on_first_use=False
        )

    def __exit__(self, *_: object) -> None:
        structlog.configure(**self._kept)

    def _note(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> Any:
        if event["event"] == "failure absorbed":
            error = event["exc_info"]
            self._history.note(Absorbed(event["where"], type(error).__name__))
        raise structlog.DropEvent
