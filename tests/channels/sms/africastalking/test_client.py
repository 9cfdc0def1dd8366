"""The client against an API that takes, refuses, answers oddly, hangs and breaks off."""

import json
from urllib.parse import parse_qs

import httpx
import pytest
import trio
from trio.testing import MockClock

from actors.transport.local import LocalTransport
from channels.channel import NotDeliverable, NotSent, Unreachable, Unwanted
from channels.message import Receipt
from channels.sms.africastalking.client import AfricasTalking
from channels.sms.provider import Provider
from tests.support.africastalking import API_KEY, API_URL, SHORT_CODE, USERNAME, AfricasTalkingStandIn
from tests.support.answering import Answer, Answering

RUDO = "263772123456"
TAKEN = {"statusCode": 101, "number": f"+{RUDO}", "status": "Success", "cost": "USD 0.0100", "messageId": "ATXid_1"}


async def send(
    api: AfricasTalkingStandIn | Answer,
    text: str = "Hello",
    *,
    ours: str = SHORT_CODE,
    to: str = RUDO,
    key: str = API_KEY,
) -> Receipt:
    transport = LocalTransport(api.respond) if isinstance(api, AfricasTalkingStandIn) else Answering(api)
    async with httpx.AsyncClient(transport=transport) as http:
        provider: Provider = AfricasTalking(http, api_url=f"{API_URL}/", username=USERNAME, api_key=key)
        return await provider.send(ours, to, text, reference="ref-1")


def answering(status: int, body: object, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda _request: httpx.Response(status, content=content, headers=headers)


def telling(*recipients: object, message: str = "Sent to 1/1 Total Cost: USD 0.0100", status: int = 201) -> Answer:
    return answering(status, {"SMSMessageData": {"Message": message, "Recipients": list(recipients)}})


async def test_a_message_is_taken_and_its_id_is_the_receipt() -> None:
    api = AfricasTalkingStandIn()
    assert await send(api, "Mhoro 🙏 & 5% + é") == Receipt("africastalking:ATXid_1")
    assert api.sent == {RUDO: ["Mhoro 🙏 & 5% + é"]}


async def test_a_message_is_one_post_with_everything_asked_for() -> None:
    requests: list[httpx.Request] = []

    def api(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(201, json={"SMSMessageData": {"Message": "", "Recipients": [TAKEN]}})

    await send(api)
    [request] = requests
    assert (request.method, str(request.url)) == ("POST", f"{API_URL}/version1/messaging")
    assert (request.headers["apiKey"], request.headers["accept"]) == (API_KEY, "application/json")
    assert parse_qs(request.content.decode()) == {
        "username": [USERNAME],
        "to": [f"+{RUDO}"],
        "from": [SHORT_CODE],
        "message": ["Hello"],
        "bulkSMSMode": ["1"],
        "enqueue": ["1"],
    }


async def test_half_a_surrogate_pair_is_sent_as_a_question_mark() -> None:
    api = AfricasTalkingStandIn()
    await send(api, "a\ud800b")
    assert api.sent[RUDO] == ["a?b"]


async def test_without_a_sender_of_ours_the_account_s_own_is_used() -> None:
    api = AfricasTalkingStandIn()
    await send(api, ours="")
    assert api.sent[RUDO] == ["Hello"]


@pytest.mark.parametrize("code", [100, 101, 102])
async def test_each_code_of_a_taken_message_is_believed(code: int) -> None:
    api = AfricasTalkingStandIn()
    api.codes[RUDO] = code
    assert await send(api) == Receipt("africastalking:ATXid_1")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (401, NotSent),
        (402, NotDeliverable),
        (403, Unreachable),
        (404, Unreachable),
        (405, NotSent),
        (406, Unwanted),
        (407, Unreachable),
        (409, NotSent),
        (500, NotSent),
        (501, NotSent),
        (502, NotSent),
    ],
)
async def test_success_of_the_call_is_not_success_of_the_message(code: int, kind: type[Exception]) -> None:
    api = AfricasTalkingStandIn()
    api.codes[RUDO] = code
    with pytest.raises(kind) as raised:
        await send(api)
    assert type(raised.value) is kind
    assert (getattr(raised.value, "code", None), api.sent) == (code, {})


async def test_a_sender_name_that_is_not_ours_is_told_by_the_message_alone() -> None:
    with pytest.raises(NotDeliverable, match="InvalidSenderId") as raised:
        await send(AfricasTalkingStandIn(), ours="Stranger")
    assert raised.value.code == 402


async def test_nobody_tried_for_a_reason_in_one_word_is_told_by_it_whatever_the_http_status() -> None:
    for status in (201, 400):
        with pytest.raises(NotSent) as raised:
            await send(telling(message="InsufficientBalance", status=status))
        assert (raised.value.code, raised.value.after_seconds) == (405, 3600)
    with pytest.raises(NotSent) as raised:
        await send(telling(message="Sent to 0/1 Total Cost: 0"))
    assert raised.value.code is None


async def test_a_number_that_is_none_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        await send(AfricasTalkingStandIn(), to="0772123456")


async def test_a_wrong_key_is_waited_for() -> None:
    with pytest.raises(NotSent) as raised:
        await send(AfricasTalkingStandIn(), key="another")
    assert (raised.value.code, raised.value.after_seconds) == (401, 60)


async def test_no_text_is_refused_as_the_api_refuses_it() -> None:
    with pytest.raises(NotDeliverable) as raised:
        await send(AfricasTalkingStandIn(), "")
    assert raised.value.code == 400


async def test_a_lost_answer_is_not_sent_and_sending_again_sends_twice() -> None:
    api = AfricasTalkingStandIn()
    api.lost = 1
    with pytest.raises(NotSent, match="ReadError"):
        await send(api)
    await send(api)
    assert api.sent[RUDO] == ["Hello", "Hello"]


async def test_each_recipient_told_of_is_looked_at() -> None:
    other = TAKEN | {"number": "+263771000222", "messageId": "ATXid_2"}
    blocked = TAKEN | {"statusCode": 406, "status": "UserInBlacklist", "messageId": "None"}
    assert await send(telling(other, TAKEN)) == Receipt("africastalking:ATXid_1")
    assert await send(telling(blocked, TAKEN)) == Receipt("africastalking:ATXid_1")
    with pytest.raises(Unwanted):
        await send(telling(other, blocked))
    with pytest.raises(NotSent):
        await send(telling(other, other))


async def test_the_only_recipient_counts_however_its_number_is_written() -> None:
    assert await send(telling(TAKEN | {"number": "0772123456"})) == Receipt("africastalking:ATXid_1")


async def test_an_older_answer_without_codes_is_told_by_its_words() -> None:
    old = {name: value for name, value in TAKEN.items() if name != "statusCode"}
    assert await send(telling(old)) == Receipt("africastalking:ATXid_1")
    assert await send(telling(TAKEN | {"statusCode": "101"})) == Receipt("africastalking:ATXid_1")
    with pytest.raises(Unwanted):
        await send(telling(old | {"status": "UserInBlacklist"}))


async def test_a_refusal_told_with_its_own_http_status_is_read_as_one() -> None:
    with pytest.raises(NotSent) as raised:
        await send(telling(TAKEN | {"statusCode": 409, "messageId": "None"}, status=409))
    assert (raised.value.code, raised.value.after_seconds) == (409, 3600)


@pytest.mark.parametrize("message_id", ["None", "", None, 7, "a b", "é", "x" * 201])
async def test_a_taken_message_without_an_id_is_not_believed(message_id: object) -> None:
    with pytest.raises(NotSent, match="without a message id"):
        await send(telling(TAKEN | {"messageId": message_id}))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<AfricasTalkingResponse/>",
        b"\xff",
        b"[" * 100_000,
        [],
        {},
        {"SMSMessageData": []},
        {"SMSMessageData": {"Message": "Sent to 0/1 Total Cost: 0", "Recipients": []}},
        {"SMSMessageData": {"Message": ["Sent"], "Recipients": {"0": TAKEN}}},
        {"SMSMessageData": {"Recipients": [7]}},
        {"SMSMessageData": {"Recipients": [{"statusCode": True, "status": None}]}},
    ],
)
async def test_success_that_says_nothing_of_the_message_is_not_believed(body: object) -> None:
    with pytest.raises(NotSent):
        await send(answering(201, body))


@pytest.mark.parametrize(
    ("status", "kind"), [(400, NotDeliverable), (401, NotSent), (429, NotSent), (500, NotSent), (502, NotSent)]
)
@pytest.mark.parametrize("body", [b"Sorry", {"SMSMessageData": {"Message": "Sorry", "Recipients": []}}])
async def test_a_refusal_in_plain_words_goes_by_its_http_status(
    status: int, kind: type[Exception], body: object
) -> None:
    with pytest.raises(kind) as raised:
        await send(answering(status, body, **{"retry-after": "90"}))
    assert getattr(raised.value, "code", None) == status
    assert getattr(raised.value, "after_seconds", 90) == 90
    assert "Sorry" not in str(raised.value)


async def test_an_answer_that_does_not_come_is_waited_for_ten_seconds(autojump_clock: MockClock) -> None:
    async def api(_request: httpx.Request) -> httpx.Response:
        await trio.sleep(3600)
        return httpx.Response(201)

    with pytest.raises(NotSent, match="ReadTimeout"):
        await send(api)
    assert trio.current_time() == pytest.approx(10, abs=0.1)
    assert autojump_clock.autojump_threshold == 0


async def test_neither_repr_nor_errors_tell_secrets() -> None:
    async with httpx.AsyncClient() as http:
        assert API_KEY not in repr(AfricasTalking(http, api_url=API_URL, username=USERNAME, api_key=API_KEY))
    with pytest.raises(NotSent) as raised:
        await send(telling(message=f"+{RUDO} was told Hello"))
    assert RUDO not in str(raised.value)
