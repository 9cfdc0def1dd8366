"""What is tried again, how often and for how long: every policy of the server, on one page.

================================ ============================== ============ =====================================
what                             tries                          seconds      repeated by
================================ ============================== ============ =====================================
a login, a handle, a ledger      3                              8            ``ARRIVING``, ``READING``: reading
                                                                             changes nothing
the login that a payment needs   3                              8            ``ARRIVING``: before the payment itself
a payment                        1; 3 if certainly no byte      30 each,     ``PAYING``, in ``actors.payer``; never
                                 of it left                     100          once it may have left
joining                          1                              30           nobody; a login finds out what came of it
a look into a payment            1 a look, for half an hour     8 a call     ``actors.settlement``: looks go on anyway,
                                                                             so none of them is repeated by itself
a message to a member            8                              180          ``SENDING``
a turn, an effect                3                              unlimited    ``runtime.supervisor``, then a dead letter
a store that is away             without end                    unlimited    ``runtime.supervisor``: nothing may be
                                                                             decided on doubt
================================ ============================== ============ =====================================

What is not repeated here is repeated by nobody: one repeat inside another multiplies, and turns a slow credex-core into
a dead one. A 429 is waited out by the budget for everybody (``runtime.budget``), and a breaker stops asking one that
does not answer (``runtime.breaker``); both end a call at once that cannot be made in its time.

**Five seconds.** A member hears of trouble within five seconds, whatever credex-core does. Refused, broken and busy are
told as soon as they are known, which takes the pauses above. A credex-core that is only slow may still answer, so its
calls keep their time; after ``SLOW`` the member is told, once, that it is slow and still being tried. Once the breaker
is open everybody is told at once.

**One second.** While a call takes no longer than that, nothing is said but its outcome. After ``WORKING`` the member
is told, once, what is being done. So at most two lines are said of one call before its outcome, however long it takes.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from channels.channel import SLOWEST_SEND, NotSent
from credex.client import Retryable
from credex.pace import Purpose
from runtime.retry import RetryPolicy, retrying

T = TypeVar("T")

WORKING = 1.2
"""Seconds after which a member is told what is being done: people take a pause of a second for thinking."""

SLOW = 4.0
"""Seconds after which a member is told that credex-core is slow."""

OVERDUE = (WORKING, SLOW)

CALL_SECONDS = 8.0
"""One exchange that only reads, from connecting to the last byte."""

COMMAND_SECONDS = 30.0
"""A whole command: its login, its repeats, waiting for its turn, and for a payment the time of its one exchange."""

CONNECT_SECONDS = 3.5
"""Two lost packets are sent again by then. One that hangs is known within five seconds."""


class NeverLeft(Exception):
    """credex-core was not reached, and no byte of the command left."""


def _reading(attempts: int) -> RetryPolicy:
    return RetryPolicy(
        on=(Retryable,),
        attempts=attempts,
        first=0.25,
        longest=2.0,
        total=CALL_SECONDS,
        attempt=CALL_SECONDS,
        wish="after_seconds",
    )


ARRIVING = READING = _reading(attempts=3)
LOOKING = _reading(attempts=1)

PAYING = RetryPolicy(on=(NeverLeft,), attempts=3, first=1.0, longest=4.0, total=100.0)
"""A few seconds apart. The total is longer than three calls may take, so it cuts none short."""

SENDING = RetryPolicy(
    on=(NotSent,), attempts=8, first=0.5, longest=30.0, total=180.0, attempt=SLOWEST_SEND, wish="after_seconds"
)
"""How long a message waits for a channel that does not take it, before it becomes a dead letter."""

CALLS: Mapping[Purpose, RetryPolicy] = {
    Purpose.MONEY: ARRIVING,
    Purpose.SETTLING: LOOKING,
    Purpose.READING: READING,
    Purpose.LOGIN: ARRIVING,
}
"""How the patient exchanges of each purpose are repeated. A payment's own exchange is not among them."""


async def retried(call: Callable[[], Awaitable[T]], until: float, purpose: Purpose) -> T:
    """``credex.client.Retry`` by these policies."""
    return await retrying(CALLS[purpose], call, until)
