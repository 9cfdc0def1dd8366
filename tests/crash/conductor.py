"""One run: a world, its members, a killer with a seed, time to heal, and the facts for the verdict."""

import random  # noqa: TID251 - made from the seed of the run
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import msgspec
import trio

from actors.payments import FINAL, PaymentState
from actors.transport.client import http_client
from actors.transport.trio_transport import TrioTransport
from runtime.address import Address
from runtime.clock import SystemClock
from runtime.store import Count, Counts, History, Letters, Load, Payments, Trail
from tests.crash.facts import Facts
from tests.crash.people import Person, Saying
from tests.crash.provider import Provider, Sent
from tests.crash.verdict import violations
from tests.crash.verdict_money import declined_unread
from tests.crash.world import World, world
from tests.support import webhooks
from tests.support.graph import Shown

_MONEY = ("/createCredex", "/acceptCredex", "/acceptCredexBulk", "/declineCredex", "/cancelCredex", "/hustler10k")
_TIERS = (5, 2)
"""Every other member may pay for an upgrade."""
_MANY = 1_000_000
_TAPS_TWICE = 0.05
_IMPATIENT = 0.1
_PATIENT = 10.0
_LOOKS_BACK = 20
_WHILE_STARTING = 0.12
"""Share of kills that meet a server which does not listen yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do. ``whom`` is killed: ``server``, or ``any`` (server, store, or both, by lot)."""

    store: str = "sqlite"
    whom: str = "server"
    rounds: int = 200
    seed: int = 1
    members: int = 24
    longest: float = 1.2
    """Seconds a server lives at most once it listens."""
    heal_seconds: float = 300.0


@dataclass(slots=True)
class Outcome:
    """What came of it."""

    plan: Plan
    facts: Facts
    figures: dict[str, int]
    broken: list[str] = field(default_factory=list)


class Run:
    """The tasks of a run over one world."""

    def __init__(self, plan: Plan, running: World, http: httpx.AsyncClient, tell: Callable[[str], None]) -> None:
        self._plan = plan
        self._world = running
        self._http = http
        self._tell = tell
        self._clock = SystemClock()
        handles = [f"member_{number:03d}" for number in range(plan.members)]
        self._people = [
            Person(f"26377010{number:04d}", handle, handles, self._luck(handle))
            for number, handle in enumerate(handles)
        ]
        self._provider = Provider(partial(running.post, http), self._luck("provider"))
        self._phones: dict[str, list[Shown]] = {person.phone: [] for person in self._people}
        self._struck: Counter[str] = Counter()
        self._broken: list[str] = []

    async def play(self) -> Outcome:
        """Members, provider and killer until the last round; then heal."""
        await self._found()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._provider.run)
            async with trio.open_nursery() as chatting:
                for person in self._people:
                    chatting.start_soon(self._chat, person)
                await self._kill_again_and_again()
                chatting.cancel_scope.cancel()
            await self._heal()
            nursery.cancel_scope.cancel()
        facts = await self._facts()
        if code := await trio.to_thread.run_sync(self._world.stop):
            self._broken.append(f"told to stop after all that, the server ended with {code}")
        return Outcome(self._plan, facts, self._figures(facts), [*self._broken, *violations(facts)])

    def _luck(self, whose: str) -> random.Random:
        return random.Random(f"{self._plan.seed} {whose}")  # noqa: S311 - nothing secret

    async def _found(self) -> None:
        """Members with money, and a core that is never quite at once, so that kills meet calls under way."""
        directions: list[dict[str, Any]] = []
        for person, tier in zip(self._people, cycle(_TIERS), strict=False):
            given = {"phone": person.phone, "first": "Tariro", "last": f"Moyo {person.handle[-3:]}", "tier": tier}
            directions.append({"do": "add_member", "with": {**given, "handle": person.handle}})
            directions.append({"do": "fund", "with": {"handle": person.handle, "amount": "5000.00"}})
        luck = self._luck("core")
        for path in _MONEY:
            for _ in range(300):
                trouble = {"path": path, "fault": luck.choice(("SLOW", "SLOW_AFTER")), "seconds": luck.uniform(0, 0.1)}
                directions.append({"do": "trouble", "with": trouble})
        for start in range(0, len(directions), 100):
            await self._world.direct(self._http, *directions[start : start + 100])

    async def _chat(self, person: Person) -> None:
        """Say something, wait for the answer, mostly; go on by what is there."""
        luck, phone = self._luck(f"pace of {person.handle}"), self._phones[person.phone]
        got = 0
        while True:
            saying = person.next(phone)
            sent = self._send(person.phone, saying)
            if luck.random() < _TAPS_TWICE:
                self._send(person.phone, saying)
            with trio.move_on_after(luck.uniform(0.05, 0.5) if luck.random() < _IMPATIENT else _PATIENT):
                await sent.stored.wait()
                news = await self._world.shown(self._http, person.phone, got)
                got += len(news)
                phone += news
            del phone[:-_LOOKS_BACK]
            await trio.sleep(luck.uniform(0, 0.05))

    def _send(self, phone: str, saying: Saying) -> Sent:
        now = self._clock.now()
        if saying.choice:
            content = webhooks.tap(phone, saying.kind, saying.choice, saying.text, at=now)
        else:
            content = webhooks.text(phone, saying.text, at=now)
        return self._provider.send(phone, saying, content)

    async def _kill_again_and_again(self) -> None:
        luck = self._luck("killer")
        self._world.spawn()
        for number in range(1, self._plan.rounds + 1):
            whom = luck.choice(("server", "store", "both")) if self._plan.whom == "any" else "server"
            if luck.random() < _WHILE_STARTING:
                await trio.sleep(luck.uniform(0, 1.5))
                self._struck["while starting"] += 1
            else:
                await trio.to_thread.run_sync(self._world.wait_until_it_listens)
                await trio.sleep(luck.uniform(0.001, self._plan.longest))
            await trio.to_thread.run_sync(partial(self._world.kill, server=whom != "store", store=whom != "server"))
            self._struck[whom] += 1
            if whom != "store":
                self._world.spawn()
            if number % 10 == 0 or number == self._plan.rounds:
                sent, pending = len(self._provider.messages), self._provider.pending
                self._tell(f"{number} of {self._plan.rounds} kills, {sent} messages, {pending} not answered yet")

    async def _heal(self) -> None:
        """Until all is delivered, applied, performed and known, or time is over."""
        await trio.to_thread.run_sync(self._world.wait_until_it_listens)
        with trio.move_on_after(self._plan.heal_seconds):
            while self._provider.pending or not await self._calm():  # noqa: ASYNC110 - other processes set no event
                await trio.sleep(0.3)

    async def _calm(self) -> bool:
        counts: Counts
        (counts,) = await trio.to_thread.run_sync(self._world.ask_store, Count())
        ends = FINAL | {PaymentState.PARKED}
        return counts.waiting == counts.owed == 0 and all(PaymentState(state) in ends for state, _ in counts.payments)

    async def _facts(self) -> Facts:
        addresses = [Address(f"member:{person.phone}") for person in self._people]
        ask = partial(trio.to_thread.run_sync, self._world.ask_store)
        histories = await ask(*map(History, addresses))
        payments = await ask(*map(Payments, addresses))
        loaded = await ask(*(Load(address=address, limit=0) for address in addresses))
        trail, dead = await ask(Trail(None, _MANY), Letters(_MANY))
        return Facts(
            now=self._clock.now(),
            sent=self._provider.messages,
            history=dict(zip(self._phones, histories, strict=True)),
            payments=[one for some in payments for one in some],
            trail=trail,
            owed=[effect for actor in loaded for effect in actor.owed],
            dead=dead,
            ledger=await self._world.given(self._http, [person.handle for person in self._people]),
            references=await self._world.references(self._http),
            operator=await self._world.operator(self._http),
        )

    def _figures(self, facts: Facts) -> dict[str, int]:
        figures = self._provider.figures
        return {
            **{f"kills: {whom}": count for whom, count in sorted(self._struck.items())},
            "messages": len(facts.sent),
            "requests": figures.requests,
            "requests without 200": figures.refused,
            "deliveries made again after 200": figures.again,
            "messages to members": len(facts.references),
            "of these sent again after a kill": len(facts.references) - len(set(facts.references)),
            **{f"payments: {state}": count for state, count in Counter(one.state for one in facts.payments).items()},
            "credexes in the ledger": len(facts.ledger),
            "of these charged for upgrades": sum(one.receiver == facts.operator for one in facts.ledger),
            "offers declined before they were read of": declined_unread(facts).total(),
            "entries in the trail": len(facts.trail),
        }


def play(plan: Plan, folder: Path, tell: Callable[[str], None]) -> Outcome:
    """All of it."""

    async def played() -> Outcome:
        async with http_client(TrioTransport()) as http:
            return await Run(plan, running, http, tell).play()

    with world(folder, plan.store) as running:
        outcome = trio.run(played)
        if outcome.broken:
            _keep(outcome, running, folder)
        return outcome


def _keep(outcome: Outcome, running: World, folder: Path) -> None:
    """Leave beside the store what goes with the processes: the ledger, and what each server said."""
    (folder / "ledger.json").write_bytes(msgspec.json.encode(outcome.facts.ledger))
    said = "\n---\n".join("\n".join(server.lines) for server in running.ended)
    (folder / "servers.log").write_text(said + "\n")
