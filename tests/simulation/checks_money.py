"""What must hold of money in every world once it has healed.

The ledger of credex-core is the truth; a payment record is a claim about it; the audit trail and the screens that
phones were shown are the evidence of consent. The three must tell the same story.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from actors.audit import OF_A_MEMBER, Facts, Step, facts_of
from actors.dialogs.wording import full_day
from actors.payments import FINAL, PaymentRecord, PaymentState
from credex.commands import (
    AcceptOffer,
    AcceptOffers,
    CancelOffer,
    DeclineOffer,
    MoneyCommand,
    OfferCredex,
    SetUpRecurring,
    UpgradeTier,
)
from credex.simulator.endpoints.charging import OPERATOR_HANDLE
from credex.simulator.records import ACCEPTED_STATES, OPEN_STATES, CredexRecord, CredexState
from runtime.store import AuditEntry, Payment
from tests.simulation.history import REFUSED, Arrived, Committed, Moved, Sent, Took
from tests.simulation.text_phone import CODE
from tests.simulation.world import Played

Key = tuple[str, ...]

_body = msgspec.json.Decoder(float_hook=Decimal)
_TURNED_AWAY = frozenset({REFUSED, 401, 413, 415, 429})
_NEXT: dict[str | None, set[PaymentState]] = {
    None: {PaymentState.INTENT},
    PaymentState.INTENT: {PaymentState.SENT},
    PaymentState.SENT: {PaymentState.DONE, PaymentState.REFUSED, PaymentState.UNKNOWN},
    PaymentState.UNKNOWN: {PaymentState.SETTLED, PaymentState.PARKED},
}
_ON_TIME = timedelta(minutes=15, seconds=1)
_BLOCKED = timedelta(hours=1)
TYPED_YES = re.compile(r"yes|y|ok|1|sign and (?:send|pay)|yes, .*|confirm|accept|decline", re.IGNORECASE)


def payments_end(played: Played) -> Iterator[str]:
    """Each payment goes the way of its states, and to an end."""
    states: dict[str, str | None] = defaultdict(lambda: None)
    for payment in _steps(played):
        was = states[payment.id]
        if payment.state not in _NEXT.get(was, ()):
            yield f"{payment.id} went from {was} to {payment.state}"
        states[payment.id] = payment.state
    for name, state in states.items():
        if state not in {*FINAL, PaymentState.PARKED}:
            yield f"{name} is left {state}"


def one_payment_at_a_time(played: Played) -> Iterator[str]:
    """While a payment of a member is open, no other is begun, for an hour at most."""
    opened: dict[str, dict[str, datetime]] = defaultdict(dict)
    for event in played.history.of(Committed):
        for payment in event.commit.payments:
            others = opened[payment.address]
            if payment.state in {*FINAL, PaymentState.PARKED}:
                others.pop(payment.id, None)
            elif payment.state == PaymentState.INTENT:
                if any(event.at - since < _BLOCKED for since in others.values()):
                    yield f"{payment.id} began beside {', '.join(others)}"
                others[payment.id] = event.at


def offers_are_those_confirmed(played: Played) -> Iterator[str]:
    """Offers in the ledger are as many as payments that claim to have made them.

    One that was declined before anybody read of it has left no trace to read, and may be told as not made.
    """
    made, stands = Counter[Key](), Counter[Key]()
    for name, credex in played.after.items():
        if name not in played.before and not _is_charge(credex, played):
            key = _offer(credex.issuer, credex.receiver, credex.initial, credex.denomination)
            made[key] += 1
            stands[key] += credex.state in OPEN_STATES | ACCEPTED_STATES
    sure, perhaps = Counter[Key](), Counter[Key]()
    for payment, record in _ended(played):
        if isinstance(record.command, OfferCredex):
            sure[_key(record.command)] += _claims(payment, record)
            perhaps[_key(record.command)] += payment.state == PaymentState.PARKED
    for key in made.keys() | sure.keys():
        if sure[key] > made[key] or stands[key] > sure[key] + perhaps[key]:
            told = f"{sure[key]} payments say so, {perhaps[key]} are parked"
            yield f"{made[key]} offers {key}, {stands[key]} stand, {told}"


def upgrades_are_those_confirmed(played: Played) -> Iterator[str]:
    """An account was charged as often as payments claim that it was, and once at most, for no world lasts 28 days."""
    charged, sure, perhaps = Counter[str](), Counter[str](), Counter[str]()
    for name, credex in played.after.items():
        charged[credex.issuer] += name not in played.before and _is_charge(credex, played)
    for payment, record in _ended(played):
        if isinstance(record.command, UpgradeTier):
            sure[record.command.account] += _claims(payment, record)
            perhaps[record.command.account] += payment.state == PaymentState.PARKED
    for account, times in charged.items():
        if not sure[account] <= times <= sure[account] + perhaps[account]:
            yield f"{account} was charged {times} times, {sure[account]} payments say so, {perhaps[account]} are parked"
        if times > 1 + perhaps[account]:
            yield f"{account} was charged {times} times within the days that one charge buys"


def recurring_payments_are_those_confirmed(played: Played) -> Iterator[str]:
    """There are as many recurring payments as payments claim to have set up. No reading tells of one that got lost."""
    made = Counter(_recurring(one.source, one.target, one.amount, one.denomination) for one in played.recurring)
    sure, perhaps = Counter[Key](), Counter[Key]()
    for payment, record in _ended(played):
        if isinstance(record.command, SetUpRecurring):
            sure[_key(record.command)] += _claims(payment, record)
            perhaps[_key(record.command)] += payment.state == PaymentState.PARKED
    for key in made.keys() | sure.keys():
        if not sure[key] <= made[key] <= sure[key] + perhaps[key]:
            yield f"{made[key]} recurring {key}, {sure[key]} payments say so, {perhaps[key]} are parked"


def answers_are_those_confirmed(played: Played) -> Iterator[str]:
    """What became of an offer is what a payment claims, and nothing became of one that nobody answered."""
    claimed: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for payment, record in _ended(played):
        command = record.command
        if isinstance(command, AcceptOffer | DeclineOffer | CancelOffer):
            claims = _claims(payment, record)
            if claims or payment.state == PaymentState.PARKED:
                claimed[command.offer].append((type(command).__name__, claims))
            if claims and not _came_true(command, played.after[command.offer].state, told=payment.state):
                yield f"{payment.id} claims {command}, it is {played.after[command.offer].state}"
        elif isinstance(command, AcceptOffers) and (_claims(payment, record) or payment.state == PaymentState.PARKED):
            # Each is accepted for itself, and the record does not say which were.
            for offer in command.offers:
                claimed[offer].append((AcceptOffer.__name__, False))
            if not any(played.after[offer].state in ACCEPTED_STATES for offer in command.offers):
                yield f"{payment.id} claims {command}, and none of them is accepted"
    for name, credex in played.after.items():
        was = played.before[name].state if name in played.before else CredexState.OFFERS
        wanted = None if _is_charge(credex, played) else _BECAME.get(credex.state)
        if credex.state is not was and wanted and wanted not in {kind for kind, _ in claimed[name]}:
            yield f"offer {name} is {credex.state}, and nobody claims it"


def sent_once_and_after_it_is_recorded(played: Played) -> Iterator[str]:
    """No request that moves money arrives but for a payment recorded as sent, and one for each at most."""
    recorded, arrived = Counter[Key](), Counter[Key]()
    for event in played.history.events:
        if isinstance(event, Moved) and event.record.payment.state == PaymentState.SENT:
            recorded[_key(_record(event.record.payment).command)] += 1
        elif isinstance(event, Arrived) and event.status not in _TURNED_AWAY and event.path in _READERS:
            key = _READERS[event.path](event.path, _body.decode(event.body))
            arrived[key] += 1
            if arrived[key] > recorded[key]:
                yield f"{key} arrived {arrived[key]} times, recorded as sent {recorded[key]} times"


def consent_is_given_on_the_current_screen(played: Played) -> Iterator[str]:
    """Each payment was confirmed by one message, on the last screen with choices, which showed what is sent."""
    sent = {event.id: event for event in played.history.of(Sent)}
    screens: dict[str, list[tuple[int, str, Took]]] = defaultdict(list)
    for took in played.history.of(Took):
        nonce = next((key.partition(".")[0] for key, _ in took.shown.choices), "")
        address, _, rest = took.reference.partition("/")
        screens[address].append((int(rest.partition("#")[0]), nonce, took))
    taps: set[str] = set()
    for entry in _trail(played):
        if entry.step == Step.CONSENTED:
            facts = facts_of(entry)
            if facts.tap in taps:
                yield f"{facts.tap} confirmed twice"
            taps.add(facts.tap)
            if entry.at - sent[facts.tap.rpartition(":")[2]].at > _ON_TIME:
                yield f"{facts.payment} was confirmed by a message that came too late"
            yield from _consent(facts, sent[facts.tap.rpartition(":")[2]], screens[entry.address], played)


def the_trail_tells_the_same(played: Played) -> Iterator[str]:
    """The audit trail has each step of each payment, with the command that was recorded, by the world's clock."""
    steps: dict[str, list[str]] = defaultdict(list)
    commands: dict[str, set[bytes]] = defaultdict(set)
    first, last = played.history.events[0].at, played.history.events[-1].at
    for entry in reversed(_trail(played)):
        facts = facts_of(entry)
        steps[facts.payment].append(entry.step)
        commands[facts.payment].add(msgspec.msgpack.encode(facts.command))
        if not first <= entry.at <= last:
            yield f"{entry.id} is of another time"
    for payment, record in _ended(played):
        wanted = [Step.CONSENTED, Step.SENT, Step.ANSWERED, *_LAST.get(payment.state, ())]
        if steps[payment.id] != wanted:
            yield f"{payment.id} is {payment.state}, the trail has {steps[payment.id]}"
        if commands[payment.id] != {msgspec.msgpack.encode(record.command)}:
            yield f"{payment.id} is another command in the trail"


_LAST: dict[str, tuple[Step, ...]] = {PaymentState.SETTLED: (Step.SETTLED,), PaymentState.PARKED: (Step.PARKED,)}
_BECAME = {
    CredexState.OWES: "AcceptOffer",
    CredexState.DECLINED: "DeclineOffer",
    CredexState.CANCELLED: "CancelOffer",
}


def _consent(facts: Facts, message: Sent, screens: list[tuple[int, str, Took]], played: Played) -> Iterator[str]:
    turn = int(facts.turn.rpartition("/")[2])
    shown = [(version, nonce, took) for version, nonce, took in screens if nonce and version < turn]
    current = max(shown, key=lambda one: one[0], default=None)
    if message.kind in {"buttons", "list"}:
        if message.what != f"{facts.screen}.confirm":
            yield f"{facts.payment} was confirmed by {message.what}, its screen is {facts.screen}"
        if current is None or current[1] != facts.screen:
            yield f"{facts.payment} was confirmed on an old screen"
    elif message.kind == "sms":
        yield from _consent_by_text(facts, message, [took for version, _, took in screens if version < turn], played)
        return
    elif message.kind != "text" or not TYPED_YES.fullmatch(message.what):
        yield f"{facts.payment} was confirmed by {message.kind} {message.what!r}"
    for _, nonce, took in shown:
        if nonce == facts.screen:
            yield from (
                f"{facts.payment} does not show {part!r}"
                for part in _parts(facts.command, played)
                if part not in took.shown.text
            )


def _consent_by_text(facts: Facts, message: Sent, before: list[Took], played: Played) -> Iterator[str]:
    asked = last_code(before)
    if asked is None or CODE.findall(asked.shown.text) != [message.what]:
        yield f"{facts.payment} was confirmed by {message.what}, which is not the last code"
        return
    for part in _brief_parts(facts.command, played):
        if part not in asked.shown.text:
            yield f"{facts.payment} does not text {part!r}"


def last_code(shown: Iterable[Took]) -> Took | None:
    """The last text message of these that asks for a code, by the turns that owed them."""
    texts = [took for took in shown if took.shown.kind == "sms" and CODE.search(took.shown.text)]
    return max(texts, key=lambda took: version_of(took.reference), default=None)


def version_of(reference: str) -> int:
    """The number of the turn that owed this."""
    return int(reference.partition("/")[2].partition("#")[0])


def _brief_parts(command: MoneyCommand, played: Played) -> Iterator[str]:
    """What the text message must have shown of it."""
    match command:
        case OfferCredex():
            yield f"\n{command.amount}, " + ("unsecured, due " if command.due else "secured\n")
            yield f"@{played.handles[command.issuer]}\nTo: "
            yield f"@{played.handles[command.receiver]}\nTo sign"
        case UpgradeTier():
            yield f"\n1.00 USD, secured, for 28 days of tier 3\nFrom: @{played.handles[command.account]}\nTo sign"
        case _:
            yield from _answer_parts(command, played, "\nTo confirm")


def _parts(command: MoneyCommand, played: Played) -> Iterator[str]:
    """What the screen must have shown of it."""
    match command:
        case OfferCredex():
            yield (
                f"\n{command.amount}, unsecured, due {full_day(command.due)}\n"
                if command.due
                else (f"\n{command.amount}, secured\n")
            )
            yield f"(@{played.handles[command.receiver]})\n" + ("Unsecured means" if command.due else "Do you want")
            yield f"(@{played.handles[command.issuer]})\nTo:"
        case UpgradeTier():
            yield "\n1.00 USD, secured, "
            yield "From: "
            yield f"(@{played.handles[command.account]})\nIt buys"
        case _:
            yield from _answer_parts(command, played)


def _answer_parts(command: MoneyCommand, played: Played, asked: str = "") -> Iterator[str]:
    """What must be shown where an offer of somebody's is answered; ``asked`` follows the question."""
    match command:
        case AcceptOffers(offers=offers):
            yield from _totals(played.after[offer] for offer in offers)
        case AcceptOffer() | DeclineOffer() | CancelOffer():
            credex = played.after[command.offer]
            yield f"{credex.initial:.2f} {credex.denomination}"
            yield type(command).__name__.removesuffix("Offer").lower() + f" this offer?{asked}"
        case _:
            return


def _totals(credexes: Iterable[CredexRecord]) -> Iterator[str]:
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for credex in credexes:
        totals[credex.denomination] += credex.initial
    yield from (f"{total:,.2f} {denomination}" for denomination, total in totals.items())


def _came_true(command: MoneyCommand, state: CredexState, *, told: str) -> bool:
    match command:
        case AcceptOffer():
            return state in ACCEPTED_STATES
        case DeclineOffer() | CancelOffer() if told == PaymentState.SETTLED:
            return state not in OPEN_STATES  # told as "no longer open"
        case DeclineOffer():
            return state is CredexState.DECLINED
        case _:
            return state is CredexState.CANCELLED


def _is_charge(credex: CredexRecord, played: Played) -> bool:
    """credex-core made it by itself, for an upgrade."""
    return played.handles[credex.receiver] == OPERATOR_HANDLE


def _claims(payment: Payment, record: PaymentRecord) -> bool:
    return payment.state == PaymentState.DONE or (payment.state == PaymentState.SETTLED and record.ended == "done")


def _steps(played: Played) -> Iterator[Payment]:
    for event in played.history.events:
        if isinstance(event, Committed):
            yield from event.commit.payments
        elif isinstance(event, Moved):
            yield event.record.payment


def _ended(played: Played) -> list[tuple[Payment, PaymentRecord]]:
    last = {payment.id: payment for payment in _steps(played)}
    return [(payment, _record(payment)) for payment in last.values()]


def _record(payment: Payment) -> PaymentRecord:
    return msgspec.msgpack.decode(payment.body, type=PaymentRecord)


def _trail(played: Played) -> tuple[AuditEntry, ...]:
    return tuple(entry for entry in played.trail if entry.step not in OF_A_MEMBER)


def _key(command: MoneyCommand) -> Key:
    match command:
        case OfferCredex():
            money = command.amount
            return _offer(command.issuer, command.receiver, money.amount, money.denomination)
        case AcceptOffer() | DeclineOffer() | CancelOffer():
            return (_PATHS[type(command)], command.offer)
        case AcceptOffers(offers=offers):
            return (_SEVERAL, *offers)
        case UpgradeTier(account=account):
            return ("/hustler10k", account)
        case SetUpRecurring(source=source, target=target, amount=money):
            return _recurring(source, target, money.amount, money.denomination)
        case _:
            return (type(command).__name__,)


def _offer(issuer: str, receiver: str, amount: Decimal, denomination: str) -> Key:
    return ("/createCredex", issuer, receiver, str(amount.normalize()), str(denomination))


def _read_offer(_path: str, body: dict[str, Any]) -> Key:
    amount = Decimal(body["InitialAmount"])
    return _offer(body["issuerAccountID"], body["receiverAccountID"], amount, body["Denomination"])


def _read_answer(path: str, body: dict[str, Any]) -> Key:
    return (path, body["credexID"])


def _read_upgrade(path: str, body: dict[str, Any]) -> Key:
    return (path, body["personalAccountID"])


def _recurring(source: str, target: str, amount: Decimal, denomination: str) -> Key:
    return ("/createRecurring", source, target, str(amount.normalize()), str(denomination))


def _read_recurring(_path: str, body: dict[str, Any]) -> Key:
    return _recurring(body["sourceAccountID"], body["targetAccountID"], Decimal(body["amount"]), body["denomination"])


def _read_several(path: str, body: dict[str, Any]) -> Key:
    return (path, *body["credexIDs"])


_SEVERAL = "/acceptCredexBulk"
_PATHS: dict[type[MoneyCommand], str] = {
    AcceptOffer: "/acceptCredex",
    DeclineOffer: "/declineCredex",
    CancelOffer: "/cancelCredex",
}
_READERS: dict[str, Callable[[str, dict[str, Any]], Key]] = {
    "/createCredex": _read_offer,
    "/hustler10k": _read_upgrade,
    _SEVERAL: _read_several,
    "/createRecurring": _read_recurring,
    **dict.fromkeys(_PATHS.values(), _read_answer),
}

CHECKS = (
    payments_end,
    one_payment_at_a_time,
    offers_are_those_confirmed,
    upgrades_are_those_confirmed,
    recurring_payments_are_those_confirmed,
    answers_are_those_confirmed,
    sent_once_and_after_it_is_recorded,
    consent_is_given_on_the_current_screen,
    the_trail_tells_the_same,
)
