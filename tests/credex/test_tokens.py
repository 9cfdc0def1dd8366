"""Tokens in memory."""

from credex.model import Phone
from credex.tokens import Tokens

TARIRO, KUDZAI, RUDO = Phone("263770000101"), Phone("263770000202"), Phone("263770000303")


def test_the_last_token_put_is_the_one_got() -> None:
    tokens = Tokens(2)
    assert tokens.get(TARIRO) is None
    tokens.put(TARIRO, "old")
    tokens.put(TARIRO, "new")
    assert tokens.get(TARIRO) == "new"


def test_the_least_recently_used_goes_when_room_is_needed() -> None:
    tokens = Tokens(2)
    tokens.put(TARIRO, "hers")
    tokens.put(KUDZAI, "his")
    tokens.get(TARIRO)
    tokens.put(RUDO, "another")
    assert [tokens.get(phone) for phone in (TARIRO, KUDZAI, RUDO)] == ["hers", None, "another"]
    tokens.put(TARIRO, "hers again")
    tokens.put(KUDZAI, "his")
    assert tokens.get(RUDO) is None


def test_only_the_very_token_that_was_refused_is_dropped() -> None:
    tokens = Tokens(2)
    tokens.put(TARIRO, "newer")
    tokens.drop(TARIRO, "old")
    tokens.drop(KUDZAI, "old")
    assert tokens.get(TARIRO) == "newer"
    tokens.drop(TARIRO, "newer")
    assert tokens.get(TARIRO) is None


def test_tokens_shown_in_a_log_show_how_many_and_not_which() -> None:
    tokens = Tokens(2)
    tokens.put(TARIRO, "secret")
    assert repr(tokens) == "<Tokens 1/2>"
