"""Changing an account: opening, renaming, who may act for it and who hears of its offers. Consent, and no guess."""

from collections.abc import Callable

import msgspec
import pytest

from actors.dialogs.authority import AskingMember, ChoosingMember
from actors.dialogs.changes import ConfirmingChange, FindingOutChange, SubmittingChange
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.managing import ManagingAccount
from actors.dialogs.opening import AskingAccountHandle, AskingAccountName, CheckingHandle
from actors.dialogs.renaming import AskingNewName
from credex.commands import (
    AuthorizeMember,
    ChangeCommand,
    FindAccount,
    FindMember,
    Login,
    OpenAccount,
    RenameAccount,
    RevokeMember,
    SendOffersTo,
)
from credex.model import Account, AccountId, AccountKind, Member, MemberId, MemberName
from credex.outcomes import (
    AccountFound,
    AccountOpened,
    AccountRenamed,
    LoggedIn,
    MemberAuthorized,
    MemberFound,
    MemberRevoked,
    OffersRouted,
    Outcome,
    Refusal,
    Refused,
    Unavailable,
    Unclear,
)
from tests.actors.dialogs.people import PHONE, RUDO, USD, account, member, shop
from tests.actors.dialogs.talk import Talk

HELPER = MemberName(MemberId("member-2"), "Rudo Ncube", "rudo")
NOBODY = Refused(Refusal.NOT_FOUND, "")
NEW = OpenAccount(
    phone=PHONE, kind=AccountKind.OPERATIONS, name="Moyo Store 2", handle="moyo_store", default_denomination=USD
)
LOST = Unclear("timeout")


def heard_by(person: MemberName, base: Account | None = None) -> Account:
    return msgspec.structs.replace(base or account(), offers_to=person)


def managing(who: Member | None = None) -> Talk:
    talk = Talk().logged_in_as(who or member(tier=4, left=None))
    return talk.user_taps("Manage Account")


def checking_handle() -> Talk:
    talk = managing().user_taps("Create Account").user_says("Moyo Store's 2")
    return talk.bot_answers("called Moyo Stores 2").user_says("@Moyo_Store")


def confirming_new() -> Talk:
    talk = managing().user_taps("Create Account").user_says("Moyo Store 2").user_says("moyo_store")
    talk.core_answers(NOBODY).bot_answers("Which currency").user_says("usd")
    return talk.user_says("business or project")


def confirming_name() -> Talk:
    return managing().user_taps("Rename Account").user_says("Tariro's Shop")


def confirming_helper() -> Talk:
    return managing().user_taps("Add a Member").user_says("rudo").core_answers(MemberFound(HELPER))


def confirming_removal() -> Talk:
    talk = managing().user_taps("Remove a Member").user_taps("Another Member")
    return talk.user_says("rudo").core_answers(MemberFound(HELPER))


def confirming_hearer() -> Talk:
    talk = managing().user_taps("Who Hears of Offers").user_taps("Another Member")
    return talk.user_says("rudo").core_answers(MemberFound(HELPER))


ACCOUNT = account().id
CONFIRMING: dict[str, tuple[Callable[[], Talk], ChangeCommand, Outcome]] = {
    "open": (confirming_new, NEW, AccountOpened(AccountId("acc-new"), account("moyo_store", "Moyo Store 2"))),
    "rename": (
        confirming_name,
        RenameAccount(PHONE, ACCOUNT, "Tariros Shop"),
        AccountRenamed(account("tariro", "Tariros Shop")),
    ),
    "add": (confirming_helper, AuthorizeMember(PHONE, ACCOUNT, "rudo"), MemberAuthorized(ACCOUNT, HELPER.id)),
    "remove": (confirming_removal, RevokeMember(PHONE, ACCOUNT, HELPER.id), MemberRevoked(ACCOUNT, HELPER.id)),
    "route": (confirming_hearer, SendOffersTo(PHONE, ACCOUNT, HELPER.id), OffersRouted(ACCOUNT, HELPER.id)),
}
every_change = pytest.mark.parametrize("change", CONFIRMING)


def changes(talk: Talk) -> list[ChangeCommand]:
    return [command for command in talk.asked if isinstance(command, ChangeCommand)]


def test_the_menu_shows_what_can_be_done_and_what_cannot_be_known() -> None:
    talk = managing(member(heard_by(HELPER), tier=4))
    talk.bot_answers("You can act for Tariro Moyo Personal (@tariro).", "go to Rudo Ncube (@rudo)", "does not tell me")
    talk.bot_offers(
        "Rename Account",
        "Add a Member",
        "Remove a Member",
        "Who Hears of Offers",
        "Create Account",
        "Back to Dashboard",
    )
    assert isinstance(talk.user_says("back").state, AtDashboard)


def test_rows_for_owners_are_not_shown_on_somebody_elses_account() -> None:
    foreign = msgspec.structs.replace(account(), owned=False)
    managing(member(foreign)).bot_offers("Create Account", "Back to Dashboard")


def test_the_menu_is_read_anew_if_the_dashboard_is_old() -> None:
    talk = Talk().logged_in_as(member()).later(seconds=10).user_taps("Manage Account").bot_asks_core(Login(PHONE))
    talk.core_answers(LoggedIn(member(heard_by(HELPER)))).bot_answers("go to Rudo Ncube")
    assert isinstance(talk.state, ManagingAccount)


@every_change
def test_a_change_is_sent_once_by_a_yes_on_its_own_screen(change: str) -> None:
    confirming, command, done = CONFIRMING[change]
    talk = confirming()
    assert isinstance(talk.state, ConfirmingChange)
    assert changes(talk) == []
    yes = talk.titles[0]
    talk.user_taps(yes).bot_asks_core(command)
    assert isinstance(talk.state, SubmittingChange)
    talk.user_says("yes").bot_answers("still working").core_answers(done)
    assert changes(talk) == [command]


@every_change
def test_the_consent_screen_names_the_account_and_the_person(change: str) -> None:
    talk = CONFIRMING[change][0]()
    talk.bot_answers("Moyo Store 2 (@moyo_store)" if change == "open" else "Tariro Moyo Personal (@tariro)")
    if change in {"add", "remove", "route"}:
        talk.bot_answers("Rudo Ncube (@rudo)")


@every_change
def test_no_forwarded_message_no_crossed_number_and_no_old_screen_consents(change: str) -> None:
    talk = CONFIRMING[change][0]()
    screen = talk.screen
    talk.user_says("yes", forwarded=True).bot_answers("forwarded message cannot sign")
    talk.user_says("1", ago=5).bot_answers("before you could see this question")
    talk.user_taps(screen.choices[0].title, on=screen).bot_answers("expired")
    assert changes(talk) == []
    assert isinstance(talk.state, ConfirmingChange)


@every_change
def test_a_no_changes_nothing(change: str) -> None:
    talk = CONFIRMING[change][0]().user_says("no").bot_answers("Nothing was changed")
    assert isinstance(talk.state, AtDashboard)
    assert changes(talk) == []


@every_change
def test_while_credex_core_cannot_be_asked_what_was_typed_is_kept(change: str) -> None:
    talk = CONFIRMING[change][0]().user_says("yes").core_answers(Unavailable("down"))
    talk.bot_answers("cannot be reached", "Nothing was changed")
    assert isinstance(talk.state, ConfirmingChange)


@every_change
def test_a_lost_answer_is_found_out_by_a_fresh_reading_and_never_sent_again_by_itself(change: str) -> None:
    confirming, command, _ = CONFIRMING[change]
    talk = confirming().user_says("yes").core_answers(LOST).bot_answers("I do not know yet whether")
    assert isinstance(talk.state, FindingOutChange)
    talk.bot_asks_core(Login(PHONE)).core_answers(Unavailable("down")).bot_answers("could not find out")
    assert isinstance(talk.state, ConfirmingChange)
    assert changes(talk) == [command]


@every_change
def test_what_the_fresh_reading_does_not_show_is_not_claimed(change: str) -> None:
    talk = CONFIRMING[change][0]().user_says("yes").core_answers(LOST)
    talk.core_answers(LoggedIn(member(heard_by(MemberName(MemberId("member-1"), "Tariro Moyo")), tier=4)))
    talk.bot_answers("I have looked" if change in {"open", "rename", "route"} else "could not find out")
    assert isinstance(talk.state, ConfirmingChange)


@pytest.mark.parametrize(
    ("change", "read", "told"),
    [
        ("open", member(account(), account("moyo_store", "Moyo Store 2")), "Moyo Store 2 (@moyo_store) is open"),
        ("rename", member(account("tariro", "Tariros Shop")), "now called Tariros Shop"),
        ("route", member(heard_by(HELPER)), "Rudo Ncube (@rudo) is now told"),
    ],
)
def test_what_the_fresh_reading_shows_is_told_as_done(change: str, read: Member, told: str) -> None:
    talk = CONFIRMING[change][0]().user_says("yes").core_answers(LOST).core_answers(LoggedIn(read)).bot_answers(told)
    assert isinstance(talk.state, AtDashboard)
    assert len(changes(talk)) == 1


def test_a_performer_that_broke_down_is_told_as_doubtful() -> None:
    confirming_helper().user_says("yes").breaks_down().bot_answers("may or may not have gone through")


@pytest.mark.parametrize(
    ("change", "refusal", "told"),
    [
        ("open", Refusal.TIER_LIMIT, "tier 1 and 2 can have one account"),
        ("rename", Refusal.NOT_ALLOWED, "Only the owner of Tariro Moyo Personal (@tariro)"),
        ("add", Refusal.TIER_LIMIT, "tier 4 and above"),
        ("add", Refusal.FULL, "At most five members"),
        ("add", Refusal.NOT_FOUND, "does not know that member"),
        ("remove", Refusal.GONE, "cannot act for Tariro Moyo Personal (@tariro) now, or they own it"),
        ("route", Refusal.GONE, "add them first"),
    ],
)
def test_a_refusal_is_told_plainly(change: str, refusal: Refusal, told: str) -> None:
    talk = CONFIRMING[change][0]().user_says("yes").core_answers(Refused(refusal, "no")).bot_answers(told)
    assert isinstance(talk.state, AtDashboard)


def test_a_reason_of_credex_cores_own_may_hold_braces() -> None:
    talk = confirming_name().user_says("yes").core_answers(Refused(Refusal.INVALID, "bad {name}"))
    talk.bot_answers("The ledger says: bad {name}")


# Opening


@pytest.mark.parametrize("tier", [1, 2])
def test_members_of_the_first_tiers_hear_the_rule_before_they_are_asked_anything(tier: int) -> None:
    talk = managing(member(tier=tier)).user_taps("Create Account").bot_answers("tier 1 and 2 can have one account")
    assert isinstance(talk.state, AtDashboard)


def test_the_handle_is_checked_as_typed_and_a_taken_one_is_told_before_the_rest() -> None:
    talk = checking_handle().bot_asks_core(FindAccount(PHONE, "moyo_store"))
    assert isinstance(talk.state, CheckingHandle)
    talk.core_answers(AccountFound(RUDO)).bot_answers("@moyo_store is taken", "called Moyo Stores 2")
    assert isinstance(talk.state, AskingAccountHandle)
    talk.user_says("ab").bot_answers("3 to 30")
    talk.user_says("other").core_answers(Unavailable("down")).bot_answers("cannot be reached")
    assert isinstance(talk.state, AskingAccountHandle)


def test_the_whole_account_is_shown_as_it_will_be_stored() -> None:
    talk = confirming_new()
    talk.bot_answers("Moyo Store 2 (@moyo_store)", "Currency: USD", "Kind: Business or Project")
    assert "Personal" not in " ".join(talk.titles)


def test_a_name_that_keeps_too_little_is_asked_again_with_what_would_be_kept() -> None:
    talk = managing().user_taps("Create Account").user_says("Ä!").bot_answers('"Ä!" would become "A"')
    assert isinstance(talk.state, AskingAccountName)
    talk.user_says("A" * 51).bot_answers("3 to 50")


def test_a_handle_taken_meanwhile_by_somebody_else_is_told_so() -> None:
    talk = confirming_new().user_says("yes").core_answers(Refused(Refusal.DUPLICATE, "taken"))
    talk.bot_asks_core(Login(PHONE)).core_answers(LoggedIn(member(tier=4)))
    talk.bot_answers("was not created", "taken by somebody else")
    assert isinstance(talk.state, AtDashboard)


def test_a_repeat_after_a_lost_answer_finds_the_account_that_was_created_the_first_time() -> None:
    talk = confirming_new().user_says("yes").core_answers(LOST).core_answers(LoggedIn(member(tier=4)))
    talk.bot_answers("not created twice").user_says("yes").core_answers(Refused(Refusal.DUPLICATE, "taken"))
    talk.core_answers(LoggedIn(member(account(), account("moyo_store", "Moyo Store 2"), tier=4)))
    talk.bot_answers("Moyo Store 2 (@moyo_store) is open")
    assert len(changes(talk)) == 2


def test_a_greeting_may_be_a_name() -> None:
    talk = managing().user_taps("Create Account").user_says("Hello").bot_answers("Did you mean the menu?")
    talk.user_taps('Use "Hello"').bot_answers("called Hello")


# Renaming


def test_the_same_name_is_no_new_name() -> None:
    talk = managing().user_taps("Rename Account").user_says("Tariro Moyo Personal").bot_answers("its name already")
    assert isinstance(talk.state, AskingNewName)


def test_a_new_name_is_on_the_dashboard_at_once() -> None:
    talk = confirming_name().user_says("yes").core_answers(CONFIRMING["rename"][2])
    talk.bot_answers("now called Tariros Shop", "Tariros Shop (@tariro)")


# Members


@pytest.mark.parametrize("tier", [1, 2, 3])
def test_the_tier_rule_for_adding_is_told_first(tier: int) -> None:
    managing(member(tier=tier)).user_taps("Add a Member").bot_answers("tier 4 and above")


def test_consent_says_what_the_member_could_do() -> None:
    confirming_helper().bot_answers("Rudo Ncube (@rudo)", "give away its money")


def test_a_phone_number_with_plus_is_a_handle_too() -> None:
    talk = managing().user_taps("Add a Member").user_says("+263 770 000 201")
    talk.bot_asks_core(FindMember(PHONE, "263770000201"))


def test_where_credex_core_cannot_name_members_one_is_added_by_handle_alone_and_that_is_said() -> None:
    talk = managing().user_taps("Add a Member").user_says("rudo").core_answers(Unavailable("HTTP 404", alive=True))
    talk.bot_answers("@rudo (whose name I could not check)")
    talk.user_says("menu").user_taps("Manage Account").user_taps("Remove a Member").user_taps("Another Member")
    talk.user_says("rudo").core_answers(Unavailable("HTTP 404", alive=True)).bot_answers("cannot tell me")
    assert isinstance(talk.state, ChoosingMember)


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (NOBODY, "No member has the handle @rudo"),
        (Unavailable("down"), "cannot be reached"),
        (MemberFound(MemberName(MemberId("member-1"), "Tariro Moyo", "rudo")), "your own handle"),
    ],
)
def test_a_member_who_is_not_found_is_asked_for_again(outcome: Outcome, told: str) -> None:
    talk = managing().user_taps("Add a Member").user_says("rudo").core_answers(outcome).bot_answers(told)
    assert isinstance(talk.state, AskingMember)


def test_whoever_hears_of_offers_can_be_removed_without_typing_a_handle() -> None:
    talk = managing(member(heard_by(HELPER), tier=4)).user_taps("Remove a Member").user_taps("Rudo Ncube")
    talk.bot_answers("Rudo Ncube (@rudo)").user_says("yes").bot_asks_core(RevokeMember(PHONE, ACCOUNT, HELPER.id))


def test_offers_can_be_told_to_oneself_again_and_the_menu_knows() -> None:
    talk = managing(member(heard_by(HELPER), tier=4)).user_taps("Who Hears of Offers").user_taps("Myself")
    talk.bot_answers("Tariro Moyo").user_says("yes").bot_asks_core(SendOffersTo(PHONE, ACCOUNT, MemberId("member-1")))
    talk.core_answers(OffersRouted(ACCOUNT, MemberId("member-1"))).bot_answers("is now told of the offers")
    talk.user_taps("Manage Account").bot_answers("go to Tariro Moyo")


# The worst that names and numbers can be


def test_forty_accounts_of_one_long_name_fit_the_screen_and_each_can_be_chosen() -> None:
    name = "N" * 50
    many = tuple(account(f"{number:02}{'h' * 28}", name) for number in range(40))
    talk = Talk().logged_in_as(member(*many, tier=5, left=None)).bot_answers("Page 1 of 6")
    seen: list[str] = []
    for _ in range(6):
        rows = [choice for choice in talk.screen.choices if choice.description]
        assert len(talk.screen.choices) <= 10
        assert len({choice.title for choice in talk.screen.choices}) == len(talk.screen.choices)
        assert all(len(choice.title) <= 24 and len(choice.description) <= 72 for choice in rows)
        seen += [choice.key for choice in rows]
        talk.user_says("next")
    assert seen == [one.id for one in many]
    talk.user_says(f"@39{'h' * 28}").bot_answers(f"You now act for {name} (@39{'h' * 28})")


@every_change
def test_the_longest_names_fit_every_consent_screen(change: str) -> None:
    who = MemberName(MemberId("member-2"), "W" * 50, "w" * 30)
    longest = account("h" * 30, "N" * 50)
    talk = CONFIRMING[change][0]()
    state = talk.state
    assert isinstance(state, ConfirmingChange)
    visit = msgspec.structs.replace(state.visit, member=member(longest), account_id=longest.id)
    command = state.command
    if isinstance(command, OpenAccount):
        command = msgspec.structs.replace(command, name="N" * 50, handle="h" * 30)
    text = msgspec.structs.replace(state, visit=visit, command=command, person=who).prompt().text
    assert len(text) <= 1024
    assert "N" * 50 in text
    assert "h" * 30 in text


def test_money_names_the_account_that_was_switched_to() -> None:
    talk = Talk().logged_in_as(member(account(), shop(1))).user_taps("Shop 1").user_taps("Manage Account")
    talk.bot_answers("You can act for Shop 1 (@shop_1)").user_taps("Rename Account").bot_answers("Shop 1 (@shop_1)")
    talk.user_says("menu").user_says("menu").user_taps("Offer Secured Credex").bot_answers("from Shop 1 (@shop_1)")
    talk.user_says("5").user_says("rudo").core_answers(AccountFound(RUDO)).bot_answers("From: Shop 1 (@shop_1)")


def test_an_offer_in_one_line_instead_of_a_consent_says_that_nothing_was_changed() -> None:
    talk = confirming_helper().user_says("@farai").bot_answers("had not confirmed yet was not done", "@farai")
    assert not any(isinstance(command, ChangeCommand) for command in talk.asked)
