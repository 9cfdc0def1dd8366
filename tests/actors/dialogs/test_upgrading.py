"""What a tier allows, and paying for tier 3."""

import msgspec
import pytest

from actors.dialogs import frame, texts
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.settling import Settlement
from actors.dialogs.upgrading import LookingAtTier, SigningUpgrade, SubmittingUpgrade, payer_of
from actors.payments import Before, Finding
from channels.message import Media
from credex.commands import Command, Login, UpgradeTier
from credex.model import AccountKind, Member
from credex.outcomes import LoggedIn, Refusal, Refused, TierUpgraded, Unavailable, Unclear
from runtime.turn import Turn
from tests.actors.dialogs.people import PHONE, account, member, offer, shop
from tests.actors.dialogs.talk import Talk

UPGRADE = UpgradeTier(PHONE, account().id)


def looking(known: Member | None = None) -> Talk:
    return Talk().logged_in_as(known or member()).user_says("tier")


def signing(known: Member | None = None) -> Talk:
    return looking(known).user_taps("Upgrade to Tier 3")


def sending() -> Talk:
    return signing().user_taps("Sign and Pay")


def paid(talk: Talk) -> list[Command]:
    return [command for command in talk.asked if isinstance(command, UpgradeTier)]


def test_the_row_is_there_below_tier_3_and_the_words_everywhere() -> None:
    Talk().logged_in_as(member(tier=2)).user_taps("Upgrade").bot_answers("member of tier 2 (Verified)")
    talk = Talk().logged_in_as(member(tier=3, left=None))
    assert "Upgrade" not in talk.titles
    talk.user_says("upgrade").bot_answers("tier 3 (Hustler)", "no daily limit").bot_offers("Back to Dashboard")
    talk.user_says("back").bot_answers("Secured balances").user_says("Tier").bot_answers("tier 3 (Hustler)")
    looking(member(tier=7, left=None)).bot_answers("You are a member of tier 7.", "let other members act")


def test_the_screen_tells_the_allowance_what_is_left_and_when_it_renews_and_what_tier_3_costs() -> None:
    talk = looking(member(left="7.5")).bot_answers("You can offer secured credex.", "Your daily limit is 10.00 USD.")
    talk.bot_answers("Left to offer today: 7.50 USD", "midnight UTC, which is 02:00 in Harare")
    talk.bot_answers("Tier 3 (Hustler)", "1.00 USD for 28 days", "Tariro Moyo Personal (@tariro)")
    talk.bot_offers("Upgrade to Tier 3", "Back to Dashboard")
    looking(member(tier=2, left="100")).bot_answers("secured and unsecured", "Your daily limit is 100.00 USD.")


def test_the_figures_are_read_afresh_when_they_are_not_young() -> None:
    talk = Talk().logged_in_as(member()).later(minutes=1).user_says("tier").bot_asks_core(Login(PHONE))
    talk.core_answers(LoggedIn(member(left="3"))).bot_answers("Left to offer today: 3.00 USD")


def test_the_consent_names_amount_account_and_what_it_buys_and_is_sent_once() -> None:
    talk = signing().bot_answers("1.00 USD, secured", "From: Tariro Moyo Personal (@tariro)", "without a daily limit")
    talk.bot_offers("Sign and Pay", "Cancel")
    assert isinstance(talk.state, SigningUpgrade)
    assert paid(talk) == []
    screen = talk.screen
    talk.user_taps("Sign and Pay").user_taps("Sign and Pay", on=screen).user_says("yes").bot_answers("still upgrading")
    assert paid(talk) == [UPGRADE]


def test_what_was_there_before_is_known_when_it_is_sent() -> None:
    talk = signing(member(account(outgoing=(offer(1),)))).user_says("yes")
    assert isinstance(talk.state, SubmittingUpgrade)
    assert talk.state.before == Before(account=account().id, pending=(offer(1).id,), tier=1)


@pytest.mark.parametrize("words", ["no", "2", "Cancel", "cancel"])
def test_cancelling_pays_nothing(words: str) -> None:
    talk = signing().user_says(words).bot_answers("@tariro", "Secured balances")
    assert isinstance(talk.state, AtDashboard)
    assert paid(talk) == []


def test_whatever_account_is_acted_for_the_personal_one_pays_and_is_named() -> None:
    talk = Talk().logged_in_as(member(shop(1), account(), tier=2)).user_taps("Shop 1").user_says("tier")
    talk.bot_answers("your personal account, Tariro Moyo Personal (@tariro)").user_taps("Upgrade to Tier 3")
    talk.bot_answers("From: Tariro Moyo Personal (@tariro)").user_says("yes").bot_asks_core(UPGRADE)


def test_somebody_elses_personal_account_never_pays() -> None:
    others = msgspec.structs.replace(account("rudo", "Rudo Ncube Personal"), owned=False)
    assert payer_of(member(others, account())) == account()
    assert payer_of(member(account("second", "Second"), account(PHONE))) == account(PHONE)
    assert payer_of(member(others, shop(1))) is None
    talk = Talk().logged_in_as(member(others, shop(1))).user_taps("Shop 1").user_says("upgrade")
    talk.bot_answers("I see none", "support").bot_offers("Back to Dashboard")
    trust = account(kind=AccountKind.TRUST)
    looking(member(trust)).bot_answers("I see none")


def test_success_is_told_and_everything_is_read_afresh() -> None:
    talk = sending().core_answers(TierUpgraded(3)).bot_answers("now a member of tier 3", "paid 1.00 USD from Tariro")
    talk.bot_asks_core(Login(PHONE)).core_answers(LoggedIn(member(tier=3, left=None)))
    assert isinstance(talk.state, AtDashboard)
    assert "Upgrade" not in talk.titles
    assert paid(talk) == [UPGRADE]


def test_scenario_52_without_cover_the_reason_and_how_to_top_up_are_told_with_the_dashboard() -> None:
    talk = sending().core_answers(Refused(Refusal.NO_COVER, "x")).bot_answers("was not done, and nothing was paid")
    talk.bot_answers("does not cover 1.00 USD", "To top it up", "Secured balances")
    assert isinstance(talk.state, AtDashboard)


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Refused(Refusal.OTHER, "Not today"), "The ledger says: Not today"),
        (Refused(Refusal.INVALID, ""), "gave no reason"),
        (Unavailable("connect"), "was not sent, and nothing was paid"),
    ],
)
def test_what_did_not_happen_is_told_with_the_dashboard(outcome: Refused | Unavailable, told: str) -> None:
    sending().core_answers(outcome).bot_answers(told, "@tariro", "Secured balances")


def test_an_upgrade_that_got_lost_is_looked_into_and_never_sent_again_by_itself() -> None:
    talk = sending().core_answers(Unclear("timeout")).bot_answers("I do not know yet", "do not send it again")
    for words in ("well?", "yes", "1", "upgrade", "5=>rudo"):
        talk.user_says(words).bot_answers("I am still checking whether your upgrade")
    assert paid(talk) == [UPGRADE]
    talk.core_settles(Finding.DONE, member(tier=3, left=None)).bot_answers("I have checked", "tier 3", "@tariro")
    assert isinstance(talk.state, AtDashboard)


def test_an_upgrade_that_was_not_done_may_be_signed_again() -> None:
    talk = sending().core_answers(Unclear("timeout")).core_settles(Finding.NOT_DONE, member())
    talk.bot_answers("was not done, and nothing was paid", "Please check your upgrade").user_taps("Sign and Pay")
    assert paid(talk) == [UPGRADE, UPGRADE]


def test_an_upgrade_nobody_can_find_out_about_is_with_the_team_and_has_a_reference() -> None:
    talk = sending().core_answers(Unclear("timeout")).core_settles(Finding.UNSURE, None)
    talk.bot_answers("I could not find out whether your upgrade", "our team", "ref-1", "do not upgrade again")


def test_consent_to_an_upgrade_is_as_careful_as_to_an_offer() -> None:
    forwarded = signing().user_says("yes", forwarded=True).bot_answers("forwarded message cannot sign")
    crossed = signing().later(seconds=2).user_says("1", ago=5).bot_answers("before you could see")
    assert paid(forwarded) == paid(crossed) == []


def test_trouble_while_it_is_on_its_way_never_sounds_as_if_nothing_was_paid() -> None:
    sending().core_takes_a_moment().bot_answers("Upgrading your membership...")
    sending().core_is_slow().bot_answers("waiting for its word", "do not send it again")
    sending().breaks_down().bot_answers("may or may not have gone through")
    lost = sending().core_answers(Unclear("timeout")).breaks_down().bot_answers("may or may not have gone through")
    assert paid(lost) == [UPGRADE]


def test_words_that_choose_nothing_keep_the_screen() -> None:
    talk = looking().user_says("what").bot_answers("choose one", "tier 1 (Open)")
    assert isinstance(talk.state, LookingAtTier)
    signing().user_says("what").bot_answers("choose one", "1.00 USD, secured")


def test_what_cannot_be_read_keeps_the_screen() -> None:
    looking().user_sends(Media("image")).bot_answers("text and buttons", "tier 1 (Open)")
    talk = signing().user_sends(Media("image")).bot_answers("text and buttons", "1.00 USD, secured")
    assert paid(talk) == []


def test_the_words_about_tiers_are_plain() -> None:
    for text in (*texts.TIER_RIGHTS.values(), *texts.TIER_NAMES.values()):
        assert text.isascii()


def test_two_quick_yes_open_the_question_and_do_not_answer_it() -> None:
    talk = Talk().logged_in_as(member()).user_says("tier").user_says("yes").later(seconds=2)
    talk.user_says("yes", ago=4).bot_answers("before you could see", "1.00 USD")
    assert paid(talk) == []
    assert paid(talk.later(seconds=5).user_says("yes")) != []


def test_an_upgrade_that_went_through_is_not_offered_again_where_the_tier_was_being_looked_at() -> None:
    talk = looking()
    assert "Upgrade to Tier 3" in talk.titles
    ended = Settlement(command=UPGRADE, finding=Finding.DONE, reference="r", member=member(tier=3, left=None))
    moved = frame.settled(talk.position, ended, Turn(id="member:1/9", now=talk.now, seed=9), known=True)
    assert [choice.title for choice in moved.messages[-1].choices] == [texts.ROW_BACK]


@pytest.mark.parametrize("finding", [Finding.DONE, Finding.UNSURE])
def test_an_upgrade_that_ends_well_or_unsure_is_not_asked_for_on_the_next_confirmation(finding: Finding) -> None:
    talk = sending().core_answers(Unclear("timeout")).breaks_down().later(seconds=3)
    talk.user_says("tier").core_answers(LoggedIn(member())).user_taps("Upgrade to Tier 3")
    talk.core_settles(finding, member(tier=3, left=None) if finding is Finding.DONE else None)
    assert isinstance(talk.state, AtDashboard)
    assert paid(talk) == [UPGRADE]


def test_another_payment_or_an_upgrade_not_done_leaves_the_confirmation_with_fresh_figures() -> None:
    talk = sending().core_answers(Unclear("timeout")).breaks_down().later(seconds=3)
    talk.user_says("tier").core_answers(LoggedIn(member())).user_taps("Upgrade to Tier 3")
    talk.core_settles(Finding.NOT_DONE, member(account(outgoing=(offer(1),))))
    talk.user_taps("Sign and Pay")
    assert isinstance(talk.state, SubmittingUpgrade)
    assert talk.state.before == Before(account=account().id, pending=(offer(1).id,), tier=1)
