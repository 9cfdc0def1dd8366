"""What must hold of timers and of time: each rings once, about when it should, and what is over stays over."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from actors import effects
from actors.dialogs.expiry import LIFETIMES
from actors.dialogs.outside import Outside
from actors.effects import Ask
from actors.remembered import MemberSnapshot
from channels.message import IdentityChanged, InboundMessage
from credex.commands import moves_money
from runtime.address import Address
from tests.simulation.history import Accepted, Committed
from tests.simulation.world import Played

_messages = msgspec.msgpack.Decoder(InboundMessage)
_snapshots = msgspec.msgpack.Decoder(MemberSnapshot)


def timers_ring_once(played: Played) -> Iterator[str]:
    """A turn about a timer clears one that was set just so, and not before its moment."""
    timers: dict[tuple[Address, str], datetime] = {}
    for event in played.history.of(Committed):
        commit, due = event.commit, event.commit.due
        if due is not None:
            known = timers.pop((commit.address, due.name), None)
            if known != due.at:
                yield f"{commit.address}/{commit.version} is about {due.name} for {due.at}, which was set for {known}"
            if event.at < due.at:
                yield f"{commit.address}/{commit.version} is about {due.name} too soon"
        for name, at in commit.timers:
            if at is None:
                timers.pop((commit.address, name), None)
            else:
                timers[commit.address, name] = at
    for (address, name), at in timers.items():
        yield f"{name} of {address} was set for {at} and neither rang nor was cleared"


def every_timer_rings(played: Played) -> Iterator[str]:
    """Once the world has healed and time has passed, no timer is left."""
    yield from (f"{timer.name} of {timer.address} for {timer.at} never rang" for timer in played.timers)


def every_screen_that_can_be_over_has_a_timer(played: Played) -> Iterator[str]:
    """After each turn a timer of an actor rings no later than its screens ask for."""
    timers: dict[tuple[Address, str], datetime] = {}
    for event in played.history.of(Committed):
        commit = event.commit
        if commit.due is not None:
            timers.pop((commit.address, commit.due.name), None)
        timers.update({(commit.address, name): at for name, at in commit.timers if at is not None})
        for name in (name for name, at in commit.timers if at is None):
            timers.pop((commit.address, name), None)
        for channel, place in _snapshots.decode(commit.snapshot).places.items():
            wanted, found = LIFETIMES.end(place.position), timers.get((commit.address, f"expiry:{channel}"))
            if wanted is not None and (found is None or found > wanted):
                yield f"{commit.address}/{commit.version} has a timer for {found}, not {wanted} or before"


def nothing_is_signed_on_a_screen_that_is_over(played: Played) -> Iterator[str]:
    """A payment is consented to while its screen stands: not by one left alone, not before a change of identity."""
    latest: dict[Address, MemberSnapshot] = {}
    for event in played.history.of(Committed):
        commit = event.commit
        before = latest.get(commit.address, MemberSnapshot({}))
        for ask in (effects.decode(owed.body) for owed in commit.owes):
            if not isinstance(ask, Ask) or not moves_money(ask.command):
                continue
            place = before.places.get(ask.peer.channel)
            if place is None or ask.at - place.position.touched >= timedelta(minutes=5):
                yield f"{commit.address}/{commit.version} signed on a screen that was left alone"
            if before.frozen is not None:
                yield f"{commit.address}/{commit.version} signed while money was held"
        latest[commit.address] = _snapshots.decode(commit.snapshot)


def a_change_of_identity_holds_money(played: Played) -> Iterator[str]:
    """The turn that hears of it freezes the member, and shows no screen any more."""
    changes: set[tuple[Address, int]] = set()
    for event in played.history.events:
        if isinstance(event, Accepted):
            envelope = event.envelope
            if isinstance(_messages.decode(envelope.body).content, IdentityChanged):
                changes.add((envelope.address, envelope.sequence))
        elif isinstance(event, Committed) and (event.commit.address, event.commit.applied) in changes:
            snapshot = _snapshots.decode(event.commit.snapshot)
            outside = all(isinstance(place.position.state, Outside) for place in snapshot.places.values())
            if snapshot.frozen is None or not outside:
                yield f"{event.commit.address}/{event.commit.version} heard of another identity and holds no money"


CHECKS = (
    timers_ring_once,
    every_timer_rings,
    every_screen_that_can_be_over_has_a_timer,
    nothing_is_signed_on_a_screen_that_is_over,
    a_change_of_identity_holds_money,
)
