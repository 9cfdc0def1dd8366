"""The small readers and writers: names, handles, greetings, days, pages, and the table of texts."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from actors.dialogs import texts
from actors.dialogs.greetings import GREETING_WORDS, plain_word, takes_home
from actors.dialogs.limits import objection
from actors.dialogs.names import clean_name, read_handle, read_name
from actors.dialogs.paging import distinct, page_of
from actors.dialogs.visit import Visit
from actors.dialogs.wording import count, day, party, shown
from channels.plain import units
from tests.actors.dialogs.people import NOON, PHONE, account, member, shop, usd


@given(st.text(max_size=80))
def test_a_name_that_is_read_is_one_credex_core_keeps_as_it_is(text: str) -> None:
    name = read_name(text)
    if name is not None:
        assert 3 <= len(name) <= 50
        assert name.isascii()
        assert all(char.isalpha() or char in " -" for char in name)
        assert clean_name(name) == name


@given(st.text(max_size=40))
def test_a_handle_that_is_read_keeps_credex_cores_rule(text: str) -> None:
    handle = read_handle(text)
    assert handle is None or (3 <= len(handle) <= 30 and set(handle) <= set("abcdefghijklmnopqrstuvwxyz0123456789_"))


def test_a_phone_number_is_read_as_the_handle_it_is_with_its_plus_and_gaps_or_without() -> None:
    for typed in ("263771234567", "+263771234567", "@+263 77 123 4567"):
        assert read_handle(typed) == "263771234567"
    assert read_handle("+rudo") is None
    assert read_handle("++263771234567") is None


def test_greeting_words_are_whole_messages_only() -> None:
    assert all(plain_word(word) == word and takes_home(word) for word in GREETING_WORDS)
    assert takes_home(plain_word(" Good  MORNING!! "))
    assert not takes_home(plain_word("hi I want to pay"))
    assert not takes_home("")


def test_days_counts_and_parties_read_well() -> None:
    assert day(date(2026, 12, 1)) == "1 Dec 2026"
    assert (count(1, "offer", "offers"), count(0, "offer", "offers")) == ("1 offer", "0 offers")
    assert party("Rudo\nTo: Somebody", "rudo") == "Rudo To: Somebody (@rudo)"
    assert shown("\u202e\n") == "-"


@given(st.lists(st.integers(), max_size=30), st.integers(-3, 40))
def test_a_page_and_its_moves_never_exceed_ten_rows(items: list[int], number: int) -> None:
    page = page_of(items, number)
    assert len(page.items) + len(page.moves(back=True)) <= 10
    assert page.items or not items


@given(st.lists(st.integers(), max_size=30))
def test_all_pages_together_hold_every_item_once(items: list[int]) -> None:
    pages = [page_of(items, number) for number in range(page_of(items, 0).last + 1)]
    assert [item for page in pages for item in page.items] == items


def test_an_account_named_like_a_row_that_moves_is_told_apart() -> None:
    assert distinct(["Next", "next", "Shop"]) == ("Next (2)", "next (3)", "Shop")


@given(st.lists(st.sampled_from(["", "A", "a", "W" * 30, "\U0001f468" * 20]), max_size=9))
def test_row_titles_are_distinct_and_short(titles: list[str]) -> None:
    made = distinct(titles)
    assert len({title.casefold() for title in made}) == len(titles)
    assert all(0 < units(title) <= 24 for title in made)


def test_every_text_is_plain_so_that_a_text_message_costs_no_more_than_it_must() -> None:
    said = [value for name, value in vars(texts).items() if isinstance(value, str) and not name.startswith("__")]
    said += texts.AMOUNT_RULES.values()
    assert len(said) > 100
    for text in said:
        assert text.isascii()
        assert not set("*~`[]^|\\") & set(text)
        assert "!" not in text


def visit(left: str | None = "10") -> Visit:
    known = member(account(), shop(1), left=left)
    return Visit(phone=PHONE, member=known, account_id=known.accounts[0].id, seen=NOON)


def test_a_visit_is_fresh_for_a_minute() -> None:
    assert visit().fresh(NOON + timedelta(seconds=4.9))
    assert not visit().fresh(NOON + timedelta(seconds=5))
    assert not visit().outdated().fresh(NOON)


def test_spending_takes_dollars_off_the_allowance_and_never_below_zero() -> None:
    assert visit().spent(usd("4")).member.remaining_usd == Decimal(6)
    assert visit().spent(usd("40")).member.remaining_usd == Decimal(0)
    assert visit(left=None).spent(usd("4")) == visit(left=None)


def test_a_new_reading_keeps_the_account_acted_for() -> None:
    acting = visit().acting_for(shop(1).id)
    later = NOON + timedelta(minutes=3)
    again = acting.with_member(member(account(), shop(1), shop(2)), later)
    assert again.account == shop(1)
    assert again.fresh(later)


def test_the_whole_allowance_and_the_whole_balance_can_be_offered() -> None:
    assert objection(visit(), usd("10")) is None
    assert objection(visit(), usd("10.01")) is not None
    assert objection(visit(left=None), usd("1234.50")) is None
