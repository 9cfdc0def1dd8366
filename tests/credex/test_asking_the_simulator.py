"""Every command that is not about one payment alone, asked of the simulated core: what is sent and read fits it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import httpx

from actors.transport.local import LocalTransport
from credex.client import CredexClient
from credex.commands import (
    AcceptOffers,
    AuthorizeMember,
    CancelRecurring,
    FindMember,
    Login,
    OpenAccount,
    ReadCredex,
    ReadLedger,
    ReadRecurring,
    RenameAccount,
    RevokeMember,
    SendOffersTo,
    SetUpRecurring,
)
from credex.model import AccountId, AccountKind, CredexState, MemberId, MemberName, OfferId, Phone
from credex.money import Denomination
from credex.outcomes import (
    AccountOpened,
    AccountRenamed,
    CredexRead,
    LedgerRead,
    LoggedIn,
    MemberAuthorized,
    MemberFound,
    MemberRevoked,
    OffersAccepted,
    OffersRouted,
    RecurringCancelled,
    RecurringRead,
    RecurringSetUp,
    Refusal,
    Refused,
)
from credex.simulator.core import CoreSimulator
from credex.simulator.seeds import founded_world
from credex.simulator.world import World
from tests.credex.scripted import client
from tests.credex.spoken import usd

TARIRO, KUDZAI = Phone("263770000101"), Phone("263770000102")
NOON = datetime(2025, 2, 10, 12, tzinfo=UTC)


def world() -> World:
    made = founded_world(NOON.date())
    made.add_member(TARIRO, "Tariro", "Moyo", tier=4, handle="tariro")
    made.add_member(KUDZAI, "Kudzai", "Ncube", tier=3, handle="kudzai")
    made.add_account(TARIRO, "Moyo Farm", "moyo_farm")
    made.fund("tariro", "100")
    made.fund("kudzai", "100")
    return made


@asynccontextmanager
async def asking(made: World) -> AsyncIterator[CredexClient]:
    core = CoreSimulator(made, now=lambda: NOON, client_key="the-client-key", rate_limit=None)
    async with httpx.AsyncClient(transport=LocalTransport(core.respond)) as http:
        yield client(http)


def account_id(made: World, handle: str) -> AccountId:
    return AccountId(made.account(handle).id)


async def test_a_ledger_is_read_from_any_row_on() -> None:
    made = world()
    for cents in range(1, 4):
        made.pay("tariro", "kudzai", f"{cents}.00")
    async with asking(made) as core:
        said = await core.execute(ReadLedger(TARIRO, account_id(made, "tariro"), 2, 1))
    assert isinstance(said, LedgerRead)
    assert [str(entry.amount) for entry in said.entries] == ["-2.00 USD", "-1.00 USD"]
    assert said.more


async def test_a_credex_is_read_in_full_from_either_side() -> None:
    made = world()
    offer = made.offer("tariro", "kudzai", "1,234.50", secured=False, due=date(2025, 2, 24))
    async with asking(made) as core:
        given = await core.execute(ReadCredex(TARIRO, account_id(made, "tariro"), OfferId(offer.id)))
        got = await core.execute(ReadCredex(KUDZAI, account_id(made, "kudzai"), OfferId(offer.id)))
        gone = await core.execute(ReadCredex(KUDZAI, account_id(made, "moyo_farm"), OfferId(offer.id)))
    assert isinstance(given, CredexRead)
    assert isinstance(got, CredexRead)
    assert (str(given.credex.amount), str(got.credex.amount)) == ("-1,234.50 USD", "1,234.50 USD")
    assert given.credex.state is CredexState.OFFERED
    assert given.credex.due == date(2025, 2, 24)
    assert not given.credex.secured
    assert got.credex.counterparty == "Tariro Moyo Personal"
    assert given.credex.outstanding.amount == given.credex.amount.amount
    assert isinstance(gone, Refused)
    assert gone.refusal is Refusal.NOT_FOUND


async def test_an_accepted_credex_tells_when() -> None:
    made = world()
    paid = made.pay("tariro", "kudzai", "2")
    async with asking(made) as core:
        said = await core.execute(ReadCredex(KUDZAI, account_id(made, "kudzai"), OfferId(paid.id)))
    assert isinstance(said, CredexRead)
    assert said.credex.accepted_at == paid.accepted_at
    assert said.credex.declined_at is None


async def test_of_several_offers_each_is_told_for_itself() -> None:
    made = world()
    first, second, third = (OfferId(made.offer("tariro", "kudzai", amount).id) for amount in ("1", "2", "3"))
    made.accept(made.credexes[second], at=NOON)
    made.cancel(made.credexes[third], at=NOON)
    kudzai = account_id(made, "kudzai")
    async with asking(made) as core:
        said = await core.execute(AcceptOffers(KUDZAI, kudzai, (first, second, third)))
        again = await core.execute(AcceptOffers(KUDZAI, kudzai, (first, second, third)))
    assert isinstance(said, OffersAccepted)
    assert (said.accepted, said.already, said.failed) == ((first,), (second,), (third,))
    assert said.account is not None
    assert said.account.id == kudzai
    assert isinstance(again, Refused)
    assert again.refusal is Refusal.GONE


async def test_an_account_is_opened_once_and_renamed() -> None:
    made = world()
    command = OpenAccount(
        phone=TARIRO,
        kind=AccountKind.OPERATIONS,
        name="Moyo Dairy",
        handle="moyo_dairy",
        default_denomination=Denomination.ZWG,
    )
    async with asking(made) as core:
        opened = await core.execute(command)
        again = await core.execute(command)
        assert isinstance(opened, AccountOpened)
        renamed = await core.execute(RenameAccount(TARIRO, opened.id, "Moyo Milk"))
        foreign = await core.execute(RenameAccount(KUDZAI, opened.id, "Ncube Milk"))
    assert opened.account is not None
    assert (opened.account.handle, opened.account.default_denomination) == ("moyo_dairy", Denomination.ZWG)
    assert isinstance(again, Refused)
    assert again.refusal is Refusal.DUPLICATE
    assert isinstance(renamed, AccountRenamed)
    assert renamed.account is not None
    assert renamed.account.name == "Moyo Milk"
    assert isinstance(foreign, Refused)
    assert foreign.refusal is Refusal.NOT_ALLOWED


async def test_a_member_is_found_authorized_hears_of_offers_and_is_revoked() -> None:
    made = world()
    farm, kudzai = account_id(made, "moyo_farm"), MemberId(made.member(KUDZAI).id)
    async with asking(made) as core:
        assert await core.execute(FindMember(TARIRO, "kudzai")) == MemberFound(
            MemberName(kudzai, "Kudzai Ncube", "kudzai")
        )
        nobody = await core.execute(FindMember(TARIRO, "nobody"))
        assert await core.execute(AuthorizeMember(TARIRO, farm, "kudzai")) == MemberAuthorized(farm, kudzai)
        assert await core.execute(SendOffersTo(TARIRO, farm, kudzai)) == OffersRouted(farm, kudzai)
        login = await core.execute(Login(TARIRO))
        assert await core.execute(RevokeMember(TARIRO, farm, kudzai)) == MemberRevoked(farm, kudzai)
        again = await core.execute(RevokeMember(TARIRO, farm, kudzai))
    assert isinstance(nobody, Refused)
    assert nobody.refusal is Refusal.NOT_FOUND
    assert isinstance(login, LoggedIn)
    account = login.member.account(farm)
    assert account is not None
    assert account.offers_to == MemberName(kudzai, "Kudzai Ncube")
    assert isinstance(again, Refused)
    assert again.refusal is Refusal.GONE


async def test_an_account_takes_five_members_and_its_owner_needs_a_tier() -> None:
    made = world()
    for number in range(4):
        phone = f"26377000020{number}"
        made.add_member(phone, "Rudo", "Dube", handle=f"rudo{number}")
        made.authorize("moyo_farm", phone)
    async with asking(made) as core:
        full = await core.execute(AuthorizeMember(TARIRO, account_id(made, "moyo_farm"), "kudzai"))
        low = await core.execute(AuthorizeMember(KUDZAI, account_id(made, "kudzai"), "tariro"))
    assert isinstance(full, Refused)
    assert full.refusal is Refusal.FULL
    assert isinstance(low, Refused)
    assert low.refusal is Refusal.TIER_LIMIT


async def test_a_recurring_payment_is_set_up_read_and_ended_once() -> None:
    made = world()
    source, target = account_id(made, "tariro"), account_id(made, "kudzai")
    command = SetUpRecurring(
        phone=TARIRO, source=source, target=target, amount=usd("5.00"), every_days=28, start=date(2025, 3, 1)
    )
    async with asking(made) as core:
        made_up = await core.execute(command)
        assert isinstance(made_up, RecurringSetUp)
        recurring = made_up.recurring
        read = await core.execute(ReadRecurring(TARIRO, source, recurring.id))
        ended = await core.execute(CancelRecurring(TARIRO, recurring.id))
        again = await core.execute(CancelRecurring(TARIRO, recurring.id))
    assert read == RecurringRead(recurring)
    assert (recurring.amount, recurring.every_days, recurring.status) == (usd("5.00"), 28, "PENDING")
    assert (recurring.source, recurring.target, recurring.next_run) == (source, target, date(2025, 3, 1))
    assert ended == RecurringCancelled(recurring.id)
    assert isinstance(again, Refused)
    assert again.refusal is Refusal.GONE
