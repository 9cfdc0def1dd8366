"""What must hold of changes that are no payments: who may act for an account, what it is called, who hears of it."""

from collections import defaultdict
from collections.abc import Iterator

from actors import effects
from actors.effects import Ask
from credex.commands import ChangeCommand
from tests.simulation.checks_money import TYPED_YES, last_code, version_of
from tests.simulation.history import Accepted, Arrived, Committed, Sent, Took
from tests.simulation.text_phone import CODE
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
    shown: dict[str, list[Took]] = defaultdict(list)
    for took in played.history.of(Took):
        shown[took.reference.partition("/")[0]].append(took)
    wanted = False
    for event in played.history.events:
        if isinstance(event, Committed):
            commit = event.commit
            bodies = [effects.decode(owed.body) for owed in commit.owes]
            if not any(isinstance(body, Ask) and isinstance(body.command, ChangeCommand) for body in bodies):
                continue
            wanted = True
            message = sent.get(names.get(commit.applied or 0, ""))
            before = [took for took in shown[commit.address] if version_of(took.reference) < commit.version]
            if message is None or not _is_yes(message, before):
                yield f"{commit.address}/{commit.version} wants a change by {message}"
        elif isinstance(event, Arrived) and event.path in _PATHS and not wanted:
            yield f"{event.path} arrived before anybody wanted it"


def _is_yes(message: Sent, before: list[Took]) -> bool:
    if message.kind == "sms":
        asked = last_code(before)
        return asked is not None and CODE.findall(asked.shown.text) == [message.what]
    if message.kind not in _TAPS:
        return TYPED_YES.fullmatch(message.what) is not None
    screen = max((took for took in before if took.shown.choices), key=lambda took: version_of(took.reference))
    return message.what == f"{screen.shown.choices[0][0].partition('.')[0]}.confirm"


CHECKS = (changes_are_consented_to,)
