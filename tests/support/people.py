"""Short cuts to where a test begins: members with money, and how far a conversation has come."""

from typing import Any

from tests.support import webhooks
from tests.support.embedded import Embedded
from tests.support.graph import Shown

RUDO = "263770000301"
TENDAI = "263770000302"


async def rudo_and_tendai(server: Embedded) -> None:
    """Tendai (tier 3) holds 100.00 USD, Rudo (tier 1) nothing; their handles are ``tendai`` and ``rudo``."""
    await server.direct(
        do("add_member", phone=RUDO, first="Rudo", last="Moyo", tier=1, handle="rudo"),
        do("add_member", phone=TENDAI, first="Tendai", last="Ncube", tier=3, handle="tendai"),
        do("fund", handle="tendai", amount="100.00"),
    )


def do(what: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A stage direction."""
    return {"do": what, "with": arguments}


async def say(server: Embedded, phone: str, *texts: str) -> list[Shown]:
    """Type these, each after the answer to the last; every message to the phone so far."""
    for text in texts:
        message = webhooks.text(phone, text, at=server.now())
        assert await server.post(webhooks.notification(message)) == 200
        await server.messages(phone, 0)
    return await server.messages(phone, 0)


async def confirm_screen(server: Embedded) -> Shown:
    """Take Tendai to the confirm screen of an offer of 5.00 USD to Rudo."""
    shown = await say(server, TENDAI, "hi", "Offer Secured Credex", "5", "rudo")
    assert shown[-1].choice("Sign and Send")
    return shown[-1]


def tap(server: Embedded, phone: str, screen: Shown, title: str) -> bytes:
    """The webhook of a tap on this screen."""
    choice = screen.choice(title)
    assert choice is not None
    return webhooks.notification(webhooks.tap(phone, screen.kind, choice, title, at=server.now()))
