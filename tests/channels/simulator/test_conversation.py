"""What becomes of a message on a phone's screen."""

import pytest

from channels.message import Choice, OutboundMessage
from channels.simulator.conversation import Kind, kind_of, parse_phone, screen
from channels.whatsapp.render import render
from tests.channels.simulator.phones import LONG_MENU, MENU, TAPIWA, peer


def test_a_tap_carries_the_screen_it_belongs_to() -> None:
    assert [choice.id for choice in screen(MENU).choices] == ["s1.offer", "s1.ledger"]


def test_a_message_without_choices_is_text() -> None:
    assert screen(OutboundMessage(text="Hello")).kind is Kind.TEXT


@pytest.mark.parametrize(
    "message",
    [
        MENU,
        LONG_MENU,
        OutboundMessage(text="Which?", choices=(Choice(key="a", title="A", description="the first"),), screen="s"),
        OutboundMessage(text="Which?", choices=(Choice(key="a", title="A", section="All"),), screen="s"),
    ],
)
def test_a_screen_has_buttons_exactly_when_whatsapp_would_show_buttons(message: OutboundMessage) -> None:
    interactive = render(peer(TAPIWA), message, "r")["interactive"]
    assert isinstance(interactive, dict)
    assert (kind_of(message) is Kind.BUTTONS) == (interactive["type"] == "button")


def test_only_a_list_has_a_menu_button() -> None:
    assert screen(LONG_MENU).menu == "Show all"
    assert screen(MENU).menu == ""


def test_a_template_says_its_name_and_its_words() -> None:
    saying = screen(OutboundMessage(text="", template="offer_received", parameters=("Rudo", "USD 5.00")))
    assert (saying.template, saying.text) == ("offer_received", "Rudo · USD 5.00")


def test_marks_that_reorder_text_do_not_reach_the_screen() -> None:
    assert screen(OutboundMessage(text="pay \u202e05.21\x1b[2J")).text == "pay 05.21[2J"


@pytest.mark.parametrize("typed", ["263771234567", "+263 77 123 4567", "(263) 77-123.4567", " 263771234567 "])
def test_a_number_is_read_however_it_is_written(typed: str) -> None:
    assert parse_phone(typed) == "263771234567"


@pytest.mark.parametrize("typed", ["", "0771234567", "26377", "2637712345678901", "26377123456x", "٢٦٣٧٧١٢٣٤٥٦٧"])
def test_what_is_no_international_number_is_not_read(typed: str) -> None:
    assert parse_phone(typed) is None
