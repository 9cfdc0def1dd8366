"""Offers in one line, and the words that open doors from anywhere."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from actors.dialogs.accounts import ChoosingAccount
from actors.dialogs.browsing import BrowsingOffers
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.doubts import Doubting
from actors.dialogs.ledger import ReadingLedger
from actors.dialogs.managing import ManagingAccount
from actors.dialogs.offer import AskingAmount, AskingRecipient, LookingUpRecipient
from actors.dialogs.quick import QuickOffer, read_quick
from actors.dialogs.signing import AskingDueDate, SigningOffer
from actors.dialogs.upgrading import LookingAtTier
from credex.commands import FindAccount, Login, OfferCredex, moves_money
from credex.model import Member
from credex.outcomes import AccountFound, LoggedIn, NotAMember, Refusal, Refused, Unavailable
from tests.actors.dialogs.people import PHONE, RUDO, account, member, offers, shop, usd
from tests.actors.dialogs.talk import Talk

LOOK_UP = FindAccount(PHONE, "rudo")
FREE = member(tier=3, left=None)


def quick(amount: str = "", handle: str = "rudo", *, secured: bool = True, due: str = "") -> QuickOffer:
    return QuickOffer(handle=handle, amount=amount, secured=secured, due=due)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0.5=>rudo", quick("0.5")),
        ("0.5 => @Rudo", quick("0.5")),
        (" 5 ZWG ==> RUDO. ", quick("5 zwg")),
        ("$5=>rudo", quick("$5")),
        ("us$5=>rudo", quick("us$5")),
        ("1,234.50 usd=>rudo", quick("1,234.50 usd")),
        ("-5=>rudo", quick("-5")),
        ("-$5=>rudo", quick("-$5")),
        ("\u20ac5=>rudo", quick("\u20ac5")),
        ("5 ZiG=>rudo", quick("5 zig")),
        ("5,50=>rudo", quick("5,50")),
        ("5\u21d2rudo", quick("5")),
        ("\uff15\uff1d\uff1erudo", quick("5")),
        ("5->rudo", quick("5", secured=False)),
        ("5 \u2192 rudo", quick("5", secured=False)),
        ("5\u2013>rudo", quick("5", secured=False)),
        ("5 \u2014> rudo=24 Dec", quick("5", secured=False, due="24 dec")),
        ("0.5->rudo=2026-12-24", quick("0.5", secured=False, due="2026-12-24")),
        ("0.5 -> rudo = in 3 weeks", quick("0.5", secured=False, due="in 3 weeks")),
        ("pay 5 to rudo", quick("5")),
        ("Pay 5 usd to @rudo", quick("5 usd")),
        ("send 5 usd to @rudo", quick("5 usd")),
        ("send usd 5 to rudo", quick("usd 5")),
        ("pay rudo 5", quick("5")),
        ("pay @rudo 5 zwg", quick("5 zwg")),
        ("pay to rudo 5", quick("5")),
        ("pay 263770000009 5", quick("5", "263770000009")),
        ("pay 5 to 123", quick("5", "123")),
        ("rudo#5b9f2a10-7c3d-4e8f-9a1b-2c3d4e5f6a7b", quick()),
        ("@Rudo#5b9f2a10-7c3d-4e8f-9a1b-2c3d4e5f6a7b", quick()),
        ("@rudo", quick()),
        ("@ rudo_m", quick("", "rudo_m")),
    ],
)
def test_an_offer_in_one_line_is_read_however_it_is_typed(typed: str, read: QuickOffer) -> None:
    assert read_quick(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "rudo",
        "5",
        "5 usd",
        "hello",
        "pay",
        "pay rudo",
        "pay 5",
        "pay 5 usd",
        "pay usd 5",
        "pay ZiG 5",
        "pay 500 100",
        "pay 5 rudo",
        "please pay 5 to rudo",
        "pay 5 to rudo now",
        "pay 5 to rudo and 6 to farai",
        "5=>",
        "=>rudo",
        "5=>rudo=2026-12-24",
        "5=>rudo=>farai",
        "5->rudo=",
        "5->rudo->farai",
        "five=>rudo",
        "nan=>rudo",
        "1e1=>rudo",
        "5=>ru",
        "5=>rudo moyo",
        "5>rudo",
        "5=rudo",
        "@ru",
        "@rudo moyo",
        "rudo@example.org",
        "rudo#",
        "rudo#123 and more",
        "#123",
        "5 \U0001f449 rudo",
        "\u0665=>rudo",
    ],
)
def test_text_that_does_not_match_in_full_is_no_offer(typed: str) -> None:
    assert read_quick(typed) is None


_pieces = st.sampled_from(
    [
        "5",
        "0.5",
        "=>",
        "->",
        "\u2192",
        "\u21d2",
        "rudo",
        "@rudo",
        "#",
        "=",
        "pay",
        "to",
        "usd",
        " ",
        "24 Dec",
        "\u0660",
        "x",
    ]
)


@given(st.text(max_size=60) | st.lists(_pieces, max_size=7).map("".join) | st.lists(_pieces, max_size=7).map(" ".join))
@example("$" * 5000)
@example("pay " + "5" * 5000 + " to rudo")
@example("1" + ",1" * 2000 + "=>rudo")
def test_whatever_is_read_is_a_handle_and_something_like_an_amount(text: str) -> None:
    read = read_quick(text)
    if read is None:
        return
    assert 3 <= len(read.handle) <= 30
    assert set(read.handle) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")
    assert not read.amount or any(char in "0123456789" for char in read.amount)
    assert len(read.amount) < 60
    assert not (read.due and read.secured)
    assert len(read.due) <= 30


@given(st.sampled_from(["0.5=>rudo", "5->rudo", "pay 5 to rudo", "pay rudo 5"]), st.text(min_size=1, max_size=5))
def test_more_in_front_of_an_offer_or_behind_it_names_no_other_handle(typed: str, more: str) -> None:
    for text in (f"{more} {typed}", f"{typed} {more}"):
        read = read_quick(text)
        assert read is None or read.handle == "rudo"


def at_home(known: Member | None = None) -> Talk:
    return Talk().logged_in_as(known or FREE)


def money(talk: Talk) -> list[object]:
    return [command for command in talk.asked if moves_money(command)]


@pytest.mark.parametrize("typed", ["5=>rudo", "pay 5 to rudo", "pay rudo 5", "send 5 usd to @rudo"])
def test_a_secured_offer_in_one_line_leads_to_the_very_confirmation_and_not_past_it(typed: str) -> None:
    talk = at_home().user_says(typed).bot_asks_core(LOOK_UP).core_answers(AccountFound(RUDO))
    talk.bot_answers("Please check your offer", "5.00 USD, secured", "To: Rudo Ncube Personal (@rudo)")
    asked = at_home().user_says("1").user_says("5").user_says("rudo").core_answers(AccountFound(RUDO))
    assert talk.state == asked.state
    assert money(talk) == []
    talk.user_says("yes").bot_asks_core(
        OfferCredex(phone=PHONE, issuer=account().id, receiver=RUDO.id, amount=usd("5"))
    )


def test_an_unsecured_offer_in_one_line_asks_only_for_the_day_it_lacks() -> None:
    talk = at_home().user_says("5->rudo").core_answers(AccountFound(RUDO)).bot_answers("When will you pay")
    assert isinstance(talk.state, AskingDueDate)
    talk = at_home().user_says("5->rudo=2026-03-25").core_answers(AccountFound(RUDO))
    talk.bot_answers("unsecured, due Wednesday 25 Mar 2026")
    assert isinstance(talk.state, SigningOffer)
    talk = at_home().user_says("5->rudo=2026-03-05").core_answers(AccountFound(RUDO)).bot_answers("is too soon")
    assert isinstance(talk.state, AskingDueDate)
    assert money(talk) == []


@pytest.mark.parametrize("typed", ["@rudo", "rudo#5b9f2a10-7c3d-4e8f"])
def test_a_handle_alone_asks_for_the_amount(typed: str) -> None:
    talk = at_home().user_says(typed).bot_answers("To: @rudo", "How much").user_says("abc").bot_answers("To: @rudo")
    talk.user_says("5").bot_asks_core(LOOK_UP).core_answers(AccountFound(RUDO)).bot_answers("5.00 USD, secured")


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("0=>rudo", "more than zero"),
        ("0.001=>rudo", "at most 2 decimals"),
        ("5 eur=>rudo", "do not know that currency"),
        ("50=>rudo", "10.00 USD more today"),
        ("5 xau=>rudo", "no secured balance in XAU"),
    ],
)
def test_the_rules_for_amounts_hold_and_the_handle_is_kept(typed: str, rule: str) -> None:
    talk = at_home(member()).user_says(typed).bot_answers(rule, "To: @rudo", "How much")
    assert isinstance(talk.state, AskingAmount)
    talk.user_says("5").bot_asks_core(LOOK_UP)


def test_an_amount_that_reads_two_ways_is_asked_about_and_the_rest_is_kept() -> None:
    talk = at_home().user_says("5,50->rudo=25 Mar").bot_answers("Did you mean 5.50 USD").user_says("5.50 USD")
    talk.bot_asks_core(LOOK_UP).core_answers(AccountFound(RUDO)).bot_answers(
        "5.50 USD, unsecured, due Wednesday 25 Mar"
    )
    at_home().user_says("5,50=>rudo").user_taps("Another Amount").bot_answers("To: @rudo", "How much")
    at_home().user_says("5,50=>rudo").user_says("@farai").bot_answers("choose one", "Did you mean 5.50 USD")


def test_nobody_pays_the_account_they_act_for() -> None:
    at_home().user_says("@tariro").bot_answers("nobody to pay", "Secured balances")
    talk = at_home().user_says("5=>tariro").bot_answers("is the account you offer from", "5.00 USD")
    assert isinstance(talk.state, AskingRecipient)


def test_a_handle_nobody_has_is_asked_again_with_amount_and_terms_kept() -> None:
    talk = at_home().user_says("5->nobody=25 Mar").core_answers(Refused(Refusal.NOT_FOUND, "x"))
    talk.bot_answers("No account has the handle @nobody", "5.00 USD").user_says("rudo").core_answers(AccountFound(RUDO))
    talk.bot_answers("unsecured, due Wednesday 25 Mar 2026")
    at_home().user_says("5=>rudo").core_answers(Unavailable("x")).bot_answers("Nothing was sent", "5.00 USD")


def test_tier_1_offers_nothing_unsecured_in_one_line_either() -> None:
    talk = at_home(member()).user_says("5->rudo").bot_answers("tier 1 cannot offer unsecured")
    assert isinstance(talk.state, AtDashboard)


def test_as_the_first_message_it_waits_for_the_login() -> None:
    talk = Talk().user_says("5=>rudo").bot_answers("Welcome to credex").bot_asks_core(Login(PHONE))
    talk.core_answers(LoggedIn(FREE)).bot_asks_core(LOOK_UP).core_answers(AccountFound(RUDO))
    talk.bot_answers("Please check your offer")
    talk = Talk().user_says("tier").core_answers(LoggedIn(FREE)).bot_answers("tier 3 (Hustler)")
    Talk().user_says("5=>rudo").core_answers(NotAMember()).bot_offers("Become a Member")
    Talk().user_says("bal").core_answers(LoggedIn(FREE)).bot_answers("Secured balances")


def test_with_several_accounts_the_one_that_pays_is_chosen_first() -> None:
    talk = Talk().user_says("5=>rudo").core_answers(LoggedIn(member(account(), shop(1), tier=3, left=None)))
    talk.bot_answers("which account")
    assert isinstance(talk.state, ChoosingAccount)
    talk.user_taps("Shop 1").bot_answers("You now act for Shop 1").bot_asks_core(LOOK_UP)
    talk.core_answers(AccountFound(RUDO)).bot_answers("From: Shop 1 (@shop_1)")


def test_on_the_list_of_accounts_after_the_login_it_waits_for_the_choice() -> None:
    talk = Talk().logged_in_as(member(account(), shop(1), tier=3, left=None)).user_says("5=>rudo")
    talk.bot_answers("which account").user_says("tier").bot_answers("which account").user_says("5->rudo")
    talk.user_taps("Shop 1").bot_asks_core(LOOK_UP).core_answers(AccountFound(RUDO)).bot_answers("When will you pay")


def test_after_an_old_conversation_it_is_taken_up_with_fresh_figures() -> None:
    talk = at_home().later(minutes=20).user_says("5=>rudo").bot_asks_core(Login(PHONE)).core_answers(LoggedIn(FREE))
    talk.bot_answers("has expired").bot_asks_core(LOOK_UP)
    talk = Talk().user_says("hi").core_answers(NotAMember()).later(minutes=20).user_says("@rudo")
    talk.core_answers(LoggedIn(FREE)).bot_answers("To: @rudo")


def test_at_a_confirmation_the_earlier_offer_is_said_not_to_be_sent() -> None:
    talk = at_home().user_says("7=>farai").core_answers(AccountFound(RUDO)).bot_answers("7.00 USD, secured")
    older = talk.screen
    talk.user_says("5=>rudo").bot_answers("had not signed yet was not sent").core_answers(AccountFound(RUDO))
    talk.bot_answers("5.00 USD, secured").user_taps("Sign and Send", on=older).bot_answers("expired", "5.00 USD")
    assert money(talk) == []
    talk = at_home(member(account(incoming=offers(1)))).user_taps("Accept Offers").user_says("1").user_says("tier")
    talk.bot_answers("had not signed yet was not sent", "tier 1")


def test_where_a_handle_or_an_amount_is_asked_a_handle_is_the_answer() -> None:
    talk = at_home().user_says("1").user_says("5").user_says("@rudo").bot_asks_core(LOOK_UP)
    assert isinstance(talk.state, LookingUpRecipient)
    assert talk.state.amount == usd("5")
    talk = at_home().user_taps("Offer Unsecured Credex").user_says("@rudo").bot_answers("Unsecured", "To: @rudo")
    talk.user_says("5").core_answers(AccountFound(RUDO)).bot_answers("When will you pay")
    at_home().user_says("1").user_says("5").user_says("ledger").user_says("@rudo").bot_asks_core(LOOK_UP)
    talk = at_home().user_says("5->rudo").core_answers(AccountFound(RUDO)).user_says("@farai")
    talk.bot_answers("do not know what day", "5.00 USD to Rudo")


def test_a_whole_offer_is_one_wherever_it_is_typed() -> None:
    for talk in (
        at_home().user_says("1"),
        at_home().user_says("1").user_says("7"),
        at_home().user_says("tier"),
        at_home().user_says("7->rudo").core_answers(AccountFound(RUDO)),
        at_home(member(account(incoming=offers(2)), tier=3, left=None)).user_says("offers"),
        at_home().user_says("1").user_says("hi"),
    ):
        talk.user_says("5=>rudo").bot_asks_core(LOOK_UP).core_answers(AccountFound(RUDO)).bot_answers("5.00 USD")


def test_while_a_command_is_under_way_no_line_starts_another() -> None:
    talk = at_home().user_says("7=>farai").core_answers(AccountFound(RUDO)).user_says("yes").user_says("5=>rudo")
    talk.bot_answers("still sending your offer of 7.00 USD")
    assert talk.asked[-1] == money(talk)[0]


def test_an_own_account_named_on_the_list_of_accounts_is_a_choice_there() -> None:
    talk = Talk().logged_in_as(member(account(), shop(1))).user_says("@shop_1").bot_answers("You now act for Shop 1")
    assert isinstance(talk.state, AtDashboard)


def test_words_open_doors_from_anywhere() -> None:
    busy = member(account(incoming=offers(2)), shop(1), tier=3, left=None)

    def there() -> Talk:
        return Talk().logged_in_as(busy).user_says("1").user_says("tier")

    assert isinstance(there().state, LookingAtTier)
    assert isinstance(there().user_says("Offers").state, BrowsingOffers)
    assert isinstance(there().user_says("view_ledger").state, ReadingLedger)
    assert isinstance(there().user_says("switch").state, ChoosingAccount)
    assert isinstance(there().user_says("accounts!").state, ChoosingAccount)
    there().user_says("BAL").bot_answers("Secured balances")
    there().user_says("balance").bot_answers("Secured balances")
    there().user_says("help").bot_answers("This is credex", "5=>rudo", "tier 3")


def test_a_word_where_a_handle_is_asked_is_asked_about_and_can_be_either() -> None:
    asking = at_home().user_says("1").user_says("5")
    talk = asking.user_says("tier").bot_answers('You wrote "tier"', "leave this question")
    assert isinstance(talk.state, Doubting)
    talk.bot_offers('Use "tier"', "Leave and go there").user_says("1").bot_asks_core(FindAccount(PHONE, "tier"))
    talk = at_home().user_says("1").user_says("5").user_says("offers").user_taps("Leave and go there")
    talk.bot_answers("no open offers")
    at_home().user_says("1").user_says("5").user_says("@tier").bot_asks_core(FindAccount(PHONE, "tier"))
    at_home().user_says("1").user_says("bal").bot_answers("Did you mean the menu?")


def test_somebody_who_is_joining_may_be_called_like_a_door() -> None:
    talk = Talk().user_says("hi").core_answers(NotAMember()).user_says("1").user_says("Ledger")
    talk.bot_answers("Thank you, Ledger")


def test_the_word_manage_opens_what_can_be_changed_of_an_account() -> None:
    talk = Talk().logged_in_as(FREE).user_says("manage").bot_answers("You can act for")
    assert isinstance(talk.state, ManagingAccount)
