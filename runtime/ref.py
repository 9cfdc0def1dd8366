"""The handle to talk to an actor: ``cast`` never waits for an answer, ``call`` always does and always has a limit."""

import trio

from runtime.address import Address
from runtime.clock import Clock
from runtime.envelope import Envelope
from runtime.intake import Intake


class Applied:
    """Who waits for which envelope to be applied."""

    def __init__(self) -> None:
        self._waiting: dict[str, trio.Event] = {}

    def expect(self, envelope: str) -> trio.Event:
        """An event that is set when the envelope's turn is committed."""
        return self._waiting.setdefault(envelope, trio.Event())

    def forget(self, envelope: str) -> None:
        """Nobody waits any more."""
        self._waiting.pop(envelope, None)

    def note(self, envelope: str) -> None:
        """The envelope's turn is committed."""
        event = self._waiting.pop(envelope, None)
        if event is not None:
            event.set()


class ActorRef:
    """Talks to one actor, wherever it is: in memory, dormant, or not yet born."""

    def __init__(self, address: Address, *, intake: Intake, applied: Applied, clock: Clock) -> None:
        self.address = address
        self._intake = intake
        self._applied = applied
        self._clock = clock

    async def cast(self, message_id: str, body: bytes) -> bool:
        """Store a message for the actor; False if this id was taken before. Raises as ``Intake.accept`` does."""
        now = self._clock.now()
        envelope = Envelope(id=message_id, address=self.address, accepted_at=now, body=body)
        return await self._intake.accept([envelope]) == 1

    async def call(self, message_id: str, body: bytes, *, limit_seconds: float) -> None:
        """``cast`` and wait until the message's turn is committed.

        Returns at once for an id taken before. Raises ``trio.TooSlowError`` after the limit; the message stays
        accepted and is applied later.
        """
        event = self._applied.expect(message_id)
        try:
            with trio.fail_after(limit_seconds):
                if await self.cast(message_id, body):
                    await event.wait()
        finally:
            self._applied.forget(message_id)

    def __repr__(self) -> str:
        return f"<ActorRef {self.address.partition(':')[0]}>"
