"""The performer: the one place where a decided effect touches the world.

``Say`` goes to its channel, repeated with growing pauses while the provider is out of reach, and becomes a dead letter
when it is refused for good, unless its actor may know what helps. ``SayAgain`` does the same with what is kept of an
earlier message that has not arrived: those whose loss may be heard of and mended are kept with their delivery, which
chat on WhatsApp is not. ``Ask`` goes to credex-core, by way of the payer if it can move money. ``LookInto`` reads
what became of a payment.
"""

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from actors import effects
from actors.deliveries import is_kept, once_more
from actors.effects import Ask, LookInto, Say, SayAgain, Unsaid
from actors.looker import Looker
from actors.payer import CONSENT_LASTS, Payer
from channels.channel import Channel, NotDeliverable, NotSent, Unreachable, Unwanted
from channels.message import Receipt, Trouble
from credex.commands import ChangeCommand, MoneyCommand
from credex.core import CredexCore
from credex.outcomes import Unavailable
from runtime.address import Address
from runtime.clock import Clock
from runtime.lanes import Brought, Done, Performed
from runtime.retry import RetryPolicy, retrying
from runtime.store import DeadLetter, Delivery, Owed

ACCEPTED = -1
"""Rank of a message the provider took and has not reported on yet: below every report."""


class MemberPerformer:
    """Performs what member actors owe. ``delivery`` finds what is stored of one, by its id."""

    def __init__(
        self,
        *,
        channels: Mapping[str, Channel],
        core: CredexCore,
        payer: Payer,
        looker: Looker,
        clock: Clock,
        sending: RetryPolicy,
        delivery: Callable[[str], Awaitable[Delivery | None]],
    ) -> None:
        self._channels = channels
        self._core = core
        self._payer = payer
        self._looker = looker
        self._clock = clock
        self._sending = sending
        self._delivery = delivery

    async def perform(self, address: Address, owed: Owed) -> Performed:
        """Perform once. Bounded by the channel's, the client's and the retry policy's own limits."""
        match effects.decode(owed.body):
            case Say() as say:
                return await self._say(address, owed, say)
            case SayAgain() as again:
                return await self._say_again(address, owed, again)
            case Ask(command=command) as ask if isinstance(command, MoneyCommand):
                return Brought(await self._payer.pay(address, owed, ask, command))
            case Ask(command=command) as ask if isinstance(command, ChangeCommand) and self._too_old(ask):
                return Brought(Unavailable("the consent is too old", alive=True))
            case Ask(command=command):
                return Brought(await self._core.execute(command))
            case LookInto() as look:
                return Brought(await self._looker.look(look))

    def _too_old(self, ask: Ask) -> bool:
        """Consent to let somebody act for an account lasts no longer than that to pay."""
        return self._clock.now() - ask.at > CONSENT_LASTS

    async def _say(self, address: Address, owed: Owed, say: Say) -> Performed:
        channel = self._channels.get(say.peer.channel)
        if channel is None:
            return Done(dead=self._dead(address, owed, "channel is off"))

        async def send() -> Receipt:
            return await channel.send(say.peer, say.message, reference=owed.id)

        try:
            receipt = await retrying(self._sending, send)
        except Unreachable as refused:
            return Brought(Unsaid(say, Trouble.UNREACHABLE, refused.code))
        except Unwanted as refused:
            return Brought(Unsaid(say, Trouble.UNWANTED, refused.code))
        except NotDeliverable as refused:
            return Done(dead=self._dead(address, owed, f"{say.peer.channel} refused it, code {refused.code}"))
        except NotSent as failed:
            return Done(dead=self._dead(address, owed, f"{say.peer.channel} out of reach, code {failed.code}"))
        now, body = self._clock.now(), owed.body if is_kept(say) else None
        return Done(delivery=Delivery(id=receipt.id, rank=ACCEPTED, status="accepted", at=now, ours=owed.id, body=body))

    async def _say_again(self, address: Address, owed: Owed, again: SayAgain) -> Performed:
        """Nothing is said if it has arrived meanwhile, or if it would ask what is not asked any more."""
        known = await self._delivery(again.of)
        said = effects.decode(known.body) if known is not None and known.body is not None else None
        say = once_more(said, again) if isinstance(said, Say) else None
        if say is None:
            return Done()
        return await self._say(address, msgspec.structs.replace(owed, body=effects.encode(say)), say)

    def _dead(self, address: Address, owed: Owed, cause: str) -> DeadLetter:
        return DeadLetter(id=owed.id, address=address, at=self._clock.now(), cause=cause, body=owed.body)
