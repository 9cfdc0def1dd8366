"""The stage a scenario is played on, and the Given, When and Then sentences that set it."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from tests.support import webhooks
from tests.support.graph import Shown


class Stage(Protocol):
    """What a scenario needs of the world."""

    def now(self) -> datetime:
        """The server's time."""
        ...

    async def direct(self, *directions: dict[str, Any]) -> list[Any]:
        """Stage directions for credex-core."""
        ...

    async def post(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        """A webhook, signed unless other headers are given; the HTTP status."""
        ...

    async def notify(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        """A request for a notice, with the right key; the HTTP status."""
        ...

    async def sms(self, phone: str, text: str, times: int = 1) -> None:
        """A text message of a member, delivered so often."""
        ...

    async def messages(self, phone: str, count: int) -> list[Shown]:
        """Every message to this phone so far, once there are ``count`` and the server has nothing left to do."""
        ...

    async def delivery(self, phone: str) -> str:
        """What is recorded of the last message to this phone."""
        ...

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        ...


def handle_of(person: str, phone: str) -> str:
    """Handles are unique in the world: the person's name and the end of their number."""
    return f"{person.lower()}_{phone[-5:]}"


class Sentences:
    """What the sentences mean."""

    def __init__(self, stage: Stage, phone: Callable[[str], str]) -> None:
        self._stage = stage
        self._phone = phone
        self._counted_from: dict[str, int] = {}
        self._known = (
            (r"(\w+) is a member of tier (\d)", self._member),
            (r"(\w+) holds ([\d,.]+) ([A-Z]{3})", self._holds),
            (r"(\w+) has (\d+) accounts", self._accounts),
            (r"(\d+) offers? of ([\d,.]+) ([A-Z]{3}) from (\w+) waits? for (\w+)", self._offers),
            (r"the next (\w+) meets ([A-Z_]+)(?: for (\d+) seconds)?", self._trouble),
            (r"credex-core is down", self._down),
            (r"credex-core is well again", self._up),
            (r"we count (\w+) from here", self._count),
            (r"credex-core got (\w+) (\d+) times?", self._counted),
            (r"(\w+) has (\d+) (incoming|outgoing) offers?", self._has),
            (r"(\w+) pays ([\d,.]+) ([A-Z]{3}) to (\w+) elsewhere", self._pays),
            (r"(\w+) pays ([\d,.]+) ([A-Z]{3}) to (\w+) elsewhere, (\d+) times", self._pays),
            (r"the offer of ([\d,.]+) ([A-Z]{3}) to (\w+) is (accepted|declined|cancelled) elsewhere", self._ended),
            (r"the offer of ([\d,.]+) ([A-Z]{3}) to (\w+) has (expired)", self._ended),
            (r"the last message to (\w+) is reported (\w+), then (\w+)", self._reports),
            (r"the last message to (\w+) is recorded as (\w+)", self._recorded),
            (r'somebody posts "(.+)" for (\w+) (without a|with a wrong) signature, the answer is (\d+)', self._forge),
            (r"nothing was said to (\w+)", self._nothing_said),
            (r"the number of (\w+) is reported as changed", self._number_changed),
            (r"(\d+) minutes? pass(?:es)?", self._minutes),
            (r"minutes may pass", self._nothing),
            (r"by sms .+", self._nothing),
            (r"nothing is said here by sms", self._nothing),
        )

    async def carry_out(self, sentence: str) -> None:
        """Make it so, or see that it is so. Fails on a sentence nobody knows."""
        for pattern, act in self._known:
            if found := re.fullmatch(pattern, sentence):
                await act(*found.groups())
                return
        raise AssertionError(f"no such sentence: {sentence}")

    async def _member(self, person: str, tier: str) -> None:
        name = {"phone": self._phone(person), "first": person, "last": "Moyo", "tier": int(tier)}
        await self._do("add_member", **name, handle=self._handle(person))

    async def _holds(self, person: str, amount: str, denomination: str) -> None:
        await self._do("fund", handle=self._handle(person), amount=amount, denom=denomination)

    async def _accounts(self, person: str, count: str) -> None:
        owner = self._phone(person)
        for number in range(2, int(count) + 1):
            await self._do("add_account", owner_phone=owner, name=f"Shop {number}", handle=f"shop{number}_{owner}")

    async def _offers(self, count: str, amount: str, denomination: str, giver: str, taker: str) -> None:
        ends = {"from_handle": self._handle(giver), "to_handle": self._handle(taker)}
        for _ in range(int(count)):
            await self._do("offer", **ends, amount=amount, denom=denomination)

    async def _trouble(self, path: str, fault: str, seconds: str | None) -> None:
        await self._do("trouble", path=f"/{path}", fault=fault, seconds=float(seconds or 0))

    async def _down(self) -> None:
        await self._do("trouble", path="*", fault="REFUSED", times=None)

    async def _up(self) -> None:
        await self._do("no_trouble")

    async def _count(self, path: str) -> None:
        self._counted_from[path] = await self._do("calls", path=f"/{path}")

    async def _counted(self, path: str, count: str) -> None:
        calls = await self._do("calls", path=f"/{path}") - self._counted_from.get(path, 0)
        assert calls == int(count), f"/{path} was called {calls} times"

    async def _has(self, person: str, count: str, direction: str) -> None:
        found = await self._do("offers", handle=self._handle(person), direction=direction)
        assert found == int(count), f"{found} offers are {direction}"

    async def _nothing(self) -> None:
        """A remark for whoever chooses where to play it."""

    async def _minutes(self, count: str) -> None:
        await self._stage.wait(60 * float(count))

    async def _pays(self, giver: str, amount: str, denomination: str, taker: str, times: str = "1") -> None:
        ends = {"from_handle": self._handle(giver), "to_handle": self._handle(taker)}
        for _ in range(int(times)):
            await self._do("pay", **ends, amount=amount, denom=denomination)

    async def _ended(self, amount: str, denomination: str, taker: str, how: str) -> None:
        await self._do("end_offer", to_handle=self._handle(taker), amount=amount, how=how, denom=denomination)

    async def _reports(self, person: str, *kinds: str) -> None:
        phone = self._phone(person)
        last = (await self._stage.messages(phone, 1))[-1]
        for kind in kinds:
            report = webhooks.status(last.id, kind, phone, at=self._stage.now())
            assert await self._stage.post(webhooks.notification(statuses=(report,))) == 200

    async def _recorded(self, person: str, kind: str) -> None:
        assert await self._stage.delivery(self._phone(person)) == kind

    async def _forge(self, text: str, person: str, how: str, status: str) -> None:
        body = webhooks.notification(webhooks.text(self._phone(person), text, at=self._stage.now()))
        wrong = {"x-hub-signature-256": webhooks.signature(body, "a stranger's secret")}
        assert await self._stage.post(body, {} if how == "without a" else wrong) == int(status)

    async def _number_changed(self, person: str) -> None:
        message = webhooks.text(self._phone(person), "", at=self._stage.now())
        message |= {"type": "system", "system": {"type": "user_changed_number"}}
        assert await self._stage.post(webhooks.notification(message)) == 200

    async def _nothing_said(self, person: str) -> None:
        assert await self._stage.messages(self._phone(person), 0) == []

    def _handle(self, person: str) -> str:
        return handle_of(person, self._phone(person))

    async def _do(self, what: str, **arguments: Any) -> Any:  # noqa: ANN401 - JSON
        [result] = await self._stage.direct({"do": what, "with": arguments})
        return result
