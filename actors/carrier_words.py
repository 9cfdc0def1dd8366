"""The words that belong to carriers, written by text message: STOP, START, HELP and their like. Pure.

They are never commands of ours. STOP is recorded and honoured for notices, START takes it back, HELP is answered once;
none of them touches a conversation, but for a question that one word signs, which STOP closes. YES joins again whoever
has stopped, and means nothing from anybody else. Where a provider answers STOP and START itself, we say nothing.
"""

from actors import effects
from actors.dialogs import texts
from actors.dialogs.onboarding import AskingFirstName, AskingLastName
from actors.effects import Say
from actors.preferences import opted
from actors.remembered import MemberSnapshot, Taken, position_of
from channels.message import InboundMessage, OutboundMessage, Peer, Text
from channels.sms import provider as sms
from channels.sms.reserved import Reserved, reserved, says_stop_here
from channels.sms.wording import plain
from runtime.turn import Turn

_ANSWERS_ITSELF = ("twilio:",)
"""Lines whose provider answers STOP and START, and lets nothing of ours through. Twilio: default opt-out words."""


def carrier_word(before: MemberSnapshot, message: InboundMessage, turn: Turn) -> Taken | None:
    """What such a word comes to; ``None`` for any other message."""
    channel, content = message.peer.channel, message.content
    if channel != sms.CHANNEL or not isinstance(content, Text):
        return None
    word = reserved(content.body)
    if word is None and says_stop_here(content.body) and not _asks_for_a_name(before, message.peer):
        word = Reserved.STOP
    if word is Reserved.YES:
        word = Reserved.START if channel in before.unwanted else None
    if word is None:
        return None
    after, says = before, texts.SMS_HELP
    match word:
        case Reserved.STOP:
            after, says = opted(before, channel, False, "word", turn.now), texts.SMS_STOPPED  # noqa: FBT003 - they want none
        case Reserved.START | Reserved.YES:
            after, says = opted(before, channel, True, "word", turn.now), texts.SMS_STARTED  # noqa: FBT003 - they want some
        case Reserved.HELP:
            pass
    silent = word is not Reserved.HELP and message.peer.line.startswith(_ANSWERS_ITSELF)
    say = Say(message.peer, OutboundMessage(text=plain(says)))
    owes = () if silent else (effects.saying(turn, 0, say),)
    return Taken(after=after, owes=owes, note={"channel": channel, "trigger": f"carrier's word: {word}"})


def _asks_for_a_name(before: MemberSnapshot, peer: Peer) -> bool:
    position = position_of(before, peer)
    return position is not None and isinstance(position.state, AskingFirstName | AskingLastName)
