"""The simulator page as a person meets it: in a browser, served by hypercorn on this machine's loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio
from hypercorn.config import Config
from hypercorn.trio import serve
from quart_trio import QuartTrio

from actors.web.simulator import simulator_blueprint
from channels.message import Choice, OutboundMessage, Tap, Text
from channels.simulator.channel import SimulatorChannel
from tests.browser.chromium import CHROMIUM, Tab, browser
from tests.channels.simulator.phones import LONG_MENU, MENU, RUDO, TAPIWA, Application, channel, peer

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium or chromium-browser on this machine's path")

FIRST = "document.querySelectorAll('.phone')[0]"
SECOND = "document.querySelectorAll('.phone')[1]"


class Desk:
    """The page, open in a browser, and the application behind it."""

    def __init__(self, tab: Tab, application: Application, known: SimulatorChannel) -> None:
        self.tab = tab
        self.application = application
        self.channel = known

    async def said(self, phone: str, text: str) -> None:
        """Wait until a bubble of ``phone`` shows exactly this text."""
        await self.tab.until(
            f"[...{phone}.querySelectorAll('.words-said')].some((each) => each.textContent === {text!r})"
        )


@asynccontextmanager
async def desk(home: Path) -> AsyncIterator[Desk]:
    application = Application()
    known = channel(application)
    app = QuartTrio(__name__)
    app.register_blueprint(simulator_blueprint(known, [(TAPIWA, "Tapiwa Ncube"), (RUDO, "Rudo Moyo")]))
    config = Config()
    config.bind = ["127.0.0.1:0"]
    config.graceful_timeout = 1
    with trio.fail_after(60):
        async with trio.open_nursery() as nursery:
            (address,) = await nursery.start(serve, app, config)
            async with browser(home) as tab:
                await tab.open(f"{address}/simulator")
                await tab.until("document.querySelectorAll('.phone').length === 2")
                await tab.until("document.getElementById('link').textContent === 'Live'")
                yield Desk(tab, application, known)
            nursery.cancel_scope.cancel()


async def test_bubbles_arrive_on_their_phone_without_a_reload_and_as_text(tmp_path: Path) -> None:
    async with desk(tmp_path) as page:
        words = "<b>You</b> have *5.00* <img src=x onerror=document.title=1>"
        await page.channel.send(peer(RUDO), OutboundMessage(text=words), reference="r")
        await page.said(SECOND, words.replace("*", ""))
        assert await page.tab.run(f"{SECOND}.querySelectorAll('.words-said strong').length") == 1
        assert await page.tab.run(f"{SECOND}.querySelectorAll('.words-said b, .words-said img').length") == 0
        assert await page.tab.run(f"{FIRST}.querySelectorAll('.bubble').length") == 0


async def test_a_button_of_any_screen_posts_its_tap(tmp_path: Path) -> None:
    async with desk(tmp_path) as page:
        newer = OutboundMessage(text="And now?", choices=(Choice(key="menu", title="Menu"),), screen="s9")
        for message in (MENU, newer):
            await page.channel.send(peer(TAPIWA), message, reference="r")
        await page.tab.until(f"{FIRST}.querySelectorAll('.choice').length === 3")
        await page.tab.run(f"{FIRST}.querySelector('.choice').click()")
        await page.said(FIRST, "Offer Secured Credex")
        assert page.application.accepted[0].content == Tap("s1.offer", "Offer Secured Credex")


async def test_a_list_opens_by_its_button_and_is_used_with_the_keyboard(tmp_path: Path) -> None:
    async with desk(tmp_path) as page:
        await page.channel.send(peer(TAPIWA), LONG_MENU, reference="r")
        await page.tab.until(f"{FIRST}.querySelector('.opener')")
        for closes in (True, False):
            await page.tab.run(f"{FIRST}.querySelector('.opener').click()")
            assert await page.tab.run("document.activeElement.textContent") == "Choice 0"
            assert await page.tab.run(f"{FIRST}.querySelector('.opener').ariaExpanded") == "true"
            if closes:
                await page.tab.press("Escape")
                await page.tab.until(f"!{FIRST}.querySelector('.sheet').open")
                assert await page.tab.run("document.activeElement.textContent") == "Show all"
        await page.tab.press("ArrowDown")
        await page.tab.press("Enter")
        await page.said(FIRST, "Choice 1")
        assert page.application.accepted[0].content == Tap("s2.k1", "Choice 1")


async def test_enter_sends_what_was_typed_and_the_ticks_follow(tmp_path: Path) -> None:
    async with desk(tmp_path) as page:
        await page.tab.run(f"{SECOND}.querySelector('.words').focus()")
        await page.tab.type("hi")
        await page.tab.press("Enter")
        await page.tab.until(f"{SECOND}.querySelector('.bubble[data-status=delivered]')")
        assert [(each.peer.name, each.content) for each in page.application.accepted] == [(RUDO, Text("hi"))]
        assert await page.tab.run(f"{SECOND}.querySelector('.words').value") == ""
        await page.channel.send(peer(RUDO), MENU, reference="r")
        await page.tab.until(f"{SECOND}.querySelector('.bubble[data-status=read]')")


async def test_what_was_not_accepted_says_why_and_stays_to_be_sent_again(tmp_path: Path) -> None:
    async with desk(tmp_path) as page:
        page.application.full = True
        await page.tab.run(f"{FIRST}.querySelector('.words').focus()")
        await page.tab.type("12.50")
        await page.tab.press("Enter")
        await page.tab.until(f"{FIRST}.querySelector('.problem').textContent.includes('Try again')")
        await page.tab.until(f"{FIRST}.querySelector('.bubble[data-status=failed]')")
        assert await page.tab.run(f"{FIRST}.querySelector('.words').value") == ""
        page.application.full = False
        await page.tab.run(f"{FIRST}.querySelector('.again').click()")
        await page.tab.until(f"{FIRST}.querySelector('.bubble[data-status=delivered]')")
        assert [each.content for each in page.application.accepted] == [Text("12.50")]


async def test_what_the_server_does_not_understand_stays_in_the_field(tmp_path: Path) -> None:
    async with desk(tmp_path) as page:
        await page.tab.run(f"{FIRST}.querySelector('.msisdn').select(), {FIRST}.querySelector('.msisdn').focus()")
        await page.tab.type("0771234567")
        await page.tab.run(f"{FIRST}.querySelector('.words').focus()")
        await page.tab.type("hi")
        await page.tab.press("Enter")
        await page.tab.until(f"{FIRST}.querySelector('.problem').textContent.includes('country code')")
        assert await page.tab.run(f"{FIRST}.querySelector('.words').value") == "hi"


async def test_a_phone_given_to_somebody_else_shows_their_conversation(tmp_path: Path) -> None:
    async with desk(tmp_path) as page:
        await page.channel.send(peer("263773456789"), OutboundMessage(text="For a third"), reference="r")
        await page.tab.run(f"{FIRST}.querySelector('.msisdn').select(), {FIRST}.querySelector('.msisdn').focus()")
        await page.tab.type("+263 77 345 6789")
        await page.said(FIRST, "For a third")
        await page.tab.run("document.querySelector('#add button').click()")
        await page.tab.until("document.querySelectorAll('.phone').length === 3")
