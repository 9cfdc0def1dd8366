"""Let it crash, within limits: what a bug does to its message, to its member, to others and to the process."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from actors import assembly, cli, settings
from actors.application import BUDGET, INTENSITY
from actors.dialogs import frame
from actors.settings import Settings
from channels.message import InboundMessage, Peer, Text
from runtime.errors import Escalated, StoreUnavailable
from runtime.store import Count, Letters
from tests.support import webhooks
from tests.support.embedded import START, Embedded, embedded
from tests.support.graph import LINE
from tests.support.people import TENDAI, confirm_screen, do, rudo_and_tendai, say, tap

LIMIT = 200


@pytest.fixture
def meets_a_bug(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Whoever says ``boom`` meets a bug in the dialogs; when each try was made."""
    tries: list[float] = []
    hear: Callable[..., Any] = frame.hear

    def buggy(position: object, said: InboundMessage, *rest: object, **more: object) -> object:
        if said.content == Text("boom"):
            tries.append(trio.current_time())
            raise ValueError("a bug that met boom")
        return hear(position, said, *rest, **more)

    monkeypatch.setattr(frame, "hear", buggy)
    return tries


def typed(server: Embedded, phone: str, word: str) -> bytes:
    return webhooks.notification(webhooks.text(phone, word, at=server.now()))


async def test_a_turn_that_raises_is_tried_again_with_growing_pauses_then_kept_told_and_left_behind(
    meets_a_bug: list[float], autojump_clock: MockClock
) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        await say(server, TENDAI, "hi", "Offer Secured Credex")
        for word in ("boom", "menu"):
            assert await server.post(typed(server, TENDAI, word)) == 200
        shown = await server.messages(TENDAI, 0)
        first, second, third = meets_a_bug
        assert 0 < second - first < third - second
        assert "Sorry, something went wrong on our side with your last message" in shown[-2].text
        assert "Secured balances" in shown[-1].text
        [[letter], [count]] = server.store.run([Letters(9)]), server.store.run([Count()])
        assert [one.cause for one in letter] == ["ValueError"]
        assert (count.dead, count.waiting, count.owed) == (1, 0, 0)


async def test_one_member_who_meets_a_bug_for_ever_does_not_stop_the_server(
    meets_a_bug: list[float], autojump_clock: MockClock
) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        for _ in range(LIMIT):
            assert await server.post(typed(server, "263780000001", "boom")) == 200
        await server.application.system.settled()
        assert len(meets_a_bug) == 3 * LIMIT
        assert "Secured balances" in (await say(server, TENDAI, "hi"))[-1].text


async def test_a_bug_that_many_members_meet_ends_the_process(
    meets_a_bug: list[float], autojump_clock: MockClock
) -> None:
    async def meet() -> None:
        async with embedded() as server:
            for number in range(LIMIT):
                assert await server.post(typed(server, f"2637800{number:05}", "boom")) == 200
            await trio.sleep(60)

    with pytest.RaisesGroup(Escalated, flatten_subgroups=True):
        await meet()
    assert LIMIT < len(meets_a_bug) <= LIMIT + 3
    assert repr(INTENSITY()) == f"<Intensity 0/{LIMIT} in 60 s>"


def test_the_process_that_escalates_says_why_in_one_line_without_a_number_and_ends_with_one(
    meets_a_bug: list[float], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "0")
    monkeypatch.setenv("STORE_URL", "memory://")
    found = settings.read(None)
    assert isinstance(found, Settings)

    async def run() -> None:
        async with assembly.developing(found) as serving, trio.open_nursery() as nursery:
            application = serving.application
            await nursery.start(partial(application.run, stop=trio.Event(), web=serving.web))
            for number in range(LIMIT):
                peer = Peer("simulator", LINE, f"2637800{number:05}")
                said = InboundMessage(id=f"in-{number}", peer=peer, at=START, content=Text("boom"))
                with suppress(StoreUnavailable):  # it may be stopping already
                    await application.accept(said)
            with trio.fail_after(30):
                await trio.sleep_forever()

    with pytest.raises(SystemExit) as ended:
        cli._run(run)
    assert ended.value.code == 1
    [line] = [line for line in capsys.readouterr().err.splitlines() if line.startswith("vimbiso stopped")]
    assert "stopped: too many failures, the last in turn of member:" in line
    assert "2637800" not in line
    assert len(meets_a_bug) > LIMIT / 3


async def test_told_to_stop_it_ends_within_its_budget_whatever_hangs(autojump_clock: MockClock) -> None:
    async with embedded() as server:
        await rudo_and_tendai(server)
        screen = await confirm_screen(server)
        await server.direct(do("trouble", path="*", fault="SLOW", times=None, seconds=3600))
        server.graph.failures = [503] * 1000
        await server.post(tap(server, TENDAI, screen, "Sign and Send"))
        await trio.sleep(1)
        told_to_stop = trio.current_time()
    assert trio.current_time() - told_to_stop <= BUDGET
