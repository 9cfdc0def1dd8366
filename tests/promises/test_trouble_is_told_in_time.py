"""credex-core down, hanging, broken or too busy: the member hears so within five seconds."""

from collections.abc import Callable
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from actors.policies import SLOW, WORKING
from tests.support import webhooks
from tests.support.embedded import Embedded, embedded
from tests.support.graph import Shown
from tests.support.people import RUDO, TENDAI, confirm_screen, do, rudo_and_tendai, say, tap

IN_TIME = 5.0
NEWCOMER = "263771234567"

REFUSED: dict[str, Any] = {"fault": "REFUSED"}
HANGING: dict[str, Any] = {"fault": "SLOW", "seconds": 3600}
BROKEN = {"fault": "ERROR_BEFORE", "status": 500}
BUSY = {"fault": "TOO_MANY", "seconds": 60}
TROUBLES: dict[str, dict[str, Any]] = {"refused": REFUSED, "hanging": HANGING, "broken": BROKEN, "busy": BUSY}

SLOWLY = "The credex ledger is slow"


async def _arriving(server: Embedded) -> tuple[str, bytes]:
    await rudo_and_tendai(server)
    return TENDAI, _typed(server, TENDAI, "hi")


async def _looking_up(server: Embedded) -> tuple[str, bytes]:
    await rudo_and_tendai(server)
    await say(server, TENDAI, "hi", "Offer Secured Credex", "5")
    return TENDAI, _typed(server, TENDAI, "rudo")


async def _paying(server: Embedded) -> tuple[str, bytes]:
    await rudo_and_tendai(server)
    return TENDAI, tap(server, TENDAI, await confirm_screen(server), "Sign and Send")


async def _accepting(server: Embedded) -> tuple[str, bytes]:
    await rudo_and_tendai(server)
    await server.direct(do("offer", from_handle="tendai", to_handle="rudo", amount="5.00", denom="USD"))
    await say(server, RUDO, "hi", "Accept Offers", "1")
    return RUDO, _typed(server, RUDO, "yes")


async def _joining(server: Embedded) -> tuple[str, bytes]:
    await say(server, NEWCOMER, "hi", "join", "Tariro", "Moyo")
    return NEWCOMER, _typed(server, NEWCOMER, "yes")


TOLD: dict[str, dict[str, str]] = {
    "arriving": {"refused": "cannot be reached", "hanging": SLOWLY, "broken": "cannot be reached", "busy": "very busy"},
    "looking up": {
        "refused": "cannot be reached",
        "hanging": SLOWLY,
        "broken": "cannot be reached",
        "busy": "very busy",
    },
    "paying": {
        "refused": "was not sent. The credex ledger cannot be reached",
        "hanging": SLOWLY,
        "broken": "I do not know yet",
        "busy": "was not sent. The credex ledger is very busy",
    },
    "accepting": {
        "refused": "cannot be reached",
        "hanging": SLOWLY,
        "broken": "I do not know yet",
        "busy": "very busy",
    },
    "joining": {"refused": "cannot be reached", "hanging": SLOWLY, "broken": "cannot be reached", "busy": "very busy"},
}
DOING: dict[str, Callable[[Embedded], Any]] = {
    "arriving": _arriving,
    "looking up": _looking_up,
    "paying": _paying,
    "accepting": _accepting,
    "joining": _joining,
}


WORKING_LINES = {
    "arriving": "Opening your account...",
    "looking up": "Looking for @rudo...",
    "paying": "Sending your offer...",
    "accepting": "Accepting the offer...",
    "joining": "Opening your new account...",
}


def _typed(server: Embedded, phone: str, text: str) -> bytes:
    return webhooks.notification(webhooks.text(phone, text, at=server.now()))


async def _within(server: Embedded, phone: str, body: bytes, seconds: float) -> list[Shown]:
    """What the member is shown within so many seconds of saying this."""
    before = len(server.graph.sent[phone])
    assert await server.post(body) == 200
    await trio.sleep(seconds)
    return server.graph.sent[phone][before:]


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("what", DOING)
async def test_trouble_is_told_within_five_seconds(what: str, trouble: str, autojump_clock: MockClock) -> None:
    async with embedded() as server:
        phone, body = await DOING[what](server)
        await server.direct(do("trouble", path="*", times=None, **TROUBLES[trouble]))
        shown = await _within(server, phone, body, IN_TIME)
        told = "\n---\n".join(message.text for message in shown)
        assert TOLD[what][trouble] in told
        assert told.count(SLOWLY) <= 1
        await server.direct(do("no_trouble"))


async def test_a_login_that_fails_is_told_once_and_not_repeated_for_ever(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        await server.direct(do("trouble", path="*", times=None, **HANGING))
        shown = await _within(server, TENDAI, _typed(server, TENDAI, "hi"), 3600)
        hello, working, slow, down = (message.text for message in shown)
        assert "Welcome to credex" in hello
        assert "Opening your account..." in working
        assert SLOWLY in slow
        assert "cannot be reached at the moment" in down
        assert len(server.core.calls_to("/login")) <= 3


@pytest.mark.parametrize("what", DOING)
async def test_slow_is_said_once_and_only_when_it_is_slow(what: str, autojump_clock: MockClock) -> None:
    async with embedded() as server:
        phone, body = await DOING[what](server)
        await server.direct(do("trouble", path="*", fault="SLOW_AFTER", seconds=SLOW + 2))
        shown = await _within(server, phone, body, 60)
        assert sum(SLOWLY in message.text for message in shown) == 1
        assert sum(WORKING_LINES[what] in message.text for message in shown) == 1
        assert not any("cannot be reached" in message.text for message in shown), "slow is not down"


@pytest.mark.parametrize("what", DOING)
async def test_a_credex_core_that_takes_three_seconds_is_no_trouble(what: str, autojump_clock: MockClock) -> None:
    async with embedded() as server:
        phone, body = await DOING[what](server)
        await server.direct(do("trouble", path="*", fault="SLOW", times=None, seconds=3))
        shown = await _within(server, phone, body, 60)
        assert not any(SLOWLY in message.text or "cannot be reached" in message.text for message in shown)


@pytest.mark.parametrize(("seconds", "lines"), [(0.0, 0), (WORKING - 0.3, 0), (WORKING + 0.1, 1), (SLOW - 0.1, 1)])
@pytest.mark.parametrize("what", DOING)
async def test_what_is_being_done_is_told_once_and_only_when_it_takes_a_moment(
    what: str, seconds: float, lines: int, autojump_clock: MockClock
) -> None:
    async with embedded() as server:
        phone, body = await DOING[what](server)
        if seconds:
            await server.direct(do("trouble", path="*", fault="SLOW_AFTER", seconds=seconds))
        shown = await _within(server, phone, body, 60)
        assert sum(WORKING_LINES[what] in message.text for message in shown) == lines
        assert not any(SLOWLY in message.text for message in shown)


async def test_after_the_first_who_hear_that_it_is_slow_all_hear_at_once_that_it_is_down(
    autojump_clock: MockClock,
) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        await server.direct(do("trouble", path="*", times=None, **HANGING))
        for number in range(5):
            await _within(server, f"26378000000{number}", _typed(server, f"26378000000{number}", "hi"), 10)
        calls = len(server.core.calls)
        shown = await _within(server, TENDAI, _typed(server, TENDAI, "hi"), 0.1)
        assert "cannot be reached" in shown[-1].text
        assert len(server.core.calls) == calls


async def test_when_it_is_back_one_call_finds_out_and_the_others_follow_slowly(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        phones = [f"2637800000{number:02}" for number in range(30)]
        await server.direct(do("trouble", path="*", times=None, **REFUSED))
        for phone in phones[:5]:
            await _within(server, phone, _typed(server, phone, "hi"), 3)
        await server.direct(do("no_trouble"), do("trouble", path="*", fault="SLOW", seconds=2))
        await trio.sleep(10)
        calls = len(server.core.calls)
        for phone in phones:
            assert await server.post(_typed(server, phone, "hi")) == 200
        await trio.sleep(1)
        assert len(server.core.calls) == calls + 1, "the probe, alone"
        await trio.sleep(1.5)
        for phone in phones:
            assert await server.post(_typed(server, phone, "hi")) == 200
        await trio.sleep(0.9)
        assert len(server.core.calls) - calls - 1 <= 3, "not all at once"
        for phone in phones:
            assert "Become a Member" in [title for _, title in (await server.messages(phone, 0))[-1].choices]
