"""The ``vimbiso`` command: ``serve``, ``dev``, ``core``, ``chat``, ``check``, ``payments``, ``audit``, ``letters``.

Exit codes: 0 done, 1 could not start or broke, 2 settings or words of the command are wrong.
"""

import getpass
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import partial

import click
import trio

from actors import assembly, books, logs
from actors import letters as dead_letters
from actors.application import BUDGET
from actors.assembly import Serving
from actors.books import NOT_ENDED, NotParked
from actors.collector import Collector
from actors.dialogs.allowance import May, Texting
from actors.letters import NotReplayed
from actors.payments import PaymentState
from actors.settings import Settings, Unusable, read, read_for_serving, remarks
from actors.terminal import Lines, run_terminal
from actors.web.server import WebServer
from channels.simulator.conversation import parse_phone
from credex.model import Phone
from credex.simulator.http import core_app
from runtime.child import Child
from runtime.clock import SystemClock
from runtime.errors import RuntimeFault
from runtime.intensity import Intensity
from runtime.store import Store
from runtime.store_url import open_store
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
@click.option("--sms", is_flag=True, help="Be a phone for text messages, and see how long each is.")
def chat(phone: str, *, sms: bool) -> None:
    """Chat with the bot in this terminal; everything is embedded and kept in memory."""
    texting = _usable(read()).texting(unless_set=May.ALL) if sms else assembly.EVERYTHING
    logs.configure("ERROR")
    _run(partial(_chat, phone, texting, sms=sms))


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
    for remark in remarks(settings):
        click.echo(f"  {remark}")
    if not trio.run(assembly.reachable, settings, click.echo):
        sys.exit(1)


@main.group(invoke_without_command=True)
@click.option("--state", type=click.Choice([state.value for state in PaymentState]), help="Only those in this state.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1), help="At most so many of each state.")
@click.pass_context
def payments(context: click.Context, state: str | None, limit: int) -> None:
    """List payments that have not ended, parked ones first, with the reference that names each."""
    if context.invoked_subcommand is not None:
        return
    states = NOT_ENDED if state is None else (PaymentState(state),)
    with _books() as store:
        _list(books.payment_lines(store, states, limit), none="No such payments.")


@payments.command()
@click.argument("reference")
@click.option("--as", "how", required=True, type=click.Choice(["done", "not-done"]), help="What the ledger shows.")
@click.option("--by", default=getpass.getuser, show_default="your user name", help="Who says so, for the audit trail.")
def settle(reference: str, how: str, by: str) -> None:
    """Settle a parked payment, after looking at the ledger. Moves no money, and does not write to the member."""
    with _books() as store:
        try:
            books.settle(store, reference, done=how == "done", by=by, now=SystemClock().now())
        except NotParked as failure:
            raise click.ClickException(str(failure)) from failure
    click.echo(f"{reference} is settled as {how}. Please tell the member.")


@main.command()
@click.option("--member", callback=lambda c, o, v: None if v is None else _phone(c, o, v), help="Only this number's.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1), help="At most so many entries.")
def audit(member: str | None, limit: int) -> None:
    """Print the audit trail of payments, newest first. Numbers are masked unless you ask for one."""
    with _books() as store:
        _list(books.trail_lines(store, None if member is None else Phone(member), limit), none="No entries.")


@main.group(invoke_without_command=True)
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1), help="At most so many.")
@click.pass_context
def letters(context: click.Context, limit: int) -> None:
    """List dead letters, newest first: what could not be processed, whose it is, and why. Never what was said."""
    if context.invoked_subcommand is not None:
        return
    with _books() as store:
        _list(dead_letters.letter_lines(store, limit), none="No dead letters.")


@letters.command()
@click.argument("reference")
def replay(reference: str) -> None:
    """Put a dead letter's message back into the intake, once what broke it is mended.

    A running server takes it up within half a minute. A message sent long ago is not acted on: its member is told that
    it came late.
    """
    line = _usable(read()).whatsapp_phone_number_id
    lines = frozenset(() if line is None else (line,))
    with _books() as store:
        try:
            done = dead_letters.replay(store, reference, lines=lines, now=SystemClock().now())
        except NotReplayed as failure:
            raise click.ClickException(str(failure)) from failure
    click.echo(f"{reference} is replayed: {done.accepted} accepted, {done.known} known before.")


def _list(lines: Iterable[str], *, none: str) -> None:
    """A line each; that there are none is a remark, not a line."""
    empty = True
    for line in lines:
        click.echo(line)
        empty = False
    if empty:
        click.echo(none, err=True)


@contextmanager
def _books() -> Iterator[Store]:
    """The store of the settings, which a running server may be using as well."""
    settings = _usable(read())
    if settings.store.startswith("memory:"):
        raise click.ClickException("memory:// is inside the running server: its /status shows what is parked.")
    try:
        store = open_store(settings.store)
        store.open()
        try:
            yield store
        finally:
            store.close()
    except RuntimeFault as failure:
        raise click.ClickException(logs.scrubbed(str(failure))) from failure


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
        # One of a kind: when too much fails at once, every task that notices says so.
        kinds: dict[type[BaseException], BaseException] = {}
        for failure in stopped_by:
            kinds.setdefault(type(failure), failure)
        for failure in kinds.values():
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


async def _chat(phone: str, texting: Texting, *, sms: bool) -> None:
    stop = trio.Event()
    async with assembly.chatting(texting) as chatting, trio.open_nursery() as nursery:
        await nursery.start(partial(chatting.application.run, stop=stop))
        paced = not sys.stdin.isatty()
        channel = chatting.sms if sms else chatting.channel
        await run_terminal(channel, phone, lines=Lines(), write=click.echo, paced=paced)
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
