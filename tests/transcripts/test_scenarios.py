"""Every scenario, played against the whole server in this process, in virtual time."""

from pathlib import Path

import pytest
from trio.testing import MockClock

from actors.features import Features
from runtime.system import Limits
from tests.support.embedded import embedded
from tests.transcripts.director import Director, Hand
from tests.transcripts.script import Scenario, read


def playable(scenario: Scenario, hand: Hand) -> bool:
    """Whether the scenario can be played so."""
    return scenario.not_by_sms == "" if hand is Hand.TEXTS else not scenario.only_by_sms


SELDOM = Limits(sweep_seconds=600)
"""No play leaves anything to sweep up, and an hour or a day of them would be most of the work."""

SCENARIOS = [scenario for path in sorted(Path(__file__).parent.glob("scenarios/*.txt")) for scenario in read(path)]
PLAYS = [(scenario, hand) for scenario in SCENARIOS for hand in Hand if playable(scenario, hand)]


@pytest.mark.parametrize(("scenario", "hand"), PLAYS, ids=[f"{scenario}-{hand.value}" for scenario, hand in PLAYS])
async def test_scenario(scenario: Scenario, hand: Hand, autojump_clock: MockClock) -> None:
    features = Features(recurring_payments=True, texting=scenario.texting)
    async with embedded(features=features, limits=SELDOM) as server:
        await Director(server, 1, hand=hand).play(scenario)
