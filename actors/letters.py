"""Dead letters as operators read and replay them, beside a running server or without one.

A letter that holds a member's message goes back into the intake as a new message of theirs: accepting is open to
everybody, and the running server's sweep finds what another process accepted. A letter from quarantine is the body of
a webhook, and is read again by this version's parser. What an effect left behind (a message that could not be sent, an
answer that broke the conversation) holds nothing that a member said and is not replayed: the payment it may be about
is settled by itself.

Replaying is safe to repeat. The new id derives from the old one, so it is accepted once; only then is the letter
discarded. A message keeps the time it was sent at, so one older than a conversation is told to the member as late and
not acted on: an old yes signs nothing, whoever replays it.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from actors.logs import masked
from actors.member import address_of
from actors.notifications import QUARANTINE, held
from actors.payments import reference
from channels.message import InboundMessage
from runtime.envelope import Envelope
from runtime.store import Accept, DeadLetter, Discard, Letters, Quarantine, Report, Store

_ALL = 100_000
_REPLAYED = re.compile(r"(?P<id>.*)~replay(?P<number>[0-9]{1,6})", re.DOTALL)
_message = msgspec.msgpack.Decoder(InboundMessage)


class NotReplayed(Exception):
    """Why a letter is where it was. Its text says so to the operator."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it: messages that are new in the intake, and those known before."""

    accepted: int
    known: int


def letter_lines(store: Store, limit: int) -> Iterator[str]:
    """One line a letter, newest first: reference, when, whose, what it holds, why. Never what was said."""
    [letters] = store.run([Letters(limit)])
    for letter in letters:
        what = "webhook" if letter.address == QUARANTINE else "effect" if _said(letter) is None else "message"
        yield f"{reference(letter.id)}  {letter.at:%Y-%m-%d %H:%M:%S}Z  {_whose(letter)}  {what}  {letter.cause}"


def replay(store: Store, wanted: str, *, lines: Collection[str], now: datetime) -> Replayed:
    """Put what the letter of this reference holds back into the intake. Raises ``NotReplayed``.

    ``lines`` are the phone number ids that are ours, for a body from quarantine.
    """
    [letters] = store.run([Letters(_ALL)])
    letter: DeadLetter | None = next((one for one in letters if reference(one.id) == wanted), None)
    if letter is None:
        raise NotReplayed(f"No dead letter has the reference {wanted}. It may have been replayed.")
    if letter.address == QUARANTINE:
        return _read_again(store, letter, lines, now)
    if _said(letter) is None:
        raise NotReplayed(f"{wanted} holds no message of a member, so there is nothing to replay.")
    envelope = Envelope(id=next_id(letter.id), address=letter.address, accepted_at=now, body=letter.body)
    return _accept(store, letter, (envelope,))


def next_id(letter_id: str) -> str:
    """The id a letter's message is accepted under: it is new to the intake, and the same however often it is made."""
    again = _REPLAYED.fullmatch(letter_id)
    return f"{letter_id}~replay1" if again is None else f"{again['id']}~replay{int(again['number']) + 1}"


def _read_again(store: Store, letter: DeadLetter, lines: Collection[str], now: datetime) -> Replayed:
    found = held(letter.body, lines=lines, now=now)
    if not found.envelopes and not found.reports:
        raise NotReplayed(f"{reference(letter.id)} still makes no sense to this version, or is for no line of ours.")
    store.run([Report(found.reports), *map(Quarantine, found.letters)])
    return _accept(store, letter, found.envelopes)


def _accept(store: Store, letter: DeadLetter, envelopes: tuple[Envelope, ...]) -> Replayed:
    """Two batches: not every store can make one of what lies in two partitions, and the letter must go last."""
    [new] = store.run([Accept(envelopes)])
    store.run([Discard(letter.id, letter.address)])
    return Replayed(len(new), len(envelopes) - len(new))


def _said(letter: DeadLetter) -> InboundMessage | None:
    """The message in it, if it holds one: letters of effects and of messages look alike from outside."""
    try:
        message = _message.decode(letter.body)
    except msgspec.MsgspecError:
        return None
    return message if address_of(message.peer) == letter.address else None


def _whose(letter: DeadLetter) -> str:
    return letter.address if letter.address == QUARANTINE else masked(letter.address)
