"""Amounts as members type them, and as they are written back."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credex.money import Ambiguous, AmountFault, Denomination, Money, Unreadable, parse_money, read_denomination

USD = Denomination.USD


def read(text: str) -> Money | Ambiguous | Unreadable:
    return parse_money(text, default=USD)


def fault(text: str) -> AmountFault | None:
    result = read(text)
    return result.fault if isinstance(result, Unreadable) else None


@pytest.mark.parametrize(
    ("text", "amount", "denomination"),
    [
        ("5", "5", "USD"),
        ("5.00", "5.00", "USD"),
        ("5 USD", "5", "USD"),
        ("5USD", "5", "USD"),
        ("USD5", "5", "USD"),
        ("USD 5", "5", "USD"),
        ("$5", "5", "USD"),
        ("$ 5.25", "5.25", "USD"),
        ("5 $", "5", "USD"),
        ("$5 USD", "5", "USD"),
        ("US$5", "5", "USD"),
        ("us$ 5", "5", "USD"),
        ("USD$5", "5", "USD"),
        ("5usd", "5", "USD"),
        ("5 Usd", "5", "USD"),
        ("CA$5", "5", "CAD"),
        ("ZiG 5", "5", "ZWG"),
        ("zig5", "5", "ZWG"),
        ("5\u00a0USD", "5", "USD"),
        ("usd   1,000", "1000", "USD"),
        ("zwg 5", "5", "ZWG"),
        ("5 zwg", "5", "ZWG"),
        ("12.50 (ZWG)", "12.50", "ZWG"),
        ("1,234.50", "1234.50", "USD"),
        ("1,234", "1234", "USD"),
        ("1,234,567.8", "1234567.8", "USD"),
        ("  7  ", "7", "USD"),
        ("+7", "7", "USD"),
        (".5", "0.5", "USD"),
        ("5.", "5", "USD"),
        ("007", "7", "USD"),
        ("0.001 CXX", "0.001", "CXX"),
        ("0.0001 XAU", "0.0001", "XAU"),
        ("999999999999.99", "999999999999.99", "USD"),
    ],
)
def test_reads_an_amount_as_people_write_it(text: str, amount: str, denomination: str) -> None:
    assert read(text) == Money(Decimal(amount), Denomination(denomination))


def test_an_amount_without_a_denomination_is_in_the_default_one() -> None:
    assert parse_money("5", default=Denomination.XAU) == Money(Decimal(5), Denomination.XAU)


def test_the_digits_typed_are_the_digits_kept() -> None:
    money = read("5.10")
    assert isinstance(money, Money)
    assert money.amount.as_tuple() == Decimal("5.10").as_tuple()


@pytest.mark.parametrize(
    ("expected", "texts"),
    [
        (
            AmountFault.NO_NUMBER,
            ["", " ", "abc", "nan", "NaN", "inf", "Infinity", "-", "+", ".", "-.", "$", "USD", "five"],
        ),
        (AmountFault.SEVERAL_NUMBERS, ["1 2 3", "1 234.50", "5 5", "5 USD 3", "5, 10", "5 USD and 3 ZWG"]),
        (AmountFault.EXPONENT, ["1e1", "1E5", "1.5e+3", "2e-1 USD", "1.e5"]),
        (AmountFault.UNDERSCORE, ["1_0", "_5", "1_000 USD", "5_USD"]),
        (AmountFault.OTHER_DIGITS, ["\uff15", "\u0665", "\u096b.00", "5\u0660", "\u00bd", "5\u00b2", "USD \u0665"]),
        (AmountFault.SEPARATORS, ["1,23,4", "12,34.50", "0,500.00", "1,,234", "1.2.3", "5,", "1234,567", "12.34,5"]),
        (AmountFault.TWO_DENOMINATIONS, ["USD 5 ZWG", "$5 ZWG", "usd5cad", "ZiG 5 USD"]),
        (AmountFault.NOT_AN_AMOUNT, ["0x5", "--5", "+-5", "5-", "5\x00", "5 dollars please", "1'234", "5%", "5/2"]),
    ],
)
def test_refuses_what_is_no_amount_and_knows_why(expected: AmountFault, texts: list[str]) -> None:
    assert {text: fault(text) for text in texts} == dict.fromkeys(texts, expected)


@pytest.mark.parametrize(
    "text",
    ["0", "0.00", "-5", "-0.001", "$-5", "USD -5", "0 ZWG", "-5 USD", "-1,234", "-$5", "\u22125", "-5,00", "0,00"],
)
def test_refuses_nothing_and_less_than_nothing(text: str) -> None:
    assert fault(text) is AmountFault.NOT_POSITIVE


@pytest.mark.parametrize(
    ("text", "denomination"),
    [("0.001 USD", "USD"), ("1.005", "USD"), ("5.000", "USD"), ("0.0001 CXX", "CXX"), ("0.00001 XAU", "XAU")],
)
def test_refuses_more_decimals_than_the_denomination_has_and_names_it(text: str, denomination: str) -> None:
    assert read(text) == Unreadable(AmountFault.TOO_MANY_DECIMALS, Denomination(denomination))


@pytest.mark.parametrize(
    "text",
    [
        *("5 EUR", "EUR5", "5 dollars", "nan 5", "xx 5", "5 US", "5d", "R5", "Z$5", "z$ 5", "5 Z$", "ZWL 5", "ZWG$5"),
        *("\u20ac5", "\xa35", "5\u20ac", "AU$5", "USD 5 EUR"),
    ],
)
def test_refuses_a_denomination_credex_core_does_not_know(text: str) -> None:
    assert fault(text) is AmountFault.UNKNOWN_DENOMINATION


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("5,00", ["5.00 USD", "500.00 USD"]),
        ("$5,00", ["5.00 USD", "500.00 USD"]),
        ("USD 5,00", ["5.00 USD", "500.00 USD"]),
        ("5,00 zwg", ["5.00 ZWG", "500.00 ZWG"]),
        ("1,5", ["1.50 USD", "15.00 USD"]),
        ("1234,50", ["1,234.50 USD", "123,450.00 USD"]),
        ("1.234,50", ["1,234.50 USD"]),
        ("1.234.567,8", ["1,234,567.80 USD"]),
        ("1.234.567", ["1,234,567.00 USD"]),
        ("0,5", ["0.50 USD"]),
        ("0,500", ["0.50 USD"]),
        ("00,500", ["0.50 USD"]),
        (",5", ["0.50 USD"]),
        ("1,234 CXX", ["1.234 CXX", "1,234.000 CXX"]),
        ("1,234 XAU", ["1.2340 XAU", "1,234.0000 XAU"]),
        ("5,0001 XAU", ["5.0001 XAU"]),
        ("99999999999,9", ["99,999,999,999.90 USD", "999,999,999,999.00 USD"]),
        ("999999999999,9", ["999,999,999,999.90 USD"]),
    ],
)
def test_asks_where_a_comma_may_mean_a_point(text: str, readings: list[str]) -> None:
    result = read(text)
    assert isinstance(result, Ambiguous)
    assert [str(money) for money in result.readings] == readings


@pytest.mark.parametrize(("text", "expected"), [("0,005", "USD"), ("1.234,567", "USD"), ("0,0001 CXX", "CXX")])
def test_a_comma_does_not_make_room_for_more_decimals(text: str, expected: str) -> None:
    assert read(text) == Unreadable(AmountFault.TOO_MANY_DECIMALS, Denomination(expected))


def test_a_thousand_needs_no_question_where_there_are_no_three_decimals() -> None:
    assert read("1,234") == Money(Decimal(1234), USD)
    assert read("1,234.000 CXX") == Money(Decimal(1234), Denomination.CXX)
    assert read("1,234,567 CXX") == Money(Decimal(1234567), Denomination.CXX)


@pytest.mark.parametrize("text", ["1000000000000", "1" + "0" * 400, "1,000,000,000,000"])
def test_refuses_amounts_nobody_means(text: str) -> None:
    assert fault(text) is AmountFault.TOO_LARGE


@pytest.mark.parametrize("text", ["USD{}!", "{}!", "5{}!", "$5{}USD!", "1,234{}5,0!", "1.234{}", "5,{}", "{}5 6"])
@pytest.mark.parametrize("filler", [" ", "\t", "1", "a", ",111"])
def test_a_long_message_is_refused_without_pondering(text: str, filler: str) -> None:
    before = time.process_time()
    read(text.format(filler * 20_000))
    assert time.process_time() - before < 0.5


@pytest.mark.parametrize(
    ("word", "denomination"),
    [
        (None, USD),
        ("", USD),
        ("$", USD),
        ("us$", USD),
        ("zwg", Denomination.ZWG),
        ("(cxx)", Denomination.CXX),
        ("EUR", None),
    ],
)
def test_reads_a_denomination(word: str | None, denomination: Denomination | None) -> None:
    assert read_denomination(word, default=USD) is denomination


@pytest.mark.parametrize(
    ("amount", "denomination", "text"),
    [
        ("5", "USD", "5.00 USD"),
        ("1234.5", "USD", "1,234.50 USD"),
        ("1234567", "CXX", "1,234,567.000 CXX"),
        ("-5", "ZWG", "-5.00 ZWG"),
        ("0.12345", "XAU", "0.1235 XAU"),
        ("2.345", "CAD", "2.35 CAD"),
        ("-2.345", "CAD", "-2.35 CAD"),
        ("2.225", "CAD", "2.23 CAD"),
        ("-0.00", "USD", "0.00 USD"),
        ("-0.004", "USD", "0.00 USD"),
        ("-0.005", "USD", "-0.01 USD"),
        ("1E+3", "USD", "1,000.00 USD"),
        ("0", "CXX", "0.000 CXX"),
    ],
)
def test_writes_money_as_credex_core_does(amount: str, denomination: str, text: str) -> None:
    assert str(Money(Decimal(amount), Denomination(denomination))) == text


def test_the_size_of_a_debt_has_no_sign() -> None:
    assert abs(Money(Decimal("-5.10"), USD)) == Money(Decimal("5.10"), USD)


@st.composite
def some_money(draw: st.DrawFn) -> Money:
    denomination = draw(st.sampled_from(Denomination))
    units = draw(st.integers(1, 10 ** (12 + denomination.places) - 1))
    return Money(Decimal(units).scaleb(-denomination.places), denomination)


@given(some_money(), st.sampled_from(Denomination))
def test_money_as_written_is_read_as_the_same_money(money: Money, default: Denomination) -> None:
    assert parse_money(str(money), default=default) == money
    assert parse_money(f"{money.denomination.lower()}{money.digits}", default=default) == money
    assert parse_money(money.digits, default=money.denomination) == money
    german = money.digits.translate(str.maketrans(".,", ",."))
    read_as = parse_money(german, default=money.denomination)
    assert isinstance(read_as, Ambiguous)
    assert read_as.readings[0] == money


@given(st.text() | st.text(alphabet="0123456789.,+-$ USDeE()_\u0665\uff15"), st.sampled_from(Denomination))
def test_any_text_is_money_within_the_rules_or_says_why_not(text: str, default: Denomination) -> None:
    result = parse_money(text, default=default)
    if isinstance(result, Money):
        assert Decimal(0) < result.amount < Decimal(10) ** 12
        assert result.amount == result.amount.quantize(Decimal(1).scaleb(-result.denomination.places))
        assert parse_money(str(result), default=default) == result
    if isinstance(result, Ambiguous):
        assert 1 <= len(set(result.readings)) == len(result.readings) <= 2
        assert all(parse_money(str(reading), default=default) == reading for reading in result.readings)
