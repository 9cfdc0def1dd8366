"""What went wrong with money in the chat server before this one, and the tests that would see it here.

A defect named here is held off by every test beside it; a test that is renamed must be renamed here too.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MOVES = "tests/promises/test_money_moves_once.py"
SETTLES = "tests/promises/test_money_is_settled.py"
ANY_STATE = "tests/actors/dialogs/test_any_state.py"
WIRE = "tests/channels/whatsapp/test_wire.py"

DEFECTS = {
    "1: one webhook delivered several times in parallel made several offers": (
        (MOVES, "test_the_same_webhook_eight_times_in_parallel_makes_one_offer"),
        (MOVES, "test_two_taps_on_one_button_make_one_offer"),
    ),
    "2: any word while an offer was on its way sent it again": (
        (MOVES, "test_words_while_the_offer_is_being_sent_are_answered_and_send_nothing"),
        (SETTLES, "test_while_it_is_found_out_the_member_is_answered_and_can_look_but_not_sign"),
        (ANY_STATE, "test_while_a_command_is_under_way_no_second_one_starts"),
    ),
    "3: an offer without an answer in time was sent three times, then again by the next word": (
        (SETTLES, "test_an_offer_that_was_made_is_found_and_told_and_is_there_once"),
        (SETTLES, "test_an_offer_that_was_not_made_is_told_and_sent_again_only_when_signed_again"),
        ("tests/actors/test_payments.py", "test_nothing_that_was_sent_is_ever_to_be_sent_again"),
    ),
    "6: consent was not checked where money moved, and a failure wiped the conversation": (
        (ANY_STATE, "test_money_moves_only_from_a_signing_screen_by_its_own_confirm_choice"),
        (MOVES, "test_a_tap_on_an_old_confirm_button_moves_nothing"),
        (SETTLES, "test_the_trail_tells_which_screen_was_signed_by_which_tap_and_holds_no_text"),
        (ANY_STATE, "test_any_outcome_in_any_state_is_taken"),
    ),
    "7: silence after a first word, an expired session, blank text, media and exceptions": (
        (ANY_STATE, "test_any_message_in_any_state_is_answered"),
        (ANY_STATE, "test_any_state_can_be_recovered_from"),
        (ANY_STATE, "test_what_became_of_a_payment_is_told_in_any_state_and_moves_no_money"),
    ),
    "8: a login that failed was repeated for ever": (
        ("tests/promises/test_bad_input.py", "test_credex_core_down_is_said_within_seconds_without_a_loop"),
        (SETTLES, "test_a_ledger_out_of_reach_for_long_parks_the_payment_and_keeps_nobody_from_the_next"),
    ),
    "11: of several messages in one webhook only the first was read": (
        (WIRE, "test_a_thousand_messages_in_one_body_are_all_read"),
        ("tests/runtime/test_intake.py", "test_messages_reports_and_letters_of_one_delivery_are_all_stored"),
    ),
    "12: messages out of order and long past were acted on": (
        (WIRE, "test_messages_come_in_the_order_they_were_sent_over_the_whole_body"),
        ("tests/actors/dialogs/test_frame.py", "test_a_message_that_arrives_late_is_not_acted_on"),
        (
            "tests/actors/dialogs/test_offer.py",
            "test_a_number_written_before_the_confirmation_was_shown_does_not_sign_it",
        ),
    ),
    "13: requests that overlapped overwrote each other": (
        ("tests/promises/test_order_and_recovery.py", "test_two_hundred_members_at_once_with_twenty_messages_each"),
        ("tests/actors/test_member.py", "test_while_a_payment_is_open_nothing_is_signed_on_any_channel"),
    ),
}


@pytest.mark.parametrize(("path", "name"), [test for tests in DEFECTS.values() for test in tests])
def test_a_defect_is_held_off_by_a_test_that_is_there(path: str, name: str) -> None:
    module = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {one.name for one in module.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
