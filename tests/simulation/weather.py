"""How much goes wrong in a world. Each kind of trouble is off in some worlds, rare or common in others.

Worlds with everything at once would mostly test the first thing that fails; so each seed draws its own mixture.
"""

from dataclasses import dataclass

from tests.simulation.seeded import Random

_LEVELS = (0.0, 0.0, 0.03, 0.12, 0.3)


@dataclass(slots=True, kw_only=True)
class Weather:
    """Chances from 0 to 1, each for one call, message or answer."""

    store: float = 0
    core: float = 0
    money: float = 0
    graph: float = 0
    late: float = 0
    duplicate: float = 0
    batch: float = 0
    crashes: int = 0
    overlap: float = 0
    senseless: float = 0

    @classmethod
    def drawn(cls, random: Random) -> "Weather":
        """A mixture."""
        return cls(
            store=random.choice((0, 0, 0.02, 0.08)),
            core=random.choice(_LEVELS),
            money=random.choice((0, 0.2, 0.5, 0.8)),
            graph=random.choice(_LEVELS),
            late=random.choice(_LEVELS),
            duplicate=random.choice(_LEVELS),
            batch=random.choice(_LEVELS),
            crashes=random.choice((0, 1, 2, 4)),
            overlap=random.choice((0, 0.3)),
            senseless=random.choice((0.03, 0.08, 0.2, 0.5)),
        )

    def clear(self) -> None:
        """No more trouble."""
        self.store = self.core = self.money = self.graph = self.late = self.duplicate = self.batch = self.overlap = 0
        self.crashes = 0
