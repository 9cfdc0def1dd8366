"""Whatever members do, money is neither made nor lost: a model keeps the books beside the core."""

from collections import defaultdict
from decimal import Decimal
from functools import partial

import trio
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from credex.money import Denomination
from credex.simulator.figures import convert, formatted
from credex.simulator.nightly import close_day
from credex.simulator.records import CredexRecord
from credex.simulator.world import World
from tests.credex.simulator.visiting import TODAY, Heard, Time, Visitor, core_over

PHONES = {"rudo": "263770000201", "tendai": "263770000202", "chipo": "263770000203"}
KINDS = [Denomination.USD, Denomination.ZWG, Denomination.XAU]
people = st.sampled_from(sorted(PHONES))
amounts = st.decimals(min_value="0.01", max_value="60", places=2)
answers = st.sampled_from(["/acceptCredex", "/declineCredex", "/cancelCredex"])


class Books(RuleBasedStateMachine):
    """Offers, answers and nights in any order, through the endpoints; after each step the books must balance."""

    @initialize()
    def open_the_doors(self) -> None:
        self.world = World(TODAY)
        self.owed: dict[tuple[str, Denomination], Decimal] = defaultdict(Decimal)
        self.offered: list[CredexRecord] = []
        for handle, phone in PHONES.items():
            self.world.add_member(phone, handle.title(), "Moyo", 3, handle)
            for kind in KINDS:
                self.world.fund(handle, "50", kind)
                self.owed[handle, kind] = Decimal(50)
        core = core_over(self.world, Time())
        self.visitors = {handle: Visitor(core) for handle in PHONES}
        for handle, phone in PHONES.items():
            trio.run(self.visitors[handle].login, phone)

    @rule(source=people, receiver=people, amount=amounts, kind=st.sampled_from(KINDS), secured=st.booleans())
    def offer(self, source: str, receiver: str, amount: Decimal, kind: Denomination, *, secured: bool) -> None:
        terms = {"Denomination": kind, "securedCredex": secured} | ({} if secured else {"dueDate": "2025-02-28"})
        heard: Heard = trio.run(partial(self.visitors[source].offer, source, receiver, str(amount), **terms))
        if heard.status == 200:
            self.offered.append(self.world.credexes[heard.id])

    @rule(number=st.integers(0, 99), who=people, path=answers)
    def answer(self, number: int, who: str, path: str) -> None:
        if not self.offered:
            return
        offer = self.offered[number % len(self.offered)]
        heard: Heard = trio.run(partial(self.visitors[who].post, path, credexID=offer.id))
        if heard.status == 200 and path == "/acceptCredex":
            self.owed[self.world.accounts[offer.receiver].handle, offer.denomination] += offer.initial
            self.owed[self.world.accounts[offer.issuer].handle, offer.denomination] -= offer.initial

    @rule()
    def sleep(self) -> None:
        close_day(self.world)

    @invariant()
    def members_are_shown_what_the_model_says(self) -> None:
        for handle, visitor in self.visitors.items():
            account = self.world.account(handle).id
            heard: Heard = trio.run(partial(visitor.post, "/getBalances", accountID=account))
            assets = (convert(self.owed[handle, kind], kind, Denomination.USD, self.world.rates) for kind in KINDS)
            shown = heard.details["balances"]["netCredexAssetsInDefaultDenom"]
            assert shown == formatted(sum(assets, Decimal(0)), Denomination.USD)

    @invariant()
    def the_model_sums_to_what_the_trusts_paid_out(self) -> None:
        for kind in KINDS:
            assert sum(self.owed[handle, kind] for handle in PHONES) == 50 * len(PHONES)

    @invariant()
    def secured_balances_and_open_offers_sum_to_nothing(self) -> None:
        handles = [account.handle for account in self.world.accounts.values()]
        for kind in KINDS:
            shown = sum(self.world.secured_balance(handle, kind) for handle in handles)
            waiting = [offer for handle in handles for offer in self.world.offers_of(handle, "outgoing")]
            assert shown == -sum(offer.initial for offer in waiting if offer.secured and offer.denomination is kind)


TestBooks = Books.TestCase
TestBooks.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
