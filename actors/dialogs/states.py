"""All states together: the type that is stored, and the groups the frame treats alike."""

from datetime import datetime
from typing import cast, get_args

import msgspec

from actors.dialogs.accounts import ChoosingAccount
from actors.dialogs.authority import AskingMember, ChoosingMember, LookingUpMember
from actors.dialogs.browsing import BrowsingOffers, ViewingOffer
from actors.dialogs.changes import ConfirmingChange, FindingOutChange, SubmittingChange
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.doubts import AskingFreely, Doubting
from actors.dialogs.entry import LoggingIn
from actors.dialogs.ledger import ReadingEntry, ReadingLedger, ShowingEntry, ShowingLedger
from actors.dialogs.managing import ManagingAccount
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
from actors.dialogs.opening import (
    AskingAccountHandle,
    AskingAccountName,
    CheckingHandle,
    PickingDenomination,
    PickingKind,
)
from actors.dialogs.outside import Outside
from actors.dialogs.recurring import (
    AskingDays,
    AskingRecurringAmount,
    AskingRecurringReceiver,
    AskingStart,
    LookingUpReceiver,
    PickingRhythm,
)
from actors.dialogs.recurring_list import AtRecurring, PickingRecurring, ReadingRecurring
from actors.dialogs.recurring_signing import SettlingRecurring, SigningRecurring, SubmittingRecurring
from actors.dialogs.renaming import AskingNewName
from actors.dialogs.several import SettlingSeveral, SigningSeveral, SubmittingSeveral
from actors.dialogs.signing import AskingDueDate, SettlingOffer, SigningOffer, SubmittingOffer
from actors.dialogs.state import Texted
from actors.dialogs.upgrading import LookingAtTier, SettlingUpgrade, SigningUpgrade, SubmittingUpgrade
from actors.dialogs.visit import Kept, Visit

Changing = SubmittingChange | FindingOutChange
"""A command is under way that changes an account, or it is being found out what became of it."""

MovingMoney = SubmittingOffer | SubmittingAnswer | SubmittingSeveral | SubmittingUpgrade | SubmittingRecurring
"""The command under way can move money."""

Waiting = (
    LoggingIn
    | Joining
    | FindingOut
    | LookingUpRecipient
    | ReadingLedger
    | ReadingEntry
    | CheckingHandle
    | LookingUpMember
    | LookingUpReceiver
    | ReadingRecurring
    | Changing
    | MovingMoney
)
"""A command is under way: nothing else may be started before its outcome."""

Settling = SettlingOffer | SettlingAnswer | SettlingSeveral | SettlingUpgrade | SettlingRecurring
"""A command may or may not have moved money, and is being found out."""

Signing = SigningOffer | ReviewingOffer | SigningSeveral | SigningUpgrade | SigningRecurring
"""One word from here moves money."""

Consenting = ConfirmingChange
"""One word from here changes an account: who may move its money, say."""

MoneyScreen = (
    Signing
    | Consenting
    | ChoosingMember
    | AskingMember
    | AskingAmount
    | ChoosingReading
    | AskingRecipient
    | AskingDueDate
    | AskingRecurringAmount
    | AskingRecurringReceiver
    | PickingRhythm
    | AskingDays
    | AskingStart
)
"""A question on the way to moving money, or power over it: left alone, it stands for a short time only."""

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
    | ManagingAccount
    | AskingNewName
    | AskingAccountName
    | AskingAccountHandle
    | CheckingHandle
    | PickingDenomination
    | PickingKind
    | ChoosingMember
    | AskingMember
    | LookingUpMember
    | ConfirmingChange
    | SubmittingChange
    | FindingOutChange
    | AtRecurring
    | AskingRecurringAmount
    | AskingRecurringReceiver
    | LookingUpReceiver
    | PickingRhythm
    | AskingDays
    | AskingStart
    | SigningRecurring
    | SubmittingRecurring
    | SettlingRecurring
    | ReadingRecurring
    | PickingRecurring
)
"""A member is logged in: all of these hold their ``visit``."""

AnyState = Unknown | Inside | Doubting


_INSIDE = frozenset(get_args(Inside))
WAITING, SETTLING, SIGNING = frozenset(get_args(Waiting)), frozenset(get_args(Settling)), frozenset(get_args(Signing))
CONSENT = SIGNING | {Consenting}
"""For questions that are asked several times a message: to go through a union of sixty classes takes longer.

``CONSENT``: one word from here moves money, or changes an account.
"""


class Position(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a conversation stands on one channel, as it is stored.

    ``screen`` is the nonce of the last screen shown, empty if it had no choices; ``touched`` is the last turn's time;
    ``asked`` is the id of the turn whose command ``state`` waits for, empty if it waits for none; ``told`` is how often
    it has been said already that this takes long. ``expired`` says that the conversation was left alone for too long,
    which the member does not know yet; ``switched`` likewise that another account was chosen on another channel.
    ``texted`` is for channels without buttons.
    """

    state: AnyState
    screen: str
    touched: datetime
    asked: str = ""
    expired: bool = False
    told: int = 0
    switched: bool = False
    texted: Texted = Texted()


def outdated(state: AnyState) -> AnyState:
    """The same place, where the figures at hand are no longer news."""
    if isinstance(state, Inside):
        return msgspec.structs.replace(state, visit=state.visit.outdated())
    if isinstance(state, LoggingIn):
        return msgspec.structs.replace(state, outdated=True)
    if isinstance(state, Doubting) and not isinstance(state.kept, AskingFirstName | AskingLastName):
        kept = msgspec.structs.replace(state.kept, visit=state.kept.visit.outdated())
        return msgspec.structs.replace(state, kept=kept)
    return state


def visit_of(state: AnyState) -> Visit | None:
    """Who is logged in here, if anybody."""
    if isinstance(state, Doubting):
        return visit_of(state.kept)
    return cast("Inside", state).visit if type(state) in _INSIDE else None


def with_recurring(state: AnyState, recurring: tuple[Kept, ...] | None) -> AnyState:
    """The same place, knowing these recurring payments (see ``Visit``)."""
    if isinstance(state, LoggingIn) and state.recurring != recurring:
        return msgspec.structs.replace(state, recurring=recurring)
    if isinstance(state, Doubting):
        kept = cast("AskingFreely", with_recurring(state.kept, recurring))
        return state if kept is state.kept else msgspec.structs.replace(state, kept=kept)
    visit = visit_of(state)
    if visit is None or visit.recurring == recurring:
        return state
    return cast("AnyState", msgspec.structs.replace(state, visit=msgspec.structs.replace(visit, recurring=recurring)))
