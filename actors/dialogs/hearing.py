"""What a member's message means where it arrives: the words that work everywhere, old screens, late messages.

In this order: a command under way is waited for, and so is the finding out of what became of one, but for help and
the menu; after a change of phone or number only a fresh start is heard; a message that took too long to arrive is not
acted on; the way from a notice is always open; a conversation left alone for too long is over (``expiry``); then come
taps, the words above all dialogs (help, cancel, menu, greetings, offers in one line, the words of doors), the choices
on the screen, and at last whatever the state itself asks for.
"""

import re
from datetime import UTC, datetime

import msgspec

from actors.dialogs import greetings, notices, replies, texts, ways_home
from actors.dialogs.accounts import ChoosingAccount
from actors.dialogs.allowance import Texting
from actors.dialogs.dashboard import VIEW_OFFERS, AtDashboard
from actors.dialogs.doors import WORDS
from actors.dialogs.doubts import LONGEST_WORD, AskingFreely, Doubting
from actors.dialogs.entry import begin, refresh
from actors.dialogs.expiry import LIFETIMES, Lifetimes
from actors.dialogs.offer import ChoosingReading
from actors.dialogs.outside import Outside
from actors.dialogs.quick import QuickOffer, read_quick
from actors.dialogs.signing import AskingDueDate
from actors.dialogs.state import Chose, Heard, Step, Unsupported, goto, stay
from actors.dialogs.states import CONSENT, SETTLING, WAITING, AnyState, Consenting, Position, Signing, visit_of
from actors.dialogs.visit import Visit
from channels.message import InboundMessage, Media, Tap, Text
from channels.plain import read_choice
from channels.sms.reserved import reserved
from credex.model import Phone
from runtime.turn import Turn

_BARE_NUMBER = re.compile(r"\W*\d+\W*")

Said = Text | Tap | Media

_Asking = AskingFreely | AskingDueDate | ChoosingReading | Doubting
"""Questions: a handle alone is an answer there, if only a wrong one, and no new offer."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What holds whatever the screen: how long one stands, and whether money is held after a change of identity.

    ``busy`` says why the member can sign nothing now; ``upgraded`` is from when on figures tell of the last upgrade;
    ``texting`` is there on a channel without buttons.
    """

    lifetimes: Lifetimes = LIFETIMES
    frozen: bool = False
    busy: str | None = None
    upgraded: datetime | None = None
    texting: Texting | None = None


RULES = Rules()
"""Where nothing else is said."""


def listen(position: Position, said: InboundMessage, content: Said, phone: Phone, turn: Turn, rules: Rules) -> Step:
    """Where this message leads."""
    state = position.state
    if type(state) in WAITING or (type(state) in SETTLING and not _asks_for_help_or_home(content)):
        return state.on(Unsupported("early"), turn)
    if rules.texting is not None and isinstance(content, Text) and reserved(content.body):
        return _carriers(position, turn, rules)
    if rules.frozen and isinstance(state, Outside):
        return _held(content, phone, turn)
    return _in_time(position, said, content, phone, turn, rules)


def _in_time(position: Position, said: InboundMessage, content: Said, phone: Phone, turn: Turn, rules: Rules) -> Step:
    """As ``listen``, where nothing is under way: what is too late, what is over, what goes on."""
    state = position.state
    visit = visit_of(state)
    clear = _asks_for_help_or_home(content)
    late = rules.lifetimes.too_late(state, said.at, turn.now) and not clear
    over = rules.lifetimes.over(position, turn.now)
    stranger = isinstance(state, Outside) or (visit is not None and visit.phone != phone)
    if not late and _asks_to_view(content, state):
        return _view(None if stranger else visit, phone)
    if stranger:
        note = texts.LATE if late else texts.SESSION_EXPIRED
        ours = late or (over and visit is None and not clear)
        return begin(phone, notes=(note,)) if ours else _first(content, phone, turn)
    if late and not over:
        return stay(state, texts.LATE) if visit is None else refresh(visit, notes=(texts.LATE,))
    if over:
        return _again(state, content, phone, turn, late=late)
    if position.switched and visit is not None and not clear:
        return refresh(visit, notes=(texts.SWITCHED_ELSEWHERE.format(account=visit.party),))
    return _live(position, said, content, phone, turn, rules)


def _carriers(position: Position, turn: Turn, rules: Rules) -> Step:
    """Carriers act on such a word, so here it picks nothing, answers nothing and asks nothing of credex-core."""
    state = position.state
    if isinstance(state, Outside) or rules.lifetimes.over(position, turn.now):
        return goto(Outside(), *((texts.FROZEN,) if rules.frozen else ()))
    if type(state) in CONSENT:
        return stay(state, texts.SMS_NEEDS_CODE)
    return stay(state, texts.PICK_ONE) if state.prompt().choices else stay(state)


def _held(content: Said, phone: Phone, turn: Turn) -> Step:
    """Whoever writes now may be somebody else: nothing but opening the account leads on."""
    word = greetings.plain_word(content.body) if isinstance(content, Text) else ""
    if greetings.takes_home(word):
        return begin(phone, texts.GREETING.format(greeting=greetings.greeting(turn)), texts.FROZEN)
    return goto(Outside(), texts.FROZEN, *((texts.HELP,) if word in greetings.HELP_WORDS else ()))


def _asks_for_help_or_home(content: Said) -> bool:
    word = greetings.plain_word(content.body) if isinstance(content, Text) else ""
    return word in greetings.HELP_WORDS or greetings.takes_home(word)


def _asks_to_view(content: Said, state: AnyState) -> bool:
    """The button of a notice has no screen that could expire: it only opens a list, which is read anew."""
    match content:
        case Tap(choice):
            return choice == notices.BUTTON
        case Text(body):
            return greetings.plain_word(body) in notices.VIEW_WORDS and not isinstance(state, AskingFreely)
        case Media():
            return False


def _view(visit: Visit | None, phone: Phone) -> Step:
    return begin(phone, door=VIEW_OFFERS) if visit is None else refresh(visit, door=VIEW_OFFERS)


def _first(content: Said, phone: Phone, turn: Turn) -> Step:
    hello = texts.GREETING.format(greeting=greetings.greeting(turn))
    match content:
        case Text(body) if greetings.plain_word(body) in greetings.HELP_WORDS:
            return goto(Outside(), texts.HELP)
        case Text(body):
            return begin(phone, hello, door=_door(body))
        case Tap():
            return begin(phone, notes=(texts.SESSION_EXPIRED,))
        case Media():
            return begin(phone, hello, texts.ONLY_TEXT)


def _again(state: AnyState, content: Said, phone: Phone, turn: Turn, *, late: bool) -> Step:
    if _asks_for_help_or_home(content):
        return _first(content, phone, turn)
    visit, notes = visit_of(state), (texts.LATE if late else texts.SESSION_EXPIRED,)
    door = _door(content.body) if isinstance(content, Text) and not late else None
    return begin(phone, notes=notes, door=door) if visit is None else refresh(visit, notes=notes, door=door)


def _live(position: Position, said: InboundMessage, content: Said, phone: Phone, turn: Turn, rules: Rules) -> Step:
    match content:
        case Tap():
            return _tapped(position, content, turn)
        case Media(kind):
            return _unreadable(position.state, kind, turn)
        case Text(""):
            return _unreadable(position.state, "empty", turn)
        case Text(forwarded=True) if type(position.state) in CONSENT:
            return stay(position.state, texts.FORWARDED)
        case Text(body) if rules.texting is not None:
            return _texted(position, body, phone, turn)
        case Text(body):
            return _above_dialogs(position.state, body, phone, turn) or _typed(position, body, said.at, turn)


def _texted(position: Position, body: str, phone: Phone, turn: Turn) -> Step:
    return (
        replies.number_or_code(position, body, phone, turn)
        or _above_dialogs(position.state, body, phone, turn)
        or replies.named(position, body, turn)
    )


def _tapped(position: Position, tap: Tap, turn: Turn) -> Step:
    state = position.state
    screen, _, key = tap.choice.partition(".")
    if not position.screen or screen != position.screen:
        return stay(state, texts.EXPIRED)
    if key not in (choice.key for choice in state.prompt().choices):
        return stay(state, texts.EXPIRED)
    return state.on(Chose(key), turn)


def _unreadable(state: AnyState, kind: str, turn: Turn) -> Step:
    step = state.on(Unsupported(kind), turn)
    rule = texts.EMPTY if kind == "empty" else texts.ONLY_TEXT
    return msgspec.structs.replace(step, says=(rule, *step.says))


def _above_dialogs(state: AnyState, body: str, phone: Phone, turn: Turn) -> Step | None:
    word = greetings.plain_word(body)
    if word in greetings.HELP_WORDS:
        return stay(state, texts.HELP)
    if word in greetings.LEAVING_WORDS and _means_leaving(state, body):
        return ways_home.leave(state, phone)
    goes_home = greetings.takes_home(word) or word in notices.VIEW_WORDS or _means_back(state, body)
    through = None if goes_home else _through_door(state, body)
    if through is not None:
        return through
    if isinstance(state, AskingFreely):
        doubtful = goes_home or (greetings.may_take_home(word) and len(body) <= LONGEST_WORD)
        return goto(Doubting(body, state)) if doubtful else None
    return ways_home.go_home(state, word, phone, turn) if goes_home else None


def _door(body: str) -> str | QuickOffer | None:
    """Where a whole message leads from any place of a member who is logged in."""
    return WORDS.get(greetings.plain_word(body)) or read_quick(body)


def _through_door(state: AnyState, body: str) -> Step | None:
    """An offer in one line or the word of a door, unless it is an answer here, or may be one."""
    visit, door = visit_of(state), _door(body)
    if visit is None or door is None:
        return None
    if not isinstance(door, QuickOffer) or not door.amount:
        if read_choice(body, state.prompt().choices) or (isinstance(state, ChoosingAccount) and state.named(body)):
            return None
        if isinstance(state, AskingFreely) and isinstance(door, str):
            return goto(Doubting(body, state, door))
        if isinstance(state, _Asking) and isinstance(door, QuickOffer):
            return None
    if isinstance(state, ChoosingAccount) and state.arriving:
        return goto(msgspec.structs.replace(state, door=door))
    return Step(state=AtDashboard(visit), says=_left_undone(state), opens=door)


def _left_undone(state: AnyState) -> tuple[str, ...]:
    if isinstance(state, Signing):
        return (texts.NOT_SIGNED,)
    return (texts.NOT_CONFIRMED,) if isinstance(state, Consenting) else ()


def _means_leaving(state: AnyState, body: str) -> bool:
    """Not where it names a choice of the screen, nor on the dashboard, where it is the beginning of *Cancel Offers*."""
    if isinstance(state, AtDashboard):
        return False
    return read_choice(body, state.prompt().choices) is None


def _means_back(state: AnyState, body: str) -> bool:
    """Back leads home where no choice of the screen is a way back. A zero may be an answer to a question."""
    word = greetings.plain_word(body)
    if word not in greetings.BACK_WORDS:
        return False
    if isinstance(state, _Asking) and _BARE_NUMBER.fullmatch(word):
        return False
    return isinstance(state, AskingFreely) or read_choice(body, state.prompt().choices) is None


def _typed(position: Position, body: str, at: datetime, turn: Turn) -> Step:
    state = position.state
    choice = read_choice(body, state.prompt().choices)
    signs = _BARE_NUMBER.fullmatch(body) or (choice is not None and choice.key == "confirm")
    if type(state) in CONSENT and signs and _crossed(at, position.touched):
        return stay(state, texts.CROSSED)
    return state.on(Heard(body) if choice is None else Chose(choice.key), turn)


def _crossed(sent: datetime, shown: datetime) -> bool:
    """Whether it was sent before the question it would sign was shown.

    Two quick ``1`` or ``accept`` for one list must not pick an offer and accept it. Providers count in whole seconds.
    """
    return sent.astimezone(UTC) < shown.replace(microsecond=0)
