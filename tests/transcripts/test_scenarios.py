"""Every scenario, played against the whole server in this process, in virtual time."""

from pathlib import Path

import pytest
from trio.testing import MockClock

from tests.support.embedded import embedded
from tests.transcripts.director import Director, Hand
from tests.transcripts.script import Scenario, read

SCENARIOS = [scenario for path in sorted(Path(__file__).parent.glob("scenarios/*.txt")) for scenario in read(path)]


@pytest.mark.parametrize("hand", Hand, ids=lambda hand: hand.value)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
async def test_scenario(scenario: Scenario, hand: Hand, autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await Director(server, 1, hand=hand).play(scenario)
