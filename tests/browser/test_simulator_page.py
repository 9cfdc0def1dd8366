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
from channels.message import Choice, OutboundMessage, Peer, Tap, Text
from channels.simulator.channel import SimulatorChannel
from channels.sms.wording import worded
from tests.browser.chromium import CHROMIUM, Tab, browser
from tests.channels.simulator.phones import LONG_MENU, MENU, RUDO, TAPIWA, Application, channel, peer

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium or chromium-browser on this machine's path")

FIRST = "document.querySelectorAll('.phone')[0]"
SECOND = "document.querySelectorAll('.phone')[1]"
THIRD = "document.querySelectorAll('.phone')[2]"


class Desk:
    """The page, open in a browser, and the application behind it."""

    def __init__(self, tab: Tab, application: Application, known: SimulatorChannel, sms: SimulatorChannel) -> None:
        self.tab = tab
        self.application = application
        self.channel = known
        self.sms = sms

    async def told(self, text: str) -> None:
        """The bot writes a text message to the phone that only knows text."""
        await self.sms.send(Peer("sms", "simulator", TAPIWA), OutboundMessage(text=text), reference="r")

    async def type(self, phone: str, text: str) -> None:
        """Type into the field of ``phone``, without sending it."""
        await self.tab.run(f"{phone}.querySelector('.words').focus()")
        await self.tab.type(text)

    async def lengths(self, phone: str, *, many: int) -> object:
        """What stands below each bubble of ``phone`` once there are so many."""
        await self.tab.until(f"{phone}.querySelectorAll('.bubble').length === {many}")
        return await self.tab.run(f"[...{phone}.querySelectorAll('.length')].map((each) => each.textContent)")

    async def reads(self, phone: str, part: str, text: str) -> None:
        """Wait until this part of ``phone`` reads so."""
        await self.tab.until(f"{phone}.querySelector({part!r})?.textContent === {text!r}")

    async def said(self, phone: str, text: str) -> None:
        """Wait until a bubble of ``phone`` shows exactly this text."""
        await self.tab.until(
            f"[...{phone}.querySelectorAll('.words-said')].some((each) => each.textContent === {text!r})"
        )


@asynccontextmanager
async def desk(home: Path) -> AsyncIterator[Desk]:
    """Two phones with buttons, and one of Tapiwa's that only knows text."""
    application = Application()
    known = channel(application)
    sms = SimulatorChannel(
        known.conversations, deliver=application.deliver, validate=lambda *_: None, plain=worded, name="sms"
    )
    app = QuartTrio(__name__)
    app.register_blueprint(simulator_blueprint(known, [(TAPIWA, "Tapiwa Ncube"), (RUDO, "Rudo Moyo")], sms=sms))
    config = Config()
    config.bind = ["127.0.0.1:0"]
    config.graceful_timeout = 1
    with trio.fail_after(60):
        async with trio.open_nursery() as nursery:
            (address,) = await nursery.start(serve, app, config)
            async with browser(home) as tab:
                await tab.open(f"{address}/simulator")
                await tab.until("document.querySelectorAll('.phone').length === 3")
                await tab.until("document.getElementById('link').textContent === 'Live'")
                yield Desk(tab, application, known, sms)
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
        await page.tab.until("document.querySelectorAll('.phone').length === 4")


async def test_a_text_message_shows_its_length_whoever_wrote_it_and_the_head_sums_them_up(tmp_path: Path) -> None:
    async with desk(tmp_path) as page:
        await page.reads(THIRD, ".tally", "Segments: 0 to it, 0 from it")
        await page.type(THIRD, "Hello 😀")
        await page.tab.press("Enter")
        await page.said(THIRD, "Hello 😀")
        await page.told("Pay *5.00* USD. " + "a" * 300)
        await page.said(THIRD, "Pay 5.00 USD. " + "a" * 300)
        assert await page.lengths(THIRD, many=2) == [
            "8 of 70, UCS-2, 1 segment, because of 😀 (U+1F600)",
            "3 segments (GSM-7, 314 characters)",
        ]
        await page.reads(THIRD, ".tally", "Segments: 3 to it, 1 from it")


async def test_a_text_message_shows_where_it_is_cut_and_its_own_marks_as_they_are(tmp_path: Path) -> None:
    async with desk(tmp_path) as page:
        text = "*a* " + "a" * 149 + "b" * 153 + "c"
        await page.type(THIRD, text)
        await page.tab.press("Enter")
        await page.said(THIRD, text)
        marks = f"[...{THIRD}.querySelectorAll('.cut')]"
        assert await page.tab.run(f"{marks}.map((each) => each.previousSibling.data.slice(-1))") == ["a", "b"]
        assert await page.tab.run(f"{marks}.map((each) => each.ariaLabel)") == [
            "Segment 2 of 3 begins here",
            "Segment 3 of 3 begins here",
        ]
        assert await page.tab.run(f"{THIRD}.querySelectorAll('.words-said strong').length") == 0


async def test_what_is_typed_on_a_text_phone_is_counted_while_it_is_typed(tmp_path: Path) -> None:
    async with desk(tmp_path) as page:
        await page.type(THIRD, "pay 5 [now")
        await page.reads(THIRD, ".counter", "11 of 160, GSM-7, 1 segment")
        await page.tab.type("\u2019")
        await page.reads(THIRD, ".counter", "11 of 70, UCS-2, 1 segment, because of \u2019 (U+2019)")
        words = f"{THIRD}.querySelector('.words')"
        assert await page.tab.run(f"document.getElementById({words}.getAttribute('aria-describedby')).className") == (
            "counter"
        )
        await page.tab.press("Enter")
        await page.reads(THIRD, ".counter", "")


async def test_a_text_phone_has_no_ticks_and_says_what_was_not_accepted(tmp_path: Path) -> None:
    async with desk(tmp_path) as page:
        page.application.full = True
        await page.type(THIRD, "1")
        await page.tab.press("Enter")
        await page.reads(THIRD, ".fate", "not accepted")
        page.application.full = False
        await page.tab.run(f"{THIRD}.querySelector('.again').click()")
        await page.reads(THIRD, ".fate", "")
        assert await page.tab.run(f"{THIRD}.querySelectorAll('.ticks').length") == 0


async def test_a_text_phone_can_have_every_message_delivered_twice(tmp_path: Path) -> None:
    async with desk(tmp_path) as page:
        await page.tab.run(f"{THIRD}.querySelector('.twice').click()")
        for word in ("one", "two"):
            await page.type(THIRD, word)
            await page.tab.press("Enter")
            await page.said(THIRD, word)
        await page.tab.run(f"{THIRD}.querySelector('.twice').click()")
        await page.type(THIRD, "three")
        await page.tab.press("Enter")
        await page.tab.until(f"{THIRD}.querySelectorAll('.bubble[data-status=delivered]').length === 3")
        bodies = [each.content.body for each in page.application.accepted if isinstance(each.content, Text)]
        assert bodies == ["one", "one", "two", "two", "three"]
        assert len({each.id for each in page.application.accepted}) == 3


async def test_a_phone_with_buttons_counts_nothing(tmp_path: Path) -> None:
    async with desk(tmp_path) as page:
        await page.type(FIRST, "hi")
        await page.tab.press("Enter")
        await page.said(FIRST, "hi")
        await page.channel.send(peer(TAPIWA), MENU, reference="r")
        assert await page.lengths(FIRST, many=2) == []
        for part in (".segments", ".counter"):
            assert await page.tab.run(f"{FIRST}.querySelector({part!r}).hidden") is True
