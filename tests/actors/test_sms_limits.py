"""What may be signed by text message, as an operator writes it."""

import pytest

from actors.dialogs.allowance import May
from actors.sms_limits import parse_limits, parse_may


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("20 USD, 500 ZWG", ["20.00 USD", "500.00 ZWG"]),
        ("20 USD,500 ZWG", ["20.00 USD", "500.00 ZWG"]),
        ("20 USD; 500 ZWG", ["20.00 USD", "500.00 ZWG"]),
        ("USD 20, ZWG 500", ["20.00 USD", "500.00 ZWG"]),
        ("1,000 usd, 0.5 xau,", ["1,000.00 USD", "0.5000 XAU"]),
        ("$12.50", ["12.50 USD"]),
    ],
)
def test_limits_are_amounts_with_their_denominations(typed: str, meant: list[str]) -> None:
    assert [str(limit) for limit in parse_limits(typed)] == meant


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("20", "'20' names no denomination: write it as 20 USD"),
        ("20 USD, 500", "'500' names no denomination"),
        (",", "names no amount"),
        ("20 USD, 5 ZWG, $5", "USD is there twice: give one amount for each denomination"),
        ("20 USD,500 ZWG,500 ZIG", "ZWG is there twice"),
        ("5,00 USD", "'5,00 USD' cannot be read as an amount above zero"),
        ("20 USD 500 ZWG", "'20 USD 500 ZWG' cannot be read"),
        ("20 EUR", "'20 EUR' cannot be read"),
        ("0 USD", "'0 USD' cannot be read as an amount above zero"),
        ("-5 USD", "'-5 USD' cannot be read"),
        ("1.005 USD", "'1.005 USD' cannot be read"),
        ("lots", "'lots' cannot be read"),
    ],
)
def test_what_is_no_limit_is_refused_in_words_that_say_what_to_write(typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"USD|ZWG") as refused:
        parse_limits(typed)
    assert str(refused.value).startswith(why)


def test_how_far_texts_go_is_one_of_four_words() -> None:
    assert [parse_may(word) for word in ("off", "View", "LIMITED", "all")] == list(May)
    with pytest.raises(ValueError, match="'some' is none of off, view, limited, all"):
        parse_may("some")
