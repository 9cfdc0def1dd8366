"""The stage behind the simulated core: build its world, order its trouble, count its calls, over HTTP.

Not part of credex-core's contract. For tests and demonstrations against ``vimbiso core``, and open only when a key was
given at its start (``x-stage-key``). One request is a JSON array of ``{"do": name, "with": {...}}``; the answer is the
array of results.

    [{"do": "add_member", "with": {"phone": "263770000301", "first": "Tariro", "last": "Moyo", "tier": 1}},
     {"do": "fund", "with": {"handle": "263770000301", "amount": "25.00"}},
     {"do": "trouble", "with": {"path": "/createCredex", "fault": "LOST_AFTER"}}]
"""

import hmac
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from credex.simulator.core import CoreSimulator
from credex.simulator.faults import Fault
from credex.simulator.records import CredexRecord

PATH = "/simulator/stage"


class Direction(msgspec.Struct, frozen=True):
    """One thing for the stage hands to do."""

    do: str
    arguments: dict[str, Any] = msgspec.field(name="with", default_factory=dict)


_directions = msgspec.json.Decoder(list[Direction])


class Stage:
    """Carries directions out. Without a key it is closed."""

    def __init__(self, core: CoreSimulator, key: str | None) -> None:
        self._key = key
        world = core.world

        def trouble(path: str, fault: str, **more: Any) -> None:  # noqa: ANN401 - times, skip, status, seconds
            core.faults.add(path, Fault[fault], **more)

        def offer(*, due: str | None = None, **terms: Any) -> None:  # noqa: ANN401 - as World.offer has them
            world.offer(**terms, due=None if due is None else date.fromisoformat(due))

        def account(handle: str) -> str:
            return world.account(handle).id

        self._hands: Mapping[str, Callable[..., object]] = {
            "add_member": world.add_member,
            "add_account": world.add_account,
            "fund": world.fund,
            "pay": world.pay,
            "offer": offer,
            "end_offer": world.end_offer,
            "trouble": trouble,
            "no_trouble": core.faults.clear,
            "calls": lambda path: len(core.calls_to(path)),
            "offers": lambda handle, direction="both": len(world.offers_of(handle, direction)),
            "account": account,
            "given": lambda handle: [_told(one) for one in world.credexes_of(handle) if one.issuer == account(handle)],
        }

    def direct(self, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Status and JSON: 200 with the results, 403 without the key, 400 with the reason for a wrong direction."""
        given = headers.get("x-stage-key", "")
        if self._key is None or not hmac.compare_digest(given.encode(), self._key.encode()):
            return 403, b'{"error":"no stage key"}'
        try:
            results = [self._carry_out(direction) for direction in _directions.decode(body)]
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
            return 400, msgspec.json.encode({"error": f"{type(error).__name__}: {error}"})
        return 200, msgspec.json.encode(results)

    def _carry_out(self, direction: Direction) -> object:
        result = self._hands[direction.do](**direction.arguments)
        return result if isinstance(result, int | str | list) else None


def _told(credex: CredexRecord) -> dict[str, object]:
    moments = {
        "made": credex.created_at,
        "accepted": credex.accepted_at,
        "declined": credex.declined_at,
        "cancelled": credex.cancelled_at,
    }
    return {
        "id": credex.id,
        "issuer": credex.issuer,
        "receiver": credex.receiver,
        "amount": f"{credex.initial}",
        "denomination": credex.denomination,
        "state": credex.state,
        "times": {step: moment.isoformat() for step, moment in moments.items() if moment is not None},
    }
