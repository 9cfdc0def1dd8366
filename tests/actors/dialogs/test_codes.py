"""The codes that sign by text message, typed one by one."""

from datetime import timedelta

import msgspec

from actors.dialogs import texting
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.state import Texted
from actors.dialogs.states import AnyState, with_recurring
from credex.commands import FindAccount, MoneyCommand
from credex.outcomes import AccountFound, LoggedIn
from tests.actors.dialogs.people import PHONE, RUDO, account, member
from tests.actors.dialogs.talk import Talk

LOOK_UP = FindAccount(PHONE, "rudo")


def at_the_question() -> Talk:
    return asked_again(Talk(channel="sms").logged_in_as(member(tier=3, left=None)))


def asked_again(talk: Talk) -> Talk:
    talk.user_says("5=>rudo").bot_asks_core(LOOK_UP)
    return talk.core_answers(AccountFound(RUDO))


def code(talk: Talk) -> str:
    assert talk.position is not None
    return texting.code_of(talk.position.screen, talk.state.prompt().text)


def wrong_code(talk: Talk) -> str:
    return f"PAY {(int(code(talk)) + 1) % 10_000:04}"


def test_wrong_codes_are_counted_over_all_questions_until_a_right_one() -> None:
    talk = at_the_question()
    talk.user_says(wrong_code(talk))
    asked_again(talk).user_says(wrong_code(talk)).bot_answers("not the code")
    asked_again(talk).user_says(wrong_code(talk)).bot_answers("Three wrong codes")
    assert isinstance(talk.state, AtDashboard)
    asked_again(talk).bot_answers("nothing can be signed by SMS for some hours")
    assert isinstance(talk.state, AtDashboard)


def test_a_right_code_forgives_the_wrong_ones_before() -> None:
    talk = at_the_question()
    for _ in range(texting.TRIES - 1):
        talk.user_says(wrong_code(talk))
    talk.user_says(f"PAY {code(talk)}")
    assert isinstance(talk.asked[-1], MoneyCommand)
    assert talk.position is not None
    assert talk.position.texted == Texted()


def test_a_question_that_is_shown_again_has_another_code() -> None:
    talk = at_the_question()
    first = code(talk)
    talk.user_says("what?")
    assert code(talk) != first
    talk.user_says(f"PAY {first}").bot_answers("not the code")
    assert not any(isinstance(command, MoneyCommand) for command in talk.asked)


def test_the_rest_outlives_a_conversation_that_is_left_alone() -> None:
    talk = at_the_question()
    for _ in range(texting.TRIES):
        talk.user_says(wrong_code(talk))
    talk.later(minutes=20)
    talk.user_says("menu")
    assert talk.position is not None
    assert talk.position.texted.rests == talk.now - timedelta(minutes=20) + timedelta(hours=1)


def test_every_further_three_wrong_codes_rest_twice_as_long_and_at_most_a_day() -> None:
    talk = at_the_question()
    rests = []
    for _ in range(7):
        for _ in range(texting.TRIES):
            asked_again(talk) if isinstance(talk.state, AtDashboard) else talk
            talk.user_says(wrong_code(talk))
        assert talk.position is not None
        assert talk.position.texted.rests is not None
        rests.append(talk.position.texted.rests - talk.now)
        talk.now = talk.position.texted.rests
        talk.user_says("menu").core_answers(LoggedIn(member()))
    assert rests == [timedelta(hours=hours) for hours in (1, 2, 4, 8, 16, 24, 24)]


def test_a_code_is_of_one_screen_and_one_question() -> None:
    code_here = texting.code_of("abcd1234", "5.00 USD to Rudo")
    assert code_here == texting.code_of("abcd1234", "5.00 USD to Rudo")
    assert code_here != texting.code_of("abcd1234", "6.00 USD to Rudo")
    assert code_here != texting.code_of("abcd1235", "5.00 USD to Rudo")


def test_a_number_is_not_taken_for_what_it_has_come_to_mean_since_the_menu_was_shown() -> None:
    talk = Talk(channel="sms").logged_in_as(member(account(), tier=4, left=None))
    talk.user_says("manage account")
    number, title = next(line for line in talk.text.splitlines() if line.endswith("New account")).split(" ", 1)
    assert talk.position is not None
    informed = with_recurring(talk.state, ())
    assert row_of(informed, number) != title
    talk.position = msgspec.structs.replace(talk.position, state=informed)
    talk.user_says(number).bot_answers("expired")
    assert type(talk.state) is type(informed)
    talk.user_says(number)
    assert type(talk.state) is not type(informed)


def row_of(state: AnyState, number: str) -> str:
    [page] = texting.laid_out(state, state.prompt(), "")
    return next(line.partition(" ")[2] for line in page.text.splitlines() if line.startswith(f"{number} "))
