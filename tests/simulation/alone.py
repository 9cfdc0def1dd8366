"""A world that cannot hang its player: one that goes on for ever in real time, or raises, is told as what is wrong."""

import signal
import time
from collections.abc import Callable

import trio

from tests.simulation.world import Played, play

_LIMIT = 30
"""Seconds of real time; a world takes a tenth of one."""


class _Endless(BaseException):
    pass


def _ring(_number: int, _frame: object) -> None:
    raise _Endless


def played(seed: int, tell: Callable[[str], object] | None = None) -> Played | str:
    """What the seed came to, or why it came to nothing."""
    before = signal.signal(signal.SIGALRM, _ring)
    signal.alarm(_LIMIT)
    began = time.monotonic()
    try:
        return play(seed, tell)
    except (_Endless, BaseExceptionGroup, trio.TrioInternalError) as error:
        # Wherever the alarm rings: inside of Trio it breaks more than the world.
        if time.monotonic() - began >= _LIMIT - 1:
            return f"endless: not over after {_LIMIT} s"
        return f"broken: {error!r}"
    except Exception as error:  # noqa: BLE001 - whatever a world raises is what is wrong with it
        return f"broken: {error!r}"
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
