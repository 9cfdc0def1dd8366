"""What becomes of a message that a channel refuses for good, or takes and does not bring. Pure.

What may still arrive is said again after growing pauses, by durable timers; what another channel may bring is said once
by text message, if it needs no answer there. The words themselves are not remembered: they lie with the delivery until
it has arrived, and the performer finds them there, or finds that nothing needs to be said any more.

While money is held because the phone or number changed, nothing is said again nor elsewhere: whoever holds the number
now may not be the one it was said to.
"""

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from actors import effects
from actors.dialogs.notices import by_text, is_notice
from actors.dialogs.outside import Outside
from actors.dialogs.states import Waiting
from actors.effects import Say, SayAgain, Unsaid
from actors.preferences import opted
from actors.remembered import MemberSnapshot, Taken, position_of
from channels.message import InboundMessage, Peer, Trouble, Undelivered
from channels.sms import provider as sms
from credex.model import Phone
from runtime.address import Address
from runtime.envelope import Answer, Due
from runtime.store import DeadLetter
from runtime.turn import Turn

AGAIN = "again:"
"""Begins the name of the timer that says something again; how often it was said and its delivery's id follow."""

PAUSES: Mapping[Trouble, tuple[timedelta, ...]] = {
    Trouble.PASSING: (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)),
    Trouble.ODD: (timedelta(minutes=1),),
}
"""Before each further try. Whatever the trouble was in between, no message is sent oftener than that."""

_MOST_WAITING = 64


def undelivered(
    before: MemberSnapshot,
    message: InboundMessage,
    failed: Undelivered,
    phone: Phone | None,
    turn: Turn,
    text_line: str | None,
) -> Taken:
    """It did not arrive. ``text_line`` is our line for text messages, if there is one."""
    channel = message.peer.channel
    note = {"channel": channel, "trigger": "Undelivered", "trouble": failed.trouble.value}
    match failed.trouble:
        case Trouble.PASSING | Trouble.ODD:
            return _later(before, message.peer, failed, turn, note)
        case Trouble.FINAL:
            return Taken(after=before, note=note | {"then": "given up"})
        case Trouble.UNREACHABLE:
            other = _other_way(before, message.peer, phone, text_line)
            if other is None:
                return Taken(after=before, note=note | {"then": "given up"})
            owed = effects.saying(turn, 0, SayAgain(other, failed.id, failed.tries + 1))
            return Taken(after=before, owes=(owed,), note=note | {"then": other.channel})
        case Trouble.UNWANTED:
            after = opted(before, channel, False, "delivery report", turn.now)  # noqa: FBT003 - they want none
            return Taken(after=after, note=note | {"then": "opted out"})


def rang(before: MemberSnapshot, due: Due, turn: Turn) -> Taken:
    """The pause before another try is over."""
    tries, _, of = due.name.removeprefix(AGAIN).partition(":")
    peer = before.again.get(of)
    again = {name: whose for name, whose in before.again.items() if name != of}
    after = msgspec.structs.replace(before, again=again)
    if peer is None:
        return Taken(after=after, note={"trigger": "again", "then": "forgotten"})
    note = {"channel": peer.channel, "trigger": "again", "then": f"try {tries}"}
    if peer.channel in before.unwanted:
        return Taken(after=after, note=note | {"then": "unwanted"})
    position = position_of(before, peer)
    say = SayAgain(peer, of, int(tries), position.screen if position else "")
    return Taken(after=after, owes=(effects.saying(turn, 0, say),), note=note)


def unsaid(before: MemberSnapshot, answer: Answer, phone: Phone | None, turn: Turn, text_line: str | None) -> Taken:
    """A message could not be said. Where nothing can be done about it, operators are told by a dead letter."""
    refused = answer.body
    if not isinstance(refused, Unsaid):  # it could not even be tried, and is a dead letter already
        return Taken(after=before, note={"trigger": "message given up"})
    say, channel = refused.say, refused.say.peer.channel
    note = {"channel": channel, "trigger": "refused", "trouble": refused.trouble.value}
    if refused.trouble is Trouble.UNWANTED and channel not in before.unwanted:
        source = "refusal" if refused.code is None else f"error {refused.code}"
        after = opted(before, channel, False, source, turn.now)  # noqa: FBT003 - they want none
        return Taken(after=after, note=note | {"then": "opted out", "source": source})
    instead = _instead(before, say, phone, text_line) if refused.trouble is Trouble.UNREACHABLE else None
    if instead is not None:
        return Taken(after=before, owes=(effects.saying(turn, 0, instead),), note=note | {"then": sms.CHANNEL})
    cause = f"{channel} refused it, code {refused.code}"
    address = Address(turn.id.rpartition("/")[0])
    dead = DeadLetter(id=answer.effect, address=address, at=turn.now, cause=cause, body=effects.encode(say))
    return Taken(after=before, dead=dead, note=note | {"then": "given up"})


def is_kept(say: Say) -> bool:
    """Whether its words are kept until it has arrived: notices and text messages, which may be lost on their way.

    Who chats on WhatsApp sees what has not come, and asks again.
    """
    return say.peer.channel == sms.CHANNEL or say.message.template is not None


def once_more(said: Say, again: SayAgain) -> Say | None:
    """What to say of what was said before; ``None`` where it would ask what is not asked any more, or not there."""
    if said.peer.channel != again.peer.channel:
        message = None if said.instead else by_text(said.message)
        return None if message is None else Say(again.peer, message, instead=True)
    screen = said.message.screen
    if screen and screen != again.screen and not is_notice(said.message):
        return None
    return msgspec.structs.replace(said, tries=again.tries)


def _later(before: MemberSnapshot, peer: Peer, failed: Undelivered, turn: Turn, note: dict[str, str]) -> Taken:
    pauses = PAUSES[failed.trouble]
    if before.frozen is not None:
        return Taken(after=before, note=note | {"then": "held"})
    if peer.channel in before.unwanted:
        return Taken(after=before, note=note | {"then": "unwanted"})
    if failed.tries >= len(pauses):
        return Taken(after=before, note=note | {"then": "given up"})
    waiting = [(name, whose) for name, whose in before.again.items() if name != failed.id]
    after = msgspec.structs.replace(before, again=dict([*waiting, (failed.id, peer)][-_MOST_WAITING:]))
    timer = f"{AGAIN}{failed.tries + 1}:{failed.id}", turn.now + pauses[failed.tries]
    return Taken(after=after, timers=(timer,), note=note | {"then": "again"})


def _other_way(before: MemberSnapshot, peer: Peer, phone: Phone | None, text_line: str | None) -> Peer | None:
    """From any channel to text messages, and from those nowhere."""
    if text_line is None or phone is None or before.frozen is not None:
        return None
    if sms.CHANNEL in {peer.channel, *before.unwanted}:
        return None
    return Peer(sms.CHANNEL, text_line, phone)


def _instead(before: MemberSnapshot, say: Say, phone: Phone | None, text_line: str | None) -> Say | None:
    other, message = _other_way(before, say.peer, phone, text_line), by_text(say.message)
    if other is None or message is None or say.instead or _may_ask(before, say):
        return None
    return Say(other, message, instead=True)


def _may_ask(before: MemberSnapshot, say: Say) -> bool:
    """Whether it may be a question asked in words: the answer would be heard by the conversation of another channel."""
    position = position_of(before, say.peer)
    return not (is_notice(say.message) or position is None or isinstance(position.state, Outside | Waiting))
