"""Accepting, declining and cancelling offers."""

from datetime import date

import pytest

from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.offers import PickingOffer, SubmittingAnswer
from actors.payments import Finding
from credex.commands import AcceptOffer, CancelOffer, Command, DeclineOffer, Login, moves_money
from credex.outcomes import (
    OfferAccepted,
    OfferCancelled,
    OfferDeclined,
    Refusal,
    Refused,
    Unavailable,
    Unclear,
)
from tests.actors.dialogs.people import PHONE, account, member, offer, offers
from tests.actors.dialogs.talk import Talk

FIRST, SECOND = offers(2)


def with_incoming(many: int) -> Talk:
    return Talk().logged_in_as(member(account(incoming=offers(many)), left=None))


def with_outgoing(many: int, left: str | None = None) -> Talk:
    return Talk().logged_in_as(member(account(outgoing=offers(many)), left=left))


def money(talk: Talk) -> list[Command]:
    return [command for command in talk.asked if moves_money(command)]


def test_the_list_shows_amounts_and_terms_and_a_way_back() -> None:
    due = offer(7, "7", secured=False, due=date(2026, 3, 20))
    talk = Talk().logged_in_as(member(account(incoming=(FIRST, due)))).user_taps("Accept Offers")
    talk.bot_answers("to Tariro Moyo Personal (@tariro)").bot_offers(
        "1.00 USD", "7.00 USD", "Accept All", "Back to Dashboard"
    )
    assert [choice.description for choice in talk.screen.choices[:2]] == [
        "from Rudo 1, secured",
        "from Rudo 7, due 20 Mar 2026",
    ]
    talk.user_taps("7.00 USD").bot_answers(
        "7.00 USD, unsecured, due Friday 20 Mar 2026", "From: Rudo 7", "To: Tariro Moyo Personal"
    )


def test_the_list_of_offers_to_cancel_says_to_whom_they_were_made() -> None:
    talk = with_outgoing(2).user_taps("Cancel Offers").bot_answers("from Tariro Moyo Personal (@tariro)")
    assert [choice.description for choice in talk.screen.choices[:2]] == ["to Rudo 1, secured", "to Rudo 2, secured"]


def test_an_offer_is_accepted_after_a_look_and_the_rest_is_listed() -> None:
    talk = with_incoming(2).user_taps("Accept Offers").user_taps("1.00 USD").bot_answers("1.00 USD, secured")
    assert money(talk) == []
    talk.user_taps("Yes, Accept").bot_asks_core(AcceptOffer(PHONE, FIRST.id))
    assert talk.messages == ()
    talk.core_takes_a_moment().bot_answers("Accepting the offer...")
    talk.core_answers(OfferAccepted(FIRST.id, account(incoming=(SECOND,))))
    talk.bot_answers("accepted the offer of 1.00 USD from Rudo 1").bot_offers("2.00 USD", "Back to Dashboard")


def test_after_the_last_offer_comes_the_dashboard() -> None:
    talk = with_incoming(1).user_says("accept offers").user_says("1").user_says("yes")
    talk.core_answers(OfferAccepted(FIRST.id, account())).bot_answers("accepted the offer", "Secured balances")
    assert isinstance(talk.state, AtDashboard)


def test_an_answered_offer_is_gone_even_if_the_ledgers_cache_still_lists_it() -> None:
    talk = with_incoming(1).user_says("accept offers").user_says("1").user_says("yes")
    talk.core_answers(OfferAccepted(FIRST.id, account(incoming=(FIRST,))))
    assert "Accept Offers" not in talk.titles


def test_an_offer_is_declined() -> None:
    talk = with_incoming(2).user_taps("Decline Offers").user_taps("2.00 USD").user_taps("Yes, Decline")
    talk.bot_asks_core(DeclineOffer(PHONE, SECOND.id)).core_answers(OfferDeclined(SECOND.id, None))
    talk.bot_answers("declined the offer of 2.00 USD").bot_offers("1.00 USD", "Back to Dashboard")


@pytest.mark.parametrize(("row", "word"), [("Accept Offers", "accept"), ("Decline Offers", "Decline")])
def test_the_act_itself_is_a_word_for_yes(row: str, word: str) -> None:
    assert len(money(with_incoming(1).user_taps(row).user_says("1").user_says(word))) == 1


def test_an_offer_is_cancelled() -> None:
    talk = with_outgoing(1).user_taps("Cancel Offers").bot_answers("from Tariro").user_taps("1.00 USD")
    talk.bot_answers("To: Rudo 1").user_taps("Yes, Cancel Offer").bot_asks_core(CancelOffer(PHONE, FIRST.id))
    talk.core_answers(OfferCancelled(FIRST.id, account())).bot_answers("cancelled the offer of 1.00 USD to Rudo 1")


def test_after_a_cancelled_offer_the_days_allowance_is_read_afresh() -> None:
    talk = with_outgoing(1, left="5").user_says("cancel offers").user_says("1").user_says("yes")
    talk.core_answers(OfferCancelled(FIRST.id, account())).bot_answers("cancelled the offer").bot_asks_core(
        Login(PHONE)
    )


def test_the_word_cancel_leaves_and_never_cancels_an_offer() -> None:
    talk = with_outgoing(1).user_taps("Cancel Offers").user_taps("1.00 USD").user_says("cancel")
    assert isinstance(talk.state, AtDashboard)
    assert money(talk) == []


def test_cancel_on_the_dashboard_opens_the_list_to_cancel() -> None:
    with_outgoing(1).user_says("cancel").bot_answers("do you want to cancel")


def test_on_sms_cancel_is_not_ours_and_moves_nothing() -> None:
    talk = (
        Talk(channel="sms").logged_in_as(member(account(outgoing=offers(1)))).user_says("cancel offers").user_says("1")
    )
    talk.user_says("CANCEL").bot_answers("Only the word with the code", "1.00 USD", "To confirm reply OK ")
    assert money(talk) == []


def test_twelve_offers_fill_two_pages() -> None:
    talk = with_incoming(12).user_taps("Accept Offers").bot_answers("Page 1 of 2")
    talk.bot_offers(*(f"{number}.00 USD" for number in range(1, 8)), "Accept All", "Next", "Back to Dashboard")
    talk.user_taps("Next").bot_answers("Page 2 of 2")
    talk.bot_offers(*(f"{number}.00 USD" for number in range(8, 13)), "Previous", "Back to Dashboard")
    talk.user_says("prev").bot_answers("Page 1 of 2").user_says("next").user_taps("12.00 USD").bot_answers("Rudo 12")


def test_nine_offers_fill_one_page_and_eight_where_all_can_be_accepted_at_once() -> None:
    assert len(with_incoming(9).user_taps("Decline Offers").titles) == 10
    assert len(with_incoming(10).user_taps("Decline Offers").titles) == 9
    assert len(with_incoming(8).user_taps("Accept Offers").titles) == 10
    nine = with_incoming(9).user_taps("Accept Offers").titles
    assert nine[-3:] == ["Accept All", "Next", "Back to Dashboard"]
    assert len(nine) == 10


def test_offers_of_one_amount_can_be_told_apart() -> None:
    twins = (offer(1), offer(2))
    talk = Talk().logged_in_as(member(account(incoming=twins))).user_taps("Accept Offers")
    talk.bot_offers("5.00 USD", "5.00 USD (2)", "Accept All", "Back to Dashboard").user_says(
        "5.00 usd (2)"
    ).bot_answers("Rudo 2")


def test_the_way_back_is_a_row_and_a_word() -> None:
    for word in ("back", "Back to Dashboard", "dashboard", "menu", "home"):
        talk = with_incoming(2).user_taps("Accept Offers").user_says(word)
        assert isinstance(talk.state, AtDashboard)


def test_no_leads_back_to_the_list() -> None:
    talk = with_incoming(2).user_taps("Accept Offers").user_says("1").user_taps("No, Go Back")
    assert isinstance(talk.state, PickingOffer)
    assert money(talk) == []


def test_a_row_of_an_old_accept_list_does_not_decline() -> None:
    talk = with_incoming(2).user_taps("Accept Offers")
    old = talk.screen
    talk.user_says("menu").user_taps("Decline Offers").user_taps("1.00 USD", on=old).bot_answers("expired", "decline")
    assert isinstance(talk.state, PickingOffer)


def test_an_offer_that_is_gone_leaves_the_list() -> None:
    talk = with_incoming(2).user_says("accept offers").user_says("1").user_says("yes")
    talk.core_answers(Refused(Refusal.GONE, "Credex has already been accepted")).bot_answers("I do not know yet")
    talk.core_settles(Finding.GONE, member(account(incoming=offers(2))))
    talk.bot_answers("was not accepted", "answered before").bot_offers("2.00 USD", "Back to Dashboard")


def test_the_last_offer_gone_has_the_dashboard_read_afresh() -> None:
    talk = (
        with_incoming(1)
        .user_says("accept offers")
        .user_says("1")
        .user_says("yes")
        .core_answers(Refused(Refusal.GONE, "x"))
    )
    talk.core_settles(Finding.GONE, None).bot_answers("was not accepted").bot_asks_core(Login(PHONE))


@pytest.mark.parametrize(("row", "doing"), [("Accept Offers", "accepted"), ("Decline Offers", "declined")])
def test_other_refusals_outages_and_doubts_are_told(row: str, doing: str) -> None:
    def submitted() -> Talk:
        return with_incoming(2).user_taps(row).user_says("1").user_says("yes")

    refused = Refused(Refusal.OTHER, "no luck")
    submitted().core_answers(refused).bot_answers(f"was not {doing}", "no luck", "Secured balances")
    submitted().core_answers(Unavailable("x")).bot_answers("nothing was sent", "Secured balances")
    talk = submitted().core_answers(Unclear("x")).bot_answers("I do not know yet", doing)
    talk.user_says("are you there?").bot_answers("I am still checking what became of the offer of 1.00 USD")


def in_doubt(row: str, many: int) -> Talk:
    return with_incoming(many).user_taps(row).user_says("1").user_says("yes").core_answers(Unclear("x"))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Accept Offers", "has accepted the offer of 1.00 USD from Rudo 1"),
        ("Decline Offers", "the offer of 1.00 USD from Rudo 1 is no longer open"),
    ],
)
def test_an_answer_that_was_found_is_told_with_the_offers_that_are_left(row: str, told: str) -> None:
    talk = in_doubt(row, 2).core_settles(Finding.DONE, member(account(incoming=offers(2))))
    talk.bot_answers("I have checked", told).bot_offers("2.00 USD", "Back to Dashboard")


def test_an_answer_that_was_not_given_may_be_confirmed_again_and_not_by_itself() -> None:
    talk = in_doubt("Accept Offers", 1)
    talk.core_settles(Finding.NOT_DONE, member(account(incoming=offers(1))))
    talk.bot_answers("was not accepted", "Do you want to accept this offer?").bot_offers("Yes, Accept", "No, Go Back")
    assert len(money(talk)) == 1


def test_an_answer_nobody_can_find_out_about_is_with_the_team_and_has_a_reference() -> None:
    talk = in_doubt("Accept Offers", 1).core_settles(Finding.UNSURE, None)
    talk.bot_answers("I could not find out what became of the offer of 1.00 USD", "our team", "ref-1")


def test_while_it_is_answered_nothing_is_sent_twice() -> None:
    talk = (
        with_incoming(2)
        .user_says("accept offers")
        .user_says("1")
        .user_says("yes")
        .user_says("yes")
        .bot_answers("still working")
    )
    assert isinstance(talk.state, SubmittingAnswer)
    assert len(money(talk)) == 1


def test_a_quick_second_number_picks_but_does_not_sign() -> None:
    talk = with_incoming(2).user_taps("Accept Offers").later(seconds=3).user_says("1").user_says("1", ago=2)
    assert money(talk) == []
    talk.bot_answers("before you could see this question")
