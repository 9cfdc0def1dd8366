"""Dashboards as members and accounts."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credex.dashboards import read_member, read_touched_account
from credex.model import Account, AccountId, AccountKind, Balances, Member, Offer
from credex.money import Denomination, Money
from credex.payload import MalformedPayload
from tests.credex.spoken import KUDZAI, OFFER, PHONE, TARIRO, account, balances, dashboard, offer, usd


def raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


def member(value: object) -> Member:
    return read_member(raw(value))


def first_account(**changes: object) -> Account:
    return member(dashboard(account(**changes))).accounts[0]


def money(text: str, denomination: str = "USD") -> Money:
    return Money(Decimal(text), Denomination(denomination))


def test_reads_the_member_and_every_account() -> None:
    read = member(dashboard(account(), account(accountID=KUDZAI, accountType="TRUST", isOwnedAccount=False)))
    assert (read.first_name, read.last_name, read.handle, read.tier) == ("Tariro", "Moyo", PHONE, 1)
    assert (read.remaining_usd, read.default_denomination) == (Decimal(10), Denomination.USD)
    assert [(kept.id, kept.kind, kept.owned) for kept in read.accounts] == [
        (TARIRO, AccountKind.PERSONAL, True),
        (KUDZAI, AccountKind.TRUST, False),
    ]


def test_a_member_whose_onboarding_stopped_half_way_has_no_account() -> None:
    assert member({**dashboard(), "accounts": []}).accounts == ()


def test_reads_amounts_with_separators_and_signs() -> None:
    assert first_account().balances == Balances(
        secured=(money("1234.50"),),
        payables=money("0.00"),
        receivables=money("12.50"),
        net_unsecured=money("12.50"),
        net_assets=money("1247.00"),
    )


def test_amounts_of_an_account_without_history_are_in_its_own_denomination() -> None:
    bare = balances(
        securedNetBalancesByDenom=[],
        unsecuredBalancesInDefaultDenom={"totalPayables": "0.00", "totalReceivables": "0.00", "netPayRec": "-0.00"},
        netCredexAssetsInDefaultDenom="0.00",
    )
    read = first_account(defaultDenom="ZWG", balanceData=bare).balances
    assert read.secured == ()
    assert str(read.net_unsecured) == "0.00 ZWG"
    assert read.net_assets == money("0.00", "ZWG")


def test_secured_balances_come_in_one_order() -> None:
    listed = balances(securedNetBalancesByDenom=["1.00 ZWG", "-2.00 USD", "3.000 CXX"])
    assert [str(kept) for kept in first_account(balanceData=listed).balances.secured] == [
        "3.000 CXX",
        "-2.00 USD",
        "1.00 ZWG",
    ]


def test_a_negative_nothing_is_nothing() -> None:
    listed = balances(securedNetBalancesByDenom=["-0.00 USD"])
    assert not first_account(balanceData=listed).balances.secured[0].amount.is_signed()


def test_reads_offers_newest_first_and_positive_both_ways() -> None:
    read = first_account(
        pendingInData=[offer(formattedInitialAmount="1,005.00 USD"), offer(credexID="older")],
        pendingOutData=[offer(formattedInitialAmount="-12.50 USD", secured=False, dueDate="2025-02-24")],
    )
    assert [kept.id for kept in read.incoming] == [OFFER, "older"]
    assert read.incoming[0].amount == money("1005.00")
    assert read.outgoing == (
        Offer(
            id=OFFER,
            amount=usd("12.50"),
            counterparty="Kudzai Ncube Personal",
            secured=False,
            due=date(2025, 2, 24),
        ),
    )


def test_no_offers_may_be_an_empty_object() -> None:
    read = first_account(pendingInData={}, pendingOutData={})
    assert (read.incoming, read.outgoing) == ((), ())


@pytest.mark.parametrize("lost", ["pendingInData", "pendingOutData"])
def test_offers_that_are_missing_are_not_read_as_none_at_all(lost: str) -> None:
    without = {key: value for key, value in account().items() if key != lost}
    for cut in (without, account(**{lost: None}), account(**{lost: {"0": offer()}})):
        with pytest.raises(MalformedPayload):
            member(dashboard(cut))


@pytest.mark.parametrize("due", [None, "", "Invalid date", "2025-02-30", "24.02.2025"])
def test_a_due_date_that_is_none_is_left_out(due: str | None) -> None:
    assert first_account(pendingInData=[offer(dueDate=due)]).incoming[0].due is None


def test_an_offer_that_says_nothing_of_security_is_unsecured() -> None:
    silent = {key: value for key, value in offer().items() if key != "secured"}
    read = first_account(pendingInData=[silent, offer(secured=None, counterpartyAccountName=None)])
    assert [kept.secured for kept in read.incoming] == [False, False]
    assert read.incoming[1].counterparty == ""


def test_a_denomination_from_the_future_hides_only_its_own_amounts() -> None:
    read = first_account(
        balanceData=balances(securedNetBalancesByDenom=["5.00 EUR", "1.00 USD"]),
        pendingInData=[offer(formattedInitialAmount="5.00 EUR"), offer(credexID="kept")],
    )
    assert read.balances.secured == (money("1.00"),)
    assert [kept.id for kept in read.incoming] == ["kept"]


def test_a_kind_of_account_from_the_future_is_one_for_operations() -> None:
    assert first_account(accountType="BUSINESS").kind is AccountKind.OPERATIONS


@pytest.mark.parametrize(
    ("remaining", "read"),
    [
        (None, None),
        (10, Decimal(10)),
        (2.5, Decimal("2.5")),
        (-1, Decimal(0)),
        (94.99999999999999, Decimal("94.99999999999999")),
    ],
)
def test_reads_what_the_tier_still_allows(remaining: float | None, read: Decimal | None) -> None:
    assert member(dashboard(remainingAvailableUSD=remaining)).remaining_usd == read


@pytest.mark.parametrize(
    "broken",
    [
        {"memberTier": "1"},
        {"memberTier": {"low": 1, "high": 0}},
        {"memberTier": 0},
        {"memberTier": 10**9},
        {"remainingAvailableUSD": "NaN"},
        {"remainingAvailableUSD": "1e999999"},
        {"remainingAvailableUSD": {}},
        {"defaultDenom": "EUR"},
        {"memberID": ""},
        {"memberID": "a b"},
        {"firstname": None},
    ],
)
def test_a_member_that_cannot_be_right_is_malformed(broken: dict[str, object]) -> None:
    with pytest.raises(MalformedPayload):
        member(dashboard(**broken))


@pytest.mark.parametrize(
    "text",
    [
        *("", "USD", "5,00 USD", "5.00USD", "5.00 usd", "5.00  USD", "1e3 USD", "NaN USD", "--5 USD", "+5 USD"),
        *("1234,567.00 USD", "\u0665 USD", " 5.00 USD", "5.00 USD\n", "9" * 40 + " USD", "0." + "1" * 9 + " USD"),
    ],
)
def test_an_amount_that_cannot_be_read_is_malformed(text: str) -> None:
    with pytest.raises(MalformedPayload):
        first_account(balanceData=balances(securedNetBalancesByDenom=[text]))
    with pytest.raises(MalformedPayload):
        first_account(pendingInData=[offer(formattedInitialAmount=text)])


def test_an_accounts_own_sums_are_in_a_denomination_that_is_known() -> None:
    with pytest.raises(MalformedPayload):
        first_account(balanceData=balances(netCredexAssetsInDefaultDenom="5.00 EUR"))


def test_an_action_touches_the_account_asked_about_or_the_only_one() -> None:
    two = raw(dashboard(account(), account(accountID=KUDZAI)))
    one = raw({"accounts": [account()]})
    touched = read_touched_account(two, KUDZAI)
    assert touched is not None
    assert touched.id == KUDZAI
    assert read_touched_account(one) == first_account()
    assert read_touched_account(two) is None
    assert read_touched_account(one, AccountId("another")) is None


@given(st.sampled_from(Denomination), st.integers(-(10**14), 10**14))
def test_every_amount_as_credex_core_writes_it_is_read_exactly(denomination: Denomination, units: int) -> None:
    exact = Money(Decimal(units).scaleb(-denomination.places), denomination)
    listed = balances(securedNetBalancesByDenom=[str(exact)])
    assert first_account(balanceData=listed).balances.secured == (exact,)
