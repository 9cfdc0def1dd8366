"""A world that cannot hang its player: one that goes on for ever, or raises, is told as what is wrong."""

import signal
import time
from collections.abc import Callable

import trio

from tests.simulation.world import Played, play

_LIMIT = 20
"""Seconds of the processor, since the machine may be busy or stand still; a world takes a tenth of one."""


class _Endless(BaseException):
    pass


def _ring(_number: int, _frame: object) -> None:
    raise _Endless


def played(seed: int, tell: Callable[[str], object] | None = None) -> Played | str:
    """What the seed came to, or why it came to nothing."""
    before = signal.signal(signal.SIGVTALRM, _ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, _LIMIT)
    began = time.process_time()
    try:
        return play(seed, tell)
    except (_Endless, BaseExceptionGroup, trio.TrioInternalError) as error:
        # Wherever the alarm rings: inside of Trio it breaks more than the world.
        if time.process_time() - began >= _LIMIT - 1:
            return f"endless: not over after {_LIMIT} s"
        return f"broken: {error!r}"
    except Exception as error:  # noqa: BLE001 - whatever a world raises is what is wrong with it
        return f"broken: {error!r}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
