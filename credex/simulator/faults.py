"""Trouble to order: what goes wrong, on which path, how often.

    plan = FaultPlan()
    plan.add("/createCredex", Fault.LOST_AFTER)            # the offer is made, the answer never comes
    plan.add("/login", Fault.ERROR_BEFORE, times=3, status=503)
    plan.add("*", Fault.SLOW, times=None, seconds=2)       # everything, for ever

Rules are tried in the order they were added; the first that fits is used up by one. ``BEFORE`` means that credex-core
did nothing, ``AFTER`` that it did everything and only the answer suffers.
"""

from dataclasses import dataclass
from enum import Enum, auto


class Fault(Enum):
    """One way to fail."""

    SLOW = auto()
    """Waits ``seconds``, then does its work and answers."""
    SLOW_AFTER = auto()
    """Does its work, then takes ``seconds`` to answer."""
    REFUSED = auto()
    """Nobody listens: the connection is refused and no byte arrives."""
    LOST_BEFORE = auto()
    """After ``seconds`` the connection is reset; nothing was done."""
    LOST_AFTER = auto()
    """Everything was done; after ``seconds`` the connection is reset."""
    LATE_WRITE = auto()
    """The connection is reset at once; the work is done ``seconds`` later (``CoreSimulator.catch_up``)."""
    SLOW_WRITE = auto()
    """Silence for ``seconds``, and then the work is done whether or not anybody still waits; no answer comes."""
    ERROR_BEFORE = auto()
    """Answers ``status`` in the generic shape; nothing was done."""
    DENIED = auto()
    """400 ``ERROR_VALIDATION`` in the envelope, as for a body that is not allowed; nothing was done."""
    ERROR_AFTER = auto()
    """Everything was done; answers ``status`` in the generic shape all the same."""
    TOO_MANY = auto()
    """429 in plain text, with ``Retry-After: seconds``."""
    UNAUTHENTICATED = auto()
    """401 ``Token expired``, whatever the token."""
    GARBAGE_BEFORE = auto()
    """200 with a body that is no JSON; nothing was done."""
    GARBAGE_AFTER = auto()
    """Everything was done; 200 with a body that is no JSON."""


@dataclass(slots=True, kw_only=True)
class Rule:
    """``fault`` on ``path`` (``*`` is any), ``times`` times (``None``: always) after letting ``skip`` requests pass."""

    path: str
    fault: Fault
    times: int | None = 1
    skip: int = 0
    status: int = 500
    seconds: float = 0

    def fits(self, path: str) -> bool:
        """Whether this rule still strikes on this path."""
        return self.times != 0 and self.path in {"*", path}

    @property
    def before(self) -> float:
        """Seconds to wait before the work."""
        return self.seconds if self.fault in {Fault.SLOW, Fault.LOST_BEFORE} else 0

    @property
    def after(self) -> float:
        """Seconds to wait between the work and the answer, or its loss."""
        return self.seconds if self.fault in {Fault.SLOW_AFTER, Fault.LOST_AFTER, Fault.SLOW_WRITE} else 0


class FaultPlan:
    """The rules still to come."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def __repr__(self) -> str:
        return f"<FaultPlan {[f'{rule.path} {rule.fault.name} x{rule.times}' for rule in self._rules]}>"

    def add(
        self,
        path: str,
        fault: Fault,
        *,
        times: int | None = 1,
        skip: int = 0,
        status: int = 500,
        seconds: float = 0,
    ) -> None:
        """Add a rule."""
        self._rules.append(Rule(path=path, fault=fault, times=times, skip=skip, status=status, seconds=seconds))

    def clear(self) -> None:
        """No more trouble."""
        self._rules.clear()

    def strike(self, path: str) -> Rule | None:
        """The rule for a request that arrives now, used up by one."""
        for rule in self._rules:
            if not rule.fits(path):
                continue
            if rule.skip > 0:
                rule.skip -= 1
                continue
            if rule.times is not None:
                rule.times -= 1
            return rule
        return None
