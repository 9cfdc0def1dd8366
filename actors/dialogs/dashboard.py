"""The dashboard: what the account holds and what can be done with it. Every dialog begins and ends here.

It knows the keys of its rows, not the dialogs behind them: choosing a row is a ``Step`` that ``opens`` a door
(``actors.dialogs.doors``). A row is shown only if it leads somewhere.
"""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from actors.dialogs import texts
from actors.dialogs.state import Answered, Chose, Event, Heard, Step, Unsupported, stay
from actors.dialogs.visit import Visit
from actors.dialogs.wording import count, party
from actors.dialogs.words import Words, brief
from channels.message import Choice, OutboundMessage
from credex.model import Account
from credex.money import Denomination, Money
from runtime.turn import Turn

OFFER_SECURED = "offer_secured"
OFFER_UNSECURED = "offer_unsecured"
ACCEPT_OFFER = "accept_offer"
DECLINE_OFFER = "decline_offer"
CANCEL_OFFER = "cancel_offer"
ACCEPT_ALL = "accept_all"
OFFERS = "offers"
LEDGER = "ledger"
VIEW_OFFERS = "view_offers"
"""No row of the dashboard, but where a notice leads to."""
SWITCH_ACCOUNT = "switch_account"
MANAGE_ACCOUNT = "manage_account"
UPGRADE = "upgrade"
HELP = "help"

_PAID_TIER = 3


class AtDashboard(msgspec.Struct, frozen=True, tag=True):
    """Home."""

    visit: Visit

    def prompt(self) -> OutboundMessage:
        """Balances, what waits, and a row for everything possible."""
        account = self.visit.account
        paragraphs = (
            party(account.name, account.handle),
            _secured(account),
            _assets(account),
            _notices(self.visit),
        )
        return OutboundMessage(
            text=Words("\n\n".join(filter(None, paragraphs)), self._briefly),
            choices=(*_credex_rows(account), *_member_rows(self.visit)),
            menu=texts.DASHBOARD_MENU,
        )

    def _briefly(self) -> str:
        """The same figures, of debts only those there are."""
        account, left = self.visit.account, self.visit.member.remaining_usd
        balances = account.balances
        debts = (
            texts.SMS_OWES.format(amount=abs(balances.payables)) if balances.payables.amount else "",
            texts.SMS_OWED.format(amount=abs(balances.receivables)) if balances.receivables.amount else "",
            texts.SMS_NET.format(amount=balances.net_assets),
        )
        lines = (
            texts.SMS_SECURED.format(account=brief(self.visit.party), amounts=", ".join(_held(account))),
            ", ".join(filter(None, debts)),
            "" if left is None else texts.SMS_LEFT.format(amount=Money(left, Denomination.USD)),
            ", ".join(_open(account)),
        )
        return "\n".join(filter(None, lines))

    def on(self, event: Event, turn: Turn) -> Step:  # noqa: ARG002 - every state has this shape
        """A row opens a door; anything else is asked again."""
        match event:
            case Chose("help"):
                return stay(self, texts.HELP)
            case Chose(key):
                return Step(state=self, opens=key)
            case Heard():
                return stay(self, texts.PICK_ONE)
            case Unsupported() | Answered():
                return stay(self)


def _secured(account: Account) -> str:
    return "\n".join((texts.SECURED, *_held(account)))


def _held(account: Account) -> list[str]:
    held = account.balances.secured
    return [str(money) for money in held] or [str(Money(Decimal(0), account.default_denomination))]


def _open(account: Account) -> Iterator[str]:
    if account.incoming:
        yield count(len(account.incoming), texts.ONE_TO_ANSWER, texts.MANY_TO_ANSWER)
    if account.outgoing:
        yield count(len(account.outgoing), texts.ONE_TO_CANCEL, texts.MANY_TO_CANCEL)


def _assets(account: Account) -> str:
    balances = account.balances
    return "\n".join(
        (
            texts.PAYABLES.format(amount=abs(balances.payables)),
            texts.RECEIVABLES.format(amount=abs(balances.receivables)),
            texts.NET.format(amount=balances.net_unsecured),
            texts.NET_ASSETS.format(amount=balances.net_assets),
        ),
    )


def _notices(visit: Visit) -> str:
    account, left, notices = visit.account, visit.member.remaining_usd, []
    if left is not None:
        notices.append(texts.ALLOWANCE.format(amount=Money(left, Denomination.USD)))
    if account.incoming:
        notices.append(count(len(account.incoming), texts.ONE_WAITS, texts.MANY_WAIT) + ".")
    if account.outgoing:
        notices.append(count(len(account.outgoing), texts.ONE_OPEN, texts.MANY_OPEN) + ".")
    return "\n".join(notices)


def _credex_rows(account: Account) -> tuple[Choice, ...]:
    incoming, outgoing = len(account.incoming), len(account.outgoing)
    to_answer = count(incoming, texts.ONE_TO_ANSWER, texts.MANY_TO_ANSWER)
    to_cancel = count(outgoing, texts.ONE_TO_CANCEL, texts.MANY_TO_CANCEL)
    rows = [
        _row(OFFER_SECURED, texts.OFFER_SECURED, texts.OFFER_SECURED_HINT, "offer", "pay", "send"),
        _row(OFFER_UNSECURED, texts.ROW_OFFER_UNSECURED, texts.OFFER_UNSECURED_HINT, "unsecured", "promise"),
    ]
    if incoming:
        rows.append(_row(ACCEPT_OFFER, texts.ACCEPT, to_answer))
        rows.append(_row(DECLINE_OFFER, texts.DECLINE, to_answer))
    if outgoing:
        rows.append(_row(CANCEL_OFFER, texts.CANCEL, to_cancel))
    rows.append(_row(LEDGER, texts.ACCOUNT_LEDGER, texts.ACCOUNT_LEDGER_HINT, "ledger", "view ledger", "view_ledger"))
    return tuple(rows)


def _member_rows(visit: Visit) -> tuple[Choice, ...]:
    rows = []
    if visit.several:
        accounts = count(len(visit.member.accounts), texts.ONE_ACCOUNT, texts.MANY_ACCOUNTS)
        hint = texts.SWITCH_HINT.format(accounts=accounts)
        rows.append(Choice(key=SWITCH_ACCOUNT, title=texts.SWITCH, description=hint, section=texts.SECTION_MEMBER))
    hint = texts.MANAGE_HINT
    rows.append(Choice(key=MANAGE_ACCOUNT, title=texts.MANAGE, description=hint, section=texts.SECTION_MEMBER))
    if visit.member.tier < _PAID_TIER:
        row = Choice(key=UPGRADE, title=texts.UPGRADE, description=texts.UPGRADE_HINT, section=texts.SECTION_MEMBER)
        rows.append(row)
    rows.append(
        Choice(key=HELP, title=texts.HELP_ROW, description=texts.HELP_ROW_HINT, section=texts.SECTION_MEMBER),
    )
    return tuple(rows)


def _row(key: str, title: str, hint: str, *says: str) -> Choice:
    return Choice(key=key, title=title, description=hint, section=texts.SECTION_CREDEX, says=says)
