"""Choosing an account."""

import pytest

from actors.dialogs.accounts import ChoosingAccount
from actors.dialogs.dashboard import AtDashboard
from tests.actors.dialogs.people import account, member, shop
from tests.actors.dialogs.talk import Talk


def at_home(many: int = 3) -> Talk:
    """A tier 1 member on the personal account."""
    shops = (shop(number) for number in range(1, many))
    return Talk().logged_in_as(member(account(), *shops)).user_says("1")


def test_anyone_with_a_second_account_can_switch() -> None:
    talk = at_home(2).user_taps("Switch Account").bot_offers("Tariro Moyo Personal", "Shop 1", "Back to Dashboard")
    assert talk.screen.choices[1].description == "@shop_1, net assets 1,238.75 USD"
    talk.user_taps("Shop 1").bot_answers("You now act for Shop 1 (@shop_1).")
    assert isinstance(talk.state, AtDashboard)
    talk.user_taps("Offer Secured Credex").bot_answers("from Shop 1 (@shop_1)")


def test_an_account_is_chosen_by_its_handle_too() -> None:
    at_home().user_taps("Switch Account").user_says("@shop_2").bot_answers("You now act for Shop 2")


def test_eleven_accounts_fill_two_pages() -> None:
    talk = at_home(11).user_taps("Switch Account").bot_answers("Page 1 of 2")
    assert len(talk.titles) == 9
    assert talk.titles[-2:] == ["Next", "Back to Dashboard"]
    talk.user_says("next").bot_answers("Page 2 of 2")
    talk.bot_offers("Shop 7", "Shop 8", "Shop 9", "Shop 10", "Previous", "Back to Dashboard")
    talk.user_taps("Previous").bot_answers("Page 1 of 2").user_taps("Back to Dashboard").bot_answers("@tariro")


def test_eleven_accounts_fit_right_after_login() -> None:
    shops = tuple(shop(number) for number in range(1, 11))
    talk = Talk().logged_in_as(member(account(), *shops)).user_says("next").user_taps("Shop 10")
    talk.bot_answers("(@shop_10)")


def test_accounts_of_one_name_can_be_told_apart() -> None:
    twins = member(account("one", "Moyo Stores of Harare North"), account("two", "Moyo Stores of Harare North"))
    talk = Talk().logged_in_as(twins)
    assert len(set(talk.titles)) == 2
    talk.user_says("two").bot_answers("(@two)")


def test_a_word_that_names_no_account_is_asked_again() -> None:
    talk = at_home().user_taps("Switch Account").user_says("nothing")
    assert isinstance(talk.state, ChoosingAccount)
    talk.bot_answers("choose one")


@pytest.mark.parametrize("typed", ["@shop_13", "shop_13", "shop_13#acc-shop_13"])
def test_an_account_of_another_page_is_chosen_by_its_handle_as_it_is_shown(typed: str) -> None:
    talk = Talk().logged_in_as(member(*map(shop, range(1, 14)), tier=4)).user_says(typed)
    assert isinstance(talk.state, AtDashboard)
    assert talk.state.visit.account.handle == "shop_13"
    talk.user_says("accounts").user_says("@shop_12").bot_answers("Shop 12")
    assert isinstance(talk.state, AtDashboard)
