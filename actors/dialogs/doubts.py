"""A word that could be an answer or the way home: "Hey" is a greeting and might be somebody's name. We ask."""

import msgspec

from actors.dialogs import texts
from actors.dialogs.authority import AskingMember
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.entry import home
from actors.dialogs.offer import AskingAmount, AskingRecipient
from actors.dialogs.onboarding import AskingFirstName, AskingLastName, Welcome
from actors.dialogs.opening import AskingAccountHandle, AskingAccountName
from actors.dialogs.recurring import AskingDays, AskingRecurringAmount, AskingRecurringReceiver
from actors.dialogs.renaming import AskingNewName
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, goto, stay
from actors.dialogs.wording import shown
from channels.message import Choice, OutboundMessage
from runtime.turn import Turn

AskingFreely = (
    AskingFirstName
    | AskingLastName
    | AskingAmount
    | AskingRecipient
    | AskingAccountName
    | AskingAccountHandle
    | AskingNewName
    | AskingMember
    | AskingRecurringAmount
    | AskingRecurringReceiver
    | AskingDays
)
"""Places where any word may be the answer."""

_AskingNumbers = AskingAmount | AskingRecurringAmount | AskingDays

_TITLE = 20
_WORD_LIMIT = 30
LONGEST_WORD = 60
"""What is longer is no name, handle or amount: it is not asked about, and no snapshot keeps it."""


class Doubting(msgspec.Struct, frozen=True, tag=True):
    """``word`` was typed where ``kept`` asked for something; it is the way home, or through ``door``."""

    word: str
    kept: AskingFreely
    door: str | None = None

    def prompt(self) -> OutboundMessage:
        """Which of the two is meant."""
        keep = texts.KEEP_GOING
        if not isinstance(self.kept, _AskingNumbers):
            keep = shown(texts.KEEP_WORD.format(word=self.word), _TITLE)
        doubt, leave = (texts.DOUBT_LEAVING, texts.LEAVE_QUESTION) if self.door else (texts.DOUBT, texts.GO_TO_MENU)
        return OutboundMessage(
            text=doubt.format(word=shown(self.word, _WORD_LIMIT)),
            choices=(
                Choice(key="keep", title=keep, says=("no", "n", "use")),
                Choice(key="menu", title=leave, says=("yes", "y", "menu", "home")),
            ),
        )

    def on(self, event: Event, turn: Turn) -> Step:
        """Take the word, go home, or take what is typed now as the answer."""
        match event:
            case Chose("menu"):
                return self._home(turn)
            case Chose():
                return self._keep(turn)
            case Heard():
                return self.kept.on(event, turn)
            case Unsupported() | Answered():
                return stay(self)

    def _keep(self, turn: Turn) -> Step:
        if isinstance(self.kept, _AskingNumbers):
            return goto(self.kept)
        return self.kept.on(Heard(self.word), turn)

    def _home(self, turn: Turn) -> Step:
        match self.kept:
            case AskingFirstName(phone) | AskingLastName(phone):
                return goto(Welcome(phone))
            case (
                AskingAmount(visit)
                | AskingRecipient(visit)
                | AskingAccountName(visit)
                | AskingAccountHandle(visit)
                | AskingNewName(visit)
                | AskingMember(visit)
                | AskingRecurringAmount(visit)
                | AskingRecurringReceiver(visit)
                | AskingDays(visit)
            ):
                return Step(state=AtDashboard(visit), opens=self.door) if self.door else home(visit, turn)
