"""How scripts are read and checked where they are played by text message."""

import pytest

from channels.sms.reserved import reserved
from tests.transcripts.facts import Listener, facts, missing
from tests.transcripts.screens import screen
from tests.transcripts.script import Types
from tests.transcripts.test_scenarios import SCENARIOS

TENDAI = Listener(("Tendai Moyo Personal", "Tendai Moyo"), ("tendai_00100",))
NOT_BY_SMS = {
    "4 help is answered at once": "its words belong to the carriers",
    "56 a picture, a voice note, a sticker and a place are each answered once": "a text message is nothing but text",
    "56b a picture in the middle of an offer keeps the place": "a text message is nothing but text",
    "58 a button from a conversation the server no longer knows": "there is nothing to tap",
    "59 delivery statuses are recorded and not answered": "that is how WhatsApp's webhooks go",
    "61 an unsigned or wrongly signed webhook does nothing": "that is how WhatsApp's webhooks go",
    "64.2 somebody who never wrote is told by a template": "there are no templates",
    "64.3 a day after a member's last word a template is what Meta allows": "there are no templates",
}


def test_every_scenario_but_these_is_played_by_text_message() -> None:
    assert {str(scenario): scenario.not_by_sms for scenario in SCENARIOS if scenario.not_by_sms} == NOT_BY_SMS


def test_no_member_types_a_carriers_word_by_text_message_but_to_see_that_it_picks_nothing() -> None:
    typed = {
        str(scenario): line.text
        for scenario in SCENARIOS
        for line in scenario.texted
        if isinstance(line, Types) and reserved(line.text) and not scenario.only_by_sms and not scenario.not_by_sms
    }
    assert typed == {}


@pytest.mark.parametrize(
    ("words", "shorter"),
    [
        ("You offered 5.00 USD to Rudo Moyo Personal (@rudo_00101)", "5.00 USD for Rudo Moyo Personal @rudo_00101"),
        ("From: Tendai Moyo Personal (@tendai_00100)", "from @tendai_00100"),
        ("due Sunday 4 Oct 2026", "due 4Oct"),
        ("To: Chamunorwa Moyo Personal", "to Chamunorwa Moyo Pe.."),
        ("Page 1 of 2 3 offers wait", "3 offers"),
    ],
)
def test_a_fact_may_be_told_in_a_shorter_form(words: str, shorter: str) -> None:
    assert missing((fact, shorter) for fact in facts(words, TENDAI)) == ""


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("You offered 5.00 USD", "5.00 ZWG"),
        ("You offered 5.00 USD", "15.00 USD"),
        ("5.00 USD to Rudo Moyo Personal", "to Rudo Moyo Personal: 5.00 USD"),
        ("To: Rudo Moyo Personal (@rudo_00101)", "to @rudo_00101"),
        ("To: Rudo Moyo Personal (@rudo_00101)", "to Rudo Moyo Personal @rudi"),
        ("due Sunday 4 Oct 2026", "due 14 Oct"),
        ("due Sunday 4 Oct 2026", "due 4 Nov"),
        ("3 offers wait", "13 offers wait"),
        ("3 offers wait", "3.50 offers wait"),
    ],
)
def test_a_fact_that_is_told_otherwise_is_missing(words: str, wrong: str) -> None:
    assert missing((fact, wrong) for fact in facts(words, TENDAI))


def test_a_menu_is_read_from_its_end_and_what_is_said_above_is_none_of_its_rows() -> None:
    shown = screen("2 offers wait\n1 offer is open\n1 Accept offers\n2 5.00 USD: from Rudo\n9 More\n0 Back")
    assert shown.rows == ("Accept offers", "5.00 USD: from Rudo")
    assert shown.bare.startswith("2 offers wait\n1 offer is open\n  Accept offers")
    assert shown.typed_for("Accept Offers", by_title=False) == "1"
    assert shown.typed_for("Accept Offers", by_title=True) == "Accept offers"
    assert shown.typed_for("5.00 USD", by_title=True) == "5.00 USD"
    assert shown.typed_for("Next", by_title=False) == "9"
    assert shown.typed_for("Back to Dashboard", by_title=True) == "0"
    assert shown.typed_for("Sign and Send", by_title=False) is None


def test_a_code_is_what_picks_the_choice_that_signs_and_no_other() -> None:
    shown = screen("5.00 USD\nTo sign reply PAY 0481\n0 Back")
    assert shown.typed_for("Sign and Send", by_title=True) == "PAY 0481"
    assert shown.typed_for("Cancel", by_title=True) == "0"
    assert shown.typed_for("Account Ledger", by_title=True) is None
