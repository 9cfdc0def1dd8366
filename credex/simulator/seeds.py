"""Worlds to begin with. All people and numbers are invented.

``founded_world`` has what every core starts with: the foundation, two audited trusts and their operating accounts.
``demo_world`` adds members a developer can play at once:

- Rudo (``rudo``, 263770000201): tier 3, 1,234.50 USD and ZWG, a ledger of three pages, an offer out to Tendai
- Tendai (``tendai``, 263770000202): tier 1, funded, Rudo's offer waiting
- Chipo (``chipo``, 263770000203): tier 5, three accounts
- Farai (``farai``, 263770000204): tier 5, eleven accounts
- Nyasha (``nyasha``, 263770000205): tier 1, twelve offers waiting, one of them unsecured
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from credex.money import Denomination
from credex.simulator.world import World

_ACCOUNTS_OF_FARAI = 10
_OFFERS_TO_NYASHA = 11
_SALES_OF_RUDO = 16


def founded_world(today: date, *, seed: int = 0) -> World:
    """The foundation and the operators, with the first member's pledge of 1 CXX a day."""
    world = World(today, seed=seed)
    world.add_member("263770000001", "Tatenda", "Sibanda", tier=5, handle="tatenda", default_denom="CAD")
    world.add_member("263770000002", "Ruvimbo", "Chikore", tier=5, handle="ruvimbo")
    world.add_member("263770000003", "Simba", "Mutasa", tier=5, handle="simba")
    world.add_account("263770000001", "Credex Foundation", "credex.foundation", "CREDEX_FOUNDATION", "CXX")
    world.add_account("263770000001", "Greatsun Trust", "greatsun_trust", "TRUST", "CAD", audited=True)
    world.add_account("263770000001", "Greatsun Operations", "greatsun_ops", "OPERATIONS", "CAD")
    world.add_account("263770000002", "VimbisoPay Trust", "vimbisopay_trust", "TRUST", "USD", audited=True)
    world.add_account("263770000002", "VimbisoPay Operations", "vimbisopay_ops", "OPERATIONS", "USD")
    world.fund("tatenda", "365.00", "CAD")
    world.keep(replace(world.account("tatenda"), pledge=Decimal(1), pledge_denomination=Denomination.CXX))
    return world


def demo_world(today: date, *, seed: int = 0) -> World:
    """``founded_world`` with the people above."""
    world = founded_world(today, seed=seed)
    world.add_member("263770000201", "Rudo", "Moyo", tier=3, handle="rudo")
    world.add_member("263770000202", "Tendai", "Ncube", tier=1, handle="tendai")
    world.add_member("263770000203", "Chipo", "Dube", tier=5, handle="chipo")
    world.add_member("263770000204", "Farai", "Banda", tier=5, handle="farai")
    world.add_member("263770000205", "Nyasha", "Gumbo", tier=1, handle="nyasha")
    _add_accounts(world)
    _add_money(world)
    _add_offers(world, due=today + timedelta(days=14))
    return world


def _add_accounts(world: World) -> None:
    world.add_account("263770000203", "Chipo Hardware", "chipo_hardware")
    world.add_account("263770000203", "Chipo Savings", "chipo_savings", "TRUST", "XAU")
    for stall in range(1, _ACCOUNTS_OF_FARAI + 1):
        world.add_account("263770000204", f"Farai Stall {stall}", f"farai_stall_{stall}")


def _add_money(world: World) -> None:
    world.fund("chipo_hardware", "2,500.00")
    world.fund("chipo_savings", "1.2500", "XAU")
    world.fund("farai", "40.00")
    world.fund("farai_stall_3", "12.75")
    world.fund("tendai", "25.00")
    world.fund("rudo", "1,099.50")
    world.fund("rudo", "5,000.00", "ZWG")
    for _ in range(_SALES_OF_RUDO):
        world.pay("chipo_hardware", "rudo", "10.00")


def _add_offers(world: World, *, due: date) -> None:
    world.offer("rudo", "tendai", "25.00")
    for number in range(1, _OFFERS_TO_NYASHA + 1):
        world.offer("chipo_hardware", "nyasha", f"{number}.50")
    world.offer("chipo_hardware", "nyasha", "60.00", secured=False, due=due)
