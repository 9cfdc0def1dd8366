"""Reports that become mail: only of what we said ourselves, once, and with nothing taken from the report but its id."""

from datetime import UTC, datetime

import msgspec
import pytest
import trio
from trio.testing import MockClock

from actors import effects
from actors.effects import Ask, Say
from actors.undelivered import PATIENCE, Returned
from channels.message import (
    DeliveryReport,
    DeliveryStatus,
    InboundMessage,
    OutboundMessage,
    Peer,
    Trouble,
    Undelivered,
)
from credex.commands import Login
from credex.model import Phone
from runtime.store import Delivery

NOW = datetime(2026, 9, 20, 10, 0, tzinfo=UTC)
PEER = Peer("sms", "twilio:+263771000001", "263770000301")
SAY = Say(PEER, OutboundMessage(text="Hello"), tries=2)
OURS = "member:263770000301/7#0"


def sent(name: str = "twilio:SM1", ours: str | None = OURS, body: bytes | None = effects.encode(SAY)) -> Delivery:
    return Delivery(id=name, rank=0, status="sent", at=NOW, ours=ours, body=body)


def report(trouble: Trouble | None = Trouble.PASSING, ours: str | None = None) -> DeliveryReport:
    return DeliveryReport(
        id="twilio:SM1", status=DeliveryStatus.FAILED, at=NOW, ours=ours, error=30003, trouble=trouble
    )


class Shelf:
    """What is stored, by what moment of Trio's clock it is; ``asked`` counts the questions."""

    def __init__(self, *known: Delivery, since: float = 0) -> None:
        self.known, self.since, self.asked = known, since, 0

    async def __call__(self, ids: tuple[str, ...]) -> list[Delivery]:
        await trio.lowlevel.checkpoint()
        self.asked += 1
        return [one for one in self.known if one.id in ids and trio.current_time() >= self.since]


async def test_a_message_that_did_not_arrive_is_mail_for_the_actor_that_said_it() -> None:
    [mail] = await Returned(Shelf(sent(), sent("twilio:SM2")))([report(ours="member:263779999999/1#0")], NOW)
    assert (mail.id, mail.address, mail.accepted_at) == ("undelivered:twilio:SM1", "member:263770000301", NOW)
    message = msgspec.msgpack.decode(mail.body, type=InboundMessage)
    content = Undelivered(id="twilio:SM1", trouble=Trouble.PASSING, tries=2)
    assert message == InboundMessage(id=mail.id, peer=PEER, at=NOW, content=content)


async def test_a_report_told_five_times_in_one_request_is_one_mail() -> None:
    assert len(await Returned(Shelf(sent()))([report()] * 5, NOW)) == 1


@pytest.mark.parametrize(
    "known",
    [
        [],
        [sent("twilio:SM2")],
        [sent(body=None)],
        [sent(ours=None)],
        [sent(body=effects.encode(Ask(PEER, Login(phone=Phone(PEER.name)), "member:263770000301/7", NOW)))],
    ],
    ids=["nothing", "another", "arrived, or not kept", "never ours", "no message"],
)
async def test_what_we_never_said_or_do_not_keep_is_no_mail(known: list[Delivery], autojump_clock: MockClock) -> None:
    assert await Returned(Shelf(*known))([report(ours=OURS)], NOW) == ()


async def test_other_reports_are_no_mail_and_ask_no_store() -> None:
    shelf = Shelf(sent())
    others = [
        DeliveryReport(id="twilio:SM1", status=status, at=NOW, trouble=Trouble.PASSING)
        for status in DeliveryStatus
        if status is not DeliveryStatus.FAILED
    ]
    assert await Returned(shelf)([*others, report(trouble=None)], NOW) == ()
    assert shelf.asked == 0


async def test_a_report_that_overtakes_the_receipt_is_looked_at_once_more_a_moment_later(
    autojump_clock: MockClock,
) -> None:
    shelf = Shelf(sent(), since=PATIENCE / 2)
    assert len(await Returned(shelf)([report()], NOW)) == 1
    assert (shelf.asked, trio.current_time()) == (2, PATIENCE)


async def test_chat_whose_words_are_not_kept_is_not_waited_for() -> None:
    shelf = Shelf(sent(body=None))
    assert await Returned(shelf)([report()], NOW) == ()
    assert shelf.asked == 1
