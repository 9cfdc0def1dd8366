"""Who writes, what they write, and what credex-core knows of them. All of them are invented."""

import itertools
from dataclasses import dataclass

import trio

from actors.member import MemberBehaviour, address_of, envelope_of
from channels.message import InboundMessage, Peer, Text
from credex.answers import Answer as CoreAnswer
from credex.answers import read_answer
from credex.commands import Login
from credex.model import Phone
from credex.outcomes import Outcome
from credex.simulator.core import CoreSimulator
from credex.simulator.seeds import demo_world
from runtime.clock import SystemClock
from runtime.envelope import Answer
from runtime.turn import Turn
from tests.support import webhooks
from tests.support.graph import LINE

RUDO = "263770000201"
"""Whose dashboard everybody gets: one account, two denominations, an offer on its way."""
_KEY = "key"


@dataclass(frozen=True, slots=True)
class Post:
    """One webhook, ready to go out."""

    phone: str
    request: bytes


class Crowd:
    """Members without end, each of whom says ``hi`` once."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def posts(self, count: int) -> list[Post]:
        """Webhooks of so many further members, signed. Build them before the clock runs."""
        at = SystemClock().now()
        posts = []
        for number in itertools.islice(self._numbers, count):
            phone = f"26378{number:07d}"
            message = webhooks.text(phone, "hi", at=at) | {"id": f"wamid.HBgMMjYzNzg{number:032d}"}
            posts.append(Post(phone, _post(webhooks.notification(message))))
        return posts


def words_of(phone: str, count: int) -> list[Post]:
    """Webhooks of one member who says ``help`` so many times."""
    at = SystemClock().now()
    notifications = (webhooks.notification(webhooks.text(phone, "help", at=at)) for _ in range(count))
    return [Post(phone, _post(body)) for body in notifications]


def _post(body: bytes) -> bytes:
    lines = (
        "POST /bot/webhook HTTP/1.1",
        "Host: chat.example",
        "User-Agent: facebookexternalua",
        "Accept: */*",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"X-Hub-Signature-256: {webhooks.signature(body)}",
    )
    return "\r\n".join((*lines, "", "")).encode() + body


def core_says() -> bytes:
    """The body of credex-core's answer to Rudo's login. Runs Trio, so not under another event loop."""
    clock = SystemClock()
    core = CoreSimulator(demo_world(clock.now().date()), now=clock.now, client_key=_KEY, rate_limit=None)
    headers = {"x-client-api-key": _KEY, "content-type": "application/json"}
    status, _, body = trio.run(core.respond, "POST", "/login", headers, b'{"phone":"%s"}' % RUDO.encode())
    if status >= 400:
        raise ValueError(f"the simulated credex-core answered {status}")
    return body


def says(phone: str, text: str, number: int) -> InboundMessage:
    """A message as a channel hands it over."""
    peer = Peer("whatsapp", LINE, phone)
    return InboundMessage(id=f"wa:{LINE}:wamid.{number}", peer=peer, at=SystemClock().now(), content=Text(text))


def snapshot_at_dashboard() -> bytes:
    """What an actor remembers of Rudo after ``hi`` and a login."""
    behaviour, now = MemberBehaviour(), SystemClock().now()
    hi = says(RUDO, "hi", 0)
    address = address_of(hi.peer)
    asking = behaviour.receive(address, None, envelope_of(hi, accepted_at=now), Turn(f"{address}/1", now, 1))
    ask = asking.owes[-1]
    answer = Answer(ask.id, ask.body, _logged_in())
    return behaviour.receive(address, asking.snapshot, answer, Turn(f"{address}/2", now, 2)).snapshot


def _logged_in() -> Outcome:
    outcome = read_answer(Login(Phone(RUDO)), CoreAnswer(200, core_says()))
    if not isinstance(outcome, Outcome):
        raise TypeError("credex-core's answer cannot be read")
    return outcome
