"""The client against a gateway that takes, refuses, answers oddly, hangs and breaks off."""

import httpx
import pytest
import trio
from trio.testing import MockClock

from actors.transport.local import LocalTransport
from channels.channel import NotDeliverable, NotSent, Unreachable
from channels.message import DeliveryStatus, Receipt
from channels.sms.kannel.client import Kannel
from channels.sms.kannel.wire import KannelWebhooks
from channels.sms.provider import Provider
from tests.channels.sms.requests import NOW, posted, report
from tests.support.answering import Answer, Answering
from tests.support.kannel import PASSWORD, SENDSMS_URL, SHORT_CODE, USERNAME, KannelStandIn, report_url

RUDO = "263772123456"
HOOKS = KannelWebhooks("kannel-shared-key-91")
WORLD = "https://chat.example.test"
REPORTS_URL = f"{WORLD}{HOOKS.path}/status"


async def send(
    gateway: KannelStandIn | Answer,
    text: str = "Hello",
    *,
    ours: str = SHORT_CODE,
    reference: str = "ref-1",
    password: str = PASSWORD,
) -> Receipt:
    transport = LocalTransport(gateway.respond) if isinstance(gateway, KannelStandIn) else Answering(gateway)
    async with httpx.AsyncClient(transport=transport) as http:
        provider: Provider = Kannel(
            http, sendsms_url=SENDSMS_URL, username=USERNAME, password=password, reports_url=REPORTS_URL
        )
        return await provider.send(ours, RUDO, text, reference=reference)


@pytest.mark.parametrize("says", ["0: Accepted for delivery", "3: Queued for later delivery", "Sent."])
async def test_a_message_is_taken_and_our_own_id_is_the_receipt(says: str) -> None:
    gateway = KannelStandIn()
    gateway.says = says
    assert await send(gateway) == Receipt("kannel:ref-1")
    assert gateway.sent == {RUDO: ["Hello"]}


async def test_neither_password_nor_number_nor_words_stand_in_the_url() -> None:
    requests: list[httpx.Request] = []

    def gateway(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(202, text="0: Accepted for delivery")

    await send(gateway)
    [request] = requests
    assert (request.method, str(request.url)) == ("POST", SENDSMS_URL)
    asked = {name: value for name, value in request.headers.items() if name.startswith(("x-kannel-", "content-type"))}
    assert asked == {
        "x-kannel-username": USERNAME,
        "x-kannel-password": PASSWORD,
        "x-kannel-from": SHORT_CODE,
        "x-kannel-to": f"+{RUDO}",
        "x-kannel-coding": "0",
        "x-kannel-dlr-mask": "27",
        "x-kannel-dlr-url": f"{REPORTS_URL}?ours=ref-1&status=%d",
        "content-type": "text/plain; charset=UTF-8",
    }
    assert request.content == b"Hello"


@pytest.mark.parametrize("has_iconv", [True, False])
@pytest.mark.parametrize("text", ["ndatenda ç", "Mhoro 🙏", "日本", "\ud83d\ude4f x"])
async def test_text_outside_the_alphabet_goes_as_ucs2_that_no_gateway_needs_to_convert(
    text: str, *, has_iconv: bool
) -> None:
    gateway = KannelStandIn(has_iconv=has_iconv)
    await send(gateway, text)
    [taken] = gateway.taken
    assert taken.coding == 2
    assert taken.text == text.encode("utf-16-be", "replace").decode("utf-16-be")


async def test_text_in_the_alphabet_goes_in_seven_bits() -> None:
    gateway = KannelStandIn()
    await send(gateway, "5 € {é} & 5% +\n@rudo")
    [taken] = gateway.taken
    assert (taken.coding, taken.text) == (0, "5 € {é} & 5% +\n@rudo")


@pytest.mark.parametrize("reference", ["ref-1", "member:2637/turn 7?a=b&c=%41+#1", "".join(map(chr, range(33, 127)))])
@pytest.mark.parametrize(
    ("bit", "status"), [(1, DeliveryStatus.DELIVERED), (2, DeliveryStatus.FAILED), (8, DeliveryStatus.SENT)]
)
async def test_a_report_comes_back_to_the_message_it_is_on(reference: str, bit: int, status: DeliveryStatus) -> None:
    gateway = KannelStandIn()
    receipt = await send(gateway, reference=reference)
    url = report_url(gateway.taken[0], bit)
    assert url is not None
    told = report(HOOKS.reports(posted(url.removeprefix(WORLD), method="GET"), now=NOW))
    assert (told.id, told.ours, told.status) == (receipt.id, reference, status)


async def test_reports_that_would_tell_nothing_are_not_asked_for() -> None:
    gateway = KannelStandIn()
    await send(gateway)
    asked = [bit for bit in (1, 2, 4, 8, 16, 32) if report_url(gateway.taken[0], bit)]
    assert asked == [1, 2, 8, 16]


async def test_a_wrong_password_is_waited_for() -> None:
    with pytest.raises(NotSent) as raised:
        await send(KannelStandIn(), password="pässword")
    assert (raised.value.code, raised.value.after_seconds) == (403, 60)


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        ((403, "Not routable. Do not try again."), Unreachable, 403),
        ((400, "Number(s) has/have been denied by white- and/or black-lists."), Unreachable, 400),
        ((400, "9: no"), NotDeliverable, 9),
        ((503, "Temporal failure, try again later."), NotSent, 503),
        ((500, "Sending failed."), NotSent, 500),
        ((202, "1: no"), NotSent, 1),
    ],
)
async def test_a_refusal_is_raised_with_its_code(answer: tuple[int, str], kind: type[Exception], code: int) -> None:
    gateway = KannelStandIn()
    gateway.answers[RUDO] = answer
    with pytest.raises(kind) as raised:
        await send(gateway)
    assert type(raised.value) is kind
    assert (getattr(raised.value, "code", None), gateway.sent) == (code, {})


async def test_without_a_sender_the_gateway_refuses() -> None:
    with pytest.raises(NotDeliverable):
        await send(KannelStandIn(), ours="")


async def test_no_text_never_reaches_the_wire() -> None:
    def gateway(_request: httpx.Request) -> httpx.Response:
        raise AssertionError

    with pytest.raises(NotDeliverable):
        await send(gateway, "")


async def test_a_lost_answer_is_not_sent_and_sending_again_sends_twice() -> None:
    gateway = KannelStandIn()
    gateway.lost = 1
    with pytest.raises(NotSent, match="ReadError"):
        await send(gateway)
    assert await send(gateway) == Receipt("kannel:ref-1")
    assert gateway.sent[RUDO] == ["Hello", "Hello"]


async def test_the_gateway_s_wish_is_passed_on() -> None:
    def gateway(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(503, text="Temporal failure, try again later.", headers={"retry-after": "7"})

    with pytest.raises(NotSent) as raised:
        await send(gateway)
    assert raised.value.after_seconds == 7


async def test_an_answer_that_does_not_come_is_waited_for_ten_seconds(autojump_clock: MockClock) -> None:
    async def gateway(_request: httpx.Request) -> httpx.Response:
        await trio.sleep(3600)
        return httpx.Response(202)

    with pytest.raises(NotSent, match="ReadTimeout"):
        await send(gateway)
    assert trio.current_time() == pytest.approx(10, abs=0.1)
    assert autojump_clock.autojump_threshold == 0


async def test_neither_repr_nor_errors_tell_secrets() -> None:
    async with httpx.AsyncClient() as http:
        kannel = Kannel(http, sendsms_url=SENDSMS_URL, username=USERNAME, password=PASSWORD, reports_url=REPORTS_URL)
        assert PASSWORD not in repr(kannel)
        assert "shared-key" not in repr(kannel)
    gateway = KannelStandIn()
    gateway.answers[RUDO] = (400, f"{RUDO} was told Hello")
    with pytest.raises(NotDeliverable) as raised:
        await send(gateway)
    assert RUDO not in str(raised.value)
