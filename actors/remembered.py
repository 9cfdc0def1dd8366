"""What is remembered of a member, and what a turn comes to before it is encoded. Pure."""

from datetime import datetime

import msgspec

from actors import bookkeeping
from actors.bookkeeping import Paying
from actors.dialogs import texts
from actors.dialogs.notices import Lately
from actors.dialogs.states import Position, visit_of
from actors.dialogs.visit import Kept
from actors.dialogs.words import full
from actors.payments import Before
from channels.message import Peer
from credex.commands import MoneyCommand, UpgradeTier
from credex.model import AccountId
from runtime.store import AuditEntry, DeadLetter, Owed, Payment
from runtime.turn import Turn

_MOST_UNTOLD = 5


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the conversation on one channel is. ``rings`` is what the timer that may end it is set for, if it is."""

    peer: Peer
    position: Position
    rings: datetime | None = None


class OptOut(msgspec.Struct, frozen=True):
    """This person wants no messages of ours on a channel. ``source`` is who says so."""

    since: datetime
    source: str


class MemberSnapshot(msgspec.Struct, frozen=True):
    """Everything remembered of a member, by channel, a payment under way, recurring ones. No token, no message text.

    ``frozen`` is since when money is held because the phone or number changed; a completed login ends it. ``untold`` is
    news of payments that nobody but a logged in member may hear. ``acting`` is the account chosen last, on any channel.
    ``upgraded`` is when a paid upgrade last ended, or was given to an operator: no figures read before tell of it.
    ``unwanted`` has opt-outs by channel. ``again`` is who is to hear what once more, by the id of its delivery, while a
    timer runs.
    """

    places: dict[str, Place]
    paying: Paying | None = None
    lately: Lately = Lately()
    frozen: datetime | None = None
    untold: tuple[str, ...] = ()
    recurring: tuple[Kept, ...] = ()
    acting: AccountId | None = None
    upgraded: datetime | None = None
    unwanted: dict[str, OptOut] = {}
    again: dict[str, Peer] = {}


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What a turn came to: a ``Decision`` before its snapshot is encoded and the ends of conversations are known."""

    after: MemberSnapshot
    owes: tuple[Owed, ...] = ()
    payments: tuple[Payment, ...] = ()
    audit: tuple[AuditEntry, ...] = ()
    timers: tuple[tuple[str, datetime | None], ...] = ()
    dead: DeadLetter | None = None
    note: dict[str, str] = {}


def without_places(snapshot: bytes | None) -> MemberSnapshot:
    """What is left of a snapshot whose conversations cannot be read: a payment in doubt, held money, opt-outs."""
    try:
        parts = msgspec.msgpack.decode(snapshot or b"", type=dict[str, msgspec.Raw])
        parts["places"] = msgspec.Raw(msgspec.msgpack.encode({}))
        return msgspec.msgpack.decode(msgspec.msgpack.encode(parts), type=MemberSnapshot)
    except msgspec.MsgspecError:
        return MemberSnapshot({})


def position_of(snapshot: MemberSnapshot, peer: Peer) -> Position | None:
    """Where the conversation with this person is, if there is one."""
    place = snapshot.places.get(peer.channel)
    return place.position if place else None


def with_paying(snapshot: MemberSnapshot, paying: Paying | None) -> MemberSnapshot:
    """This payment is under way from here on."""
    return msgspec.structs.replace(snapshot, paying=paying)


def busy(snapshot: MemberSnapshot, turn: Turn) -> str | None:
    """Why no money can be moved now, if so."""
    return bookkeeping.busy(snapshot.paying, turn.now) if snapshot.frozen is None else texts.FROZEN


def keep_untold(snapshot: MemberSnapshot, news: str | None) -> MemberSnapshot:
    """Keep news for whoever logs in next, not too many of them."""
    if news is None:
        return snapshot
    return msgspec.structs.replace(snapshot, untold=(*snapshot.untold, full(news))[-_MOST_UNTOLD:])


def without(
    snapshot: MemberSnapshot, payment: str, command: MoneyCommand, now: datetime, *, paid: bool
) -> MemberSnapshot:
    """The payment keeps nobody waiting any more. ``paid`` is whether it was carried out, or may have been."""
    if paid and isinstance(command, UpgradeTier):
        snapshot = msgspec.structs.replace(snapshot, upgraded=now)
    theirs = snapshot.paying is not None and snapshot.paying.payment == payment
    return with_paying(snapshot, None) if theirs else snapshot


def all_known(snapshot: MemberSnapshot, before: Before | None) -> Before | None:
    """What was there before a payment: what one conversation has not heard of, another may have made."""
    if before is None or len(snapshot.places) == 1:
        return before
    visits = filter(None, (visit_of(place.position.state) for place in snapshot.places.values()))
    accounts = filter(None, (visit.member.account(before.account) for visit in visits))
    pending = (*before.pending, *(offer.id for account in accounts for offer in account.outgoing))
    return msgspec.structs.replace(before, pending=tuple(dict.fromkeys(pending)))
