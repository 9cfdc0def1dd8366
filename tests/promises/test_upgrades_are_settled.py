"""The tier upgrade moves money: sent once, settled by the tier. A process that died before it sent it wanted it."""

from typing import Any

import msgspec
import pytest
import trio
from trio.testing import MockClock

from actors import effects
from actors.effects import Ask
from actors.payments import Before, PaymentRecord, PaymentState
from actors.remembered import MemberSnapshot
from channels.message import Peer
from credex.commands import UpgradeTier
from credex.model import AccountId, Phone
from credex.simulator.core import CoreSimulator
from credex.simulator.faults import Fault
from credex.simulator.seeds import founded_world
from runtime.address import Address, partition_of
from runtime.clock import VirtualClock
from runtime.memory_store import MemoryStore
from runtime.store import Claim, Commit, Owed, Payment, Payments
from tests.support.embedded import START, embedded
from tests.support.graph import LINE

PHONE = Phone("263770000401")
MEMBER = Address(f"member:{PHONE}")
WANTED = f"{MEMBER}/1#0"


def left_behind(account: AccountId) -> MemoryStore:
    """A store in which a member has consented to an upgrade that nobody has sent yet."""
    store = MemoryStore()
    store.open()
    partition, peer = partition_of(MEMBER), Peer("whatsapp", LINE, PHONE)
    [epoch] = store.run([Claim(partition, "before")])
    before, command = Before(account=account, tier=1), UpgradeTier(PHONE, account)
    ask = Ask(peer, command, f"{MEMBER}/1", START, before)
    record = PaymentRecord(command=command, consented_in=f"{MEMBER}/1", at=START, before=before)
    store.run(
        [
            Commit(
                partition=partition,
                epoch=epoch,
                address=MEMBER,
                version=1,
                snapshot=msgspec.msgpack.encode(MemberSnapshot({})),
                owes=(Owed(id=WANTED, lane="ask", body=effects.encode(ask)),),
                payments=(
                    Payment(id=WANTED, address=MEMBER, state=PaymentState.INTENT, body=msgspec.msgpack.encode(record)),
                ),
            )
        ]
    )
    return store


@pytest.mark.parametrize(
    ("fault", "funds", "calls", "tier", "ended"),
    [
        (None, "9.00", 1, 3, ("done", "TierUpgraded")),
        (None, None, 1, 1, ("refused", "Refused")),
        ({"fault": "LOST_AFTER"}, "9.00", 1, 3, ("settled", "done")),
        ({"fault": "ERROR_AFTER", "status": 500}, "9.00", 1, 3, ("settled", "done")),
        ({"fault": "SLOW_AFTER", "seconds": 60}, "9.00", 1, 3, ("settled", "done")),
        ({"fault": "SLOW_WRITE", "seconds": 100}, "9.00", 1, 3, ("settled", "done")),
        ({"fault": "LOST_BEFORE"}, "9.00", 1, 1, ("settled", "not done")),
        ({"fault": "ERROR_BEFORE", "status": 500}, "9.00", 1, 1, ("settled", "not done")),
        ({"fault": "REFUSED", "times": 1}, "9.00", 1, 3, ("done", "TierUpgraded")),
    ],
)
async def test_scenario_52_an_upgrade_is_paid_once_and_its_end_is_known(
    fault: dict[str, Any] | None,
    funds: str | None,
    calls: int,
    tier: int,
    ended: tuple[str, str],
    autojump_clock: MockClock,
) -> None:
    clock = VirtualClock(START)
    core = CoreSimulator(founded_world(START.date()), now=clock.now, client_key="key", rate_limit=None)
    core.world.add_member(phone=PHONE, first="Tariro", last="Moyo", tier=1, handle="tariro")
    if funds is not None:
        core.world.fund(handle="tariro", amount=funds)
    if fault is not None:
        core.faults.add("/hustler10k", Fault[fault["fault"]], **{key: fault[key] for key in fault if key != "fault"})
    store = left_behind(AccountId(core.world.account("tariro").id))
    async with embedded(store=store, core=core, clock=clock) as server:
        await server.messages(PHONE, 0)
        await trio.sleep(60)
        core.catch_up()
        assert len(core.calls_to("/hustler10k")) == calls
        assert core.world.member(PHONE).tier == tier
        [payments] = store.run([Payments(MEMBER)])
        record = msgspec.msgpack.decode(payments[0].body, type=PaymentRecord)
        assert (payments[0].state, record.ended) == ended
