"""All open offers in one list, and each in full."""

from datetime import date

import pytest

from actors.dialogs.browsing import BrowsingOffers, ViewingOffer
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.offers import ReviewingOffer
from credex.commands import AcceptOffer, CancelOffer, Command, DeclineOffer, Login, moves_money
from credex.outcomes import LoggedIn, OfferDeclined
from tests.actors.dialogs.people import PHONE, account, member, offer, offers
from tests.actors.dialogs.talk import Talk

CAME = offer(1, "1")
WENT = offer(9, "9", secured=False, due=date(2026, 3, 20))


def browsing() -> Talk:
    return Talk().logged_in_as(member(account(incoming=(CAME,), outgoing=(WENT,)))).user_says("offers")


def money(talk: Talk) -> list[Command]:
    return [command for command in talk.asked if moves_money(command)]


def test_the_word_offers_lists_all_that_are_open_incoming_first() -> None:
    talk = browsing().bot_answers("open offers to and from Tariro Moyo Personal (@tariro)")
    talk.bot_offers("1.00 USD", "9.00 USD", "Back to Dashboard")
    assert [choice.description for choice in talk.screen.choices[:2]] == [
        "from Rudo 1, secured",
        "to Rudo 9, due 20 Mar 2026",
    ]


def test_without_open_offers_there_is_nothing_to_list() -> None:
    talk = Talk().logged_in_as(member()).user_says("Offers.").bot_answers("There are no open offers to or from Tariro")
    assert isinstance(talk.state, AtDashboard)


def test_the_list_is_read_afresh_when_the_dashboard_is_not_young() -> None:
    talk = Talk().logged_in_as(member()).later(minutes=1).user_says("offers").bot_asks_core(Login(PHONE))
    talk.core_answers(LoggedIn(member(account(incoming=(CAME,))))).bot_offers("1.00 USD", "Back to Dashboard")


@pytest.mark.parametrize(
    ("title", "question", "yes", "command"),
    [
        ("Accept", "Do you want to accept", "Yes, Accept", AcceptOffer(PHONE, CAME.id)),
        ("Decline", "Do you want to decline", "Yes, Decline", DeclineOffer(PHONE, CAME.id)),
    ],
)
def test_an_incoming_offer_is_accepted_or_declined_after_a_question(
    title: str, question: str, yes: str, command: Command
) -> None:
    talk = browsing().user_taps("1.00 USD").bot_answers("1.00 USD, secured\nFrom: Rudo 1\nTo: Tariro Moyo Personal")
    talk.bot_offers("Accept", "Decline", "Back to Offers").user_taps(title).bot_answers(question)
    assert money(talk) == []
    talk.user_taps(yes).bot_asks_core(command)


def test_an_outgoing_offer_is_cancelled_after_a_question() -> None:
    talk = browsing().user_says("2").bot_answers("9.00 USD, unsecured, due Friday 20 Mar 2026\nFrom: Tariro")
    talk.bot_answers("To: Rudo 9").bot_offers("Cancel Offer", "Back to Offers")
    talk.user_says("cancel offer").bot_answers("want to cancel this offer")
    assert money(talk) == []
    talk.user_says("yes").bot_asks_core(CancelOffer(PHONE, WENT.id))


def test_the_word_cancel_asks_first_and_then_leaves() -> None:
    talk = browsing().user_says("2").user_says("cancel").bot_answers("want to cancel this offer")
    talk.user_says("cancel").bot_answers("You have left that")
    assert isinstance(talk.state, AtDashboard)
    assert money(talk) == []


def test_no_leads_back_to_all_offers() -> None:
    talk = browsing().user_says("1").user_says("decline").user_says("no")
    assert isinstance(talk.state, BrowsingOffers)


def test_the_way_back_leads_to_the_page_the_offer_was_on() -> None:
    talk = Talk().logged_in_as(member(account(incoming=offers(12), outgoing=(WENT,)))).user_says("offers")
    talk.user_says("next").bot_answers("Page 2 of 2").user_says("1").bot_answers("Rudo 8")
    assert isinstance(talk.state, ViewingOffer)
    talk.user_says("back").bot_answers("Page 2 of 2").user_says("prev").bot_answers("Page 1 of 2").user_says(
        "dashboard"
    )
    assert isinstance(talk.state, AtDashboard)


def test_after_an_answer_comes_the_list_of_those_that_can_be_answered_alike() -> None:
    talk = Talk().logged_in_as(member(account(incoming=offers(2)))).user_says("offers").user_says("1")
    talk.user_says("decline").user_says("yes").core_answers(OfferDeclined(CAME.id, None))
    talk.bot_answers("declined the offer of 1.00 USD").bot_offers("2.00 USD", "Back to Dashboard")


def test_words_that_name_no_row_keep_the_place() -> None:
    talk = browsing().user_says("blah").bot_answers("choose one", "open offers").user_says("1").user_says("blah")
    talk.bot_answers("choose one", "From: Rudo 1")


def test_a_forwarded_yes_signs_nothing_here_either() -> None:
    talk = browsing().user_says("1").user_says("accept").user_says("yes", forwarded=True)
    assert isinstance(talk.state, ReviewingOffer)
    assert money(talk) == []


@pytest.mark.parametrize("word", ["accept", "l", "1"])
def test_one_word_typed_twice_in_a_hurry_picks_an_offer_and_does_not_answer_it(word: str) -> None:
    talk = Talk().logged_in_as(member(account(incoming=offers(2)))).user_says("offers").user_says("1")
    talk.user_says(word).later(seconds=2).user_says(word, ago=4).bot_answers("before you could see")
    assert money(talk) == []
    assert isinstance(talk.state, ReviewingOffer)
