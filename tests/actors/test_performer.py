"""Effects meet the world: what is said again, what is given up, and that money is sent once."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
import trio
from trio.testing import MockClock

from actors import effects
from actors.audit import facts_of
from actors.effects import Ask, Effect, LookInto, Say, SayAgain, Unsaid
from actors.looker import Looker
from actors.payer import CONSENT_LASTS, Payer
from actors.payments import Before, PaymentRecord, PaymentState
from actors.performer import ACCEPTED, MemberPerformer
from actors.policies import PAYING
from actors.settlement import LEDGER_ROWS, Doubt, Looked
from channels.channel import ChannelError, NotDeliverable, NotSent, Unreachable, Unwanted
from channels.message import OutboundMessage, Peer, Receipt, Trouble
from credex.commands import AcceptOffer, AuthorizeMember, Command, FindAccount, Login, OfferCredex, ReadLedger
from credex.model import AccountId, OfferId
from credex.money import Denomination, Money
from credex.outcomes import LedgerRead, LoggedIn, NotAMember, OfferMade, Outcome, Refusal, Refused, Unavailable, Unclear
from runtime.address import Address
from runtime.clock import VirtualClock
from runtime.errors import Fenced, StoreUnavailable
from runtime.lanes import Brought, Done
from runtime.retry import RetryPolicy
from runtime.store import AuditEntry, DeadLetter, Delivery, Owed, Payment, Verdict
from tests.actors.dialogs.people import NOON, PHONE, member

ADDRESS = Address(f"member:{PHONE}")
PEER = Peer("whatsapp", "line-1", PHONE)
HELLO = Say(PEER, OutboundMessage(text="Hello"))
OFFER = OfferCredex(
    phone=PHONE,
    issuer=AccountId("acc-tariro"),
    receiver=AccountId("acc-rudo"),
    amount=Money(Decimal("12.30"), Denomination.USD),
)
BEFORE = Before(account=OFFER.issuer, counterparty="Rudo")
SENDING = RetryPolicy(on=(NotSent,), attempts=4, first=1, longest=8, total=60, wish="after_seconds", jitter=lambda: 1.0)


class World:
    """The channel, credex-core and the store, as far as a performer sees them. ``events`` is what happened, in order.

    ``moods`` are what the channel's next sends end in; then it takes messages. ``stumbles`` are how the store fails
    next: ``before`` a write is made, ``after`` it, or ``reading``. A new ``performer`` is a new process.
    """

    def __init__(self) -> None:
        self.name = "whatsapp"
        self.events: list[object] = []
        self.times: list[float] = []
        self.moods: list[ChannelError] = []
        self.stumbles: list[str] = []
        self.fenced = False
        self.trail: list[AuditEntry] = []
        self.breaks: list[Exception] = []
        self.delivered: dict[str, Delivery] = {}
        self.stored = Payment(id=f"{ADDRESS}/7#0", address=ADDRESS, state=PaymentState.INTENT, body=b"")
        self.outcome: Outcome = OfferMade(OfferId("offer-1"), None)
        self.outcomes: list[Outcome] = []
        self.clock = VirtualClock(NOON)
        self.looker = Looker(core=self, clock=self.clock)
        self.performer = self.process()

    def process(self) -> MemberPerformer:
        return MemberPerformer(
            channels={self.name: self},
            core=self,
            payer=Payer(core=self, record=self.record, recorded=self.found, clock=self.clock),
            looker=self.looker,
            clock=self.clock,
            sending=SENDING,
            delivery=self.delivery,
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
        if self.breaks:
            raise self.breaks.pop(0)
        self.times.append(trio.current_time())
        return self.outcomes.pop(0) if self.outcomes else self.outcome

    async def record(self, payment: Payment, expects: str, entry: AuditEntry) -> Verdict:
        await trio.lowlevel.checkpoint()
        if self.fenced:
            return Verdict.FENCED
        stumble = self._stumble("before", "after")
        if stumble == "before":
            raise StoreUnavailable(stumble)
        done = self.stored.state == expects
        if done:
            self.events.append(payment.state)
            self.stored = payment
            self.trail.append(entry)
        if stumble == "after":
            raise StoreUnavailable(stumble)
        return Verdict.DONE if done else Verdict.STALE

    async def found(self, payment: Payment) -> bool:
        await trio.lowlevel.checkpoint()
        if self._stumble("reading"):
            raise StoreUnavailable("reading")
        return payment == self.stored

    async def delivery(self, name: str) -> Delivery | None:
        await trio.lowlevel.checkpoint()
        return self.delivered.get(name)

    def _stumble(self, *here: str) -> str:
        return self.stumbles.pop(0) if self.stumbles and self.stumbles[0] in here else ""

    async def perform(self, effect: Effect) -> Done | Brought:
        return await self.performer.perform(ADDRESS, owed(effect))


def owed(effect: Effect) -> Owed:
    return Owed(id=f"{ADDRESS}/7#0", lane="say:whatsapp", body=effects.encode(effect))


def ask(command: Command) -> Ask:
    return Ask(PEER, command, f"{ADDRESS}/7", NOON)


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


@pytest.mark.parametrize(
    ("refused", "trouble"),
    [
        (Unreachable("not there", code=131026), Trouble.UNREACHABLE),
        (Unwanted("stopped", code=131050), Trouble.UNWANTED),
    ],
)
async def test_what_its_actor_may_help_with_is_brought_to_it(
    world: World, refused: NotDeliverable, trouble: Trouble
) -> None:
    world.moods = [refused]
    assert await world.perform(HELLO) == Brought(Unsaid(HELLO, trouble, refused.code))
    assert len(world.times) == 1


NOTICE = Say(PEER, OutboundMessage(text="A notice", template="t"), tries=1)
AGAIN = SayAgain(PEER, "wamid.0", 2)


def kept(body: bytes | None) -> Delivery:
    return Delivery(id="wamid.0", rank=1, status="failed", at=NOON, ours=f"{ADDRESS}/3#0", body=body)


async def test_a_notice_is_kept_with_its_delivery_and_chat_is_not(world: World) -> None:
    chat, notice = await world.perform(HELLO), await world.perform(NOTICE)
    assert isinstance(chat, Done)
    assert isinstance(notice, Done)
    assert chat.delivery is not None
    assert notice.delivery is not None
    assert (chat.delivery.body, notice.delivery.body) == (None, effects.encode(NOTICE))


async def test_what_is_kept_is_said_again_under_a_new_reference_and_kept_once_more(world: World) -> None:
    world.delivered["wamid.0"] = kept(effects.encode(NOTICE))
    done = await world.perform(AGAIN)
    assert world.events == [(PEER, NOTICE.message, f"{ADDRESS}/7#0")]
    again = effects.encode(msgspec.structs.replace(NOTICE, tries=2))
    assert done == Done(
        delivery=Delivery(id="wamid.1", rank=ACCEPTED, status="accepted", at=NOON, ours=f"{ADDRESS}/7#0", body=again)
    )


@pytest.mark.parametrize("known", [None, kept(None), kept(effects.encode(AGAIN))])
async def test_what_is_not_kept_any_more_is_not_said_again(world: World, known: Delivery | None) -> None:
    if known is not None:
        world.delivered["wamid.0"] = known
    assert await world.perform(AGAIN) == Done()
    assert world.events == []


async def test_what_is_refused_when_it_is_said_again_leaves_its_words_to_operators_or_its_actor(world: World) -> None:
    world.delivered["wamid.0"] = kept(effects.encode(NOTICE))
    again = msgspec.structs.replace(NOTICE, tries=2)
    world.moods = [NotDeliverable("template paused", code=132015), Unreachable("not there", code=131026)]
    assert _dead(await world.perform(AGAIN)).body == effects.encode(again)
    assert await world.perform(AGAIN) == Brought(Unsaid(again, Trouble.UNREACHABLE, 131026))


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
    assert (world.stored.id, world.stored.address) == (f"{ADDRESS}/7#0", ADDRESS)
    record = msgspec.msgpack.decode(world.stored.body, type=PaymentRecord)
    assert (record.command, record.consented_in, record.ended) == (command, f"{ADDRESS}/7", "")


async def test_a_payment_performed_again_is_unclear_and_not_sent_again(world: World) -> None:
    await world.perform(ask(OFFER))
    assert _is_unclear(await world.perform(ask(OFFER)))
    assert _calls(world) == 1


async def test_a_payment_of_a_process_that_lost_its_partition_is_not_sent(world: World) -> None:
    world.fenced = True
    with pytest.raises(Fenced):
        await world.perform(ask(OFFER))
    assert _calls(world) == 0


@pytest.mark.parametrize(
    "stumbles",
    [["before"], ["after"], ["before", "before"], ["after", "before"], ["before", "after"], ["after", "reading"]],
    ids=", ".join,
)
async def test_a_payment_whose_record_could_not_be_written_at_once_is_sent_once_and_not_before(
    stumbles: list[str], world: World
) -> None:
    world.stumbles = list(stumbles)
    for _ in stumbles:
        with pytest.raises(StoreUnavailable):
            await world.perform(ask(OFFER))
        assert _calls(world) == 0
    assert await world.perform(ask(OFFER)) == Brought(world.outcome)
    assert _is_unclear(await world.perform(ask(OFFER)))
    assert _calls(world) == 1


@pytest.mark.parametrize("stumbles", [[], ["before"], ["after"], ["before", "reading"]], ids=", ".join)
async def test_a_payment_another_process_may_have_sent_is_unclear_however_the_store_stumbles(
    stumbles: list[str], world: World
) -> None:
    await world.perform(ask(OFFER))
    world.performer = world.process()
    await _perform_again_as_often_as(world, stumbles)
    assert _calls(world) == 1


@pytest.mark.parametrize("stumbles", [[], ["before"], ["after"], ["before", "reading"]], ids=", ".join)
async def test_a_payment_whose_sending_broke_is_unclear_however_the_store_stumbles(
    stumbles: list[str], world: World
) -> None:
    world.breaks = [KeyError("a bug")]
    with pytest.raises(KeyError):
        await world.perform(ask(OFFER))
    await _perform_again_as_often_as(world, stumbles)
    assert _calls(world) == 1


async def _perform_again_as_often_as(world: World, stumbles: list[str]) -> None:
    world.stumbles = list(stumbles)
    for _ in stumbles:
        with pytest.raises(StoreUnavailable):
            await world.perform(ask(OFFER))
    assert _is_unclear(await world.perform(ask(OFFER)))


def _is_unclear(performed: Done | Brought) -> bool:
    return isinstance(performed, Brought) and isinstance(performed.body, Unclear)


def _calls(world: World) -> int:
    return sum(isinstance(event, OfferCredex) for event in world.events)


async def test_a_payment_whose_server_was_away_too_long_is_not_sent(world: World) -> None:
    late = msgspec.structs.replace(ask(OFFER), at=NOON - CONSENT_LASTS - timedelta(seconds=1))
    done = await world.perform(late)
    assert isinstance(done, Brought)
    assert isinstance(done.body, Unavailable)
    assert _calls(world) == 0


async def test_a_late_payment_that_may_have_been_sent_is_unclear_all_the_same(world: World) -> None:
    world.stored = msgspec.structs.replace(world.stored, state=PaymentState.SENT)
    late = msgspec.structs.replace(ask(OFFER), at=NOON - timedelta(days=1))
    done = await world.perform(late)
    assert isinstance(done, Brought)
    assert isinstance(done.body, Unclear)
    assert _calls(world) == 0


async def test_a_step_that_is_recorded_leaves_its_trace_in_the_same_write(
    world: World, autojump_clock: MockClock
) -> None:
    await world.perform(ask(OFFER))
    [entry] = world.trail
    assert (entry.id, entry.step, entry.address, entry.at) == (f"{ADDRESS}/7#0:sent", "sent", ADDRESS, NOON)
    assert facts_of(entry).command == OFFER


async def test_what_never_left_is_tried_again_a_moment_later_under_the_same_record(
    world: World, autojump_clock: MockClock
) -> None:
    world.outcomes = [Unavailable("ConnectError"), Unavailable("ConnectError")]
    assert await world.perform(ask(OFFER)) == Brought(world.outcome)
    assert world.events == [PaymentState.SENT, OFFER, OFFER, OFFER]
    assert world.times[-1] <= 6


async def test_what_never_left_is_given_up_after_a_few_attempts(world: World, autojump_clock: MockClock) -> None:
    world.outcome = Unavailable("ConnectError")
    assert await world.perform(ask(OFFER)) == Brought(world.outcome)
    assert _calls(world) == PAYING.attempts


@pytest.mark.parametrize(
    "outcome", [Unclear("timeout"), Unavailable("HTTP 429", alive=True), Refused(Refusal.GONE, "x")]
)
async def test_what_may_have_left_or_was_answered_is_not_tried_again(outcome: Outcome, world: World) -> None:
    world.outcomes = [outcome]
    assert await world.perform(ask(OFFER)) == Brought(outcome)
    assert _calls(world) == 1


async def test_consent_that_runs_out_between_two_attempts_is_not_stretched(
    world: World, autojump_clock: MockClock
) -> None:
    world.outcome = Unavailable("ConnectError")
    last = msgspec.structs.replace(ask(OFFER), at=NOON - CONSENT_LASTS)
    assert await world.perform(last) == Brought(Unavailable("the consent is too old", alive=True))
    assert _calls(world) == 1


async def test_an_attempt_cut_short_after_one_that_never_left_is_unclear(
    world: World, autojump_clock: MockClock
) -> None:
    class Hanging:
        calls = 0

        async def execute(self, command: Command) -> Outcome:
            del command
            self.calls += 1
            if self.calls == 1:
                return Unavailable("ConnectError")
            await trio.sleep_forever()
            raise AssertionError

    payer = Payer(core=Hanging(), record=world.record, recorded=world.found, clock=world.clock)
    assert isinstance(await payer.pay(ADDRESS, owed(ask(OFFER)), ask(OFFER), OFFER), Unclear)


def look(seconds: float = 0, before: Before | None = BEFORE) -> LookInto:
    record = PaymentRecord(command=OFFER, consented_in=f"{ADDRESS}/7", at=NOON, before=before)
    doubt = Doubt(payment=f"{ADDRESS}/7#0", record=record, since=NOON, answered=False)
    return LookInto(PEER, doubt, NOON + timedelta(seconds=seconds))


async def test_a_look_waits_for_its_time_then_logs_in_afresh_and_reads_the_ledger(
    world: World, autojump_clock: MockClock
) -> None:
    ledger = LedgerRead((), more=False)
    world.outcomes = [LoggedIn(member()), ledger]
    looked = await world.perform(look(8))
    assert looked == Brought(Looked(at=NOON + timedelta(seconds=8), member=member(), ledger=ledger))
    assert world.events == [Login(PHONE), ReadLedger(PHONE, OFFER.issuer, LEDGER_ROWS)]


@pytest.mark.parametrize("outcomes", [[Unavailable("down")], [NotAMember()]])
async def test_a_look_that_cannot_log_in_is_in_vain(
    outcomes: list[Outcome], world: World, autojump_clock: MockClock
) -> None:
    world.outcomes = outcomes
    assert await world.perform(look()) == Brought(Looked(at=NOON))
    assert world.events == [Login(PHONE)]


async def test_a_look_without_a_ledger_is_in_vain(world: World, autojump_clock: MockClock) -> None:
    world.outcomes = [LoggedIn(member()), Refused(Refusal.NOT_ALLOWED, "x")]
    assert await world.perform(look()) == Brought(Looked(at=NOON, member=member()))


async def test_a_payment_nothing_is_known_about_from_before_is_not_looked_into(
    world: World, autojump_clock: MockClock
) -> None:
    assert await world.perform(look(before=None)) == Brought(Looked(at=NOON))
    assert world.events == []


async def test_a_process_that_is_to_stop_waits_for_no_look_and_begins_none(
    world: World, autojump_clock: MockClock
) -> None:
    brought: list[Done | Brought] = []

    async def wait() -> None:
        brought.append(await world.perform(look(30)))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(wait)
        await trio.sleep(5)
        world.looker.hurry()
    assert brought == [Brought(Looked(at=NOON + timedelta(seconds=5), tried=False))]
    assert await world.perform(look()) == Brought(Looked(at=NOON + timedelta(seconds=5), tried=False))
    assert world.events == []


async def test_a_clock_set_back_does_not_make_a_look_wait_for_it(world: World, autojump_clock: MockClock) -> None:
    world.outcomes = [Unavailable("down")]
    await world.perform(look(7200))
    assert trio.current_time() == 180


@pytest.mark.parametrize(("waited", "sent"), [(CONSENT_LASTS, 1), (CONSENT_LASTS + timedelta(seconds=1), 0)])
async def test_a_change_of_an_account_that_waited_longer_than_its_consent_lasts_is_not_sent(
    world: World, waited: timedelta, sent: int, autojump_clock: MockClock
) -> None:
    command = AuthorizeMember(PHONE, OFFER.issuer, "rudo")
    world.outcome = Unclear("timeout")
    done = await world.perform(Ask(PEER, command, f"{ADDRESS}/7", NOON - waited))
    assert world.events == [command] * sent
    assert done == Brought(world.outcome if sent else Unavailable("the consent is too old", alive=True))
