"""Who wants no messages of ours on a channel, and what that changes. Pure.

An opt-out comes from the member's own words, or from the provider: as news of it, or as a refusal. It holds until they
or the provider say otherwise. Notices are not said there, and nothing is said again; whoever asks is answered.
"""

from datetime import datetime

import msgspec

from actors.dialogs.expiry import left_alone
from actors.dialogs.states import Consenting, Signing
from actors.remembered import MemberSnapshot, OptOut, Place, Taken
from channels.message import InboundMessage, Preference
from channels.sms import provider as sms
from runtime.turn import Turn


def opted(before: MemberSnapshot, channel: str, wanted: bool, source: str, at: datetime) -> MemberSnapshot:  # noqa: FBT001 - what they want
    """The same with this wish on record. Of several refusals the first stands.

    By text message, a question that one word signs is closed with it: another phone may hold the number by the time it
    is used again.
    """
    if wanted:
        unwanted = {name: out for name, out in before.unwanted.items() if name != channel}
        return msgspec.structs.replace(before, unwanted=unwanted)
    unwanted = {channel: OptOut(since=at, source=source)} | before.unwanted
    place, places = before.places.get(channel), before.places
    if channel == sms.CHANNEL and place is not None and isinstance(place.position.state, Signing | Consenting):
        places = places | {channel: Place(place.peer, left_alone(place.position))}
    return msgspec.structs.replace(before, unwanted=unwanted, places=places)


def preferred(before: MemberSnapshot, message: InboundMessage, preference: Preference, turn: Turn) -> Taken:
    """The provider tells of a wish. Nothing is answered."""
    channel = message.peer.channel
    after = opted(before, channel, preference.wanted, preference.source, turn.now)
    wanted = "yes" if preference.wanted else "no"
    note = {"channel": channel, "trigger": "Preference", "wanted": wanted, "source": preference.source}
    return Taken(after=after, note=note)
