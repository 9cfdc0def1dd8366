"""The dashboard: figures, rows, plurals."""

from decimal import Decimal

from credex.commands import Login
from credex.money import Money
from credex.outcomes import LoggedIn
from tests.actors.dialogs.people import CXX, PHONE, account, member, offer, offers, shop
from tests.actors.dialogs.talk import Talk


def test_every_figure_is_shown_with_its_denominations_places() -> None:
    secured = (Money(Decimal("1234.5"), CXX), Money(Decimal("-0.001"), CXX))
    talk = Talk().logged_in_as(member(account(secured=secured)))
    talk.bot_answers("1,234.500 CXX", "-0.001 CXX", "You owe: 3.00 USD", "Owed to you: 7.25 USD", "Net: 4.25 USD")
    talk.bot_answers("Net assets: 1,238.75 USD", "Left to offer today: 10.00 USD")


def test_an_account_without_secured_balance_shows_zero_in_its_own_denomination() -> None:
    Talk().logged_in_as(member(account(secured=()))).bot_answers("Secured balances:\n0.00 USD")


def test_a_member_without_limit_sees_no_allowance() -> None:
    assert "Left to offer" not in Talk().logged_in_as(member(left=None)).text


def test_rows_that_lead_nowhere_are_absent() -> None:
    Talk().logged_in_as(member()).bot_offers(
        "Offer Secured Credex", "Offer Unsecured Credex", "Account Ledger", "Manage Account", "Upgrade", "Help"
    )


def test_rows_for_open_offers_and_several_accounts_keep_their_titles() -> None:
    busy = account(incoming=offers(2), outgoing=(offer(9),))
    talk = Talk().logged_in_as(member(busy, shop(1))).user_says("1")
    talk.bot_offers(
        "Offer Secured Credex",
        "Offer Unsecured Credex",
        "Accept Offers",
        "Decline Offers",
        "Cancel Offers",
        "Account Ledger",
        "Switch Account",
        "Manage Account",
        "Upgrade",
        "Help",
    )


def test_one_offer_is_one_offer_and_two_are_two_offers() -> None:
    talk = Talk().logged_in_as(member(account(incoming=offers(1), outgoing=offers(2))))
    talk.bot_answers("1 offer waits for your answer.", "2 offers of yours are still open.")
    assert [choice.description for choice in talk.screen.choices][2:5] == ["1 offer waits"] * 2 + ["2 offers are open"]


def test_a_row_answers_to_its_number_its_name_and_the_beginning_of_its_name() -> None:
    for words in ("1", "offer secured credex", "offer sec", "pay"):
        Talk().logged_in_as(member()).user_says(words).bot_answers("How much")


def test_words_that_name_no_row_are_asked_again() -> None:
    Talk().logged_in_as(member()).user_says("blah").bot_answers("did not understand", "@tariro")


def test_help_is_a_row_and_a_word() -> None:
    Talk().logged_in_as(member()).user_taps("Help").bot_answers("This is credex", "@tariro")
    Talk().logged_in_as(member()).user_says("help").bot_answers("This is credex", "@tariro")


def test_a_list_of_offers_is_read_afresh_when_the_dashboard_is_not_young() -> None:
    talk = Talk().logged_in_as(member(account(incoming=offers(1)))).later(minutes=5).user_taps("Accept Offers")
    assert talk.asked == [Login(PHONE), Login(PHONE)]
    talk.core_answers(LoggedIn(member(account(incoming=offers(3))))).bot_answers("Which offer")
    talk.bot_offers("1.00 USD", "2.00 USD", "3.00 USD", "Accept All", "Back to Dashboard")


def test_a_list_that_has_emptied_meanwhile_leads_back_to_the_dashboard() -> None:
    talk = Talk().logged_in_as(member(account(incoming=offers(1)))).later(minutes=5).user_taps("Accept Offers")
    talk.core_answers(LoggedIn(member())).bot_answers("no offers", "@tariro")
