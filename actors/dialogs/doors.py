"""The doors of the dashboard: which dialog stands behind which of its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from actors.dialogs import dashboard
from actors.dialogs.accounts import choose_account
from actors.dialogs.acts import Act
from actors.dialogs.browsing import browse_offers
from actors.dialogs.entry import refresh
from actors.dialogs.ledger import open_ledger
from actors.dialogs.managing import manage_account
from actors.dialogs.offer import offer_quickly, offer_secured, offer_unsecured
from actors.dialogs.offers import pick_offer, view_offers
from actors.dialogs.quick import QuickOffer
from actors.dialogs.recurring import set_up_recurring
from actors.dialogs.several import accept_all
from actors.dialogs.state import Step, stay
from actors.dialogs.upgrading import show_tier
from actors.dialogs.visit import Visit
from runtime.turn import Turn


@dataclass(frozen=True, slots=True)
class Door:
    """``fresh`` doors lead to what others may have changed: the dashboard is read anew first if it is not young.

    ``pays`` doors lead to what moves money.
    """

    opens: Callable[[Visit], Step]
    fresh: bool = False
    pays: bool = True


DOORS: Mapping[str, Door] = {
    dashboard.OFFER_SECURED: Door(offer_secured),
    dashboard.OFFER_UNSECURED: Door(offer_unsecured),
    dashboard.ACCEPT_OFFER: Door(partial(pick_offer, act=Act.ACCEPT), fresh=True),
    dashboard.DECLINE_OFFER: Door(partial(pick_offer, act=Act.DECLINE), fresh=True),
    dashboard.CANCEL_OFFER: Door(partial(pick_offer, act=Act.CANCEL), fresh=True),
    dashboard.ACCEPT_ALL: Door(accept_all, fresh=True),
    dashboard.OFFERS: Door(browse_offers, fresh=True, pays=False),
    dashboard.LEDGER: Door(open_ledger, pays=False),
    dashboard.VIEW_OFFERS: Door(view_offers, fresh=True),
    dashboard.SWITCH_ACCOUNT: Door(choose_account, pays=False),
    dashboard.MANAGE_ACCOUNT: Door(manage_account, fresh=True, pays=False),
    "set_up_recurring": Door(set_up_recurring),
    dashboard.UPGRADE: Door(show_tier, fresh=True, pays=False),
}

WORDS: Mapping[str, str] = {
    "offers": dashboard.OFFERS,
    "ledger": dashboard.LEDGER,
    "view_ledger": dashboard.LEDGER,
    "switch": dashboard.SWITCH_ACCOUNT,
    "accounts": dashboard.SWITCH_ACCOUNT,
    "manage": dashboard.MANAGE_ACCOUNT,
    "tier": dashboard.UPGRADE,
    "upgrade": dashboard.UPGRADE,
}
"""Words that open a door from anywhere, also where its row is not on the screen."""


def enter(key: str | QuickOffer, visit: Visit, turn: Turn, *, busy: str | None = None) -> Step:
    """Go through a door, by way of credex-core where the copy at hand may be old. An offer is taken up at once.

    ``busy`` says why no door that pays is open now.
    """
    if isinstance(key, QuickOffer):
        return stay(dashboard.AtDashboard(visit), busy) if busy is not None else offer_quickly(visit, key, turn)
    door = DOORS.get(key)
    if door is None:
        return stay(dashboard.AtDashboard(visit))
    if door.pays and busy is not None:
        return stay(dashboard.AtDashboard(visit), busy)
    if door.fresh and not visit.fresh(turn.now):
        return refresh(visit, door=key)
    return door.opens(visit)
