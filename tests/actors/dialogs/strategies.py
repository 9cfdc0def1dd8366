"""Any member, any state, any word of a member or of credex-core: also the longest and the strangest."""

from datetime import date, timedelta
from decimal import Decimal

import msgspec
from hypothesis import strategies as st

from actors.dialogs.accounts import ChoosingAccount
from actors.dialogs.acts import Act
from actors.dialogs.authority import AskingMember, ChoosingMember, LookingUpMember, Purpose
from actors.dialogs.browsing import BrowsingOffers, ViewingOffer
from actors.dialogs.changes import ConfirmingChange, FindingOutChange, SubmittingChange
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.doors import DOORS
from actors.dialogs.doubts import Doubting
from actors.dialogs.entry import LoggingIn
from actors.dialogs.ledger import ReadingEntry, ReadingLedger, ShowingEntry, ShowingLedger
from actors.dialogs.ledger_pages import LedgerPage, newer, newest, older
from actors.dialogs.managing import ManagingAccount
from actors.dialogs.notices import BUTTON
from actors.dialogs.offer import AskingAmount, AskingRecipient, ChoosingReading, LookingUpRecipient, Terms
from actors.dialogs.offers import PickingOffer, ReviewingOffer, SettlingAnswer, SubmittingAnswer
from actors.dialogs.onboarding import (
    AskingFirstName,
    AskingLastName,
    ConfirmingMembership,
    FindingOut,
    Joining,
    Welcome,
)
from actors.dialogs.opening import (
    AskingAccountHandle,
    AskingAccountName,
    CheckingHandle,
    PickingDenomination,
    PickingKind,
)
from actors.dialogs.outside import Outside
from actors.dialogs.quick import QuickOffer
from actors.dialogs.recurring import (
    AskingDays,
    AskingRecurringAmount,
    AskingRecurringReceiver,
    AskingStart,
    LookingUpReceiver,
    PickingRhythm,
)
from actors.dialogs.recurring_list import AtRecurring, Listed, PickingRecurring, ReadingRecurring
from actors.dialogs.recurring_signing import SettlingRecurring, SigningRecurring, SubmittingRecurring
from actors.dialogs.renaming import AskingNewName
from actors.dialogs.several import SettlingSeveral, SigningSeveral, SubmittingSeveral
from actors.dialogs.signing import AskingDueDate, SettlingOffer, SigningOffer, SubmittingOffer
from actors.dialogs.states import AnyState, Position, Waiting
from actors.dialogs.upgrading import LookingAtTier, SettlingUpgrade, SigningUpgrade, SubmittingUpgrade
from actors.dialogs.visit import Kept, Visit
from channels.message import IdentityChanged, InboundMessage, Media, Peer, Tap, Text
from channels.plain import heard
from credex.commands import (
    AcceptOffers,
    AuthorizeMember,
    CancelRecurring,
    OfferCredex,
    Onboard,
    OpenAccount,
    RenameAccount,
    RevokeMember,
    SendOffersTo,
    SetUpRecurring,
    UpgradeTier,
)
from credex.model import (
    Account,
    AccountId,
    AccountKind,
    AccountName,
    Balances,
    Credex,
    CredexState,
    LedgerEntry,
    Member,
    MemberId,
    MemberName,
    Offer,
    OfferId,
    Recurring,
    RecurringId,
)
from credex.money import Denomination, Money
from credex.outcomes import (
    AccountFound,
    AccountOpened,
    AccountRenamed,
    CredexRead,
    LedgerRead,
    LoggedIn,
    MemberAuthorized,
    MemberFound,
    MemberRevoked,
    NotAMember,
    OfferAccepted,
    OfferCancelled,
    OfferDeclined,
    OfferMade,
    OffersAccepted,
    OffersRouted,
    Onboarded,
    Outcome,
    RecurringCancelled,
    RecurringRead,
    RecurringSetUp,
    Refusal,
    Refused,
    TierUpgraded,
    Unavailable,
    Unclear,
)
from tests.actors.dialogs.people import NOON, PHONE

names = st.one_of(
    st.sampled_from(["", "Rudo", "Home", "W" * 300, "\U0001f468" * 90, "a\nb{amount}", "Next"]),
    st.text(max_size=20),
)
handles = st.sampled_from(["rudo", "tariro_m", "h" * 30])
denominations = st.sampled_from(Denomination)
amounts = st.one_of(
    st.sampled_from([Decimal("999999999999.99"), Decimal("123456789012345.6789"), Decimal(5)]),
    st.integers(0, 10**12).map(Decimal),
)
moneys = st.builds(Money, amounts, denominations)
signed_moneys = moneys.flatmap(lambda money: st.sampled_from([money, Money(-money.amount, money.denomination)]))
readings = st.lists(st.integers(1, 10**14 - 1), min_size=1, max_size=2, unique=True).flatmap(
    lambda cents: denominations.map(lambda kind: tuple(Money(Decimal(each).scaleb(-2), kind) for each in cents))
)
ids = st.integers(0, 9).map(lambda number: f"0ffe0000-0000-4000-8000-00000000{number}000")

offers = st.builds(
    Offer,
    id=ids.map(OfferId),
    amount=moneys,
    counterparty=names,
    secured=st.booleans(),
    due=st.none() | st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 1, 1)),
)


def _copies(offer: Offer, many: int) -> tuple[Offer, ...]:
    """As many alike but for the id: drawing each by itself would make a thousand decisions of no interest."""
    return tuple(msgspec.structs.replace(offer, id=OfferId(f"{offer.id[:-3]}{number:03}")) for number in range(many))


many_offers = st.builds(_copies, offers, st.integers(0, 12) | st.just(120))


def _others(many: tuple[Offer, ...]) -> tuple[Offer, ...]:
    """Nobody makes an offer to an account from itself: no id is of an offer both ways."""
    return tuple(msgspec.structs.replace(offer, id=OfferId(f"1{offer.id[1:]}")) for offer in many)


def _balances(money: Money, secured: int) -> Balances:
    held = tuple(Money(money.amount, denomination) for denomination in tuple(Denomination)[:secured])
    return Balances(secured=held, payables=money, receivables=money, net_unsecured=money, net_assets=money)


member_names = st.builds(MemberName, ids.map(MemberId), names, st.just("") | handles)
accounts = st.builds(
    Account,
    id=ids.map(AccountId),
    name=names,
    handle=handles,
    kind=st.sampled_from(AccountKind),
    default_denomination=denominations,
    owned=st.booleans(),
    balances=st.builds(_balances, signed_moneys, st.integers(0, 5)),
    incoming=many_offers,
    outgoing=many_offers.map(_others),
    offers_to=st.none() | member_names,
)


def _alike(account: Account, many: int) -> tuple[Account, ...]:
    first = (account,) if many else ()
    bare = msgspec.structs.replace(account, incoming=(), outgoing=())
    others = (
        msgspec.structs.replace(bare, id=AccountId(f"{account.id}-{number}"), handle=f"other_{number}")
        for number in range(1, many)
    )
    return (*first, *others)


def members(*, at_least: int = 0) -> st.SearchStrategy[Member]:
    return st.builds(
        Member,
        id=ids.map(MemberId),
        first_name=names,
        last_name=names,
        handle=handles,
        tier=st.integers(1, 5),
        remaining_usd=st.none() | amounts,
        default_denomination=denominations,
        accounts=st.builds(_alike, accounts, st.integers(at_least, 11) | st.just(40)),
    )


kepts = names


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    member = draw(members(at_least=1))
    account = draw(st.sampled_from(member.accounts))
    seen = draw(st.sampled_from([None, NOON, NOON - timedelta(minutes=5)]))
    kept = draw(kepts)
    recurring = draw(st.sampled_from([None, (), tuple(Kept(RecurringId(str(n)), account.id, kept) for n in range(12))]))
    return Visit(phone=PHONE, member=member, account_id=account.id, seen=seen, recurring=recurring)


phones = st.just(PHONE)
visited = visits()
account_names = st.builds(AccountName, ids.map(AccountId), names, handles)
stored_names = st.sampled_from(["Tariro", "Moyo-Ncube", "N" * 50])
onboards = st.builds(
    Onboard,
    phone=phones,
    first_name=stored_names,
    last_name=stored_names,
    default_denomination=denominations,
)
offer_commands = st.builds(
    OfferCredex,
    phone=phones,
    issuer=ids.map(AccountId),
    receiver=ids.map(AccountId),
    amount=moneys,
    due=st.none() | st.dates(min_value=date(2026, 3, 1), max_value=date(2026, 4, 30)),
)
upgrades = st.builds(UpgradeTier, phones, ids.map(AccountId))
acts = st.sampled_from(Act)
answer_commands = st.builds(lambda act, offer: act.command(PHONE, OfferId(offer)), acts, ids)
account_stored_names = st.sampled_from(["Shop 2", "Moyo-Stores", "N" * 50])
recurring_commands = st.builds(
    SetUpRecurring,
    phone=phones,
    source=ids.map(AccountId),
    target=ids.map(AccountId),
    amount=moneys,
    every_days=st.integers(1, 365),
    start=st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 1, 1)),
)
recurrings = st.builds(
    Recurring,
    id=ids.map(RecurringId),
    amount=moneys,
    every_days=st.integers(1, 365),
    next_run=st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 1, 1)),
    status=st.sampled_from(["PENDING", "ACTIVE", "CANCELLED"]),
    source=ids.map(AccountId),
    target=ids.map(AccountId),
)


def _all_listed(now: Recurring, receiver: str, many: int) -> tuple[Listed, ...]:
    kept = (Kept(RecurringId(f"{now.id}-{number}"), now.source, receiver) for number in range(many))
    return tuple(Listed(one, now) for one in kept)


listed = st.builds(_all_listed, recurrings, names, st.integers(0, 7))
change_commands = st.one_of(
    st.builds(
        OpenAccount,
        phone=phones,
        kind=st.sampled_from(AccountKind),
        name=account_stored_names,
        handle=handles,
        default_denomination=denominations,
    ),
    st.builds(RenameAccount, phones, ids.map(AccountId), account_stored_names),
    st.builds(AuthorizeMember, phones, ids.map(AccountId), handles),
    st.builds(RevokeMember, phones, ids.map(AccountId), ids.map(MemberId)),
    st.builds(SendOffersTo, phones, ids.map(AccountId), ids.map(MemberId)),
    st.builds(CancelRecurring, phones, ids.map(RecurringId)),
)
changed = (visited, change_commands, st.none() | member_names, st.sampled_from(["", "t" * 250]))
purposes = st.sampled_from(Purpose)
repeated = (visited, recurring_commands, account_names)
dues = st.sampled_from(["", "24 Mar", "in 3 weeks", "x" * 30])
terms = st.builds(Terms, secured=st.booleans(), due=dues)
quick_offers = st.builds(
    QuickOffer, handle=handles, amount=st.sampled_from(["", "5", "-5", "1,0", "$5"]), secured=st.booleans(), due=dues
)
doors = st.none() | st.sampled_from([*DOORS, "no_such_door"]) | quick_offers
asking_freely = st.one_of(
    st.builds(AskingFirstName, phones),
    st.builds(AskingLastName, phones, stored_names),
    st.builds(AskingAmount, visited, terms, st.just("") | handles),
    st.builds(AskingRecipient, visited, moneys, terms),
    st.builds(AskingAccountName, visited),
    st.builds(AskingAccountHandle, visited, account_stored_names),
    st.builds(AskingNewName, visited),
    st.builds(AskingMember, visited, purposes),
    st.builds(AskingRecurringAmount, visited),
    st.builds(AskingRecurringReceiver, visited, moneys),
)


def _entries(entry: LedgerEntry, many: int) -> tuple[LedgerEntry, ...]:
    """As many alike, every third one the other way."""
    other_way = Money(-entry.amount.amount, entry.amount.denomination)
    return tuple(
        msgspec.structs.replace(
            entry,
            id=OfferId(f"{entry.id[:-3]}{number:03}"),
            amount=entry.amount if number % 3 else other_way,
        )
        for number in range(many)
    )


moments = st.none() | st.sampled_from([NOON, NOON - timedelta(days=1)])
ledger_entries = st.builds(LedgerEntry, id=ids.map(OfferId), amount=signed_moneys, counterparty=names, at=moments)
ledger_rows = st.builds(_entries, ledger_entries, st.integers(0, 15))
ledgers_read = st.builds(LedgerRead, ledger_rows, st.booleans())
ledger_pages = st.builds(
    LedgerPage,
    entries=st.builds(_entries, ledger_entries, st.integers(1, 7)),
    start=st.integers(0, 100),
    number=st.integers(1, 20),
    more=st.booleans(),
)
credexes = st.builds(
    Credex,
    id=ids.map(OfferId),
    amount=signed_moneys,
    counterparty=names,
    secured=st.booleans(),
    state=st.sampled_from(CredexState),
    outstanding=signed_moneys,
    redeemed=signed_moneys,
    defaulted=signed_moneys,
    written_off=signed_moneys,
    due=st.none() | st.just(date(2026, 4, 1)),
    accepted_at=moments,
    declined_at=moments,
    cancelled_at=moments,
)
turnings = st.one_of(
    st.builds(newest, st.none() | ledger_pages),
    ledger_pages.map(older),
    ledger_pages.map(newer),
)


def _several(visit: Visit, many: int) -> tuple[Visit, AcceptOffers]:
    waiting = tuple(offer.id for offer in visit.account.incoming[:many])
    return visit, AcceptOffers(PHONE, visit.account.id, waiting or (OfferId("0ffe"),))


several = st.builds(_several, visited, st.integers(1, 50))
notes = st.lists(st.sampled_from(["A note.", "n" * 600]), max_size=2).map(tuple)

signing: st.SearchStrategy[AnyState] = st.one_of(
    st.builds(SigningOffer, visited, offer_commands, account_names),
    st.builds(ReviewingOffer, visited, answer_commands, offers, st.booleans()),
    several.map(lambda both: SigningSeveral(*both)),
    st.builds(SigningRecurring, *repeated),
    st.builds(SigningUpgrade, visited, upgrades),
)
consenting: st.SearchStrategy[AnyState] = st.builds(ConfirmingChange, *changed)
waiting: st.SearchStrategy[AnyState] = st.one_of(
    st.builds(
        LoggingIn,
        phone=phones,
        account_id=st.none() | ids.map(AccountId),
        notes=notes,
        door=doors,
        recurring=st.sampled_from([None, ()]),
        outdated=st.booleans(),
    ),
    st.builds(Joining, onboards),
    st.builds(FindingOut, onboards),
    st.builds(LookingUpRecipient, visited, moneys, handles, terms),
    st.builds(SubmittingOffer, visited, offer_commands, account_names),
    st.builds(SubmittingAnswer, visited, answer_commands, offers),
    several.map(lambda both: SubmittingSeveral(*both)),
    st.builds(SubmittingUpgrade, visited, upgrades),
    st.builds(ReadingLedger, visited, turnings),
    st.builds(ReadingEntry, visited, ledger_pages),
    st.builds(SubmittingRecurring, *repeated),
    st.builds(CheckingHandle, visited, account_stored_names, handles),
    st.builds(LookingUpMember, visited, purposes, handles),
    st.builds(LookingUpReceiver, visited, moneys, handles),
    st.builds(ReadingRecurring, visited, st.integers(0, 3), st.just((Kept(RecurringId("1"), AccountId("a"), "R"),))),
    st.builds(SubmittingChange, *changed),
    st.builds(FindingOutChange, *changed, st.none() | st.builds(Refused, st.sampled_from(Refusal), st.just("no"))),
)
settling: st.SearchStrategy[SettlingOffer | SettlingAnswer | SettlingSeveral | SettlingUpgrade | SettlingRecurring] = (
    st.one_of(
        st.builds(SettlingOffer, visited, offer_commands, account_names),
        st.builds(SettlingAnswer, visited, answer_commands, offers),
        several.map(lambda both: SettlingSeveral(*both)),
        st.builds(SettlingUpgrade, visited, upgrades),
        st.builds(SettlingRecurring, *repeated),
    )
)
managing: st.SearchStrategy[AnyState] = st.one_of(
    st.builds(ManagingAccount, visited),
    st.builds(ChoosingMember, visited, purposes),
    st.builds(PickingDenomination, visited, account_stored_names, handles),
    st.builds(PickingKind, visited, account_stored_names, handles, denominations),
    st.builds(AtRecurring, visited),
    st.builds(PickingRhythm, visited, moneys, account_names),
    st.builds(AskingDays, visited, moneys, account_names),
    st.builds(AskingStart, visited, moneys, account_names, st.integers(1, 365)),
    st.builds(PickingRecurring, visited, st.integers(0, 3), listed),
)
states: st.SearchStrategy[AnyState] = st.one_of(
    st.builds(Outside),
    st.builds(Welcome, phones),
    asking_freely,
    st.builds(ConfirmingMembership, onboards),
    st.builds(AtDashboard, visited),
    st.builds(ChoosingAccount, visit=visited, arriving=st.booleans(), page=st.integers(0, 5), door=doors),
    st.builds(ChoosingReading, visited, readings, terms, st.just("") | handles),
    st.builds(PickingOffer, visit=visited, act=acts, page=st.integers(0, 5)),
    st.builds(BrowsingOffers, visited, st.integers(0, 20)),
    st.builds(ViewingOffer, visited, offers, st.integers(0, 20)),
    st.builds(ShowingLedger, visited, ledger_pages),
    st.builds(ShowingEntry, visited, ledger_pages, credexes),
    st.builds(
        Doubting,
        st.sampled_from(["Hey", "good afternoon", "x" * 4000]),
        asking_freely,
        st.none() | st.sampled_from(tuple(DOORS)),
    ),
    st.builds(AskingDueDate, visited, moneys, account_names, st.dates(date(2026, 2, 20), date(2026, 3, 10))),
    st.builds(LookingAtTier, visited),
    managing,
    signing,
    consenting,
    settling,
    waiting,
)

SCREEN = "abcd1234"
ASKED = "member:1/1"


@st.composite
def positions(draw: st.DrawFn, of: st.SearchStrategy[AnyState] = states) -> Position:
    state = draw(of)
    touched = draw(st.sampled_from([NOON, NOON - timedelta(minutes=16)]))
    screen = SCREEN if state.prompt().choices else ""
    return Position(state=state, screen=screen, touched=touched, asked=ASKED if isinstance(state, Waiting) else "")


words = st.one_of(
    st.sampled_from(
        [
            "hi",
            "menu",
            "view",
            "help",
            "cancel",
            "yes",
            "y",
            "no",
            "1",
            "2",
            "5 USD",
            "5,00",
            "1.234,50",
            "@rudo",
            "",
            "confirm",
            "sign and send",
            "Moyo Store",
            "10",
            "every 3 days",
            "5 Mar 2026",
            "today",
            "next",
        ],
    ),
    st.sampled_from(
        ["5=>rudo", "0.5 -> Rudo = 24 Mar", "pay 5 to @rudo", "pay rudo 5", "rudo#5b0e-1", "tier", "offers", "ledger"],
    ),
    st.sampled_from(["24/3/2026", "30 Feb", "+21", "friday", "in 3 weeks", "2026-03-11", "2026-04-07"]),
    st.text(max_size=30),
    st.just("w" * 4096),
).map(heard)


@st.composite
def said(draw: st.DrawFn, position: Position | None) -> InboundMessage:
    """A message; taps prefer keys of the screen that is shown."""
    keys = ["confirm", "cancel", "nonsense"]
    keys += [choice.key for choice in position.state.prompt().choices] if position else []
    content = draw(
        st.one_of(
            st.builds(Text, words, forwarded=st.booleans()),
            st.builds(Tap, st.sampled_from(keys).map(lambda key: f"{SCREEN}.{key}")),
            st.builds(Tap, st.sampled_from(["old00000.confirm", "confirm", ".confirm", "", BUTTON])),
            st.builds(Media, st.sampled_from(["image", "voice"])),
            st.builds(IdentityChanged, st.just("number")),
        ),
    )
    channel = draw(st.sampled_from(["whatsapp", "sms"]))
    at = NOON - draw(st.sampled_from([timedelta(0), timedelta(seconds=30), timedelta(days=2), -timedelta(hours=1)]))
    return InboundMessage(id="in-1", peer=Peer(channel, "line", PHONE), at=at, content=content)


maybe_accounts = st.none() | accounts
outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(LoggedIn, members()),
    st.builds(NotAMember),
    st.builds(Onboarded, members()),
    st.builds(AccountFound, account_names),
    st.builds(AccountOpened, ids.map(AccountId), maybe_accounts),
    st.builds(AccountRenamed, maybe_accounts),
    st.builds(MemberFound, member_names),
    st.builds(MemberAuthorized, ids.map(AccountId), ids.map(MemberId)),
    st.builds(MemberRevoked, ids.map(AccountId), ids.map(MemberId)),
    st.builds(OffersRouted, ids.map(AccountId), ids.map(MemberId)),
    st.builds(RecurringSetUp, recurrings),
    st.builds(RecurringRead, recurrings),
    st.builds(RecurringCancelled, ids.map(RecurringId)),
    st.builds(OfferMade, ids.map(OfferId), maybe_accounts),
    st.builds(OfferAccepted, ids.map(OfferId), maybe_accounts),
    st.builds(OfferDeclined, ids.map(OfferId), maybe_accounts),
    st.builds(OfferCancelled, ids.map(OfferId), maybe_accounts),
    st.builds(TierUpgraded, st.integers(1, 5)),
    ledgers_read,
    st.builds(CredexRead, credexes),
    st.builds(
        OffersAccepted,
        accepted=st.just((OfferId("0ffe"),)),
        already=st.just(()),
        failed=st.lists(ids.map(OfferId), max_size=3, unique=True).map(tuple),
        account=maybe_accounts,
    ),
    st.builds(Refused, st.sampled_from(Refusal), st.text(max_size=300), st.none() | moneys),
    st.builds(Unavailable, st.just("refused")),
    st.builds(Unclear, st.just("timeout")),
)
