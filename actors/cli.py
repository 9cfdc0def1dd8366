"""The ``vimbiso`` command: ``serve``, ``dev``, ``core``, ``chat``, ``check``.

Exit codes: 0 done, 1 could not start or broke, 2 settings or words of the command are wrong.
"""

import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

import click
import trio

from actors import assembly, logs
from actors.application import BUDGET
from actors.assembly import Serving
from actors.collector import Collector
from actors.settings import Settings, Unusable, read, read_for_serving, remarks
from actors.terminal import Lines, run_terminal
from actors.web.server import WebServer
from channels.simulator.conversation import parse_phone
from credex.simulator.http import core_app
from runtime.child import Child
from runtime.clock import SystemClock
from runtime.errors import RuntimeFault
from runtime.intensity import Intensity
from runtime.supervisor import Supervisor

WRONG_SETTINGS = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="vimbiso-chatserver")
def main() -> None:
    """The chat server of the credex ecosystem."""


@main.command()
def serve() -> None:
    """Run the server with the channels that are set."""
    settings = _usable(read_for_serving())
    logs.configure(settings.app_log_level)
    for remark in remarks(settings):
        click.echo(remark, err=True)
    _run(partial(_serve, partial(assembly.serving, settings), _announce))


@main.command()
def dev() -> None:
    """Run everything on this machine, simulators included, with a chat in the browser."""
    settings = _usable(read())
    logs.configure(settings.app_log_level)
    _run(partial(_serve, partial(assembly.developing, settings), _invite))


def _phone(_context: click.Context, _option: click.Parameter, typed: str) -> str:
    phone = parse_phone(typed)
    if phone is None:
        raise click.BadParameter("7 to 15 digits with the country code first, like 263771234567")
    return phone


@main.command()
@click.option(
    "--phone", default="263770000201", show_default=True, callback=_phone, help="Whose phone this terminal is."
)
def chat(phone: str) -> None:
    """Chat with the bot in this terminal; everything is embedded and kept in memory."""
    logs.configure("ERROR")
    _run(partial(_chat, phone))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=3000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--client-key", default="development", show_default=True, help="What callers send as CLIENT_API_KEY.")
@click.option("--stage-key", default=None, help="Opens /simulator/stage, where tests build the world.")
def core(host: str, port: int, client_key: str, stage_key: str | None) -> None:
    """Run the credex-core simulator over HTTP. A test double: never a ledger."""
    logs.configure("INFO")
    _run(partial(_core, host, port, client_key, stage_key))


@main.command()
def check() -> None:
    """Check the settings, the store and credex-core, without serving."""
    settings = _usable(read_for_serving())
    logs.configure("ERROR")
    click.echo("Settings: complete.")
    if not trio.run(assembly.reachable, settings, click.echo):
        sys.exit(1)


def _usable(settings: Settings | Unusable) -> Settings:
    if isinstance(settings, Settings):
        return settings
    click.echo("These settings must be put right first:", err=True)
    for problem in settings.problems:
        click.echo(f"  {problem}", err=True)
    sys.exit(WRONG_SETTINGS)


def _run(main_task: Callable[[], Awaitable[None]]) -> None:
    stopped_by: list[BaseException] = []
    try:
        trio.run(main_task)
    except* (OSError, RuntimeFault) as failures:
        stopped_by = _leaves(failures)
    if stopped_by:
        for failure in stopped_by:
            click.echo(f"vimbiso stopped: {logs.scrubbed(str(failure)) or type(failure).__name__}", err=True)
        sys.exit(1)  # here, because what is raised under ``except*`` comes out in a group


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    found: list[BaseException] = []
    for failure in group.exceptions:
        found.extend(_leaves(failure) if isinstance(failure, BaseExceptionGroup) else [failure])
    return found


async def _serve(
    context: Callable[[], AbstractAsyncContextManager[Serving]], tell: Callable[[WebServer], None]
) -> None:
    stop = trio.Event()
    collector = Collector()
    async with context() as serving, trio.open_nursery() as nursery:
        nursery.start_soon(_stop_on_signal, stop)
        await nursery.start(partial(serving.application.run, stop=stop, web=serving.web))
        collector.start()
        tell(serving.web)
        await stop.wait()
        _end_at_the_latest()
        serving.stopping()
        collector.stop()


def _end_at_the_latest() -> None:
    """Whatever hangs (a peer, a disk), the process ends: being killed loses nothing that was answered."""
    watchdog = threading.Timer(BUDGET + 15, os._exit, (1,))
    watchdog.daemon = True
    watchdog.start()


async def _stop_on_signal(stop: trio.Event) -> None:
    with trio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async for _ in signals:
            stop.set()
            return


def _announce(web: WebServer) -> None:
    click.echo(f"Serving at {', '.join(web.addresses)}", err=True)


def _invite(web: WebServer) -> None:
    address = web.addresses[0]
    click.echo(
        f"\n  Chat:    {address}/simulator\n  Status:  {address}/status  (bearer token: development)\n", err=True
    )


async def _chat(phone: str) -> None:
    stop = trio.Event()
    async with assembly.chatting() as chatting, trio.open_nursery() as nursery:
        await nursery.start(partial(chatting.application.run, stop=stop))
        paced = not sys.stdin.isatty()
        await run_terminal(chatting.channel, phone, lines=Lines(), write=click.echo, paced=paced)
        stop.set()


async def _core(host: str, port: int, client_key: str, stage_key: str | None) -> None:
    simulator = assembly.simulated_core(SystemClock(), client_key=client_key)
    web = WebServer(core_app(simulator, stage_key=stage_key), host=host, port=port)
    supervisor = Supervisor(intensity=Intensity(limit=5, period=60), on_failure=lambda _name, _failure: None)
    stop = trio.Event()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_stop_on_signal, stop)
        await nursery.start(partial(supervisor.run, [Child("core", web.run, drain=web.drain)], stop=stop, budget=5))
        click.echo(f"credex-core's simulator at {', '.join(web.addresses)}: a test double, never a ledger", err=True)
