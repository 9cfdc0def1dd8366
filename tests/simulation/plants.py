"""Planted faults: each breaks one rule of the protocol in the real code, at run time.

A plant is a context; its name says what the broken code does. ``PLANTS`` lists all of them;
``plants_in_store`` has those that the contract of stores may find as well.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import msgspec

from actors import bookkeeping, member, payments, remembered, settlement
from actors.dialogs import frame, hearing, replies, signing, texting, upgrading
from actors.dialogs.changes import ConfirmingChange
from actors.dialogs.expiry import Lifetimes
from actors.dialogs.state import Chose, Step, ask
from actors.payer import Payer
from actors.payments import PaymentState
from actors.web.webhook import WhatsAppWebhook
from credex import client
from credex.answers import Trouble, read_answer
from credex.client import CredexClient
from credex.commands import OfferCredex
from credex.outcomes import Refusal, Refused, Unclear
from runtime.actor import Actor
from runtime.alarms import Alarms
from runtime.clock import SystemClock
from runtime.committer import Committer
from runtime.errors import StoreUnavailable
from runtime.intake import Intake
from runtime.lanes import Lanes
from runtime.mailbox import Mailbox
from runtime.receiver import Receiver
from runtime.store import Verdict
from tests.simulation.connection import Connection
from tests.simulation.plants_in_store import IN_STORE, Plant, nothing, replaced


def _acknowledges_what_is_not_stored(accept: Any) -> Any:
    async def planted(self: Intake, *arguments: Any, **more: Any) -> Any:
        with suppress(StoreUnavailable):
            return await accept(self, *arguments, **more)
        return 1

    return planted


def _performs_before_commit(commit: Any) -> Any:
    async def planted(self: Any, actor: Any, mail: Any, decision: Any, dead: Any) -> None:
        self._lanes.owe(actor, decision.owes)
        await commit(self, actor, mail, decision, dead)

    return planted


def _forgets_ids_at_start(open_: Any) -> Any:
    def planted(self: Any) -> None:
        store = self._shared.store
        store._seen = {name: trace for name, trace in store._seen.items() if trace.version is None}
        open_(self)

    return planted


def _sends_money_again_after_trouble(exchange: Any) -> Any:
    async def planted(self: Any, request: Any, secret: Any, deadline: float) -> Any:
        answer = await exchange(self, request, secret, deadline)
        if request.path == "/createCredex" and (isinstance(answer, Trouble) or answer.status >= 500):
            return await exchange(self, request, secret, deadline)
        return answer

    return planted


def _finds_by_amount_alone(init: Any) -> Any:
    def planted(self: Any, before: Any, since: Any, account: Any, ledger: Any) -> None:
        init(self, msgspec.structs.replace(before, pending=()), since - timedelta(days=9), account, ledger)

    return planted


def _keeps_time_by_the_wall(init: Any) -> Any:
    def planted(self: Any, **ports: Any) -> None:
        init(self, **(ports | {"clock": SystemClock()}))

    return planted


def _settles_before_it_performs(perform: Any) -> Any:
    async def planted(self: Any, actor: Any, work: Any, effect: Any) -> None:
        if effect.lane.startswith("say"):
            await self._settle(actor.address, effect, None, None)
        await perform(self, actor, work, effect)

    return planted


def _takes_any_outcome(answer: Any) -> Any:
    def planted(position: Any, outcome: Any, turn: Any, **more: Any) -> Any:
        return answer(position, outcome, turn, **(more | {"asked": None}))

    return planted


def _takes_any_screen(_tapped: Any) -> Any:
    def planted(position: Any, tap: Any, turn: Any) -> Any:
        key = tap.choice.partition(".")[2]
        if key in (choice.key for choice in position.state.prompt().choices):
            return position.state.on(Chose(key), turn)
        return _tapped(position, tap, turn)

    return planted


def _sends_another_amount(_ask: Any) -> Any:
    def planted(state: Any, command: Any) -> Step:
        if isinstance(command, OfferCredex):
            more = msgspec.structs.replace(command.amount, amount=command.amount.amount * 2)
            command = msgspec.structs.replace(command, amount=more)
        return ask(state, command)

    return planted


def _sends_unrecorded(_may_send: Any) -> Any:
    async def planted(*_: Any) -> bool:
        return True

    return planted


def _resends_what_was_sent(record: Any) -> Any:
    def planted(self: Any, **ports: Any) -> None:
        asked = ports["record"]

        async def recorded(*step: Any) -> Verdict:
            verdict: Verdict = await asked(*step)
            return Verdict.DONE if verdict is Verdict.STALE else verdict

        record(self, **(ports | {"record": recorded}))

    return planted


def _forgets_its_doubts(refuse: Any) -> Any:
    def planted(self: Any, slips: Any, cause: Any) -> None:
        refuse(self, slips, cause)
        self._doubtful.clear()

    return planted


def _refuses_duplicates(store: Any) -> Any:
    async def planted(self: Any, body: bytes) -> Any:
        before = self.intake.accepted
        status, text = await store(self, body)
        return (503, b"seen before") if status == 200 and self.intake.accepted == before else (status, text)

    return planted


def _gives_each_effect_a_lane(owe: Any) -> Any:
    def planted(self: Any, actor: Any, owed: Any) -> None:
        owe(self, actor, [msgspec.structs.replace(effect, lane=effect.id) for effect in owed])

    return planted


def _takes_faults_for_refusals(_read: Any) -> Any:
    def planted(command: Any, answer: Any) -> Any:
        if isinstance(command, OfferCredex) and answer.status >= 500:
            return Refused(Refusal.OTHER, "it said so")
        return read_answer(command, answer)

    return planted


def _takes_no_answer_for_a_no(after: Any) -> Any:
    return lambda outcome: PaymentState.REFUSED if isinstance(outcome, Unclear) else after(outcome)


def _passivates_the_busy(_busy: Any) -> Any:
    return property(lambda self: self.running)


@contextmanager
def _acts_on_late_messages() -> Iterator[None]:
    """Three rules stand against them: how long a message may take, how long a screen stands, and its timer."""
    with (
        patch.object(Lifetimes, "too_late", lambda *_: False),
        patch.object(Lifetimes, "over", lambda *_: False),
        patch.object(Lifetimes, "end", lambda *_: None),
    ):
        yield


@contextmanager
def _never_expires() -> Iterator[None]:
    """A screen stands however long it is left alone: both by the clock and by its timer."""
    with (
        patch.object(Lifetimes, "over", lambda *_: False),
        patch.object(member, "left_alone", lambda position: position),
    ):
        yield


def _holds_no_money(_changed: Any) -> Any:
    def planted(before: Any, message: Any, *_: Any) -> Any:
        return remembered.Taken(after=before, note={"trigger": type(message.content).__name__})

    return planted


def _knows_everybody_by_name(has_terms: Any) -> Any:
    """Only an offer that also has the right name is looked at: one to a renamed account is not there."""

    def planted(offer: Any, command: Any) -> bool:
        return bool(has_terms(offer, command)) and sys._getframe(1).f_code.co_name == "_is_offer"

    return planted


def _takes_any_choice_for_consent(on: Any) -> Any:
    def planted(self: Any, event: Any, turn: Any) -> Any:
        return on(self, Chose("confirm") if isinstance(event, Chose) else event, turn)

    return planted


def _signs_with_any_code(_coded: Any) -> Any:
    def planted(_position: Any, state: Any, _code: Any, turn: Any) -> Any:
        return state.on(Chose("confirm"), turn)

    return planted


def _signs_with_a_word(named: Any) -> Any:
    def planted(position: Any, body: str, turn: Any) -> Any:
        choice = texting.named(position.state, body)
        return named(position, body, turn) if choice is None else position.state.on(Chose(choice.key), turn)

    return planted


PLANTS: dict[str, Plant] = IN_STORE | {
    "200 before it is stored": replaced(Intake, "accept", _acknowledges_what_is_not_stored),
    "effects leave before their commit": replaced(Receiver, "_commit", _performs_before_commit),
    "ids are remembered in memory alone": replaced(Connection, "open", _forgets_ids_at_start),
    "a create is sent again": replaced(CredexClient, "_exchange", _sends_money_again_after_trouble),
    "an offer is found by its amount alone": replaced(settlement._New, "__init__", _finds_by_amount_alone),
    "settled without waiting": replaced(settlement, "SERVER_LIMIT", lambda _: timedelta(0)),
    "settled before the server has given up": replaced(settlement, "SERVER_LIMIT", lambda _: timedelta(seconds=30)),
    "the wall clock is used": replaced(Payer, "__init__", _keeps_time_by_the_wall),
    "mail is loaded in reverse": replaced(
        Mailbox, "refill", lambda refill: lambda self, mail: refill(self, reversed(list(mail)))
    ),
    "settled before it is said": replaced(Lanes, "_perform", _settles_before_it_performs),
    "an outcome is taken for another's": replaced(frame, "answer", _takes_any_outcome),
    "the nonce is not checked": replaced(hearing, "_tapped", _takes_any_screen),
    "late messages are acted on": _acts_on_late_messages,
    "screens never expire": _never_expires,
    "timers are lost at a start": replaced(Alarms, "_first_questions", lambda _: lambda _self: {}),
    "any choice consents to a change": replaced(ConfirmingChange, "on", _takes_any_choice_for_consent),
    "nobody is thought to be renamed": replaced(settlement, "_has_terms", _knows_everybody_by_name),
    "a change of identity is ignored": replaced(member, "_identity_changed", _holds_no_money),
    "another amount is sent than is shown": replaced(signing, "ask", _sends_another_amount),
    "sent without being recorded": replaced(Payer, "_may_send", _sends_unrecorded),
    "a start sends again what was sent": replaced(Payer, "__init__", _resends_what_was_sent),
    "a failed flush leaves no doubt": replaced(Committer, "_refuse", _forgets_its_doubts),
    "duplicates are answered 503": replaced(WhatsAppWebhook, "_store", _refuses_duplicates),
    "a lane is not in order": replaced(Lanes, "owe", _gives_each_effect_a_lane),
    "an error is taken for a refusal": replaced(client, "read_answer", _takes_faults_for_refusals),
    "no answer is taken for a no": replaced(payments, "_after_answer", _takes_no_answer_for_a_no),
    "any code signs by text message": replaced(replies, "_coded", _signs_with_any_code),
    "a word signs by text message": replaced(replies, "named", _signs_with_a_word),
    "an upgrade is paid for again": replaced(upgrading, "once", lambda _: lambda step, _upgraded: step),
    "two payments at once": replaced(bookkeeping, "busy", nothing),
    "busy actors are passivated": replaced(Actor, "busy", _passivates_the_busy),
}
"""Every planted fault by name."""
