"""Sentences in two lengths: both are kept through all that a dialog does with them."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.dialogs import briefs, texts
from actors.dialogs.states import AnyState
from actors.dialogs.words import Words, both, brief, full, joined, pair, places
from tests.actors.dialogs import strategies
from tests.actors.dialogs.test_any_state import many
from tests.actors.dialogs.test_texts_fit import found

words = st.text("abc {}", max_size=8).map(lambda text: text.replace("{", "").replace("}", ""))
sentences = st.builds(both, words, words) | words


def named(module: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in module.items() if name.isupper()}


OTHER = {"ROWS", "BARE_SECTIONS", "SHORT_PLACES", "HINTS"}


def test_every_brief_form_is_of_a_sentence_there_is_and_fills_in_no_more_than_it() -> None:
    for name, shorter in named(vars(briefs)).items():
        if name in OTHER:
            continue
        whole = getattr(texts, name, None)
        assert whole is not None, f"{name} of briefs.py is not in texts.py"
        pairs = [(whole, shorter)]
        if isinstance(shorter, Mapping):
            pairs = [(whole[key], each) for key, each in shorter.items()]
        for known, brought in pairs:
            assert places(brought) <= places(known), name
            assert brief(known) == brought
            assert len(brought) <= len(known), f"{name} is longer in brief"


def test_rows_sections_and_hints_are_named_as_they_are() -> None:
    assert {*briefs.ROWS, *briefs.BARE_SECTIONS, *briefs.HINTS} <= set(vars(texts))
    rows = [row.casefold() for row in briefs.ROWS.values()]
    assert len(rows) == len(set(rows))


def test_every_sentence_with_a_place_for_what_has_a_brief_form_keeps_it() -> None:
    for name, text in found():
        if places(text) & briefs.SHORT_PLACES and name not in briefs.HINTS and not name.startswith("_"):
            assert isinstance(text, Words), name
    assert set().union(*(places(text) for _, text in found())) >= briefs.SHORT_PLACES


def test_brief_forms_are_plain_and_know_nothing_of_buttons() -> None:
    for _, text in found():
        assert not re.search(r"\b(tap|button|row)s?\b", brief(text), re.IGNORECASE), text
        assert brief(text).isascii()
        assert not set("*~`[]^|\\") & set(brief(text))
        assert "!" not in brief(text)


@given(sentences, sentences, words)
def test_both_forms_are_kept_by_filling_in_and_by_joining_however_deep(one: str, other: str, plain: str) -> None:
    frame = both("full {a}, {b} and {c}", "brief {b} {a}")
    filled = frame.format(a=one, b=other, c=plain)
    assert filled == f"full {one}, {other} and {plain}"
    assert brief(filled) == f"brief {brief(other)} {brief(one)}"
    nested = both("({a})", "<{a}>").format(a=filled)
    assert (nested, brief(nested)) == (f"({filled})", f"<{brief(filled)}>")
    lines = joined("\n", (one, nested, plain))
    assert lines == "\n".join(filter(None, (one, nested, plain)))
    assert brief(lines) == "\n".join(filter(None, (brief(one), brief(nested), plain)))


@given(st.lists(words))
def test_plain_strings_joined_are_a_plain_string(parts: list[str]) -> None:
    assert type(joined(" ", parts)) is str


@given(sentences)
def test_what_is_kept_is_a_plain_string(text: str) -> None:
    assert type(full(text)) is str
    assert type(brief(text)) is str
    assert full(text) == text
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(full(text))) == text


def test_what_is_put_together_in_any_other_way_is_its_own_brief_form() -> None:
    text = both("A long one", "Short")
    assert brief(f"{text}.") == "A long one."
    assert brief("-".join([text] * 2)) == "A long one-A long one"


def test_the_brief_form_is_worked_out_only_when_asked_for() -> None:
    asked = []
    text = joined(" ", (Words("full", lambda: asked.append("asked") or "brief"), "rest")).format()  # type: ignore[func-returns-value] # that is the trick
    assert (text, asked) == ("full rest", [])
    assert (brief(text), asked) == ("brief rest", ["asked"])


def test_sentences_are_paired_by_name_and_key_and_the_rest_is_left_alone() -> None:
    module: dict[str, object] = {
        "ONE": "The first {account}.",
        "TABLE": {1: "One.", 2: "Two {account}."},
        "SAME": "With {account}.",
        "HINT": "to {account}",
        "PLAIN": "Nothing to fill in.",
        "NUMBERS": {1: 2},
        "private": "x {account}",
    }
    pair(
        module,
        {
            "ONE": "First.",
            "TABLE": {1: ""},
            "ABSENT": "Never.",
            "SHORT_PLACES": frozenset({"account"}),
            "HINTS": {"HINT"},
        },
    )
    account = both("Rudo (@rudo)", "@rudo")
    assert module["ONE"] == "The first {account}."
    assert brief(module["ONE"]) == "First."
    assert brief(module["TABLE"][1]) == ""  # type: ignore[index] # a mapping
    assert brief(module["TABLE"][2].format(account=account)) == "Two @rudo."  # type: ignore[index] # a mapping
    assert brief(module["SAME"].format(account=account)) == "With @rudo."  # type: ignore[attr-defined] # texts
    assert all(type(module[name]) is str for name in ("HINT", "PLAIN", "private"))
    assert module["NUMBERS"] == {1: 2}
    assert "ABSENT" not in module


@given(strategies.states)
@many
def test_titles_descriptions_sections_and_menus_are_plain_strings_for_a_channel_to_take(state: AnyState) -> None:
    prompt = state.prompt()
    assert all(
        type(said) is str for choice in prompt.choices for said in (choice.title, choice.description, choice.section)
    )
    msgspec.msgpack.encode(msgspec.structs.replace(prompt, text=full(prompt.text)))


def test_a_word_in_two_lengths_cannot_be_stored_by_mistake() -> None:
    with pytest.raises(TypeError):
        msgspec.msgpack.encode(both("a", "b"))
