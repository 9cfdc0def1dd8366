"""The client of credex-core, against a core that says what it is told to."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import httpx
import pytest
import trio
from trio.testing import MockClock

from credex.answers import Answer
from credex.client import LARGEST_ANSWER, Retry, Retryable, T
from credex.commands import Command, Login, MoneyCommand, leaves_doubt
from credex.core import CredexCore
from credex.model import Phone
from credex.outcomes import (
    AccountFound,
    LoggedIn,
    NotAMember,
    OfferMade,
    Onboarded,
    Outcome,
    Refusal,
    Refused,
    Unavailable,
    Unclear,
)
from credex.pace import Purpose
from runtime.retry import RetryPolicy, retrying
from tests.credex.scripted import Line, ScriptedCore, client, say
from tests.credex.spoken import (
    COMMANDS,
    FIND,
    LOGIN,
    MONEY_COMMANDS,
    ONBOARD,
    PAY,
    PHONE,
    created,
    dashboard,
    envelope,
    found,
    refusal,
    welcome,
)
from tests.support.answering import Answering

EXPIRED = b'{"message":"Token expired"}'
UNSENT = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")]
BROKEN = [
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.CloseError("reset"),
    httpx.RemoteProtocolError("cut"),
]


async def talk(core: ScriptedCore, *commands: Command) -> list[Outcome]:
    async with httpx.AsyncClient(transport=Answering(core)) as http:
        asking: CredexCore = client(http)
        return [await asking.execute(command) for command in commands]


async def outcome(core: ScriptedCore, command: Command) -> Outcome:
    (said,) = await talk(core, command)
    return said


def greeted(*lines: Line) -> ScriptedCore:
    """A core that answers the silent login first."""
    return ScriptedCore(say(200, welcome()), *lines)


async def test_a_login_shows_the_client_key_and_no_token() -> None:
    core = ScriptedCore(say(200, welcome()))
    assert isinstance(await outcome(core, LOGIN), LoggedIn)
    assert str(core.asked[0].url) == "https://core.example/login"
    assert core.header("x-client-api-key") == ["the-client-key"]
    assert core.header("authorization") == [None]
    assert core.header("content-type") == ["application/json"]


async def test_onboarding_keeps_the_token_it_brings() -> None:
    joined = envelope("MEMBER_ONBOARDED", details={"token": "new.member"}, dashboard=dashboard())
    core = ScriptedCore(say(201, joined), say(200, created()))
    said = await talk(core, ONBOARD, PAY)
    assert [type(one) for one in said] == [Onboarded, OfferMade]
    assert core.header("authorization") == [None, "Bearer new.member"]


async def test_without_a_token_it_logs_in_silently_first() -> None:
    core = greeted(say(200, created()))
    assert isinstance(await outcome(core, PAY), OfferMade)
    assert core.paths == ["/login", "/createCredex"]
    assert core.header("authorization") == [None, "Bearer first.token"]
    assert core.header("x-client-api-key") == ["the-client-key", None]


async def test_a_silent_login_needs_no_dashboard_that_can_be_read() -> None:
    bare = envelope("MEMBER_LOGIN", details={"token": "first.token"})
    core = ScriptedCore(say(200, bare), say(200, created()))
    assert isinstance(await outcome(core, PAY), OfferMade)


async def test_the_refreshed_token_of_the_header_is_used_next_time() -> None:
    gone = refusal("ERROR_NOT_FOUND", "ACCOUNT_NOT_FOUND")
    core = ScriptedCore(
        say(200, welcome()),
        say(200, found(), Authorization="Bearer second"),
        say(404, gone, Authorization="Bearer third"),
        say(200, found()),
        say(200, found()),
    )
    await talk(core, LOGIN, FIND, FIND, FIND, FIND)
    assert core.header("authorization")[1:] == ["Bearer first.token", "Bearer second", "Bearer third", "Bearer third"]


async def test_a_refreshed_token_that_can_be_none_is_not_taken() -> None:
    core = greeted(say(200, found(), Authorization="Bearer"), say(200, found()))
    await talk(core, FIND, FIND)
    assert core.header("authorization")[1:] == ["Bearer first.token"] * 2


async def test_every_phone_has_its_own_token() -> None:
    other = Login(Phone("263770000202"))
    core = ScriptedCore(say(200, welcome("hers")), say(200, welcome("his")), say(200, found()))
    await talk(core, LOGIN, other, FIND)
    assert core.header("authorization")[2] == "Bearer hers"


@pytest.mark.parametrize("command", [FIND, PAY])
async def test_a_401_logs_in_again_and_repeats_the_call_once(command: Command) -> None:
    answer = found() if command is FIND else created()
    core = greeted(
        say(401, EXPIRED, Authorization="Bearer poisoned"),
        say(200, welcome("fresh")),
        say(200, answer),
    )
    assert isinstance(await outcome(core, command), AccountFound | OfferMade)
    assert core.paths[0::2] == ["/login", "/login"]
    assert core.paths[1] == core.paths[3]
    assert core.asked[1].content == core.asked[3].content
    assert core.header("authorization")[1::2] == ["Bearer first.token", "Bearer fresh"]


@pytest.mark.parametrize("command", [FIND, *MONEY_COMMANDS])
async def test_a_second_401_is_unavailable_and_leaves_no_token(command: Command) -> None:
    core = greeted(
        say(401, EXPIRED),
        say(200, welcome("fresh")),
        say(401, EXPIRED),
        say(401, b'{"message":"Unauthorized client"}'),
    )
    said = await talk(core, command, command)
    assert said == [Unavailable("a fresh token was refused", alive=True), Unavailable("login: HTTP 401", alive=True)]


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (say(404, refusal("ERROR_NOT_FOUND", "NOT_FOUND")), "login: HTTP 404"),
        (say(401, b'{"message":"Unauthorized client"}', Authorization="Bearer poisoned"), "login: HTTP 401"),
        (say(200, envelope("MEMBER_LOGIN")), "login: HTTP 200"),
        (say(200, b"<html>"), "login: HTTP 200"),
    ],
)
async def test_money_does_not_move_without_a_login(line: Line, cause: str) -> None:
    core = ScriptedCore(line)
    assert await outcome(core, PAY) == Unavailable(cause, alive=True)
    assert core.paths == ["/login"]


async def test_a_stranger_is_told_from_an_outage() -> None:
    core = ScriptedCore(say(404, refusal("ERROR_NOT_FOUND", "NOT_FOUND")))
    assert await outcome(core, LOGIN) == NotAMember()


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("command", MONEY_COMMANDS)
async def test_money_that_may_have_left_is_sent_exactly_once(command: MoneyCommand, fault: Exception) -> None:
    core = greeted(fault)
    assert await outcome(core, command) == Unclear(type(fault).__name__)
    assert len(core.asked) == 2


@pytest.mark.parametrize("fault", UNSENT)
@pytest.mark.parametrize("command", MONEY_COMMANDS)
async def test_money_that_never_left_is_unavailable(command: MoneyCommand, fault: Exception) -> None:
    core = greeted(fault)
    assert await outcome(core, command) == Unavailable(type(fault).__name__)
    assert len(core.asked) == 2


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_5xx_leaves_money_unclear_and_is_not_repeated(status: int) -> None:
    core = greeted(say(status, b'{"status":"error","statusCode":500,"message":"oops"}'))
    assert isinstance(await outcome(core, PAY), Unclear)
    assert len(core.asked) == 2


@pytest.mark.parametrize("status", [413, 429])
async def test_money_turned_away_at_the_door_is_unavailable_and_not_repeated(status: int) -> None:
    core = greeted(say(status, b"Too many requests, please try again later.", Retry_After="1"))
    assert await outcome(core, PAY) == Unavailable(f"HTTP {status}", alive=True)
    assert len(core.asked) == 2


async def test_a_refusal_of_money_is_credex_cores_word() -> None:
    core = greeted(say(403, refusal("ERROR_UNAUTHORIZED", "TIER_LIMIT_EXCEEDED", "Only 5 left today")))
    assert await outcome(core, PAY) == Refused(Refusal.TIER_LIMIT, "Only 5 left today")


async def test_money_without_an_answer_in_time_is_unclear(autojump_clock: MockClock) -> None:
    core = greeted(60.0, say(200, created()))
    begun = trio.current_time()
    assert await outcome(core, PAY) == Unclear("ReadTimeout")
    assert len(core.asked) == 2
    assert autojump_clock.current_time() == pytest.approx(begun + 30)


async def test_money_waits_as_long_as_the_whole_command_may_take(autojump_clock: MockClock) -> None:
    core = greeted(29.0, say(200, created()))
    assert isinstance(await outcome(core, PAY), OfferMade)
    assert autojump_clock.current_time() > 0


async def test_a_login_too_slow_for_a_payment_is_unavailable_and_leaves_it_unsent(autojump_clock: MockClock) -> None:
    core = ScriptedCore(9.0, httpx.ReadError("reset"), 60.0)
    begun = trio.current_time()
    assert await outcome(core, PAY) == Unavailable("login: no answer in time")
    assert core.paths == ["/login", "/login"]
    assert autojump_clock.current_time() == pytest.approx(begun + 15)


@pytest.mark.parametrize("fault", [*UNSENT, *BROKEN])
@pytest.mark.parametrize("command", [LOGIN, FIND])
async def test_a_question_is_asked_again_when_the_connection_fails(
    command: Command, fault: Exception, autojump_clock: MockClock
) -> None:
    core = ScriptedCore(say(200, welcome()), fault, say(200, welcome() if command is LOGIN else found()))
    assert isinstance((await talk(core, LOGIN, command))[1], LoggedIn | AccountFound)
    assert len(core.asked) == 3
    assert autojump_clock.current_time() > 0


async def test_a_question_without_an_answer_is_asked_again_after_ten_seconds(autojump_clock: MockClock) -> None:
    core = ScriptedCore(60.0, say(200, welcome()))
    begun = trio.current_time()
    assert isinstance(await outcome(core, LOGIN), LoggedIn)
    assert autojump_clock.current_time() == pytest.approx(begun + 11)


async def test_a_question_is_given_up_when_the_command_may_take_no_longer(autojump_clock: MockClock) -> None:
    begun = trio.current_time()
    assert await outcome(ScriptedCore(60.0, 60.0, 60.0), LOGIN) == Unavailable("no answer in time")
    assert autojump_clock.current_time() == pytest.approx(begun + 30)


async def test_after_the_last_attempt_a_question_is_unavailable(autojump_clock: MockClock) -> None:
    core = ScriptedCore(*[say(503, b"<html>")] * 3)
    assert await outcome(core, LOGIN) == Unavailable("HTTP 503, malformed envelope")
    assert autojump_clock.current_time() > 0


async def test_a_question_that_is_answered_nonsense_is_not_asked_again() -> None:
    assert await outcome(ScriptedCore(say(200, b"<html>")), LOGIN) == Unavailable(
        "HTTP 200, malformed envelope", alive=True
    )


async def test_joining_is_never_repeated() -> None:
    core = ScriptedCore(httpx.ReadTimeout("slow"))
    assert await outcome(core, ONBOARD) == Unavailable("ReadTimeout")
    assert len(core.asked) == 1


def by(policy: RetryPolicy) -> Retry:
    async def retry(call: Callable[[], Awaitable[T]], until: float, purpose: Purpose) -> T:
        del purpose
        return await retrying(policy, call, until)

    return retry


async def test_a_wish_for_quiet_is_honoured_within_the_limit(autojump_clock: MockClock) -> None:
    policy = RetryPolicy(on=(Retryable,), wish="after_seconds", first=0.5, jitter=lambda: 0)
    core = ScriptedCore(say(429, b"slow down", Retry_After="12"), say(200, welcome()))
    async with httpx.AsyncClient(transport=Answering(core)) as http:
        assert isinstance(await client(http, by(policy)).execute(LOGIN), LoggedIn)
    assert core.at[1] - core.at[0] == pytest.approx(12)
    assert autojump_clock.current_time() > 0


async def test_a_wish_for_quiet_beyond_the_limit_is_unavailable_at_once(autojump_clock: MockClock) -> None:
    policy = RetryPolicy(on=(Retryable,), wish="after_seconds", total=20)
    core = ScriptedCore(say(429, b"slow down", Retry_After="60"))
    begun = trio.current_time()
    async with httpx.AsyncClient(transport=Answering(core)) as http:
        assert await client(http, by(policy)).execute(LOGIN) == Unavailable("HTTP 429", alive=True)
    assert autojump_clock.current_time() == pytest.approx(begun)


async def test_a_retry_that_runs_out_of_time_is_unavailable() -> None:
    async def too_slow(call: Callable[[], Awaitable[T]], until: float, purpose: Purpose) -> T:
        assert purpose is Purpose.LOGIN
        await call()
        raise trio.TooSlowError(until)

    async with httpx.AsyncClient(transport=Answering(greeted())) as http:
        assert await client(http, too_slow).execute(LOGIN) == Unavailable("no answer in time")


async def test_a_redirect_is_not_followed() -> None:
    core = greeted(say(307, b"", Location="https://elsewhere.example/createCredex"))
    assert isinstance(await outcome(core, PAY), Unclear)
    assert len(core.asked) == 2


class Flood(httpx.AsyncByteStream):
    """A body without end."""

    def __init__(self) -> None:
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await trio.lowlevel.checkpoint()
            self.sent += 65_536
            yield b"x" * 65_536


@pytest.mark.parametrize(("command", "expected"), [(LOGIN, Unavailable), (PAY, Unclear)])
async def test_an_answer_without_end_is_read_only_so_far(command: Command, expected: type[Outcome]) -> None:
    flood = Flood()
    lines = [httpx.Response(200, stream=flood)]
    core = ScriptedCore(*lines) if command is LOGIN else greeted(*lines)
    assert isinstance(await outcome(core, command), expected)
    assert flood.sent <= LARGEST_ANSWER + 65_536


async def test_a_body_packed_against_our_wish_is_not_unpacked() -> None:
    packed = httpx.Response(200, stream=httpx.ByteStream(b"\x1f\x8b rubbish"), headers={"Content-Encoding": "gzip"})
    core = greeted(packed)
    assert isinstance(await outcome(core, PAY), Unclear)
    assert core.header("accept-encoding") == ["identity", "identity"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("body", [b"", b"{", b"null", b"<html>", b"[" * 100_000, b"\xff\xfe", b'"\\ud800"'])
async def test_a_body_nobody_can_read_is_an_outcome(command: Command, body: bytes) -> None:
    core = greeted(say(200, body)) if command not in (LOGIN, ONBOARD) else ScriptedCore(say(200, body))
    assert isinstance(await outcome(core, command), Unclear if leaves_doubt(command) else Unavailable)


async def test_cancelling_gives_a_command_up_without_an_outcome(autojump_clock: MockClock) -> None:
    core = greeted(10.0, say(200, created()))
    with trio.move_on_after(1) as scope:
        await outcome(core, PAY)
    assert scope.cancelled_caught
    assert autojump_clock.current_time() > 0


@pytest.mark.parametrize(
    "lines",
    [
        [say(500, refusal("ERROR_INTERNAL", f"about {PHONE}", f"{PHONE} first.token"))],
        [say(200, b'{"data":{"action":{"type":"MEMBER_LOGIN","id":"%s first.token"}}}' % PHONE.encode())],
        [httpx.LocalProtocolError(f"Illegal header value b'Bearer first.token' {PHONE}")],
        [say(401, f'{{"message":"{PHONE}"}}'.encode()), httpx.ReadError("the-client-key")],
    ],
)
@pytest.mark.parametrize("command", [LOGIN, FIND, PAY])
async def test_no_phone_token_key_or_body_is_logged_or_told_as_a_cause(
    command: Command, lines: Sequence[Line], caplog: pytest.LogCaptureFixture, autojump_clock: MockClock
) -> None:
    caplog.set_level(logging.DEBUG)
    core = ScriptedCore(*lines, *lines, *lines) if command is LOGIN else greeted(*lines, *lines, *lines, *lines)
    async with httpx.AsyncClient(transport=Answering(core)) as http:
        asking = client(http)
        said = await asking.execute(command)
        told = f"{said!r} {asking!r} {caplog.text}"
    assert isinstance(said, Unavailable | Unclear)
    assert not [secret for secret in (PHONE, "first.token", "the-client-key") if secret in told]
    assert autojump_clock.current_time() >= 0


def test_what_the_retry_sees_names_no_content() -> None:
    fault = Retryable(Answer(503, PHONE.encode(), token="first.token", after_seconds=3))
    assert (str(fault), fault.after_seconds) == ("HTTP 503", 3)
    assert PHONE not in repr(fault)
    assert "first.token" not in repr(vars(fault))


@pytest.mark.parametrize(
    ("line", "alive"),
    [
        (say(200, b'{"status":"healthy"}'), True),
        (say(503, b""), False),
        (httpx.ConnectError("refused"), False),
        (60.0, False),
    ],
)
async def test_operators_can_ask_whether_it_is_alive(line: Line, autojump_clock: MockClock, *, alive: bool) -> None:
    core = ScriptedCore(line)
    async with httpx.AsyncClient(transport=Answering(core)) as http:
        assert await client(http).alive() is alive
    assert core.paths == ["/health"]
    assert autojump_clock.current_time() >= 0


class Counting:
    """A pace that notes what it is asked, and lets go while there is ``room``."""

    def __init__(self, room: int = 99) -> None:
        self.room = room
        self.asked: list[Purpose] = []
        self.wishes: list[float | None] = []
        self.waits: list[float] = []
        self.seconds = 0.0

    async def leave(self, purpose: Purpose, until: float) -> bool:
        assert until > trio.current_time()
        await trio.sleep(self.seconds)
        self.asked.append(purpose)
        self.waits.append(until - trio.current_time())
        self.room -= 1
        return self.room >= 0

    def turned_away(self, seconds: float | None) -> None:
        self.wishes.append(seconds)


async def paced(core: ScriptedCore, pace: Counting, command: Command, *, settling: bool = False) -> Outcome:
    async with httpx.AsyncClient(transport=Answering(core)) as http:
        asking = client(http, pace=pace)
        return await (asking.settling() if settling else asking).execute(command)


async def test_every_exchange_asks_leave_for_the_purpose_of_its_command(autojump_clock: MockClock) -> None:
    pace = Counting()
    core = greeted(say(401, EXPIRED), say(500, b""), say(200, welcome()), say(200, created()))
    assert isinstance(await paced(core, pace, PAY), OfferMade)
    assert pace.asked == [Purpose.MONEY] * 5
    pace = Counting()
    await paced(ScriptedCore(say(200, welcome())), pace, LOGIN)
    await paced(ScriptedCore(say(200, welcome())), pace, LOGIN, settling=True)
    await paced(greeted(say(200, found())), pace, FIND)
    assert pace.asked == [Purpose.LOGIN, Purpose.SETTLING, Purpose.READING, Purpose.READING]
    assert autojump_clock.current_time() > 0


@pytest.mark.parametrize(("command", "room"), [(LOGIN, 0), (FIND, 1), (PAY, 0), (PAY, 1)])
async def test_what_gets_no_leave_is_not_sent_not_repeated_and_told_as_busy(command: Command, room: int) -> None:
    core, pace = ScriptedCore(*[say(200, welcome())] * room), Counting(room)
    said = await paced(core, pace, command)
    assert isinstance(said, Unavailable)
    assert said.alive
    assert "too many calls already wait" in said.cause
    assert len(core.asked) == room
    assert len(pace.asked) == room + 1


@pytest.mark.parametrize("command", [LOGIN, FIND, PAY, ONBOARD])
async def test_the_pace_hears_of_every_429_and_of_the_quiet_it_asks_for(
    command: Command, autojump_clock: MockClock
) -> None:
    pace = Counting()
    many = say(429, b"Too many requests", Retry_After="7")
    greeting = [say(200, welcome())] if command in (FIND, PAY) else []
    await paced(ScriptedCore(*greeting, *[many] * 3), pace, command)
    assert set(pace.wishes) == {7.0}
    assert len(pace.wishes) == (3 if command in (LOGIN, FIND) else 1)
    assert autojump_clock.current_time() >= 0


async def test_a_payment_that_waited_for_its_turn_has_as_long_again_for_its_answer(autojump_clock: MockClock) -> None:
    pace = Counting()
    pace.seconds = 1
    assert isinstance(await paced(greeted(14.0, say(200, created())), pace, PAY), OfferMade)
    assert pace.waits == pytest.approx([4, 13.5])
    assert autojump_clock.current_time() > 0
