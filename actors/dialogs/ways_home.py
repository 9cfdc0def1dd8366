"""The ways out of wherever a member is: home, and leaving a question undone."""

from actors.dialogs import greetings, texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.entry import home
from actors.dialogs.onboarding import Welcome
from actors.dialogs.outside import Outside
from actors.dialogs.state import Step, goto, stay
from actors.dialogs.states import AnyState, Signing, visit_of
from credex.model import Phone
from runtime.turn import Turn


def leave(state: AnyState, phone: Phone) -> Step:
    """Drop the question; nothing is sent."""
    if isinstance(state, Welcome | Outside):
        return stay(state, texts.NOTHING_TO_LEAVE)
    visit = visit_of(state)
    return goto(Welcome(phone) if visit is None else AtDashboard(visit), texts.LEFT)


def go_home(state: AnyState, word: str, phone: Phone, turn: Turn) -> Step:
    """The dashboard, or the welcome of who is no member; a greeting is greeted back."""
    visit = visit_of(state)
    if visit is None:
        return goto(Welcome(phone))
    hello = (f"{greetings.greeting(turn)}.",) if word in greetings.GREETING_WORDS else ()
    told = (texts.NOT_SIGNED,) if isinstance(state, Signing) else ()
    return home(visit, turn, *hello, *told)
