"""The payer: sends a command that moves money, once.

It is first recorded as SENT, by a write that only succeeds from INTENT: whoever finds it SENT did not send it, and
answers that the outcome is unclear. Only what certainly did not leave is tried again, and only for a short while.
"""

import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import msgspec
import trio

from actors import audit
from actors.audit import Facts, Step
from actors.effects import Ask
from actors.payments import PaymentRecord, PaymentState, Sending, after
from credex.commands import MoneyCommand
from credex.core import CredexCore
from credex.outcomes import Outcome, Unavailable, Unclear
from runtime.address import Address
from runtime.clock import Clock
from runtime.errors import Fenced, StoreUnavailable
from runtime.retry import RetryPolicy, retrying
from runtime.store import AuditEntry, Owed, Payment, Verdict

CONSENT_LASTS = timedelta(minutes=15)
"""A payment that waited longer to be sent (the server was away) is not sent: its member has long moved on."""

RecordStep = Callable[[Payment, str, AuditEntry], Awaitable[Verdict]]
"""Move a payment on from the state expected, with its entry in the audit trail."""


class NeverLeft(Exception):
    """credex-core was not reached, and no byte of the command left."""


PAYING = RetryPolicy(on=(NeverLeft,), attempts=3, first=1.0, longest=4.0, total=100.0)
"""Three attempts, a few seconds apart. The total is longer than three calls may take, so it cuts none short."""


class Payer:
    """Sends payments. ``recorded`` says whether this very record is what is stored."""

    def __init__(
        self,
        *,
        core: CredexCore,
        record: RecordStep,
        recorded: Callable[[Payment], Awaitable[bool]],
        clock: Clock,
        paying: RetryPolicy = PAYING,
    ) -> None:
        self._core = core
        self._record = record
        self._recorded = recorded
        self._clock = clock
        self._paying = paying
        self._doubted: dict[str, str] = {}

    async def pay(self, address: Address, owed: Owed, ask: Ask, command: MoneyCommand) -> Outcome:
        """What credex-core said. Raises ``Fenced``, and ``StoreUnavailable`` before anything left."""
        if not await self._may_send(address, owed, ask, command):
            return Unclear("it was sent before, and the process ended before the answer")
        return await self._send(ask, command)

    async def _send(self, ask: Ask, command: MoneyCommand) -> Outcome:
        said: Outcome = Unavailable("never begun")

        async def attempt() -> None:
            nonlocal said
            if self._clock.now() - ask.at > CONSENT_LASTS:
                said = Unavailable("the consent is too old", alive=True)
                return
            said = Unclear("cut short while it was under way")
            said = await self._core.execute(command)
            if isinstance(said, Unavailable) and not said.alive:
                raise NeverLeft

        with suppress(NeverLeft, trio.TooSlowError):
            await retrying(self._paying, attempt)
        return said

    async def _may_send(self, address: Address, owed: Owed, ask: Ask, command: MoneyCommand) -> bool:
        """Record it as SENT. False if it was so recorded before, and so may have been sent.

        A write that seemed to fail may have been made. Found stored with this attempt's own mark, it is ours to send.
        """
        doubted = self._doubted.pop(owed.id, None)
        mark = doubted or secrets.token_hex(8)
        record = PaymentRecord(command=command, consented_in=ask.turn, at=ask.at, before=ask.before, attempt=mark)
        state = after(PaymentState.INTENT, Sending())
        payment = Payment(id=owed.id, address=address, state=state, body=msgspec.msgpack.encode(record))
        facts = Facts(payment=owed.id, command=command, turn=ask.turn)
        try:
            entry = audit.entry(Step.SENT, facts, address=address, at=self._clock.now())
            verdict = await self._record(payment, PaymentState.INTENT, entry)
            ours = verdict is Verdict.STALE and doubted is not None and await self._recorded(payment)
        except StoreUnavailable:
            self._doubted[owed.id] = mark
            raise
        if verdict is Verdict.FENCED:
            raise Fenced("a payment belongs to another owner now")
        return verdict is Verdict.DONE or ours
