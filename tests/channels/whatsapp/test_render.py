"""Payloads within Meta's limits: each at its edge, and refused one beyond."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.channel import NotDeliverable
from channels.message import Choice, OutboundMessage, Peer
from channels.whatsapp.render import Json, RenderRefused, render

RUDO = Peer("whatsapp", "301234567890123", "263771000222")
HIDDEN = Peer("whatsapp", "301234567890123", "ZW.5512034987700001")


def say(message: OutboundMessage, peer: Peer = RUDO, reference: str = "ref-1") -> Json:
    return render(peer, message, reference)


def screen(*choices: Choice, text: str = "What now?", menu: str = "Options", nonce: str = "s1") -> OutboundMessage:
    return OutboundMessage(text=text, choices=choices, menu=menu, screen=nonce)


def choice(number: int = 1, /, **fields: str) -> Choice:
    return Choice(**{"key": f"k{number}", "title": f"Title {number}", **fields})  # type: ignore[arg-type]  # str fields only


def rows(count: int, **fields: str) -> tuple[Choice, ...]:
    return tuple(choice(number, **fields) for number in range(count))


def test_text_is_said_to_a_phone_number() -> None:
    assert say(OutboundMessage(text="Hello")) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "263771000222",
        "biz_opaque_callback_data": "ref-1",
        "type": "text",
        "text": {"body": "Hello", "preview_url": False},
    }


def test_a_person_who_hides_their_number_is_reached_by_user_id() -> None:
    payload = say(OutboundMessage(text="Hello"), HIDDEN)
    assert payload["recipient"] == "ZW.5512034987700001"
    assert "to" not in payload


def test_without_a_reference_none_is_attached() -> None:
    assert "biz_opaque_callback_data" not in say(OutboundMessage(text="Hello"), reference="")


def test_up_to_three_plain_choices_are_buttons() -> None:
    assert say(screen(choice(1, title="Yes"), choice(2, title="No")))["interactive"] == {
        "type": "button",
        "body": {"text": "What now?"},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "s1.k1", "title": "Yes"}},
                {"type": "reply", "reply": {"id": "s1.k2", "title": "No"}},
            ]
        },
    }


def test_three_choices_are_still_buttons_and_four_a_list() -> None:
    assert '"type": "button"' in json.dumps(say(screen(*rows(3))))
    assert '"type": "list"' in json.dumps(say(screen(*rows(4))))


def test_choices_with_a_description_are_a_list() -> None:
    assert say(screen(choice(1, title="USD account", description="12.50 USD"), choice(2)))["interactive"] == {
        "type": "list",
        "body": {"text": "What now?"},
        "action": {
            "button": "Options",
            "sections": [
                {
                    "rows": [
                        {"id": "s1.k1", "title": "USD account", "description": "12.50 USD"},
                        {"id": "s1.k2", "title": "Title 2"},
                    ]
                }
            ],
        },
    }


def test_more_than_three_choices_are_a_list_in_their_sections() -> None:
    offers = choice(1, section="Offers"), choice(2, section="Offers")
    account = choice(3, section="Account"), choice(4, section="Account")
    interactive = say(screen(*offers, *account))["interactive"]
    assert isinstance(interactive, dict)
    sections = interactive["action"]["sections"]
    assert [(section["title"], [row["id"] for row in section["rows"]]) for section in sections] == [
        ("Offers", ["s1.k1", "s1.k2"]),
        ("Account", ["s1.k3", "s1.k4"]),
    ]


def test_without_a_screen_the_key_alone_comes_back() -> None:
    assert '"id": "k1"' in json.dumps(say(screen(choice(), nonce="")))


def test_a_template_is_filled_with_its_parameters() -> None:
    message = OutboundMessage(text="as text", template="incoming_notification", parameters=("Rudo", "one\n two"))
    payload = say(message)
    assert payload["type"] == "template"
    assert payload["template"] == {
        "name": "incoming_notification",
        "language": {"code": "en_US"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Rudo"}, {"type": "text", "text": "one two"}]}
        ],
    }


def test_a_template_without_parameters_has_no_components() -> None:
    payload = say(OutboundMessage(text="", template="hello"))
    assert payload["template"] == {"name": "hello", "language": {"code": "en_US"}}


FITS = {
    "text of 4096": OutboundMessage(text="a" * 4096),
    "text of 2048 emoji": OutboundMessage(text="👍" * 2048),
    "body of 1024": screen(choice(), text="a" * 1024),
    "button title of 20": screen(choice(title="a" * 20)),
    "button title of 10 emoji": screen(choice(title="👍" * 10)),
    "button id of 256": screen(choice(key="k" * 253)),
    "three buttons": screen(*rows(3)),
    "ten rows": screen(*rows(10)),
    "row title of 24": screen(*rows(3), choice(9, title="a" * 24)),
    "row id of 200": screen(*rows(3), choice(9, key="k" * 197)),
    "equal row titles": screen(*rows(4, title="Rudo")),
    "description of 72": screen(choice(description="a" * 72)),
    "section title of 24": screen(*rows(4, section="a" * 24)),
    "ten sections": screen(*(choice(number, section=f"S{number}") for number in range(10))),
    "menu label of 20": screen(*rows(4), menu="a" * 20),
    "parameters of 1024": OutboundMessage(text="", template="t", parameters=("a" * 1000, "b" * 24)),
}

REFUSED = {
    "text of 4097": OutboundMessage(text="a" * 4097),
    "text of 2049 emoji": OutboundMessage(text="👍" * 2049),
    "empty text": OutboundMessage(text=""),
    "blank text": OutboundMessage(text=" \u200b\n\u202e"),
    "body of 1025": screen(choice(), text="a" * 1025),
    "empty body": screen(choice(), text=" "),
    "button title of 21": screen(choice(title="a" * 21)),
    "button title of 11 emoji": screen(choice(title="👍" * 11)),
    "empty button title": screen(choice(title="\u202e ")),
    "equal button titles": screen(choice(1, title="Yes"), choice(2, title=" Yes")),
    "button id of 257": screen(choice(key="k" * 254)),
    "equal ids": screen(choice(1), choice(1, title="Other")),
    "an id that is not ASCII": screen(choice(key="ké")),
    "an id with blank ends": screen(choice(key="k ")),
    "an empty id": screen(choice(key=""), nonce=""),
    "eleven rows": screen(*rows(11)),
    "row title of 25": screen(*rows(3), choice(9, title="a" * 25)),
    "empty row title": screen(*rows(3), choice(9, title="")),
    "row id of 201": screen(*rows(3), choice(9, key="k" * 198)),
    "equal row ids": screen(*rows(3), choice(2)),
    "description of 73": screen(choice(description="a" * 73)),
    "section title of 25": screen(*rows(4, section="a" * 25)),
    "a section without title beside another": screen(*rows(3, section="A"), choice(9)),
    "menu label of 21": screen(*rows(4), menu="a" * 21),
    "empty menu label": screen(*rows(4), menu=""),
    "an empty parameter": OutboundMessage(text="", template="t", parameters=("a", " ")),
    "parameters of 1025": OutboundMessage(text="", template="t", parameters=("a" * 1000, "b" * 25)),
}


@pytest.mark.parametrize("message", FITS.values(), ids=FITS.keys())
def test_what_is_at_a_limit_is_rendered(message: OutboundMessage) -> None:
    say(message)


@pytest.mark.parametrize("message", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_beyond_a_limit_is_refused(message: OutboundMessage) -> None:
    with pytest.raises(RenderRefused):
        say(message)


def test_a_reference_may_have_512_bytes() -> None:
    say(OutboundMessage(text="Hello"), reference="é" * 256)
    with pytest.raises(RenderRefused):
        say(OutboundMessage(text="Hello"), reference="é" * 256 + "a")


def test_a_peer_who_is_neither_number_nor_user_id_is_refused() -> None:
    with pytest.raises(RenderRefused):
        say(OutboundMessage(text="Hello"), Peer("whatsapp", "1", "rudo"))


def test_a_refusal_is_final_and_repeats_no_words() -> None:
    with pytest.raises(NotDeliverable) as refused:
        say(screen(choice(title="a private name too long to show")))
    assert str(refused.value) == "31 characters in button title, at most 20"


@pytest.mark.parametrize("where", ["text", "title", "description", "section", "menu"])
def test_nothing_rendered_can_reorder_what_is_around_it(where: str) -> None:
    evil = "\u202eRudo\u2066\x07"
    plain = {"title": "Rudo", "description": "Rudo", "section": "Rudo"}
    fields = plain | ({where: evil} if where in plain else {})
    message = screen(choice(**fields), text=evil if where == "text" else "T", menu=evil if where == "menu" else "M")
    rendered = json.dumps(say(message), ensure_ascii=False)
    assert not set("\u202e\u2066\x07") & set(rendered)
    assert "Rudo" in rendered


@given(st.builds(Choice, key=st.text(), title=st.text(st.characters()), description=st.text(), section=st.text()))
def test_a_screen_is_rendered_or_refused_and_never_breaks(one: Choice) -> None:
    for message in (screen(one), screen(*rows(3), one), screen(*rows(9), one)):
        try:
            payload = say(message)
        except RenderRefused:
            continue
        json.dumps(payload, ensure_ascii=False).encode()
