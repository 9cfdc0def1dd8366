"""From any state, whatever is typed by text message: nothing is signed or changed but by the code of this question."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from actors.dialogs import frame, texting
from actors.dialogs.allowance import CAREFUL, May, Texting
from actors.dialogs.hearing import Rules
from actors.dialogs.outside import Outside
from actors.dialogs.state import Texted
from actors.dialogs.states import AnyState, Consenting, Position, Signing
from channels.message import InboundMessage, Media, Peer, Tap, Text
from channels.sms.reserved import reserved
from credex.commands import leaves_doubt, moves_money
from runtime.turn import Turn
from tests.actors.dialogs import strategies
from tests.actors.dialogs.people import NOON, PHONE
from tests.actors.dialogs.test_any_state import many

TURN = Turn(id="member:1/2", now=NOON, seed=2)
SCREEN, OTHER_SCREEN = "abcd1234", "dcba4321"
CARRIERS = st.sampled_from(
    [
        *("STOP", "Stop.", "stopall", "stop all", "UNSUBSCRIBE", "cancel", "End", "quit", "revoke", "opt out"),
        *("START", "unstop", "HELP", "help!", "info", "YES", " yes ", "\uff39\uff25\uff33"),
    ]
)
consent = strategies.signing | strategies.consenting


def rules(may: May = May.ALL, *, frozen: bool = False) -> Rules:
    return Rules(texting=Texting(may=may), frozen=frozen)


@st.composite
def positions(draw: st.DrawFn, of: st.SearchStrategy[AnyState] = strategies.states) -> Position:
    position = draw(strategies.positions(of))
    shown = Texted(page=draw(st.integers(0, 3)), wrong=draw(st.integers(0, texting.TRIES - 1)))
    return msgspec.structs.replace(position, screen=SCREEN, texted=shown)


def heard(body: str, *, forwarded: bool = False) -> InboundMessage:
    content = Text(body, forwarded=forwarded)
    return InboundMessage(id="in-1", peer=Peer("sms", "line", PHONE), at=NOON, content=content)


@st.composite
def said(draw: st.DrawFn, position: Position) -> InboundMessage:
    """Words, numbers, titles, what titles say, codes of this and of other questions; taps and pictures as well."""
    prompt = position.state.prompt()
    titles = [choice.title for choice in prompt.choices] + [word for choice in prompt.choices for word in choice.says]
    codes = [texting.code_of(SCREEN, prompt.text), texting.code_of(OTHER_SCREEN, prompt.text)]
    codes += [texting.code_of(SCREEN, f"{prompt.text} "), "0000", "1234", "12345", "123"]
    typed = st.one_of(
        strategies.words,
        st.integers(0, 999).map(str),
        st.sampled_from([*titles, "yes", "1"]),
        st.builds("{} {}".format, st.sampled_from(["PAY", "ok", "Sign", "paid", ""]), st.sampled_from(codes)),
    )
    message = heard(draw(typed), forwarded=draw(st.booleans()))
    other = st.sampled_from([Tap(f"{SCREEN}.confirm"), Media("image")])
    return msgspec.structs.replace(message, content=draw(st.just(message.content) | st.just(message.content) | other))


@given(st.data(), positions() | positions(consent), st.sampled_from(May))
@many
def test_nothing_is_signed_or_changed_by_text_message_but_by_the_code_of_this_very_question(
    data: st.DataObject, position: Position, may: May
) -> None:
    message = data.draw(said(position))
    moved = frame.hear(position, message, PHONE, TURN, rules=rules(may))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(moved.position), type=Position) == moved.position
    if moved.ask is None or not (leaves_doubt(moved.ask) or moves_money(moved.ask)):
        return
    state, content = position.state, message.content
    assert isinstance(state, Signing | Consenting)
    assert isinstance(content, Text)
    assert texting.code_in(content.body) == texting.code_of(SCREEN, state.prompt().text)
    assert moved.ask == state.command
    assert may in (May.ALL, May.LIMITED)
    assert may is May.ALL or not CAREFUL.objection(state)
    assert position.touched == NOON
    assert not content.forwarded


def wrong(position: Position) -> Iterator[str]:
    """What is no code of this question: titles, words, numbers, the codes of others, the digits alone."""
    prompt = position.state.prompt()
    right = texting.code_of(SCREEN, prompt.text)
    for choice in prompt.choices:
        yield from (choice.title, *choice.says)
    yield from map(str, range(13))
    codes = {texting.code_of(OTHER_SCREEN, prompt.text), texting.code_of(SCREEN, f"{prompt.text} "), right[::-1]}
    codes |= {f"{(int(right) + 1) % 10_000:04}", right[:3], f"{right}0"}
    for code in codes - {right}:
        yield from (f"PAY {code}", f"ok {code}", code)
    yield from (right, f"yes {right}", f"{right} PAY", "PAY", "ok", "STOP", "YES", "menu", "help")


@given(positions(consent))
@settings(many, max_examples=20)
def test_no_number_word_title_or_other_code_signs(position: Position) -> None:
    position = msgspec.structs.replace(position, touched=NOON)
    for typed in wrong(position):
        moved = frame.hear(position, heard(typed), PHONE, TURN, rules=rules())
        assert moved.ask is None or not leaves_doubt(moved.ask), typed


@given(positions(consent))
@many
def test_the_right_code_signs_as_the_button_does(position: Position) -> None:
    position = msgspec.structs.replace(position, touched=NOON)
    state = position.state
    code = texting.code_of(SCREEN, state.prompt().text)
    tap = InboundMessage(id="in-1", peer=Peer("whatsapp", "line", PHONE), at=NOON, content=Tap(f"{SCREEN}.confirm"))
    by_button = frame.hear(position, tap, PHONE, TURN)
    by_code = frame.hear(position, heard(f"PAY {code}"), PHONE, TURN, rules=rules())
    assert by_code.ask == by_button.ask
    assert by_code.position.state == by_button.position.state


@given(positions() | positions(consent) | positions(strategies.waiting), CARRIERS, st.booleans())
@many
def test_a_carriers_word_picks_nothing_and_asks_nothing_of_credex_core(
    position: Position,
    word: str,
    frozen: bool,  # noqa: FBT001 - drawn
) -> None:
    assert reserved(word)
    moved = frame.hear(position, heard(word), PHONE, TURN, rules=rules(frozen=frozen))
    assert moved.ask is None
    assert moved.messages
    over = position.touched < NOON - timedelta(minutes=15)
    assert moved.position.state == position.state or (over and isinstance(moved.position.state, Outside))


@given(positions(consent), st.sampled_from([May.OFF, May.VIEW]))
@many
def test_where_only_looking_is_allowed_not_even_the_right_code_signs(position: Position, may: May) -> None:
    position = msgspec.structs.replace(position, touched=NOON)
    code = texting.code_of(SCREEN, position.state.prompt().text)
    moved = frame.hear(position, heard(f"PAY {code}"), PHONE, TURN, rules=rules(may))
    assert moved.ask is None
