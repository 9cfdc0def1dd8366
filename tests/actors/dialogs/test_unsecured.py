"""Offering an unsecured credex: the tier, the day it is due, and that it is still one when it is signed."""

from datetime import UTC, date, datetime

import pytest

from actors.dialogs import texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.offer import AskingAmount, AskingRecipient
from actors.dialogs.signing import AskingDueDate, SigningOffer
from actors.payments import Finding
from channels.message import Media
from channels.plain import units
from credex.commands import OfferCredex
from credex.model import OfferId
from credex.outcomes import AccountFound, OfferMade, Refusal, Refused, Unclear
from tests.actors.dialogs.people import PHONE, RUDO, account, member, offer, usd
from tests.actors.dialogs.talk import Talk

# NOON is 4 Mar 2026, a Wednesday: due from Wednesday 11 Mar to Tuesday 7 Apr.
TO_RUDO = OfferCredex(phone=PHONE, issuer=account().id, receiver=RUDO.id, amount=usd("5"), due=date(2026, 3, 25))


def offering(left: str | None = None, tier: int = 3) -> Talk:
    return Talk().logged_in_as(member(tier=tier, left=left)).user_taps("Offer Unsecured Credex")


def asking_day() -> Talk:
    talk = offering().user_says("5").user_says("rudo").core_answers(AccountFound(RUDO))
    return talk.bot_answers("When will you pay the 5.00 USD to Rudo Ncube Personal (@rudo)?")


def signing() -> Talk:
    return asking_day().user_says("25 March")


def sent(talk: Talk) -> list[OfferCredex]:
    return [command for command in talk.asked if isinstance(command, OfferCredex)]


def test_scenario_67_tier_1_is_told_why_not_and_what_to_do() -> None:
    talk = offering(left="10", tier=1).bot_answers("tier 1 cannot offer unsecured", "choose Upgrade", "@tariro")
    assert isinstance(talk.state, AtDashboard)
    assert "Upgrade" in talk.titles


def test_scenario_66_amount_receiver_day_and_signature_make_one_offer_with_its_day() -> None:
    talk = signing().bot_answers(
        "5.00 USD, unsecured, due Wednesday 25 Mar 2026", "From: Tariro Moyo Personal (@tariro)"
    )
    talk.bot_answers("To: Rudo Ncube Personal (@rudo)", "you promise to pay by that day, and nothing backs the promise")
    talk.bot_offers("Sign and Send", "Cancel").user_taps("Sign and Send").bot_asks_core(TO_RUDO)
    talk.core_answers(OfferMade(OfferId("new"), account(outgoing=(offer(1, secured=False, due=TO_RUDO.due),))))
    talk.bot_answers("You offered 5.00 USD, unsecured, due Wednesday 25 Mar 2026, from", "to Rudo")
    assert sent(talk) == [TO_RUDO]
    talk.user_taps("Cancel Offers").user_taps("5.00 USD").bot_answers("unsecured, due Wednesday 25 Mar 2026")


def test_every_step_says_that_it_is_a_promise() -> None:
    talk = offering().bot_answers("Unsecured: a promise to pay", "How much")
    assert isinstance(talk.state, AskingAmount)
    talk.user_says("abc").bot_answers("does not look like an amount", "Unsecured: a promise")


def test_the_secured_balance_is_not_asked_for_but_the_days_allowance_is() -> None:
    poor = member(account(secured=()), tier=2, left="100")
    talk = Talk().logged_in_as(poor).user_taps("Offer Unsecured Credex")
    talk.user_says("101").bot_answers("lets you offer 100.00 USD more today", "Unsecured: a promise")
    talk.user_says("50")
    assert isinstance(talk.state, AskingRecipient)
    talk.user_says("rudo").core_answers(AccountFound(RUDO)).user_says("1").user_says("yes")
    talk.core_answers(OfferMade(OfferId("new"), account())).bot_answers("Left to offer today: 50.00 USD")


def test_a_few_days_can_be_picked_with_their_dates_written_out() -> None:
    talk = asking_day().bot_answers("from Wednesday 11 Mar 2026 to Tuesday 7 Apr 2026")
    talk.bot_offers("In 1 week", "In 2 weeks", "In 3 weeks", "In 4 weeks", "Back to Dashboard")
    assert [choice.description for choice in talk.screen.choices][::3] == [
        "Wednesday 11 Mar 2026",
        "Wednesday 1 Apr 2026",
    ]
    for words in ("3", "In 3 weeks", "3 weeks", "+21", "wednesday 25 mar 2026", "25/3/2026", "2026-03-25"):
        talk = asking_day().user_says(words)
        assert isinstance(talk.state, SigningOffer), words
        assert talk.state.command == TO_RUDO
    asking_day().user_taps("In 3 weeks").user_taps("Sign and Send").bot_asks_core(TO_RUDO)


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("10 Mar", "Tuesday 10 Mar 2026 is too soon"),
        ("8 Apr", "Wednesday 8 Apr 2026 is too late"),
        ("2025-02-30", "no such day"),
        ("1 Jan 2026", "Thursday 1 Jan 2026 is past"),
        ("whenever", "I do not know what day that is"),
        ("24", "I do not know what day that is"),
        ("3/25/2026", "The day comes before the month"),
    ],
)
def test_a_wrong_day_is_explained_with_the_first_and_the_last_and_asked_again(typed: str, rule: str) -> None:
    talk = asking_day().user_says(typed)
    talk.bot_answers(rule, "When will you pay", "Any day from Wednesday 11 Mar 2026 to Tuesday 7 Apr 2026")
    assert isinstance(talk.state, AskingDueDate)
    assert len(talk.messages) == 1
    assert sent(talk) == []


def test_a_day_that_slipped_away_before_the_tap_is_asked_again_and_nothing_is_sent() -> None:
    talk = Talk(now=datetime(2026, 3, 4, 23, 58, tzinfo=UTC)).logged_in_as(member(tier=3, left=None))
    talk.user_taps("Offer Unsecured Credex").user_says("5").user_says("rudo").core_answers(AccountFound(RUDO))
    talk.user_says("11 March").bot_answers("due Wednesday 11 Mar 2026").later(minutes=3).user_taps("Sign and Send")
    talk.bot_answers("A new day has begun", "nothing was sent", "Wednesday 11 Mar 2026 is too soon")
    talk.bot_answers("from Thursday 12 Mar 2026 to Wednesday 8 Apr 2026", "5.00 USD to Rudo")
    assert sent(talk) == []
    talk.user_taps("In 1 week").user_taps("Sign and Send")
    assert [command.due for command in sent(talk)] == [date(2026, 3, 12)]


def test_a_row_of_yesterday_is_judged_by_today() -> None:
    talk = Talk(now=datetime(2026, 3, 4, 23, 58, tzinfo=UTC)).logged_in_as(member(tier=3, left=None))
    talk.user_taps("Offer Unsecured Credex").user_says("5").user_says("rudo").core_answers(AccountFound(RUDO))
    talk.later(minutes=3).user_taps("In 1 week").bot_answers(
        "Wednesday 11 Mar 2026 is too soon", "Thursday 12 Mar 2026"
    )
    assert isinstance(talk.state, AskingDueDate)


def test_after_midnight_the_question_offers_the_days_of_the_new_day() -> None:
    talk = Talk(now=datetime(2026, 3, 4, 23, 58, tzinfo=UTC)).logged_in_as(member(tier=3, left=None))
    talk.user_taps("Offer Unsecured Credex").user_says("5").user_says("rudo").core_answers(AccountFound(RUDO))
    talk.later(minutes=3).user_says("soon").bot_answers("Any day from Thursday 12 Mar 2026 to Wednesday 8 Apr 2026")
    assert talk.screen.choices[0].description == "Thursday 12 Mar 2026"


def test_a_day_that_the_ledger_does_not_take_is_asked_again_with_everything_else_kept() -> None:
    talk = signing().user_says("yes").core_answers(Refused(Refusal.DUE_DATE, "x"))
    talk.bot_answers("was not made", "does not take that due date", "When will you pay the 5.00 USD to Rudo")
    talk.user_says("4").user_says("yes")
    assert [command.due for command in sent(talk)] == [date(2026, 3, 25), date(2026, 4, 1)]


def test_any_other_refusal_leads_home() -> None:
    talk = signing().user_says("yes").core_answers(Refused(Refusal.TIER_LIMIT, "x"))
    talk.bot_answers("was not made", "more than your membership")
    assert isinstance(talk.state, AtDashboard)


def test_an_unsecured_offer_that_got_lost_is_found_or_signed_again_with_its_day() -> None:
    lost = signing().user_says("yes").core_answers(Unclear("timeout")).bot_answers("I do not know yet")
    lost.core_settles(Finding.DONE, member(tier=3)).bot_answers("went through", "unsecured, due Wednesday 25 Mar 2026")
    talk = signing().user_says("yes").core_answers(Unclear("timeout")).core_settles(Finding.NOT_DONE, member(tier=3))
    talk.bot_answers("was not made", "unsecured, due Wednesday 25 Mar 2026").user_says("yes")
    assert sent(talk) == [TO_RUDO, TO_RUDO]


def test_a_day_typed_as_in_the_examples_can_be_taken() -> None:
    asking_day().bot_answers("type it: 18 Mar, 18/3/2026 (the day first), 3 weeks or Friday.")
    for example in ("18 Mar", "18/3/2026"):
        asking_day().user_says(example).bot_answers("due Wednesday 18 Mar 2026")
    for example in ("3 weeks", "Friday"):
        asking_day().user_says(example).bot_answers("Please check your offer")


@pytest.mark.parametrize("word", ["back", "Back to Dashboard", "5"])
def test_the_question_when_has_a_way_back(word: str) -> None:
    talk = asking_day().user_says(word).bot_answers("No offer was sent", "@tariro", "Secured balances")
    assert sent(talk) == []


def test_menu_and_cancel_leave_the_question_when() -> None:
    asking_day().user_says("menu").bot_answers("@tariro", "Secured balances")
    asking_day().user_says("cancel").bot_answers("Nothing was sent")


def test_every_rule_about_days_is_plain_and_leaves_room_for_the_question() -> None:
    for rule in texts.DUE_RULES.values():
        assert rule.isascii()
        assert units(rule) < 400
        assert "7 to 34 days from today" in rule


def test_what_cannot_be_read_keeps_the_question_when() -> None:
    talk = asking_day().user_sends(Media("voice")).bot_answers("text and buttons", "When will you pay the 5.00 USD")
    assert isinstance(talk.state, AskingDueDate)
