"""One member on WhatsApp and by text message at once: one order, one payment at a time, and two conversations."""

import re
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256

import msgspec
import pytest
import trio
from trio.testing import MockClock

from actors.dialogs.allowance import May, Texting
from actors.dialogs.phrases import greetings_said
from actors.dialogs.states import AnyState
from actors.features import Features
from actors.member import address_of
from actors.remembered import MemberSnapshot
from channels.message import Peer
from runtime.store import Count, History, Load, Store
from runtime.system import Limits
from tests.support import webhooks
from tests.support.embedded import Embedded, embedded
from tests.support.graph import LINE, Shown
from tests.support.people import do

EVERYTHING = Features(texting=Texting(may=May.ALL))
WHATSAPP, SMS = "whatsapp", "sms"
HARMLESS = ("hi", "1", "2", "3", "4", "0", "9", "menu", "offers", "ledger", "tier", "5", "back", "what?", "7", "no")
_LOTTERY = re.compile(rf"(?:PAY|OK) \d{{4}}|^(?:{'|'.join(map(re.escape, greetings_said()))})\.", re.MULTILINE)
"""What differs from turn to turn: codes, and greetings."""


async def members(server: Embedded, many: int) -> list[str]:
    """So many of tier 3 who hold 100.00 USD, and Rudo, who gets offers from them and has made one to each."""
    phones = [str(263_782_000_000 + number) for number in range(many)]
    await server.direct(do("add_member", phone="263782999999", first="Rudo", last="Moyo", tier=3, handle="rudo"))
    await server.direct(do("fund", handle="rudo", amount="1000.00"))
    for phone in phones:
        await server.direct(
            do("add_member", phone=phone, first="Tendai", last="Moyo", tier=3, handle=f"t{phone}"),
            do("fund", handle=f"t{phone}", amount="100.00"),
            do("offer", from_handle="rudo", to_handle=f"t{phone}", amount="4.00"),
        )
    return phones


async def send(server: Embedded, phone: str, channel: str, words: str) -> None:
    if channel == SMS:
        await server.sms(phone, words)
    else:
        body = webhooks.notification(webhooks.text(phone, words, at=server.now()))
        assert await server.post(body) == 200


async def say(server: Embedded, phone: str, channel: str, *all_words: str) -> Shown:
    """One after the other; the last message."""
    for words in all_words:
        await send(server, phone, channel, words)
        await server.messages(phone, 0)
    return told(server, phone, channel)[-1]


def told(server: Embedded, phone: str, channel: str) -> list[Shown]:
    return [shown for shown in server.graph.sent[phone] if (shown.kind == SMS) is (channel == SMS)]


def code_in(shown: Shown) -> str:
    [code] = re.findall(r"PAY \d{4}", shown.text)
    return str(code)


def talk(seed: int, many: int) -> list[tuple[str, str]]:
    lots = (sha256(f"{seed}:{number}".encode()).digest() for number in range(many))
    return [((WHATSAPP, SMS)[lot[0] % 2], HARMLESS[lot[1] % len(HARMLESS)]) for lot in lots]


async def test_messages_of_both_channels_all_at_once_are_applied_in_the_order_they_were_accepted(
    store: Store, autojump_clock: MockClock
) -> None:
    many = 40
    async with embedded(store=store, limits=Limits(mailbox=8), features=EVERYTHING) as server:
        phones = await members(server, 8)
        async with trio.open_nursery() as nursery:
            for number, phone in enumerate(phones):
                for channel, words in talk(number, many):
                    nursery.start_soon(send, server, phone, channel, words)
        await server.application.system.settled()
        for number, phone in enumerate(phones):
            [history] = store.run([History(address_of(Peer(WHATSAPP, LINE, phone)))])
            versions = [seen.version for seen in history if seen.version is not None]
            assert len(versions) == len(history) == many
            assert versions == sorted(versions)
            assert [seen.sequence for seen in history] == sorted(seen.sequence for seen in history)
            written = Counter(channel for channel, _ in talk(number, many))
            assert all(len(told(server, phone, channel)) >= written[channel] for channel in (WHATSAPP, SMS))
        [count] = store.run([Count()])
        assert (count.waiting, count.owed, count.dead) == (0, 0, 0)


async def test_each_answer_goes_out_on_the_channel_it_was_asked_on(autojump_clock: MockClock) -> None:
    async with embedded(features=EVERYTHING) as server:
        phones = await members(server, 4)
        plays = [talk(number, 50) for number in range(len(phones))]
        for turn in zip(*plays, strict=True):
            seen = {phone: len(server.graph.sent[phone]) for phone in phones}
            async with trio.open_nursery() as nursery:
                for phone, (channel, words) in zip(phones, turn, strict=True):
                    nursery.start_soon(send, server, phone, channel, words)
            await server.application.system.settled()
            for phone, (channel, words) in zip(phones, turn, strict=True):
                kinds = {shown.kind for shown in server.graph.sent[phone][seen[phone] :]}
                assert kinds == {SMS} if channel == SMS else kinds and SMS not in kinds, (phone, channel, words)


@dataclass(frozen=True)
class Talked:
    """What was said on a channel, text and titles, and where the conversation there stands in the end."""

    said: list[tuple[str, list[str]]]
    state: AnyState


async def talked(play: list[tuple[str, str]], channels: tuple[str, ...]) -> dict[str, Talked]:
    """The play with all of it that is for these channels."""
    async with embedded(features=EVERYTHING) as server:
        [phone] = await members(server, 1)
        for channel, words in play:
            if channel in channels:
                await say(server, phone, channel, words)
        [loaded] = server.store.run([Load(address=address_of(Peer(WHATSAPP, LINE, phone)), limit=1)])
        assert loaded.snapshot is not None
        places = msgspec.msgpack.decode(loaded.snapshot.body, type=MemberSnapshot).places
        return {
            channel: Talked(
                [
                    (_LOTTERY.sub("", shown.text), [title for _, title in shown.choices])
                    for shown in told(server, phone, channel)
                ],
                places[channel].position.state,
            )
            for channel in channels
        }


@pytest.mark.parametrize("seed", range(6))
async def test_a_number_picks_from_the_menu_of_its_own_channel_whatever_is_done_on_the_other(
    seed: int, autojump_clock: MockClock
) -> None:
    play = [(WHATSAPP, "hi"), (SMS, "hi"), *talk(seed, 60)]
    both = await talked(play, (WHATSAPP, SMS))
    for channel in (WHATSAPP, SMS):
        alone = await talked(play, (channel,))
        assert both[channel] == alone[channel]


@pytest.mark.parametrize(("first", "second"), [(WHATSAPP, SMS), (SMS, WHATSAPP)])
async def test_while_a_payment_is_under_way_on_one_channel_the_other_cannot_sign(
    first: str, second: str, autojump_clock: MockClock
) -> None:
    async with embedded(features=EVERYTHING) as server:
        [phone] = await members(server, 1)
        signs = {}
        for channel in (first, second):
            question = await say(server, phone, channel, "hi", "5=>rudo" if channel == first else "6=>rudo")
            signs[channel] = code_in(question) if channel == SMS else "yes"
        await server.direct(do("trouble", path="/createCredex", fault="SLOW", seconds=20))
        await send(server, phone, first, signs[first])
        await trio.sleep(5)
        await send(server, phone, second, signs[second])
        await trio.sleep(5)
        assert any("last request is still on its way" in shown.text for shown in told(server, phone, second))
        await server.messages(phone, 0)
        assert len(server.core.calls_to("/createCredex")) == 1
        assert any("You offered 5.00 USD" in shown.text for shown in told(server, phone, first))
        assert not any("You offered" in shown.text for shown in told(server, phone, second))
        question = await say(server, phone, second, "6=>rudo")
        await say(server, phone, second, code_in(question) if second == SMS else "yes")
        assert any("You offered 6.00 USD" in shown.text for shown in told(server, phone, second))
        assert len(server.core.calls_to("/createCredex")) == 2


async def test_signed_on_both_channels_in_the_same_moment_one_payment_is_made(
    autojump_clock: MockClock,
) -> None:
    async with embedded(features=EVERYTHING) as server:
        phones = await members(server, 10)
        await server.direct(do("trouble", path="/createCredex", fault="SLOW", seconds=2, times=None))
        codes = {}
        for phone in phones:
            await say(server, phone, WHATSAPP, "hi", "5=>rudo")
            codes[phone] = code_in(await say(server, phone, SMS, "hi", "6=>rudo"))
        async with trio.open_nursery() as nursery:
            for phone in phones:
                nursery.start_soon(send, server, phone, SMS, codes[phone])
                nursery.start_soon(send, server, phone, WHATSAPP, "yes")
        await server.application.system.settled()
        assert len(server.core.calls_to("/createCredex")) == len(phones)
        for phone in phones:
            made = [shown.text for shown in server.graph.sent[phone] if "You offered" in shown.text]
            assert len(made) == 1


async def test_a_code_is_of_no_use_on_the_other_channel_nor_is_a_yes(autojump_clock: MockClock) -> None:
    async with embedded(features=EVERYTHING) as server:
        [phone] = await members(server, 1)
        question = await say(server, phone, SMS, "hi", "6=>rudo")
        await say(server, phone, WHATSAPP, "hi", code_in(question), "5=>rudo", code_in(question))
        await say(server, phone, SMS, "yes", "1", "sign and send")
        assert server.core.calls_to("/createCredex") == []
