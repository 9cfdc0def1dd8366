"""Delivery facts around what is said: ``Envelope`` for accepted messages, ``Answer`` for what an effect brought.

``Due`` says that a timer of the actor's own has run out.
"""

from datetime import datetime

import msgspec

from runtime.address import Address


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """One accepted message, durable until applied.

    ``id`` is the provider's, unique for ever, and makes it processed once. ``sequence`` is given by the store when it
    accepts: one member's messages are applied in this order. ``body`` is opaque to the runtime.
    """

    id: str
    address: Address
    accepted_at: datetime
    body: bytes
    sequence: int = 0


class Answer(msgspec.Struct, frozen=True):
    """What performing an effect brought back, for the actor that owed it. Never stored: the effect is.

    ``asked`` is the effect's own body. ``body`` is ``None`` when performing it broke down and was given up; ``cause``
    then names what broke. One that is not ``final`` brings nothing but the news that performing takes long, ``passed``
    being how many of its lane's limits have passed: the effect stays owed, and its final answer will come.
    """

    effect: str
    asked: bytes
    body: object | None
    cause: str = ""
    final: bool = True
    passed: int = 0


class Due(msgspec.Struct, frozen=True):
    """A timer has run out: the actor set it by this ``name``, for ``at``. It may come later, never sooner."""

    name: str
    at: datetime


Mail = Envelope | Answer | Due
