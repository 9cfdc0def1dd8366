"""What is typed where there is nothing to tap: numbers of the menu shown last, codes that sign, titles and words."""

import hmac
from datetime import timedelta

import msgspec

from actors.dialogs import texting, texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.state import Chose, Heard, Step, Texted, goto, stay
from actors.dialogs.states import CONSENT, Consenting, Position, Signing
from actors.dialogs.ways_home import go_home
from actors.dialogs.wording import count
from channels.sms.menu import Turning, number_in
from credex.model import Phone
from runtime.turn import Turn


def number_or_code(position: Position, body: str, phone: Phone, turn: Turn) -> Step | None:
    """Where a code or a number of the menu leads; ``None`` for anything else, which may be an answer."""
    state, code = position.state, texting.code_in(body)
    if code is not None:
        if isinstance(state, Signing | Consenting):
            return _coded(position, state, code, turn)
        return stay(state, texts.SMS_NOTHING_TO_SIGN)
    number = number_in(body)
    return None if number is None else _numbered(position, number, phone, turn)


def _numbered(position: Position, number: int, phone: Phone, turn: Turn) -> Step | None:
    state = position.state
    page = texting.page_of(position)
    if page is None:
        return stay(state, texts.EXPIRED)
    match page.means(number):
        case Turning.MORE:
            further = msgspec.structs.replace(position.texted, page=position.texted.page + 1)
            return msgspec.structs.replace(stay(state), texted=further)
        case Turning.BACK:
            return go_home(state, "", phone, turn)
        case Turning.NOTHING:
            return None
        case str(key):
            return state.on(Chose(key), turn)


def _coded(position: Position, state: Signing | Consenting, code: str, turn: Turn) -> Step:
    if hmac.compare_digest(code, texting.code_of(position.screen, state.prompt().text)):
        return state.on(Chose("confirm"), turn)
    wrong = position.texted.wrong + 1
    if wrong % texting.TRIES:
        return msgspec.structs.replace(stay(state, texts.SMS_WRONG_CODE), texted=Texted(wrong=wrong))
    hours = texting.rest_after(wrong)
    spent = Texted(wrong=wrong, rests=turn.now + timedelta(hours=hours))
    told = texts.SMS_CODES_SPENT.format(hours=count(hours, texts.ONE_HOUR, texts.MANY_HOURS))
    return msgspec.structs.replace(goto(AtDashboard(state.visit), told), texted=spent)


def named(position: Position, body: str, turn: Turn) -> Step:
    """A title or a word of the screen; nothing signs but the code."""
    state = position.state
    choice = texting.named(state, body)
    if type(state) in CONSENT and (choice is None or choice.key == "confirm"):
        return stay(state, texts.SMS_NEEDS_CODE)
    return state.on(Heard(body) if choice is None else Chose(choice.key), turn)
