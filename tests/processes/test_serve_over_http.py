"""Every scenario on ``vimbiso serve`` and ``vimbiso core`` as processes: signed webhooks in, Graph messages out."""

import signal
from collections.abc import Iterator

import httpx
import pytest

from actors.transport.client import http_client
from actors.transport.trio_transport import TrioTransport
from tests.support.processes import OverHttp, Processes, processes
from tests.transcripts.director import Director
from tests.transcripts.script import Scenario
from tests.transcripts.test_scenarios import SCENARIOS

TO_PLAY = [scenario for scenario in SCENARIOS if not scenario.needs_time and not scenario.only_by_sms]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """The three processes."""
    with processes(tmp_path_factory.mktemp("processes")) as started:
        yield started


@pytest.mark.parametrize("scenario", TO_PLAY, ids=str)
async def test_scenario(scenario: Scenario, running: Processes) -> None:
    async with http_client(TrioTransport()) as http:
        await Director(OverHttp(running, http), 100 + SCENARIOS.index(scenario)).play(scenario)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["told to stop", "killed"])
async def test_the_conversation_goes_on_after_a_restart(how: signal.Signals, running: Processes) -> None:
    scenario = next(scenario for scenario in SCENARIOS if scenario.number == "31")
    async with http_client(TrioTransport()) as http:
        stage = Restarting(running, http, how)
        await Director(stage, 300 + how).play(scenario)
        assert stage.codes == {0 if how is signal.SIGTERM else -signal.SIGKILL}


class Restarting(OverHttp):
    """The server is ended and started again before every webhook."""

    def __init__(self, running: Processes, http: httpx.AsyncClient, how: signal.Signals) -> None:
        super().__init__(running, http)
        self._how = how
        self.codes: set[int] = set()

    async def post(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        self.codes.add(self._running.restart(self._how))
        return await super().post(body, headers)


def test_no_line_of_the_log_holds_a_number_a_token_or_a_word_of_a_member(running: Processes) -> None:
    log = "\n".join(line for process in running.started for line in process.lines if line.startswith("{"))
    assert '"event":"turn"' in log
    for secret in ("2637800", "graph-token", "app-secret", "Tendai Moyo", "are you there", "How much do you want"):
        assert secret not in log
    assert "Traceback" not in log
