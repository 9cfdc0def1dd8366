"""What a step comes to where there are no buttons: what may be signed, which page is shown, how a result ends."""

from actors.dialogs import texts
from actors.dialogs.allowance import Texting
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.greetings import HARARE
from actors.dialogs.hearing import Rules
from actors.dialogs.onboarding import AskingFirstName
from actors.dialogs.outside import Outside
from actors.dialogs.state import Step, Texted, goto
from actors.dialogs.states import AnyState, Consenting, Position, Signing
from actors.dialogs.wording import short_day
from credex.commands import Onboard, leaves_doubt
from runtime.turn import Turn


def stamps(reference: str, turn: Turn, rules: Rules) -> tuple[str, ...]:
    """What a text message about money ends with: delivery can lag by hours, and there is nothing to scroll back to."""
    if rules.texting is None or not reference:
        return ()
    at = turn.now.astimezone(HARARE)
    return (texts.SMS_STAMP.format(reference=reference, at=f"{short_day(at)} {at:%H:%M}"),)


def as_texts_may(position: Position, step: Step, turn: Turn, texting: Texting) -> Step:
    """The same, unless it leads to a question that cannot be answered by text message, or sends what cannot be."""
    state = step.state
    if step.asks is not None and leaves_doubt(step.asks):
        asked = position.state
        if isinstance(asked, Signing | Consenting) and (objection := texting.objection(asked)):
            return goto(AtDashboard(asked.visit), objection)
    if texting.only_looks and (isinstance(state, AskingFirstName) or isinstance(step.asks, Onboard)):
        return goto(Outside(), texting.refusal(texts.SMS_ONLY_LOOKS))
    if not isinstance(state, Signing | Consenting):
        return step
    rests = position.texted.rests
    resting = rests is not None and turn.now < rests
    objection = texting.refusal(texts.SMS_RESTS) if resting else texting.objection(state)
    return goto(AtDashboard(state.visit), *step.says, objection) if objection else step


def texted(position: Position, step: Step, state: AnyState) -> Texted:
    """Which page is shown, and how many codes were wrong: until one is right, whatever is shown meanwhile."""
    known = position.texted if step.texted is None else step.texted
    if not step.prompts and state == position.state:
        return known
    signed = step.asks is not None and leaves_doubt(step.asks) and isinstance(position.state, Signing | Consenting)
    wrong = 0 if signed else known.wrong
    page = known.page if step.texted is not None else 0
    return Texted(page=page, wrong=wrong, rests=known.rests)  # its menu is noted where it is shown
