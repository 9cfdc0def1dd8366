"""How fields are cleaned before they are judged."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credex.simulator import cleaning
from credex.simulator.cleaning import Unfit
from credex.simulator.validation import Field, Fields, checked

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
readers = st.sampled_from(
    [
        cleaning.uuid,
        cleaning.phone,
        cleaning.person_name,
        cleaning.account_name,
        cleaning.handle,
        cleaning.denomination,
        cleaning.amount,
        cleaning.whole(1),
        cleaning.integer,
        cleaning.flag,
        cleaning.one_of("OFFERS"),
        cleaning.day,
        cleaning.ids_or_nothing,
    ]
)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("+263 77-000 0101", "263770000101"), ("(263)77", "26377"), ("11", "11"), ("1" * 15, "1" * 15)],
)
def test_phones_are_stripped_to_digits(sent: str, kept: str) -> None:
    assert cleaning.phone(sent) == kept


@pytest.mark.parametrize("sent", ["0770000101", "1", "1" * 16, "", "abc", 263770000101, ["263"]])
def test_local_numbers_numbers_and_lengths_out_of_bounds_are_unfit(sent: object) -> None:
    assert isinstance(cleaning.phone(sent), Unfit)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (" Tariro ", "Tariro"),
        ("Anna-Maria van", "Anna-Maria van"),
        ("N'Golo", "NGolo"),
        ("José M", "Jos M"),
        ("<b>Tariro</b>", "bTarirob"),
        ("<script>Bo", "ltscriptgtBo"),
    ],
)
def test_names_keep_plain_letters(sent: str, kept: str) -> None:
    assert cleaning.person_name(sent) == kept


def test_names_of_accounts_keep_digits() -> None:
    assert cleaning.account_name("Shop No. 24") == "Shop No 24"


def test_handles_are_lower_cased_and_never_repaired() -> None:
    assert cleaning.handle(" Rudo_M ") == "rudo_m"
    assert isinstance(cleaning.handle("rudo m"), Unfit)
    assert isinstance(cleaning.handle("ru"), Unfit)
    assert isinstance(cleaning.handle("r" * 31), Unfit)


@pytest.mark.parametrize(
    ("sent", "amount"),
    [("10.0", "10"), (" 7 ", "7"), (".5", "0.5"), ("1e3", "1000"), ("0b11", "3"), (True, "1"), (Decimal("0.1"), "0.1")],
)
def test_amounts_are_converted_as_javascript_would(sent: object, amount: str) -> None:
    assert cleaning.amount(sent) == Decimal(amount)


@pytest.mark.parametrize("sent", ["1,000", "1_000", "5 USD", "٣", "-1", {}, "0x", "1e99999999999999999999"])
def test_other_amounts_are_unfit(sent: object) -> None:
    assert isinstance(cleaning.amount(sent), Unfit)


@given(readers, json_values)
def test_no_value_breaks_a_reader(reader: cleaning.Reader, value: object) -> None:
    reader(value)


def test_the_first_failing_field_wins_and_unknown_keys_vanish() -> None:
    schema = (Field("phone", cleaning.phone), Field("handle", cleaning.handle))
    failure = checked(schema, {"handle": "?", "phone": "0"})
    assert not isinstance(failure, Fields)
    assert (failure.code, failure.blamed) == ("INVALID_PHONE", "phone")
    fields = checked(schema, {"handle": "rudo", "phone": "263", "memberID": "somebody"})
    assert isinstance(fields, Fields)
    assert "memberID" not in fields


def test_asking_a_field_for_another_kind_is_a_bug() -> None:
    with pytest.raises(TypeError, match="expected Decimal"):
        Fields({"phone": "263"}).amount("phone")
