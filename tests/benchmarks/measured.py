"""The measured side: how a program tells where it listens and what it has used.

JSON lines on standard output, answers to lines on standard input. A thread answers, so that any event loop can be
measured and a program that nobody asks spends nothing on it. When standard input ends, the program is to end.
"""

import json
import os
import resource
import sys
import threading
from collections.abc import Callable


def tell(**facts: object) -> None:
    """Say it to whoever measures."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def cpu_seconds() -> float:
    """What all threads of this process have used, in user and kernel mode."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def resident_bytes() -> int:
    """The memory this process holds right now. Linux only."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no path to speak of
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def listen(port: int, leave: Callable[[], object]) -> None:
    """Tell the port, answer questions from now on, ``leave`` when nobody can ask any more."""
    threading.Thread(target=_answer, args=(leave,), daemon=True).start()
    tell(port=port)


def _answer(leave: Callable[[], object]) -> None:
    for _ in sys.stdin:
        tell(cpu=cpu_seconds())
    leave()
