"""The whole way of a text message: signed webhook in, the member's actor, the answer out by Twilio."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from trio.testing import MockClock

from runtime.clock import VirtualClock
from runtime.store import Deliveries
from tests.support import twilio
from tests.support.embedded import START, Embedded, embedded
from tests.support.people import TENDAI, rudo_and_tendai
from tests.support.twilio import PREVIOUS, TwilioStandIn


@asynccontextmanager
async def texting() -> AsyncIterator[tuple[Embedded, TwilioStandIn]]:
    """A server that is texted by Twilio, and Twilio; Tendai and Rudo are members."""
    clock = VirtualClock(START)
    stand_in = TwilioStandIn(clock.now)
    async with embedded(clock=clock, texting=stand_in) as server:
        await rudo_and_tendai(server)
        yield server, stand_in


async def texts(server: Embedded, stand_in: TwilioStandIn, *said: str) -> list[str]:
    """What Tendai's phone got by now, after these were said, each after the answer to the last."""
    for body in said:
        status, kind, answer = await server.posted_by_twilio(twilio.text(TENDAI, body))
        assert (status, kind, answer.endswith(b"<Response/>")) == (200, "text/xml", True)
        await server.messages(TENDAI, 0)
    return list(stand_in.sent[TENDAI])


async def test_a_member_who_texts_is_answered_from_the_number_they_wrote_to() -> None:
    async with texting() as (server, stand_in):
        answers = await texts(server, stand_in, "hi")
        assert "@tendai" in answers[-1], answers
        assert {taken.ours for taken in stand_in.taken} == {twilio.OURS}
        assert server.graph.sent[TENDAI] == []


async def test_a_conversation_goes_on_from_text_to_text() -> None:
    async with texting() as (server, stand_in):
        answers = await texts(server, stand_in, "hi", " 1) ")
        assert "How much" in answers[-1]


async def test_a_message_that_comes_twice_is_answered_once() -> None:
    async with texting() as (server, stand_in):
        form = twilio.text(TENDAI, "hi")
        for _ in range(3):
            assert (await server.posted_by_twilio(form))[0] == 200
        answers = await server.messages(TENDAI, 0) or await texts(server, stand_in)
        assert (server.application.intake.accepted, server.application.intake.duplicates) == (1, 2)
        assert answers == await texts(server, stand_in)
        assert len(set(answers)) == len(answers)


async def test_a_message_nobody_signed_changes_nothing() -> None:
    async with texting() as (server, stand_in):
        form = twilio.text(TENDAI, "hi")
        headers, _ = twilio.signed(form, twilio.MESSAGES, token="another")
        status, _, answer = await server.posted_by_twilio(form, headers=headers)
        assert (status, answer) == (403, b"refused")
        assert (await texts(server, stand_in), server.application.intake.accepted) == ([], 0)
        assert server.application.counts["twilio wrong signature"] == 1
        older, _ = twilio.signed(form, twilio.MESSAGES, token=PREVIOUS)
        assert (await server.posted_by_twilio(form, headers=older))[0] == 200


async def test_an_answer_that_twilio_took_and_lost_its_word_on_comes_once(autojump_clock: MockClock) -> None:
    assert autojump_clock.autojump_threshold == 0
    async with texting() as (server, stand_in):
        stand_in.losing = 1
        answers = await texts(server, stand_in, "hi")
        assert len(answers) == len(set(answers)) > 0
        assert stand_in.asked[:2] == ["POST", "GET"]
        assert (await server.application.status.view())["dead_letters"] == 0


async def test_an_answer_that_twilio_is_too_busy_for_comes_later(autojump_clock: MockClock) -> None:
    assert autojump_clock.autojump_threshold == 0
    async with texting() as (server, stand_in):
        stand_in.refusals = [(429, 20429)] * 3
        assert await texts(server, stand_in, "hi")


async def test_a_report_finds_its_message_and_never_falls_back() -> None:
    async with texting() as (server, stand_in):
        await texts(server, stand_in, "hi")
        taken = stand_in.taken[-1]
        callback = urlsplit(taken.callback)
        target = f"{callback.path}?{callback.query}"
        for value in ("sent", "delivered", "sent", "queued", "partially_delivered"):
            form = twilio.status(taken.sid, value)
            assert (await server.posted_by_twilio(form, target))[0] == 200
        [known] = server.store.run([Deliveries((f"twilio:{taken.sid}",))])
        assert known[0].status == "delivered"
        assert known[0].ours is not None
        assert known[0].ours.startswith(f"member:{TENDAI}/")
        assert server.application.counts["twilio status"] == 1


async def test_a_report_that_it_failed_is_kept_with_its_code() -> None:
    async with texting() as (server, stand_in):
        await texts(server, stand_in, "hi")
        sid = stand_in.taken[-1].sid
        form = twilio.status(sid, "undelivered", ErrorCode="30003")
        assert (await server.posted_by_twilio(form, twilio.REPORTS))[0] == 200
        [known] = server.store.run([Deliveries((f"twilio:{sid}",))])
        assert (known[0].status, known[0].error) == ("failed", 30003)
