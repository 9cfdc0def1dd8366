"""By text message: codes that sign one question only, rows in few words, and pages that cost no more than they may."""

import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.dialogs import frame, texting, texts
from actors.dialogs.allowance import May, Texting
from actors.dialogs.brief_rows import row
from actors.dialogs.dashboard import AtDashboard
from actors.dialogs.hearing import Rules
from actors.dialogs.outside import Outside
from actors.dialogs.signing import SubmittingOffer
from actors.dialogs.states import Consenting, Position, Signing
from actors.dialogs.texting import code_in, code_of
from channels.message import Choice, InboundMessage, Peer, Text
from channels.sms.menu import fits
from channels.sms.segments import measure
from credex.commands import OfferCredex, leaves_doubt
from credex.model import OfferId
from credex.outcomes import OfferMade, Outcome
from tests.actors.dialogs import strategies
from tests.actors.dialogs.people import NOON, PHONE, RUDO, usd
from tests.actors.dialogs.test_any_state import TURN, many
from tests.segments.usual import BUSY, QUIET

RULES = Rules(texting=Texting(may=May.ALL))
consent = strategies.positions(strategies.signing) | strategies.positions(strategies.consenting)
screens = st.text("0123456789abcdef", min_size=8, max_size=8)


@pytest.mark.parametrize(
    "typed",
    [
        "PAY 4821",
        "pay 4821",
        "Pay4821",
        "PAY: 4821.",
        "ok 4821",
        "sign 4821",
        "PAY 48 21",
        "PAY \uff14\uff18\uff12\uff11",
        "PAY 482l",
        "pay 482I",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert code_in(typed) == "4821"


def test_letters_that_look_like_digits_are_those_digits_in_a_code() -> None:
    assert code_in("PAY O0Ol") == "0001"
    assert code_in("pay o01I") == "0011"


@pytest.mark.parametrize(
    "typed",
    ["4821", "PAY", "PAY 482", "PAY 48211", "pay 5 to rudo", "pay rudo 4821", "PAY 48a1", "OK", "", "pay 12.50"],
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert code_in(typed) is None


def test_what_is_too_long_for_a_code_is_not_searched_for_one() -> None:
    began = time.process_time()
    assert code_in(f"pay{'!' * 1500}a\na") is None
    assert time.process_time() - began < 1


@given(screens, st.text(max_size=50))
def test_every_code_that_is_shown_is_read_back(screen: str, question: str) -> None:
    code = code_of(screen, question)
    assert code_in(texts.SMS_SIGN.format(code=code).removeprefix("To sign reply ")) == code
    assert code_in(texts.SMS_CONFIRM.format(code=code).removeprefix("To confirm reply ")) == code


def typed(body: str, position: Position) -> frame.Moved:
    said = InboundMessage(id="in-1", peer=Peer("sms", "line", PHONE), at=NOON, content=Text(body))
    return frame.hear(position, said, PHONE, TURN, rules=RULES)


def fresh(position: Position) -> Position:
    return msgspec.structs.replace(position, touched=NOON)


@given(consent, consent, st.just(strategies.SCREEN) | screens)
@many
def test_a_code_signs_the_question_it_was_shown_with_and_no_other(one: Position, other: Position, screen: str) -> None:
    one, other = fresh(one), msgspec.structs.replace(fresh(other), screen=screen)
    assert isinstance(one.state, Signing | Consenting)
    asked, instead = one.state.prompt().text, other.state.prompt().text
    code = code_of(one.screen, asked)
    if one.screen == other.screen and asked == instead:
        return
    if code == code_of(other.screen, instead):  # one in ten thousand
        assert any(
            code_of(f"{one.screen}{each}", asked) != code_of(f"{other.screen}{each}", instead) for each in "abcd"
        )
        return
    moved = typed(f"PAY {code}", other)
    assert moved.ask is None or not leaves_doubt(moved.ask)
    assert moved.messages
    assert moved.position.texted.wrong == 1


@given(consent, screens)
@many
def test_the_same_question_on_another_screen_has_another_code(position: Position, screen: str) -> None:
    question = position.state.prompt().text
    digits = {code_of(f"{screen}{number}", question) for number in range(20)}
    assert len(digits) > 15


@given(consent, st.sampled_from(May))
@many
def test_whatsapp_is_pointed_to_only_where_it_is_there(position: Position, may: May) -> None:
    assert isinstance(position.state, Signing | Consenting)
    limited = Texting(may=may, limits=())
    why = msgspec.structs.replace(limited, elsewhere=False).objection(position.state)
    assert "WhatsApp" not in why
    assert limited.objection(position.state) == (f"{why} {texts.SMS_ELSEWHERE}" if why else "")


@given(consent)
@many
def test_nothing_but_the_code_signs(position: Position) -> None:
    for body in ("1", "yes", "ok", "confirm", "sign and send", "Yes, Accept", "PAY", "y", "accept"):
        moved = typed(body, fresh(position))
        assert moved.ask is None or not leaves_doubt(moved.ask)


@given(st.data(), st.none() | strategies.positions())
@many
def test_any_message_in_any_state_is_answered_by_text_messages_that_can_be_stored_and_sent(
    data: st.DataObject, position: Position | None
) -> None:
    said = data.draw(strategies.said(position))
    check(frame.hear(position, said, PHONE, TURN, rules=RULES))


@given(strategies.positions(), strategies.outcomes)
@many
def test_any_outcome_in_any_state_is_told_by_text_messages(position: Position, outcome: Outcome) -> None:
    check(frame.answer(position, outcome, TURN, rules=RULES, reference="7kq2m0p4x1"))


def check(moved: frame.Moved) -> None:
    stored = msgspec.msgpack.decode(msgspec.msgpack.encode(moved.position), type=Position)
    assert stored == moved.position
    msgspec.msgpack.encode((moved.messages, moved.before, moved.ask))
    for message in moved.messages:
        assert message.text
        assert not message.choices
        assert fits(message.text), message.text


def test_what_is_said_at_length_comes_in_several_messages_and_none_is_cut_off() -> None:
    sentences = tuple(f"Sentence {number} about 12.50 USD for Rudo Ncube, secured." for number in range(20))
    told = texting.messages(sentences, None, Position(state=Outside(), screen="", touched=NOON))
    assert len(told) > 2
    assert all(fits(message.text) for message in told)
    assert "\n".join(message.text for message in told) == "\n".join(sentences)


@given(strategies.positions())
@many
def test_every_page_of_every_state_fits_two_segments_whatever_the_names(position: Position) -> None:
    for page in texting.laid_out(position.state, position.state.prompt(), position.screen):
        assert fits(page.text), page.text


@pytest.mark.parametrize(
    ("title", "description", "shown"),
    [
        ("5.00 USD", "from Rudo Ncube, due 20 Mar 2026", "5.00 USD from Rudo Ncube, due 20Mar26"),
        ("5.00 USD", f"to {'W' * 45}, secured", f"5.00 USD to {'W' * 18}.., secured"),
        ("Given 5.00 USD", "to Rudo, 4 Mar 2026, 12:00", "5.00 USD to Rudo, 4Mar26 12:00"),
        (
            "Shop",
            f"@{'h' * 30}, net assets 999,999,999,999.9999 XAU",
            f"Shop @{'h' * 30}, net assets 999,999,999,999.9999 XAU",
        ),
        (
            "5.00 USD",
            f"every week, next 5 Mar 2026, to {'h' * 30}",
            f"5.00 USD every week, next 5Mar26, to {'h' * 18}..",
        ),
    ],
)
def test_a_row_keeps_its_facts_and_a_name_is_cut(title: str, description: str, shown: str) -> None:
    assert row(Choice(key="k", title=title, description=description, section="Rows")) == shown


def test_a_hint_that_is_always_the_same_is_not_shown() -> None:
    choice = Choice(key="k", title=texts.HELP_ROW, description=texts.HELP_ROW_HINT, section=texts.SECTION_MEMBER)
    assert row(choice) == "Help"
    assert row(Choice(key="k", title="USD", description="US dollars", section=texts.SECTION_DENOMINATIONS)) == "USD"


def shown(home: AtDashboard) -> list[str]:
    [page] = texting.laid_out(home, home.prompt(), strategies.SCREEN)
    return page.text.splitlines()


def test_the_dashboard_tells_every_balance_and_of_debts_only_those_there_are() -> None:
    quiet = shown(QUIET)
    assert quiet[:3] == ["@tariro secured 1,234.50 USD, 20.00 ZWG", "net 1,238.75 USD", "Left today 10.00 USD"]
    assert quiet[3:] == ["1 Offer secured", "2 Offer unsecured", "3 Ledger", "4 Manage", "5 Upgrade", "6 Help"]


def test_the_dashboard_tells_debts_and_what_waits() -> None:
    first, *_ = texting.laid_out(AtDashboard(BUSY), AtDashboard(BUSY).prompt(), strategies.SCREEN)
    assert first.text.startswith(
        "@tariro secured 1,234.50 USD, 20.00 ZWG\nowes 3.00 USD, owed 7.25 USD, net 1,238.75 USD\n"
        "Left today 10.00 USD\n2 offers wait, 1 offer is open\n1 Offer secured\n"
    )


def test_a_payment_is_told_in_one_segment_with_amount_parties_reference_and_time() -> None:
    command = OfferCredex(phone=PHONE, issuer=BUSY.account.id, receiver=RUDO.id, amount=usd("12.50"))
    sent = Position(state=SubmittingOffer(BUSY, command, RUDO), screen="", touched=NOON, asked="member:1/1")
    moved = frame.answer(sent, OfferMade(OfferId("0ffe"), BUSY.account), TURN, rules=RULES, reference="7kq2m0p4x1")
    told = moved.messages[0].text
    assert told == (
        "You offered 12.50 USD, secured, from @tariro to Rudo Ncube Personal @rudo.\nRef 7kq2m0p4x1 4Mar 12:00"
    )
    assert measure(told).segments == 1
