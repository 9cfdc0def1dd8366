"""The frame around every dialog: what the member actor calls, and the only place where a ``Step`` becomes messages.

Pure. ``hear`` takes what a member said, ``answer`` what credex-core said, ``slow`` that it has said nothing yet,
``settled`` what reading told of a payment; ``recover`` is for a message that broke every time it was tried. Each
returns the new position to store, what to say, and at most one command to send.

While credex-core works, the waiting state's prompt is what is being done. It is said only if that takes over a second.

Every screen with choices gets a nonce; a tap brings it back as ``<nonce>.<key>``, so a button of an older screen moves
nothing. One message a turn: what there is to say is put in front of the next prompt, unless that would be longer than
a screen may be (Meta: 1024 in the body of a message with buttons).
"""

import hashlib
from typing import cast

import msgspec

from actors.dialogs import doors, texting, texts, upgrading
from actors.dialogs.allowance import May
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.entry import LoggingIn
from actors.dialogs.greetings import patience
from actors.dialogs.hearing import RULES, Rules, listen
from actors.dialogs.late import LATE
from actors.dialogs.outside import Outside
from actors.dialogs.settling import Settlement, news
from actors.dialogs.state import Answered, Step, Texted, goto, stay, wait
from actors.dialogs.states import (
    CONSENT,
    WAITING,
    AnyState,
    Changing,
    MovingMoney,
    Position,
    Settling,
    Waiting,
    outdated,
    visit_of,
)
from actors.dialogs.texted import as_texts_may, stamps, texted
from actors.dialogs.upgrading import LookingAtTier, SigningUpgrade
from actors.dialogs.words import brief, full
from actors.payments import Before, Finding
from channels.message import IdentityChanged, InboundMessage, Notice, OutboundMessage, Preference, Undelivered
from channels.plain import units
from credex.commands import Command, UpgradeTier, moves_money
from credex.model import Phone
from credex.outcomes import (
    Outcome,
    Success,
)
from runtime.turn import Turn

SCREEN_LIMIT = 1024
_NONCE_LENGTH = 8


class Moved(msgspec.Struct, frozen=True):
    """Where the conversation stands now, what to say in this order, and what to ask of credex-core.

    ``before`` comes with a question that moves money.
    """

    position: Position
    messages: tuple[OutboundMessage, ...]
    ask: Command | None
    before: Before | None = None


def hear(
    position: Position | None,
    said: InboundMessage,
    phone: Phone | None,
    turn: Turn,
    *,
    rules: Rules = RULES,
) -> Moved:
    """Take one message of a member.

    ``position`` is ``None`` before the first; ``phone`` is ``None`` for people whose number the channel hides.
    """
    content = said.content
    if isinstance(content, IdentityChanged):
        return Moved(start(turn), (), None)
    if isinstance(content, Notice):
        return _noticed(position or start(turn), turn, rules)
    if isinstance(content, Preference | Undelivered):
        return Moved(position or start(turn), (), None)
    if phone is None:
        return Moved(start(turn), (OutboundMessage(text=_alone(texts.NEED_NUMBER, rules)),), None)
    position = position or start(turn)
    if rules.texting is not None and rules.texting.may is May.OFF:
        return Moved(position, (OutboundMessage(text=_alone(texts.SMS_OFF, rules)),), None)
    return _move(position, listen(position, said, content, phone, turn, rules), turn, rules)


def answer(
    position: Position,
    outcome: Outcome,
    turn: Turn,
    *,
    asked: str | None = None,
    first: tuple[str, ...] = (),
    rules: Rules = RULES,
    reference: str = "",
) -> Moved:
    """Take credex-core's outcome of the command asked last.

    ``asked`` is the id of the turn that asked, where the caller knows it: the outcome of an earlier command is told if
    it moved money, and moves the conversation nowhere; where nobody is logged in, nobody is told (``held_back``).
    ``first`` is said before all else. ``reference`` is the payment's.
    """
    state = position.state
    if type(state) in WAITING and asked in (None, position.asked):
        step = state.on(Answered(outcome), turn)
        done = isinstance(state, MovingMoney) and isinstance(outcome, Success)
        stamped = stamps(reference, turn, rules) if done else ()
        return _move(position, msgspec.structs.replace(step, says=(*first, *step.says, *stamped)), turn, rules)
    if visit_of(state) is None:
        return Moved(position, (), None)
    return _move(position, _overdue(state, outcome), turn, rules)


def slow(position: Position, turn: Turn, *, asked: str, passed: int, rules: Rules = RULES) -> Moved:
    """credex-core takes long over the command of that turn: say so where the conversation waits for it.

    ``passed`` is 1 after a moment, when what is being done is said, and 2 when that is slow; each is said once.
    """
    state = position.state
    if not isinstance(state, Waiting) or position.asked != asked or passed <= position.told:
        return Moved(position, (), None)
    if rules.texting is not None and passed == 1:
        return Moved(position, (), None)  # a text message that says so little is not worth its price
    moved = _move(position, wait(state, _working(state, turn) if passed == 1 else _slow(state)), turn, rules)
    return msgspec.structs.replace(moved, position=msgspec.structs.replace(moved.position, told=passed))


def _working(state: Waiting, turn: Turn) -> str:
    return texts.WORKING.format(patience=patience(turn), doing=state.prompt().text)


def _slow(state: Waiting) -> str:
    return texts.SLOW_SIGNED if isinstance(state, MovingMoney) else texts.SLOW


def settled(position: Position | None, ended: Settlement, turn: Turn, *, known: bool, rules: Rules = RULES) -> Moved:
    """Take what became of a payment.

    Told where it was signed if the conversation still waits there, else as news. ``known`` is whether the one who
    listens is known to be the one who signed, where nobody is logged in.
    """
    if position is None:
        position = start(turn)
    state = position.state
    if not known and visit_of(state) is None:
        return Moved(position, (), None)
    if isinstance(state, Settling) and state.command == ended.command:
        step = state.settled(ended, turn)
        stamped = stamps(ended.reference, turn, rules) if ended.finding is Finding.DONE else ()
        return _move(position, msgspec.structs.replace(step, says=(*step.says, *stamped)), turn, rules)
    if isinstance(state, Outside):
        return _move(position, wait(state, news(ended)), turn, rules)
    if isinstance(state, AtDashboard | LookingAtTier | SigningUpgrade):
        # Its figures are from before: what was paid for must not be offered again.
        visit = state.visit.looked_at(ended.member, turn.now)
        upgraded = isinstance(ended.command, UpgradeTier) and ended.finding.may_be_done
        done = isinstance(state, SigningUpgrade) and upgraded
        state = AtDashboard(visit) if done else msgspec.structs.replace(state, visit=visit)
    step = wait(state, news(ended)) if isinstance(state, Waiting) else stay(state, news(ended))
    return _move(position, step, turn, rules)


def recover(position: Position | None, turn: Turn, *, rules: Rules = RULES) -> Moved:
    """Apologise and go where it is safe: the dashboard if somebody is logged in, else the start."""
    if position is None:
        return _move(start(turn), goto(Outside(), texts.SORRY), turn, rules)
    sorry = texts.SORRY_SENDING if isinstance(position.state, MovingMoney | Settling | Changing) else texts.SORRY
    visit = visit_of(position.state)
    if visit is None:
        return _move(position, goto(Outside(), sorry), turn, rules)
    return _move(position, goto(AtDashboard(visit.outdated()), sorry), turn, rules)


def _noticed(position: Position, turn: Turn, rules: Rules) -> Moved:
    """What is seen here is outdated now. Nothing moves and nobody has said anything.

    A question that one word signs is shown again, under its old nonce: typed after a notice, a yes is to the question.
    """
    state = outdated(position.state)
    position = msgspec.structs.replace(position, state=state)
    if type(state) not in CONSENT or rules.lifetimes.over(position, turn.now):
        return Moved(position, (), None)
    prompt = state.prompt()
    if rules.texting is not None:
        position = texting.shown(position, prompt)
    return Moved(position, _messages((texts.STILL_ASKED,), prompt, position, rules), None)


def start(turn: Turn) -> Position:
    """Where everybody begins, and begins again when their phone or number has changed."""
    return Position(state=Outside(), screen="", touched=turn.now)


def _overdue(state: AnyState, outcome: Outcome) -> Step:
    told = LATE.get(type(outcome))
    if told is None:
        return wait(state)
    return wait(state, told) if isinstance(state, Waiting) else stay(state, told)


def _move(position: Position, step: Step, turn: Turn, rules: Rules) -> Moved:
    step = _through_door(step, turn, rules.busy)
    if rules.busy is not None and step.asks is not None and moves_money(step.asks):
        step = stay(position.state, rules.busy)
    if isinstance(step.asks, UpgradeTier):
        step = upgrading.once(step, rules.upgraded)
    if rules.texting is not None:
        step = as_texts_may(position, step, turn, rules.texting)
    # Every class with the shape of a State is in AnyState, which a test sees to.
    state = _storable(cast("AnyState", step.state), rules)
    prompt = state.prompt() if step.prompts else None
    if prompt is None:
        screen = position.screen if state == position.state else ""
    else:
        screen = _nonce(turn) if prompt.choices or rules.texting is not None else ""
    asked = _asked(position, step, state, turn)
    told = position.told if asked == position.asked else 0
    moved = Position(
        state=state,
        screen=screen,
        touched=turn.now,
        asked=asked,
        told=told,
        texted=_NOT_TEXTED if rules.texting is None else texted(position, step, state),
    )
    if rules.texting is not None and prompt is not None:
        moved = texting.shown(moved, prompt)
    return Moved(
        moved,
        _messages(step.says, prompt, moved, rules),
        step.asks,
        state.before if step.asks is not None and isinstance(state, MovingMoney) else None,
    )


_NOT_TEXTED = Texted()


def _storable(state: AnyState, rules: Rules) -> AnyState:
    """What is kept to be said later is kept as it will be said: a plain string."""
    if isinstance(state, LoggingIn) and state.notes:
        return msgspec.structs.replace(state, notes=tuple(_alone(each, rules) for each in state.notes))
    return state


def _alone(words: str, rules: Rules) -> str:
    return full(words) if rules.texting is None else brief(words)


def _through_door(step: Step, turn: Turn, busy: str | None) -> Step:
    if step.opens is None or not isinstance(step.state, AtDashboard):
        return step
    beyond = doors.enter(step.opens, step.state.visit, turn, busy=busy)
    return msgspec.structs.replace(beyond, says=(*step.says, *beyond.says))


def _asked(position: Position, step: Step, state: AnyState, turn: Turn) -> str:
    if step.asks is not None:
        return turn.id
    return position.asked if isinstance(state, Waiting) else ""


def _nonce(turn: Turn) -> str:
    return hashlib.sha256(f"{turn.id}:{turn.seed}".encode()).hexdigest()[:_NONCE_LENGTH]


def _messages(
    says: tuple[str, ...], prompt: OutboundMessage | None, position: Position, rules: Rules
) -> tuple[OutboundMessage, ...]:
    if rules.texting is not None:
        return texting.messages(says, prompt, position)
    told = "\n\n".join(filter(None, says))
    if prompt is None:
        return (OutboundMessage(text=told),) if told else ()
    together = f"{told}\n\n{prompt.text}" if told else full(prompt.text)
    shown = msgspec.structs.replace(prompt, screen=position.screen)
    if prompt.choices and units(together) > SCREEN_LIMIT:
        return (OutboundMessage(text=told), msgspec.structs.replace(shown, text=full(prompt.text)))
    return (msgspec.structs.replace(shown, text=together),)
