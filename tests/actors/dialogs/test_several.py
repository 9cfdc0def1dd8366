"""Accepting all offers that wait, with one signature."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.offers import MOST, PickingOffer
from actors.dialogs.several import SettlingSeveral, SigningSeveral, SubmittingSeveral
from actors.payments import Before, Finding
from channels.plain import units
from credex.commands import AcceptOffers, Command, Login, moves_money
from credex.model import Offer
from credex.money import Denomination, Money
from credex.outcomes import (
    LoggedIn,
    NotAMember,
    OfferAccepted,
    OffersAccepted,
    Outcome,
    Refusal,
    Refused,
    Unavailable,
    Unclear,
)
from tests.actors.dialogs.people import PHONE, account, member, offer, offers
from tests.actors.dialogs.talk import Talk

ACCOUNT = account().id
THREE = offers(3)
FIRST, SECOND, THIRD = (one.id for one in THREE)
ALL = AcceptOffers(PHONE, ACCOUNT, (FIRST, SECOND, THIRD))


def waiting(*incoming: Offer) -> Talk:
    return Talk().logged_in_as(member(account(incoming=incoming), left=None))


def asked_about(*incoming: Offer) -> Talk:
    return waiting(*incoming).user_taps("Accept Offers").user_taps("Accept All")


def signed() -> Talk:
    return asked_about(*THREE).user_taps("Yes, Accept All").bot_asks_core(ALL)


def money(talk: Talk) -> list[Command]:
    return [command for command in talk.asked if moves_money(command)]


def test_the_row_is_there_where_several_wait_and_on_the_first_page_alone() -> None:
    assert "Accept All" not in waiting(THREE[0]).user_taps("Accept Offers").titles
    assert "Accept All" not in waiting(*THREE).user_taps("Decline Offers").titles
    talk = waiting(*offers(12)).user_taps("Accept Offers")
    assert "Accept All" in talk.titles
    assert "Accept All" not in talk.user_taps("Next").titles


@pytest.mark.parametrize("words", ["accept all", "All", "all.", "accept all "])
def test_it_is_asked_for_by_typing_on_every_page(words: str) -> None:
    assert isinstance(waiting(*THREE).user_taps("Accept Offers").user_says(words).state, SigningSeveral)
    talk = waiting(*offers(12)).user_taps("Accept Offers").user_says("next").user_says(words)
    assert isinstance(talk.state, SigningSeveral)
    waiting(THREE[0]).user_taps("Accept Offers").user_says(words).bot_answers("choose one")


def test_the_question_tells_how_many_how_much_of_what_and_on_which_terms() -> None:
    gold = msgspec.structs.replace(offer(4), amount=Money(Decimal("0.5"), Denomination.XAU))
    due = offer(5, "2.50", secured=False, due=date(2026, 3, 20))
    undated = offer(6, "1", secured=False)
    talk = asked_about(*THREE, gold, due, undated)
    assert talk.text == (
        "Please check what you accept for Tariro Moyo Personal (@tariro).\n"
        "9.50 USD in 5 offers\n0.5000 XAU in 1 offer\n"
        "Secured: 4 offers\nUnsecured, due 20 Mar 2026: 1 offer\nUnsecured, without a due date: 1 offer\n"
        "Each offer is accepted for itself, so the others still count if one cannot be accepted. "
        "Do you want to accept all 6?"
    )
    talk.bot_offers("Yes, Accept All", "No, Go Back")
    assert "XAU in" in talk.text
    assert "Secured" not in asked_about(due, undated).text


def test_many_due_dates_are_told_as_the_first_and_the_last() -> None:
    dated = [offer(day, secured=False, due=date(2026, 3, day)) for day in range(10, 16)]
    asked_about(*dated).bot_answers("Unsecured, due between 10 Mar 2026 and 15 Mar 2026: 6 offers")
    five = asked_about(*dated[:5]).bot_answers("due 10 Mar 2026: 1 offer", "due 14 Mar 2026: 1 offer")
    assert "between" not in five.text
    turned = asked_about(*dated[4::-1]).text
    assert turned.index("10 Mar 2026") < turned.index("11 Mar 2026") < turned.index("14 Mar 2026")


@pytest.mark.parametrize("words", ["yes", "Y", "ok", "1", "Yes, Accept All"])
def test_yes_sends_one_command_about_those_that_were_shown(words: str) -> None:
    talk = asked_about(*THREE).user_says(words).bot_asks_core(ALL)
    assert isinstance(talk.state, SubmittingSeveral)
    assert talk.state.before == Before(account=ACCOUNT)
    assert len(money(talk)) == 1


@pytest.mark.parametrize("words", ["accept all", "all", "accept"])
def test_the_words_that_open_the_question_do_not_answer_it(words: str) -> None:
    talk = asked_about(*THREE).user_says(words).bot_answers("choose one", "accept all 3?")
    assert money(talk) == []


def test_no_leads_back_to_the_list() -> None:
    for words in ("no", "No, Go Back", "2", "back"):
        talk = asked_about(*THREE).user_says(words)
        assert isinstance(talk.state, PickingOffer)
        assert money(talk) == []
    talk = asked_about(*THREE).user_says("cancel")
    assert isinstance(talk.state, AtDashboard)


def test_a_forwarded_yes_and_a_number_sent_before_the_question_sign_nothing() -> None:
    talk = asked_about(*THREE).user_says("yes", forwarded=True).bot_answers("forwarded message cannot sign")
    talk.later(seconds=3).user_says("help").user_says("1", ago=5).bot_answers("before you could see this question")
    assert money(talk) == []


def test_offers_are_read_afresh_before_the_question_is_put() -> None:
    talk = waiting(*THREE).user_taps("Accept Offers").later(seconds=20).user_taps("Accept All")
    talk.bot_asks_core(Login(PHONE)).core_answers(LoggedIn(member(account(incoming=offers(4)))))
    talk.bot_answers("accept all 4?")


@pytest.mark.parametrize(("left", "state"), [(1, PickingOffer), (0, AtDashboard)])
def test_where_no_more_than_one_is_left_meanwhile_nothing_is_asked(left: int, state: type) -> None:
    talk = waiting(*THREE).user_taps("Accept Offers").later(seconds=20).user_taps("Accept All")
    talk.core_answers(LoggedIn(member(account(incoming=offers(left), outgoing=offers(3)))))
    assert isinstance(talk.state, state)
    assert "want to accept?" in talk.text or not left


def test_of_more_than_one_call_carries_the_oldest_are_meant_and_the_rest_comes_afterwards() -> None:
    many = offers(120)
    talk = asked_about(*many).bot_answers("120 offers wait. This is about the 50 oldest of them", "accept all 50?")
    oldest = tuple(one.id for one in many[-MOST:])
    talk.user_says("yes").bot_asks_core(AcceptOffers(PHONE, ACCOUNT, oldest))
    talk.core_answers(OffersAccepted(oldest, (), (), account(incoming=many[:-MOST])))
    talk.bot_answers("50 accepted.", "Page 1 of 10").user_taps("Accept All")
    talk.bot_answers("70 offers wait. This is about the 50 oldest of them").user_says("yes")
    oldest = tuple(one.id for one in many[20:70])
    talk.bot_asks_core(AcceptOffers(PHONE, ACCOUNT, oldest))
    talk.core_answers(OffersAccepted(oldest, (), (), account(incoming=many[:20]))).user_taps("Accept All")
    talk.bot_answers("accept all 20?")
    assert "oldest" not in talk.text


def test_the_result_is_told_for_each_and_the_dashboard_follows_the_last() -> None:
    talk = signed().core_answers(OffersAccepted((FIRST, THIRD), (SECOND,), (), account()))
    talk.bot_answers("Tariro Moyo Personal (@tariro): 2 accepted, 1 already accepted.", "Secured balances")
    assert "not accepted" not in talk.text
    assert isinstance(talk.state, AtDashboard)


def test_those_that_failed_are_named_with_who_and_how_much_and_the_list_that_follows_is_fresh() -> None:
    after = account(incoming=(THREE[2], offer(9, "9")))
    talk = signed().core_answers(OffersAccepted((FIRST,), (), (SECOND, THIRD), after))
    talk.bot_answers(
        "1 accepted, 2 not accepted.", "may have been taken back or have expired:\n2.00 USD from Rudo 2\n3"
    )
    talk.bot_offers("3.00 USD", "9.00 USD", "Accept All", "Back to Dashboard")


def test_what_was_accepted_is_gone_even_if_the_ledgers_cache_still_lists_it() -> None:
    talk = signed().core_answers(OffersAccepted((FIRST, SECOND), (THIRD,), (), account(incoming=THREE)))
    assert isinstance(talk.state, AtDashboard)


def test_an_answer_without_the_account_has_what_is_left_read_afresh() -> None:
    talk = signed().core_answers(OffersAccepted((FIRST, SECOND), (), (THIRD,), None))
    talk.bot_answers("2 accepted, 1 not accepted").bot_asks_core(Login(PHONE))
    talk.core_answers(LoggedIn(member(account(incoming=(offer(9, "9"),))))).bot_offers("9.00 USD", "Back to Dashboard")
    talk = signed().core_answers(OffersAccepted((FIRST, SECOND, THIRD), (), (), None)).bot_answers("3 accepted.")
    talk.bot_asks_core(Login(PHONE)).core_answers(LoggedIn(member()))
    assert isinstance(talk.state, AtDashboard)
    assert "There are no offers" not in talk.text


def test_refusals_and_outages_are_told() -> None:
    refused = Refused(Refusal.OTHER, "no luck")
    talk = signed().core_answers(refused).bot_answers("None of the 3 offers was accepted", "no luck", "Secured")
    talk.user_says("menu").bot_asks_core(Login(PHONE))
    signed().core_answers(Unavailable("x")).bot_answers("left as they were, and nothing was sent", "Secured balances")


def test_meanwhile_whatever_is_said_is_told_so_and_nothing_is_sent_twice() -> None:
    talk = signed().user_says("yes").bot_answers("still accepting 3 offers for Tariro")
    talk.core_is_slow().bot_answers("Please do not send it again")
    assert len(money(talk)) == 1


def in_doubt(outcome: Outcome | None = None) -> Talk:
    talk = signed().core_answers(outcome or Unclear("timeout"))
    return talk.bot_answers("I do not know yet which of the 3 offers were accepted")


@pytest.mark.parametrize(
    "outcome",
    [Refused(Refusal.GONE, "None of them"), Unclear("timeout"), NotAMember(), OfferAccepted(FIRST, None)],
)
def test_what_proves_nothing_is_found_out(outcome: Outcome) -> None:
    talk = in_doubt(outcome).user_says("and?").bot_answers("still checking which of the 3 offers were accepted")
    assert isinstance(talk.state, SettlingSeveral)


def test_done_in_part_is_told_as_it_was_read_and_what_is_still_open_follows() -> None:
    talk = in_doubt().core_settles(Finding.DONE, member(account(incoming=(THREE[1],))), accepted=(FIRST,))
    talk.bot_answers("I have checked. Tariro Moyo Personal (@tariro): 1 accepted, 1 still open, 1 no longer open.")
    talk.bot_answers("These are no longer open", "3.00 USD from Rudo 3").bot_offers("2.00 USD", "Back to Dashboard")


def test_what_the_ledger_has_is_accepted_though_a_cache_still_lists_it_as_open() -> None:
    read = member(account(incoming=THREE))
    talk = in_doubt().core_settles(Finding.DONE, read, accepted=(FIRST, SECOND, THIRD))
    talk.bot_answers("I have checked", "3 accepted.", "Secured balances")
    assert "open" not in talk.text
    assert isinstance(talk.state, AtDashboard)


def test_all_gone_is_told_with_the_dashboard() -> None:
    talk = in_doubt().core_settles(Finding.GONE, member(account(incoming=THREE)))
    talk.bot_answers("none of the 3 offers was accepted", "expired", "Secured balances")


def test_none_accepted_may_be_signed_for_again_and_not_by_itself() -> None:
    talk = in_doubt().core_settles(Finding.NOT_DONE, member(account(incoming=(*THREE[:2], offer(9, "9")))))
    talk.bot_answers("none of them was accepted", "accept all 2?")
    assert len(money(talk)) == 1
    talk.user_says("yes").bot_asks_core(AcceptOffers(PHONE, ACCOUNT, (FIRST, SECOND)))


def test_none_accepted_and_one_still_open_leads_to_the_list() -> None:
    talk = in_doubt().core_settles(Finding.NOT_DONE, member(account(incoming=(THREE[1],))))
    talk.bot_answers("none of them was accepted").bot_offers("2.00 USD", "Back to Dashboard")


def test_what_nobody_can_find_out_is_with_the_team_and_has_a_reference() -> None:
    talk = in_doubt().core_settles(Finding.UNSURE, None)
    talk.bot_answers("could not find out which of the 3 offers were accepted", "our team", "ref-1")
    assert isinstance(talk.state, AtDashboard)


def test_a_long_list_of_failures_ends_between_two_lines_and_counts_the_rest() -> None:
    names = [msgspec.structs.replace(one, counterparty="N" * 50) for one in offers(50)]
    talk = asked_about(*names).user_says("yes")
    ids = tuple(one.id for one in names)
    talk.core_answers(OffersAccepted(ids[:1], (), ids[1:], account()))
    told = talk.messages[0].text
    lines = told.split("\n\n")[0].splitlines()
    listed = [line for line in lines if line.endswith(f"USD from {'N' * 50}")]
    assert lines[-1] == f"and {49 - len(listed)} more"
    assert len(listed) > 5
    assert units(told) <= 1024


@pytest.mark.parametrize(("waiting_offers", "hint"), [(50, "50 offers, after"), (120, "The oldest 50 offers, after")])
def test_the_row_says_how_many_one_question_is_about(waiting_offers: int, hint: str) -> None:
    talk = waiting(*offers(waiting_offers)).user_taps("Accept Offers")
    [row] = [choice for choice in talk.screen.choices if choice.key == "accept_all"]
    assert row.description.startswith(hint)
