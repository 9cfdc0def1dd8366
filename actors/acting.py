"""Which account a member acts for, on all their channels alike. Pure.

The choice is one; the places in conversations are several. A question under way on another channel keeps the account it
was asked for. Wherever only the dashboard stands, the choice is followed, and the member sees so before anything they
say there is acted on.
"""

import msgspec

from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.entry import LoggingIn
from actors.dialogs.states import Position, visit_of
from credex.model import AccountId


def following(position: Position | None, acting: AccountId | None) -> Position | None:
    """The same place, where it is for an account that is not the one chosen last on any channel."""
    if position is None or acting is None:
        return position
    state = position.state
    if isinstance(state, LoggingIn) and state.account_id is None:
        return msgspec.structs.replace(position, state=msgspec.structs.replace(state, account_id=acting))
    if not isinstance(state, AtDashboard) or state.visit.account_id == acting:
        return position
    if state.visit.member.account(acting) is None:
        return position
    followed = AtDashboard(state.visit.acting_for(acting))
    return msgspec.structs.replace(position, state=followed, switched=True)


def chosen(was: Position | None, now: Position, acting: AccountId | None) -> AccountId | None:
    """The account acted for after a turn that led from ``was`` to ``now``."""
    if not isinstance(now.state, AtDashboard):
        return acting
    before = visit_of(was.state) if was else None
    account = now.state.visit.account_id
    return account if before is None or before.account_id != account or acting is None else acting
