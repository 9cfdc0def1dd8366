"""A process dies while an offer is being sent, and the next one begins on a store that stumbles: still sent once."""

from collections.abc import Sequence
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from credex.simulator.core import CoreSimulator
from credex.simulator.seeds import founded_world
from runtime.clock import VirtualClock
from runtime.errors import StoreUnavailable
from runtime.memory_store import MemoryStore
from runtime.store import Operation, Payments, Record
from tests.support.embedded import START, embedded
from tests.support.graph import GraphStandIn
from tests.support.people import TENDAI, confirm_screen, do, rudo_and_tendai, tap


class Stumbling(MemoryStore):
    """A store that does not answer the next ``failures`` writes of a payment's step; ``after`` having made them."""

    def __init__(self, *, after: bool) -> None:
        super().__init__()
        self.failures = 0
        self._after = after

    def run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        if self.failures and any(isinstance(operation, Record) for operation in operations):
            self.failures -= 1
            if self._after:
                super().run(operations)
            raise StoreUnavailable("stumbled")
        return super().run(operations)


@pytest.mark.parametrize("after", [False, True], ids=["before the write", "after the write"])
@pytest.mark.parametrize("failures", [0, 1, 3])
async def test_an_offer_sent_by_a_process_that_died_is_never_sent_by_the_next(
    failures: int,
    after: bool,  # noqa: FBT001 - a parameter of this test
    autojump_clock: MockClock,
) -> None:
    clock, graph, store = VirtualClock(START), GraphStandIn(), Stumbling(after=after)
    core = CoreSimulator(founded_world(START.date()), now=clock.now, client_key="key", rate_limit=None)
    with trio.move_on_after(10):
        async with embedded(store=store, core=core, graph=graph, clock=clock) as server:
            await rudo_and_tendai(server)
            screen = await confirm_screen(server)
            await server.direct(do("trouble", path="/createCredex", fault="SLOW_AFTER", seconds=25))
            await server.post(tap(server, TENDAI, screen, "Sign and Send"))
            await trio.sleep_forever()
    store.failures = failures
    async with embedded(store=store, core=core, graph=graph, clock=clock) as server:
        shown = await server.messages(TENDAI, 0)
        assert any("I do not know yet whether your offer of 5.00 USD" in message.text for message in shown)
        assert "I have checked: your offer went through" in shown[-1].text
        assert len(core.calls_to("/createCredex")) == 1
        [payments] = store.run([Payments(f"member:{TENDAI}")])  # type: ignore[arg-type]  # an address
        assert [payment.state for payment in payments] == ["settled"]
