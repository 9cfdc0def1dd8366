"""Two servers on one store: the later one owns it, the earlier one stops at its next write and takes nothing along."""

import shutil
from pathlib import Path

import pytest
import trio

from actors.transport.client import http_client
from actors.transport.trio_transport import TrioTransport
from runtime.address import Address
from runtime.clock import SystemClock
from runtime.store import History
from tests.crash.world import World, world
from tests.support import webhooks

PHONE = "263770100000"


@pytest.mark.parametrize("store", ["sqlite", "redis"])
async def test_the_first_stops_and_what_it_accepted_is_answered_by_the_second(store: str, tmp_path: Path) -> None:
    if store == "redis" and shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed; `make test` gets it where it can")
    first_said, then_said = (webhooks.text(PHONE, text, at=SystemClock().now()) for text in ("hi", "menu"))
    with world(tmp_path, store) as running:
        running.spawn()
        running.wait_until_it_listens()
        earlier = running._serve
        running.spawn()
        running.wait_until_it_listens()
        later, running._serve = running._serve, earlier
        assert earlier is not None
        async with http_client(TrioTransport()) as http:
            assert await running.post(http, webhooks.notification(first_said))
            assert await trio.to_thread.run_sync(earlier._process.wait, 30) == 1
            running._serve = later
            assert await running.post(http, webhooks.notification(first_said, then_said))
            with trio.fail_after(30):
                while None in (versions := _versions(running)):  # noqa: ASYNC110 - another process sets no event of ours
                    await trio.sleep(0.05)
        assert len(versions) == 2
    assert any("another owner" in line for line in earlier.lines)


def _versions(running: World) -> list[int | None]:
    (history,) = running.ask_store(History(Address(f"member:{PHONE}")))
    return [seen.version for seen in history]
