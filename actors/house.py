"""The rules of the house: what is set for everybody, as it applies to one member on one channel in one turn. Pure."""

from dataclasses import dataclass

from actors.dialogs.expiry import LIFETIMES, Lifetimes
from actors.dialogs.hearing import Rules
from actors.features import EVERYTHING_SURE, Features
from actors.remembered import MemberSnapshot, busy
from actors.settlement import CACHED
from channels.sms.provider import CHANNEL as SMS
from runtime.turn import Turn


@dataclass(frozen=True, slots=True)
class House:
    """``lifetimes`` is how long a conversation may be left alone."""

    lifetimes: Lifetimes = LIFETIMES
    features: Features = EVERYTHING_SURE

    def rules(self, member: MemberSnapshot, channel: str, turn: Turn) -> Rules:
        """What holds for this member on this channel now."""
        return Rules(
            lifetimes=self.lifetimes,
            frozen=member.frozen is not None,
            busy=busy(member, turn),
            upgraded=member.upgraded and member.upgraded + CACHED,
            texting=self.features.texting if channel == SMS else None,
        )
