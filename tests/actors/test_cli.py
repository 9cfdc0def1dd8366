"""The ``vimbiso`` command inside this process: its words, its exit codes, how it ends. ``tests.processes`` has more."""

import gc
import os
import signal
import socket
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import trio
from click.testing import CliRunner, Result

from actors import assembly, cli, logs, settings
from actors.application import BUDGET
from actors.settings import Settings
from actors.transport.client import http_client
from actors.transport.trio_transport import TrioTransport
from actors.web.server import WebServer
from runtime.errors import Escalated, StoreUnavailable
from tests.actors.test_assembly import for_serving

PATIENCE = 30


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In an empty folder, without settings, and with the logs of these tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logs, "configure", lambda _level: None)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def _collector_as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def vimbiso(*words: str, **values: str) -> Result:
    """Run the command with these settings."""
    return CliRunner().invoke(cli.main, words, env=dict(values))


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in for_serving().items() if key != name}


@pytest.mark.parametrize("command", ["serve", "check"])
def test_with_nothing_set_every_missing_setting_is_named_at_once(command: str) -> None:
    result = vimbiso(command)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("These settings must be put right first:\n")
    for name in for_serving():
        assert name in result.stderr


@pytest.mark.parametrize("name", for_serving())
def test_one_missing_setting_is_named_alone(name: str) -> None:
    result = vimbiso("serve", **without(name))
    assert result.exit_code == 2
    _, *problems = result.stderr.splitlines()
    [problem] = problems
    assert name in problem
    assert not any(other in problem for other in without(name))


def test_a_value_that_cannot_be_read_stands_beside_what_is_missing() -> None:
    result = vimbiso("serve", PORT="many", STORE_URL="oracle://x")
    assert result.exit_code == 2
    for name in ("PORT", "STORE_URL", "CLIENT_API_KEY"):
        assert name in result.stderr


def test_a_developer_needs_no_settings_but_those_given_must_be_right() -> None:
    result = vimbiso("dev", PORT="many")
    assert result.exit_code == 2
    assert "PORT" in result.stderr
    assert "CLIENT_API_KEY" not in result.stderr


def test_a_phone_for_text_messages_asks_for_right_settings() -> None:
    result = vimbiso("chat", "--sms", SMS_MAY="some")
    assert result.exit_code == 2
    assert "SMS_MAY: 'some' is none of off, view, limited, all" in result.stderr


def test_no_secret_is_ever_printed() -> None:
    values = without("WHATSAPP_BUSINESS_ID") | {"REDIS_URL": "oracle://user:swordfish@host"}
    result = vimbiso("serve", **values)
    assert result.exit_code == 2
    for secret in ("swordfish", "client-key-for-tests", "graph-token-for-tests", "app-secret-for-tests"):
        assert secret not in result.output


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"]])
def test_help_names_every_command(words: list[str]) -> None:
    result = vimbiso(*words)
    for command in ("serve", "dev", "core", "chat", "check", "payments", "audit", "letters"):
        assert f"\n  {command} " in result.output


@pytest.mark.parametrize("words", [["fly"], ["core", "--port", "65536"], ["core", "--port", "x"], ["serve", "--fast"]])
def test_wrong_words_are_refused_with_exit_code_two(words: list[str]) -> None:
    result = vimbiso(*words)
    assert result.exit_code == 2
    assert "Error:" in result.stderr


def test_the_version_is_told() -> None:
    assert "version" in vimbiso("--version").stdout


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.parametrize("command", ["core", "dev"])
def test_a_port_in_use_is_said_in_one_plain_line(command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        if command == "core":
            result = vimbiso("core", "--port", port)
        else:
            result = vimbiso("dev", PORT=port, STORE_URL="memory://")
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert line.startswith("vimbiso stopped: ")
    assert "in use" in line
    # Hypercorn leaves the socket it could not bind to the collector, which complains: here, and to nobody else.
    del result
    gc.collect()


def test_a_store_that_cannot_be_opened_is_said_in_one_plain_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = vimbiso("dev", PORT="0", STORE_URL=f"sqlite:///{tmp_path}/file/store.db")
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert line.startswith("vimbiso stopped: ")


@pytest.mark.parametrize(
    ("failure", "lines"),
    [
        (OSError("no route"), ["vimbiso stopped: no route"]),
        (Escalated(), ["vimbiso stopped: Escalated"]),
        (
            ExceptionGroup("a", [ExceptionGroup("b", [OSError("one")]), StoreUnavailable("two")]),
            ["vimbiso stopped: one", "vimbiso stopped: two"],
        ),
    ],
    ids=["alone", "without words", "in groups"],
)
def test_what_stops_the_server_is_named_line_by_line(
    failure: Exception, lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    async def breaks() -> None:
        await trio.lowlevel.checkpoint()
        raise failure

    with pytest.raises(SystemExit) as ended:
        cli._run(breaks)
    assert ended.value.code == 1
    assert capsys.readouterr().err.splitlines() == lines


def test_a_bug_is_shown_as_the_bug_it_is() -> None:
    async def breaks() -> None:
        await trio.lowlevel.checkpoint()
        raise KeyError("a bug")

    with pytest.raises(KeyError, match="a bug"):
        cli._run(breaks)


def test_whatever_hangs_the_process_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    timers: list[tuple[float, object, tuple[int]]] = []

    class Timer:
        def __init__(self, seconds: float, call: object, arguments: tuple[int]) -> None:
            timers.append((seconds, call, arguments))

        def start(self) -> None:
            assert self.daemon

        daemon = False

    monkeypatch.setattr(threading, "Timer", Timer)
    cli._end_at_the_latest()
    [(seconds, call, arguments)] = timers
    assert (seconds > BUDGET, call, arguments) == (True, os._exit, (1,))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.usefixtures("_collector_as_before")
async def test_a_signal_stops_the_server_in_order(how: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "0")
    monkeypatch.setenv("STORE_URL", "memory://")
    found = settings.read(None)
    assert isinstance(found, Settings)
    told: list[str] = []
    bounded: list[bool] = []
    monkeypatch.setattr(cli, "_end_at_the_latest", lambda: bounded.append(True))

    def tell(web: WebServer) -> None:
        cli._announce(web)
        cli._invite(web)
        told.extend(web.addresses)

    async def interrupt() -> None:
        async with http_client(TrioTransport()) as http:
            while not told:  # noqa: ASYNC110 - what is told sets no event
                await trio.lowlevel.checkpoint()
            assert (await http.get(f"{told[0]}/health/")).status_code == 200
        os.kill(os.getpid(), how)

    callbacks = list(gc.callbacks)
    with trio.fail_after(PATIENCE):
        async with trio.open_nursery() as nursery:
            nursery.start_soon(interrupt)
            await cli._serve(partial(assembly.developing, found), tell)
    assert gc.callbacks == callbacks
    assert bounded == [True]


def test_checking_names_what_is_closed_for_want_of_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    async def reachable(*_: object) -> bool:
        await trio.lowlevel.checkpoint()
        return True

    monkeypatch.setattr(assembly, "reachable", reachable)
    closed = "NOTIFY_API_KEY is not set: /bot/notify is closed"
    assert closed in vimbiso("check", **for_serving()).stdout
    assert closed not in vimbiso("check", **for_serving(), NOTIFY_API_KEY="notify-key").stdout
