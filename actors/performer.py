"""The performer: the one place where a decided effect touches the world.

``Say`` goes to its channel, repeated with growing pauses while the provider is out of reach, and becomes a dead letter
when it is refused for good. ``Ask`` goes to credex-core. A command that moves money is first recorded as SENT, by a
write that only succeeds from INTENT: whoever finds it SENT did not send it, and answers that the outcome is unclear.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import msgspec

from actors import effects
from actors.effects import Ask, Say
from actors.payments import PaymentRecord, PaymentState
from channels.channel import Channel, NotDeliverable, NotSent
from channels.message import Receipt
from credex.commands import MoneyCommand
from credex.core import CredexCore
from credex.outcomes import Unavailable, Unclear
from runtime.address import Address
from runtime.clock import Clock
from runtime.errors import Fenced, StoreUnavailable
from runtime.lanes import Brought, Done, Performed
from runtime.retry import RetryPolicy, retrying
from runtime.store import DeadLetter, Delivery, Owed, Payment, Verdict

CONSENT_LASTS = timedelta(minutes=15)
"""A payment that waited longer to be sent (the server was away) is not sent: its member has long moved on."""

ACCEPTED = -1
"""Rank of a message the provider took and has not reported on yet: below every report."""


class MemberPerformer:
    """Performs what member actors owe."""

    def __init__(
        self,
        *,
        channels: Mapping[str, Channel],
        core: CredexCore,
        record: Callable[[Payment, str], Awaitable[Verdict]],
        recorded: Callable[[Payment], Awaitable[bool]],
        clock: Clock,
        sending: RetryPolicy,
    ) -> None:
        self._channels = channels
        self._core = core
        self._record = record
        self._recorded = recorded
        self._clock = clock
        self._sending = sending
        self._doubted: dict[str, str] = {}

    async def perform(self, address: Address, owed: Owed) -> Performed:
        """Perform once. Bounded by the channel's, the client's and the retry policy's own limits."""
        match effects.decode(owed.body):
            case Say() as say:
                return await self._say(address, owed, say)
            case Ask() as ask:
                return await self._ask(address, owed, ask)

    async def _say(self, address: Address, owed: Owed, say: Say) -> Performed:
        channel = self._channels.get(say.peer.channel)
        if channel is None:
            return Done(dead=self._dead(address, owed, "channel is off"))

        async def send() -> Receipt:
            return await channel.send(say.peer, say.message, reference=owed.id)

        try:
            receipt = await retrying(self._sending, send)
        except NotDeliverable as refused:
            return Done(dead=self._dead(address, owed, f"{say.peer.channel} refused it, code {refused.code}"))
        except NotSent as failed:
            return Done(dead=self._dead(address, owed, f"{say.peer.channel} out of reach, code {failed.code}"))
        now = self._clock.now()
        return Done(delivery=Delivery(id=receipt.id, rank=ACCEPTED, status="accepted", at=now, ours=owed.id))

    async def _ask(self, address: Address, owed: Owed, ask: Ask) -> Performed:
        if isinstance(ask.command, MoneyCommand):
            if not await self._may_send(address, owed, ask, ask.command):
                return Brought(Unclear("it was sent before, and the process ended before the answer"))
            if self._clock.now() - ask.at > CONSENT_LASTS:
                return Brought(Unavailable("the consent is too old", alive=True))
        return Brought(await self._core.execute(ask.command))

    async def _may_send(self, address: Address, owed: Owed, ask: Ask, command: MoneyCommand) -> bool:
        """Record it as SENT. False if it was so recorded before, and so may have been sent.

        A write that seemed to fail may have been made. Found stored with this attempt's own mark, it is ours to send.
        """
        doubted = self._doubted.pop(owed.id, None)
        mark = doubted or secrets.token_hex(8)
        record = PaymentRecord(command=command, consented_in=ask.turn, attempt=mark)
        body = msgspec.msgpack.encode(record)
        payment = Payment(id=owed.id, address=address, state=PaymentState.SENT, body=body)
        try:
            verdict = await self._record(payment, PaymentState.INTENT)
            ours = verdict is Verdict.STALE and doubted is not None and await self._recorded(payment)
        except StoreUnavailable:
            self._doubted[owed.id] = mark
            raise
        if verdict is Verdict.FENCED:
            raise Fenced("a payment belongs to another owner now")
        return verdict is Verdict.DONE or ours

    def _dead(self, address: Address, owed: Owed, cause: str) -> DeadLetter:
        return DeadLetter(id=owed.id, address=address, at=self._clock.now(), cause=cause, body=owed.body)
