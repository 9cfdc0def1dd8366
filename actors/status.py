"""The supervisor's view in one JSON object: what runs, what waits, what is owed, what went wrong."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import trio

from actors.logs import masked
from actors.pacing import SharedPace
from actors.payments import PaymentState, reference
from credex.pace import Purpose
from runtime.breaker import Breaker
from runtime.clock import Clock
from runtime.committer import Committer
from runtime.store import Count, Letters, PaymentsIn, Store
from runtime.supervisor import Supervisor
from runtime.system import ActorSystem

PARKED_AT_MOST = 20
"""How many parked payments are shown; ``payments`` counts them all."""


class Status:
    """Gathers figures; a call reads the store twice."""

    def __init__(  # noqa: PLR0913 - everything there are figures of
        self,
        *,
        system: ActorSystem,
        supervisor: Supervisor,
        committer: Committer,
        store: Store,
        breaker: Breaker,
        pace: SharedPace,
        clock: Clock,
        counts: Counter[str],
    ) -> None:
        self._system = system
        self._supervisor = supervisor
        self._committer = committer
        self._store = store
        self._breaker = breaker
        self._pace = pace
        self._clock = clock
        self._counts = counts
        self._started = clock.now()
        self.notify = "closed"
        """Who may have members told something: said by who opens that door."""
        self.sms: Mapping[str, Any] = {"providers": []}
        """Text messages: who carries them, and what they may do. Said by who sets them up."""

    async def alive(self) -> None:
        """Return if the store answers. Raises ``StoreUnavailable``. Costs next to nothing: anybody may ask."""
        await self._committer.submit(Letters(0))

    async def view(self) -> dict[str, Any]:
        """The figures of this moment. Ages and waits in seconds. Raises ``StoreUnavailable``."""
        kept = await self._committer.submit(Count())
        now = self._clock.now()
        registry = self._system.statistics()
        oldest = (now - kept.oldest_waiting).total_seconds() if kept.oldest_waiting else 0.0
        parked = await self._committer.submit(PaymentsIn(PaymentState.PARKED, PARKED_AT_MOST))
        return {
            "up_seconds": round((now - self._started).total_seconds(), 1),
            "actors": {
                "live": registry.live,
                "running": registry.running,
                "dormant": max(0, kept.actors - registry.live),
                "activations": registry.activations,
                "passivations": registry.passivations,
            },
            "mailboxes": {
                "waiting": registry.mail_waiting,
                "deepest": registry.deepest_mailbox,
                "oldest_wait_seconds": round(max(0.0, oldest), 3),
            },
            "intake": {
                "accepted": self._system.intake.accepted,
                "duplicates": self._system.intake.duplicates,
                "backlog": kept.waiting,
            },
            "effects": {"owed": kept.owed, "under_way": self._system.effects_under_way},
            "payments": dict(kept.payments),
            "parked": [{"reference": reference(one.id), "member": masked(one.address)} for one in parked],
            "dead_letters": kept.dead,
            "deliveries": kept.deliveries,
            "restarts": self._supervisor.failures,
            "core": {"breaker": self._breaker.state(trio.current_time()), "budget": self._budget()},
            "store": {"durability": self._store.durability, "commits": asdict(self._committer.statistics())},
            "webhook": dict(self._counts),
            "notify": self.notify,
            "sms": dict(self.sms),
        }

    def _budget(self) -> dict[str, Any]:
        """Who waits to call credex-core, and until when all are held back."""
        figures = self._pace.statistics()
        until = self._clock.now() + timedelta(seconds=figures.blocked_seconds)
        return {
            "waiting": {purpose.name.lower(): figures.waiting.get(purpose, 0) for purpose in Purpose},
            "blocked_until": until.isoformat(timespec="seconds") if figures.blocked_seconds else None,
            "recent_calls": figures.recent,
            "held_back": figures.held_back,
            "told_busy": figures.refused,
            "turned_away": figures.wishes,
        }
