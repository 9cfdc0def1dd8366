"""What a setting lets be done by text message, on the screens where it is said."""

import msgspec
import pytest

from actors.dialogs import texting, texts
from actors.dialogs.allowance import May, Texting
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.onboarding import ConfirmingMembership
from actors.dialogs.outside import Outside
from actors.dialogs.states import with_recurring
from credex.commands import FindAccount, MoneyCommand, Onboard
from credex.outcomes import AccountFound, NotAMember
from tests.actors.dialogs.people import PHONE, RUDO, member
from tests.actors.dialogs.talk import Talk


def by_text(may: May) -> Talk:
    return Talk(channel="sms", texting=Texting(may=may))


def stranger(talk: Talk) -> Talk:
    return talk.user_says("hi").core_answers(NotAMember())


def setting_up_a_recurring_payment(talk: Talk) -> Talk:
    talk.logged_in_as(member(tier=3, left=None))
    assert talk.position is not None
    talk.position = msgspec.structs.replace(talk.position, state=with_recurring(talk.state, ()))
    talk.user_says("manage account").user_says("recurring").user_says("set up a payment").user_says("5")
    talk.user_says("rudo").bot_asks_core(FindAccount(PHONE, "rudo")).core_answers(AccountFound(RUDO))
    return talk.user_says("every 2 weeks").user_says("tomorrow")


def test_what_repeats_for_ever_is_under_no_limit() -> None:
    talk = setting_up_a_recurring_payment(by_text(May.LIMITED)).bot_answers(texts.SMS_NO_REPEATS)
    assert isinstance(talk.state, AtDashboard)
    talk = setting_up_a_recurring_payment(by_text(May.ALL))
    assert talk.position is not None
    talk.user_says(f"PAY {texting.code_of(talk.position.screen, talk.state.prompt().text)}")
    assert isinstance(talk.asked[-1], MoneyCommand)


def test_nobody_joins_where_text_messages_may_only_look() -> None:
    talk = stranger(by_text(May.VIEW)).user_says("1").bot_answers(texts.SMS_ONLY_LOOKS)
    assert isinstance(talk.state, Outside)


def test_who_was_joining_when_that_was_set_does_not_join() -> None:
    talk = stranger(by_text(May.ALL)).user_says("1").user_says("Tariro").user_says("Moyo")
    assert isinstance(talk.state, ConfirmingMembership)
    talk.rules = msgspec.structs.replace(talk.rules, texting=Texting(may=May.VIEW))
    talk.user_says("1").bot_answers(texts.SMS_ONLY_LOOKS)
    assert not any(isinstance(command, Onboard) for command in talk.asked)


@pytest.mark.parametrize("may", [May.LIMITED, May.ALL])
def test_whoever_may_sign_by_text_message_may_join(may: May) -> None:
    talk = stranger(by_text(may)).user_says("1").user_says("Tariro").user_says("Moyo").user_says("1")
    assert isinstance(talk.asked[-1], Onboard)
