"""What must hold of every world once it has healed. Pure functions over what happened; each yields what is wrong.

A check is named for the promise it watches. ``verdict`` runs them all.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

import msgspec

from actors import effects
from actors.dialogs.states import Position, with_recurring
from actors.effects import Ask, Say
from actors.remembered import MemberSnapshot
from runtime.store import Owed
from tests.simulation import checks_consent, checks_money, checks_time
from tests.simulation.history import (
    Absorbed,
    Accepted,
    Committed,
    Decided,
    Ended,
    Freed,
    Posted,
    Sent,
    Started,
    Took,
    Tried,
)
from tests.simulation.networks import GIVEN_UP
from tests.simulation.world import Played

Check = Callable[[Played], Iterator[str]]

_snapshots = msgspec.msgpack.Decoder(MemberSnapshot)
_EXPECTED_FAILURES = frozenset({"StoreUnavailable"})
_EXPECTED_ENDS = frozenset({"killed", "stopped", "Fenced", "StoreUnavailable", "Fenced StoreUnavailable"})


def verdict(played: Played) -> list[str]:
    """Everything that is wrong, each with the name of its check."""
    return [f"{name}: {wrong}" for name, check in CHECKS.items() for wrong in check(played)]


def answered_means_stored(played: Played) -> Iterator[str]:
    """A webhook that got its 200 had its messages stored before."""
    stored: dict[str, int] = {}
    for event in played.history.events:
        if isinstance(event, Accepted):
            stored[event.envelope.id.rpartition(":")[2]] = event.index
        elif isinstance(event, Posted) and event.status == 200:
            yield from (f"{name} was answered and is not stored" for name in event.ids if name not in stored)


def every_webhook_is_taken_in_the_end(played: Played) -> Iterator[str]:
    """No delivery is refused for ever, not even of what is known already."""
    yield from (
        f"{event.ids} was never answered 200" for event in played.history.of(Posted) if event.status == GIVEN_UP
    )


def everything_sent_is_taken_once(played: Played) -> Iterator[str]:
    """Each message has one place in the order, however often it was delivered."""
    counts = Counter(event.envelope.id.rpartition(":")[2] for event in played.history.of(Accepted))
    sent = {event.id for event in played.history.of(Sent)}
    yield from (f"{name} was accepted {count} times" for name, count in counts.items() if count > 1)
    yield from (f"{name} was never accepted" for name in sorted(sent - counts.keys()))


def applied_in_order(played: Played) -> Iterator[str]:
    """Turns of a member are counted without a gap and apply accepted messages in their order, each once."""
    accepted = defaultdict(list)
    applied = defaultdict(list)
    versions = defaultdict(list)
    for event in played.history.events:
        if isinstance(event, Accepted):
            accepted[event.envelope.address].append(event.envelope.sequence)
        elif isinstance(event, Committed):
            versions[event.commit.address].append(event.commit.version)
            if event.commit.applied is not None:
                applied[event.commit.address].append(event.commit.applied)
    for address, sequences in accepted.items():
        if applied[address] != sequences:
            yield f"{address} was told {sequences} and applied {applied[address]}"
    for address, numbers in versions.items():
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"{address} has turns {numbers}"


def each_turn_begins_where_the_last_ended(played: Played) -> Iterator[str]:
    """A committed turn was decided on the snapshot of the one before, at the time of the world's clock."""
    decided: dict[tuple[str, bytes], list[Decided]] = defaultdict(list)
    latest: dict[str, bytes | None] = {}
    for event in played.history.events:
        if isinstance(event, Decided):
            decided[event.turn, event.after].append(event)
            if event.now != event.at:
                yield f"{event.turn} was decided by another clock"
        elif isinstance(event, Committed):
            commit = event.commit
            turn = f"{commit.address}/{commit.version}"
            befores = {one.before for one in decided[turn, commit.snapshot]}
            if latest.get(commit.address) not in befores:
                yield f"{turn} did not begin where the last one ended"
            latest[commit.address] = commit.snapshot


def nothing_leaves_before_its_commit(played: Played) -> Iterator[str]:
    """A message reaches the Graph API only after the turn that owes it is written, and while it is owed."""
    owed: set[str] = set()
    for event in played.history.events:
        if isinstance(event, Committed):
            owed.update(effect.id for effect in event.commit.owes)
        elif isinstance(event, Took | Tried) and event.reference not in owed:
            yield f"{event.reference} left before its commit"


def everything_owed_is_said(played: Played) -> Iterator[str]:
    """A message owed is taken once, unless it was given up; more often only if a process or an answer was lost."""
    takes: dict[str, list[Took]] = defaultdict(list)
    tries = Counter(event.reference for event in played.history.of(Tried))
    lives = _lives(played)
    dead = {event.settle.effect for event in played.history.of(Freed) if event.settle.dead is not None}
    for took in played.history.of(Took):
        takes[took.reference].append(took)
    for owed, index in _owed(played):
        if not isinstance(effects.decode(owed.body), Say):
            continue
        taken = takes[owed.id]
        if not taken and not (owed.id in dead and tries[owed.id]):
            yield f"{owed.id} was never said"
        if len(taken) > 1:
            alive = sum(began < taken[-1].index and index < ended for began, ended in lives)
            if len(taken) > alive + sum(took.lost for took in taken):
                yield f"{owed.id} was said {len(taken)} times"


def said_in_order(played: Played) -> Iterator[str]:
    """What a member is told arrives in the order in which it was decided."""
    first: dict[str, int] = {}
    for took in played.history.of(Took):
        first.setdefault(took.reference, took.index)
    lanes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for owed, _ in _owed(played):
        if owed.id in first:
            lanes[owed.id.partition("/")[0], owed.lane].append(owed.id)
    for names in lanes.values():
        yield from (f"{b} was said before {a}" for a, b in pairwise(names) if first[b] < first[a])


def everybody_is_answered(played: Played) -> Iterator[str]:
    """Each message of a member leads to words of ours, at once or when what it asks for is known."""
    says: set[str] = set()
    asks: dict[str, list[str]] = {}
    settled: dict[str, str] = {}
    messages: list[str] = []
    said = {event.id for event in played.history.of(Sent) if event.kind != "system"}
    names = {e.envelope.sequence: e.envelope.id.rpartition(":")[2] for e in played.history.of(Accepted)}
    changed = {event.phone for event in played.history.of(Sent) if event.kind == "system"}
    for event in played.history.of(Committed):
        commit = event.commit
        turn = f"{commit.address}/{commit.version}"
        bodies = [(owed.id, effects.decode(owed.body)) for owed in commit.owes]
        if any(isinstance(body, Say) for _, body in bodies):
            says.add(turn)
        asks[turn] = [name for name, body in bodies if isinstance(body, Ask)]
        settled.update(dict.fromkeys(commit.settles, turn))
        if commit.applied is not None and names.get(commit.applied) in said:
            messages.append(turn)
    for turn in messages:
        # After a change of identity nobody is told what the one before had asked for.
        if turn.partition("/")[0].partition(":")[2] not in changed and not _leads_to_words(turn, says, asks, settled):
            yield f"{turn} answered nothing"


def outcomes_go_where_they_were_asked_for(played: Played) -> Iterator[str]:
    """What credex-core said moves the conversation only if it still waits for that."""
    asked: dict[str, Ask] = {}
    latest: dict[str, MemberSnapshot] = defaultdict(lambda: MemberSnapshot({}))
    for event in played.history.of(Committed):
        commit = event.commit
        before, after = latest[commit.address], _snapshots.decode(commit.snapshot)
        for ask in (asked[name] for name in commit.settles if name in asked):
            was, now = before.places.get(ask.peer.channel), after.places.get(ask.peer.channel)
            if was and now and was.position.asked != ask.turn and _elsewhere(was.position, now.position):
                yield f"{commit.address}/{commit.version} took an outcome that {ask.turn} had asked for"
        bodies = [(owed.id, effects.decode(owed.body)) for owed in commit.owes]
        asked.update((name, body) for name, body in bodies if isinstance(body, Ask))
        latest[commit.address] = after


def _elsewhere(was: Position, now: Position) -> bool:
    """Which recurring payments are known is told to every state anew at each turn, whatever the turn is about."""
    return with_recurring(was.state, None) != with_recurring(now.state, None)


def nothing_is_left(played: Played) -> Iterator[str]:
    """Nothing waits and nothing is owed."""
    counts = played.counts
    if counts.waiting or counts.owed:
        yield f"{counts.waiting} messages wait, {counts.owed} effects are owed"


def only_expected_failures(played: Played) -> Iterator[str]:
    """The outside fails; the application does not."""
    for absorbed in played.history.of(Absorbed):
        if absorbed.error not in _EXPECTED_FAILURES:
            yield f"{absorbed.error} in {absorbed.where}"
    for ended in played.history.of(Ended):
        if ended.how not in _EXPECTED_ENDS:
            yield f"process {ended.process} ended by {ended.how}"


def _owed(played: Played) -> Iterator[tuple[Owed, int]]:
    for event in played.history.of(Committed):
        for owed in event.commit.owes:
            yield owed, event.index


def _lives(played: Played) -> list[tuple[int, int]]:
    """From which event to which a process lived."""
    began = {event.process: event.index for event in played.history.of(Started)}
    return [(began[event.process], event.index) for event in played.history.of(Ended)]


def _leads_to_words(turn: str, says: set[str], asks: dict[str, list[str]], settled: dict[str, str]) -> bool:
    while turn not in says:
        onward = [settled[name] for name in asks.get(turn, ()) if name in settled]
        if not onward:
            return False
        turn = onward[0]
    return True


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        answered_means_stored,
        every_webhook_is_taken_in_the_end,
        everything_sent_is_taken_once,
        applied_in_order,
        each_turn_begins_where_the_last_ended,
        nothing_leaves_before_its_commit,
        everything_owed_is_said,
        said_in_order,
        everybody_is_answered,
        outcomes_go_where_they_were_asked_for,
        nothing_is_left,
        only_expected_failures,
        *checks_money.CHECKS,
        *checks_consent.CHECKS,
        *checks_time.CHECKS,
    )
}
