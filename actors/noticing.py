"""What a member's actor makes of a notice: the mail it is, not the request for it (``actors.notices``). Pure."""

import msgspec

from actors import effects
from actors.dialogs import frame
from actors.effects import Say
from actors.house import House
from actors.remembered import MemberSnapshot, Taken
from channels.message import InboundMessage, Notice
from credex.model import Phone
from runtime.turn import Turn


def noticed(
    before: MemberSnapshot,
    message: InboundMessage,
    notice: Notice,
    phone: Phone | None,
    turn: Turn,
    house: House,
) -> Taken:
    """Tell it where it is wanted, and have every conversation know that its figures are old. No conversation moves."""
    channel = message.peer.channel
    note = {"channel": channel, "trigger": "Notice"}
    if before.lately.knows(notice, message.at):
        return Taken(after=before, note=note | {"trigger": "Notice told before"})
    messages = [before.lately.telling(notice, message.peer, turn.now)]
    places = {}
    for name, place in before.places.items():
        moved = frame.hear(place.position, message, phone, turn, rules=house.rules(before, name, turn))
        places[name] = msgspec.structs.replace(place, position=moved.position)
        messages += moved.messages if name == channel else ()
    after = msgspec.structs.replace(before, places=places)
    if channel in before.unwanted:
        return Taken(after=after, note=note | {"trigger": "Notice unwanted"})
    after = msgspec.structs.replace(after, lately=before.lately.knowing(notice, message.at))
    owes = tuple(effects.saying(turn, number, Say(message.peer, each)) for number, each in enumerate(messages))
    return Taken(after=after, owes=owes, note=note | {"template": messages[0].template or "-"})
