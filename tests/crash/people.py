"""Members who chat: each looks at the last message on their phone and mostly does what it invites to.

Every amount a member types is one they never typed before, so an offer in the ledger can be traced to what was said.
"""

import random  # noqa: TID251 - made from the seed of the run
from collections.abc import Sequence
from dataclasses import dataclass

from actors.dialogs import texts
from tests.support.graph import Shown

CONFIRMING = frozenset(
    {texts.SIGN, texts.SIGN_UPGRADE, texts.YES_ACCEPT, texts.YES_ALL, texts.YES_DECLINE, texts.YES_CANCEL}
)
"""The buttons that sign."""

_ASKS_AMOUNT = texts.ASK_AMOUNT[:25]
_ASKS_HANDLE = texts.ASK_HANDLE[:20]
_NONSENSE = ("asdf", "how are you?", "5 apples", "what is this", "\N{SLIGHTLY SMILING FACE}", "-1", "1e9", "Tariro M.")
_LEADING = frozenset({*CONFIRMING, texts.OFFER_SECURED, texts.ACCEPT, texts.DECLINE, texts.CANCEL})
"""What is chosen most, where it is to be had."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What a member does: types ``text``, or taps the choice of this id and title on a screen of this kind."""

    text: str
    kind: str = "text"
    choice: str = ""

    @property
    def confirms(self) -> bool:
        """Whether it can sign for something."""
        return self.text in CONFIRMING


class Person:
    """One member, with a taste of their own."""

    def __init__(self, phone: str, handle: str, handles: Sequence[str], luck: random.Random) -> None:
        self.phone = phone
        self.handle = handle
        self._others = [other for other in handles if other != handle]
        self._luck = luck
        self._cents = 0

    def next(self, shown: Sequence[Shown]) -> Saying:
        """What they do with these messages on their phone."""
        draw = self._luck.random()
        last = shown[-1] if shown else None
        if last is None or draw < 0.05:
            return Saying("hi")
        if draw < 0.12:
            return Saying(self._luck.choice(_NONSENSE))
        if draw < 0.16:
            last = next((one for one in reversed(shown[:-1]) if one.choices), last)
        if last.choices:
            return self._chosen(last)
        return self._typed(last)

    def _chosen(self, screen: Shown) -> Saying:
        leading = [choice for choice in screen.choices if choice[1] in _LEADING]
        choices = leading if leading and self._luck.random() < 0.8 else screen.choices
        id_, title = self._luck.choice(choices)
        if self._luck.random() < 0.1:
            return Saying(title)
        return Saying(title, screen.kind, id_)

    def _typed(self, last: Shown) -> Saying:
        if _ASKS_AMOUNT in last.text:
            self._cents += 1
            return Saying(f"{self._cents / 100:.2f}")
        if _ASKS_HANDLE in last.text:
            return Saying(self._luck.choice(self._others))
        return Saying("menu" if self._luck.random() < 0.5 else "are you there?")
