"""Every command as its user meets it: a process with settings, a terminal or a pipe, an exit code."""

import re
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest
import trio

from actors.dialogs import texts
from actors.transport.client import http_client
from actors.transport.trio_transport import TrioTransport
from runtime.sqlite_store import SqliteStore
from runtime.store import Count
from tests.support.processes import Process, environment, run_to_its_end, serve_environment, vimbiso

NOWHERE = "http://127.0.0.1:1"
PATIENCE = 10
"""Seconds: what a terminal or a container's stop allows."""


@contextmanager
def process(*words: str, folder: Path, **values: str) -> Iterator[Process]:
    """A command that listens, ended at the end whatever happened."""
    started = Process([*vimbiso(), *words], environment(**values), folder=folder)
    try:
        started.wait_until_it_listens()
        yield started
    finally:
        started.end(signal.SIGKILL)


@asynccontextmanager
async def client(process: Process) -> AsyncIterator[httpx.AsyncClient]:
    with trio.fail_after(30):
        async with http_client(TrioTransport()) as http:
            http.base_url = httpx.URL(process.address)
            yield http


def test_serve_with_nothing_set_names_all_that_is_missing_and_ends_with_two(tmp_path: Path) -> None:
    ended = run_to_its_end("serve", folder=tmp_path, given=environment())
    assert (ended.returncode, ended.stdout) == (2, "")
    for name in serve_environment(tmp_path, NOWHERE, NOWHERE):
        if name not in {"PATH", "PORT", "STORE_URL", "OPERATOR_TOKEN", "NOTIFY_API_KEY", "RECURRING_PAYMENTS"}:
            assert name in ended.stderr
    assert "Traceback" not in ended.stderr


def test_serve_with_half_a_channel_names_the_other_half(tmp_path: Path) -> None:
    given = serve_environment(tmp_path, NOWHERE, NOWHERE)
    del given["WHATSAPP_APP_SECRET"], given["WHATSAPP_VERIFY_TOKEN"]
    ended = run_to_its_end("serve", folder=tmp_path, given=given)
    assert ended.returncode == 2
    assert "half" in ended.stderr
    assert "WHATSAPP_APP_SECRET, WHATSAPP_VERIFY_TOKEN" in ended.stderr
    assert "WHATSAPP_ACCESS_TOKEN" not in ended.stderr


def test_check_finds_a_running_core_and_misses_one_that_is_not(tmp_path: Path) -> None:
    options = ["--port", "0", "--client-key", "client-key-for-tests"]
    with process("core", *options, folder=tmp_path) as core:
        ended = run_to_its_end("check", folder=tmp_path, given=serve_environment(tmp_path, core.address, NOWHERE))
        assert (ended.returncode, ended.stderr) == (0, "")
        assert [line.partition(":")[0] for line in ended.stdout.splitlines()] == ["Settings", "Store", "credex-core"]
        assert core.end() == 0
    ended = run_to_its_end("check", folder=tmp_path, given=serve_environment(tmp_path, NOWHERE, NOWHERE))
    assert ended.returncode == 1
    assert "credex-core: no answer." in ended.stdout
    assert "Traceback" not in ended.stderr


def test_a_member_can_offer_a_credex_through_a_pipe(tmp_path: Path) -> None:
    typed = "hi\nOffer Secured Credex\n5\ntendai\nyes\n"
    ended = run_to_its_end("chat", folder=tmp_path, given=environment(), typed=typed)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "You offered 5.00 USD" in ended.stdout


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, texts.SMS_SIGN.format(code="")),
        ({"SMS_MAY": "view"}, texts.SMS_ONLY_LOOKS),
        ({"SMS_MAY": "limited", "SMS_LIMITS": "50 USD"}, texts.SMS_OVER_LIMIT.format(limits="50.00 USD")),
    ],
    ids=["not set", "view", "limited"],
)
def test_a_pipe_can_be_a_phone_for_text_messages_as_far_as_they_go(
    given: dict[str, str], asked: str, tmp_path: Path
) -> None:
    typed = "hi\n1\n100\ntendai\n"
    ended = run_to_its_end("chat", "--sms", folder=tmp_path, given=environment(**given), typed=typed)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "\n  1 Offer secured\n" in ended.stdout
    assert re.search(r"\n-- \d segments?, \d+ of \d+ GSM-7\n", ended.stdout)
    assert asked in ended.stdout


def test_a_new_number_can_join_through_a_pipe(tmp_path: Path) -> None:
    typed = "hi\njoin\nTariro\nMoyo\nyes\n"
    ended = run_to_its_end("chat", "--phone", "263771234567", folder=tmp_path, given=environment(), typed=typed)
    assert (ended.returncode, ended.stderr) == (0, "")
    for words in ("Welcome to credex", "What is your first name?", "Welcome, Tariro. You are now a member"):
        assert words in ended.stdout
    assert ended.stdout.index("> Moyo") < ended.stdout.index("Tariro Moyo") < ended.stdout.index("> yes")


@pytest.mark.parametrize("phone", ["", "nobody", "12345678901234567890"])
def test_a_phone_that_is_none_is_refused(phone: str, tmp_path: Path) -> None:
    ended = run_to_its_end("chat", "--phone", phone, folder=tmp_path, given=environment(), typed="hi\n")
    assert ended.returncode == 2
    assert "--phone" in ended.stderr
    assert "Traceback" not in ended.stderr


async def test_the_cores_stage_opens_with_its_key_alone(tmp_path: Path) -> None:
    with process("core", "--port", "0", "--stage-key", "stage-key-for-tests", folder=tmp_path) as core:
        async with client(core) as http:
            for headers, status in (
                ({}, 403),
                ({"x-stage-key": "x"}, 403),
                ({"x-stage-key": "stage-key-for-tests"}, 200),
            ):
                answer = await http.post("/simulator/stage", json=[], headers=headers)
                assert answer.status_code == status
        assert core.end() == 0


async def test_without_a_key_the_cores_stage_is_closed(tmp_path: Path) -> None:
    with process("core", "--port", "0", folder=tmp_path) as core:
        async with client(core) as http:
            for key in ("", "None", "development"):
                answer = await http.post("/simulator/stage", json=[], headers={"x-stage-key": key})
                assert answer.status_code == 403


@pytest.mark.parametrize("command", ["core", "dev", "serve"])
def test_a_port_in_use_is_one_plain_line_and_exit_code_one(command: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = (command, "--port", port) if command == "core" else (command,)
        given = serve_environment(tmp_path, NOWHERE, NOWHERE) | {"PORT": port, "NOTIFY_API_KEY": "notify-key-for-tests"}
        ended = run_to_its_end(*words, folder=tmp_path, given=given)
    assert ended.returncode == 1
    stopped = [line for line in ended.stderr.splitlines() if line.startswith("vimbiso stopped: ")]
    assert len(stopped) == 1
    assert "in use" in stopped[0]
    assert "Traceback" not in ended.stderr


async def test_a_developers_server_has_a_page_a_status_and_health(tmp_path: Path) -> None:
    with process("dev", folder=tmp_path, PORT="0") as dev:
        async with client(dev) as http:
            assert (await http.get("/health/")).json() == {"status": "healthy", "process": "up", "store": "up"}
            assert "<title>" in (await http.get("/simulator")).text
            status = await http.get("/status", headers={"authorization": "Bearer development"})
            assert status.json()["core"]["breaker"] == "closed"
        assert dev.end() == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_a_developers_server_ends_in_time_though_a_page_is_open(how: signal.Signals, tmp_path: Path) -> None:
    with process("dev", folder=tmp_path, PORT="0") as dev:
        async with client(dev) as http:
            said = await http.post("/simulator/say", json={"phone": "263770000201", "text": "hi"})
            assert said.status_code == 200
            page = await _open_page(dev)
            began = trio.current_time()
            code = await trio.to_thread.run_sync(dev.end, how)
            assert code == 0
            assert trio.current_time() - began < PATIENCE
            await page.aclose()
        assert "Traceback" not in "\n".join(dev.lines)
    _nothing_is_lost(tmp_path / "var" / "development.db")


async def _open_page(dev: Process) -> trio.SocketStream:
    """The page's stream of events, which has begun and has no end."""
    host, _, port = dev.address.removeprefix("http://").partition(":")
    stream = await trio.open_tcp_stream(host, int(port))
    await stream.send_all(b"GET /simulator/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
    seen = b""
    while b"event: hello" not in seen:
        seen += await stream.receive_some()
    return stream


def _nothing_is_lost(file: Path) -> None:
    """What was said is taken up; a question for credex-core may be left owed to the next start."""
    store = SqliteStore(file)
    store.open()
    [count] = store.run([Count()])
    store.close()
    assert (count.actors, count.waiting, count.dead) == (1, 0, 0)
