"""From any state, whatever happens: an answer, within the channels' limits, and no money without a signature."""

import importlib
import pkgutil
from typing import get_args

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import actors.dialogs
from actors.dialogs import frame
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.frame import Moved
from actors.dialogs.hearing import Rules
from actors.dialogs.onboarding import ConfirmingMembership
from actors.dialogs.outside import Outside
from actors.dialogs.settling import Settlement
from actors.dialogs.states import AnyState, Consenting, Position, Settling, Signing, Waiting, outdated, visit_of
from actors.payments import Finding
from channels.message import IdentityChanged, InboundMessage, Notice, Peer, Tap, Text
from channels.plain import read_choice
from credex.commands import AcceptOffers, ChangeCommand, leaves_doubt, moves_money
from credex.outcomes import Outcome
from runtime.turn import Turn
from tests.actors.dialogs import strategies
from tests.actors.dialogs.fitting import check_limits
from tests.actors.dialogs.people import NOON, PHONE

TURN = Turn(id="member:1/2", now=NOON, seed=2)
BUSY = Rules(busy="Please wait.")
many = settings(
    max_examples=150,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def check(moved: Moved) -> None:
    stored = msgspec.msgpack.decode(msgspec.msgpack.encode(moved.position), type=Position)
    assert stored == moved.position
    msgspec.msgpack.encode((moved.messages, moved.before, moved.ask))
    for message in moved.messages:
        check_limits(message)
        assert bool(message.screen) is bool(message.choices)
    screens = [message.screen for message in moved.messages if message.choices]
    assert screens in ([], [moved.position.screen])
    waiting = isinstance(moved.position.state, Waiting)
    assert waiting or moved.ask is None
    assert bool(moved.position.asked) is waiting


@given(strategies.states)
@many
def test_the_prompt_of_every_state_keeps_metas_limits_whatever_the_names_and_amounts(state: AnyState) -> None:
    prompt = state.prompt()
    assert not prompt.screen
    check_limits(msgspec.structs.replace(prompt, screen="abcd1234"))


@given(strategies.positions())
@many
def test_every_state_is_stored_and_read_back_as_it_was(position: Position) -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(position), type=Position) == position


@given(st.data(), st.none() | strategies.positions(), st.sampled_from([PHONE, None]))
@many
def test_any_message_in_any_state_is_answered(data: st.DataObject, position: Position | None, phone: str) -> None:
    said = data.draw(strategies.said(position))
    moved = frame.hear(position, said, PHONE if phone else None, TURN)
    check(moved)
    if isinstance(said.content, IdentityChanged):
        assert moved == Moved(Position(state=Outside(), screen="", touched=NOON), (), None)
    else:
        assert moved.messages or moved.ask


@given(st.data(), strategies.positions() | strategies.positions(strategies.signing))
@many
def test_money_moves_only_from_a_signing_screen_by_its_own_confirm_choice(
    data: st.DataObject,
    position: Position,
) -> None:
    said = data.draw(strategies.said(position))
    moved = frame.hear(position, said, PHONE, TURN)
    if moved.ask is None or not moves_money(moved.ask):
        return
    check_consent(position, said, moved)


@given(st.data(), strategies.positions() | strategies.positions(strategies.consenting))
@many
def test_an_account_is_changed_only_from_its_consent_screen_by_its_own_confirm_choice(
    data: st.DataObject,
    position: Position,
) -> None:
    said = data.draw(strategies.said(position))
    moved = frame.hear(position, said, PHONE, TURN)
    if isinstance(moved.ask, ChangeCommand):
        check_consent(position, said, moved)


def check_consent(position: Position, said: InboundMessage, moved: Moved) -> None:
    state, content = position.state, said.content
    assert isinstance(state, Signing | Consenting)
    assert moved.ask == state.command
    assert moved.position.state.command == state.command  # type: ignore[union-attr] # the submitting states hold it
    assert position.touched == NOON
    if isinstance(content, Tap):
        assert content.choice == f"{strategies.SCREEN}.confirm"
    else:
        assert isinstance(content, Text)
        assert not content.forwarded
        assert said.at >= position.touched
        chosen = read_choice(content.body, state.prompt().choices)
        assert chosen is not None
        assert chosen.key == "confirm"


@given(strategies.states)
@many
def test_a_choice_that_confirms_stands_on_no_screen_but_those_that_are_guarded(state: AnyState) -> None:
    confirms = any(choice.key == "confirm" for choice in state.prompt().choices)
    assert confirms is isinstance(state, Signing | Consenting | ConfirmingMembership)


@given(st.data(), strategies.positions(strategies.waiting))
@many
def test_while_a_command_is_under_way_no_second_one_starts(data: st.DataObject, position: Position) -> None:
    said = data.draw(strategies.said(position))
    moved = frame.hear(position, said, PHONE, TURN)
    assert moved.ask is None
    if not isinstance(said.content, IdentityChanged):
        assert moved.position.state == position.state
        assert moved.position.asked == position.asked
        assert len(moved.messages) == 1


@given(strategies.positions(), strategies.outcomes, st.sampled_from([None, "member:1/1", "member:1/0"]))
@many
def test_any_outcome_in_any_state_is_taken(position: Position, outcome: Outcome, asked: str | None) -> None:
    moved = frame.answer(position, outcome, TURN, asked=asked)
    check(moved)
    assert moved.ask is None or not leaves_doubt(moved.ask)
    if isinstance(position.state, Waiting) and asked != "member:1/0":
        assert moved.messages or moved.ask


@given(st.data(), strategies.positions() | strategies.positions(strategies.signing))
@many
def test_while_another_payment_is_open_no_word_and_no_outcome_moves_money(
    data: st.DataObject, position: Position
) -> None:
    said, outcome = data.draw(strategies.said(position)), data.draw(strategies.outcomes)
    for moved in (
        frame.hear(position, said, PHONE, TURN, rules=BUSY),
        frame.answer(position, outcome, TURN, rules=BUSY),
    ):
        check(moved)
        assert moved.ask is None or not moves_money(moved.ask)


@given(st.data(), st.none() | strategies.positions() | strategies.positions(strategies.settling), st.booleans())
@many
def test_what_became_of_a_payment_is_told_in_any_state_and_moves_no_money(
    data: st.DataObject,
    position: Position | None,
    known: bool,  # noqa: FBT001 - drawn
) -> None:
    state = position.state if position else None
    command = state.command if isinstance(state, Settling) else data.draw(strategies.offer_commands)
    finding = data.draw(st.sampled_from([one for one in Finding if one is not Finding.OPEN]))
    member = data.draw(st.none() | strategies.members())
    accepted = command.offers[:2] if isinstance(command, AcceptOffers) else ()
    ended = Settlement(command=command, finding=finding, reference="0123456789", member=member, ledger=accepted)
    moved = frame.settled(position, ended, TURN, known=known)
    check(moved)
    assert moved.ask is None or not moves_money(moved.ask)
    nobody = state is None or visit_of(state) is None
    assert bool(moved.messages) is (known or not nobody) or moved.ask is not None
    if isinstance(state, AtDashboard):
        assert isinstance(moved.position.state, AtDashboard)
    elif not isinstance(state, Settling):
        assert state is None or moved.position.state == state


@given(
    strategies.positions() | strategies.positions(strategies.waiting),
    st.sampled_from(["member:1/1", "member:1/0"]),
    st.sampled_from([1, 2]),
)
@many
def test_that_credex_core_is_slow_is_said_where_it_is_waited_for_and_moves_nothing(
    position: Position, asked: str, passed: int
) -> None:
    moved = frame.slow(position, TURN, asked=asked, passed=passed)
    check(moved)
    assert moved.ask is None
    assert moved.position.state == position.state
    assert moved.position.asked == position.asked
    assert len(moved.messages) == (isinstance(position.state, Waiting) and position.asked == asked)
    assert frame.slow(moved.position, TURN, asked=asked, passed=passed).messages == ()


@given(strategies.positions() | strategies.positions(strategies.signing), st.sampled_from([PHONE, None]))
@many
def test_a_notice_moves_no_conversation_and_is_nobodys_answer(position: Position, phone: str | None) -> None:
    notice = InboundMessage(
        id="notify:1", peer=Peer("whatsapp", "line", PHONE), at=NOON, content=Notice("Tariro", "An offer waits.")
    )
    moved = frame.hear(position, notice, PHONE if phone else None, TURN)
    check(moved)
    assert moved.ask is None
    assert moved.position == msgspec.structs.replace(position, state=outdated(position.state))
    assert type(moved.position.state) is type(position.state)
    assert moved.position.state.prompt() == position.state.prompt()
    asked_lately = isinstance(position.state, Signing | Consenting) and position.touched == NOON
    assert bool(moved.messages) is asked_lately
    if asked_lately:
        assert moved.messages[-1].choices == position.state.prompt().choices


@given(st.none() | strategies.positions())
@many
def test_any_state_can_be_recovered_from(position: Position | None) -> None:
    moved = frame.recover(position, TURN)
    check(moved)
    assert moved.ask is None
    assert "Sorry" in moved.messages[0].text


def test_every_state_class_can_be_stored() -> None:
    found = set()
    for module in pkgutil.iter_modules(actors.dialogs.__path__):
        contents = vars(importlib.import_module(f"actors.dialogs.{module.name}"))
        found |= {
            value
            for name, value in contents.items()
            if name != "State" and isinstance(value, type) and {"prompt", "on"} <= set(vars(value))
        }
    assert found == set(get_args(AnyState))
