"""Effects meet the world: what is said again, what is given up, and that money is sent once."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec
import pytest
import trio
from trio.testing import MockClock

from actors import effects
from actors.effects import Ask, Effect, Say
from actors.payments import PaymentRecord, PaymentState
from actors.performer import ACCEPTED, MemberPerformer
from channels.channel import ChannelError, NotDeliverable, NotSent
from channels.message import OutboundMessage, Peer, Receipt
from credex.commands import AcceptOffer, Command, FindAccount, Login, OfferCredex
from credex.model import AccountId, OfferId
from credex.money import Denomination, Money
from credex.outcomes import NotAMember, OfferMade, Outcome, Unclear
from runtime.address import Address
from runtime.clock import VirtualClock
from runtime.errors import Fenced, StoreUnavailable
from runtime.lanes import Brought, Done
from runtime.retry import RetryPolicy
from runtime.store import DeadLetter, Delivery, Owed, Payment, Verdict
from tests.actors.dialogs.people import NOON, PHONE

ADDRESS = Address(f"member:{PHONE}")
PEER = Peer("whatsapp", "line-1", PHONE)
HELLO = Say(PEER, OutboundMessage(text="Hello"))
OFFER = OfferCredex(
    phone=PHONE,
    issuer=AccountId("acc-tariro"),
    receiver=AccountId("acc-rudo"),
    amount=Money(Decimal("12.30"), Denomination.USD),
)
SENDING = RetryPolicy(on=(NotSent,), attempts=4, first=1, longest=8, total=60, wish="after_seconds", jitter=lambda: 1.0)


class World:
    """The channel, credex-core and the store, as far as a performer sees them. ``events`` is what happened, in order.

    ``moods`` are what the channel's next sends end in; then it takes messages.
    """

    def __init__(self) -> None:
        self.name = "whatsapp"
        self.events: list[object] = []
        self.times: list[float] = []
        self.moods: list[ChannelError] = []
        self.recorded: list[tuple[Payment, str]] = []
        self.verdicts: list[Verdict | StoreUnavailable] = [Verdict.DONE, Verdict.STALE]
        self.outcome: Outcome = OfferMade(OfferId("offer-1"), None)
        self.performer = MemberPerformer(
            channels={self.name: self}, core=self, record=self.record, clock=VirtualClock(NOON), sending=SENDING
        )

    async def send(self, peer: Peer, message: OutboundMessage, *, reference: str) -> Receipt:
        await trio.lowlevel.checkpoint()
        self.times.append(trio.current_time())
        self.events.append((peer, message, reference))
        if self.moods:
            raise self.moods.pop(0)
        return Receipt("wamid.1")

    async def execute(self, command: Command) -> Outcome:
        await trio.lowlevel.checkpoint()
        self.events.append(command)
        return self.outcome

    async def record(self, payment: Payment, expects: str) -> Verdict:
        await trio.lowlevel.checkpoint()
        self.events.append(payment.state)
        self.recorded.append((payment, expects))
        verdict = self.verdicts.pop(0)
        if isinstance(verdict, StoreUnavailable):
            raise verdict
        return verdict

    async def perform(self, effect: Effect) -> Done | Brought:
        return await self.performer.perform(ADDRESS, owed(effect))


def owed(effect: Effect) -> Owed:
    return Owed(id=f"{ADDRESS}/7#0", lane="say:whatsapp", body=effects.encode(effect))


def ask(command: Command) -> Ask:
    return Ask(PEER, command, f"{ADDRESS}/7")


@pytest.fixture
def world() -> World:
    return World()


async def test_a_message_that_is_taken_is_known_by_the_providers_id_below_every_report(
    world: World, autojump_clock: MockClock
) -> None:
    done = await world.perform(HELLO)
    effect = f"{ADDRESS}/7#0"
    assert done == Done(delivery=Delivery(id="wamid.1", rank=ACCEPTED, status="accepted", at=NOON, ours=effect))
    assert world.events == [(PEER, HELLO.message, effect)]


async def test_a_channel_out_of_reach_is_tried_again_with_growing_pauses(
    world: World, autojump_clock: MockClock
) -> None:
    world.moods = [NotSent("down"), NotSent("down"), NotSent("down")]
    done = await world.perform(HELLO)
    assert isinstance(done, Done)
    assert done.delivery
    assert done.dead is None
    assert world.times == [0, 1, 3, 7]


async def test_the_pause_the_provider_wishes_is_kept(world: World, autojump_clock: MockClock) -> None:
    world.moods = [NotSent("throttled", after_seconds=20)]
    await world.perform(HELLO)
    assert world.times == [0, 21]


async def test_a_channel_that_stays_out_of_reach_leaves_a_dead_letter(world: World, autojump_clock: MockClock) -> None:
    world.moods = [NotSent("down", code=131000)] * 10
    done = await world.perform(HELLO)
    assert len(world.times) == 4
    assert _dead(done).cause == "whatsapp out of reach, code 131000"


async def test_a_message_refused_for_good_is_not_tried_again_and_leaves_a_dead_letter(
    world: World, autojump_clock: MockClock
) -> None:
    world.moods = [NotDeliverable("no such person", code=131026)]
    done = await world.perform(HELLO)
    assert len(world.times) == 1
    assert _dead(done) == DeadLetter(
        id=f"{ADDRESS}/7#0",
        address=ADDRESS,
        at=NOON,
        cause="whatsapp refused it, code 131026",
        body=effects.encode(HELLO),
    )


async def test_a_message_refused_after_it_was_throttled_is_given_up_at_once(
    world: World, autojump_clock: MockClock
) -> None:
    world.moods = [NotSent("down"), NotDeliverable("blocked", code=131049)]
    assert _dead(await world.perform(HELLO)).cause == "whatsapp refused it, code 131049"
    assert len(world.times) == 2


async def test_a_message_to_a_channel_that_is_off_leaves_a_dead_letter(world: World, autojump_clock: MockClock) -> None:
    done = await world.perform(Say(Peer("sms", "short", PHONE), HELLO.message))
    assert _dead(done).cause == "channel is off"
    assert world.events == []


def _dead(done: Done | Brought) -> DeadLetter:
    assert isinstance(done, Done)
    assert done.delivery is None
    assert done.dead is not None
    return done.dead


@pytest.mark.parametrize("command", [Login(PHONE), FindAccount(PHONE, "rudo")], ids=["login", "find"])
async def test_a_question_is_asked_without_a_payment_and_brings_its_outcome(command: Command, world: World) -> None:
    world.outcome = NotAMember()
    assert await world.perform(ask(command)) == Brought(NotAMember())
    assert world.events == [command]


@pytest.mark.parametrize("command", [OFFER, AcceptOffer(PHONE, OfferId("offer-1"))], ids=["offer", "accept"])
async def test_money_is_recorded_as_sent_before_the_call(command: OfferCredex | AcceptOffer, world: World) -> None:
    assert await world.perform(ask(command)) == Brought(world.outcome)
    assert world.events == [PaymentState.SENT, command]
    [(payment, expects)] = world.recorded
    assert expects == PaymentState.INTENT
    assert (payment.id, payment.address) == (f"{ADDRESS}/7#0", ADDRESS)
    record = msgspec.msgpack.decode(payment.body, type=PaymentRecord)
    assert record == PaymentRecord(command=command, consented_in=f"{ADDRESS}/7")


async def test_a_payment_performed_again_is_unclear_and_not_sent_again(world: World) -> None:
    await world.perform(ask(OFFER))
    again = await world.perform(ask(OFFER))
    assert isinstance(again, Brought)
    assert isinstance(again.body, Unclear)
    assert _calls(world.events) == [OFFER]


async def test_a_payment_of_a_process_that_lost_its_partition_is_not_sent(world: World) -> None:
    world.verdicts = [Verdict.FENCED]
    with pytest.raises(Fenced):
        await world.perform(ask(OFFER))
    assert _calls(world.events) == []


async def test_a_payment_that_could_not_be_recorded_is_not_sent(world: World) -> None:
    world.verdicts = [StoreUnavailable("disk full")]
    with pytest.raises(StoreUnavailable):
        await world.perform(ask(OFFER))
    assert _calls(world.events) == []


async def test_a_payment_whose_record_was_written_though_the_store_failed_is_unclear_and_not_sent(
    world: World,
) -> None:
    world.verdicts = [StoreUnavailable("no answer"), Verdict.STALE]
    with pytest.raises(StoreUnavailable):
        await world.perform(ask(OFFER))
    again = await world.perform(ask(OFFER))
    assert isinstance(again, Brought)
    assert isinstance(again.body, Unclear)
    assert _calls(world.events) == []


def _calls(events: Sequence[object]) -> list[object]:
    return [event for event in events if isinstance(event, OfferCredex)]
