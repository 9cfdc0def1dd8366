"""What a controller is handed: the world, the moment, the checked fields and, once authenticated, the caller."""

from dataclasses import dataclass
from datetime import datetime

from credex.simulator.dashboards import Dashboards
from credex.simulator.records import MemberRecord
from credex.simulator.tables import Tables
from credex.simulator.tokens import Tokens
from credex.simulator.validation import Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request of nobody in particular."""

    world: Tables
    views: Dashboards
    tokens: Tokens
    now: datetime
    fields: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAsk(Ask):
    """A request with a valid token: ``member`` asks."""

    member: MemberRecord

    def may_act(self, account_id: str) -> bool:
        """Whether the caller is authorised for the account."""
        return self.world.may_act(self.member.id, account_id)

    def single(self, account_id: str) -> dict[str, object]:
        """The dashboard with this one account."""
        return self.views.single(self.member, account_id, now=self.now)
