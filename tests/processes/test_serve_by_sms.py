"""``vimbiso serve`` with text messages as its only channel: each provider over real sockets, and what the log keeps."""

import itertools
import re
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
import trio

from actors.transport.client import http_client
from actors.transport.trio_transport import TrioTransport
from tests.support import africastalking, kannel, twilio
from tests.support.processes import Process, serve_environment, start_core, vimbiso
from tests.support.sms_server import SmsServer, sms_server

RUDO = "263770000201"
PATH_SECRET = "path-secret-for-tests-0123456789"
AFRICAS, KANNEL = f"/sms/africastalking/{PATH_SECRET}", f"/sms/kannel/{PATH_SECRET}"
OPERATOR = {"authorization": "Bearer operator-token-for-tests"}
SECRETS = (PATH_SECRET, twilio.TOKEN, africastalking.API_KEY, kannel.PASSWORD, "client-key-for-tests")

_ids = itertools.count(1)


@dataclass(frozen=True)
class Request:
    """One HTTP request of a provider."""

    target: str
    method: str = "POST"
    headers: Mapping[str, str] | None = None
    body: bytes = b""


def by_twilio(form: dict[str, str], target: str = twilio.MESSAGES) -> Request:
    headers, body = twilio.signed(form, target)
    return Request(target, headers=headers, body=body)


def form(target: str, **fields: str) -> Request:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return Request(target, headers=kind, body=urlencode(fields).encode())


def twilio_text(words: str) -> Request:
    return by_twilio(twilio.text(RUDO, words))


def africas_text(words: str) -> Request:
    return form(AFRICAS, id=f"at-{next(_ids)}", text=words, to=africastalking.SHORT_CODE, **{"from": f"+{RUDO}"})


def kannel_text(words: str) -> Request:
    fields = {"id": f"k-{next(_ids)}", "sender": f"+{RUDO}", "to": kannel.SHORT_CODE, "charset": "UTF-8"}
    return Request(f"{KANNEL}?{urlencode({**fields, 'coding': '0', 'text': words})}", method="GET")


def twilio_reports(server: SmsServer) -> list[Request]:
    reports = []
    for taken in server.twilio.taken:
        address = urlsplit(taken.callback)
        reports.append(by_twilio(twilio.status(taken.sid, "delivered"), f"{address.path}?{address.query}"))
    return reports


def africas_reports(server: SmsServer) -> list[Request]:
    told = {"phoneNumber": f"+{RUDO}", "status": "Success"}
    return [form(f"{AFRICAS}/status", id=name, **told) for name in server.africastalking.ids]


def kannel_reports(server: SmsServer) -> list[Request]:
    addresses = [urlsplit(kannel.report_url(taken, 1) or "") for taken in server.kannel.taken]
    return [Request(f"{address.path}?{address.query}", method="GET") for address in addresses]


@dataclass(frozen=True)
class Carrier:
    """A provider: our settings of it by the address of its stand-in, and what it posts."""

    name: str
    settings: Callable[[str], dict[str, str]]
    text: Callable[[str], Request]
    reports: Callable[[SmsServer], list[Request]]

    def __str__(self) -> str:
        return self.name


TWILIO = Carrier(
    "twilio",
    lambda address: {
        "TWILIO_ACCOUNT_SID": twilio.ACCOUNT,
        "TWILIO_AUTH_TOKEN": twilio.TOKEN,
        "TWILIO_FROM": twilio.OURS,
        "TWILIO_API_URL": address,
    },
    twilio_text,
    twilio_reports,
)
AFRICASTALKING = Carrier(
    "africastalking",
    lambda address: {
        "AFRICASTALKING_USERNAME": africastalking.USERNAME,
        "AFRICASTALKING_API_KEY": africastalking.API_KEY,
        "AFRICASTALKING_FROM": africastalking.SHORT_CODE,
        "AFRICASTALKING_API_URL": address,
        "AFRICASTALKING_CALLBACK_SECRET": PATH_SECRET,
    },
    africas_text,
    africas_reports,
)
GATEWAY = Carrier(
    "kannel",
    lambda address: {
        "KANNEL_SENDSMS_URL": f"{address}/cgi-bin/sendsms",
        "KANNEL_USERNAME": kannel.USERNAME,
        "KANNEL_PASSWORD": kannel.PASSWORD,
        "KANNEL_FROM": kannel.SHORT_CODE,
        "KANNEL_CALLBACK_SECRET": PATH_SECRET,
    },
    kannel_text,
    kannel_reports,
)
CARRIERS = (TWILIO, AFRICASTALKING, GATEWAY)


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``vimbiso core`` with its invented people; where it listens."""
    started = start_core(tmp_path_factory.mktemp("core"))
    try:
        yield started.wait_until_it_listens()
    finally:
        started.end()


@dataclass
class Served:
    """``vimbiso serve``, and the other end of its text messages."""

    folder: Path
    settings: dict[str, str]
    carriers: SmsServer
    http: httpx.AsyncClient
    process: Process

    async def ask(self, request: Request) -> httpx.Response:
        url = f"{self.process.address}{request.target}"
        return await self.http.request(request.method, url, headers=request.headers, content=request.body)

    async def says(self, request: Request) -> None:
        assert (await self.ask(request)).status_code == 200

    async def status(self) -> dict[str, Any]:
        seen: dict[str, Any] = (await self.http.get(f"{self.process.address}/status", headers=OPERATOR)).json()
        return seen

    async def start(self) -> None:
        self.process = Process([*vimbiso(), "serve"], self.settings, folder=self.folder)
        await trio.to_thread.run_sync(self.process.wait_until_it_listens)


@asynccontextmanager
async def served(core: str, folder: Path, *carriers: Carrier) -> AsyncIterator[Served]:
    whole = {name: value for name, value in serve_environment(folder, core, "").items() if "WHATSAPP" not in name}
    with trio.fail_after(30):
        async with sms_server() as ends, http_client(TrioTransport()) as http:
            settings = whole | {"PUBLIC_URL": twilio.PUBLIC, "SMS_PROVIDER": carriers[0].name}
            for carrier in carriers:
                settings |= carrier.settings(ends.address)
            process = Process([*vimbiso(), "serve"], settings, folder=folder)
            try:
                await trio.to_thread.run_sync(process.wait_until_it_listens)
                running = Served(folder, settings, ends, http, process)
                yield running
            finally:
                running.process.end(signal.SIGKILL)


@pytest.mark.parametrize("carrier", CARRIERS, ids=str)
async def test_a_member_pays_by_text_message_and_what_came_to_the_phone_is_reported(
    carrier: Carrier, core: str, tmp_path: Path
) -> None:
    async with served(core, tmp_path, carrier) as server:
        for count, (typed, answer) in enumerate(
            (("hi", "1 Offer secured"), ("menu", "1 Offer secured"), ("5=>tendai", "5.00 USD, secured")), 1
        ):
            await server.says(carrier.text(typed))
            assert answer in (await server.carriers.wait_for(RUDO, count))[-1]
        code = re.search(r"reply PAY (\d{4})", server.carriers.sent(RUDO)[-1])
        assert code
        await server.says(carrier.text(f"PAY {code[1]}"))
        assert "You offered 5.00 USD, secured" in (await server.carriers.wait_for(RUDO, 4))[-1]
        reports = carrier.reports(server.carriers)
        for report in reports:
            await server.says(report)
        seen = await server.status()
        assert (len(reports), seen["deliveries"], seen["webhook"]) == (4, 4, {})
        limits = ["20.00 USD", "500.00 ZWG", "25.00 CAD"]
        facts = {"providers": [carrier.name], "notices": carrier.name, "may": "limited", "limits": limits}
        assert seen["sms"] == facts
        shows_nothing(server.process)


BAD = {
    "twilio unsigned": (replace(twilio_text("a word of mine"), headers=None), 403),
    "twilio wrongly signed": (replace(twilio_text("a word of mine"), body=b"Body=a+word+of+mine"), 403),
    "twilio GET": (replace(twilio_text(""), method="GET", target=f"{twilio.MESSAGES}?Body=word", body=b""), 405),
    "twilio too large": (replace(twilio_text(""), body=b"a" * 70_000), 413),
    "africastalking other secret": (form("/sms/africastalking/another-secret-0123456789", text="a word of mine"), 404),
    "africastalking no message": (form(AFRICAS, text="a word of mine"), 200),
    "kannel other secret": (Request("/sms/kannel/another-secret-0123456789?text=word", method="GET"), 404),
    "kannel garbage": (Request(f"{KANNEL}?%ff=%00&&=&text=%zz&sender=+{RUDO}0000", method="GET"), 200),
    "kannel packed": (Request(KANNEL, headers={"content-encoding": "gzip"}, body=b"\x1f\x8b"), 415),
    "kannel PUT": (Request(KANNEL, method="PUT"), 405),
}


async def test_three_providers_at_once_answer_each_by_the_one_they_came_in_by_and_strangers_by_none(
    core: str, tmp_path: Path
) -> None:
    async with served(core, tmp_path, *CARRIERS) as server:
        ends = server.carriers
        for carrier in CARRIERS:
            await server.says(carrier.text("menu"))
            with trio.fail_after(10):
                while not ends.by_provider(RUDO)[carrier.name]:  # noqa: ASYNC110 - as in wait_for
                    await trio.sleep(0.005)
        assert [len(texts) for texts in ends.by_provider(RUDO).values()] == [1, 1, 1]
        for name, (request, status) in BAD.items():
            assert ((await server.ask(request)).status_code, name) == (status, name)
        seen = await server.status()
        assert seen["sms"]["providers"] == ["twilio", "africastalking", "kannel"]
        assert seen["webhook"]["twilio wrong signature"] == 1
        assert seen["webhook"]["kannel path"] == 1
        assert seen["intake"]["accepted"] == 3
        shows_nothing(server.process)


@pytest.mark.parametrize("carrier", CARRIERS, ids=str)
async def test_killed_before_it_knows_that_its_answer_left_the_server_sends_it_once_more_at_most_and_loses_nothing(
    carrier: Carrier, core: str, tmp_path: Path
) -> None:
    async with served(core, tmp_path, carrier) as server:
        server.carriers.mute = True
        await server.says(carrier.text("menu"))
        await server.carriers.wait_for(RUDO, 1)
        before = server.carriers.sent(RUDO)[0]
        server.process.end(signal.SIGKILL)
        server.carriers.mute = False
        await server.start()
        await server.says(carrier.text("ledger"))
        while "Ledger of" not in server.carriers.sent(RUDO)[-1]:  # noqa: ASYNC110 - another process sets no event of ours
            await trio.sleep(0.005)
        again = server.carriers.sent(RUDO)[:-1]
        assert 1 <= len(again) <= 2
        assert set(again) == {before}


def shows_nothing(process: Process) -> None:
    """No number, word or secret is in what the server wrote."""
    log = "\n".join(process.lines)
    assert '"event":"turn"' in log
    for hidden in (*SECRETS, RUDO, "word of mine", "text=", "5=>", "tendai", "Offer secured", "another-secret"):
        assert hidden not in log
    assert "Traceback" not in log
