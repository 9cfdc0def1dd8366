"""What happened in a world, in order: the one thing that checks look at.

Events are facts seen from outside the application: what its store wrote, what reached credex-core and the Graph API,
how webhooks were answered, which processes began and ended. ``Decided`` is the one look inside.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from runtime.address import Address
from runtime.envelope import Envelope
from runtime.store import Commit, Record, Settle
from tests.support.graph import Shown

E = TypeVar("E", bound="Event")


@dataclass(slots=True)
class Event:
    """Something that happened. ``index`` counts events, ``at`` is the virtual time."""

    index: int = field(init=False)
    at: datetime = field(init=False)


@dataclass(slots=True)
class Started(Event):
    """A process began to run."""

    process: int


@dataclass(slots=True)
class Ended(Event):
    """A process is no more; ``how`` names the signal or the error."""

    process: int
    how: str


@dataclass(slots=True)
class Sent(Event):
    """A member sent a message with this id; ``kind`` and ``what`` as in the webhook."""

    id: str
    phone: str
    kind: str
    what: str


@dataclass(slots=True)
class Posted(Event):
    """A webhook with these messages was answered; status 0 is no answer."""

    ids: tuple[str, ...]
    status: int


@dataclass(slots=True)
class Accepted(Event):
    """The store took an envelope in."""

    envelope: Envelope


@dataclass(slots=True)
class Decided(Event):
    """An actor decided, starting from one snapshot and ending in another."""

    address: Address
    turn: str
    now: datetime
    before: bytes | None
    after: bytes


@dataclass(slots=True)
class Committed(Event):
    """The store wrote a turn."""

    commit: Commit


@dataclass(slots=True)
class Moved(Event):
    """The store moved a payment on outside a turn."""

    record: Record


@dataclass(slots=True)
class Freed(Event):
    """The store wrote that an effect is owed no more."""

    settle: Settle


REFUSED = -1
"""Nobody listened: not a byte of the request was taken."""


@dataclass(slots=True)
class Arrived(Event):
    """A request to credex-core. ``status`` is what it answered, 0 if it hung up, ``REFUSED`` if it never came."""

    path: str
    body: bytes
    status: int = 0


@dataclass(slots=True)
class Tried(Event):
    """A message reached the Graph API, which did not take it; the sender may or may not have heard so."""

    reference: str


@dataclass(slots=True)
class Took(Event):
    """The Graph API took a message; ``lost`` if its sender did not hear so."""

    reference: str
    phone: str
    shown: Shown
    lost: bool


@dataclass(slots=True)
class Absorbed(Event):
    """A failure that the supervisor took and logged."""

    where: str
    error: str


class History:
    """The events so far. ``tell`` hears each as a line."""

    def __init__(self, now: Callable[[], datetime], tell: Callable[[str], object] | None = None) -> None:
        self.events: list[Event] = []
        self._now = now
        self._tell = tell

    def note(self, event: E) -> E:
        """Add an event."""
        event.index, event.at = len(self.events), self._now()
        self.events.append(event)
        if self._tell is not None:
            self._tell(line(event))
        return event

    def of(self, kind: type[E]) -> Iterator[E]:
        """Events of one kind, in order."""
        return (event for event in self.events if type(event) is kind)

    def digest(self) -> str:
        """The same for the same history, in every process."""
        text = "\n".join(line(event) for event in self.events)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def line(event: Event) -> str:
    """An event on one line, without what differs from run to run (marks of attempts)."""
    return f"{event.index:5} {event.at:%d %H:%M:%S.%f}  {type(event).__name__:9} {_words(event)}"


def _words(event: Event) -> str:  # noqa: PLR0911 - one a kind of event
    match event:
        case Accepted(envelope=envelope):
            return f"{envelope.id} of {envelope.address} as {envelope.sequence}"
        case Committed(commit=commit):
            owes = " ".join(f"{owed.id.rpartition('/')[2]}({owed.lane})" for owed in commit.owes)
            payments = " ".join(f"{payment.id}={payment.state}" for payment in commit.payments)
            cause = commit.applied if commit.applied is not None else ",".join(commit.settles)
            cause = commit.due.name if commit.due is not None else cause
            dead = f" dead {commit.dead.cause}" if commit.dead else ""
            return f"{commit.address}/{commit.version} by {cause} owes {owes} {payments}{dead}"
        case Moved(record=record):
            return f"{record.payment.id} {record.expects} to {record.payment.state}"
        case Freed(settle=settle):
            return f"{settle.effect}" + (f" dead {settle.dead.cause}" if settle.dead else "")
        case Decided():
            return f"{event.turn} at {event.now:%H:%M:%S.%f}"
        case Arrived():
            return f"{event.path} {event.status} {event.body.decode()}"
        case Took():
            choices = " ".join(key for key, _ in event.shown.choices)
            return f"{event.reference} {'lost ' if event.lost else ''}{event.shown.text!r} [{choices}]"
        case _:
            pass
    names = [name for name in event.__slots__ if name not in Event.__slots__]
    return " ".join(f"{getattr(event, name)!r}" for name in names)
