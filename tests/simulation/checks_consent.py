"""What must hold of changes that are no payments: who may act for an account, what it is called, who hears of it."""

from collections import defaultdict
from collections.abc import Iterator

from actors import effects
from actors.effects import Ask
from credex.commands import ChangeCommand
from tests.simulation.checks_money import TYPED_YES
from tests.simulation.history import Accepted, Arrived, Committed, Sent, Took
from tests.simulation.world import Played

_PATHS = frozenset(
    {
        "/createAccount",
        "/updateAccount",
        "/authorizeForAccount",
        "/unauthorizeForAccount",
        "/updateSendOffersTo",
        "/cancelRecurring",
    }
)
_TAPS = frozenset({"buttons", "list"})


def changes_are_consented_to(played: Played) -> Iterator[str]:
    """Each change is wanted by a yes on the last screen with choices, and none arrives that nobody wanted."""
    sent = {event.id: event for event in played.history.of(Sent)}
    names = {event.envelope.sequence: event.envelope.id.rpartition(":")[2] for event in played.history.of(Accepted)}
    screens: dict[str, dict[int, str]] = defaultdict(dict)
    for took in played.history.of(Took):
        nonce = next((key.partition(".")[0] for key, _ in took.shown.choices), "")
        address, _, rest = took.reference.partition("/")
        if nonce:
            screens[address][int(rest.partition("#")[0])] = nonce
    wanted = False
    for event in played.history.events:
        if isinstance(event, Committed):
            commit = event.commit
            bodies = [effects.decode(owed.body) for owed in commit.owes]
            if not any(isinstance(body, Ask) and isinstance(body.command, ChangeCommand) for body in bodies):
                continue
            wanted = True
            message = sent.get(names.get(commit.applied or 0, ""))
            shown = screens[commit.address]
            screen = shown[max(version for version in shown if version < commit.version)]
            if message is None:
                yield f"{commit.address}/{commit.version} wants a change that no message asked for"
            elif message.kind in _TAPS and message.what != f"{screen}.confirm":
                yield f"{commit.address}/{commit.version} wants a change by {message.what} on {screen}"
            elif message.kind not in _TAPS and not TYPED_YES.fullmatch(message.what):
                yield f"{commit.address}/{commit.version} wants a change by {message.kind} {message.what!r}"
        elif isinstance(event, Arrived) and event.path in _PATHS and not wanted:
            yield f"{event.path} arrived before anybody wanted it"


CHECKS = (changes_are_consented_to,)
