"""Reports of messages that did not arrive become mail for the actors that had them said.

Only what a report names is believed: the member and the words come from what was stored when the message was sent, so
an id that was never ours means nothing. Such mail counts once, by the delivery's id.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import trio

from actors import effects
from actors.effects import Say
from channels.message import DeliveryReport, DeliveryStatus, InboundMessage, Trouble, Undelivered
from runtime.address import Address
from runtime.envelope import Envelope
from runtime.store import Delivery

Mailing = Callable[[Sequence[DeliveryReport], datetime], Awaitable[Sequence[Envelope]]]
"""Reports as they came and the time; the mail to accept beside them. May raise ``StoreUnavailable`` or ``Closed``."""

Stored = Callable[[tuple[str, ...]], Awaitable[Sequence[Delivery]]]
"""The deliveries of these ids, as far as they are known. Raises ``StoreUnavailable``."""

PATIENCE = 1.0
"""Seconds: a report may overtake the provider's own answer to the message, and so what is stored of it."""

_encoder = msgspec.msgpack.Encoder()


@dataclass(frozen=True, slots=True)
class Returned:
    """A ``Mailing`` over what is ``stored``."""

    stored: Stored

    async def __call__(self, reports: Sequence[DeliveryReport], now: datetime) -> Sequence[Envelope]:
        """The mail that failed reports come to; none for what nobody said, or for what is not to be said again."""
        failed = {one.id: one.trouble for one in reports if one.status is DeliveryStatus.FAILED and one.trouble}
        if not failed:
            return ()
        known = await self.stored(tuple(failed))
        if sum(one.ours is not None for one in known) < len(failed):
            await trio.sleep(PATIENCE)
            known = await self.stored(tuple(failed))
        return tuple(_mail(known, failed, now))


def _mail(known: Sequence[Delivery], failed: dict[str, Trouble], now: datetime) -> Iterator[Envelope]:
    for one in known:
        if one.body is None or one.ours is None:
            continue
        say = effects.decode(one.body)
        if isinstance(say, Say):
            content = Undelivered(id=one.id, trouble=failed[one.id], tries=say.tries)
            name = f"undelivered:{one.id}"
            message = InboundMessage(id=name, peer=say.peer, at=now, content=content)
            address = Address(one.ours.rpartition("/")[0])
            yield Envelope(id=name, address=address, accepted_at=now, body=_encoder.encode(message))
