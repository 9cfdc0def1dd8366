"""What the bot opens with: the hour, the day and the language; and which words of a member mean the way home."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import get_args

import pytest

from actors.dialogs import frame
from actors.dialogs.authority import AskingMember, Purpose
from actors.dialogs.doubts import AskingFreely, Doubting
from actors.dialogs.greetings import (
    BACK_WORDS,
    GREETING_WORDS,
    HARARE,
    HELP_WORDS,
    LEAVING_WORDS,
    MENU_WORDS,
    greeting,
    patience,
    plain_word,
    takes_home,
)
from actors.dialogs.languages import WEIGHTS, Language, chance, language_of, one_of
from actors.dialogs.names import read_handle, read_name
from actors.dialogs.offer import AskingAmount, AskingRecipient
from actors.dialogs.onboarding import AskingFirstName, AskingLastName
from actors.dialogs.opening import AskingAccountHandle, AskingAccountName
from actors.dialogs.outside import Outside
from actors.dialogs.phrases import AT_ANY_TIME, BY_PERIOD, PATIENCE, WISHES, Period, SpecialDay, greetings_said
from actors.dialogs.recurring import AskingDays, AskingRecurringAmount, AskingRecurringReceiver
from actors.dialogs.renaming import AskingNewName
from actors.dialogs.special_days import heroes_day, special_day
from actors.dialogs.state import Chose, Heard
from actors.dialogs.states import AnyState, Position, Settling, Signing, Waiting
from actors.dialogs.visit import Visit
from actors.dialogs.wording import shown
from channels.message import InboundMessage, Peer, Text
from credex.commands import moves_money
from runtime.turn import Turn
from tests.actors.dialogs import worst
from tests.actors.dialogs.people import NOON, PHONE, RUDO, account, member, usd

SEEDS = range(2000)
ORDINARY = date(2026, 3, 4)


def at(day: date, hour: int, seed: int = 0) -> Turn:
    return Turn("t", datetime(day.year, day.month, day.day, hour, 30, tzinfo=HARARE), seed)


def said(day: date, hour: int) -> Counter[str]:
    return Counter(greeting(at(day, hour, seed)) for seed in SEEDS)


@pytest.mark.parametrize(
    ("hours", "period"),
    [
        (range(5, 12), Period.MORNING),
        (range(12, 17), Period.AFTERNOON),
        (range(17, 20), Period.EVENING),
        ([20, 23, 0, 4], Period.NIGHT),
    ],
)
def test_every_hour_in_harare_has_its_own_greetings_and_no_other_hours(hours: list[int], period: Period) -> None:
    fitting = {phrase for phrases in AT_ANY_TIME.values() for phrase in phrases}
    fitting |= {phrase for periods in BY_PERIOD.values() for phrase in periods.get(period, ())}
    for hour in hours:
        assert set(said(ORDINARY, hour)) == fitting


def test_languages_come_in_their_shares() -> None:
    drawn = Counter(language_of(at(ORDINARY, 8, seed)) for seed in SEEDS)
    assert sum(WEIGHTS.values()) == 100
    for language, weight in WEIGHTS.items():
        assert abs(drawn[language] / len(SEEDS) - weight / 100) < 0.03


def test_the_same_seed_says_the_same_and_neighbours_differ() -> None:
    assert [greeting(at(ORDINARY, 8, seed)) for seed in range(50)] == [
        greeting(Turn("another", at(ORDINARY, 8).now, seed)) for seed in range(50)
    ]
    assert len({greeting(at(ORDINARY, 8, seed)) for seed in range(50)}) > 5


def test_draws_for_different_things_are_independent() -> None:
    pairs = {(chance(at(ORDINARY, 8, seed), "a") < 50, chance(at(ORDINARY, 8, seed), "b") < 50) for seed in range(50)}
    assert len(pairs) == 4
    assert {one_of("abc", at(ORDINARY, 8, seed), "x") for seed in range(50)} == set("abc")


@pytest.mark.parametrize(
    ("day", "special"),
    [
        (date(2026, 4, 18), SpecialDay.INDEPENDENCE),
        (date(2026, 8, 10), SpecialDay.HEROES),
        (date(2026, 8, 11), SpecialDay.DEFENCE_FORCES),
        (date(2026, 8, 12), None),
        (date(2025, 8, 11), SpecialDay.HEROES),
        (date(2025, 8, 12), SpecialDay.DEFENCE_FORCES),
        (date(2027, 8, 9), SpecialDay.HEROES),
        (date(2023, 8, 14), SpecialDay.HEROES),
        (date(2023, 8, 15), SpecialDay.DEFENCE_FORCES),
        (date(2023, 8, 8), None),
        (date(2026, 12, 22), SpecialDay.UNITY),
        (date(2026, 12, 25), SpecialDay.CHRISTMAS),
        (date(2026, 12, 31), SpecialDay.NEW_YEARS_EVE),
        (date(2027, 1, 1), SpecialDay.NEW_YEAR),
        (ORDINARY, None),
    ],
)
def test_special_days_are_known_and_the_two_of_august_float(day: date, special: SpecialDay | None) -> None:
    assert special_day(day) is special


@pytest.mark.parametrize("year", range(2024, 2052))
def test_heroes_day_is_the_second_monday_of_august(year: int) -> None:
    day = heroes_day(year)
    assert (day.month, day.weekday()) == (8, 0)
    assert 8 <= day.day <= 14


def test_a_special_day_is_wished_on_about_four_times_in_ten() -> None:
    wishes = set(WISHES[SpecialDay.NEW_YEAR].values())
    new_year = said(date(2027, 1, 1), 9)
    assert abs(sum(new_year[wish] for wish in wishes) / len(SEEDS) - 0.4) < 0.04
    assert wishes < set(new_year)


def test_the_day_begins_at_midnight_in_harare() -> None:
    late = Turn("t", datetime(2026, 12, 31, 21, 59, tzinfo=NOON.tzinfo), 0)
    seeds = [seed for seed in SEEDS if greeting(Turn("t", late.now + timedelta(minutes=2), seed)) == "Happy New Year"]
    assert seeds
    assert all(greeting(Turn("t", late.now, seed)) != "Happy New Year" for seed in seeds)


def test_every_phrase_is_plain_and_stands_before_a_full_stop() -> None:
    phrases = greetings_said() | {phrase for phrases in PATIENCE.values() for phrase in phrases}
    for phrase in phrases:
        assert phrase.isascii()
        assert phrase[0].isupper()
        assert phrase[-1].isalpha()
        assert len(phrase) <= 40


def test_every_language_can_greet_and_ask_for_patience() -> None:
    assert set(AT_ANY_TIME) == set(PATIENCE) == set(WEIGHTS) == set(Language)
    assert {patience(at(ORDINARY, 8, seed)) for seed in SEEDS} == {one for many in PATIENCE.values() for one in many}
    assert set(WISHES) == set(SpecialDay)
    assert all(Language.ENGLISH in wishes for wishes in WISHES.values())


@pytest.mark.parametrize(
    "word",
    [
        *("hi", "hie", "hy", "hey", "hello", "menu", "home", "mhoro", "makadii", "sawubona", "jambo", "habari"),
        *("bonjour", "salut", "hola", "buenos dias", "hi!", "hi there", "ndeipi", "memu", "reset", " HELLO "),
        *sorted(greetings_said()),
    ],
)
def test_these_words_lead_home(word: str) -> None:
    assert takes_home(plain_word(word))


def test_no_word_means_two_things() -> None:
    groups = (GREETING_WORDS, MENU_WORDS, BACK_WORDS, HELP_WORDS, LEAVING_WORDS)
    assert sum(map(len, groups)) == len(frozenset().union(*groups))


VISIT = Visit(phone=PHONE, member=member(), account_id=account().id, seen=NOON)
ASKING: dict[type[AskingFreely], AskingFreely] = {
    AskingFirstName: AskingFirstName(PHONE),
    AskingLastName: AskingLastName(PHONE, "Tariro"),
    AskingAmount: AskingAmount(VISIT),
    AskingRecipient: AskingRecipient(VISIT, usd("5")),
    AskingAccountName: AskingAccountName(VISIT),
    AskingAccountHandle: AskingAccountHandle(VISIT, "Shop 2"),
    AskingNewName: AskingNewName(VISIT),
    AskingMember: AskingMember(VISIT, Purpose.ADD),
    AskingRecurringAmount: AskingRecurringAmount(VISIT),
    AskingRecurringReceiver: AskingRecurringReceiver(VISIT, usd("5")),
    AskingDays: AskingDays(VISIT, usd("5"), RUDO),
}


def hear(state: AnyState, text: str, turn: Turn) -> frame.Moved:
    message = InboundMessage(id="in-1", peer=Peer("whatsapp", "line", PHONE), at=turn.now, content=Text(text))
    return frame.hear(Position(state=state, screen="", touched=turn.now), message, PHONE, turn)


def test_every_state_that_asks_for_words_asks_freely() -> None:
    """A state without choices that waits for nothing can only be answered by typing."""
    assert set(ASKING) == set(get_args(AskingFreely))
    for kind in set(get_args(AnyState)) - {Outside, *get_args(Waiting), *get_args(Settling)}:
        state = worst.state_of(kind)
        assert bool(state.prompt().choices) is (kind not in ASKING), f"{kind.__name__} takes free text: ask freely"


@pytest.mark.parametrize("asking", ASKING.values(), ids=lambda state: type(state).__name__)
@pytest.mark.parametrize("word", sorted((GREETING_WORDS | MENU_WORDS | BACK_WORDS) - {"0"}))
def test_a_name_or_handle_that_is_a_greeting_is_asked_about_and_never_swallowed(
    asking: AskingFreely, word: str
) -> None:
    turn = Turn("member:1/2", NOON, 3)
    moved = hear(asking, word, turn)
    assert moved.position.state == Doubting(word, asking)
    assert f'You wrote "{shown(word, 30)}"' in moved.messages[0].text
    kept = moved.position.state.on(Chose("keep"), turn)
    if isinstance(asking, AskingAmount | AskingRecurringAmount | AskingDays):
        assert kept.state == asking
    elif isinstance(asking, AskingRecipient | AskingAccountHandle | AskingMember | AskingRecurringReceiver):
        assert (read_handle(word) is None) is (kept.asks is None)
    else:
        assert (read_name(word) is None) is (kept.state == asking)


@pytest.mark.parametrize("asking", ASKING.values(), ids=lambda state: type(state).__name__)
@pytest.mark.parametrize("text", ["Hola Moyo", "hi, Tariro", "5 USD hello", "rudo menu", "Home Ncube", "hey 5"])
def test_a_greeting_among_other_words_is_asked_about_too(asking: AskingFreely, text: str) -> None:
    turn = Turn("member:1/2", NOON, 3)
    assert hear(asking, text, turn).position.state == Doubting(text, asking)


@pytest.mark.parametrize("asking", ASKING.values(), ids=lambda state: type(state).__name__)
@pytest.mark.parametrize("word", ["hi_shop", "menu_cafe", "homestead", "Heyward", "jambo2", "@menu", "Chi Moyo"])
def test_a_greeting_inside_a_word_is_no_greeting_and_the_word_is_an_answer_like_any_other(
    asking: AskingFreely, word: str
) -> None:
    turn = Turn("member:1/2", NOON, 3)
    moved = hear(asking, word, turn)
    assert not isinstance(moved.position.state, Doubting)
    assert moved.position.state == asking.on(Heard(word), turn).state


@pytest.mark.parametrize("asking", ASKING.values(), ids=lambda state: type(state).__name__)
def test_a_bare_zero_is_a_wrong_answer_and_no_way_back_where_words_are_asked_for(asking: AskingFreely) -> None:
    turn = Turn("member:1/2", NOON, 3)
    moved = hear(asking, "0", turn)
    assert moved.position.state == asking
    assert len(moved.messages) == 1


@pytest.mark.parametrize("word", sorted(BACK_WORDS))
def test_back_leaves_what_could_be_signed_and_signs_nothing(word: str) -> None:
    for state in filter(lambda state: isinstance(state, Signing), map(worst.state_of, get_args(AnyState))):
        moved = hear(state, word, Turn("member:1/2", NOON, 3))
        assert moved.position.state != state
        assert moved.ask is None or not moves_money(moved.ask)


@pytest.mark.parametrize("asking", ASKING.values(), ids=lambda state: type(state).__name__)
def test_a_long_message_with_a_greeting_in_it_is_no_doubt_and_is_not_kept(asking: AskingFreely) -> None:
    moved = hear(asking, "hello, " + "this is a long story " * 10, Turn("member:1/2", NOON, 3))
    assert not isinstance(moved.position.state, Doubting)
