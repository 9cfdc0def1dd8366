"""Offering a secured credex."""

from decimal import Decimal

import pytest

from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.entry import LoggingIn
from actors.dialogs.offer import AskingAmount, AskingRecipient
from actors.dialogs.signing import SigningOffer, SubmittingOffer
from actors.payments import Finding
from credex.commands import FindAccount, Login, OfferCredex
from credex.model import AccountKind, AccountName, Member, OfferId
from credex.money import Money
from credex.outcomes import (
    AccountFound,
    LoggedIn,
    OfferMade,
    Refusal,
    Refused,
    Unavailable,
    Unclear,
)
from tests.actors.dialogs.fitting import check_limits
from tests.actors.dialogs.people import PHONE, RUDO, ZWG, account, member, offer, shop, usd
from tests.actors.dialogs.talk import Talk

FIVE_TO_RUDO = OfferCredex(phone=PHONE, issuer=account().id, receiver=RUDO.id, amount=usd("5"))


def offering() -> Talk:
    return Talk().logged_in_as(member()).user_taps("Offer Secured Credex").bot_answers("How much")


def asking_handle() -> Talk:
    return offering().user_says("5").bot_answers("5.00 USD", "handle")


def signing() -> Talk:
    return asking_handle().user_says("rudo").core_answers(AccountFound(RUDO))


def sending() -> Talk:
    return signing().user_taps("Sign and Send")


def money_commands(talk: Talk) -> int:
    return sum(isinstance(command, OfferCredex) for command in talk.asked)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("5", "5.00 USD"), ("5 zwg", "5.00 ZWG"), ("ZWG 5", "5.00 ZWG"), ("$5", "5.00 USD"), ("9.99", "9.99 USD")],
)
def test_an_amount_leads_to_the_handle(typed: str, read: str) -> None:
    offering().user_says(typed).bot_answers(read, "handle")


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("abc", "does not look like an amount"),
        ("five dollars", "no number in it"),
        ("1 2 3", "more than one number"),
        ("nan", "no number in it"),
        ("1e1", "without an exponent"),
        ("1_0", "without underscores"),
        ("\u0665", "digits 0 to 9"),
        ("5 please thanks", "does not look like an amount"),
        ("5 EUR", "USD, ZWG, CAD, XAU, CXX"),
        ("Z$5", "USD, ZWG, CAD, XAU, CXX"),
        ("R 50", "USD, ZWG, CAD, XAU, CXX"),
        ("$5 ZWG", "two currencies"),
        ("-5", "more than zero"),
        ("0", "more than zero"),
        ("0.001", "USD has at most 2 decimals"),
        ("1.2.3", "point for decimals"),
        ("9999999999999", "too large"),
        ("50", "10.00 USD more today"),
        ("50 ZWG", "20.00 ZWG of secured balance"),
        ("1 XAU", "no secured balance in XAU"),
    ],
)
def test_a_wrong_amount_is_explained_and_asked_again(typed: str, rule: str) -> None:
    talk = offering().user_says(typed).bot_answers(rule, "How much")
    assert isinstance(talk.state, AskingAmount)
    assert len(talk.messages) == 1
    assert len(talk.asked) == 1


def test_an_amount_that_may_be_read_in_two_ways_is_asked_about_and_goes_on_once_it_is_picked() -> None:
    talk = offering().user_says("5,00").bot_answers("Did you mean 5.00 USD or 500.00 USD?")
    talk.bot_offers("5.00 USD", "500.00 USD", "Another Amount").user_taps("5.00 USD").bot_answers("5.00 USD", "handle")
    offering().user_says("5,00").user_says("1").bot_answers("offer 5.00 USD to")
    offering().user_says("5,00").user_says("500.00 usd").bot_answers("10.00 USD more today", "How much")
    offering().user_says("5,00").user_taps("500.00 USD").bot_answers("10.00 USD more today", "How much")


def test_an_amount_with_one_likely_reading_needs_only_a_yes() -> None:
    rich = Talk().logged_in_as(member(left=None)).user_taps("Offer Secured Credex")
    rich.user_says("1.234,50").bot_answers("Did you mean 1,234.50 USD?").bot_offers("1,234.50 USD", "Another Amount")
    rich.user_says("yes").bot_answers("offer 1,234.50 USD to")


def test_at_the_question_another_amount_may_be_typed_at_once() -> None:
    talk = offering().user_says("5,00").user_says("hm").bot_answers("choose one", "Did you mean")
    talk.user_says("7,5").bot_answers("Did you mean 7.50 USD or 75.00 USD?").user_says("no").bot_answers("How much")
    offering().user_says("5,00").user_says("7").bot_answers("offer 7.00 USD to")
    offering().user_says("5,00").user_says("0").bot_answers("more than zero", "How much")


def test_amounts_too_long_for_buttons_are_asked_about_in_a_list() -> None:
    talk = offering().user_says("99999999999,99 XAU")
    talk.bot_offers("99,999,999,999.9900 XAU", "Another Amount")
    check_limits(talk.screen)


def test_a_balance_with_a_thousands_separator_covers_an_amount() -> None:
    talk = Talk().logged_in_as(member(left=None)).user_says("1").user_says("1,234.50")
    assert isinstance(talk.state, AskingRecipient)
    Talk().logged_in_as(member(left=None)).user_says("1").user_says("1,234.51").bot_answers("cannot offer 1,234.51 USD")


def test_a_negative_balance_of_another_denomination_does_not_count() -> None:
    secured = (Money(Decimal(-5), ZWG), usd("10"))
    talk = Talk().logged_in_as(member(account(secured=secured))).user_says("1")
    talk.user_says("5 ZWG").bot_answers("no secured balance in ZWG").user_says("5 USD").bot_answers("handle")


def test_a_trust_account_secures_itself_so_only_the_ledger_can_judge() -> None:
    trust = account(kind=AccountKind.TRUST, secured=())
    Talk().logged_in_as(member(trust, left=None)).user_says("1").user_says("1000").bot_answers("handle")


@pytest.mark.parametrize("typed", ["rudo", "@Rudo", " RUDO ", "rudo.", "@ rudo", "rudo#acc-rudo", "@rudo#5b0e"])
def test_a_handle_is_read_however_it_is_typed(typed: str) -> None:
    asking_handle().user_says(typed).bot_asks_core(FindAccount(PHONE, "rudo"))


@pytest.mark.parametrize("typed", ["x" * 31, "ab", "rudo-n", "rúdó", "#123"])
def test_what_cannot_be_a_handle_is_explained_and_the_amount_kept(typed: str) -> None:
    talk = asking_handle().user_says(typed).bot_answers("3 to 30 characters", "5.00 USD")
    assert len(talk.asked) == 1


def test_an_unknown_handle_keeps_the_amount() -> None:
    talk = asking_handle().user_says("nobody").core_answers(Refused(Refusal.NOT_FOUND, "no"))
    talk.bot_answers("No account has the handle @nobody", "5.00 USD")
    assert isinstance(talk.state, AskingRecipient)


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Unavailable("connect"), "cannot be reached"),
        (Unclear("timeout"), "cannot be reached"),
        (Refused(Refusal.INVALID, "bad"), "3 to 30 characters"),
        (Refused(Refusal.OTHER, "not today"), "The ledger says: not today"),
    ],
)
def test_a_failed_look_up_keeps_the_amount(outcome: Unavailable | Unclear | Refused, told: str) -> None:
    asking_handle().user_says("rudo").core_answers(outcome).bot_answers(told, "5.00 USD")


def test_the_own_account_is_no_receiver() -> None:
    talk = asking_handle().user_says("@Tariro").bot_answers("account you offer from", "5.00 USD")
    assert len(talk.asked) == 1
    renamed = AccountName(account().id, "Tariro", "tariro_new")
    asking_handle().user_says("tariro_new").core_answers(AccountFound(renamed)).bot_answers("account you offer from")


def test_the_confirmation_shows_what_will_be_sent() -> None:
    talk = signing().bot_answers("5.00 USD, secured", "From: Tariro Moyo Personal (@tariro)")
    talk.bot_answers("To: Rudo Ncube Personal (@rudo)").bot_offers("Sign and Send", "Cancel")
    assert isinstance(talk.state, SigningOffer)
    assert talk.state.command == FIVE_TO_RUDO
    assert money_commands(talk) == 0


@pytest.mark.parametrize("typed", ["1", "yes", "Y", "ok", "Sign and Send", "sign"])
def test_typed_consent_counts_like_a_tap(typed: str) -> None:
    talk = signing().user_says(typed).bot_asks_core(FIVE_TO_RUDO)
    assert talk.messages == ()
    talk.core_takes_a_moment().bot_answers("Sending your offer...")
    assert money_commands(talk) == 1


@pytest.mark.parametrize("typed", ["2", "no", "N", "cancel"])
def test_cancelling_never_sends(typed: str) -> None:
    talk = signing().user_says(typed).bot_answers("@tariro")
    assert isinstance(talk.state, AtDashboard)
    assert money_commands(talk) == 0
    signing().user_taps("Cancel").bot_answers("No offer was sent", "@tariro")


def test_success_is_told_with_a_fresh_dashboard_and_a_row_to_cancel() -> None:
    made = account(outgoing=(offer(1),), secured=(usd("1229.50"),))
    talk = sending().core_answers(OfferMade(OfferId("new"), made))
    talk.bot_answers("You offered 5.00 USD, secured, from Tariro", "(@rudo)", "1,229.50 USD")
    talk.bot_answers("Left to offer today: 5.00 USD")
    assert "Cancel Offers" in talk.titles
    assert money_commands(talk) == 1


def test_success_without_an_account_in_the_answer_is_told_at_once_and_read_afresh() -> None:
    talk = sending().core_answers(OfferMade(OfferId("new"), None)).bot_answers("You offered 5.00 USD")
    talk.bot_asks_core(Login(PHONE)).core_answers(LoggedIn(member(account(outgoing=(offer(1),)))))
    assert "Cancel Offers" in talk.titles


def test_an_answer_carrying_one_account_leaves_the_others_known() -> None:
    both = member(account(), shop(1))
    talk = Talk().logged_in_as(both).user_says("1").user_says("1").user_says("5").user_says("rudo")
    talk.core_answers(AccountFound(RUDO)).user_says("yes").core_answers(OfferMade(OfferId("new"), account()))
    assert "Switch Account" in talk.titles


@pytest.mark.parametrize("words", ["are you there?", "yes", "1", "menu", "cancel", "help", ""])
def test_while_it_is_sent_every_word_is_answered_and_nothing_is_sent_twice(words: str) -> None:
    talk = sending().user_says(words).bot_answers("still sending your offer of 5.00 USD")
    assert isinstance(talk.state, SubmittingOffer)
    assert money_commands(talk) == 1


def test_a_second_tap_on_the_same_button_sends_nothing() -> None:
    talk = signing()
    screen = talk.screen
    talk.user_taps("Sign and Send", on=screen).user_taps("Sign and Send", on=screen).bot_answers("still sending")
    talk.core_answers(OfferMade(OfferId("new"), account())).user_taps("Sign and Send", on=screen)
    talk.bot_answers("expired", "@tariro")
    assert money_commands(talk) == 1


def test_a_button_of_an_older_confirmation_does_not_sign_a_newer_one() -> None:
    talk = signing()
    older = talk.screen
    talk.user_taps("Cancel").user_says("1").user_says("7").user_says("rudo").core_answers(AccountFound(RUDO))
    talk.user_taps("Sign and Send", on=older).bot_answers("expired", "7.00 USD, secured")
    assert money_commands(talk) == 0


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (Refused(Refusal.TIER_LIMIT, "x"), "more than your membership lets you"),
        (Refused(Refusal.NO_COVER, "x"), "does not cover it."),
        (Refused(Refusal.NO_COVER, "x", usd("3")), "up to 3.00 USD"),
        (Refused(Refusal.NOT_FOUND, "x"), "does not know that account"),
        (Refused(Refusal.SAME_ACCOUNT, "x"), "to itself"),
        (Refused(Refusal.NOT_ALLOWED, "x"), "not allowed"),
        (Refused(Refusal.OTHER, "Something odd"), "The ledger says: Something odd"),
        (Refused(Refusal.OTHER, ""), "gave no reason"),
    ],
)
def test_a_refusal_is_told_in_plain_words_with_the_dashboard(refused: Refused, told: str) -> None:
    talk = sending().core_answers(refused).bot_answers("was not made", told, "@tariro")
    assert len(talk.messages) == 1


def test_when_nothing_was_sent_the_member_is_told_so() -> None:
    talk = sending().core_answers(Unavailable("connect")).bot_answers("was not sent", "try again", "@tariro")
    assert money_commands(talk) == 1


def test_an_unclear_outcome_is_told_honestly_and_whatever_is_said_sends_nothing() -> None:
    talk = sending().core_answers(Unclear("timeout")).bot_answers("I do not know yet", "do not send it again")
    for word in ("are you there?", "1", "yes", "cancel", "5"):
        talk.user_says(word).bot_answers("I am still checking whether your offer of 5.00 USD")
    assert money_commands(talk) == 1


def test_while_an_offer_is_looked_into_the_menu_and_help_are_there() -> None:
    talk = (
        sending().core_answers(Unclear("timeout")).user_says("help").bot_answers("This is credex", "I do not know yet")
    )
    talk.later(seconds=30).user_says("menu").bot_asks_core(Login(PHONE)).core_answers(LoggedIn(member()))
    talk.bot_answers("@tariro")


def test_an_offer_that_was_found_is_told_with_the_dashboard_as_it_was_read() -> None:
    talk = sending().core_answers(Unclear("timeout")).core_settles(Finding.DONE, member(left="5"))
    talk.bot_answers("I have checked: your offer went through", "5.00 USD, secured", "Left to offer today: 5.00 USD")
    assert isinstance(talk.state, AtDashboard)


def test_an_offer_that_was_not_found_may_be_signed_again_on_a_new_screen_and_not_by_itself() -> None:
    talk = sending()
    old = signing().screen
    talk.core_answers(Unclear("timeout")).core_settles(Finding.NOT_DONE, member())
    talk.bot_answers("was not made", "Please check your offer", "5.00 USD, secured").bot_offers(
        "Sign and Send", "Cancel"
    )
    assert money_commands(talk) == 1
    assert talk.screen.screen != old.screen
    talk.user_taps("Sign and Send")
    assert money_commands(talk) == 2


@pytest.mark.parametrize("read", [None, member(), member(account("other"))])
def test_an_offer_nobody_can_find_out_about_is_with_the_team_and_has_a_reference(read: Member | None) -> None:
    talk = sending().core_answers(Unclear("timeout")).core_settles(Finding.UNSURE, read)
    talk.bot_answers("I could not find out whether your offer of 5.00 USD", "our team", "ref-1", "@tariro")


def test_news_of_an_offer_finds_a_member_who_has_gone_elsewhere_and_leaves_them_there() -> None:
    talk = sending().core_answers(Unclear("timeout")).later(seconds=30).user_says("menu")
    talk.core_settles(Finding.NOT_DONE, member()).bot_answers("your earlier offer was not made")
    assert isinstance(talk.state, LoggingIn)
    talk.core_answers(LoggedIn(member())).core_settles(Finding.DONE, member(left="5"))
    talk.bot_answers("Your earlier offer went through", "@tariro", "Left to offer today: 5.00 USD")


def test_a_forwarded_yes_does_not_sign() -> None:
    talk = signing().user_says("yes", forwarded=True).bot_answers("forwarded message cannot sign", "5.00 USD, secured")
    assert money_commands(talk) == 0


def test_a_number_written_before_the_confirmation_was_shown_does_not_sign_it() -> None:
    talk = signing().later(seconds=2).user_says("1", ago=5).bot_answers("before you could see", "5.00 USD, secured")
    assert money_commands(talk) == 0
    talk.user_says("1")
    assert money_commands(talk) == 1


def test_a_word_that_answers_nothing_keeps_the_confirmation() -> None:
    signing().user_says("how much was it").bot_answers("choose one", "5.00 USD, secured")


def test_a_greeting_where_a_handle_is_asked_is_asked_about() -> None:
    talk = asking_handle().user_says("jambo").bot_answers("Did you mean the menu?")
    talk.user_taps('Use "jambo"').bot_asks_core(FindAccount(PHONE, "jambo"))
    asking_handle().user_says("@menu").bot_asks_core(FindAccount(PHONE, "menu"))
    asking_handle().user_says("menu").user_taps("Go to the menu").bot_answers("@tariro")


def test_a_greeting_where_an_amount_is_asked_is_asked_about() -> None:
    talk = offering().user_says("hi").bot_offers("Go on here", "Go to the menu")
    talk.user_says("1").bot_answers("How much").user_says("menu").user_says("5").bot_answers("5.00 USD", "handle")


def test_an_offer_in_another_denomination_has_the_allowance_read_afresh() -> None:
    talk = offering().user_says("5 ZWG").user_says("rudo").core_answers(AccountFound(RUDO)).user_says("yes")
    talk.core_answers(OfferMade(OfferId("new"), account())).bot_answers("You offered 5.00 ZWG")
    talk.bot_asks_core(Login(PHONE))
