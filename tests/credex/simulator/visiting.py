"""A visitor of the simulated core: posts JSON, keeps the token, and has every answer judged by the OpenAPI document."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from credex.simulator.core import CoreSimulator
from credex.simulator.world import World
from tests.credex.simulator import openapi

TODAY = date(2025, 2, 10)
CLIENT_KEY = "the chat server's key"
DEV_KEY = "the developer's key"


class Time:
    """A clock that stands still until told."""

    def __init__(self) -> None:
        self.moment = datetime(2025, 2, 10, 9, 15, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def passes(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Heard:
    """An answer, as a client reads it."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def type(self) -> str:
        return str(self.body["data"]["action"]["type"])

    @property
    def id(self) -> Any:  # noqa: ANN401 - JSON
        return self.body["data"]["action"]["id"]

    @property
    def details(self) -> dict[str, Any]:
        found: dict[str, Any] = self.body["data"]["action"]["details"]
        return found

    @property
    def code(self) -> str:
        return str(self.details["code"])

    @property
    def dashboard(self) -> dict[str, Any]:
        found: dict[str, Any] = self.body["data"]["dashboard"]
        return found

    @property
    def account(self) -> dict[str, Any]:
        (only,) = self.dashboard["accounts"]
        found: dict[str, Any] = only
        return found


class Visitor:
    """Somebody at the door of the core; ``login`` makes a member of them."""

    def __init__(self, core: CoreSimulator) -> None:
        self.core = core
        self.token: str | None = None

    async def send(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Heard:
        status, answered, content = await self.core.respond(method, path, headers, body)
        openapi.check(method, path, status, answered, content)
        is_json = answered["content-type"].startswith("application/json")
        return Heard(status, answered, json.loads(content) if is_json else content.decode())

    async def post(self, path: str, **body: object) -> Heard:
        headers = {"X-Client-API-Key": CLIENT_KEY, "Content-Type": "application/json"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        return await self.send("POST", path, headers, json.dumps(body).encode())

    async def login(self, phone: str) -> Heard:
        heard = await self.post("/login", phone=phone)
        if heard.status == 200:
            self.token = heard.details["token"]
        return heard

    async def offer(self, source: str, target: str, amount: object = "5", **terms: object) -> Heard:
        """Offer from handle to handle: secured USD unless told."""
        world = self.core.world
        body = {
            "issuerAccountID": world.account(source).id,
            "receiverAccountID": world.account(target).id,
            "Denomination": "USD",
            "InitialAmount": amount,
            "credexType": "PURCHASE",
            "OFFERSorREQUESTS": "OFFERS",
            "securedCredex": True,
        }
        return await self.post("/createCredex", **(body | terms))


def small_world() -> World:
    """Rudo of tier 3 with 100 USD, Tendai of tier 1 with 25 USD, Nyasha with nothing."""
    world = World(TODAY)
    world.add_member("263770000201", "Rudo", "Moyo", 3, "rudo")
    world.add_member("263770000202", "Tendai", "Ncube", handle="tendai")
    world.add_member("263770000205", "Nyasha", "Gumbo", handle="nyasha")
    world.fund("rudo", "100")
    world.fund("tendai", "25")
    return world


RUDO, TENDAI, NYASHA = "263770000201", "263770000202", "263770000205"


def core_over(world: World, time: Time, **switches: Any) -> CoreSimulator:  # noqa: ANN401 - CoreSimulator's own
    """A core without a rate limit unless told."""
    return CoreSimulator(world, now=time, client_key=CLIENT_KEY, **({"rate_limit": None} | switches))


async def member_of(core: CoreSimulator, phone: str) -> Visitor:
    """A visitor who has logged in."""
    visitor = Visitor(core)
    await visitor.login(phone)
    return visitor
