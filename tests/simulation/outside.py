"""What the application calls: credex-core's simulator, a Graph API, a text message gateway, each a server of its own.

A request is served in a task of the world, so a caller that gives up or is killed takes nothing back: what has arrived
is carried out. The weather says how each request fares.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

import msgspec
import trio

from credex.simulator.core import CoreSimulator
from credex.simulator.faults import Fault
from tests.simulation.history import REFUSED, Arrived, History, Took, Tried
from tests.simulation.seeded import Random
from tests.simulation.weather import Weather
from tests.support.graph import GraphStandIn, Shown
from tests.support.kannel import KannelStandIn

Answer = tuple[int, Mapping[str, str], bytes]

MONEY = frozenset(
    {
        "/createCredex",
        "/acceptCredex",
        "/acceptCredexBulk",
        "/declineCredex",
        "/cancelCredex",
        "/hustler10k",
        "/createRecurring",
    }
)

_CORE_FAULTS = (
    (Fault.SLOW, 3.0),
    (Fault.SLOW, 12.0),
    (Fault.REFUSED, 0),
    (Fault.LOST_BEFORE, 0),
    (Fault.LOST_AFTER, 0),
    (Fault.ERROR_BEFORE, 0),
    (Fault.ERROR_AFTER, 0),
    (Fault.TOO_MANY, 5),
    (Fault.UNAUTHENTICATED, 0),
    (Fault.GARBAGE_BEFORE, 0),
)
_MONEY_FAULTS = (
    *_CORE_FAULTS,
    (Fault.GARBAGE_AFTER, 0),
    (Fault.SLOW_AFTER, 20),
    (Fault.SLOW_AFTER, 31),
    (Fault.SLOW, 31),
    (Fault.SLOW, 80),
    (Fault.LATE_WRITE, 20),
    (Fault.LATE_WRITE, 80),
    (Fault.SLOW_WRITE, 50),
    (Fault.LOST_AFTER, 25),
    (Fault.DENIED, 0),
)


class Server:
    """Serves each request in a task of the world. ``boundary`` hears of arrivals and answers."""

    def __init__(self, nursery: trio.Nursery, boundary: Callable[[str], bool]) -> None:
        self._nursery = nursery
        self.boundary = boundary

    async def respond(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Wait for the answer. Raises what the server's side raises."""
        exchange = _Exchange()
        self._nursery.start_soon(self._serve, exchange, (method, path, headers, body))
        await exchange.done.wait()
        if isinstance(exchange.answer, ConnectionError):
            raise exchange.answer
        return exchange.answer

    async def serve(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Do what is asked; a ``ConnectionError`` is what the caller gets instead of an answer."""
        raise NotImplementedError

    async def _serve(self, exchange: "_Exchange", request: Any) -> None:
        try:
            exchange.answer = await self.serve(*request)
        except ConnectionError as error:
            exchange.answer = error
        exchange.done.set()


class _Exchange:
    def __init__(self) -> None:
        self.done = trio.Event()
        self.answer: Answer | ConnectionError = ConnectionResetError()


class CoreServer(Server):
    """credex-core, by its simulator."""

    def __init__(
        self,
        nursery: trio.Nursery,
        boundary: Callable[[str], bool],
        core: CoreSimulator,
        *,
        history: History,
        weather: Weather,
        random: Random,
    ) -> None:
        super().__init__(nursery, boundary)
        self._core, self._history, self._weather, self._random = core, history, weather, random

    async def serve(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """By the fault plan, which gets a rule whenever the weather wants one."""
        fault = self._drawn(path)
        if fault is not None:
            kind, seconds = fault
            status = self._random.choice((500, 502, 503, 400))
            self._core.faults.add(path, kind, seconds=seconds, status=status)
        arrived = self._history.note(Arrived(path, body))
        self.boundary("core")
        try:
            answer = await self._core.respond(method, path, headers, body)
        except ConnectionRefusedError:  # of two at once, either may meet the trouble that was drawn for the other
            arrived.status = REFUSED
            raise
        arrived.status = answer[0]
        self.boundary("cored")
        return answer

    def _drawn(self, path: str) -> tuple[Fault, float] | None:
        chance = self._weather.money if path in MONEY else self._weather.core
        if chance == 0 or self._random.random() >= chance:
            return None
        return self._random.choice(_MONEY_FAULTS if path in MONEY else _CORE_FAULTS)


class _MessageServer(Server):
    """Takes messages for phones, or fails in one of the ways this fails. ``deliver`` brings what it took to a phone."""

    def __init__(
        self,
        nursery: trio.Nursery,
        boundary: Callable[[str], bool],
        *,
        deliver: Callable[[str, str, Shown], object],
        history: History,
        weather: Weather,
        random: Random,
    ) -> None:
        super().__init__(nursery, boundary)
        self._deliver, self._history, self._weather, self._random = deliver, history, weather, random
        self._faults: tuple[Callable[..., Awaitable[Answer]], ...] = (
            self._refused,
            self._lost_before,
            self._lost_after,
            self._slow,
            self._busy,
            self._unauthorized,
            self._failing,
        )

    async def serve(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Take the message, or fail in one of the ways it fails."""
        self.boundary("graph")
        if self._weather.graph and self._random.random() < self._weather.graph:
            return await self._random.choice(self._faults)(method, path, headers, body)
        return await self._take(method, path, headers, body)

    async def _take(self, *request: Any, lost: bool = False) -> Answer:
        answer, phone, shown = await self.carry(*request)
        reference = self.reference(*request)
        self._history.note(Took(reference, phone, shown, lost))
        self._deliver(phone, reference, shown)
        self.boundary("took")
        return answer

    async def carry(self, *request: Any) -> tuple[Answer, str, Shown]:
        """Take it: the answer, the phone, and what it shows."""
        raise NotImplementedError

    def reference(self, *request: Any) -> str:
        """Which effect of ours this message is."""
        raise NotImplementedError

    def _missed(self, request: Any) -> None:
        self._history.note(Tried(self.reference(*request)))

    async def _refused(self, *request: Any) -> Answer:
        self._missed(request)
        await trio.lowlevel.checkpoint()
        raise ConnectionRefusedError

    async def _lost_before(self, *request: Any) -> Answer:
        self._missed(request)
        await trio.sleep(self._random.choice((0, 1)))
        raise ConnectionResetError

    async def _lost_after(self, *request: Any) -> Answer:
        await self._take(*request, lost=True)
        raise ConnectionResetError

    async def _slow(self, *request: Any) -> Answer:
        seconds = self._random.choice((0.5, 3, 9, 15))
        await trio.sleep(seconds)
        return await self._take(*request, lost=seconds > _SENDING_LIMIT)

    async def _busy(self, *request: Any) -> Answer:
        self._missed(request)
        await trio.lowlevel.checkpoint()
        return 429, {"retry-after": "3"}, b'{"error":{"code":130429}}'

    async def _unauthorized(self, *request: Any) -> Answer:
        self._missed(request)
        await trio.lowlevel.checkpoint()
        return 401, {}, b'{"error":{"code":190}}'

    async def _failing(self, *request: Any) -> Answer:
        self._missed(request)
        await trio.lowlevel.checkpoint()
        return self._random.choice((500, 503)), {}, b"<html>upstream"


class GraphServer(_MessageServer):
    """Meta's Graph API."""

    def __init__(self, *around: Any, **trouble: Any) -> None:
        super().__init__(*around, **trouble)
        self._graph = GraphStandIn()

    async def carry(self, *request: Any) -> tuple[Answer, str, Shown]:
        """As Meta does."""
        answer = await self._graph.respond(*request)
        payload = msgspec.json.decode(request[3])
        phone = payload.get("to") or payload["recipient"]
        return answer, phone, self._graph.sent[phone][-1]

    def reference(self, *request: Any) -> str:
        """Meta keeps it for us."""
        return str(msgspec.json.decode(request[3]).get("biz_opaque_callback_data", ""))


class TextServer(_MessageServer):
    """A Kannel gateway, and the network behind it."""

    def __init__(self, *around: Any, **trouble: Any) -> None:
        super().__init__(*around, **trouble)
        self._gateway = KannelStandIn()

    async def carry(self, *request: Any) -> tuple[Answer, str, Shown]:
        """As Kannel does."""
        answer = await self._gateway.respond(*request)
        taken = self._gateway.taken[-1]
        return answer, taken.phone, Shown(self.reference(*request), "sms", taken.text)

    def reference(self, *request: Any) -> str:
        """It is in the address for reports."""
        reports_to: str = request[2]["x-kannel-dlr-url"]
        return parse_qs(reports_to.partition("?")[2])["ours"][0]


_SENDING_LIMIT = 10.0
"""Seconds a channel waits for an answer."""
