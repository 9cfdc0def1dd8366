"""The receive loop: runs while mail waits, one mail at a time.

*Decide* (the pure ``Behaviour``), *commit* (snapshot, effects owed, consumed envelope: one atomic write), then hand the
effects to the lanes. Nothing leaves before its commit, and the next mail is not looked at before it. Mail that fails
every try becomes a dead letter, the behaviour finds a safe place, and later mail goes on.

Somebody who writes faster than they can be answered is not read any faster: beyond so many effects owed their messages
wait in the store, and memory stays as small as mailbox and lanes.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import blake2b

import trio

from runtime.actor import Actor
from runtime.address import Address
from runtime.alarms import Alarms
from runtime.clock import Clock
from runtime.committer import Committer
from runtime.envelope import Answer, Due, Envelope, Mail
from runtime.errors import Fenced
from runtime.lanes import Lanes
from runtime.ownership import Ownership
from runtime.store import Commit, DeadLetter, Load, Loaded, Timer, Verdict
from runtime.supervisor import Supervisor
from runtime.turn import Behaviour, Decision, Turn


@dataclass(frozen=True, slots=True)
class TurnTaken:
    """The facts of one committed turn, for the log. ``seconds`` from taking the mail to its commit."""

    address: Address
    turn: str
    mail: str
    cause: str
    note: dict[str, str]
    owes: int
    seconds: float


class Receiver:
    """Runs actors' receive loops. One instance serves every actor."""

    def __init__(  # noqa: PLR0913 - the kernel's composition point, called once
        self,
        *,
        behaviour: Behaviour,
        committer: Committer,
        ownership: Ownership,
        lanes: Lanes,
        alarms: Alarms,
        supervisor: Supervisor,
        clock: Clock,
        on_turn: Callable[[TurnTaken], None],
        loads_at_once: int = 64,
        most_owed: int = 64,
        secret: bytes = b"",
    ) -> None:
        self._behaviour = behaviour
        self._committer = committer
        self._ownership = ownership
        self._lanes = lanes
        self._alarms = alarms
        self._supervisor = supervisor
        self._clock = clock
        self._on_turn = on_turn
        self._loading = trio.CapacityLimiter(loads_at_once)
        self._most_owed = most_owed
        self._secret = secret

    async def run(self, actor: Actor) -> None:
        """Take turns until no mail waits. Cancelling loses nothing: what was not committed is in the store."""
        try:
            while await self._ready(actor):
                await self._turn_or_dead_letter(actor)
        finally:
            actor.running = False

    async def _ready(self, actor: Actor) -> bool:
        """Whether mail waits, after catching up with the store where that is due."""
        while actor.behind and not actor.mailbox.envelopes():
            name = f"loading {actor.address}"
            await self._supervisor.attempt(
                name, lambda: self._catch_up(actor), before_retry=actor.doubt, whose=actor.address
            )
            if actor.behind and not actor.mailbox.envelopes():
                await trio.lowlevel.checkpoint()
        return self._may_go_on(actor)

    def _may_go_on(self, actor: Actor) -> bool:
        """Whether the next mail may be taken. A message may not while too much is owed: the lanes wake the actor."""
        mail = actor.mailbox.peek()
        owed = actor.work.queued if actor.work is not None and isinstance(mail, Envelope) else 0
        return mail is not None and owed < self._most_owed

    async def _catch_up(self, actor: Actor) -> None:
        """Take what the store says for what is so.

        Effects this process has under way are left to their lanes: one settled while the load was read is in what was
        loaded all the same. An answer whose effect is owed no more was applied by a commit that seemed to fail.
        """
        actor.behind = False
        under_way = frozenset(actor.work.known) if actor.work else frozenset()
        loaded = await self._load(Load(address=actor.address, limit=actor.mailbox.capacity))
        owed = {effect.id for effect in loaded.owed}
        for answer in actor.mailbox.keep_answers(lambda answer: answer.effect in owed):
            self._lanes.answered(actor, answer.effect)
        actor.adopt(loaded)
        self._lanes.owe(actor, [effect for effect in loaded.owed if effect.id not in under_way])

    async def _load(self, load: Load) -> Loaded:
        """Only so many at once. Where there is room, taking it is no reason to let others run first."""
        try:
            self._loading.acquire_nowait()
        except trio.WouldBlock:
            await self._loading.acquire()
        try:
            return await self._committer.submit(load)
        finally:
            self._loading.release()

    async def _turn_or_dead_letter(self, actor: Actor) -> None:
        """Take one turn. Mail that failed every try becomes a dead letter, so that later mail goes on.

        If even giving up fails, the mail is buried: the snapshot stays as it is, and only operators hear of it.
        """
        failure: Exception | None = None
        blamed: str | None = None

        async def attempt(take: Callable[[Actor, Mail, Exception | None], Awaitable[None]]) -> None:
            nonlocal blamed
            if actor.behind and not actor.mailbox.envelopes():
                await self._catch_up(actor)
            mail = actor.mailbox.peek()
            if mail is None:
                return
            guilty = failure is not None and blamed == _identity(mail)
            blamed = _identity(mail)
            await (take if guilty else self._turn)(actor, mail, failure if guilty else None)

        for name, take in (("turn of", self._turn), ("giving up", self._turn), ("burying", self._bury)):
            failure = await self._supervisor.attempt(
                f"{name} {actor.address}", partial(attempt, take), before_retry=actor.doubt, whose=actor.address
            )
            if failure is None:
                break

    async def _bury(self, actor: Actor, mail: Mail, failure: Exception | None) -> None:
        kept = Decision(snapshot=actor.snapshot or b"", note={"trigger": "buried"})
        await self._commit(actor, mail, kept, _dead_letter(actor.address, mail, failure, self._clock.now()))

    async def _turn(self, actor: Actor, mail: Mail, failure: Exception | None) -> None:
        began = trio.current_time()
        turn = self._turn_of(actor)
        decide = self._behaviour.receive if failure is None else self._behaviour.give_up
        decision = decide(actor.address, actor.snapshot, mail, turn)
        await self._commit(actor, mail, decision, _dead_letter(actor.address, mail, failure, turn.now))
        seconds = trio.current_time() - began
        kind = type(mail).__name__.lower()
        self._on_turn(
            TurnTaken(actor.address, turn.id, kind, _identity(mail), decision.note, len(decision.owes), seconds)
        )

    def _turn_of(self, actor: Actor) -> Turn:
        turn_id = f"{actor.address}/{actor.version + 1}"
        seed = int.from_bytes(blake2b(turn_id.encode(), digest_size=8, key=self._secret).digest())
        return Turn(turn_id, self._clock.now(), seed)

    async def _commit(self, actor: Actor, mail: Mail, decision: Decision, dead: DeadLetter | None) -> None:
        partition, epoch = self._ownership.of(actor.address)
        applied = mail.sequence if isinstance(mail, Envelope) else None
        if decision.timers:
            self._note_timers(partition, decision)  # beforehand: a commit that seems to fail may be written
        verdict = await self._committer.submit(
            Commit(
                partition=partition,
                epoch=epoch,
                address=actor.address,
                version=actor.version + 1,
                snapshot=decision.snapshot,
                applied=applied,
                owes=decision.owes,
                settles=(mail.effect,) if isinstance(mail, Answer) and mail.final else (),
                payments=decision.payments,
                audit=decision.audit,
                dead=dead or decision.dead,
                due=mail if isinstance(mail, Due) else None,
                timers=decision.timers,
            )
        )
        match verdict:
            case Verdict.DONE:
                actor.mailbox.take_nowait()
                actor.version += 1
                actor.applied = max(applied or 0, actor.applied)
                actor.snapshot = decision.snapshot
                if isinstance(mail, Answer) and mail.final:
                    self._lanes.answered(actor, mail.effect)
                elif isinstance(mail, Due):
                    self._alarms.over(Timer(actor.address, mail.name, mail.at))
                    self._note_timers(partition, decision)  # again: until now it was this very timer that had rung
                self._lanes.owe(actor, decision.owes)
            case Verdict.APPLIED if isinstance(mail, Due):
                # Cleared or moved since it rang, by a turn that is in memory.
                actor.mailbox.take_nowait()
                self._alarms.over(Timer(actor.address, mail.name, mail.at))
            case Verdict.STALE | Verdict.APPLIED:
                actor.doubt()
            case Verdict.FENCED:
                raise Fenced(f"partition {partition} has another owner")

    def _note_timers(self, partition: int, decision: Decision) -> None:
        for _, at in decision.timers:
            if at is not None:
                self._alarms.note(partition, at)


def _identity(mail: Mail) -> str:
    if isinstance(mail, Envelope):
        return mail.id
    if isinstance(mail, Due):
        return f"{mail.name} at {mail.at.isoformat()}"
    return mail.effect if mail.final else f"{mail.effect}~overdue{mail.passed}"


def _dead_letter(address: Address, mail: Mail, failure: Exception | None, now: datetime) -> DeadLetter | None:
    name, cause, body = _identity(mail), "", b""
    match mail:
        case Envelope():
            body = mail.body
        case Answer():
            cause, body = mail.cause, mail.asked
        case Due():
            name = f"{address} {name}"
    if failure is not None:
        cause = type(failure).__name__
    if not cause:
        return None
    return DeadLetter(id=name, address=address, at=now, cause=cause, body=body)
