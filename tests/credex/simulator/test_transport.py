"""What stands before the controllers: keys, tokens, the rate limit, sizes, and errors without an envelope."""

import json

import pytest

from credex.simulator.core import CoreSimulator
from credex.simulator.tokens import Tokens
from credex.simulator.world import World
from tests.credex.simulator.visiting import CLIENT_KEY, DEV_KEY, RUDO, Time, Visitor, core_over, member_of, small_world

LOGIN = json.dumps({"phone": RUDO}).encode()
KEYED = {"x-client-api-key": CLIENT_KEY}


async def ask(visitor: Visitor, token: str | None = None) -> int:
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    return (await visitor.send("POST", "/getAccountByHandle", headers, b'{"accountHandle":"rudo"}')).status


async def test_health_needs_nothing(visitor: Visitor) -> None:
    heard = await visitor.send("GET", "/health", {}, b"")
    assert (heard.status, heard.body) == (200, {"status": "healthy"})


@pytest.mark.parametrize("headers", [{}, {"x-client-api-key": "another"}, {"X-CLIENT-API-KEY": "schlüssel"}])
async def test_login_needs_the_client_key(visitor: Visitor, headers: dict[str, str]) -> None:
    heard = await visitor.send("POST", "/login", headers, LOGIN)
    assert (heard.status, heard.body) == (401, {"message": "Unauthorized client"})


async def test_header_names_have_no_case(visitor: Visitor) -> None:
    assert (await visitor.send("post", "/login", {"X-CLIENT-api-KEY": CLIENT_KEY}, LOGIN)).status == 200


async def test_a_server_without_a_client_key_is_broken(world: World, time: Time) -> None:
    core = CoreSimulator(world, now=time, client_key="")
    heard = await Visitor(core).send("POST", "/login", KEYED, LOGIN)
    assert (heard.status, list(heard.body)) == (500, ["message"])


async def test_the_client_key_is_not_asked_elsewhere(core: CoreSimulator) -> None:
    rudo = await member_of(core, RUDO)
    assert await ask(rudo, rudo.token) == 200


async def test_no_token_a_wrong_one_and_one_of_nobody_are_refused(visitor: Visitor, time: Time) -> None:
    for headers, message in [
        ({}, "Authentication required"),
        ({"authorization": "Bearer"}, "Authentication required"),
        ({"authorization": "Bearer a.b.c"}, "Invalid token"),
        ({"authorization": f"Bearer {Tokens(b'another').issue('x', now=time())}"}, "Invalid token"),
    ]:
        heard = await visitor.send("POST", "/getCredex", headers, b"{}")
        assert (heard.status, heard.body) == (401, {"message": message})


async def test_the_token_of_a_member_who_is_gone_is_invalid(core: CoreSimulator) -> None:
    rudo = await member_of(core, RUDO)
    core.world.wipe()
    assert (await rudo.post("/getCredex")).body == {"message": "Invalid token"}


async def test_any_word_may_stand_before_the_token(core: CoreSimulator) -> None:
    rudo = await member_of(core, RUDO)
    heard = await rudo.send("POST", "/getCredex", {"authorization": f"Anything {rudo.token}"}, b"{}")
    assert heard.status == 400


async def test_a_session_ends_after_six_hours_of_activity(core: CoreSimulator, time: Time) -> None:
    rudo = await member_of(core, RUDO)
    for _ in range(6 * 12):
        time.passes(300)
        heard = await rudo.post("/getAccountByHandle", accountHandle="rudo")
        rudo.token = heard.headers["authorization"].split()[1]
    time.passes(1)
    assert await ask(rudo, rudo.token) == 401


async def test_a_failed_request_refreshes_the_token_too(core: CoreSimulator) -> None:
    rudo = await member_of(core, RUDO)
    assert "authorization" in (await rudo.post("/getCredex")).headers
    assert "authorization" not in (await rudo.post("/login", phone=RUDO)).headers


async def test_the_limit_is_30_a_minute_for_each_address(world: World, time: Time) -> None:
    core = core_over(world, time, rate_limit=30)
    visitor = Visitor(core)
    statuses = [(await visitor.send("GET", "/health", {}, b"")).status for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    status, _, _ = await core.respond("GET", "/health", {}, b"", remote="192.0.2.7")
    assert status == 200
    time.passes(60)
    assert (await visitor.send("GET", "/health", {}, b"")).status == 200


async def test_answers_tell_what_is_left_of_the_window(world: World, time: Time) -> None:
    visitor = Visitor(core_over(world, time, rate_limit=2))
    first = await visitor.send("GET", "/health", {}, b"")
    assert first.headers["x-ratelimit-limit"] == "2"
    assert first.headers["x-ratelimit-remaining"] == "1"
    assert first.headers["x-ratelimit-reset"] == str(int(time().timestamp()) + 60)
    time.passes(20)
    await visitor.send("GET", "/health", {}, b"")
    refused = await visitor.send("GET", "/health", {}, b"")
    assert (refused.status, refused.headers["retry-after"]) == (429, "40")
    assert refused.headers["x-ratelimit-remaining"] == "0"


async def test_100_kilobytes_are_read_and_one_byte_more_is_not(visitor: Visitor) -> None:
    padding = b" " * (100 * 1024 - len(LOGIN))
    assert (await visitor.send("POST", "/login", KEYED, LOGIN + padding)).status == 200
    heard = await visitor.send("POST", "/login", KEYED, LOGIN + padding + b" ")
    assert (heard.status, heard.body["statusCode"]) == (413, 413)


@pytest.mark.parametrize("body", [b"{", b'"text"', b"7", b"null", b"\xff", b'{"phone": NaN}', b"[" * 99_999])
async def test_broken_json_is_the_last_resort_handlers(visitor: Visitor, body: bytes) -> None:
    heard = await visitor.send("POST", "/login", KEYED, body)
    assert (heard.status, heard.body["status"], heard.body["statusCode"]) == (400, "error", 400)


async def test_broken_json_is_answered_before_anything_is_counted(world: World, time: Time) -> None:
    visitor = Visitor(core_over(world, time, rate_limit=1))
    for _ in range(3):
        assert (await visitor.send("POST", "/login", {}, b"{")).status == 400
    assert (await visitor.send("GET", "/health", {}, b"")).status == 200


@pytest.mark.parametrize("body", [b"", b"  ", b"{}", b"[]", b'{"phone": null}'])
async def test_a_body_without_the_field_misses_it(visitor: Visitor, body: bytes) -> None:
    heard = await visitor.send("POST", "/login", KEYED, body)
    assert (heard.status, heard.code) == (400, "MISSING_PHONE")


async def test_every_answer_has_its_own_id(visitor: Visitor) -> None:
    ids = {(await visitor.send("GET", "/health", {}, b"")).headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


async def test_the_same_seed_gives_the_same_answers(time: Time) -> None:
    first = await Visitor(core_over(small_world(), time)).login(RUDO)
    second = await Visitor(core_over(small_world(), time)).login(RUDO)
    assert first == second


async def test_the_dev_paths_need_their_key(visitor: Visitor, world: World, time: Time) -> None:
    before = world.today
    assert (await visitor.send("POST", "/devadmin/forceDCO", {}, b"")).status == 401
    assert world.today == before
    heard = await visitor.send("POST", "/devadmin/forceDCO", {"x-dev-admin-key": DEV_KEY}, b"")
    assert heard.type == "DEV_DCO_FORCED"
    assert (world.today - before).days == 1
    closed = Visitor(core_over(world, time))
    assert (await closed.send("POST", "/devadmin/forceDCO", {"x-dev-admin-key": ""}, b"")).status == 401


async def test_a_cleared_core_knows_nobody(visitor: Visitor) -> None:
    await visitor.send("POST", "/devadmin/clearDevDBs", {"x-dev-admin-key": DEV_KEY}, b"")
    assert (await visitor.login(RUDO)).status == 404
