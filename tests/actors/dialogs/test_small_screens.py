"""The longest names, amounts and lists on WhatsApp's screens: no amount, date or handle loses a character."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from actors.dialogs.acts import Act
from actors.dialogs.browsing import BrowsingOffers, ViewingOffer
from actors.dialogs.ledger import ShowingEntry, ShowingLedger
from actors.dialogs.ledger_pages import LedgerPage
from actors.dialogs.offers import MOST, PickingOffer, ReviewingOffer
from actors.dialogs.several import SettlingSeveral, SigningSeveral, SubmittingSeveral
from actors.dialogs.state import State
from actors.dialogs.visit import Visit
from channels.message import OutboundMessage
from credex.commands import AcceptOffer, AcceptOffers
from credex.model import Credex, CredexState, LedgerEntry, Offer, OfferId
from credex.money import Denomination, Money
from tests.actors.dialogs.fitting import check_limits
from tests.actors.dialogs.people import NOON, PHONE, account, member, offer

NAME = "W" * 50
HANDLE = "h" * 30
LARGEST = {
    Denomination.USD: "999,999,999,999.99 USD",
    Denomination.CXX: "999,999,999,999.999 CXX",
    Denomination.XAU: "999,999,999,999.9999 XAU",
}
DUE = date(2026, 12, 31)


def largest(denomination: Denomination) -> Money:
    return Money(Decimal(LARGEST[denomination].split()[0].replace(",", "")), denomination)


def many_offers(denomination: Denomination, many: int = 120, *, first: int = 0) -> tuple[Offer, ...]:
    alike = offer(0, secured=False, due=DUE)
    alike = msgspec.structs.replace(alike, amount=largest(denomination), counterparty=NAME)
    return tuple(
        msgspec.structs.replace(alike, id=OfferId(f"0ffe0000-0000-4000-8000-{first + number:012}"))
        for number in range(many)
    )


def visit(incoming: tuple[Offer, ...] = (), outgoing: tuple[Offer, ...] = ()) -> Visit:
    shop = account(HANDLE, NAME, incoming=incoming, outgoing=outgoing)
    return Visit(phone=PHONE, member=member(shop), account_id=shop.id, seen=NOON)


def shown(state: State) -> OutboundMessage:
    prompt = msgspec.structs.replace(state.prompt(), screen="abcd1234")
    check_limits(prompt)
    return prompt


def rows_of(screen: OutboundMessage, section: str) -> list[tuple[str, str]]:
    return [(choice.title, choice.description) for choice in screen.choices if choice.section == section]


def whole(title: str, amount: str) -> bool:
    """Whether a title shows the whole amount: grouped or not, with a word before and a mark behind or not."""
    bare = title.replace(",", "").replace(" ", "")
    return amount.replace(",", "").replace(" ", "") in bare


@pytest.mark.parametrize("denomination", LARGEST)
@pytest.mark.parametrize("act", Act)
def test_every_page_of_a_hundred_and_twenty_offers(denomination: Denomination, act: Act) -> None:
    here = visit(incoming=many_offers(denomination), outgoing=many_offers(denomination, first=200))
    seen = set()
    for page in range(18):
        screen = shown(PickingOffer(visit=here, act=act, page=page))
        assert f"(@{HANDLE})" in screen.text
        assert f"Page {page + 1} of 18" in screen.text
        rows = rows_of(screen, "Available Offers")
        assert all(whole(title, LARGEST[denomination]) for title, _ in rows)
        assert all(hint.endswith(", due 31 Dec 2026") for _, hint in rows)
        seen |= {choice.key for choice in screen.choices if choice.section == "Available Offers"}
    assert len(seen) == 120


@pytest.mark.parametrize("denomination", LARGEST)
def test_every_page_of_all_open_offers(denomination: Denomination) -> None:
    here = visit(incoming=many_offers(denomination, 60), outgoing=many_offers(denomination, 60, first=200))
    for page in range(18):
        screen = shown(BrowsingOffers(here, page))
        rows = rows_of(screen, "Available Offers")
        assert all(whole(title, LARGEST[denomination]) for title, _ in rows)
        assert all(hint.startswith(("from W", "to W")) and hint.endswith("31 Dec 2026") for _, hint in rows)


@pytest.mark.parametrize("denomination", LARGEST)
def test_an_offer_in_full(denomination: Denomination) -> None:
    [one] = many_offers(denomination, 1)
    here = visit(incoming=(one,))
    for state in (ViewingOffer(here, one), ReviewingOffer(here, AcceptOffer(PHONE, one.id), one)):
        text = shown(state).text
        for part in (
            f"{LARGEST[denomination]}, unsecured, due Thursday 31 Dec 2026",
            f"From: {NAME}\n",
            f"To: {NAME} (@{HANDLE})",
        ):
            assert part in text


def dates() -> Iterator[date]:
    return (DUE - timedelta(days=back) for back in range(28))


def test_the_question_about_as_many_offers_as_one_call_carries_in_every_denomination() -> None:
    offers = [
        msgspec.structs.replace(one, amount=Money(largest(Denomination.XAU).amount, Denomination(denomination)))
        for denomination in Denomination
        for one in many_offers(Denomination.XAU, 24, first=100 * list(Denomination).index(denomination))
    ]
    dated = [msgspec.structs.replace(one, due=due) for one, due in zip(offers, [*dates()] * 5, strict=False)]
    mixed = [msgspec.structs.replace(one, due=None, secured=number % 7 == 0) for number, one in enumerate(dated[:20])]
    here = visit(incoming=(*dated[20:], *mixed))
    command = AcceptOffers(PHONE, here.account.id, tuple(one.id for one in here.account.incoming[::2][-MOST:]))
    screen = shown(SigningSeveral(here, command))
    for part in ("120 offers wait", "50 oldest", f"(@{HANDLE})", "Unsecured, without a due date", "accept all 50?"):
        assert part in screen.text
    assert sum(" in " in line and line[0].isdigit() for line in screen.text.splitlines()) == 5
    for state in (SubmittingSeveral(here, command), SettlingSeveral(here, command)):
        shown(state)


@pytest.mark.parametrize("denomination", LARGEST)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_page_of_the_ledger(denomination: Denomination, sign: int) -> None:
    amount = Money(sign * largest(denomination).amount, denomination)
    late = NOON.replace(month=12, day=31, hour=20)
    entries = tuple(
        LedgerEntry(id=one.id, amount=amount, counterparty=NAME, at=late) for one in many_offers(denomination, 7)
    )
    screen = shown(ShowingLedger(visit(), LedgerPage(entries=entries, start=119, number=118, more=True)))
    assert len(screen.choices) == 10
    assert f"(@{HANDLE})" in screen.text
    rows = rows_of(screen, "Ledger")
    assert all(whole(title, LARGEST[denomination]) for title, _ in rows)
    assert {hint[:4] for _, hint in rows} == {"from" if sign > 0 else "to W"}
    assert all(hint.endswith(", 31 Dec 2026, 22:00") for _, hint in rows)


@pytest.mark.parametrize("denomination", LARGEST)
@pytest.mark.parametrize("state", CredexState)
def test_an_entry_in_full(denomination: Denomination, state: CredexState) -> None:
    amount = Money(-largest(denomination).amount, denomination)
    credex = Credex(
        id=OfferId("ledger-1"),
        amount=amount,
        counterparty=NAME,
        secured=False,
        state=state,
        outstanding=amount,
        redeemed=amount,
        defaulted=amount,
        written_off=amount,
        due=DUE,
        accepted_at=NOON,
        declined_at=NOON,
        cancelled_at=NOON,
    )
    page = LedgerPage(entries=(LedgerEntry(id=credex.id, amount=amount, counterparty=NAME, at=NOON),))
    text = shown(ShowingEntry(visit(), page, credex)).text
    assert text.count(LARGEST[denomination]) in {4, 5}
    for part in (f"{NAME} (@{HANDLE})", f"To: {NAME}\n", "due 31 Dec 2026"):
        assert part in text


def test_an_amount_too_long_for_any_row_is_left_to_the_screen_behind_it() -> None:
    huge = Money(Decimal("123456789012345678.1234"), Denomination.XAU)
    entries = tuple(
        LedgerEntry(id=OfferId(f"ledger-{number}"), amount=huge, counterparty=NAME, at=None) for number in range(2)
    )
    screen = shown(ShowingLedger(visit(), LedgerPage(entries=entries)))
    assert [choice.title for choice in screen.choices[:2]] == ["Large amount", "Large amount (2)"]
