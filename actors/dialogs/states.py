"""All states together: the type that is stored, and the groups the frame treats alike."""

from datetime import datetime

import msgspec

from actors.dialogs.accounts import ChoosingAccount
from actors.dialogs.browsing import BrowsingOffers, ViewingOffer
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.doubts import Doubting
from actors.dialogs.entry import LoggingIn
from actors.dialogs.ledger import ReadingEntry, ReadingLedger, ShowingEntry, ShowingLedger
from actors.dialogs.offer import AskingAmount, AskingRecipient, ChoosingReading, LookingUpRecipient
from actors.dialogs.offers import PickingOffer, ReviewingOffer, SettlingAnswer, SubmittingAnswer
from actors.dialogs.onboarding import (
    AskingFirstName,
    AskingLastName,
    ConfirmingMembership,
    FindingOut,
    Joining,
    Welcome,
)
from actors.dialogs.outside import Outside
from actors.dialogs.several import SettlingSeveral, SigningSeveral, SubmittingSeveral
from actors.dialogs.signing import AskingDueDate, SettlingOffer, SigningOffer, SubmittingOffer
from actors.dialogs.upgrading import LookingAtTier, SettlingUpgrade, SigningUpgrade, SubmittingUpgrade
from actors.dialogs.visit import Visit

MovingMoney = SubmittingOffer | SubmittingAnswer | SubmittingSeveral | SubmittingUpgrade
"""The command under way can move money."""

Waiting = LoggingIn | Joining | FindingOut | LookingUpRecipient | ReadingLedger | ReadingEntry | MovingMoney
"""A command is under way: nothing else may be started before its outcome."""

Settling = SettlingOffer | SettlingAnswer | SettlingSeveral | SettlingUpgrade
"""A command may or may not have moved money, and is being found out."""

Signing = SigningOffer | ReviewingOffer | SigningSeveral | SigningUpgrade
"""One word from here moves money."""

MoneyScreen = Signing | AskingAmount | ChoosingReading | AskingRecipient | AskingDueDate
"""A question on the way to moving money: left alone, it stands for a short time only."""

Unknown = Outside | LoggingIn | Welcome | AskingFirstName | AskingLastName | ConfirmingMembership | Joining | FindingOut
"""Nobody is logged in."""

Inside = (
    AtDashboard
    | ChoosingAccount
    | AskingAmount
    | ChoosingReading
    | AskingRecipient
    | LookingUpRecipient
    | AskingDueDate
    | SigningOffer
    | SubmittingOffer
    | SettlingOffer
    | PickingOffer
    | ReviewingOffer
    | SubmittingAnswer
    | SettlingAnswer
    | BrowsingOffers
    | ViewingOffer
    | SigningSeveral
    | SubmittingSeveral
    | SettlingSeveral
    | ReadingLedger
    | ShowingLedger
    | ReadingEntry
    | ShowingEntry
    | LookingAtTier
    | SigningUpgrade
    | SubmittingUpgrade
    | SettlingUpgrade
)
"""A member is logged in: all of these hold their ``visit``."""

AnyState = Unknown | Inside | Doubting


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """Where a conversation stands on one channel, as it is stored.

    ``screen`` is the nonce of the last screen shown, empty if it had no choices; ``touched`` is the last turn's time;
    ``asked`` is the id of the turn whose command ``state`` waits for, empty if it waits for none; ``told`` is how often
    it has been said already that this takes long. ``expired`` says that the conversation was left alone for too long,
    which the member does not know yet.
    """

    state: AnyState
    screen: str
    touched: datetime
    asked: str = ""
    expired: bool = False
    told: int = 0


def outdated(state: AnyState) -> AnyState:
    """The same place, where the figures at hand are no longer news."""
    if isinstance(state, Inside):
        return msgspec.structs.replace(state, visit=state.visit.outdated())
    if isinstance(state, LoggingIn):
        return msgspec.structs.replace(state, outdated=True)
    if isinstance(state, Doubting) and isinstance(state.kept, AskingAmount | AskingRecipient):
        kept = msgspec.structs.replace(state.kept, visit=state.kept.visit.outdated())
        return msgspec.structs.replace(state, kept=kept)
    return state


def visit_of(state: AnyState) -> Visit | None:
    """Who is logged in here, if anybody."""
    if isinstance(state, Doubting):
        return visit_of(state.kept)
    return state.visit if isinstance(state, Inside) else None
