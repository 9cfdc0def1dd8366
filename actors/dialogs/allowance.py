"""What may be signed by text message. A setting, since the sender of one can be forged.

Money never moves by a bare digit there: it takes a code (``texting``) that only the phone itself was sent. This is the
second line of defence: how much may be at stake at all.
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

import msgspec

from actors.dialogs import texts
from actors.dialogs.acts import Act
from actors.dialogs.changes import ConfirmingChange
from actors.dialogs.offers import ReviewingOffer
from actors.dialogs.recurring_signing import SigningRecurring
from actors.dialogs.several import SigningSeveral
from actors.dialogs.signing import SigningOffer
from actors.dialogs.states import Consenting, Signing
from actors.dialogs.upgrading import SigningUpgrade
from actors.dialogs.words import joined
from actors.settlement import CHARGE
from credex.commands import CancelRecurring, OpenAccount, RenameAccount
from credex.money import Denomination, Money


class May(StrEnum):
    """How far text messages go."""

    OFF = "off"
    """They are answered with the way to WhatsApp, and nothing else. Notices still go out."""
    VIEW = "view"
    """Everything can be seen, nothing signed or changed."""
    LIMITED = "limited"
    """Up to the limits can be signed; nothing that repeats, and nobody can be given power over an account."""
    ALL = "all"
    """As on WhatsApp."""


USUAL_LIMITS = (
    Money(Decimal(20), Denomination.USD),
    Money(Decimal(500), Denomination.ZWG),
    Money(Decimal(25), Denomination.CAD),
)


class Texting(msgspec.Struct, frozen=True, kw_only=True):
    """``limits`` has the most that can be signed for at once, by denomination; of others nothing can.

    ``elsewhere`` says whether there is WhatsApp to do the rest on.
    """

    may: May = May.LIMITED
    limits: tuple[Money, ...] = USUAL_LIMITS
    elsewhere: bool = True

    @property
    def only_looks(self) -> bool:
        """Whether nothing may be changed, nor anybody join."""
        return self.may in (May.OFF, May.VIEW)

    def objection(self, state: Signing | Consenting) -> str:
        """Why this cannot be signed or confirmed by text message; empty if it can."""
        match self.may:
            case May.ALL:
                return ""
            case May.OFF | May.VIEW:
                return self.refusal(texts.SMS_ONLY_LOOKS)
            case May.LIMITED:
                return self._limited(state)

    def refusal(self, why: str) -> str:
        """Why, and where else it can be done."""
        return joined(" ", (why, texts.SMS_ELSEWHERE)) if self.elsewhere else why

    def _limited(self, state: Signing | Consenting) -> str:
        if isinstance(state, ConfirmingChange):
            harmless = isinstance(state.command, OpenAccount | RenameAccount | CancelRecurring)
            return "" if harmless else self.refusal(texts.SMS_NO_POWER)
        if isinstance(state, SigningRecurring):
            return self.refusal(texts.SMS_NO_REPEATS)  # what it comes to by and by has no limit
        most = {limit.denomination: limit.amount for limit in self.limits}
        over = (amount for amount in _at_stake(state) if amount.amount > most.get(amount.denomination, 0))
        limits = ", ".join(map(str, self.limits))
        return self.refusal(texts.SMS_OVER_LIMIT.format(limits=limits)) if any(over) else ""


CAREFUL = Texting()
"""Where nothing else is set."""


def _at_stake(state: SigningOffer | ReviewingOffer | SigningSeveral | SigningUpgrade) -> Iterable[Money]:
    match state:
        case SigningOffer(command=command):
            return (command.amount,)
        case ReviewingOffer(act=act, offer=offer):
            return (offer.amount,) if act is Act.ACCEPT else ()
        case SigningSeveral(offers=offers):
            sums: dict[Denomination, Money] = {}
            for offer in offers:
                one = offer.amount
                known = sums.get(one.denomination)
                sums[one.denomination] = Money(known.amount + one.amount, one.denomination) if known else one
            return sums.values()
        case SigningUpgrade():
            return (CHARGE,)
