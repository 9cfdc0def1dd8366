"""The mailbox of one actor: a bounded first-in, first-out queue in memory.

It is a plain list, taken from the front: an empty ``deque`` costs ten times the memory of an empty list, an idle actor
is one of a hundred thousand, and moving at most ``capacity`` pointers is cheaper than the deque's block.
"""

from collections.abc import Callable, Iterable

from runtime.envelope import Answer, Due, Envelope, Mail
from runtime.errors import MailboxFull


class Mailbox:
    """Mail that waits for its turn. Envelopes are bounded by ``capacity``, all else by what is in flight."""

    __slots__ = ("_capacity", "_mail")

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._mail: list[Mail] = []

    @property
    def capacity(self) -> int:
        """How many envelopes fit."""
        return self._capacity

    def put_nowait(self, mail: Mail) -> None:
        """Append. Raises ``MailboxFull`` for an envelope beyond the capacity: it is durable and is read again later."""
        if len(self._mail) >= self._capacity and isinstance(mail, Envelope):
            raise MailboxFull
        self._mail.append(mail)

    def take_nowait(self) -> Mail | None:
        """Remove and return what has waited longest, or ``None``."""
        return self._mail.pop(0) if self._mail else None

    def peek(self) -> Mail | None:
        """What has waited longest, left where it is."""
        return self._mail[0] if self._mail else None

    def refill(self, envelopes: Iterable[Envelope]) -> None:
        """Put these envelopes in place of those held. Answers stay and go first, timers stay and go last.

        What a member said before a timer ran out is not to be overtaken by it.
        """
        dues = [mail for mail in self._mail if isinstance(mail, Due)]
        self._mail = [*self.answers(), *envelopes, *dues]

    def keep_answers(self, wanted: Callable[[Answer], bool]) -> list[Answer]:
        """Drop the answers that are not wanted, and return them."""
        dropped = [answer for answer in self.answers() if not wanted(answer)]
        self._mail = [mail for mail in self._mail if not isinstance(mail, Answer) or wanted(mail)]
        return dropped

    def answers(self) -> list[Answer]:
        """The answers that wait, in order."""
        return [mail for mail in self._mail if isinstance(mail, Answer)]

    def envelopes(self) -> list[Envelope]:
        """The envelopes that wait, in order."""
        return [mail for mail in self._mail if isinstance(mail, Envelope)]

    def __len__(self) -> int:
        return len(self._mail)

    def __repr__(self) -> str:
        return f"<Mailbox {len(self._mail)}/{self._capacity}>"
